//! Queues' statistics: asked for at their interval, and what is told of them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use floor::{CtiInput, QueueId};
use ged188::message::{FailureConf, NULL_ID, QuerySkillGroupStatisticsConf, QuerySkillGroupStatisticsReq};
use ged188::{Message, Status};
use peer::{Floor, Peer, Session, config};
use std::time::Duration;

async fn asked(session: &mut Session) -> QuerySkillGroupStatisticsReq {
    match session.request().await {
        Message::QuerySkillGroupStatisticsReq(request) => *request,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_queue_is_asked_for_in_turn_and_told_as_far_as_it_is_known() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.queues = [QueueId(7), QueueId(8)].into();
    settings.queue_interval = Duration::from_millis(100);
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;

    let first = asked(&mut session).await;
    assert_eq!((first.skill_group_number, first.skill_group_id), (7, NULL_ID));
    session
        .send(QuerySkillGroupStatisticsConf {
            invoke_id: first.invoke_id,
            skill_group_number: 7,
            router_calls_q_now: 3,
            longest_router_call_q_now: 95,
            agents_ready: 2,
            agents_busy_other: NULL_ID,
            ..QuerySkillGroupStatisticsConf::default()
        })
        .await;
    let CtiInput::Queue(report) = floor.input().await else { panic!("not a queue") };
    assert_eq!((report.queue, report.longest_wait_secs), (QueueId(7), Some(95)));
    assert_eq!((report.counts.calls, report.counts.ready), (Some(3), Some(2)));
    assert_eq!(report.counts.busy_other, None, "a count that the server does not have");

    // one that the server does not know is no harm: the next round comes
    let second = asked(&mut session).await;
    assert_eq!(second.skill_group_number, 8);
    session.send(FailureConf::new(second.invoke_id, Status(72))).await;
    assert_eq!(asked(&mut session).await.skill_group_number, 7);
}

#[tokio::test]
async fn more_queues_than_may_wait_at_once_are_asked_for_as_answers_come() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    let queues = u32::try_from(ged188::limits::REQUESTS_MAX).unwrap() + 50;
    settings.queues = (1..=queues).map(QueueId).collect();
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    for number in 1..=queues {
        let request = asked(&mut session).await;
        assert_eq!(request.skill_group_number, number);
        session
            .send(QuerySkillGroupStatisticsConf { invoke_id: request.invoke_id, ..Default::default() })
            .await;
        assert!(matches!(floor.input().await, CtiInput::Queue(report) if report.queue == QueueId(number)));
    }
}

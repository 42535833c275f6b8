//! Queues.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use floor::{CtiInput, QueueCounts, QueueId, QueueProfile, QueueReport, TeamId};
use http::StatusCode;
use service::Service;

async fn with_queues() -> Service {
    let service = Service::open().await;
    let told = service.floor.call(|floor, now| {
        let queue = |id, name: &str, teams: &[u32]| QueueProfile {
            id: QueueId(id),
            name: name.into(),
            teams: teams.iter().copied().map(TeamId).collect(),
        };
        floor.set_queues([queue(1, "Support & sales", &[]), queue(2, "Nobody's", &[99])]);
        let counts = QueueCounts { calls: Some(3), ready: Some(1), ..QueueCounts::default() };
        let queue = QueueId(1);
        floor.handle_cti(now, CtiInput::Queue(QueueReport { queue, counts, longest_wait_secs: Some(5) }));
    });
    told.await.unwrap();
    service
}

#[tokio::test]
async fn a_queue_is_shown_with_what_is_known_of_it() {
    let service = with_queues().await;
    let answer = service.get("11", "/finesse/api/Queue/1").await;
    assert_eq!(answer.status, StatusCode::OK);
    let start = "<Queue><uri>/finesse/api/Queue/1</uri><name>Support &amp; sales</name><statistics><callsInQueue>3</callsInQueue><startTimeOfLongestCallInQueue>20";
    assert!(answer.body.starts_with(start), "{}", answer.body);
    let rest = "<agentsReady>1</agentsReady><agentsNotReady>-1</agentsNotReady>";
    assert!(answer.body.contains(rest), "{}", answer.body);
    assert_eq!(service.get("11", "/finesse/api/Queue/99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.get("11", "/finesse/api/Queue/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_agent_has_the_queues_of_the_team_and_sees_nobody_elses() {
    let service = with_queues().await;
    let own = service.get("11", "/finesse/api/User/11/Queues").await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(own.body.starts_with("<Queues><Queue>"), "{}", own.body);
    assert_eq!(own.body.matches("<Queue>").count(), 1);
    assert_eq!(service.get("12", "/finesse/api/User/11/Queues").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_queues_the_list_has_both_tags() {
    let service = Service::open().await;
    assert_eq!(service.get("11", "/finesse/api/User/11/Queues").await.body, "<Queues></Queues>");
}

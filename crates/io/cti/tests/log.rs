//! What an operator reads.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use floor::{CtiFailure, CtiInput};
use ged188::message::{AgentStateEvent, EndCallEvent, OpenConf, SetAgentStateConf};
use ged188::{Dialect, Message, Services};
use peer::log::captured;
use peer::{Floor, Peer, V24, config, confirm, ready};
use std::time::Duration;

/// A message of 24 with this much of its body, and a length that says so.
fn cut(message: impl Into<Message>, body_bytes: usize) -> Vec<u8> {
    let mut bytes = message.into().encode(V24).unwrap().to_vec();
    bytes.resize(8 + body_bytes, 0);
    bytes[..4].copy_from_slice(&u32::try_from(body_bytes).unwrap().to_be_bytes());
    bytes
}

/// A message of 24 whose only floating field, behind a fixed part of this many bytes, is longer than the message.
fn overrunning(message: impl Into<Message>, fixed_bytes: usize) -> Vec<u8> {
    let mut bytes = message.into().encode(V24).unwrap().to_vec();
    bytes[8 + fixed_bytes + 2..8 + fixed_bytes + 4].copy_from_slice(&[0x7F, 0xFF]);
    bytes
}

#[tokio::test]
async fn what_a_server_gets_wrong_makes_one_line_a_kind_however_often_it_comes() {
    let event = AgentStateEvent { mrd_id: 1, agent_id: Some("1001004".into()), ..AgentStateEvent::default() };
    let end = EndCallEvent { connection_call_id: 1, ..EndCallEvent::default() };
    let unasked = Message::from(SetAgentStateConf { invoke_id: 4_000, ..SetAgentStateConf::default() });
    let cases = [
        (cut(end, 2), "broken message"),
        (overrunning(event.clone(), 62), "broken message"),
        (unasked.encode(V24).unwrap().to_vec(), "what nobody asked for"),
    ];
    for (bytes, expected) in cases {
        let (log, _guard) = captured();
        let peer = Peer::new().await;
        let mut floor = Floor::start(config(&[&peer.address()]));
        let mut session = peer.accept_and_open().await;
        floor.expect_up().await;
        for _ in 0..3 {
            session.send_bytes(&bytes).await;
        }
        // it is read after them
        session.send(event.clone()).await;
        assert!(matches!(floor.input().await, CtiInput::AgentState(_)));
        let text = log.text();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(expected)).collect();
        assert_eq!(lines.len(), 1, "{expected}: {text}");
        assert!(lines[0].contains("WARN") && lines[0].contains(&peer.address()), "{text}");
    }
}

#[tokio::test]
async fn a_frame_that_is_too_long_makes_one_line_that_names_the_peer_and_what_was_expected() {
    let (log, _guard) = captured();
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.client_password = "opensesame".into();
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    session.send_bytes(&[0x7F; 100]).await;
    floor.expect_down().await;

    let text = log.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("longest allowed is 12500")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(lines[0].contains("ERROR") && lines[0].contains(&peer.address()), "{text}");
    assert!(!text.contains("opensesame"), "{text}");
}

#[tokio::test]
async fn an_answer_in_another_version_makes_one_line_that_names_both() {
    let (log, _guard) = captured();
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept().await;
    let open = session.expect_open().await;
    let mut session = session.speaking(Dialect::cce(18));
    session.send(OpenConf { services: Services(0), ..confirm(&open) }).await;
    session.expect_end().await;
    let mut session = peer.accept().await.speaking(Dialect::cce(18));
    let open = session.expect_open().await;
    session.send(confirm(&open)).await;
    floor.input().await;

    let text = log.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(&peer.address())).collect();
    let of_answer: Vec<&&str> =
        lines.iter().filter(|line| line.contains("answered as version 18 does, 24 was")).collect();
    assert_eq!(of_answer.len(), 1, "{text}");
    assert!(of_answer[0].contains("a lower version is tried") && of_answer[0].contains("next=18"), "{text}");
    assert!(!text.contains("broken message"), "{text}");
}

#[tokio::test]
async fn answers_that_come_too_late_make_one_line_however_many_there_are() {
    let (log, _guard) = captured();
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.request_timeout = Duration::from_millis(50);
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    for token in 1..=3 {
        floor.order(ready(token)).await;
        let Message::SetAgentStateReq(request) = session.request().await else { panic!() };
        let CtiInput::Failed { failure: CtiFailure::TimedOut, .. } = floor.input().await else { panic!() };
        session.send(SetAgentStateConf::new(request.invoke_id)).await;
    }
    // it is read after them
    session
        .send(AgentStateEvent { mrd_id: 1, agent_id: Some("1001004".into()), ..AgentStateEvent::default() })
        .await;
    assert!(matches!(floor.input().await, CtiInput::AgentState(_)));
    let lines = log.lines("came after its request had timed out");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("WARN") && lines[0].contains("SET_AGENT_STATE_CONF (39)"), "{lines:?}");
    assert!(lines[0].contains(&peer.address()), "{lines:?}");
}

#[tokio::test]
async fn a_message_cut_off_by_the_end_makes_one_line() {
    let (log, _guard) = captured();
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    let event = Message::from(AgentStateEvent::default()).encode(V24).unwrap();
    session.send_bytes(&event[..event.len() / 2]).await;
    drop(session);
    floor.expect_down().await;
    let lines = log.lines("in the middle of a message");
    assert_eq!(lines.len(), 1, "{}", log.text());
    assert!(lines[0].contains("ERROR") && lines[0].contains("CTI link lost"), "{lines:?}");
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_makes_one_line_an_attempt() {
    let (log, _guard) = captured();
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.open_timeout = Duration::from_millis(20);
    let _floor = Floor::start(settings);
    for attempt in 1..=3 {
        let silent = peer.accept().await;
        let lines = log.wait_for("CTI session did not open", attempt).await;
        assert_eq!(lines.len(), attempt, "{}", log.text());
        let last = &lines[attempt - 1];
        assert!(last.contains("ERROR") && last.contains(&peer.address()), "{last}");
        assert!(last.contains("OPEN_CONF did not come within 0.02 s"), "{last}");
        silent.expect_end().await;
    }
}

//! What a CTI server may get wrong, and what follows: the link goes on or ends, with one clear line, and is right again
//! after it has come back.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use floor::{CtiFailure, CtiInput, State, Token};
use ged188::message::{
    AgentStateEvent, BeginCallEvent, EndCallEvent, FailureConf, OpenConf, QueryAgentStateConf,
    SetAgentStateConf,
};
use ged188::{AgentState, Message, Services, Status};
use peer::{Floor, Peer, Session, V24, config, query, ready, within};
use std::time::Duration;

fn event(state: AgentState) -> AgentStateEvent {
    AgentStateEvent { agent_state: state, mrd_id: 1, agent_id: Some("1001004".into()), ..Default::default() }
}

async fn opened() -> (Floor, Session, Peer) {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let session = peer.accept_and_open().await;
    floor.expect_up().await;
    (floor, session, peer)
}

/// The link is alive and its floor hears of the agent.
async fn goes_on(floor: &mut Floor, session: &mut Session) {
    session.send(event(AgentState::AVAILABLE)).await;
    match floor.input().await {
        CtiInput::AgentState(report) => assert_eq!(report.state, State::Ready),
        other => panic!("{other:?}"),
    }
}

/// A message with this much of its body, and a length that says so.
fn cut(message: impl Into<Message>, body_bytes: usize) -> Vec<u8> {
    let mut bytes = message.into().encode(V24).unwrap().to_vec();
    bytes.resize(8 + body_bytes, 0);
    bytes[..4].copy_from_slice(&u32::try_from(body_bytes).unwrap().to_be_bytes());
    bytes
}

#[tokio::test]
async fn fixed_parts_that_are_too_short_are_skipped_and_counted() {
    let (mut floor, mut session, _peer) = opened().await;
    for body_bytes in [0, 1, 3, 20, 40] {
        session.send_bytes(&cut(event(AgentState::NOT_READY), body_bytes)).await;
    }
    goes_on(&mut floor, &mut session).await;
    assert_eq!(floor.metric("aplomb_cti_malformed_messages_total "), 5);
}

#[tokio::test]
async fn floating_lengths_past_the_end_are_skipped_and_counted() {
    let (mut floor, mut session, _peer) = opened().await;
    for length in [0x00FF_u16, 0x7FFF, 0xFFFF] {
        let mut bytes = Message::from(event(AgentState::NOT_READY)).encode(V24).unwrap().to_vec();
        // the length of the only floating field: its tag stands behind the fixed part of 62 bytes
        bytes[8 + 62 + 2..8 + 62 + 4].copy_from_slice(&length.to_be_bytes());
        session.send_bytes(&bytes).await;
    }
    goes_on(&mut floor, &mut session).await;
    assert_eq!(floor.metric("aplomb_cti_malformed_messages_total "), 3);
}

#[tokio::test]
async fn a_longer_fixed_part_than_the_version_has_loses_neither_link_nor_floor() {
    let (mut floor, mut session, _peer) = opened().await;
    let body_bytes = Message::from(event(AgentState::NOT_READY)).encode(V24).unwrap().len() - 8;
    session.send_bytes(&cut(event(AgentState::NOT_READY), body_bytes + 6)).await;
    // what can be read of it may be told; what follows is read in any case
    session.send(event(AgentState::AVAILABLE)).await;
    loop {
        match floor.input().await {
            CtiInput::AgentState(report) if report.state == State::Ready => break,
            CtiInput::AgentState(report) => assert_eq!(report.state, State::NotReady),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_message_cut_off_by_the_end_is_named_and_the_state_is_asked_for_again() {
    let (mut floor, mut session, peer) = opened().await;
    let bytes = Message::from(event(AgentState::NOT_READY)).encode(V24).unwrap();
    session.send_bytes(&bytes[..bytes.len() / 2]).await;
    drop(session);
    assert_eq!(floor.expect_down().await, "the connection is gone, in the middle of a message");
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    floor.order(query(1)).await;
    let Message::QueryAgentStateReq(request) = session.request().await else { panic!() };
    let (invoke_id, agent_state) = (request.invoke_id, AgentState::TALKING);
    session.send(QueryAgentStateConf { invoke_id, agent_state, ..Default::default() }).await;
    let CtiInput::AgentState(report) = floor.input().await else { panic!() };
    assert_eq!((report.state, report.answers), (State::Talking, Some(Token(1))));
}

#[tokio::test]
async fn lengths_past_the_maximum_end_the_link() {
    for length in [12_493_u32, 1 << 24, u32::MAX] {
        let (mut floor, mut session, peer) = opened().await;
        session.send_bytes(&[&length.to_be_bytes()[..], &30_u32.to_be_bytes()].concat()).await;
        let reason = floor.expect_down().await;
        assert!(reason.contains(&format!("{} bytes", u64::from(length) + 8)), "{reason}");
        let mut session = peer.accept_and_open().await;
        floor.expect_up().await;
        goes_on(&mut floor, &mut session).await;
    }
}

#[tokio::test]
async fn answers_that_nobody_asked_for_change_nothing() {
    let (mut floor, mut session, _peer) = opened().await;
    session.send(SetAgentStateConf::new(4_711)).await;
    session.send(FailureConf::new(4_711, Status(10))).await;
    session.send(OpenConf { invoke_id: 1, services: Services(0), ..OpenConf::default() }).await;
    // of the right id but the wrong type: the request still waits for its own
    floor.order(ready(1)).await;
    let Message::SetAgentStateReq(request) = session.request().await else { panic!() };
    let invoke_id = request.invoke_id;
    session.send(QueryAgentStateConf { invoke_id, ..Default::default() }).await;
    session.send(SetAgentStateConf::new(invoke_id)).await;
    assert_eq!(floor.input().await, CtiInput::Confirmed { token: Token(1) });
    assert_eq!(floor.metric("aplomb_cti_unexpected_messages_total "), 4);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_not_taken_for_the_next_requests() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.request_timeout = Duration::from_millis(50);
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    floor.order(ready(1)).await;
    let Message::SetAgentStateReq(late) = session.request().await else { panic!() };
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(1), failure: CtiFailure::TimedOut });
    session.send(SetAgentStateConf::new(late.invoke_id)).await;
    goes_on(&mut floor, &mut session).await;
    assert_eq!(floor.metric("aplomb_cti_late_confirmations_total "), 1);
}

#[tokio::test]
async fn events_of_calls_and_agents_nobody_knows_are_passed_on_as_they_are() {
    let (mut floor, mut session, _peer) = opened().await;
    session.send(EndCallEvent { connection_call_id: 99, ..Default::default() }).await;
    let agent_id = Some("nobody".to_owned());
    session.send(AgentStateEvent { agent_id, ..event(AgentState::NOT_READY) }).await;
    assert!(matches!(floor.input().await, CtiInput::Call(_)));
    assert!(matches!(floor.input().await, CtiInput::AgentState(report) if report.agent.as_str() == "nobody"));
    goes_on(&mut floor, &mut session).await;
}

/// 20,000 call and agent events as fast as the socket takes them, heartbeats confirmed among them.
#[tokio::test]
async fn a_second_of_20_000_events_is_taken_whole_and_in_order() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.heartbeat = Duration::from_millis(200);
    // a busy machine answers late
    settings.heartbeat_misses_max = 50;
    let mut floor = Floor::with_mailbox(settings, 16);
    let session = peer.accept_and_open().await;
    floor.expect_up().await;
    let (mut beats, mut events) = session.split();
    let confirming = tokio::spawn(async move {
        loop {
            beats.expect_heartbeat().await;
        }
    });
    let flood = tokio::spawn(async move {
        for call in 0..10_000 {
            let ani = Some("5551000".to_owned());
            events.send(BeginCallEvent { connection_call_id: call, ani, ..Default::default() }).await;
            events.send(event(AgentState::TALKING)).await;
        }
        events
    });
    for call in 0..10_000 {
        let CtiInput::Call(begun) = floor.input().await else { panic!("call {call} expected") };
        assert_eq!(begun.connection.call.0, call);
        assert!(matches!(floor.input().await, CtiInput::AgentState(_)));
    }
    within("the flood", flood).await.unwrap();
    confirming.abort();
    assert_eq!(floor.metric("aplomb_cti_link_up "), 1);
}

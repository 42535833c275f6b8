//! The link against a scripted CTI server on loopback.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use aplomb_cti::Config;
use floor::{
    AgentStateReport, CtiCommand, CtiFailure, CtiInput, Place, PlaceReport, SetAgentState, State, Token,
};
use ged188::message::{
    AgentStateEvent, CloseConf, ControlFailureConf, FailureConf, FailureEvent, QueryAgentStateConf,
    SetAgentStateConf, Unknown,
};
use ged188::{AgentState, ControlFailure, Dialect, Message, Status};
use peer::{Floor, Peer, config, confirm, query, ready, within};
use std::time::Duration;

fn event(state: AgentState) -> AgentStateEvent {
    AgentStateEvent {
        agent_state: state,
        mrd_id: 1,
        agent_id: Some("1001004".into()),
        agent_extension: Some("2004".into()),
        ..AgentStateEvent::default()
    }
}

fn report(state: State) -> AgentStateReport {
    AgentStateReport {
        agent: "1001004".into(),
        extension: Some("2004".into()),
        place: PlaceReport::default(),
        state,
        reason: None,
        next: None,
        answers: None,
    }
}

#[tokio::test]
async fn a_session_opens_and_says_so() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept().await;
    let open = session.expect_open().await;
    assert_eq!((open.version, open.peripheral_id, open.services.0), (24, 5000, 0x96));
    assert_eq!(open.client_signature.as_deref(), Some("Finesse"));
    assert!(open.client_password.is_some(), "the password is required, even when it is empty");
    session.send(confirm(&open)).await;
    assert_eq!(
        floor.input().await,
        CtiInput::LinkUp { version: 24, peripheral_id: 5000, heartbeat_secs: 5, server: peer.address() }
    );
    assert_eq!(floor.metric("aplomb_cti_link_up "), 1);
}

#[tokio::test]
async fn orders_become_requests_and_their_outcomes_come_back() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;

    floor.order(ready(7)).await;
    let Message::SetAgentStateReq(request) = session.request().await else {
        panic!("not SET_AGENT_STATE_REQ")
    };
    assert_eq!(request.agent_state, AgentState::AVAILABLE);
    assert_eq!(
        (request.agent_id.as_deref(), request.agent_instrument.as_deref()),
        (Some("1001004"), Some("2004"))
    );
    session.send(SetAgentStateConf::new(request.invoke_id)).await;
    session.send(event(AgentState::AVAILABLE)).await;
    assert_eq!(floor.input().await, CtiInput::Confirmed { token: Token(7) });
    assert_eq!(floor.input().await, CtiInput::AgentState(report(State::Ready)));

    floor.order(ready(8)).await;
    let Message::SetAgentStateReq(request) = session.request().await else {
        panic!("not SET_AGENT_STATE_REQ")
    };
    session.send(ControlFailureConf::new(request.invoke_id, ControlFailure::RESOURCE_BUSY)).await;
    let failure = CtiFailure::Refused { code: 33, name: "CF_RESOURCE_BUSY", peripheral_error: 0 };
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(8), failure });

    floor.order(query(9)).await;
    let Message::QueryAgentStateReq(request) = session.request().await else {
        panic!("not QUERY_AGENT_STATE_REQ")
    };
    let conf = QueryAgentStateConf {
        invoke_id: request.invoke_id,
        agent_state: AgentState::NOT_READY,
        agent_extension: Some("2004".into()),
        ..QueryAgentStateConf::default()
    };
    session.send(conf).await;
    let answer = AgentStateReport { answers: Some(Token(9)), ..report(State::NotReady) };
    assert_eq!(floor.input().await, CtiInput::AgentState(answer));

    floor.order(query(10)).await;
    let Message::QueryAgentStateReq(request) = session.request().await else {
        panic!("not QUERY_AGENT_STATE_REQ")
    };
    session.send(FailureConf::new(request.invoke_id, Status::INVALID_AGENT_DATA)).await;
    let failure = CtiFailure::Refused { code: 8, name: "E_CTI_INVALID_AGENT_DATA", peripheral_error: 0 };
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(10), failure });
}

#[tokio::test]
async fn a_request_without_an_answer_times_out_and_the_link_stays() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.request_timeout = Duration::from_millis(50);
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    floor.order(ready(1)).await;
    session.request().await;
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(1), failure: CtiFailure::TimedOut });
    session.send(event(AgentState::TALKING)).await;
    assert_eq!(floor.input().await, CtiInput::AgentState(report(State::Talking)));
}

/// Left out, the calls would ring at another telephone than the agent has chosen.
#[tokio::test]
async fn a_chosen_telephone_is_sent_from_version_24_on_and_refused_before() {
    for (version, is_sent) in [(20, false), (23, false), (24, true)] {
        let peer = Peer::new().await;
        let mut floor = Floor::start(Config { version, ..config(&[&peer.address()]) });
        let mut session = peer.accept().await.speaking(Dialect::cce(version));
        let open = session.expect_open().await;
        session.send(confirm(&open)).await;
        floor.expect_up().await;
        let CtiCommand::SetAgentState(order) = ready(7) else { panic!("not an order") };
        let place = Place { mobile: None, terminal: Some("SEP01".into()) };
        floor.order(CtiCommand::SetAgentState(SetAgentState { place, state: State::Login, ..order })).await;
        if is_sent {
            let Message::SetAgentStateReq(request) = session.request().await else { panic!("not the order") };
            assert_eq!(request.active_terminal.as_deref(), Some("SEP01"));
        } else {
            let CtiInput::Failed { token: Token(7), failure: CtiFailure::Refused { name, .. } } =
                floor.input().await
            else {
                panic!("not refused")
            };
            assert_eq!(name, Status::INVALID_TAG_FOR_VERSION.name());
        }
    }
}

#[tokio::test]
async fn an_order_that_the_protocol_cannot_carry_fails_at_once() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
    let agent = "1001\u{0}004".into();
    floor.order(floor::CtiCommand::QueryAgentState { token: Token(5), agent }).await;
    let failure = CtiFailure::Refused { code: 62, name: "E_CTI_INVALID_CHARACTER", peripheral_error: 0 };
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(5), failure });
}

#[tokio::test]
async fn a_refused_version_is_tried_again() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept().await;
    let open = session.expect_open().await;
    session.send(FailureConf::new(open.invoke_id, Status::INVALID_VERSION)).await;
    session.expect_end().await;
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
    assert_eq!(floor.metric("aplomb_cti_reconnects_total "), 1);
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_given_up_and_tried_again() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.open_timeout = Duration::from_millis(500);
    let mut floor = Floor::start(settings);
    let mut session = peer.accept().await;
    session.expect_open().await;
    session.expect_end().await;
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
}

#[tokio::test]
async fn a_frame_of_a_mebibyte_ends_the_link_with_a_clear_word() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    session.send_bytes(&[0x00, 0x10, 0x00, 0x00, 0, 0, 0, 30]).await;
    assert_eq!(
        floor.expect_down().await,
        "the peer announces a message of 1048584 bytes, the longest allowed is 12500"
    );
    session.expect_end().await;
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
}

#[tokio::test]
async fn three_unconfirmed_heartbeats_end_the_link_and_it_comes_back() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.heartbeat = Duration::from_millis(200);
    let mut floor = Floor::start(settings);
    let session = peer.accept_and_open().await;
    floor.expect_up().await;
    session.expect_end().await;
    assert_eq!(floor.expect_down().await, "3 heartbeats unconfirmed");
    assert_eq!(floor.metric("aplomb_cti_heartbeats_missed_total "), 3);
    assert_eq!(floor.metric("aplomb_cti_link_up "), 0);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    for _ in 0..5 {
        let Some(Message::HeartbeatReq(beat)) = session.next().await else { panic!("not a heartbeat") };
        session.send(ged188::message::HeartbeatConf::new(beat.invoke_id)).await;
        // a machine that pauses confirms late: then one is missed, and its confirmation still comes
        let mut heard = CtiInput::HeartbeatMissed;
        while heard == CtiInput::HeartbeatMissed {
            heard = within("a heartbeat", floor.inputs.recv()).await.unwrap();
        }
        assert_eq!(heard, CtiInput::HeartbeatConfirmed);
    }
}

#[tokio::test]
async fn what_is_unknown_or_broken_is_skipped_and_counted() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    session.send(Message::Unknown(Unknown { kind: 199, body: "a task ends".into() })).await;
    session.send_bytes(b"\0\0\0\x03\0\0\0\x1eabc").await;
    let mut strange = event(AgentState::NOT_READY);
    strange.other.push(999, "new in version 30");
    session.send(strange).await;
    assert_eq!(floor.input().await, CtiInput::AgentState(report(State::NotReady)));
    for (metric, count) in [
        ("aplomb_cti_unknown_message_types_total ", 1),
        ("aplomb_cti_unknown_fields_total ", 1),
        ("aplomb_cti_malformed_messages_total ", 1),
    ] {
        assert_eq!(floor.metric(metric), count, "{metric}");
    }
    assert!(floor.metric(r#"aplomb_cti_frames_total{direction="in"} "#) >= 4);
}

#[tokio::test]
async fn characters_that_xml_forbids_do_not_pass() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    let dirty = AgentStateEvent { agent_extension: Some("20\u{1}4".into()), ..event(AgentState::NOT_READY) };
    session.send(dirty).await;
    let clean = AgentStateReport { extension: Some("20\u{FFFD}4".into()), ..report(State::NotReady) };
    assert_eq!(floor.input().await, CtiInput::AgentState(clean));
    let metric = r#"aplomb_forbidden_characters_total{source="cti",field="AgentExtension"} "#;
    assert_eq!(floor.metric(metric), 1);
}

#[tokio::test]
async fn a_closed_connection_fails_what_waits_and_the_link_comes_back() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    floor.order(ready(3)).await;
    session.request().await;
    drop(session);
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(3), failure: CtiFailure::LinkDown });
    assert_eq!(floor.expect_down().await, "the connection is gone");
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
}

#[tokio::test]
async fn a_failure_event_ends_the_session() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    session.send(FailureEvent::new(Status::CTI_SERVER_OFFLINE)).await;
    assert_eq!(
        floor.expect_down().await,
        "the server sent FAILURE_EVENT with status 15 (E_CTI_CTI_SERVER_OFFLINE)"
    );
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
}

#[tokio::test]
async fn orders_without_a_session_fail_at_once() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept().await;
    session.expect_open().await;
    floor.order(ready(1)).await;
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(1), failure: CtiFailure::LinkDown });

    let nowhere = Peer::new().await.address();
    let mut floor = Floor::start(config(&[&nowhere]));
    floor.order(ready(2)).await;
    assert_eq!(floor.input().await, CtiInput::Failed { token: Token(2), failure: CtiFailure::LinkDown });
}

#[tokio::test]
async fn the_other_side_is_tried_when_one_does_not_answer() {
    let gone = Peer::new().await.address();
    let side_b = Peer::new().await;
    let mut floor = Floor::start(config(&[&gone, &side_b.address()]));
    let session = side_b.accept_and_open().await;
    assert_eq!(floor.expect_up().await, side_b.address());
    drop(session);
    floor.expect_down().await;
    let _session = side_b.accept_and_open().await;
    floor.expect_up().await;
}

#[tokio::test]
async fn a_floor_that_is_slow_gets_everything_in_order_and_can_still_give_orders() {
    let peer = Peer::new().await;
    let mut floor = Floor::with_mailbox(config(&[&peer.address()]), 1);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    let events = 20_000_u16;
    let server = tokio::spawn(async move {
        for number in 0..events {
            let event = AgentStateEvent { event_reason_code: number + 1, ..event(AgentState::NOT_READY) };
            session.send(event).await;
        }
        session
    });
    // The mailbox is full and nobody reads; more orders than the command mailbox holds are still taken.
    for number in 0..3_000 {
        floor.order(query(number)).await;
    }
    let mut reasons = Vec::new();
    while reasons.len() < usize::from(events) {
        if let CtiInput::AgentState(report) = floor.input().await {
            reasons.push(report.reason.unwrap());
        }
    }
    assert!(reasons.iter().copied().eq(1..=events));
    let mut session = within("the server to have written all", server).await.unwrap();
    let Message::QueryAgentStateReq(_) = session.request().await else { panic!("not QUERY_AGENT_STATE_REQ") };
}

#[tokio::test]
async fn closing_says_good_bye_and_waits_for_the_answer() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    let Floor { link, mut inputs, .. } = floor;
    let closing = tokio::spawn(link.close());
    let Message::CloseReq(close) = session.request().await else { panic!("not CLOSE_REQ") };
    assert!(!closing.is_finished(), "it waits for the answer");
    session.send(CloseConf::new(close.invoke_id)).await;
    within("the link to close", closing).await.unwrap();
    let mut last = None;
    while let Some(input) = within("the end of the inputs", inputs.recv()).await {
        last = Some(input);
    }
    assert_eq!(last, Some(CtiInput::LinkDown { reason: "closed by us".into() }));
}

#[tokio::test]
async fn closing_does_not_wait_for_ever() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
    within("the link to close", floor.link.close()).await;
}

#[tokio::test]
async fn a_floor_that_is_gone_closes_the_link() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    drop(floor.inputs);
    session.send(event(AgentState::NOT_READY)).await;
    assert!(matches!(session.request().await, Message::CloseReq(_)));
}

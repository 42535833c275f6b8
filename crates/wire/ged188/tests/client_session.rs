//! A client's session, driven by a hand-made clock.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use ged188::client::{Client, Failure, Output, Reason, RequestError, Settings};
use ged188::message::{
    AgentStateEvent, CloseConf, ControlFailureConf, FailureConf, FailureEvent, FailureStatus, HeartbeatConf,
    OpenConf, OpenReq, QueryAgentStateConf, QueryAgentStateReq, SetAgentStateConf, SetAgentStateReq, Unknown,
};
use ged188::{ControlFailure, Deframer, Dialect, FrameError, Message, Secret, Status, limits};
use std::time::{Duration, Instant};

const V24: Dialect = Dialect::cce(24);

/// A session, the time, and what the server has read of it.
struct Scene {
    client: Client<&'static str>,
    now: Instant,
    deframer: Deframer,
}

type Outputs = Vec<Output<&'static str>>;

impl Scene {
    fn begin() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let open = OpenReq {
            client_id: Some("Finesse".into()),
            client_password: Some(Secret::default()),
            ..OpenReq::default()
        };
        let mut settings = Settings::new(V24, open);
        change(&mut settings);
        #[expect(clippy::disallowed_methods, reason = "somewhere a hand-made clock must begin")]
        let now = Instant::now();
        Self { client: Client::new(now, settings), now, deframer: Deframer::new(limits::MESSAGE_BYTES_MAX) }
    }

    fn open() -> Self {
        Self::begin().opened()
    }

    fn opened(mut self) -> Self {
        let sent = self.sent();
        assert!(matches!(sent[..], [Message::OpenReq(_)]), "{sent:?}");
        let outputs = self.receive(OpenConf { invoke_id: 1, ..OpenConf::default() });
        assert!(matches!(outputs[..], [Output::Opened(_)]), "{outputs:?}");
        self
    }

    fn outputs(&mut self) -> Outputs {
        std::iter::from_fn(|| self.client.poll_output()).collect()
    }

    /// What was sent since the last look, nothing else having happened.
    fn sent(&mut self) -> Vec<Message> {
        for output in self.outputs() {
            let Output::Send(bytes) = output else { panic!("not a message: {output:?}") };
            self.deframer.push(&bytes);
        }
        std::iter::from_fn(|| self.deframer.next_frame().unwrap())
            .map(|frame| Message::decode(&frame, V24).unwrap())
            .collect()
    }

    fn receive(&mut self, message: impl Into<Message>) -> Outputs {
        let bytes = message.into().encode(V24).unwrap();
        self.client.handle_bytes(self.now, &bytes);
        self.outputs()
    }

    /// Goes to the next deadline, which must be this far away.
    fn wait(&mut self, expected_secs: u64) {
        let deadline = self.client.poll_timeout().expect("a deadline");
        assert_eq!(deadline - self.now, Duration::from_secs(expected_secs));
        self.client.handle_timeout(deadline - Duration::from_nanos(1));
        assert_eq!(self.client.poll_timeout(), Some(deadline), "early calls do nothing");
        self.now = deadline;
        self.client.handle_timeout(deadline);
    }

    fn query(&mut self, tag: &'static str) -> Result<(), RequestError> {
        let request =
            QueryAgentStateReq { agent_id: Some("1001004".into()), ..QueryAgentStateReq::default() };
        self.client.request(self.now, tag, &request.into())
    }

    fn set(&mut self, tag: &'static str) -> u32 {
        self.client.request(self.now, tag, &SetAgentStateReq::default().into()).unwrap();
        match &self.sent()[..] {
            [Message::SetAgentStateReq(request)] => request.invoke_id,
            sent => panic!("{sent:?}"),
        }
    }
}

fn ended<'a>(outputs: &'a [Output<&'static str>]) -> &'a Reason {
    match outputs.last() {
        Some(Output::Ended(reason)) => reason,
        _ => panic!("the session did not end: {outputs:?}"),
    }
}

#[test]
fn a_session_opens_with_the_version_and_an_idle_timeout_of_four_heartbeats() {
    let mut scene = Scene::with(|settings| settings.heartbeat = Some(Duration::from_secs(30)));
    let Message::OpenReq(open) = &scene.sent()[0] else { panic!("OPEN_REQ comes first") };
    assert_eq!((open.version, open.idle_timeout_secs, open.invoke_id), (24, 120, 1));
    assert_eq!(scene.query("early"), Err(RequestError::NotOpen));

    let Message::OpenReq(short) = &Scene::begin().sent()[0] else { panic!("OPEN_REQ comes first") };
    assert_eq!(short.idle_timeout_secs, 20, "servers refuse less than 20 s");
    let Message::OpenReq(never) = &Scene::with(|settings| settings.heartbeat = None).sent()[0] else {
        panic!()
    };
    assert_eq!(never.idle_timeout_secs, OpenReq::NO_IDLE_TIMEOUT);
}

#[test]
fn a_refusal_ends_the_session_whatever_its_invoke_id() {
    for invoke_id in [1, 0] {
        let mut scene = Scene::begin();
        let _ = scene.sent();
        let outputs = scene.receive(FailureConf::new(invoke_id, Status::INVALID_VERSION));
        assert_eq!(*ended(&outputs), Reason::Refused(FailureStatus::Status(Status::INVALID_VERSION)));
        assert_eq!(
            ended(&outputs).to_string(),
            "the server refused OPEN_REQ with status 1 (E_CTI_INVALID_VERSION)"
        );
        assert!(ended(&outputs).wants_reset());
        assert_eq!(scene.client.poll_timeout(), None);
    }
}

/// OPEN_CONF as the version writes it, with fields or without.
fn answers(version: u32) -> [Vec<u8>; 2] {
    let bare = OpenConf { invoke_id: 1, ..OpenConf::default() };
    let full = OpenConf { num_peripherals: Some(1), peripheral_id: Some(5000), ..bare.clone() };
    [full, bare].map(|conf| Message::from(conf).encode(Dialect::cce(version)).unwrap().to_vec())
}

fn answered(asked: u32, bytes: &[u8]) -> Outputs {
    let mut scene = Scene::with(|settings| settings.dialect = Dialect::cce(asked));
    let _ = scene.outputs();
    scene.client.handle_bytes(scene.now, bytes);
    scene.outputs()
}

#[test]
fn an_answer_in_the_manner_of_another_version_ends_the_session_and_says_which() {
    for (asked, answer, like, without_fields) in [
        (24, 18, 18, true),
        (24, 9, 18, true),
        (25, 19, 19, false),
        (20, 19, 19, false),
        (18, 24, 24, true),
        (16, 21, 23, false),
    ] {
        let [full, bare] = answers(answer);
        let expected = Reason::AnsweredAs { answered: like, asked };
        assert_eq!(*ended(&answered(asked, &full)), expected);
        if without_fields {
            assert_eq!(*ended(&answered(asked, &bare)), expected);
        }
        assert!(expected.wants_reset());
        let text = format!("the server answered as version {like} does, {asked} was asked for");
        assert_eq!(expected.to_string(), text);
    }
}

/// Its one field is as long as the number that later versions have in its place.
#[test]
fn a_short_answer_of_an_older_version_is_not_taken_for_a_longer_fixed_part() {
    let conf = OpenConf { invoke_id: 1, num_peripherals: Some(0), ..OpenConf::default() };
    let bytes = Message::from(conf).encode(Dialect::cce(18)).unwrap();
    assert_eq!(*ended(&answered(24, &bytes)), Reason::AnsweredAs { answered: 18, asked: 24 });
}

/// Sources disagree about the fixed part of 19 and of 23; fields are read the same.
#[test]
fn an_answer_whose_fields_are_read_like_the_versions_own_opens_the_session() {
    for (asked, answer) in [(9, 9), (18, 18), (18, 19), (19, 18), (20, 23), (23, 24), (24, 23), (24, 25)] {
        for bytes in answers(answer) {
            let outputs = answered(asked, &bytes);
            assert!(matches!(outputs[..], [Output::Opened(_)]), "{asked}, {answer}: {outputs:?}");
        }
    }
}

#[test]
fn an_answer_that_no_version_has_ends_the_session() {
    for body_bytes in [4, 25] {
        let mut bytes = answers(24)[1][..8 + body_bytes].to_vec();
        bytes[..4].copy_from_slice(&u32::try_from(body_bytes).unwrap().to_be_bytes());
        let outputs = answered(24, &bytes);
        assert!(matches!(ended(&outputs), Reason::OpenConf(_)), "{outputs:?}");
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let mut scene = Scene::begin();
    let _ = scene.sent();
    scene.wait(30);
    assert_eq!(*ended(&scene.outputs()), Reason::OpenTimedOut(Duration::from_secs(30)));
}

#[test]
fn events_before_the_session_is_open_are_not_passed_on() {
    let mut scene = Scene::begin();
    let _ = scene.sent();
    assert_eq!(scene.receive(AgentStateEvent::default()), [Output::Unexpected { kind: 30 }]);
}

#[test]
fn heartbeats_go_out_every_interval_and_their_answers_are_reported() {
    let mut scene = Scene::open();
    for _ in 0..5 {
        scene.wait(5);
        let Message::HeartbeatReq(request) = &scene.sent()[0] else { panic!("not a heartbeat") };
        assert_eq!(scene.receive(HeartbeatConf::new(request.invoke_id)), [Output::HeartbeatConfirmed]);
    }
    assert_eq!(scene.client.counters().heartbeats_missed, 0);
}

#[test]
fn three_unconfirmed_heartbeats_end_the_session() {
    let mut scene = Scene::open();
    scene.wait(5);
    assert_eq!(scene.sent().len(), 1);
    for unanswered in [1, 2] {
        scene.wait(5);
        let outputs = scene.outputs();
        assert!(
            matches!(outputs[..], [Output::HeartbeatMissed { unanswered: missed }, Output::Send(_)] if missed == unanswered)
        );
    }
    scene.wait(5);
    assert_eq!(*ended(&scene.outputs()), Reason::HeartbeatsMissed(3));
    assert_eq!(scene.client.counters().heartbeats_missed, 3);
}

#[test]
fn a_late_confirmation_speaks_for_the_heartbeats_before_it() {
    let mut scene = Scene::open();
    scene.wait(5);
    let _ = scene.sent();
    scene.wait(5);
    let mut last = 0;
    for output in scene.outputs() {
        if let Output::Send(bytes) = output {
            last = u32::from_be_bytes(bytes[8..].try_into().unwrap());
        }
    }
    assert_eq!(scene.receive(HeartbeatConf::new(last)), [Output::HeartbeatConfirmed]);
    scene.wait(5);
    assert_eq!(scene.sent().len(), 1, "nothing is missed any more");
    assert_eq!(scene.receive(HeartbeatConf::new(777)), [Output::Unexpected { kind: 6 }]);
}

#[test]
fn a_heartbeat_answered_with_a_failure_means_that_the_server_is_off_line() {
    let mut scene = Scene::open();
    scene.wait(5);
    let Message::HeartbeatReq(request) = &scene.sent()[0] else { panic!("not a heartbeat") };
    let outputs = scene.receive(FailureConf::new(request.invoke_id, Status::CTI_SERVER_OFFLINE));
    assert_eq!(*ended(&outputs), Reason::HeartbeatRefused(FailureStatus::Status(Status::CTI_SERVER_OFFLINE)));
}

#[test]
fn confirmations_find_their_requests_in_any_order() {
    let mut scene = Scene::open();
    let first = scene.set("first");
    let second = scene.set("second");
    for (invoke_id, tag) in [(second, "second"), (first, "first")] {
        let message = Message::from(SetAgentStateConf::new(invoke_id));
        assert_eq!(scene.receive(message.clone()), [Output::Confirmed { tag, message }]);
    }
    assert_eq!(scene.receive(SetAgentStateConf::new(first)), [Output::Unexpected { kind: 39 }]);
}

#[test]
fn a_confirmation_of_another_type_is_not_taken_for_the_answer() {
    let mut scene = Scene::open();
    let invoke_id = scene.set("set");
    let other = QueryAgentStateConf { invoke_id, ..QueryAgentStateConf::default() };
    assert_eq!(scene.receive(other), [Output::Unexpected { kind: 37 }]);
    let message = Message::from(SetAgentStateConf::new(invoke_id));
    assert_eq!(scene.receive(message.clone()), [Output::Confirmed { tag: "set", message }]);
}

#[test]
fn failures_reach_the_request_they_answer() {
    let mut scene = Scene::open();
    let refused = scene.set("refused");
    let failed = scene.set("failed");
    let outputs = scene.receive(ControlFailureConf {
        peripheral_error: 10_125,
        ..ControlFailureConf::new(refused, ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED)
    });
    let failure = Failure::Control {
        failure: ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
        peripheral_error: 10_125,
    };
    assert_eq!(outputs, [Output::Failed { tag: "refused", failure }]);
    let outputs = scene.receive(FailureConf::new(failed, Status::INVALID_PERIPHERAL_ID));
    let failure = Failure::Status(Status::INVALID_PERIPHERAL_ID);
    assert_eq!(outputs, [Output::Failed { tag: "failed", failure }]);
    let outputs = scene.receive(FailureConf::new(4_711, Status::TIMEOUT));
    assert_eq!(outputs, [Output::Unexpected { kind: 1 }]);
}

#[test]
fn a_request_without_an_answer_fails_after_its_time_and_the_session_goes_on() {
    let mut scene = Scene::with(|settings| settings.heartbeat = None).opened();
    let late = scene.set("late");
    scene.now += Duration::from_secs(4);
    scene.set("later");
    scene.wait(6);
    assert_eq!(scene.outputs(), [Output::Failed { tag: "late", failure: Failure::TimedOut }]);
    assert_eq!(scene.receive(SetAgentStateConf::new(late)), [Output::Late { kind: 39, invoke_id: 2 }]);
    scene.wait(4);
    assert_eq!(scene.outputs(), [Output::Failed { tag: "later", failure: Failure::TimedOut }]);
    assert_eq!(scene.client.poll_timeout(), None);
    assert!(scene.query("again").is_ok());
}

#[test]
fn only_so_many_requests_may_wait() {
    let mut scene = Scene::with(|settings| settings.requests_max = 2).opened();
    let first = scene.set("first");
    scene.query("second").unwrap();
    assert!(!scene.client.has_room());
    assert_eq!(scene.query("third"), Err(RequestError::TooMany { max: 2 }));
    let _ = scene.sent();
    let _ = scene.receive(SetAgentStateConf::new(first));
    assert!(scene.query("third").is_ok());
}

#[test]
fn a_request_that_cannot_be_written_is_refused_and_takes_no_place() {
    let mut scene = Scene::with(|settings| settings.requests_max = 1).opened();
    let request = QueryAgentStateReq { agent_id: Some("10\u{0}".into()), ..QueryAgentStateReq::default() };
    let result = scene.client.request(scene.now, "nul", &request.into());
    assert!(matches!(result, Err(RequestError::Encode(_))));
    assert!(scene.query("next").is_ok());
}

#[test]
fn unknown_types_and_fields_are_passed_on_and_counted() {
    let mut scene = Scene::open();
    let unknown = Message::Unknown(Unknown { kind: 4_000, body: "anything".into() });
    assert_eq!(scene.receive(unknown.clone()), [Output::Received(unknown)]);
    let mut event = AgentStateEvent::default();
    event.other.push(900, "x");
    event.other.push(901, "");
    assert_eq!(scene.receive(event.clone()), [Output::Received(event.into())]);
    let counters = scene.client.counters();
    assert_eq!((counters.unknown_types, counters.unknown_fields, counters.frames_in), (1, 2, 3));
}

#[test]
fn a_broken_body_is_skipped_and_the_next_message_is_read() {
    let mut scene = Scene::open();
    let event = AgentStateEvent::default();
    let mut bytes = b"\0\0\0\x05\0\0\0\x1e12345".to_vec();
    bytes.extend_from_slice(&Message::from(event.clone()).encode(V24).unwrap());
    scene.client.handle_bytes(scene.now, &bytes);
    let outputs = scene.outputs();
    assert!(matches!(outputs[0], Output::Malformed { kind: 30, .. }), "{outputs:?}");
    assert_eq!(outputs[1], Output::Received(event.into()));
    assert_eq!(scene.client.counters().malformed, 1);
}

#[test]
fn a_frame_that_is_too_long_ends_the_session_and_fails_its_requests() {
    let mut scene = Scene::open();
    scene.set("waiting");
    scene.client.handle_bytes(scene.now, &0x0010_0000_u32.to_be_bytes());
    let outputs = scene.outputs();
    assert_eq!(outputs[0], Output::Failed { tag: "waiting", failure: Failure::Ended });
    let error = FrameError::TooLong { announced_bytes: 0x0010_0008, max_bytes: 12_500 };
    assert_eq!(*ended(&outputs), Reason::Framing(error));
    assert_eq!(
        ended(&outputs).to_string(),
        "the peer announces a message of 1048584 bytes, the longest allowed is 12500"
    );
    assert!(scene.receive(AgentStateEvent::default()).is_empty(), "nothing follows the end");
}

#[test]
fn a_failure_event_ends_the_session() {
    let mut scene = Scene::open();
    let outputs = scene.receive(FailureEvent::new(Status::CTI_SERVER_OFFLINE));
    assert_eq!(*ended(&outputs), Reason::FailureEvent(Status::CTI_SERVER_OFFLINE));
}

#[test]
fn a_lost_connection_says_whether_a_message_was_cut() {
    let mut scene = Scene::open();
    scene.client.handle_closed();
    assert_eq!(*ended(&scene.outputs()), Reason::ConnectionLost { inside_message: false });
    let mut scene = Scene::open();
    scene.client.handle_bytes(scene.now, &[0, 0]);
    scene.client.handle_closed();
    assert_eq!(*ended(&scene.outputs()), Reason::ConnectionLost { inside_message: true });
}

#[test]
fn closing_waits_for_the_confirmation_but_not_for_ever() {
    let mut scene = Scene::open();
    scene.client.close(scene.now, Status::NO_ERROR);
    assert_eq!(scene.query("late"), Err(RequestError::NotOpen));
    let Message::CloseReq(close) = scene.sent()[0].clone() else { panic!("not CLOSE_REQ") };
    let outputs = scene.receive(CloseConf::new(close.invoke_id));
    assert_eq!(*ended(&outputs), Reason::Closed);
    assert!(!ended(&outputs).wants_reset());

    let mut scene = Scene::open();
    scene.client.close(scene.now, Status::NO_ERROR);
    let _ = scene.sent();
    scene.wait(5);
    assert_eq!(*ended(&scene.outputs()), Reason::CloseUnanswered);
}

#[test]
fn a_late_confirmation_is_named_as_such_once() {
    let mut scene = Scene::open();
    scene.query("slow").unwrap();
    assert!(matches!(scene.sent()[..], [Message::QueryAgentStateReq(_)]));
    scene.wait(5);
    scene.outputs();
    scene.wait(5);
    assert!(scene.outputs().contains(&Output::Failed { tag: "slow", failure: Failure::TimedOut }));
    let conf = QueryAgentStateConf { invoke_id: 2, ..QueryAgentStateConf::default() };
    assert_eq!(scene.receive(conf.clone()), [Output::Late { kind: 37, invoke_id: 2 }]);
    assert_eq!(scene.receive(conf), [Output::Unexpected { kind: 37 }]);
    assert_eq!((scene.client.counters().late, scene.client.counters().unexpected), (1, 1));
}

#[test]
fn a_session_whose_owner_does_not_read_beats_on_and_blames_nobody() {
    let mut scene = Scene::open();
    scene.query("asked").unwrap();
    scene.outputs();
    scene.client.set_listening(false);
    for _ in 0..limits::HEARTBEATS_UNREAD_MAX + 10 {
        scene.wait(5);
        assert!(matches!(scene.sent()[..], [Message::HeartbeatReq(_)]));
    }
    scene.client.set_listening(true);
    assert_eq!(scene.client.counters().heartbeats_missed, 0);
    scene.client.handle_timeout(scene.now);
    assert_eq!(scene.outputs(), [Output::Failed { tag: "asked", failure: Failure::TimedOut }]);
    for expected in 1..=3 {
        scene.wait(5);
        let missed = scene.outputs().contains(&Output::HeartbeatMissed { unanswered: expected - 1 });
        assert_eq!(missed, expected > 1, "only what was sent since counts");
    }
}

#[test]
fn only_requests_of_a_client_are_requested() {
    let mut scene = Scene::open();
    let event = AgentStateEvent::default().into();
    let refused = scene.client.request(scene.now, "event", &event);
    assert_eq!(refused, Err(RequestError::NoRequest { kind: 30 }));
    assert!(scene.sent().is_empty());
}

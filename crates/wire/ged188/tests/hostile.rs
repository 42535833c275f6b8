//! What a peer can get wrong, and what must not be shown.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use ged188::message::{AgentStateEvent, OpenReq, SetAgentStateReq};
use ged188::{
    AgentState, ControlFailure, DecodeError, Deframer, Dialect, EncodeError, Fault, Fields, Frame,
    FrameError, Message, Secret, Status, limits,
};

const V24: Dialect = Dialect::cce(24);

fn frames(chunks: &[&[u8]]) -> Result<Vec<Frame>, FrameError> {
    let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
    let mut frames = Vec::new();
    for chunk in chunks {
        deframer.push(chunk);
        while let Some(frame) = deframer.next_frame()? {
            frames.push(frame);
        }
    }
    Ok(frames)
}

fn decode(kind: u32, body: &[u8]) -> Result<Message, DecodeError> {
    Message::decode(&Frame { kind, body: Bytes::copy_from_slice(body) }, V24)
}

fn at(kind: u32, at: usize, fault: Fault) -> DecodeError {
    DecodeError { kind, at, fault }
}

#[test]
fn a_stream_cut_anywhere_gives_the_same_frames() {
    let stream = b"\0\0\0\x04\0\0\0\x06\0\0\0\x02\0\0\0\0\0\0\0\x63\0\0\0\x01\0\0\0\x07A";
    let whole = frames(&[stream]).unwrap();
    assert_eq!(
        whole.iter().map(|frame| (frame.kind, frame.body.len())).collect::<Vec<_>>(),
        [(6, 4), (0x63, 0), (7, 1)]
    );
    let single: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(frames(&single).unwrap(), whole);
    for at in 1..stream.len() {
        assert_eq!(frames(&[&stream[..at], &stream[at..]]).unwrap(), whole, "cut at {at}");
    }
}

#[test]
fn an_absurd_length_is_refused_at_its_fourth_byte_and_for_good() {
    let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
    deframer.push(&[0, 0x10, 0]);
    assert_eq!(deframer.next_frame(), Ok(None));
    deframer.push(&[0]);
    let error = FrameError::TooLong { announced_bytes: 0x0010_0008, max_bytes: 12_500 };
    assert_eq!(deframer.next_frame(), Err(error.clone()));
    deframer.push(b"\0\0\0\x04\0\0\0\x06\0\0\0\x02");
    assert_eq!(deframer.next_frame(), Err(error));
    assert_eq!(
        frames(&[&[0xFF; 64]]),
        Err(FrameError::TooLong { announced_bytes: 0x1_0000_0007, max_bytes: 12_500 })
    );
}

#[test]
fn the_longest_message_is_read_and_one_byte_more_is_not() {
    let message = |body_bytes: usize| {
        let mut bytes = u32::try_from(body_bytes).unwrap().to_be_bytes().to_vec();
        bytes.extend_from_slice(&[0, 0, 0, 99]);
        bytes.resize(8 + body_bytes, b'x');
        bytes
    };
    assert_eq!(frames(&[&message(12_492)]).unwrap().len(), 1);
    assert!(frames(&[&message(12_493)]).is_err());
}

#[test]
fn a_body_that_ends_early_names_the_field() {
    assert_eq!(
        decode(39, &[0, 0, 1]),
        Err(at(39, 0, Fault::Truncated { name: "InvokeID", wanted_bytes: 4, left_bytes: 3 }))
    );
    let mut body = vec![0; 31];
    assert_eq!(
        decode(30, &body),
        Err(at(30, 30, Fault::Truncated { name: "AgentState", wanted_bytes: 2, left_bytes: 1 }))
    );
    body.resize(62, 0);
    assert!(decode(30, &body).is_ok());
}

#[test]
fn every_truncation_of_every_message_is_an_error_or_a_shorter_message_but_no_panic() {
    let body = [0; 80];
    for kind in 0..300 {
        for bytes in 0..body.len() {
            let _ = decode(kind, &body[..bytes]);
        }
    }
}

#[test]
fn floating_fields_must_fit_exactly() {
    let heartbeat = |fields: &[u8]| decode(6, &[b"\0\0\0\x01", fields].concat());
    assert_eq!(
        heartbeat(&[0, 5, 0]),
        Err(at(6, 4, Fault::FieldHeadTruncated { head_bytes: 4, left_bytes: 3 }))
    );
    assert_eq!(
        heartbeat(&[0, 5, 0xFF, 0xFF, b'1']),
        Err(at(6, 4, Fault::FieldOverrun { tag: 5, announced_bytes: 0xFFFF, left_bytes: 1 }))
    );
    assert!(heartbeat(&[0, 5, 0, 1, b'1']).is_ok());
}

#[test]
fn a_number_of_the_wrong_size_is_an_error() {
    let mut body = vec![0; 62];
    body.extend_from_slice(&[0, 150, 0, 3, 0, 0, 1]);
    let error = decode(30, &body).unwrap_err();
    assert_eq!(error, at(30, 62, Fault::FieldWidth { tag: 150, bytes: 3, expected_bytes: 4 }));
    assert_eq!(
        error.to_string(),
        "AGENT_STATE_EVENT (30), byte 62 of the body: field [150] Duration has 3 bytes, 4 expected"
    );
}

#[test]
fn a_message_may_have_1024_fields_and_no_more() {
    let body = |fields: usize| [b"\0\0\0\x01".to_vec(), [1, 0, 0, 0].repeat(fields)].concat();
    let Ok(Message::HeartbeatConf(conf)) = decode(6, &body(1024)) else { panic!("1024 fields are allowed") };
    assert_eq!(conf.other.len(), 1024);
    assert_eq!(decode(6, &body(1025)), Err(at(6, 4 + 4 * 1024, Fault::TooManyFields { max: 1024 })));
}

#[test]
fn unknown_and_repeated_fields_are_kept_in_order_and_written_back() {
    let mut body = vec![0; 62];
    for (tag, value) in [(0x0201_u16, "x"), (5, "1001004\0"), (0x0200, ""), (5, "1001005\0")] {
        body.extend_from_slice(&tag.to_be_bytes());
        body.extend_from_slice(&u16::try_from(value.len()).unwrap().to_be_bytes());
        body.extend_from_slice(value.as_bytes());
    }
    let message = decode(30, &body).unwrap();
    let Message::AgentStateEvent(event) = &message else { panic!("not an event") };
    assert_eq!(event.agent_id.as_deref(), Some("1001004"), "the first counts");
    let tags: Vec<u16> = message.unknown_fields().iter().map(|field| field.tag).collect();
    assert_eq!(tags, [0x0201, 0x0200, 5]);
    let again = message.encode(V24).unwrap();
    assert_eq!(decode(30, &again[8..]), Ok(message));
}

#[test]
fn a_text_ends_at_its_nul_or_at_the_fields_end() {
    let agent_id = |value: &[u8]| {
        let mut fields = Fields::default();
        fields.push(5, value.to_vec());
        fields.text(5).unwrap()
    };
    assert_eq!(agent_id(b"1001004\0"), "1001004");
    assert_eq!(agent_id(b"1001004"), "1001004");
    assert_eq!(agent_id(b"10\x001004\0"), "10");
    assert_eq!(agent_id(b""), "");
    assert_eq!(agent_id(b"10\xFF04\0"), "10\u{FFFD}04");
}

#[test]
fn what_the_wire_cannot_carry_is_refused_before_it_is_sent() {
    let request = |agent_id: &str| {
        let agent_id = Some(agent_id.to_owned());
        Message::from(SetAgentStateReq { agent_id, ..SetAgentStateReq::default() })
    };
    assert_eq!(request("10\u{0}01").encode(V24), Err(EncodeError::NulInText { tag: 5 }));
    let long = "9".repeat(300);
    assert_eq!(
        request(&long).encode(Dialect::cce(19)),
        Err(EncodeError::FieldTooLong { tag: 5, bytes: 301, max_bytes: 255 })
    );
    assert!(request(&long).encode(V24).is_ok());
    assert!(matches!(
        request(&"9".repeat(13_000)).encode(V24),
        Err(EncodeError::MessageTooLong { max_bytes: 12_500, .. })
    ));
    let terminal = SetAgentStateReq { active_terminal: Some("desk".into()), ..SetAgentStateReq::default() };
    assert_eq!(Message::from(terminal).encode(Dialect::cce(19)), Err(EncodeError::TagTooLarge { tag: 303 }));
}

#[test]
fn passwords_do_not_show() {
    let open = OpenReq { client_password: Some(Secret::from_text("opensesame")), ..OpenReq::default() };
    let set =
        SetAgentStateReq { agent_password: Some(Secret::from_text("opensesame")), ..Default::default() };
    let encoded = Message::from(set.clone()).encode(V24).unwrap();
    let body = encoded.slice(8..);
    let mut twice = AgentStateEvent::default();
    twice.other.push(49, "opensesame");
    let shown = [
        format!("{open:?}"),
        format!("{set:?}"),
        format!("{twice:?}"),
        format!("{:?}", Frame { kind: 38, body: body.clone() }),
        format!("{:?}", Message::decode(&Frame { kind: 9_999, body }, V24).unwrap()),
    ];
    for shown in shown {
        let bytes_list = format!("{:?}", b"opensesame");
        assert!(
            !shown.contains("opensesame") && !shown.contains(bytes_list.trim_matches(['[', ']'])),
            "{shown}"
        );
    }
}

#[test]
fn numbers_show_with_their_names() {
    assert_eq!(AgentState::AVAILABLE.to_string(), "3 (AGENT_STATE_AVAILABLE)");
    assert_eq!(AgentState(77).to_string(), "77");
    assert_eq!(ControlFailure(260).name(), "CF_INVALID_LOGON_DEVICE_SPECIFIED");
    assert_eq!(ControlFailure(2_000).name(), "");
    assert_eq!(Status(95).name(), "E_INVALID_CONFIG_MSG_MASK");
}

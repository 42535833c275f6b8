//! Where sources disagree, and what else a peer may do differently: the body decides.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod made;

use bytes::Bytes;
use ged188::message::{
    CallAttributeChangeEvent, CallDataUpdateEvent, ClearConnectionReq, ConfigAgentEvent, ConfigRequestEvent,
    NamedArray, NamedVariable, QueryAgentQueueStatisticsConf,
};
use ged188::{Dialect, EncodeError, Fault, Frame, Message, message};
use made::put;

const V24: Dialect = Dialect::cce(24);

fn decode(kind: u32, body: &[u8], dialect: Dialect) -> Message {
    Message::decode(&Frame { kind, body: Bytes::copy_from_slice(body) }, dialect).unwrap()
}

fn fields(dialect: Dialect, fields: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    fields.iter().for_each(|(tag, value)| put(&mut body, dialect, *tag, value));
    body
}

#[test]
fn the_requester_of_a_cleared_connection_is_in_the_fixed_part_or_not() {
    for version in [13, 16, 24] {
        let dialect = Dialect::cce(version);
        let device = fields(dialect, &[(25, b"9026\0"), (6, b"9026\0")]);
        let short = [&[0, 0, 0, 7, 0, 0, 0x13, 0x88, 0, 0, 1, 0x10, 0, 0][..], &device].concat();
        let long = [&[0, 0, 0, 7, 0, 0, 0x13, 0x88, 0, 0, 1, 0x10, 0, 0, 0xFF, 0xFF][..], &device].concat();
        for body in [&short, &long] {
            let Message::ClearConnectionReq(request) = decode(46, body, dialect) else { panic!() };
            assert_eq!(request.connection_device_id.as_deref(), Some("9026"), "version {version}");
            assert_eq!(request.connection_call_id, 0x110);
            assert!(request.other.is_empty());
        }
    }
}

#[test]
fn how_a_cleared_connection_is_written_is_a_setting() {
    let request = Message::from(ClearConnectionReq { invoke_id: 7, ..ClearConnectionReq::default() });
    let short = Dialect { requester_in_fixed_part: false, ..V24 };
    assert_eq!(request.encode(V24).unwrap().len(), 8 + 16);
    assert_eq!(request.encode(short).unwrap().len(), 8 + 14);
    assert_eq!(request.encode(Dialect::cce(13)).unwrap().len(), 8 + 14);
}

#[test]
fn the_configuration_is_asked_for_with_or_without_a_mask() {
    let customer = fields(V24, &[(131, &[0, 0, 0, 9])]);
    let short = [&[0, 0, 0, 4, 0, 0, 0x13, 0x88][..], &customer].concat();
    let long = [&[0, 0, 0, 4, 0, 0, 0, 15, 0, 0, 0x13, 0x88][..], &customer].concat();
    for (body, mask) in [(short, 0), (long, 15)] {
        let expected = ConfigRequestEvent {
            config_information: 4,
            config_msg_mask: mask,
            peripheral_id: 5000,
            customer_id: Some(9),
            ..ConfigRequestEvent::default()
        };
        assert_eq!(decode(232, &body, V24), expected.clone().into());
    }
}

#[test]
fn an_answer_of_uccx_that_has_the_number_of_an_event_is_told_by_its_body() {
    for dialect in [Dialect::uccx(16), Dialect::uccx(18), V24] {
        let agent = fields(dialect, &[(194, b"agent7\0")]);
        let answer = [&[0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 60][..], &agent].concat();
        let expected = QueryAgentQueueStatisticsConf {
            invoke_id: 7,
            calls_in_queue: 3,
            oldest_call_in_queue_secs: 60,
            agent_id_long: Some("agent7".into()),
            ..QueryAgentQueueStatisticsConf::default()
        };
        let Message::QueryAgentQueueStatisticsConf(read) = decode(240, &answer, dialect) else { panic!() };
        assert_eq!(*read, expected);
        assert_eq!(Message::from(expected).encode(dialect).unwrap()[8..], answer);
        assert!(matches!(decode(240, &answer[..12], dialect), Message::QueryAgentQueueStatisticsConf(_)));
        let device = fields(dialect, &[(25, b"9026\0")]);
        for call_type_id in [7, 0x00C2_0000, 0xC201_0000] {
            let event = CallAttributeChangeEvent {
                peripheral_id: 5000,
                call_type_id,
                service_number: 5000,
                connection_device_id: Some("9026".into()),
                ..CallAttributeChangeEvent::default()
            };
            let bytes = Message::from(event.clone()).encode(dialect).unwrap();
            assert!(bytes.ends_with(&device));
            assert_eq!(decode(240, &bytes[8..], dialect), event.into(), "{call_type_id:#x}");
        }
    }
}

/// Department and the like came with versions about which sources disagree.
#[test]
fn a_fixed_part_of_another_version_is_read_when_only_it_fits() {
    let agent = fields(V24, &[(5, b"1001003\0")]);
    for (kind, sizes) in [(30, [58, 62]), (37, [30, 34]), (128, [12, 16]), (4, [26, 32])] {
        for size in sizes {
            let body = [&vec![0; size][..], &agent].concat();
            let message = decode(kind, &body, V24);
            let unknown: Vec<u16> = message.unknown_fields().iter().map(|field| field.tag).collect();
            assert_eq!(unknown, if kind == 128 { vec![5] } else { vec![] }, "{message:?} of {size} bytes");
        }
    }
}

#[test]
fn a_fixed_part_that_fits_no_version_names_message_field_and_byte() {
    let error = Message::decode(&Frame { kind: 11, body: Bytes::from_static(&[0; 21]) }, V24).unwrap_err();
    assert_eq!(
        error.to_string(),
        "CALL_HELD_EVENT (11), byte 20 of the body: the body ends in EventCause: 2 bytes expected, 1 left"
    );
    let error = Message::decode(&Frame { kind: 11, body: Bytes::from_static(&[0; 25]) }, V24).unwrap_err();
    assert_eq!(error.at, 22);
    assert_eq!(error.fault, Fault::FieldHeadTruncated { head_bytes: 4, left_bytes: 3 });
}

fn parties(tags: &[(u16, &[u8])]) -> Vec<(Option<u32>, Option<String>)> {
    let mut body = vec![0; 46];
    body.extend(fields(V24, tags));
    let Message::CallConferencedEvent(event) = decode(17, &body, V24) else { panic!() };
    event.parties.into_iter().map(|party| (party.call_id, party.device_id)).collect()
}

#[test]
fn entries_of_a_list_keep_their_order_and_may_miss_a_member() {
    let party = |id, device: &str| (Some(id), Some(device.to_owned()));
    let (one, two, a, b) =
        ((39, &[0, 0, 0, 1][..]), (39, &[0, 0, 0, 2][..]), (41, &b"A\0"[..]), (41, &b"B\0"[..]));
    assert_eq!(parties(&[one, a, two, b]), [party(1, "A"), party(2, "B")]);
    assert_eq!(parties(&[a, one, b, two]), [party(1, "A"), party(2, "B")], "members in another order");
    assert_eq!(parties(&[one, two, a, b]), [party(1, "A"), party(2, "B")], "member by member");
    assert_eq!(parties(&[one, two, b]), [(Some(1), None), party(2, "B")]);
    assert_eq!(parties(&[one, a, two]), [party(1, "A"), (Some(2), None)]);
}

#[test]
fn numbers_in_one_field_or_in_several_make_the_same_list() {
    let numbers = |tags: &[(u16, &[u8])]| {
        let body = [vec![0, 1], fields(V24, &[(183, &[0, 0])]), fields(V24, tags)].concat();
        let Message::ConfigAgentEvent(event) = decode(237, &body, V24) else { panic!() };
        assert_eq!(event.records.len(), 1);
        event.records[0].skill_group_numbers.0.clone()
    };
    assert_eq!(numbers(&[(62, &[0, 0, 0, 1, 0, 0, 0, 2])]), [1, 2]);
    assert_eq!(numbers(&[(62, &[0, 0, 0, 1]), (62, &[0, 0, 0, 2])]), [1, 2]);
    let body = [vec![0, 1], fields(V24, &[(62, &[0; 7])])].concat();
    let error = Message::decode(&Frame { kind: 237, body: body.into() }, V24).unwrap_err();
    assert_eq!(error.fault, Fault::FieldWidth { tag: 62, bytes: 7, expected_bytes: 4 });
}

#[test]
fn records_begin_again_where_a_member_comes_again() {
    let body = [
        vec![0, 2],
        fields(V24, &[(183, &[0, 0]), (190, b"1001003\0"), (62, &[0, 0, 0, 1])]),
        fields(V24, &[(183, &[0, 2]), (190, b"1001004\0")]),
    ]
    .concat();
    let Message::ConfigAgentEvent(event) = decode(237, &body, V24) else { panic!() };
    let logins: Vec<_> = event.records.iter().map(|record| record.login_id.as_deref().unwrap()).collect();
    assert_eq!(logins, ["1001003", "1001004"]);
    assert_eq!(event.records[1].record_type, Some(2));
    assert_eq!(Message::from(ConfigAgentEvent::clone(&event)).encode(V24).unwrap()[8..], body);
}

#[test]
fn call_and_named_variables_travel_with_their_names_and_places() {
    let mut update = CallDataUpdateEvent::default();
    update.call_variables.set(1, "gold");
    update.call_variables.set(10, "");
    update.named_variables =
        vec![NamedVariable { name: "user.account".into(), value: "31-7".into() }, NamedVariable::default()];
    update.named_arrays = vec![NamedArray { index: 3, name: "user.steps".into(), value: "menu".into() }];
    for dialect in [V24, Dialect::cce(19), Dialect::uccx(18)] {
        let bytes = Message::from(update.clone()).encode(dialect).unwrap();
        assert_eq!(bytes[8 + 12..8 + 16], [0, 2, 0, 1], "the counts");
        assert_eq!(decode(25, &bytes[8..], dialect), update.clone().into());
    }
    assert_eq!(update.call_variables.iter().collect::<Vec<_>>(), [(1, "gold"), (10, "")]);
    assert_eq!(update.call_variables.get(11), None);
}

#[test]
fn strings_without_their_nul_are_read() {
    let mut body = vec![0; 40];
    body.extend(fields(V24, &[(13, b"gold"), (82, b"user.account\x0031-7"), (83, b"\x02user.steps")]));
    let Message::CallDataUpdateEvent(update) = decode(25, &body, V24) else { panic!() };
    assert_eq!(update.call_variables.get(1), Some("gold"));
    assert_eq!(
        (&*update.named_variables[0].name, &*update.named_variables[0].value),
        ("user.account", "31-7")
    );
    assert_eq!((update.named_arrays[0].index, &*update.named_arrays[0].value), (2, ""));
    body.extend(fields(V24, &[(83, b"")]));
    assert!(
        Message::decode(&Frame { kind: 25, body: body.into() }, V24).is_err(),
        "an array without an index"
    );
}

#[test]
fn what_a_version_cannot_carry_is_refused() {
    let variable = NamedVariable { name: "user.account".into(), value: "7".repeat(250) };
    let mut update =
        CallDataUpdateEvent { named_variables: vec![variable], ..CallDataUpdateEvent::default() };
    let error = Message::from(update.clone()).encode(Dialect::cce(19)).unwrap_err();
    assert_eq!(error, EncodeError::FieldTooLong { tag: 82, bytes: 264, max_bytes: 255 });
    assert!(Message::from(update.clone()).encode(V24).is_ok());
    update.named_variables[0].value = "3\x001".into();
    assert_eq!(Message::from(update).encode(V24), Err(EncodeError::NulInText { tag: 82 }));
}

#[test]
fn callers_and_their_numbers_do_not_show_in_debug() {
    let mut update = CallDataUpdateEvent {
        ani: Some("5551234567".into()),
        connection_device_id: Some("5551234567".into()),
        customer_phone_number: Some("5551234567".into()),
        named_variables: vec![NamedVariable { name: "user.account".into(), value: "5551234567".into() }],
        ..CallDataUpdateEvent::default()
    };
    update.call_variables.set(3, "5551234567");
    let shown = format!("{:?}", Message::from(update));
    assert!(!shown.contains("555"), "{shown}");
    assert!(shown.contains("ani: [redacted]") && shown.contains("dnis: None"), "{shown}");
}

#[test]
fn every_layout_names_its_sources_and_no_tag_twice() {
    assert_eq!(message::LAYOUTS.len(), 170, "163 of CCE, 7 of UCCX alone");
    for layout in message::LAYOUTS {
        assert!(
            layout.sources.contains("; high")
                || layout.sources.contains("; medium")
                || layout.sources.contains("; low")
        );
        let is_twin = layout.name == "QUERY_AGENT_QUEUE_STATISTICS_CONF";
        assert!(is_twin || message::layout(layout.kind).is_some_and(|first| first.name == layout.name));
        let mut tags: Vec<u16> = layout
            .floating
            .iter()
            .chain(layout.lists.iter().copied().flatten())
            .flat_map(|field| field.tag..field.tag + field.tags)
            .collect();
        let count = tags.len();
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), count, "in {}", layout.name);
    }
}

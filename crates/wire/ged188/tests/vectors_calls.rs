//! Byte vectors of calls that are made, answered and joined: made by a script of ours from the printed layouts
//! (`printed.tsv`); no code of this crate had a part in it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod vector;

use ged188::message::{
    AnswerCallReq, CallConferencedEvent, CallTransferredEvent, ConferenceCallReq, ConnectedParty,
    ConsultationCallReq, MakeCallConf, MakeCallReq, NamedVariable,
};
use ged188::{ConnectionIdType, ConsultType, DeviceType, EventCause, LineType, LocalConnectionState};
use vector::{check, text};

#[test]
fn a_call_is_made_with_data_and_has_a_number() {
    let mut request = MakeCallReq {
        invoke_id: 20,
        peripheral_id: 5000,
        agent_instrument: text("2001"),
        dialed_number: text("5550142"),
        named_variables: vec![NamedVariable { name: "user.step".into(), value: "menu".into() }],
        ..MakeCallReq::default()
    };
    request.call_variables.set(3, "gold");
    check(
        request,
        "00000051 00000038 00000014 00001388 00000000 00000000 00000000 00000000 00010000 ffffffff
         00060005 32303031 00000b00 08353535 30313432 00000f00 05676f6c 64000052 000f7573 65722e73
         74657000 6d656e75 00",
    );
    check(
        MakeCallConf {
            invoke_id: 20,
            new_connection_call_id: 78,
            line_type: LineType::INBOUND_ACD,
            new_connection_device_id: text("2001"),
            ..MakeCallConf::default()
        },
        "00000017 00000039 00000014 0000004e 0000ffff 0000002f 00053230 303100",
    );
}

#[test]
fn a_call_is_answered() {
    check(
        AnswerCallReq {
            invoke_id: 23,
            peripheral_id: 5000,
            connection_call_id: 77,
            connection_device_id: text("2001"),
            agent_instrument: text("2001"),
            ..AnswerCallReq::default()
        },
        "00000020 0000002a 00000017 00001388 0000004d 00000019 00053230 30310000 06000532 30303100",
    );
}

#[test]
fn a_consultation_is_asked_for() {
    check(
        ConsultationCallReq {
            invoke_id: 21,
            peripheral_id: 5000,
            active_connection_call_id: 77,
            consult_type: ConsultType::TRANSFER,
            active_connection_device_id: text("2001"),
            dialed_number: text("2002"),
            agent_instrument: text("2001"),
            ..ConsultationCallReq::default()
        },
        "0000003f 00000032 00000015 00001388 0000004d 00000000 00000001 00000000 00000000 00000000
         00000000 00320005 32303031 00000b00 05323030 32000006 00053230 303100",
    );
}

#[test]
fn a_conference_names_the_held_call_before_the_active_one() {
    check(
        ConferenceCallReq {
            invoke_id: 22,
            peripheral_id: 5000,
            held_connection_call_id: 77,
            active_connection_call_id: 78,
            active_connection_device_id: text("2001"),
            held_connection_device_id: text("2001"),
            agent_instrument: text("2001"),
            ..ConferenceCallReq::default()
        },
        "00000043 00000030 00000016 00001388 0000004d 0000004e 00000000 00000000 00000000 00000000
         00000000 00000000 00320005 32303031 00003500 05323030 31000006 00053230 303100",
    );
}

fn party(device: &str) -> ConnectedParty {
    ConnectedParty {
        call_id: Some(77),
        device_id_type: Some(ConnectionIdType::STATIC),
        device_id: text(device),
    }
}

#[test]
fn a_conference_tells_who_is_in_it() {
    check(
        CallConferencedEvent {
            peripheral_id: 5000,
            peripheral_type: 17,
            primary_call_id: 77,
            secondary_call_id: 78,
            line_type: LineType::INBOUND_ACD,
            controller_device_type: DeviceType::DEVICE_IDENTIFIER,
            added_party_device_type: DeviceType::DEVICE_IDENTIFIER,
            local_connection_state: LocalConnectionState::CONNECT,
            event_cause: EventCause::KEY_CONFERENCE,
            primary_device_id: text("2001"),
            secondary_device_id: text("2001"),
            controller_device_id: text("2001"),
            added_party_device_id: text("2002"),
            parties: ["2001", "5550142", "2002"].map(party).to_vec(),
            ..CallConferencedEvent::default()
        },
        "0000009a 00000011 00000000 00001388 00110000 0000004d ffff0000 ffffffff ffffffff 00000003
         00000000 004e0000 00000003 00110023 00053230 30310000 24000532 30303100 00250005 32303031
         00002600 05323030 32000027 00040000 004d0028 00020000 00290005 32303031 00002700 04000000
         4d002800 02000000 29000835 35353031 34320000 27000400 00004d00 28000200 00002900 05323030
         3200",
    );
}

#[test]
fn a_transfer_tells_who_stays() {
    check(
        CallTransferredEvent {
            peripheral_id: 5000,
            peripheral_type: 17,
            primary_call_id: 77,
            secondary_call_id: 78,
            line_type: LineType::INBOUND_ACD,
            transferring_device_type: DeviceType::DEVICE_IDENTIFIER,
            transferred_device_type: DeviceType::DEVICE_IDENTIFIER,
            local_connection_state: LocalConnectionState::CONNECT,
            event_cause: EventCause::TRANSFER,
            primary_device_id: text("2001"),
            secondary_device_id: text("2001"),
            transferring_device_id: text("2001"),
            transferred_device_id: text("2002"),
            parties: ["5550142", "2002"].map(party).to_vec(),
            ..CallTransferredEvent::default()
        },
        "00000083 00000012 00000000 00001388 00110000 0000004d ffff0000 ffffffff ffffffff 00000002
         00000000 004e0000 00000003 00200023 00053230 30310000 24000532 30303100 002a0005 32303031
         00002b00 05323030 32000027 00040000 004d0028 00020000 00290008 35353530 31343200 00270004
         0000004d 00280002 00000029 00053230 303200",
    );
}

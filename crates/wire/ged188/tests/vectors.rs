//! Byte vectors, made by a script of ours from the printed layouts; no code of this crate had a part in it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use ged188::message::{
    AgentStateEvent, BeginCallEvent, CallDeliveredEvent, CloseConf, CloseReq, ControlFailureConf,
    EndCallEvent, FailureConf, FailureEvent, FailureStatus, HeartbeatConf, HeartbeatReq, NO_LINE, NULL_ID,
    OpenConf, OpenReq, QueryAgentStateConf, QueryAgentStateReq, QuerySkillGroupStatisticsConf,
    QuerySkillGroupStatisticsReq, SetAgentStateConf, SetAgentStateReq, SystemEvent, TransferCallReq,
};
use ged188::{
    AgentState, CallType, ConnectionIdType, ControlFailure, DeviceType, Dialect, EventCause, Fields,
    LineType, LocalConnectionState, Message, Secret, Services, Status, SystemEventId,
};
use vector::{V24, bytes, check, read, text};

mod vector;

#[test]
fn open_req() {
    check(
        OpenReq {
            invoke_id: 1,
            version: 24,
            idle_timeout_secs: 120,
            peripheral_id: 5000,
            services: Services(0x96) | Services::ACTIVE_STANDBY,
            call_events: 0x0FFF_FFFF,
            agent_states: 0x3FFF,
            client_id: text("Finesse"),
            client_password: Some(Secret::default()),
            client_signature: text("Finesse"),
            ..OpenReq::default()
        },
        "00000048 00000003 00000001 00000018 00000078 00001388 02000096 0fffffff 00003fff 00000000 00000000
         00000000 00000000 00010008 46696e65 73736500 00020000 00030008 46696e65 73736500",
    );
}

#[test]
fn open_conf() {
    check(
        OpenConf {
            invoke_id: 1,
            services: Services(0x96) | Services::ACTIVE_STANDBY,
            central_controller_time_secs: 1_497_638_824,
            peripheral_online: true,
            peripheral_type: 17,
            session_type: 1,
            num_peripherals: Some(1),
            peripheral_id: Some(5000),
            multiline_agent_control: Some(0),
            ..OpenConf::default()
        },
        "00000034 00000004 00000001 02000096 00000000 00000000 594427a8 00010011 00090000 00000001 00e40002
         000100d0 00040000 138800e0 00020000",
    );
}

#[test]
fn heartbeat() {
    check(HeartbeatReq::new(2), "00000004 00000005 00000002");
    check(HeartbeatConf::new(2), "00000004 00000006 00000002");
}

#[test]
fn close() {
    check(CloseReq::new(3, Status::NO_ERROR), "00000008 00000007 00000003 00000000");
    check(CloseConf::new(3), "00000004 00000008 00000003");
}

#[test]
fn failures() {
    check(FailureConf::new(1, Status::INVALID_VERSION), "00000008 00000001 00000001 00000001");
    check(FailureEvent::new(Status::CTI_SERVER_OFFLINE), "00000004 00000002 0000000f");
    check(
        ControlFailureConf::new(7, ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON),
        "0000000a 00000023 00000007 01030000 0000",
    );
}

#[test]
fn the_longer_form_of_failure_conf_is_told_by_its_length() {
    check(
        FailureConf {
            invoke_id: 9,
            status: FailureStatus::Control {
                failure: ControlFailure::INVALID_OBJECT_STATE,
                peripheral_error: 10125,
            },
            other: Fields::NONE,
        },
        "0000000a 00000001 00000009 0016 0000278d",
    );
}

#[test]
fn system_event() {
    check(
        SystemEvent {
            pg_status: 0,
            central_controller_time_secs: 1_497_638_824,
            event: SystemEventId::PERIPHERAL_ONLINE,
            arguments: [5000, 0, 0],
            device_type: DeviceType::NONE,
            text: None,
            device_id: None,
            other: Fields::NONE,
        },
        "0000001a 0000001f 00000000 594427a8 00000003 00001388 00000000 00000000 ffff",
    );
}

#[test]
fn a_forced_logout() {
    check(
        SetAgentStateReq {
            invoke_id: 10,
            peripheral_id: 5000,
            agent_state: AgentState::LOGOUT,
            event_reason_code: 255,
            forced_flag: 1,
            agent_service_req: 1,
            agent_instrument: text("1001003"),
            agent_id: text("1001003"),
            ..SetAgentStateReq::default()
        },
        "0000002d 00000026 0000000a 00001388 00010000 000000ff 01000000 01000600 08313030 31303033 00000500
         08313030 31303033 00",
    );
    check(SetAgentStateConf::new(10), "00000004 00000027 0000000a");
}

fn event(agent_state: AgentState, skill_group_state: AgentState) -> AgentStateEvent {
    AgentStateEvent {
        peripheral_id: 5000,
        peripheral_type: 17,
        agent_state,
        skill_group_state,
        mrd_id: 1,
        max_task_limit: 1,
        icm_agent_id: 5001,
        client_signature: text("Finesse"),
        ..AgentStateEvent::default()
    }
}

#[test]
fn the_event_of_a_forced_logout() {
    check(
        AgentStateEvent {
            event_reason_code: 255,
            agent_id: text("1001003"),
            agent_extension: text("1003"),
            agent_instrument: text("1003"),
            ..event(AgentState::LOGOUT, AgentState::LOGOUT)
        },
        "00000068 0000001e 00000000 00001388 00000000 00110001 00000000 ffffffff ffffffff 00000001 00ff0000
         00010000 00000000 00000001 00001389 00000000 00000000 00000003 00084669 6e657373 65000005 00083130
         30313030 33000004 00053130 30330000 06000531 30303300",
    );
}

#[test]
fn an_event_for_one_skill_group_carries_the_overall_state_too() {
    check(
        AgentStateEvent {
            skill_group_number: 29_808,
            agent_mode: 1,
            agent_id: text("1234"),
            agent_extension: text("1234"),
            agent_instrument: text("1234"),
            ..event(AgentState::RESERVED, AgentState::BUSY_OTHER)
        },
        "00000065 0000001e 00000000 00001388 00000000 00110007 00000000 00007470 ffffffff 00000008 00000000
         00010000 00000001 00000001 00001389 00000000 00000000 00000003 00084669 6e657373 65000005 00053132
         33340000 04000531 32333400 00060005 31323334 00",
    );
}

#[test]
fn query_agent_state() {
    check(
        QueryAgentStateReq {
            invoke_id: 11,
            peripheral_id: 5000,
            mrd_id: 1,
            agent_id: text("1001003"),
            ..QueryAgentStateReq::default()
        },
        "0000001c 00000024 0000000b 00001388 00000001 00000000 00050008 31303031 30303300",
    );
    check(
        QueryAgentStateConf {
            invoke_id: 11,
            agent_state: AgentState::NOT_READY,
            mrd_id: 1,
            agent_id: text("1001003"),
            agent_extension: text("2003"),
            ..QueryAgentStateConf::default()
        },
        "00000037 00000025 0000000b 0002 0000 00000001 00000000 0000 00000000 00000000 00000000 00000000
         0005 0008 31303031303033 00 0004 0005 32303033 00",
    );
}

#[test]
fn versions_up_to_19_have_fields_with_heads_of_two_bytes() {
    // Version 16: an agent's own session, no password, the agent's long id.
    let hex = "00000045 00000003 6678a862 00000010 00000064 00000000 00000007 0000267d 000001ff 0000000f
               00000000 00000000 00000000 01010002 01000601 00040635 32323933 00c20635 32323933 00";
    let Message::OpenReq(request) = read(hex, Dialect::cce(16)) else { panic!("not OPEN_REQ") };
    assert_eq!((request.version, request.idle_timeout_secs), (16, 100));
    assert_eq!((request.agent_extension.as_deref(), request.client_id.as_deref()), (Some("52293"), Some("")));
    assert_eq!(request.agent_id_long.as_deref(), Some("52293"));
    assert!(request.other.is_empty());
}

#[test]
fn the_fixed_part_of_open_conf_grows_with_the_version() {
    let conf = OpenConf { invoke_id: 1, peripheral_id: Some(5000), ..OpenConf::default() };
    for (version, body_bytes) in [(14, 26 + 6), (18, 26 + 6), (19, 30 + 6), (23, 30 + 8), (24, 32 + 8)] {
        let dialect = Dialect::cce(version);
        let message = Message::from(conf.clone());
        let encoded = message.encode(dialect).unwrap();
        assert_eq!(encoded.len(), 8 + body_bytes, "version {version}");
    }
}

#[test]
fn a_fixed_part_of_another_versions_size_is_recognised_by_its_fields() {
    let conf = OpenConf { invoke_id: 1, peripheral_id: Some(5000), ..OpenConf::default() };
    let as_23 = Message::from(conf.clone()).encode(Dialect::cce(23)).unwrap();
    let hex: String = as_23.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(read(&hex, V24), conf.into());
}

#[test]
fn the_first_and_the_last_message_of_a_call() {
    let begin = BeginCallEvent {
        peripheral_id: 5000,
        peripheral_type: 17,
        call_type: CallType::ACD_IN,
        connection_call_id: 16_777_488,
        connection_device_id: text("9026"),
        ani: text("2006"),
        dnis: text("7000"),
        ..BeginCallEvent::default()
    };
    check(
        begin,
        "00000035 00000017 00000000 00001388 00110000 00000000 00010000 01000110 00000019 00053930 32360000
         08000532 30303600 000a0005 37303030 00",
    );
    let end = EndCallEvent {
        peripheral_id: 5000,
        peripheral_type: 17,
        connection_call_id: 16_777_488,
        connection_device_id: text("9026"),
        ..EndCallEvent::default()
    };
    check(end, "00000019 00000018 00000000 00001388 00110000 01000110 00190005 39303236 00");
}

#[test]
fn a_call_that_rings() {
    check(
        CallDeliveredEvent {
            peripheral_id: 5000,
            peripheral_type: 17,
            connection_call_id: 16_777_488,
            line_handle: NO_LINE,
            line_type: LineType::INBOUND_ACD,
            service_number: NULL_ID,
            service_id: NULL_ID,
            skill_group_number: NULL_ID,
            skill_group_id: NULL_ID,
            alerting_device_type: DeviceType::DEVICE_IDENTIFIER,
            calling_device_type: DeviceType::DEVICE_IDENTIFIER,
            called_device_type: DeviceType::DEVICE_IDENTIFIER,
            last_redirect_device_type: DeviceType::NONE,
            local_connection_state: LocalConnectionState::ALERTING,
            event_cause: EventCause::NEW_CALL,
            connection_device_id: text("9026"),
            alerting_device_id: text("9026"),
            calling_device_id: text("2006"),
            called_device_id: text("7000"),
            ..CallDeliveredEvent::default()
        },
        "0000005a 00000009 00000000 00001388 00110000 01000110 ffff0000 ffffffff ffffffff ffffffff ffffffff
         00000000 00000000 ffff0002 00160000 00000019 00053930 32360000 1a000539 30323600 001b0005 32303036
         00001c00 05373030 3000",
    );
}

#[test]
fn a_transfer_in_one_step() {
    check(
        TransferCallReq {
            invoke_id: 12,
            peripheral_id: 5000,
            active_connection_call_id: 16_777_488,
            held_connection_call_id: NULL_ID,
            held_connection_device_id_type: ConnectionIdType::NONE,
            active_connection_device_id: text("9026"),
            dialed_number: text("1005"),
            ..TransferCallReq::default()
        },
        "0000003a 00000040 0000000c 00001388 01000110 ffffffff 0000ffff 00000000 00000000 00000000 00000000
         00000000 00320005 39303236 00000b00 05313030 3500",
    );
}

#[test]
fn statistics_of_a_skill_group() {
    check(
        QuerySkillGroupStatisticsReq {
            invoke_id: 112_223,
            peripheral_id: 5000,
            skill_group_number: 28_353,
            skill_group_id: NULL_ID,
            ..QuerySkillGroupStatisticsReq::default()
        },
        "00000010 00000072 0001b65f 00001388 00006ec1 ffffffff",
    );
    let zeros = "00".repeat(580);
    check(
        QuerySkillGroupStatisticsConf {
            invoke_id: 112_223,
            peripheral_id: 5000,
            skill_group_number: 28_353,
            skill_group_id: 9431,
            ..QuerySkillGroupStatisticsConf::default()
        },
        &format!("00000254 00000073 0001b65f 00001388 00006ec1 000024d7 {zeros}"),
    );
}

/// The one trace with bytes that is public: a UCCX server's, in its developer guide.
#[test]
fn a_call_begins_on_uccx_as_traced() {
    let hex = "00000036 00000017 00000000 00000001 00150000 00000000 00010000 01000110 00000805 32303036
               000b0537 30303000 19053930 3236000a 05373030 3000";
    let v16 = Dialect::uccx(16);
    let Message::BeginCallEvent(event) = read(hex, v16) else { panic!("another message") };
    assert_eq!((event.peripheral_id, event.peripheral_type), (1, 21));
    assert_eq!((event.call_type, event.connection_call_id), (CallType::ACD_IN, 0x0100_0110));
    assert_eq!(event.connection_device_id.as_deref(), Some("9026"));
    assert_eq!(event.ani.as_deref(), Some("2006"));
    assert_eq!((event.dnis.as_deref(), event.dialed_number.as_deref()), (Some("7000"), Some("7000")));
    assert!(event.other.is_empty());
    let again = Message::from(*event.clone()).encode(v16).unwrap();
    assert_eq!(again.len(), bytes(hex).len(), "the same fields in the printed order");
}

/// Put together from the values that a log names.
#[test]
fn a_desktop_of_uccx_opens_a_session() {
    let hex = "00000045 00000003 6678a862 00000010 00000064 00000000 00000007 0000267d 000001ff 0000000f
               00000000 00000000 00000000 01010002 01000601 00040635 32323933 00c20635 32323933 00";
    let Message::OpenReq(open) = read(hex, Dialect::uccx(16)) else { panic!("another message") };
    assert_eq!((open.invoke_id, open.version, open.idle_timeout_secs), (1_719_183_458, 16, 100));
    assert_eq!(open.services, Services(7));
    assert_eq!((open.call_events, open.agent_states, open.config_events), (0x267D, 0x1FF, 15));
    assert_eq!(open.agent_extension.as_deref(), Some("52293"));
    assert_eq!(open.agent_id_long.as_deref(), Some("52293"));
}

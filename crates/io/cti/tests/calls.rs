//! Calls over the link: events in the floor's words, orders as requests, what queries say.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use aplomb_cti::Config;
use floor::{
    Address, CallData, CallEvent, CallHappened, CallId, CallOrder, CallRequest, CallType, Cause, Connection,
    ConnectionState, CtiCommand, CtiInput, Device, DeviceKind, EccVariable, Operator, QueueRef, Supervision,
    Token,
};
use ged188::message::{
    AnswerCallConf, BeginCallEvent, CallConferencedEvent, CallDataUpdateEvent, CallDeliveredEvent,
    CallDevice, CallTransferredEvent, CallVariables, ConnectedParty, DeviceCall, EndCallEvent, MakeCallConf,
    NULL_ID, NamedArray, NamedVariable, SnapshotCallConf, SnapshotDeviceConf,
};
use ged188::{
    ConnectionIdType, ControlFailure, DeviceType, Dialect, EventCause, LocalConnectionState, Message,
    SupervisoryAction,
};
use peer::{Floor, Peer, Session, config, confirm};

const CALL: u32 = 16_777_300;

fn connection(call: u32, device: &str) -> Connection {
    Connection { call: CallId(call), dynamic: false, device: device.into() }
}

fn station(extension: &str) -> Device {
    Device { kind: DeviceKind::Station, address: extension.into() }
}

async fn opened() -> (Floor, Session, Peer) {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    let session = peer.accept_and_open().await;
    floor.expect_up().await;
    (floor, session, peer)
}

async fn told(message: impl Into<Message>) -> CallEvent {
    let (mut floor, mut session, _peer) = opened().await;
    session.send(message).await;
    match floor.input().await {
        CtiInput::Call(event) => event,
        other => panic!("not a call event: {other:?}"),
    }
}

fn variables(number: usize, value: &str) -> CallVariables {
    let mut variables = CallVariables::default();
    variables.set(number, value);
    variables
}

#[tokio::test]
async fn a_call_begins_with_its_data() {
    let begin = BeginCallEvent {
        call_type: ged188::CallType::PREROUTE_ACD_IN,
        connection_call_id: CALL,
        connection_device_id: Some("2004".into()),
        ani: Some("5551000".into()),
        dnis: Some("8005550000".into()),
        router_call_key_day: Some(155_400),
        router_call_key_call_id: Some(77),
        call_variables: variables(3, "gold"),
        named_variables: vec![NamedVariable { name: "user.level".into(), value: "7".into() }],
        named_arrays: vec![NamedArray { index: 2, name: "user.lines".into(), value: "x\u{1}".into() }],
        call_reference_id: Some(vec![0xAB, 0x01].into()),
        ..BeginCallEvent::default()
    };
    let event = told(begin).await;
    assert_eq!(event.connection, connection(CALL, "2004"));
    let CallHappened::Begun { call_type, data } = event.what else { panic!("{:?}", event.what) };
    assert_eq!(call_type, CallType::PrerouteAcdIn);
    assert_eq!(data.ani, Some(Address::from("5551000")));
    assert_eq!((data.dnis, data.dialed_number), (Some(Address::from("8005550000")), None));
    assert_eq!(data.variables[2].as_deref(), Some("gold"));
    assert_eq!(data.variables[3], None, "a variable that is not in the message says nothing");
    assert_eq!(data.router_call_key.map(|key| (key.day, key.call, key.sequence)), Some((155_400, 77, 0)));
    assert_eq!(data.call_guid.as_deref(), Some("ab01"));
    let level = EccVariable { name: "user.level".into(), index: None, value: "7".into() };
    let line = EccVariable { name: "user.lines".into(), index: Some(2), value: "x\u{FFFD}".into() };
    assert_eq!(data.ecc, [level, line]);
}

#[tokio::test]
async fn a_ringing_call_tells_its_devices_and_its_queue() {
    let delivered = CallDeliveredEvent {
        connection_call_id: CALL,
        connection_device_id: Some("2004".into()),
        connection_device_id_type: ConnectionIdType::DYNAMIC,
        skill_group_number: 29_808,
        skill_group_id: 5_001,
        alerting_device_type: DeviceType::AGENT_DEVICE,
        alerting_device_id: Some("2004".into()),
        calling_device_type: DeviceType::EXTERNAL,
        calling_device_id: Some("5551000".into()),
        local_connection_state: LocalConnectionState::ALERTING,
        event_cause: EventCause::NEW_CALL,
        ..CallDeliveredEvent::default()
    };
    let event = told(delivered).await;
    assert_eq!(event.cause, Cause::Other(22));
    assert!(event.connection.dynamic);
    let CallHappened::Delivered { alerting, calling, called, state, queue, .. } = event.what else {
        panic!("{:?}", event.what)
    };
    assert_eq!((alerting, state), (station("2004"), ConnectionState::Alerting));
    assert_eq!(calling, Device { kind: DeviceKind::External, address: "5551000".into() });
    assert_eq!(called, Device::default());
    assert_eq!(queue, Some(QueueRef { number: 29_808, id: Some(5_001) }));
}

#[tokio::test]
async fn joined_calls_tell_who_is_in_them() {
    let party = |device: &str| ConnectedParty {
        call_id: None,
        device_id_type: Some(ConnectionIdType::STATIC),
        device_id: Some(device.into()),
    };
    let conferenced = CallConferencedEvent {
        primary_call_id: CALL,
        primary_device_id: Some("2004".into()),
        secondary_call_id: CALL + 1,
        secondary_device_id: Some("2005".into()),
        controller_device_type: DeviceType::AGENT_DEVICE,
        controller_device_id: Some("2004".into()),
        event_cause: EventCause::KEY_CONFERENCE,
        parties: vec![party("2004"), party("2005"), party("5551000")],
        ..CallConferencedEvent::default()
    };
    let event = told(conferenced).await;
    assert_eq!((event.connection, event.cause), (connection(CALL, "2004"), Cause::Conference));
    let CallHappened::Conferenced { secondary, controller, parties, .. } = event.what else { panic!() };
    assert_eq!((secondary, controller), (connection(CALL + 1, "2005"), station("2004")));
    let expected = ["2004", "2005", "5551000"].map(|device| connection(CALL, device));
    assert_eq!(parties, expected);

    let single_step = CallTransferredEvent {
        primary_call_id: CALL,
        primary_device_id: Some("2004".into()),
        secondary_call_id: NULL_ID,
        event_cause: EventCause::X_BLIND_TRANSFER,
        ..CallTransferredEvent::default()
    };
    let event = told(single_step).await;
    assert_eq!(event.cause, Cause::Transfer);
    assert!(matches!(event.what, CallHappened::Transferred { secondary: None, .. }));
}

#[tokio::test]
async fn an_update_that_names_no_new_connection_keeps_the_old_one() {
    let update = CallDataUpdateEvent {
        connection_call_id: CALL,
        connection_device_id: Some("2004".into()),
        new_connection_call_id: NULL_ID,
        call_wrapup_data: Some("Sale".into()),
        ..CallDataUpdateEvent::default()
    };
    let event = told(update).await;
    let CallHappened::DataUpdated { new, call_type, data } = event.what else { panic!() };
    assert_eq!((new, call_type), (connection(CALL, "2004"), CallType::Unknown));
    assert_eq!((data.wrap_up.as_deref(), data.campaign), (Some("Sale"), None));

    let end = EndCallEvent { connection_call_id: CALL, ..EndCallEvent::default() };
    assert_eq!(told(end).await.what, CallHappened::Ended);
}

#[tokio::test]
async fn an_update_has_all_expanded_variables_from_version_22_on_and_not_before() {
    for (version, is_whole) in [(21, false), (22, true), (24, true)] {
        let peer = Peer::new().await;
        let mut floor = Floor::start(Config { version, ..config(&[&peer.address()]) });
        let mut session = peer.accept().await.speaking(Dialect::cce(version));
        let open = session.expect_open().await;
        session.send(confirm(&open)).await;
        floor.expect_up().await;
        session
            .send(CallDataUpdateEvent {
                connection_call_id: CALL,
                new_connection_call_id: NULL_ID,
                named_variables: vec![NamedVariable { name: "user.level".into(), value: "7".into() }],
                ..CallDataUpdateEvent::default()
            })
            .await;
        let CtiInput::Call(event) = floor.input().await else { panic!() };
        let CallHappened::DataUpdated { data, .. } = event.what else { panic!() };
        assert_eq!((data.ecc.len(), data.ecc_is_whole), (1, is_whole), "version {version}");
    }
}

fn order(token: u64, what: CallRequest) -> CtiCommand {
    let by = Operator { agent: "1001004".into(), instrument: "2004".into() };
    CtiCommand::Call(CallOrder { token: Token(token), by, what })
}

/// The request that an order becomes, by a hard look at its text.
async fn requested(what: CallRequest) -> Message {
    let (floor, mut session, _peer) = opened().await;
    floor.order(order(1, what)).await;
    session.request().await
}

#[tokio::test]
async fn every_order_becomes_its_request() {
    let own = || connection(CALL, "2004");
    let held = || connection(CALL - 1, "2004");
    let cases = [
        (CallRequest::Make { to: "2005".into(), data: Box::default() }, 56),
        (CallRequest::Answer { connection: own() }, 42),
        (CallRequest::Hold { connection: own() }, 54),
        (CallRequest::Retrieve { connection: own() }, 62),
        (CallRequest::Clear { connection: own(), requester: None }, 46),
        (CallRequest::Consult { active: own(), to: "2005".into() }, 50),
        (CallRequest::Transfer { active: own(), held: held() }, 64),
        (CallRequest::SingleStepTransfer { active: own(), to: "2005".into() }, 64),
        (CallRequest::Conference { active: own(), held: held() }, 48),
        (CallRequest::SendDtmf { connection: own(), digits: "12#".into() }, 91),
        (CallRequest::SetData { connection: own(), data: Box::default() }, 26),
    ];
    let (floor, mut session, _peer) = opened().await;
    for (token, (what, kind)) in (1..).zip(cases) {
        floor.order(order(token, what)).await;
        assert_eq!(session.request().await.kind(), kind);
    }
}

#[tokio::test]
async fn a_transfer_names_both_calls_and_a_single_step_one_only_the_active() {
    let transfer = CallRequest::Transfer { active: connection(9, "2004"), held: connection(8, "2004") };
    let Message::TransferCallReq(request) = requested(transfer).await else { panic!() };
    assert_eq!((request.active_connection_call_id, request.held_connection_call_id), (9, 8));
    assert_eq!(request.held_connection_device_id.as_deref(), Some("2004"));
    let single = CallRequest::SingleStepTransfer { active: connection(9, "2004"), to: "2005".into() };
    let Message::TransferCallReq(request) = requested(single).await else { panic!() };
    assert_eq!((request.active_connection_call_id, request.held_connection_call_id), (9, NULL_ID));
    assert_eq!((request.held_connection_device_id, request.dialed_number.as_deref()), (None, Some("2005")));
}

#[tokio::test]
async fn only_what_is_set_is_changed() {
    let mut data = Box::<CallData>::default();
    data.variables[0] = Some("silver".into());
    data.wrap_up = Some("Sale".into());
    data.ecc.push(EccVariable { name: "user.lines".into(), index: Some(1), value: "y".into() });
    let change = CallRequest::SetData { connection: connection(CALL, "2004"), data };
    let Message::SetCallDataReq(request) = requested(change).await else { panic!() };
    assert_eq!(request.call_variables.get(1), Some("silver"));
    assert_eq!(request.call_variables.get(2), None);
    assert_eq!(
        (request.call_type, request.call_wrapup_data.as_deref()),
        (ged188::CallType::NULL, Some("Sale"))
    );
    assert_eq!((request.named_arrays.len(), request.named_variables.len()), (1, 0));
}

#[tokio::test]
async fn a_supervisor_listens_with_the_own_instrument() {
    let supervise = CallRequest::Supervise {
        action: Supervision::Monitor,
        agent: connection(CALL, "2005"),
        target: Operator { agent: "1001005".into(), instrument: "2005".into() },
        supervisor: None,
    };
    let Message::SuperviseCallReq(request) = requested(supervise).await else { panic!() };
    assert_eq!(request.supervisory_action, SupervisoryAction::MONITOR);
    assert_eq!(request.supervisor_connection_call_id, NULL_ID);
    assert_eq!(request.supervisor_instrument.as_deref(), Some("2004"));
    assert_eq!(
        (request.agent_id.as_deref(), request.agent_instrument.as_deref()),
        (Some("1001005"), Some("2005"))
    );
}

#[tokio::test]
async fn outcomes_of_orders_come_back_with_what_they_made() {
    let (mut floor, mut session, _peer) = opened().await;
    floor.order(order(1, CallRequest::Make { to: "2005".into(), data: Box::default() })).await;
    let Message::MakeCallReq(request) = session.request().await else { panic!() };
    session
        .send(MakeCallConf {
            invoke_id: request.invoke_id,
            new_connection_call_id: CALL,
            new_connection_device_id: Some("2004".into()),
            ..MakeCallConf::default()
        })
        .await;
    let placed = CtiInput::Placed { token: Token(1), connection: connection(CALL, "2004") };
    assert_eq!(floor.input().await, placed);

    floor.order(order(2, CallRequest::Answer { connection: connection(CALL, "2004") })).await;
    let Message::AnswerCallReq(request) = session.request().await else { panic!() };
    session.send(AnswerCallConf { invoke_id: request.invoke_id, ..AnswerCallConf::default() }).await;
    assert_eq!(floor.input().await, CtiInput::Confirmed { token: Token(2) });

    floor.order(order(3, CallRequest::Hold { connection: connection(CALL, "2004") })).await;
    let Message::HoldCallReq(request) = session.request().await else { panic!() };
    let failure = ged188::message::ControlFailureConf::new(request.invoke_id, ControlFailure(24));
    session.send(failure).await;
    assert!(matches!(floor.input().await, CtiInput::Failed { token: Token(3), .. }));
}

#[tokio::test]
async fn queries_about_devices_and_calls_are_answered() {
    let (mut floor, mut session, _peer) = opened().await;
    let instrument = Address::from("2004");
    floor.order(CtiCommand::SnapshotDevice { token: Token(1), instrument }).await;
    let Message::SnapshotDeviceReq(request) = session.request().await else { panic!() };
    assert_eq!(request.agent_instrument.as_deref(), Some("2004"));
    let call = DeviceCall {
        call_id: Some(CALL),
        device_id: Some("2004".into()),
        state: Some(LocalConnectionState::HOLD),
        ..DeviceCall::default()
    };
    let calls = vec![call];
    session.send(SnapshotDeviceConf { invoke_id: request.invoke_id, calls, ..Default::default() }).await;
    let CtiInput::DeviceSnapshot { token: Token(1), calls } = floor.input().await else { panic!() };
    assert_eq!(
        (calls[0].connection.clone(), calls[0].state),
        (connection(CALL, "2004"), ConnectionState::Hold)
    );

    let asked = connection(CALL, "2004");
    floor.order(CtiCommand::SnapshotCall { token: Token(2), connection: asked }).await;
    let Message::SnapshotCallReq(request) = session.request().await else { panic!() };
    let device = CallDevice {
        call_id: Some(CALL),
        connection_device_id: Some("5551000".into()),
        device_type: Some(DeviceType::EXTERNAL),
        device_id: Some("5551000".into()),
        state: Some(LocalConnectionState::CONNECT),
        ..CallDevice::default()
    };
    session
        .send(SnapshotCallConf {
            invoke_id: request.invoke_id,
            call_type: ged188::CallType::OTHER_IN,
            ani: Some("5551000".into()),
            devices: vec![device],
            ..SnapshotCallConf::default()
        })
        .await;
    let CtiInput::CallSnapshot { token: Token(2), snapshot } = floor.input().await else { panic!() };
    assert_eq!((snapshot.call, snapshot.call_type), (CallId(CALL), CallType::OtherIn));
    assert_eq!(snapshot.data.ani, Some(Address::from("5551000")));
    assert_eq!(snapshot.parties[0].state, ConnectionState::Connect);
    assert_eq!(snapshot.parties[0].device.kind, DeviceKind::External);
}

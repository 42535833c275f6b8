//! What the model says, as a CTI server says it: the way back from the floor's words to GED-188, written from the
//! protocol and not from `io/cti`'s translation.

use aplomb_floor::*;
use ged188::message::*;
use ged188::{AgentState, ConnectionIdType, DeviceType, EventCause, LocalConnectionState, Message};

/// An event's message.
pub(crate) fn event(input: &CtiInput) -> Message {
    match input {
        CtiInput::AgentState(report) => agent(report).into(),
        CtiInput::Call(event) => call(event),
        other => panic!("no server says {other:?}"),
    }
}

fn agent(report: &AgentStateReport) -> AgentStateEvent {
    AgentStateEvent {
        agent_state: agent_state(report.state),
        agent_id: Some(report.agent.as_str().to_owned()),
        agent_extension: report.extension.clone(),
        agent_instrument: report.extension.clone(),
        client_signature: Some("Finesse".into()),
        event_reason_code: report.reason.unwrap_or(0),
        next_agent_state: report.next.map(agent_state),
        ..AgentStateEvent::default()
    }
}

pub(crate) fn agent_state(state: State) -> AgentState {
    match state {
        State::Logout => AgentState::LOGOUT,
        State::NotReady => AgentState::NOT_READY,
        State::Ready => AgentState::AVAILABLE,
        State::Talking => AgentState::TALKING,
        State::Reserved => AgentState::RESERVED,
        State::Hold => AgentState::HOLD,
        other => panic!("the model has no {other:?}"),
    }
}

fn device_type(device: &Device) -> DeviceType {
    match device.kind {
        DeviceKind::None => DeviceType::NONE,
        DeviceKind::RoutePoint => DeviceType::ROUTE_POINT,
        DeviceKind::External => DeviceType::EXTERNAL,
        _ => DeviceType::DEVICE_IDENTIFIER,
    }
}

fn text(address: &Address) -> Option<String> {
    Some(address.as_str().to_owned()).filter(|text| !text.is_empty())
}

pub(crate) fn party_state(state: ConnectionState) -> LocalConnectionState {
    match state {
        ConnectionState::Initiate => LocalConnectionState::INITIATE,
        ConnectionState::Alerting => LocalConnectionState::ALERTING,
        ConnectionState::Connect => LocalConnectionState::CONNECT,
        ConnectionState::Hold => LocalConnectionState::HOLD,
        other => panic!("the model has no {other:?}"),
    }
}

pub(crate) fn call_type(kind: CallType) -> ged188::CallType {
    match kind {
        CallType::PrerouteAcdIn => ged188::CallType::PREROUTE_ACD_IN,
        CallType::Consult => ged188::CallType::CONSULT,
        _ => ged188::CallType::NULL,
    }
}

pub(crate) fn variables(data: &CallData) -> CallVariables {
    CallVariables(data.variables.clone())
}

fn named(data: &CallData) -> Vec<NamedVariable> {
    let scalars = data.ecc.iter().filter(|known| known.index.is_none());
    scalars.map(|known| NamedVariable { name: known.name.clone(), value: known.value.clone() }).collect()
}

fn arrays(data: &CallData) -> Vec<NamedArray> {
    let element = |known: &EccVariable| {
        let index = known.index?;
        Some(NamedArray { index, name: known.name.clone(), value: known.value.clone() })
    };
    data.ecc.iter().filter_map(element).collect()
}

fn cause(cause: Cause) -> EventCause {
    match cause {
        Cause::NotAnswered => EventCause::CALL_NOT_ANSWERED,
        Cause::Transfer => EventCause::TRANSFER,
        Cause::Conference => EventCause::KEY_CONFERENCE,
        _ => EventCause::NONE,
    }
}

/// The three fields that name a connection, a device's two, and the cause: what call events have in common.
macro_rules! event {
    ($event:expr, $type:ident { $($kind:ident $id:ident = $device:expr),* } $($more:tt)*) => {
        Message::from($type {
            connection_call_id: $event.connection.call.0,
            connection_device_id_type: ConnectionIdType::STATIC,
            connection_device_id: text(&$event.connection.device),
            $($kind: device_type($device), $id: text(&$device.address),)*
            $($more)*
            ..$type::default()
        })
    };
}

fn call(event: &CallEvent) -> Message {
    let because = cause(event.cause);
    match &event.what {
        CallHappened::Begun { call_type, data } => event!(event, BeginCallEvent {}
            call_type: self::call_type(*call_type), call_variables: variables(data),
            dialed_number: data.dialed_number.as_ref().and_then(text),),
        CallHappened::DataUpdated { new, call_type, data } => event!(event, CallDataUpdateEvent {}
            new_connection_call_id: new.call.0, new_connection_device_id: text(&new.device),
            call_type: self::call_type(*call_type), call_variables: variables(data),
            named_variables: named(data), named_arrays: arrays(data),),
        CallHappened::ServiceInitiated { calling } => event!(event, CallServiceInitiatedEvent {
            calling_device_type calling_device_id = calling } event_cause: because,),
        CallHappened::Originated { calling, called } => event!(event, CallOriginatedEvent {
            calling_device_type calling_device_id = calling, called_device_type called_device_id = called }
            event_cause: because,),
        CallHappened::Delivered { alerting, calling, called, state, .. } => {
            event!(event, CallDeliveredEvent {
            alerting_device_type alerting_device_id = alerting,
            calling_device_type calling_device_id = calling, called_device_type called_device_id = called }
            local_connection_state: party_state(*state), event_cause: because,)
        }
        CallHappened::Established { answering, calling, called, .. } => event!(event, CallEstablishedEvent {
            answering_device_type answering_device_id = answering,
            calling_device_type calling_device_id = calling, called_device_type called_device_id = called }
            local_connection_state: LocalConnectionState::CONNECT, event_cause: because,),
        CallHappened::Diverted { diverting, called } => event!(event, CallDivertedEvent {
            diverting_device_type diverting_device_id = diverting, called_device_type called_device_id = called }
            event_cause: because,),
        CallHappened::Held { holding } => event!(event, CallHeldEvent {
            holding_device_type holding_device_id = holding } event_cause: because,),
        CallHappened::Retrieved { retrieving } => event!(event, CallRetrievedEvent {
            retrieving_device_type retrieving_device_id = retrieving } event_cause: because,),
        CallHappened::ConnectionCleared { releasing } => event!(event, CallConnectionClearedEvent {
            releasing_device_type releasing_device_id = releasing } event_cause: because,),
        CallHappened::Cleared => event!(event, CallClearedEvent {} event_cause: because,),
        CallHappened::Ended => event!(event, EndCallEvent {}),
        CallHappened::Transferred { .. } | CallHappened::Conferenced { .. } => joined(event, because),
        other => panic!("the model has no {other:?}"),
    }
}

fn joined(event: &CallEvent, because: EventCause) -> Message {
    let (first, at) = (event.connection.call.0, text(&event.connection.device));
    match &event.what {
        CallHappened::Transferred { secondary, transferring, transferred, parties } => {
            let secondary = secondary.as_ref().unwrap();
            Message::from(CallTransferredEvent {
                primary_call_id: first,
                primary_device_id: at,
                secondary_call_id: secondary.call.0,
                secondary_device_id: text(&secondary.device),
                transferring_device_type: device_type(transferring),
                transferring_device_id: text(&transferring.address),
                transferred_device_type: device_type(transferred),
                transferred_device_id: text(&transferred.address),
                event_cause: because,
                parties: parties.iter().map(party).collect(),
                ..CallTransferredEvent::default()
            })
        }
        CallHappened::Conferenced { secondary, controller, added, parties } => {
            Message::from(CallConferencedEvent {
                primary_call_id: first,
                primary_device_id: at,
                secondary_call_id: secondary.call.0,
                secondary_device_id: text(&secondary.device),
                controller_device_type: device_type(controller),
                controller_device_id: text(&controller.address),
                added_party_device_type: device_type(added),
                added_party_device_id: text(&added.address),
                event_cause: because,
                parties: parties.iter().map(party).collect(),
                ..CallConferencedEvent::default()
            })
        }
        other => panic!("{other:?} joins nothing"),
    }
}

fn party(connection: &Connection) -> ConnectedParty {
    ConnectedParty {
        call_id: Some(connection.call.0),
        device_id_type: Some(ConnectionIdType::STATIC),
        device_id: text(&connection.device),
    }
}

/// SNAPSHOT_DEVICE_CONF: the calls at a device.
pub(crate) fn device_snapshot(
    invoke_id: u32,
    device: &str,
    calls: Vec<(u32, ConnectionState)>,
) -> SnapshotDeviceConf {
    let entry = |(call, state)| ged188::message::DeviceCall {
        call_id: Some(call),
        device_id_type: Some(ConnectionIdType::STATIC),
        device_id: Some(device.to_owned()),
        state: Some(party_state(state)),
        ..ged188::message::DeviceCall::default()
    };
    SnapshotDeviceConf { invoke_id, calls: calls.into_iter().map(entry).collect(), ..Default::default() }
}

/// SNAPSHOT_CALL_CONF.
pub(crate) fn call_snapshot(invoke_id: u32, snapshot: &CallSnapshot) -> SnapshotCallConf {
    let party = |party: &SnapshotParty| CallDevice {
        call_id: Some(party.connection.call.0),
        connection_device_id_type: Some(ConnectionIdType::STATIC),
        connection_device_id: text(&party.connection.device),
        device_type: Some(device_type(&party.device)),
        device_id: text(&party.device.address),
        state: Some(party_state(party.state)),
    };
    SnapshotCallConf {
        invoke_id,
        call_type: call_type(snapshot.call_type),
        call_variables: variables(&snapshot.data),
        named_variables: named(&snapshot.data),
        named_arrays: arrays(&snapshot.data),
        dialed_number: snapshot.data.dialed_number.as_ref().and_then(text),
        devices: snapshot.parties.iter().map(party).collect(),
        ..SnapshotCallConf::default()
    }
}

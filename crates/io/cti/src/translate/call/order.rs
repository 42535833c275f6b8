//! Orders about calls as requests of GED-188 §9.4–9.6, and their confirmations.

use super::data::{named_arrays, named_variables, variables};
use super::words::{connection, id_type};
use crate::hygiene::Hygiene;
use floor::{Address, CallOrder, CallRequest, Connection, CtiInput, Supervision, Token};
use ged188::message::{
    AnswerCallReq, ClearConnectionReq, ConferenceCallReq, ConsultationCallReq, HoldCallReq, MakeCallReq,
    NULL_ID, RetrieveCallReq, SendDtmfSignalReq, SetCallDataReq, StartRecordingReq, SuperviseCallReq,
    TransferCallReq,
};
use ged188::{CallType, ConnectionIdType, Message, SupervisoryAction};

fn text(address: &Address) -> Option<String> {
    Some(address.as_str().to_owned()).filter(|text| !text.is_empty())
}

/// A request about one connection: the three fields that name it, and whose instrument it is done with.
macro_rules! about {
    ($type:ident, $peripheral_id:expr, $by:expr, $connection:expr) => {
        $type {
            peripheral_id: $peripheral_id,
            connection_call_id: $connection.call.0,
            connection_device_id_type: id_type($connection),
            connection_device_id: text(&$connection.device),
            agent_instrument: text(&$by.instrument),
            ..$type::default()
        }
    };
}

/// A request about two calls of which one is active and one held.
macro_rules! joining {
    ($type:ident, $peripheral_id:expr, $by:expr, $active:expr, $held:expr) => {
        $type {
            peripheral_id: $peripheral_id,
            active_connection_call_id: $active.call.0,
            active_connection_device_id_type: id_type($active),
            active_connection_device_id: text(&$active.device),
            held_connection_call_id: $held.call.0,
            held_connection_device_id_type: id_type($held),
            held_connection_device_id: text(&$held.device),
            agent_instrument: text(&$by.instrument),
            ..$type::default()
        }
    };
}

/// The request that carries an order.
pub(crate) fn request(order: &CallOrder, peripheral_id: u32) -> Message {
    let by = &order.by;
    match &order.what {
        CallRequest::Make { to, data } => Message::from(MakeCallReq {
            peripheral_id,
            skill_group_number: NULL_ID,
            agent_instrument: text(&by.instrument),
            dialed_number: text(to),
            call_variables: variables(data),
            call_wrapup_data: data.wrap_up.clone(),
            named_variables: named_variables(data),
            named_arrays: named_arrays(data),
            ..MakeCallReq::default()
        }),
        CallRequest::Answer { connection } => about!(AnswerCallReq, peripheral_id, by, connection).into(),
        CallRequest::Hold { connection } => about!(HoldCallReq, peripheral_id, by, connection).into(),
        CallRequest::StartRecording { connection } => Message::from(StartRecordingReq {
            agent_id: Some(by.agent.as_str().to_owned()),
            ..about!(StartRecordingReq, peripheral_id, by, connection)
        }),
        CallRequest::Retrieve { connection } => Message::from(RetrieveCallReq {
            peripheral_id,
            held_connection_call_id: connection.call.0,
            held_connection_device_id_type: id_type(connection),
            held_connection_device_id: text(&connection.device),
            agent_instrument: text(&by.instrument),
            ..RetrieveCallReq::default()
        }),
        CallRequest::Clear { connection, requester } => Message::from(ClearConnectionReq {
            requesting_device_id_type: match requester {
                Some(_) => ConnectionIdType::STATIC,
                None => ConnectionIdType::NONE,
            },
            requesting_device_id: requester.as_ref().and_then(text),
            ..about!(ClearConnectionReq, peripheral_id, by, connection)
        }),
        CallRequest::Consult { active, to } => Message::from(ConsultationCallReq {
            peripheral_id,
            active_connection_call_id: active.call.0,
            active_connection_device_id_type: id_type(active),
            active_connection_device_id: text(&active.device),
            agent_instrument: text(&by.instrument),
            dialed_number: text(to),
            ..ConsultationCallReq::default()
        }),
        CallRequest::Transfer { active, held } => {
            joining!(TransferCallReq, peripheral_id, by, active, held).into()
        }
        CallRequest::SingleStepTransfer { active, to } => Message::from(TransferCallReq {
            dialed_number: text(to),
            held_connection_call_id: NULL_ID,
            held_connection_device_id_type: ConnectionIdType::NONE,
            held_connection_device_id: None,
            ..joining!(TransferCallReq, peripheral_id, by, active, active)
        }),
        CallRequest::Conference { active, held } => {
            joining!(ConferenceCallReq, peripheral_id, by, active, held).into()
        }
        CallRequest::SendDtmf { connection, digits } => Message::from(SendDtmfSignalReq {
            dtmf_string: text(digits),
            ..about!(SendDtmfSignalReq, peripheral_id, by, connection)
        }),
        CallRequest::SetData { connection, data } => Message::from(SetCallDataReq {
            peripheral_id,
            connection_call_id: connection.call.0,
            connection_device_id_type: id_type(connection),
            connection_device_id: text(&connection.device),
            call_type: CallType::NULL,
            call_variables: variables(data),
            call_wrapup_data: data.wrap_up.clone(),
            named_variables: named_variables(data),
            named_arrays: named_arrays(data),
            ..SetCallDataReq::default()
        }),
        CallRequest::Supervise { action, agent, target, supervisor } => Message::from(SuperviseCallReq {
            peripheral_id,
            agent_connection_call_id: agent.call.0,
            agent_connection_device_id_type: id_type(agent),
            agent_connection_device_id: text(&agent.device),
            supervisor_connection_call_id: supervisor.as_ref().map_or(NULL_ID, |own| own.call.0),
            supervisor_connection_device_id_type: supervisor.as_ref().map_or(ConnectionIdType::NONE, id_type),
            supervisor_connection_device_id: supervisor.as_ref().and_then(|own| text(&own.device)),
            supervisory_action: match action {
                Supervision::Clear => SupervisoryAction::CLEAR,
                Supervision::Monitor => SupervisoryAction::MONITOR,
                Supervision::BargeIn => SupervisoryAction::BARGE_IN,
            },
            agent_extension: text(&target.instrument),
            agent_id: Some(target.agent.as_str().to_owned()),
            agent_instrument: text(&target.instrument),
            supervisor_instrument: text(&by.instrument),
            ..SuperviseCallReq::default()
        }),
    }
}

/// What a confirmation says of an order: the connection that it made, or that it was taken.
pub(crate) fn answer(message: &Message, token: Token, hygiene: &mut Hygiene) -> CtiInput {
    match placed(message, hygiene) {
        Some(connection) => CtiInput::Placed { token, connection },
        None => CtiInput::Confirmed { token },
    }
}

fn placed(message: &Message, hygiene: &mut Hygiene) -> Option<Connection> {
    macro_rules! new {
        ($conf:expr) => {
            (
                $conf.new_connection_call_id,
                $conf.new_connection_device_id_type,
                &$conf.new_connection_device_id,
            )
        };
    }
    let (call, kind, device) = match message {
        Message::MakeCallConf(conf) => new!(conf),
        Message::ConsultationCallConf(conf) => new!(conf),
        Message::TransferCallConf(conf) => new!(conf),
        Message::ConferenceCallConf(conf) => new!(conf),
        Message::SuperviseCallConf(conf) => {
            (conf.connection_call_id, conf.connection_device_id_type, &conf.connection_device_id)
        }
        _ => return None,
    };
    // a server that cannot tell the new call yet
    (!matches!(call, 0 | NULL_ID)).then(|| connection(call, kind, device.as_deref(), hygiene))
}

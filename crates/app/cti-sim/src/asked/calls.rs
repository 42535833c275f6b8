//! One call at one telephone.

use super::{Answer, Desk, variables};
use crate::exchange::{CallData, Exchange};
use ged188::message::{
    AnswerCallConf, AnswerCallReq, ClearCallConf, ClearCallReq, ClearConnectionConf, ClearConnectionReq,
    ClientEventReportConf, ClientEventReportReq, DeflectCallConf, DeflectCallReq, HoldCallConf, HoldCallReq,
    MakeCallConf, MakeCallReq, RegisterVariablesConf, RegisterVariablesReq, ReleaseCallConf, ReleaseCallReq,
    RetrieveCallConf, RetrieveCallReq, SendDtmfSignalConf, SendDtmfSignalReq, SetCallDataConf,
    SetCallDataReq,
};
use ged188::{ConnectionIdType, ControlFailure, LineType, Message, Status};

/// The telephone that a request is about: the one of the connection, else the agent's.
pub(super) fn device<'a>(
    connection: Option<&'a String>,
    instrument: Option<&'a String>,
) -> Result<&'a str, ControlFailure> {
    let named = connection.or(instrument).map(String::as_str).filter(|device| !device.is_empty());
    named.ok_or(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER)
}

pub(super) fn make(desk: &mut Desk<'_>, request: &MakeCallReq) -> Answer {
    let device = device(request.agent_instrument.as_ref(), None)?;
    let mut data = variables(&request.call_variables, &request.named_variables, &request.named_arrays);
    data.wrap_up.clone_from(&request.call_wrapup_data);
    data.check()?;
    let dialed = request.dialed_number.as_deref().unwrap_or_default();
    let id = desk.exchange.make_call(desk.now, device, dialed, &data)?;
    Ok(MakeCallConf {
        invoke_id: request.invoke_id,
        new_connection_call_id: id,
        new_connection_device_id_type: ConnectionIdType::STATIC,
        line_handle: 0,
        line_type: LineType::OUTBOUND,
        new_connection_device_id: Some(device.to_owned()),
        ..MakeCallConf::default()
    }
    .into())
}

pub(super) fn answer(desk: &mut Desk<'_>, request: &AnswerCallReq) -> Answer {
    let device = device(request.connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    desk.exchange.answer(desk.now, request.connection_call_id, device)?;
    Ok(AnswerCallConf { invoke_id: request.invoke_id, ..AnswerCallConf::default() }.into())
}

pub(super) fn hold(desk: &mut Desk<'_>, request: &HoldCallReq) -> Answer {
    let device = device(request.connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    desk.exchange.hold(desk.now, request.connection_call_id, device)?;
    Ok(HoldCallConf { invoke_id: request.invoke_id, ..HoldCallConf::default() }.into())
}

pub(super) fn retrieve(desk: &mut Desk<'_>, request: &RetrieveCallReq) -> Answer {
    let device = device(request.held_connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    desk.exchange.retrieve(desk.now, request.held_connection_call_id, device)?;
    Ok(RetrieveCallConf { invoke_id: request.invoke_id, ..RetrieveCallConf::default() }.into())
}

pub(super) fn clear(desk: &mut Desk<'_>, request: &ClearCallReq) -> Answer {
    let device = device(request.connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    desk.exchange.clear_call(desk.now, request.connection_call_id, device)?;
    Ok(ClearCallConf { invoke_id: request.invoke_id, ..ClearCallConf::default() }.into())
}

/// One's own end, or somebody else's when RequestingDeviceID or the agent's telephone is another.
pub(super) fn clear_connection(desk: &mut Desk<'_>, request: &ClearConnectionReq) -> Answer {
    let instrument = request.agent_instrument.as_ref();
    let number = device(request.connection_device_id.as_ref(), instrument)?;
    let requester = request.requesting_device_id.as_ref().or(instrument).map(String::as_str);
    let requester = requester.filter(|device| !device.is_empty());
    desk.exchange.clear_connection(desk.now, request.connection_call_id, number, requester)?;
    Ok(ClearConnectionConf { invoke_id: request.invoke_id, ..ClearConnectionConf::default() }.into())
}

pub(super) fn deflect(desk: &mut Desk<'_>, request: &DeflectCallReq) -> Answer {
    let device = device(request.connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let to = request.called_device_id.as_deref().unwrap_or_default();
    desk.exchange.deflect(desk.now, request.connection_call_id, device, to)?;
    Ok(DeflectCallConf { invoke_id: request.invoke_id, ..DeflectCallConf::default() }.into())
}

pub(super) fn tones(desk: &mut Desk<'_>, request: &SendDtmfSignalReq) -> Answer {
    let device = device(request.connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let tones = request.dtmf_string.as_deref().unwrap_or_default();
    desk.exchange.send_tones(request.connection_call_id, device, tones)?;
    Ok(SendDtmfSignalConf { invoke_id: request.invoke_id, ..SendDtmfSignalConf::default() }.into())
}

pub(super) fn set_data(desk: &mut Desk<'_>, request: &SetCallDataReq) -> Answer {
    let variables = variables(&request.call_variables, &request.named_variables, &request.named_arrays);
    let data = CallData {
        ani: request.ani.clone(),
        entered: request.caller_entered_digits.clone(),
        wrap_up: request.call_wrapup_data.clone(),
        ..variables
    };
    party_to(desk.exchange, request)?;
    desk.exchange.set_data(desk.now, request.connection_call_id, &data)?;
    Ok(SetCallDataConf { invoke_id: request.invoke_id, ..SetCallDataConf::default() }.into())
}

/// The connection has to be one of the call's, or the one that its first event named.
fn party_to(exchange: &Exchange, request: &SetCallDataReq) -> Result<(), Status> {
    let call = exchange.call(request.connection_call_id).ok_or(Status::INVALID_CALLID)?;
    let Some(device) = request.connection_device_id.as_deref().filter(|device| !device.is_empty()) else {
        return Ok(());
    };
    // Of a call that is wrapped up nobody is left.
    let known = call.parties.is_empty() || call.party(device).is_some() || call.first.number == device;
    if known { Ok(()) } else { Err(Status::NOT_CALL_PARTY) }
}

/// Nothing is held for one client alone, so there is nothing to let go of.
pub(super) fn release(request: &ReleaseCallReq) -> Message {
    ReleaseCallConf { invoke_id: request.invoke_id, ..ReleaseCallConf::default() }.into()
}

/// All variables are told to everybody.
pub(super) fn register(request: &RegisterVariablesReq) -> Message {
    RegisterVariablesConf { invoke_id: request.invoke_id, ..RegisterVariablesConf::default() }.into()
}

pub(super) fn report(request: &ClientEventReportReq) -> Message {
    tracing::info!(state = request.state, "a CTI client reports its state");
    ClientEventReportConf { invoke_id: request.invoke_id, ..ClientEventReportConf::default() }.into()
}

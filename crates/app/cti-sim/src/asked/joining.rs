//! Requests about two calls.

use super::calls::device;
use super::{Answer, Desk, variables};
use crate::exchange::Call;
use ged188::message::{
    AlternateCallConf, AlternateCallReq, ConferenceCallConf, ConferenceCallReq, ConnectedParty,
    ConsultationCallConf, ConsultationCallReq, NULL_ID, ReconnectCallConf, ReconnectCallReq,
    TransferCallConf, TransferCallReq,
};
use ged188::{ConnectionIdType, LineType};

pub(super) fn alternate(desk: &mut Desk<'_>, request: &AlternateCallReq) -> Answer {
    let device = device(request.active_connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let (active, other) = (request.active_connection_call_id, request.other_connection_call_id);
    desk.exchange.alternate(desk.now, active, other, device)?;
    Ok(AlternateCallConf { invoke_id: request.invoke_id, ..AlternateCallConf::default() }.into())
}

pub(super) fn reconnect(desk: &mut Desk<'_>, request: &ReconnectCallReq) -> Answer {
    let device = device(request.active_connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let (active, held) = (request.active_connection_call_id, request.held_connection_call_id);
    desk.exchange.reconnect(desk.now, active, held, device)?;
    Ok(ReconnectCallConf { invoke_id: request.invoke_id, ..ReconnectCallConf::default() }.into())
}

pub(super) fn consult(desk: &mut Desk<'_>, request: &ConsultationCallReq) -> Answer {
    let device = device(request.active_connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let data = variables(&request.call_variables, &request.named_variables, &request.named_arrays);
    data.check()?;
    let dialed = request.dialed_number.as_deref().unwrap_or_default();
    let id = desk.exchange.consult(desk.now, request.active_connection_call_id, device, dialed, &data)?;
    Ok(ConsultationCallConf {
        invoke_id: request.invoke_id,
        new_connection_call_id: id,
        new_connection_device_id_type: ConnectionIdType::STATIC,
        line_handle: 0,
        line_type: LineType::OUTBOUND,
        new_connection_device_id: Some(device.to_owned()),
        ..ConsultationCallConf::default()
    }
    .into())
}

/// Without a held call it is a transfer in one step.
pub(super) fn transfer(desk: &mut Desk<'_>, request: &TransferCallReq) -> Answer {
    let device = device(request.active_connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let (active, held) = (request.active_connection_call_id, request.held_connection_call_id);
    let id = match request.dialed_number.as_deref() {
        Some(dialed) if held == NULL_ID => desk.exchange.transfer_to(desk.now, active, device, dialed)?,
        _ => desk.exchange.transfer(desk.now, active, held, device)?,
    };
    Ok(TransferCallConf {
        invoke_id: request.invoke_id,
        new_connection_call_id: id,
        new_connection_device_id_type: ConnectionIdType::STATIC,
        line_handle: 0,
        line_type: LineType::INSIDE,
        new_connection_device_id: Some(device.to_owned()),
        parties: parties(desk.exchange.call(id)),
        ..TransferCallConf::default()
    }
    .into())
}

/// Without a held call somebody is called into the active one.
pub(super) fn conference(desk: &mut Desk<'_>, request: &ConferenceCallReq) -> Answer {
    let device = device(request.active_connection_device_id.as_ref(), request.agent_instrument.as_ref())?;
    let (active, held) = (request.active_connection_call_id, request.held_connection_call_id);
    let id = match request.dialed_number.as_deref() {
        Some(dialed) if held == NULL_ID => desk.exchange.conference_in(desk.now, active, device, dialed)?,
        _ => desk.exchange.conference(desk.now, active, held, device)?,
    };
    Ok(ConferenceCallConf {
        invoke_id: request.invoke_id,
        new_connection_call_id: id,
        new_connection_device_id_type: ConnectionIdType::STATIC,
        line_handle: 0,
        line_type: LineType::INSIDE,
        new_connection_device_id: Some(device.to_owned()),
        parties: parties(desk.exchange.call(id)),
        ..ConferenceCallConf::default()
    }
    .into())
}

fn parties(call: Option<&Call>) -> Vec<ConnectedParty> {
    let parties =
        call.into_iter().flat_map(|call| call.parties.iter().map(|party| (call.id, &party.endpoint)));
    let connected = parties.map(|(id, endpoint)| ConnectedParty {
        call_id: Some(id),
        device_id_type: Some(endpoint.connection_type()),
        device_id: Some(endpoint.number.clone()),
    });
    connected.collect()
}

//! What a client asks when it has missed something: devices and calls as they are.

use super::{Answer, Desk};
use crate::events::expanded;
use crate::exchange::call::Party;
use crate::limits;
use crate::replies::PERIPHERAL_TYPE;
use ged188::message::{
    CallDevice, CallVariables, DeviceCall, Line, QueryDeviceInfoConf, QueryDeviceInfoReq, SnapshotCallConf,
    SnapshotCallReq, SnapshotDeviceConf, SnapshotDeviceReq,
};
use ged188::{CallType, ConnectionIdType, ControlFailure, LineType};

/// TypeOfDevice: a line.
const LINE: u16 = 1;
/// ClassOfDevice: voice.
const VOICE: u16 = 0x80;
/// TransferConferenceSetup: after a consultation, or of any connected and any held call.
const JOINING: u32 = 0x1 | 0x2 | 0x4;
/// CallEventsSupported: every kind of call event that is simulated (bits as in CallMsgMask).
const CALL_EVENTS: u32 = 0x0007_EFFF | 0x0008_0000;
/// CallControlSupported: everything but MAKE_PREDICTIVE_CALL.
const CALL_CONTROL: u32 = 0x7_FFFF & !(1 << 11);

pub(super) fn info(desk: &mut Desk<'_>, request: &QueryDeviceInfoReq) -> Answer {
    let device = request.agent_instrument.as_deref().unwrap_or_default();
    if !desk.exchange.agents().has_device(device) {
        return Err(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER.into());
    }
    let calls_max = u16::try_from(limits::CALLS_PER_DEVICE_MAX).unwrap_or(u16::MAX);
    Ok(QueryDeviceInfoConf {
        invoke_id: request.invoke_id,
        peripheral_type: PERIPHERAL_TYPE,
        type_of_device: LINE,
        class_of_device: VOICE,
        max_active_calls: 1,
        max_held_calls: calls_max - 1,
        max_devices_in_conference: u16::try_from(limits::PARTIES_MAX).unwrap_or(u16::MAX),
        transfer_conference_setup: JOINING,
        call_events_supported: CALL_EVENTS,
        call_control_supported: CALL_CONTROL,
        lines: vec![Line { handle: Some(0), line_type: Some(LineType::INBOUND_ACD) }],
        ..QueryDeviceInfoConf::default()
    }
    .into())
}

pub(super) fn calls(desk: &mut Desk<'_>, request: &SnapshotDeviceReq) -> Answer {
    let device = request.agent_instrument.as_deref().unwrap_or_default();
    let calls = desk.exchange.calls_at(device).ok_or(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER)?;
    let calls = calls.into_iter().map(|call| DeviceCall {
        call_id: Some(call.id),
        device_id_type: Some(ConnectionIdType::STATIC),
        device_id: Some(device.to_owned()),
        state: Some(call.state.wire()),
        silent_monitor_status: Some(call.monitor),
    });
    let calls = calls.collect();
    Ok(SnapshotDeviceConf { invoke_id: request.invoke_id, calls, ..SnapshotDeviceConf::default() }.into())
}

pub(super) fn call(desk: &mut Desk<'_>, request: &SnapshotCallReq) -> Answer {
    let call = desk.exchange.call(request.connection_call_id);
    let call = call.ok_or(ControlFailure::INVALID_CSTA_CALL_IDENTIFIER)?;
    let (named_variables, named_arrays) = expanded(&call.data);
    let device = |party: &Party| CallDevice {
        call_id: Some(call.id),
        connection_device_id_type: Some(party.endpoint.connection_type()),
        connection_device_id: Some(party.endpoint.number.clone()),
        device_type: Some(party.endpoint.device_type()),
        device_id: Some(party.endpoint.number.clone()),
        state: Some(party.state.wire()),
    };
    let data = call.data.clone();
    Ok(SnapshotCallConf {
        invoke_id: request.invoke_id,
        call_type: CallType(call.call_type as u16),
        ani: data.ani,
        dnis: data.dnis,
        dialed_number: data.dialed,
        caller_entered_digits: data.entered,
        call_variables: CallVariables(data.variables),
        call_wrapup_data: data.wrap_up,
        named_variables,
        named_arrays,
        devices: call.parties.iter().map(device).collect(),
        ..SnapshotCallConf::default()
    }
    .into())
}

//! What queries say about devices and calls.

use super::data::{CallTexts, texts};
use super::words::{call_type, connection, device_of, id_type};
use crate::hygiene::Hygiene;
use floor::{Address, CallId, CallSnapshot, Connection, DeviceCall, MonitorStatus, SnapshotParty};
use ged188::message::{SnapshotCallConf, SnapshotCallReq, SnapshotDeviceConf, SnapshotDeviceReq};
use ged188::{DeviceType, Message};

/// SNAPSHOT_DEVICE_REQ.
pub(crate) fn device_request(instrument: &Address, peripheral_id: u32) -> Message {
    Message::from(SnapshotDeviceReq {
        peripheral_id,
        snapshot_device_type: DeviceType::DEVICE_IDENTIFIER,
        agent_instrument: Some(instrument.as_str().to_owned()),
        ..SnapshotDeviceReq::default()
    })
}

/// SNAPSHOT_CALL_REQ.
pub(crate) fn call_request(connection: &Connection, peripheral_id: u32) -> Message {
    Message::from(SnapshotCallReq {
        peripheral_id,
        connection_call_id: connection.call.0,
        connection_device_id_type: id_type(connection),
        connection_device_id: Some(connection.device.as_str().to_owned()),
        ..SnapshotCallReq::default()
    })
}

/// SNAPSHOT_DEVICE_CONF. An entry without a call id says nothing.
pub(crate) fn device(conf: &SnapshotDeviceConf, hygiene: &mut Hygiene) -> Vec<DeviceCall> {
    let call = |entry: &ged188::message::DeviceCall| {
        Some(DeviceCall {
            connection: connection(
                entry.call_id?,
                entry.device_id_type.unwrap_or_default(),
                entry.device_id.as_deref(),
                hygiene,
            ),
            state: super::told_state(entry.state),
            monitored: match entry.silent_monitor_status {
                Some(1) => MonitorStatus::Initiator,
                Some(2) => MonitorStatus::Target,
                _ => MonitorStatus::None,
            },
        })
    };
    conf.calls.iter().filter_map(call).collect()
}

/// SNAPSHOT_CALL_CONF. It is about the call that was asked for.
pub(crate) fn call(conf: &SnapshotCallConf, asked: CallId, hygiene: &mut Hygiene) -> CallSnapshot {
    let data = texts!(conf, hygiene; ani dnis dialed_number call_variables call_wrapup_data
        router_call_key_day router_call_key_call_id named_variables named_arrays call_reference_id)
    .into_data(None);
    let party = |entry: &ged188::message::CallDevice| SnapshotParty {
        connection: connection(
            entry.call_id.unwrap_or(asked.0),
            entry.connection_device_id_type.unwrap_or_default(),
            entry.connection_device_id.as_deref(),
            hygiene,
        ),
        device: device_of(entry.device_type.unwrap_or_default(), entry.device_id.as_deref(), hygiene),
        state: super::told_state(entry.state),
    };
    CallSnapshot {
        call: asked,
        call_type: call_type(conf.call_type),
        data,
        parties: conf.devices.iter().map(party).collect(),
    }
}

//! The server and its peripherals.

use crate::{Config, Role, config};
use floor::CtiInput;
use ged188::SystemEventId;
use ged188::message::{OpenConf, SystemEvent};

/// The session is open.
pub(crate) fn link_up(config: &Config, version: u32, server: &str) -> CtiInput {
    CtiInput::LinkUp {
        version,
        peripheral_id: config.peripheral_id,
        heartbeat_secs: u32::try_from(config.heartbeat.as_secs()).unwrap_or(u32::MAX),
        server: server.to_owned(),
    }
}

/// Says in the log what the server granted, and what it did not.
pub(crate) fn log_opened(conf: &OpenConf, version: u32, role: Role, server: &str) {
    tracing::info!(
        server,
        version,
        standby = role == Role::Standby,
        services = ?conf.services,
        pg_status = conf.pg_status,
        peripheral_online = conf.peripheral_online,
        "CTI link open"
    );
    if !conf.services.contains(config::SERVICES) {
        tracing::warn!(
            server,
            requested = ?config::SERVICES,
            granted = ?conf.services,
            "the CTI server granted fewer services than requested; some requests will fail"
        );
    }
}

/// Says in the log what SYSTEM_EVENT says. The floor has no use for it yet: a peripheral that goes off-line
/// also sends every agent's new state.
pub(crate) fn log_event(event: &SystemEvent, server: &str) {
    let argument = event.arguments[0];
    match event.event {
        SystemEventId::CENTRAL_CONTROLLER_OFFLINE
        | SystemEventId::PERIPHERAL_OFFLINE
        | SystemEventId::PERIPHERAL_GATEWAY_OFFLINE
        | SystemEventId::CTI_SERVER_OFFLINE
        | SystemEventId::INSTRUMENT_OUT_OF_SERVICE => {
            tracing::warn!(server, event = %event.event, argument, "the CTI server reports a failure");
        }
        _ => tracing::info!(server, event = %event.event, argument, "the CTI server reports"),
    }
}

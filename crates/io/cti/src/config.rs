//! What an operator can set about the link.

use crate::Backoff;
use ged188::client::Settings;
use ged188::message::OpenReq;
use ged188::{Dialect, Secret, Services};
use std::fmt;
use std::time::Duration;

/// Settings of the link.
#[derive(Clone)]
pub struct Config {
    /// `host:port` of each side of the CTI server pair, tried in turn.
    pub sides: Vec<String>,
    /// Protocol version to ask for.
    pub version: u32,
    /// The peripheral whose agents we serve.
    pub peripheral_id: u32,
    /// ClientID.
    pub client_id: String,
    /// ClientPassword; most servers want none.
    pub client_password: String,
    /// ClientSignature; it comes back in the events that our requests cause.
    pub client_signature: String,
    /// Time between heartbeats. GED-188 allows no less than 5 s; tests use less.
    pub heartbeat: Duration,
    /// How long a TCP connection may take.
    pub connect_timeout: Duration,
    /// How long OPEN_CONF may take.
    pub open_timeout: Duration,
    /// How long a confirmation may take.
    pub request_timeout: Duration,
    /// How long CLOSE_CONF may take.
    pub close_timeout: Duration,
    /// Waits between attempts.
    pub reconnect: Backoff,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            sides: Vec::new(),
            version: 24,
            peripheral_id: 5000,
            // COMPAT(finesse): servers and their reports know the agent desktop by this name.
            client_id: "Finesse".into(),
            client_password: String::new(),
            client_signature: "Finesse".into(),
            heartbeat: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            open_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(2),
            reconnect: Backoff::default(),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("sides", &self.sides)
            .field("version", &self.version)
            .field("peripheral_id", &self.peripheral_id)
            .field("client_id", &self.client_id)
            .field("client_password", &"[redacted]")
            .field("client_signature", &self.client_signature)
            .field("heartbeat", &self.heartbeat)
            .finish_non_exhaustive()
    }
}

/// What a desktop server needs: everyone's events, and control. Not ACTIVE_STANDBY: without it a standby side
/// refuses the session (status 107 or 15) and we go on to the other side.
pub(crate) const SERVICES: Services = Services(
    Services::ALL_EVENTS.0
        | Services::CLIENT_CONTROL.0
        | Services::CALL_DATA_UPDATE.0
        | Services::SUPERVISOR.0,
);

impl Config {
    /// The session to open.
    pub(crate) fn session(&self) -> Settings {
        let open = OpenReq {
            peripheral_id: self.peripheral_id,
            services: SERVICES,
            call_events: 0x0FFF_FFFF,
            agent_states: 0x3FFF,
            client_id: Some(self.client_id.clone()),
            client_password: Some(Secret::from_text(&self.client_password)),
            client_signature: Some(self.client_signature.clone()),
            ..OpenReq::default()
        };
        Settings {
            heartbeat: Some(self.heartbeat),
            open_timeout: self.open_timeout,
            request_timeout: self.request_timeout,
            close_timeout: self.close_timeout,
            ..Settings::new(Dialect::cce(self.version), open)
        }
    }
}

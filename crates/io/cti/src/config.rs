//! What an operator can set about the link.

use crate::{Reconnect, Recording};
use floor::QueueId;
use ged188::client::Settings;
use ged188::message::OpenReq;
use ged188::{Dialect, Secret, Services, Width};
use rustls::ClientConfig;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Settings of the link.
#[derive(Clone)]
pub struct Config {
    /// `host:port` of each side of the CTI server pair, tried in turn.
    pub sides: Vec<String>,
    /// Protocol version to ask for.
    pub version: u32,
    /// The lowest version to go down to when the server refuses a higher one.
    pub version_min: u32,
    /// Whose dialect of the protocol the server speaks.
    pub flavour: Flavour,
    /// Width of a floating field's tag and of its length, where the dialect's own do not fit.
    pub widths: (Option<Width>, Option<Width>),
    /// Keep a session with the standby side as well, from version 24 on, to be ready when it becomes active.
    pub active_standby: bool,
    /// TLS to the server; `None` for a plain connection.
    pub tls: Option<Arc<ClientConfig>>,
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
    /// How many unconfirmed heartbeats end the session.
    pub heartbeat_misses_max: u32,
    /// Silence after which the server may drop us; `None` for four heartbeats.
    pub idle_timeout: Option<Duration>,
    /// How long a TCP connection may take.
    pub connect_timeout: Duration,
    /// How long OPEN_CONF may take.
    pub open_timeout: Duration,
    /// How long a confirmation may take.
    pub request_timeout: Duration,
    /// How long CLOSE_CONF may take.
    pub close_timeout: Duration,
    /// Queues whose statistics are asked for.
    pub queues: Arc<[QueueId]>,
    /// How often.
    pub queue_interval: Duration,
    /// Where all sessions are recorded.
    pub record: Option<Recording>,
    /// Makes the replacements of one recording different from those of another.
    pub record_key: u64,
    /// Waits between attempts.
    pub reconnect: Reconnect,
    /// How long a side that refused us for good is left alone; `None`: until the next start.
    pub refused_retry: Option<Duration>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            sides: Vec::new(),
            version: 24,
            version_min: 9,
            flavour: Flavour::Cce,
            widths: (None, None),
            active_standby: true,
            tls: None,
            peripheral_id: 5000,
            // COMPAT(finesse): servers and their reports know the agent desktop by this name.
            client_id: "Finesse".into(),
            client_password: String::new(),
            client_signature: "Finesse".into(),
            heartbeat: Duration::from_secs(5),
            heartbeat_misses_max: ged188::limits::HEARTBEAT_MISSES_MAX,
            idle_timeout: None,
            connect_timeout: Duration::from_secs(5),
            open_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(2),
            queues: [].into(),
            queue_interval: Duration::from_secs(10),
            record: None,
            record_key: rand::random(),
            reconnect: Reconnect::default(),
            refused_retry: Some(Duration::from_secs(600)),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("sides", &self.sides)
            .field("version", &self.version)
            .field("version_min", &self.version_min)
            .field("flavour", &self.flavour)
            .field("tls", &self.tls.is_some())
            .field("peripheral_id", &self.peripheral_id)
            .field("client_id", &self.client_id)
            .field("client_password", &"[redacted]")
            .field("client_signature", &self.client_signature)
            .field("heartbeat", &self.heartbeat)
            .finish_non_exhaustive()
    }
}

/// Whose dialect of GED-188 a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Unified CCE's CTI Server.
    Cce,
    /// Unified CCX: other widths of floating fields, agents named in field 194, no queue statistics.
    Uccx,
}

/// What a desktop server needs: everyone's events, and control.
pub(crate) const SERVICES: Services = Services(
    Services::ALL_EVENTS.0
        | Services::CLIENT_CONTROL.0
        | Services::CALL_DATA_UPDATE.0
        | Services::SUPERVISOR.0,
);

/// Active and standby servers are told apart from this version on.
const STANDBY_SINCE: u32 = 24;

/// ActiveTerminal is known from this version on; UCCX counts its versions otherwise.
const TERMINALS_SINCE: (u32, u32) = (24, 18);

/// CALL_DATA_UPDATE_EVENT of CCE carries all expanded variables of the call from this version on, before only those that
/// are different.
const WHOLE_ECC_SINCE: u32 = 22;

impl Config {
    /// Whether a session with a standby side can be kept at this version.
    pub(crate) fn knows_standby(&self, version: u32) -> bool {
        self.active_standby && version >= STANDBY_SINCE && self.sides.len() > 1
    }

    /// Whether agents can choose among telephones that share an extension at this version.
    pub(crate) fn knows_terminals(&self, version: u32) -> bool {
        let (cce, uccx) = TERMINALS_SINCE;
        version >= if self.flavour == Flavour::Uccx { uccx } else { cce }
    }

    /// Whether the expanded variables of an update are all that a call has. UCCX has versions of its own, whose
    /// guide does not say so.
    pub(crate) fn updates_have_whole_ecc(&self, version: u32) -> bool {
        self.flavour == Flavour::Cce && version >= WHOLE_ECC_SINCE
    }

    /// How messages are written at this version.
    pub(crate) fn dialect(&self, version: u32) -> Dialect {
        let dialect = match self.flavour {
            Flavour::Cce => Dialect::cce(version),
            Flavour::Uccx => Dialect::uccx(version),
        };
        let (tag, length) = self.widths;
        Dialect {
            tag_width: tag.unwrap_or(dialect.tag_width),
            length_width: length.unwrap_or(dialect.length_width),
            ..dialect
        }
    }

    /// The session to open at this version.
    pub(crate) fn session(&self, version: u32) -> Settings {
        // Without the bit a standby side refuses the session (status 107 or 15) and the other side's turn comes.
        let standby = if self.knows_standby(version) { Services::ACTIVE_STANDBY.0 } else { 0 };
        let open = OpenReq {
            // UCCX: the slot is reserved
            peripheral_id: if self.flavour == Flavour::Uccx { 0 } else { self.peripheral_id },
            services: SERVICES | Services(standby),
            call_events: 0x0FFF_FFFF,
            agent_states: 0x3FFF,
            client_id: Some(self.client_id.clone()),
            client_password: Some(Secret::from_text(&self.client_password)),
            client_signature: Some(self.client_signature.clone()),
            ..OpenReq::default()
        };
        Settings {
            heartbeat: Some(self.heartbeat),
            heartbeat_misses_max: self.heartbeat_misses_max,
            idle_timeout: self.idle_timeout,
            open_timeout: self.open_timeout,
            request_timeout: self.request_timeout,
            close_timeout: self.close_timeout,
            ..Settings::new(self.dialect(version), open)
        }
    }
}

//! Settings of the CTI link.

use super::address;
use ::cti::{Config, Flavour, Reconnect, TlsError, TlsSettings, Width};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Cti {
    /// `host:port` of side A and side B. With the simulator on, empty means the simulator.
    #[serde(deserialize_with = "address::one_or_many")]
    pub(crate) sides: Vec<String>,
    pub(crate) peripheral_id: u32,
    /// Protocol version to begin with.
    pub(crate) version: u32,
    /// The lowest version to go down to.
    pub(crate) version_min: u32,
    /// `cce` or `uccx`.
    pub(crate) dialect: Dialect,
    /// Bytes of a floating field's tag and length; 0: as the dialect has them.
    pub(crate) tag_bytes: u8,
    pub(crate) length_bytes: u8,
    /// Keep a session with the standby side too, from version 24 on.
    pub(crate) active_standby: bool,
    pub(crate) heartbeat_secs: u64,
    /// Unconfirmed heartbeats that end the session.
    pub(crate) heartbeat_misses_max: u32,
    /// Silence after which the server may drop us; 0: four heartbeats.
    pub(crate) idle_timeout_secs: u64,
    pub(crate) connect_timeout_secs: u64,
    pub(crate) open_timeout_secs: u64,
    /// How long a request may take.
    pub(crate) request_timeout_secs: u64,
    /// The longest first wait after both sides failed, in tenths of a second: the number of the CTI server's clients.
    pub(crate) clients: u32,
    /// The waits after that one; the last repeats.
    pub(crate) reconnect_waits_secs: Vec<u64>,
    /// How long a side is left alone that refused us for good; 0: until the next start.
    pub(crate) refused_retry_secs: u64,
    /// How often queues' statistics are asked for; 0: not at all.
    pub(crate) queue_statistics_secs: u64,
    /// Directory in which all sessions are recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<PathBuf>,
    /// Record the bytes as they are.
    pub(crate) record_whole: bool,
    /// Bytes of the recording's files together; the oldest go first.
    pub(crate) record_bytes_max: u64,
    /// TLS to the CTI server.
    pub(crate) tls: bool,
    /// PEM file of the authorities to believe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// PEM files of our own certificate chain and its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_certificate: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Believe any certificate.
    pub(crate) tls_insecure: bool,
    pub(crate) client_id: String,
    pub(crate) client_password: String,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    Cce,
    Uccx,
}

impl Default for Cti {
    fn default() -> Self {
        let link = Config::default();
        Self {
            sides: Vec::new(),
            peripheral_id: link.peripheral_id,
            version: link.version,
            version_min: link.version_min,
            dialect: Dialect::Cce,
            tag_bytes: 0,
            length_bytes: 0,
            active_standby: link.active_standby,
            heartbeat_secs: link.heartbeat.as_secs(),
            heartbeat_misses_max: link.heartbeat_misses_max,
            idle_timeout_secs: 0,
            connect_timeout_secs: link.connect_timeout.as_secs(),
            open_timeout_secs: link.open_timeout.as_secs(),
            request_timeout_secs: link.request_timeout.as_secs(),
            clients: 20,
            reconnect_waits_secs: link.reconnect.waits.iter().map(Duration::as_secs).collect(),
            refused_retry_secs: link.refused_retry.map_or(0, |wait| wait.as_secs()),
            queue_statistics_secs: link.queue_interval.as_secs(),
            record: None,
            record_whole: false,
            record_bytes_max: 64 * 1024 * 1024,
            tls: false,
            tls_ca: None,
            tls_certificate: None,
            tls_key: None,
            tls_insecure: false,
            client_id: link.client_id,
            client_password: String::new(),
        }
    }
}

/// A setting of the link that cannot be used. The operator is at fault.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CtiError {
    #[error(
        "cti.version {version} and cti.version_min {min}: expected 9 to 25, the second not above the first"
    )]
    Versions { version: u32, min: u32 },
    #[error("{setting}: expected 0, 1 or 2 bytes, not {bytes}")]
    Width { setting: &'static str, bytes: u8 },
    #[error("cti.tls_certificate and cti.tls_key belong together")]
    HalfAnIdentity,
    #[error("cti.tls_ca, cti.tls_certificate, cti.tls_key, cti.tls_insecure: {0}")]
    Tls(#[from] TlsError),
}

impl Cti {
    /// What the link is told.
    pub(crate) fn link(&self, sides: Vec<String>) -> Result<Config, CtiError> {
        let (version, min) = (self.version, self.version_min);
        if !(9..=25).contains(&version) || !(9..=version).contains(&min) {
            return Err(CtiError::Versions { version, min });
        }
        let seconds = |secs: u64| Some(Duration::from_secs(secs)).filter(|time| !time.is_zero());
        Ok(Config {
            sides,
            version,
            version_min: min,
            flavour: match self.dialect {
                Dialect::Cce => Flavour::Cce,
                Dialect::Uccx => Flavour::Uccx,
            },
            widths: (width("cti.tag_bytes", self.tag_bytes)?, width("cti.length_bytes", self.length_bytes)?),
            active_standby: self.active_standby,
            tls: if self.tls { Some(self.tls()?.load()?) } else { None },
            peripheral_id: self.peripheral_id,
            client_id: self.client_id.clone(),
            client_password: self.client_password.clone(),
            heartbeat: Duration::from_secs(self.heartbeat_secs.max(1)),
            heartbeat_misses_max: self.heartbeat_misses_max.max(1),
            idle_timeout: seconds(self.idle_timeout_secs),
            connect_timeout: Duration::from_secs(self.connect_timeout_secs.max(1)),
            open_timeout: Duration::from_secs(self.open_timeout_secs.max(1)),
            request_timeout: Duration::from_secs(self.request_timeout_secs),
            reconnect: Reconnect {
                spread: Duration::from_millis(u64::from(self.clients) * 100),
                waits: self.reconnect_waits_secs.iter().copied().map(Duration::from_secs).collect(),
                ..Reconnect::default()
            },
            queue_interval: Duration::from_secs(self.queue_statistics_secs.max(1)),
            refused_retry: seconds(self.refused_retry_secs),
            ..Config::default()
        })
    }

    fn tls(&self) -> Result<TlsSettings, CtiError> {
        let identity = match (&self.tls_certificate, &self.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            _ => return Err(CtiError::HalfAnIdentity),
        };
        Ok(TlsSettings { ca: self.tls_ca.clone(), identity, insecure: self.tls_insecure })
    }
}

fn width(setting: &'static str, bytes: u8) -> Result<Option<Width>, CtiError> {
    match bytes {
        0 => Ok(None),
        1 => Ok(Some(Width::One)),
        2 => Ok(Some(Width::Two)),
        _ => Err(CtiError::Width { setting, bytes }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Cti)) -> String {
        let mut settings = Cti::default();
        change(&mut settings);
        settings.link(Vec::new()).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_named() {
        assert!(refused(|cti| cti.version = 26).contains("9 to 25"));
        assert!(refused(|cti| cti.version_min = 25).contains("cti.version_min"));
        assert!(refused(|cti| cti.tag_bytes = 3).contains("cti.tag_bytes"));
        assert!(refused(|cti| cti.tls = true).contains("cti.tls_ca"));
        let half = |cti: &mut Cti| (cti.tls, cti.tls_key) = (true, Some("key.pem".into()));
        assert!(refused(half).contains("belong together"));
    }

    #[test]
    fn the_first_wait_is_a_tenth_of_a_second_for_each_client() {
        let settings = Cti { clients: 500, ..Cti::default() };
        assert_eq!(settings.link(Vec::new()).unwrap().reconnect.spread, Duration::from_secs(50));
    }
}

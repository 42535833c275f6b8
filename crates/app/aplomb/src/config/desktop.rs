//! How desktops connect.

use super::Config;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Desktop {
    /// Which transport desktops take for events.
    pub(crate) connection: Connection,
    /// Whether they take the other one where this one does not get through.
    pub(crate) fallback: bool,
    /// After the server's end its desktops come back spread over so many seconds.
    pub(crate) reconnect_spread_secs: u32,
    /// What whoever signs in is told first; empty for nothing.
    #[serde(deserialize_with = "banner")]
    pub(crate) security_banner: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Connection {
    WebSocket,
    Bosh,
}

impl Default for Desktop {
    fn default() -> Self {
        Self {
            connection: Connection::WebSocket,
            fallback: true,
            reconnect_spread_secs: 5,
            security_banner: String::new(),
        }
    }
}

/// Characters of the banner (Finesse administration guide).
const BANNER_CHARS_MAX: usize = 220;

fn banner<'de, D: Deserializer<'de>>(value: D) -> Result<String, D::Error> {
    let text = String::deserialize(value)?;
    match text.chars().count() <= BANNER_CHARS_MAX {
        true => Ok(text),
        false => Err(D::Error::custom(format!("expected at most {BANNER_CHARS_MAX} characters"))),
    }
}

impl Config {
    /// What every desktop is told.
    pub(crate) fn for_desktops(&self) -> desktop::Settings {
        let wanted = &self.desktop;
        let mut connection = match wanted.connection {
            Connection::WebSocket => vec![desktop::Transport::WebSocket, desktop::Transport::Bosh],
            Connection::Bosh => vec![desktop::Transport::Bosh, desktop::Transport::WebSocket],
        };
        if !wanted.fallback {
            connection.truncate(1);
        }
        let websocket = self.presence.grace_secs;
        let bosh = websocket + u64::from(self.bosh.inactivity_secs);
        desktop::Settings {
            connection,
            reconnect_spread_secs: wanted.reconnect_spread_secs,
            sign_out_secs: desktop::SignOutSecs { websocket, bosh },
            mobile_agents: self.calls.mobile_agents && self.deployment() == floor::Deployment::Ucce,
            shared_extensions: !self.devices.is_empty(),
        }
    }
}

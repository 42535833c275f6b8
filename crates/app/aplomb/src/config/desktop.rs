//! How desktops connect.

use super::Config;
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Connection {
    WebSocket,
    Bosh,
}

impl Default for Desktop {
    fn default() -> Self {
        Self { connection: Connection::WebSocket, fallback: true, reconnect_spread_secs: 5 }
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
        }
    }
}

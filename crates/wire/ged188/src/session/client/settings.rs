//! What a session is to be.

use crate::message::OpenReq;
use crate::{Dialect, limits};
use std::time::Duration;

/// What a session is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The protocol version and the shape of its fields.
    pub dialect: Dialect,
    /// OPEN_REQ as it will be sent; the session fills in `invoke_id`, `version` and `idle_timeout_secs`.
    pub open: OpenReq,
    /// Time between heartbeats; `None` for none.
    pub heartbeat: Option<Duration>,
    /// IdleTimeout of OPEN_REQ; `None` for four heartbeats.
    pub idle_timeout: Option<Duration>,
    /// How many unconfirmed heartbeats end the session.
    pub heartbeat_misses_max: u32,
    /// How long OPEN_CONF may take. GED-188 asks for patience: more than 60 s when hundreds of clients open.
    pub open_timeout: Duration,
    /// How long a confirmation may take. Control requests are known to take 10 to 15 s on a busy switch.
    pub request_timeout: Duration,
    /// How long CLOSE_CONF may take.
    pub close_timeout: Duration,
    /// Requests that may wait at once.
    pub requests_max: usize,
    /// The longest message, header included.
    pub message_bytes_max: usize,
}

impl Settings {
    /// The protocol's recommended times and limits.
    pub fn new(dialect: Dialect, open: OpenReq) -> Self {
        Self {
            dialect,
            open,
            heartbeat: Some(Duration::from_secs(5)),
            idle_timeout: None,
            heartbeat_misses_max: limits::HEARTBEAT_MISSES_MAX,
            open_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(5),
            requests_max: limits::REQUESTS_MAX,
            message_bytes_max: limits::MESSAGE_BYTES_MAX,
        }
    }

    /// IdleTimeout: four heartbeats, at least the 20 s that a server accepts (GED-188, "Heartbeat Message").
    pub(super) fn idle_timeout_secs(&self) -> u32 {
        if let Some(idle_timeout) = self.idle_timeout {
            return u32::try_from(idle_timeout.as_secs()).unwrap_or(OpenReq::NO_IDLE_TIMEOUT);
        }
        self.heartbeat.map_or(OpenReq::NO_IDLE_TIMEOUT, |interval| {
            let four = (interval * 4).as_secs_f64().ceil();
            (four as u32).max(20)
        })
    }
}

//! What the server grants.

use crate::limits;

/// The terms on which sessions are made. Times are in whole seconds because the protocol names them so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The longest time a request is held; the client's `wait` is cut to it.
    pub wait_secs_max: u32,
    /// The wait of a client that names none.
    pub wait_secs_default: u32,
    /// How many requests are held at once; the client's `hold` is cut to it. `requests` is one more.
    pub hold_max: u32,
    /// How long a client may have no request open before its session ends.
    pub inactivity_secs: u32,
    /// The shortest time between two empty requests when the first was answered with nothing.
    pub polling_secs: u32,
    /// The longest pause that a client may ask for.
    pub maxpause_secs: u32,
    /// How many streams a session may have open (§16). With 1 clients are not told that there may be others, and
    /// cannot open any.
    pub streams_max: u32,
    /// The content codings in which the HTTP side reads requests, as clients are told them (`accept`, §7.2).
    pub accept: Option<&'static str>,
    /// Stanzas that may wait for a client between two requests.
    pub pending_stanzas_max: usize,
    /// Bytes of stanzas that may wait for a client between two requests. A response can be this long, and
    /// as many responses as `requests` are kept for repeats.
    pub pending_bytes_max: usize,
}

impl Default for Policy {
    /// The original's figures, where it has one.
    fn default() -> Self {
        Self {
            wait_secs_max: 60,
            wait_secs_default: 60,
            hold_max: 1,
            inactivity_secs: 60,
            polling_secs: 5,
            maxpause_secs: 300,
            streams_max: 4,
            accept: None,
            pending_stanzas_max: 1_000,
            pending_bytes_max: 1024 * 1024,
        }
    }
}

impl Policy {
    /// The same terms with every figure inside what the arithmetic can bear.
    pub(crate) fn bounded(self) -> Self {
        let period = |secs: u32| secs.min(limits::PERIOD_SECS_MAX);
        Self {
            wait_secs_max: period(self.wait_secs_max),
            wait_secs_default: period(self.wait_secs_default),
            hold_max: self.hold_max.min(limits::HOLD_MAX),
            inactivity_secs: period(self.inactivity_secs),
            polling_secs: period(self.polling_secs),
            maxpause_secs: period(self.maxpause_secs),
            streams_max: self.streams_max.clamp(1, limits::STREAMS_MAX),
            ..self
        }
    }
}

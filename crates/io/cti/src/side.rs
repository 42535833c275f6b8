//! One side of a CTI server pair, as far as it is known.

use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A side, with the version to ask it for and whether to ask it at all.
pub(crate) struct Side {
    address: Arc<str>,
    version: u32,
    barred: Bar,
}

/// Whether a side has refused us for good.
enum Bar {
    No,
    Until(Instant),
    ForEver,
}

/// Far enough not to come.
const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3_600);

impl Side {
    pub(crate) fn new(address: &str, version: u32) -> Self {
        Self { address: address.into(), version, barred: Bar::No }
    }

    /// `host:port`.
    pub(crate) fn address(&self) -> &Arc<str> {
        &self.address
    }

    /// The version to ask for: the one that was agreed on last, or the highest that was not refused.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    pub(crate) fn set_version(&mut self, version: u32) {
        self.version = version;
    }

    /// Leaves the side alone for a time, or until the next start.
    pub(crate) fn bar(&mut self, now: Instant, wait: Option<Duration>) {
        self.barred = wait.map_or(Bar::ForEver, |wait| Bar::Until(now + wait));
    }

    /// Until when it is left alone; `None` when it may be asked.
    pub(crate) fn barred_until(&self, now: Instant) -> Option<Instant> {
        match self.barred {
            Bar::No => None,
            Bar::Until(until) => Some(until).filter(|until| *until > now),
            Bar::ForEver => Some(now + NEVER),
        }
    }
}

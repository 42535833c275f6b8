//! Connections that are closed because nothing came of them, by name.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Why a connection was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Nothing was asked for in time.
    Silent,
    /// A request's head began and did not end in time (slowloris).
    SlowHead,
    /// The TLS handshake did not end in time, or failed.
    Handshake,
}

impl Reason {
    /// The name in the log and of the metric's label.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SlowHead => "slow-head",
            Self::Handshake => "tls-handshake",
        }
    }
}

/// What operators count.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    given_up: Family<[(&'static str, &'static str); 1], Counter>,
}

impl Metrics {
    /// Makes the metrics known under their names.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let help = "Connections closed because nothing came of them, by reason";
        registry.register("aplomb_connections_given_up", help, metrics.given_up.clone());
        metrics
    }

    pub(crate) fn count(&self, reason: Reason) {
        self.given_up.get_or_create(&[("reason", reason.name())]).inc();
    }
}

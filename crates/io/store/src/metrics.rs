//! Numbers for the operator.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// The store's numbers. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    pub(crate) healthy: Gauge,
    pub(crate) commits: Counter,
    pub(crate) commit_seconds: Histogram,
    pub(crate) changes: Counter,
    pub(crate) failures: Counter,
    pub(crate) refused: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let healthy = Gauge::default();
        healthy.set(1);
        Self {
            healthy,
            commits: Counter::default(),
            commit_seconds: Histogram::new(exponential_buckets(0.000_25, 4.0, 9)),
            changes: Counter::default(),
            failures: Counter::default(),
            refused: Counter::default(),
        }
    }
}

impl Metrics {
    /// Numbers that the registry shows.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let store = registry.sub_registry_with_prefix("aplomb_store");
        store.register("healthy", "1 while what is changed becomes durable", metrics.healthy.clone());
        store.register("commits", "Transactions that are durable", metrics.commits.clone());
        store.register(
            "commit_seconds",
            "Time from the begin of a transaction until the disk has it",
            metrics.commit_seconds.clone(),
        );
        store.register("changes", "Changes that are durable", metrics.changes.clone());
        store.register("failures", "Transactions that the database failed", metrics.failures.clone());
        store.register("refused", "Orders that were refused", metrics.refused.clone());
        metrics
    }
}

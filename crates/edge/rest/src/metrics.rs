//! Numbers for the operator.

use http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The web service's counters. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    forbidden_characters: ForbiddenCharacters,
    times: Arc<Times>,
}

/// How long requests took since the start.
#[derive(Debug, Default)]
pub(crate) struct Times {
    count: AtomicU64,
    total_us: AtomicU64,
    longest_us: AtomicU64,
}

impl Times {
    fn add(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.total_us.fetch_add(us, Ordering::Relaxed);
        self.longest_us.fetch_max(us, Ordering::Relaxed);
    }

    /// Of all requests, in whole milliseconds.
    pub(crate) fn average_ms(&self) -> u64 {
        let total = self.total_us.load(Ordering::Relaxed);
        total.checked_div(self.count.load(Ordering::Relaxed)).unwrap_or(0) / 1_000
    }

    /// Of the slowest one, in whole milliseconds.
    pub(crate) fn longest_ms(&self) -> u64 {
        self.longest_us.load(Ordering::Relaxed) / 1_000
    }
}

/// Characters that XML forbids, by `source` and `field`. One family for every door they come in by: whoever
/// owns the registry registers it once.
pub type ForbiddenCharacters = Family<[(&'static str, &'static str); 2], Counter>;

/// The resource is a pattern, never a path that a client made up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    resource: String,
    method: &'static str,
    status: u16,
}

impl Metrics {
    /// Counters that the registry shows; `forbidden_characters` is shown already.
    pub fn register(registry: &mut Registry, forbidden_characters: ForbiddenCharacters) -> Self {
        let metrics = Self { forbidden_characters, ..Self::default() };
        registry.register(
            "aplomb_rest_requests",
            "Requests of the web service by resource, method and status",
            metrics.requests.clone(),
        );
        metrics
    }

    /// How long requests took.
    pub(crate) fn times(&self) -> &Times {
        &self.times
    }

    pub(crate) fn count_request(&self, resource: &str, method: &Method, status: StatusCode, took: Duration) {
        self.times.add(took);
        let labels = RequestLabels {
            resource: resource.to_owned(),
            method: method_name(method),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
    }

    pub(crate) fn count_forbidden_character(&self, field: &'static str) {
        self.forbidden_characters.get_or_create(&[("source", "rest"), ("field", field)]).inc();
    }
}

/// Clients may invent methods; labels may not grow with them.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_and_the_longest_of_requests_are_known() {
        let times = Times::default();
        assert_eq!((times.average_ms(), times.longest_ms()), (0, 0));
        for ms in [10, 40, 13] {
            times.add(Duration::from_millis(ms));
        }
        assert_eq!((times.average_ms(), times.longest_ms()), (21, 40));
    }
}

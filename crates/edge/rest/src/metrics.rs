//! Numbers for the operator.

use http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The web service's counters. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    forbidden_characters: Family<ForbiddenLabels, Counter>,
}

/// The resource is a pattern, never a path that a client made up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    resource: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ForbiddenLabels {
    source: &'static str,
    field: &'static str,
}

impl Metrics {
    /// Counters that the registry shows.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        registry.register(
            "aplomb_rest_requests",
            "Requests of the web service by resource, method and status",
            metrics.requests.clone(),
        );
        registry.register(
            "aplomb_forbidden_characters",
            "Texts with a character that XML forbids, by where it came from",
            metrics.forbidden_characters.clone(),
        );
        metrics
    }

    pub(crate) fn count_request(&self, resource: &str, method: &Method, status: StatusCode) {
        let labels = RequestLabels {
            resource: resource.to_owned(),
            method: method_name(method),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
    }

    pub(crate) fn count_forbidden_character(&self, field: &'static str) {
        self.forbidden_characters.get_or_create(&ForbiddenLabels { source: "rest", field }).inc();
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

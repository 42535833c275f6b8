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
    forbidden_characters: ForbiddenCharacters,
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

    pub(crate) fn count_request(&self, resource: &str, method: &Method, status: StatusCode) {
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

//! Prometheus: the registry and its listener.

use http::{Response, StatusCode, header};
use listen::{Listener, Peer, Socket};
use notify::Notification;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct NoteLabel {
    note: &'static str,
}

/// Characters that XML forbids, whatever door they came in by: one family for all who count them.
pub(crate) type ForbiddenCharacters = Family<[(&'static str, &'static str); 2], Counter>;

pub(crate) fn forbidden_characters(registry: &mut Registry) -> ForbiddenCharacters {
    let family = ForbiddenCharacters::default();
    let help = "Characters that XML forbids, refused or replaced, by where they came from and in which field";
    registry.register("aplomb_forbidden_characters", help, family.clone());
    family
}

/// What the floor's owner counts.
#[derive(Clone, Default)]
pub(crate) struct FloorMetrics {
    notes: Family<NoteLabel, Counter>,
    forbidden_characters: ForbiddenCharacters,
}

impl FloorMetrics {
    pub(crate) fn register(registry: &mut Registry, forbidden_characters: ForbiddenCharacters) -> Self {
        let metrics = Self { forbidden_characters, ..Self::default() };
        registry.register("aplomb_floor_notes", "Lines of the floor's story, by kind", metrics.notes.clone());
        metrics
    }

    pub(crate) fn note(&self, note: &'static str) {
        self.notes.get_or_create(&NoteLabel { note }).inc();
    }

    /// Counts, and tells, the characters that were replaced in what is published.
    pub(crate) fn replaced(&self, notification: &Notification) {
        for (element, count) in &notification.replaced {
            let labels = [("source", "notify"), ("field", *element)];
            self.forbidden_characters.get_or_create(&labels).inc_by(*count as u64);
            let node = &notification.node;
            tracing::warn!(element, count, node, "characters that XML forbids were replaced");
        }
    }
}

/// Serves `GET /metrics`.
pub(crate) async fn serve(listener: Listener, registry: Registry) {
    let registry = Arc::new(registry);
    let handle = move |socket: Socket, _: Peer| {
        let registry = registry.clone();
        listen::http::serve(socket, move |request: http::Request<hyper::body::Incoming>, _| {
            std::future::ready(answer(request.uri().path(), &registry))
        })
    };
    listener.run(handle).await;
}

fn answer(path: &str, registry: &Registry) -> Response<axum::body::Body> {
    let mut text = String::new();
    let status = match path {
        "/metrics" if encode(&mut text, registry).is_ok() => StatusCode::OK,
        "/metrics" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::NOT_FOUND,
    };
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

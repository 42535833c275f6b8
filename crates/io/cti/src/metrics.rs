//! What the link counts. Labels are fixed words, never what a peer sends.

use ged188::client::Counters;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Direction {
    direction: &'static str,
}

/// Characters that XML forbids, by `source` and `field`. One family for every door they come in by: whoever
/// owns the registry registers it once.
pub type ForbiddenCharacters = Family<[(&'static str, &'static str); 2], Counter>;

/// The link's metrics. A clone counts into the same numbers; `default()` counts for nobody.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    frames: Family<Direction, Counter>,
    unknown_types: Counter,
    unknown_fields: Counter,
    malformed: Counter,
    unexpected: Counter,
    late: Counter,
    heartbeats_missed: Counter,
    reconnects: Counter,
    up: Gauge,
    forbidden_characters: ForbiddenCharacters,
}

impl Metrics {
    /// Makes the metrics and adds them to the registry, where `forbidden_characters` is already.
    pub fn register(registry: &mut Registry, forbidden_characters: ForbiddenCharacters) -> Self {
        let metrics = Self { forbidden_characters, ..Self::default() };
        registry.register("aplomb_cti_frames", "CTI messages by direction", metrics.frames.clone());
        registry.register(
            "aplomb_cti_unknown_message_types",
            "CTI messages of a type that we do not know; skipped",
            metrics.unknown_types.clone(),
        );
        registry.register(
            "aplomb_cti_unknown_fields",
            "Floating fields that we do not know; skipped",
            metrics.unknown_fields.clone(),
        );
        registry.register(
            "aplomb_cti_malformed_messages",
            "CTI messages of a known type with a broken body; skipped",
            metrics.malformed.clone(),
        );
        registry.register(
            "aplomb_cti_unexpected_messages",
            "CTI messages without a place in the session, such as confirmations that nobody asked for",
            metrics.unexpected.clone(),
        );
        registry.register(
            "aplomb_cti_late_confirmations",
            "Confirmations of requests that had timed out",
            metrics.late.clone(),
        );
        registry.register(
            "aplomb_cti_heartbeats_missed",
            "Heartbeats still unconfirmed when the next was due",
            metrics.heartbeats_missed.clone(),
        );
        registry.register(
            "aplomb_cti_reconnects",
            "Attempts to connect after the first",
            metrics.reconnects.clone(),
        );
        registry.register(
            "aplomb_cti_link_up",
            "1 while a session with the CTI server is open",
            metrics.up.clone(),
        );
        metrics
    }

    pub(crate) fn set_up(&self, up: bool) {
        self.up.set(up.into());
    }

    pub(crate) fn reconnect(&self) {
        self.reconnects.inc();
    }

    pub(crate) fn forbidden_characters(&self, field: &'static str, count: u64) {
        self.forbidden_characters.get_or_create(&[("source", "cti"), ("field", field)]).inc_by(count);
    }

    /// Adds what a session has seen since `before`.
    pub(crate) fn add(&self, before: Counters, now: Counters) {
        let frames = |direction| self.frames.get_or_create(&Direction { direction });
        frames("in").inc_by(now.frames_in - before.frames_in);
        frames("out").inc_by(now.frames_out - before.frames_out);
        self.unknown_types.inc_by(now.unknown_types - before.unknown_types);
        self.unknown_fields.inc_by(now.unknown_fields - before.unknown_fields);
        self.malformed.inc_by(now.malformed - before.malformed);
        self.unexpected.inc_by(now.unexpected - before.unexpected);
        self.late.inc_by(now.late - before.late);
        self.heartbeats_missed.inc_by(now.heartbeats_missed - before.heartbeats_missed);
    }
}

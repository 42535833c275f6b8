//! What operators count.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// How a client is connected.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct TransportLabel {
    /// `bosh`, `tcp` or `websocket`.
    pub transport: &'static str,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Ended {
    /// `bosh`, `tcp` or `websocket`.
    pub transport: &'static str,
    /// The reason's name.
    pub reason: &'static str,
}

/// What a peer did wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Fault {
    /// The condition it was told.
    pub condition: &'static str,
}

/// What stood in the way of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Refused {
    /// A setting, or `store`.
    pub limit: &'static str,
}

/// Characters that XML forbids, by source and field: a family that other services count in as well.
pub type ForbiddenCharacters = Family<[(&'static str, &'static str); 2], Counter>;

/// The service's metrics.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Open sessions.
    pub sessions: Family<TransportLabel, Gauge>,
    /// Ended sessions.
    pub ended: Family<Ended, Counter>,
    /// Events handed to sessions.
    pub deliveries: Counter,
    /// Events published.
    pub publications: Counter,
    /// Requests and streams that broke a rule.
    pub faults: Family<Fault, Counter>,
    /// Addresses given to a client because another one with the same address displaced it again and again.
    pub displacement_loop_resources: Counter,
    /// Sessions that went on with another connection.
    pub resumed: Counter,
    /// Characters that XML forbids.
    pub forbidden_characters: ForbiddenCharacters,
    /// Requests refused because a bound was reached.
    pub refused: Family<Refused, Counter>,
    /// Failed sign-ins.
    pub sign_in_failures: Counter,
    /// BOSH polls that came almost too late.
    pub late_polls: Counter,
    /// BOSH requests whose connection ended before their answer.
    pub cut_polls: Counter,
}

impl Metrics {
    /// Makes the metrics known under their names; `forbidden_characters` is known already.
    pub fn register(registry: &mut Registry, forbidden_characters: ForbiddenCharacters) -> Self {
        let metrics = Self { forbidden_characters, ..Self::default() };
        let registry = registry.sub_registry_with_prefix("aplomb_notification");
        registry.register("sessions", "Open sessions", metrics.sessions.clone());
        registry.register("sessions_ended", "Ended sessions by reason", metrics.ended.clone());
        registry.register("deliveries", "Events handed to sessions", metrics.deliveries.clone());
        registry.register("publications", "Events published", metrics.publications.clone());
        registry.register("peer_faults", "Requests and streams that broke a rule", metrics.faults.clone());
        let resources = metrics.displacement_loop_resources.clone();
        registry.register(
            "displacement_loop_resources",
            "Addresses given because two clients displaced each other",
            resources,
        );
        let resumed = metrics.resumed.clone();
        registry.register("resumed", "Sessions that went on with another connection", resumed);
        registry.register("refused", "Requests refused because a bound was reached", metrics.refused.clone());
        let late = "BOSH polls that came after two thirds of the inactivity time or later";
        registry.register("late_polls", late, metrics.late_polls.clone());
        let cut = "BOSH requests whose connection ended before their answer";
        registry.register("cut_polls", cut, metrics.cut_polls.clone());
        registry.register("sign_in_failures", "Failed sign-ins", metrics.sign_in_failures.clone());
        metrics
    }

    pub(crate) fn opened(&self, transport: &'static str) {
        self.sessions.get_or_create(&TransportLabel { transport }).inc();
    }

    /// A session left a connection for another one, which counts it.
    pub(crate) fn moved(&self, transport: &'static str) {
        self.sessions.get_or_create(&TransportLabel { transport }).dec();
    }

    pub(crate) fn closed(&self, transport: &'static str, reason: bosh::Reason) {
        self.sessions.get_or_create(&TransportLabel { transport }).dec();
        let ended = Ended { transport, reason: reason.as_str() };
        self.ended.get_or_create(&ended).inc();
    }

    pub(crate) fn refused(&self, limit: &'static str) {
        self.refused.get_or_create(&Refused { limit }).inc();
    }

    pub(crate) fn forbidden_character(&self, field: &'static str) {
        self.forbidden_characters.get_or_create(&[("source", "xmpp"), ("field", field)]).inc();
    }

    pub(crate) fn fault(&self, condition: &'static str) {
        self.faults.get_or_create(&Fault { condition }).inc();
    }
}

//! Stanza errors (RFC 6120 §8.3).

use crate::ns;
use std::fmt;
use xml::Writer;

/// A defined condition, with the error type that RFC 6120 §8.3.3 recommends for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Malformed request.
    BadRequest,
    /// The resource exists already.
    Conflict,
    /// Not implemented by the addressed service.
    FeatureNotImplemented,
    /// Not permitted, whoever asks.
    Forbidden,
    /// Our fault.
    InternalServerError,
    /// No such thing.
    ItemNotFound,
    /// An address that is not a JID.
    JidMalformed,
    /// Understood, but against the rules of the service.
    NotAcceptable,
    /// Nobody may do this here.
    NotAllowed,
    /// Not permitted for this requester.
    NotAuthorized,
    /// A local limit.
    PolicyViolation,
    /// Too busy, or a bound was reached.
    ResourceConstraint,
    /// No such service here.
    ServiceUnavailable,
    /// The request is out of order.
    UnexpectedRequest,
}

impl Condition {
    /// Element name of the condition.
    pub fn name(self) -> &'static str {
        self.parts().0
    }

    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::BadRequest => ("bad-request", "modify"),
            Self::Conflict => ("conflict", "cancel"),
            Self::FeatureNotImplemented => ("feature-not-implemented", "cancel"),
            Self::Forbidden => ("forbidden", "auth"),
            Self::InternalServerError => ("internal-server-error", "cancel"),
            Self::ItemNotFound => ("item-not-found", "cancel"),
            Self::JidMalformed => ("jid-malformed", "modify"),
            Self::NotAcceptable => ("not-acceptable", "modify"),
            Self::NotAllowed => ("not-allowed", "cancel"),
            Self::NotAuthorized => ("not-authorized", "auth"),
            Self::PolicyViolation => ("policy-violation", "modify"),
            Self::ResourceConstraint => ("resource-constraint", "wait"),
            Self::ServiceUnavailable => ("service-unavailable", "cancel"),
            Self::UnexpectedRequest => ("unexpected-request", "wait"),
        }
    }
}

/// Why a stanza could not be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StanzaError {
    /// The defined condition.
    pub condition: Condition,
    /// The application's own condition, in `pubsub#errors`.
    pub pubsub: Option<&'static str>,
    /// With the application's condition `unsupported`: the feature that is not there.
    pub feature: Option<&'static str>,
    /// What stood in the way, where the condition does not say it.
    pub obstacle: Option<Obstacle>,
}

/// What stood in the way: people read it in the error's text (RFC 6120 §8.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The bound that the operator has set by this setting is reached.
    Limit(&'static str),
    /// What must survive a restart is not taken at the moment.
    Store,
}

impl Obstacle {
    /// One word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Limit(setting) => setting,
            Self::Store => "store",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(setting) => write!(f, "the server has reached its limit {setting}"),
            Self::Store => f.write_str("the server's store takes no changes at the moment"),
        }
    }
}

impl From<Condition> for StanzaError {
    fn from(condition: Condition) -> Self {
        Self { condition, pubsub: None, feature: None, obstacle: None }
    }
}

impl StanzaError {
    /// An error with a condition of XEP-0060.
    pub fn pubsub(condition: Condition, pubsub: &'static str) -> Self {
        Self { pubsub: Some(pubsub), ..condition.into() }
    }

    /// The service or the node lacks a feature of XEP-0060 (§16.3).
    pub fn unsupported(feature: &'static str) -> Self {
        let condition = Condition::FeatureNotImplemented;
        Self { pubsub: Some("unsupported"), feature: Some(feature), ..condition.into() }
    }

    /// The same, with the setting whose bound was reached.
    pub fn because_of(self, setting: &'static str) -> Self {
        Self { obstacle: Some(Obstacle::Limit(setting)), ..self }
    }

    /// What the request asks for would have to be kept, and cannot be.
    pub fn store() -> Self {
        Self { obstacle: Some(Obstacle::Store), ..Condition::ResourceConstraint.into() }
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let (name, kind) = self.condition.parts();
        writer.open("error").attribute("type", kind);
        writer.open(name).attribute("xmlns", ns::STANZA_ERROR).close();
        if let Some(obstacle) = self.obstacle {
            writer.open("text").attribute("xmlns", ns::STANZA_ERROR).attribute("xml:lang", "en");
            writer.text(&obstacle.to_string()).close();
        }
        if let Some(condition) = self.pubsub {
            writer.open(condition).attribute("xmlns", ns::PUBSUB_ERRORS);
            if let Some(feature) = self.feature {
                writer.attribute("feature", feature);
            }
            writer.close();
        }
        writer.close();
    }
}

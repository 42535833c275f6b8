//! Terminal binding conditions.

/// Why a session, or the attempt to make one, is over, as the client is told (XEP-0124 §17.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The client sent a header or element that cannot be read.
    BadRequest,
    /// The domain in `to` is no longer served here.
    HostGone,
    /// The domain in `to` is not known here.
    HostUnknown,
    /// `to` is missing or not a domain.
    ImproperAddressing,
    /// The server failed.
    InternalServerError,
    /// The session is not known, the rid lies outside the window, or its response is no longer kept.
    ItemNotFound,
    /// Another request being processed at the same time ended the session.
    OtherRequest,
    /// The client broke a rule of the session: too many requests, too often, too long a pause.
    PolicyViolation,
    /// What stands behind the connection manager could not be reached.
    RemoteConnectionFailed,
    /// An error of the protocol that is carried; the response holds it (`<stream:error/>`).
    RemoteStreamError,
    /// The client should go elsewhere.
    SeeOtherUri,
    /// The server goes down.
    SystemShutdown,
    /// None of these.
    UndefinedCondition,
}

impl Condition {
    /// The value of the `condition` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "bad-request",
            Self::HostGone => "host-gone",
            Self::HostUnknown => "host-unknown",
            Self::ImproperAddressing => "improper-addressing",
            Self::InternalServerError => "internal-server-error",
            Self::ItemNotFound => "item-not-found",
            Self::OtherRequest => "other-request",
            Self::PolicyViolation => "policy-violation",
            Self::RemoteConnectionFailed => "remote-connection-failed",
            Self::RemoteStreamError => "remote-stream-error",
            Self::SeeOtherUri => "see-other-uri",
            Self::SystemShutdown => "system-shutdown",
            Self::UndefinedCondition => "undefined-condition",
        }
    }

    /// The HTTP status that says the same to a client below version 1.6 (§17.1). Only three conditions have
    /// one; the others are sent as a terminate body to every client.
    pub fn legacy_status(self) -> Option<u16> {
        match self {
            Self::BadRequest => Some(400),
            Self::PolicyViolation => Some(403),
            Self::ItemNotFound => Some(404),
            _ => None,
        }
    }
}

//! Why a session ended, for operators and for the diagnosis.

use crate::Condition;
use bytes::Bytes;
use std::fmt;

/// The end of a session, by name. Finer than the [`Condition`] that the client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No request came for the inactivity period, or for the pause the client had asked for.
    Inactivity,
    /// The client said `type='terminate'`.
    ClientTerminate,
    /// A newer session took its place.
    Superseded,
    /// Likewise, and for the last time: two programs take the same address from each other again and again.
    DisplacementLoop,
    /// A request without a readable rid.
    BadRequest,
    /// A rid above the window: requests were lost, or two programs use one sid.
    RidOutOfWindow,
    /// A rid whose response is no longer kept: the client came back too late.
    RidForgotten,
    /// A rid was used again for another body: two programs use one sid.
    RidReused,
    /// A request whose key is not the next one of its sequence: it is not from the client that began the session.
    KeyMismatch,
    /// A request for a stream that the session never had.
    UnknownStream,
    /// Empty requests faster than `polling` allows, or more of them at once than `requests`.
    Overactivity,
    /// A pause longer than `maxpause`.
    PauseTooLong,
    /// More waited for the client than a session may keep.
    QueueOverflow,
    /// The carried protocol ended the stream (a failed sign-in, a bad stanza).
    StreamError,
    /// The credential that opened the session is no longer good.
    CredentialExpired,
    /// The connection that carried the session broke. A BOSH session outlives its connections; the name is
    /// here for sessions over other transports.
    TransportLost,
    /// The client was sent to another address.
    SeeOtherUri,
    /// Nobody signed in in time.
    SignInTimeout,
    /// The client wanted to speak with a domain that is not served here.
    HostUnknown,
    /// Likewise with one that was served here once.
    HostGone,
    /// Likewise with something that is no domain.
    ImproperAddressing,
    /// The server goes down.
    Shutdown,
    /// The server failed.
    InternalError,
}

impl Reason {
    /// The name in logs, metrics and tombstones.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inactivity => "inactivity",
            Self::ClientTerminate => "client-terminate",
            Self::Superseded => "superseded",
            Self::DisplacementLoop => "displacement-loop",
            Self::BadRequest => "bad-request",
            Self::RidOutOfWindow => "rid-out-of-window",
            Self::RidForgotten => "rid-forgotten",
            Self::RidReused => "rid-reused",
            Self::KeyMismatch => "key-mismatch",
            Self::UnknownStream => "unknown-stream",
            Self::Overactivity => "overactivity",
            Self::PauseTooLong => "pause-too-long",
            Self::QueueOverflow => "queue-overflow",
            Self::StreamError => "stream-error",
            Self::CredentialExpired => "credential-expired",
            Self::TransportLost => "transport-lost",
            Self::SeeOtherUri => "see-other-uri",
            Self::SignInTimeout => "sign-in-timeout",
            Self::HostUnknown => "host-unknown",
            Self::HostGone => "host-gone",
            Self::ImproperAddressing => "improper-addressing",
            Self::Shutdown => "shutdown",
            Self::InternalError => "internal-error",
        }
    }

    /// What the client is told when the carried protocol has nothing to say itself. `None` for the end that
    /// the client asked for: its answer is a terminate body without a condition (XEP-0124 §13).
    pub fn condition(self) -> Option<Condition> {
        match self {
            Self::ClientTerminate => None,
            Self::BadRequest => Some(Condition::BadRequest),
            Self::Inactivity
            | Self::RidOutOfWindow
            | Self::RidForgotten
            | Self::RidReused
            | Self::KeyMismatch
            | Self::UnknownStream => Some(Condition::ItemNotFound),
            Self::Overactivity | Self::PauseTooLong | Self::QueueOverflow => Some(Condition::PolicyViolation),
            Self::Superseded | Self::DisplacementLoop | Self::StreamError | Self::CredentialExpired => {
                Some(Condition::RemoteStreamError)
            }
            Self::TransportLost => Some(Condition::RemoteConnectionFailed),
            Self::SeeOtherUri => Some(Condition::SeeOtherUri),
            // no clause has a word for it
            Self::SignInTimeout => Some(Condition::UndefinedCondition),
            Self::HostUnknown => Some(Condition::HostUnknown),
            Self::HostGone => Some(Condition::HostGone),
            Self::ImproperAddressing => Some(Condition::ImproperAddressing),
            Self::Shutdown => Some(Condition::SystemShutdown),
            Self::InternalError => Some(Condition::InternalServerError),
        }
    }

    /// The condition when there is `payload` to go with it: an error of the carried protocol is a
    /// `remote-stream-error`, but for the condition that says nothing without its payload (§17.2).
    pub(crate) fn condition_with(self, payload: Option<&Bytes>) -> Option<Condition> {
        let undefined = self.condition() == Some(Condition::UndefinedCondition);
        if payload.is_some() && !undefined { Some(Condition::RemoteStreamError) } else { self.condition() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! What a session tells its owner.

use crate::{Answer, Condition, Reason, Version};
use bytes::Bytes;
use std::fmt;
use thiserror::Error;

/// Names one HTTP request to its owner, who chooses it. No two open requests of a session share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Names one of the streams of a session (XEP-0124 §16). Counted from one; never used twice in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub(crate) u32);

impl StreamId {
    /// The stream that comes with the session.
    pub const FIRST: Self = Self(1);
}

/// What the owner has to do. In the order in which it is to be done.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    /// A stanza from the client, in rid order and each once.
    Deliver {
        /// On which stream.
        stream: StreamId,
        /// A document of its own.
        stanza: Bytes,
    },
    /// The client opens another stream in its session (§16.3). [`crate::Session::send_to`] it the features, or
    /// [`crate::Session::close`] it.
    Open {
        /// The new stream.
        stream: StreamId,
        /// The domain that is to be spoken with. Not empty.
        to: String,
        /// Who the client says it is. Not authenticated.
        from: Option<String>,
        /// `xml:lang`.
        lang: Option<String>,
    },
    /// A stream is closed, by the client or by [`crate::Session::close`], and the session goes on with others
    /// (§16.5).
    Closed {
        /// Which one.
        stream: StreamId,
        /// Why.
        reason: Reason,
    },
    /// The client starts a stream anew (XEP-0206 §5). [`crate::Session::send_to`] it the new features.
    Restart {
        /// Which stream.
        stream: StreamId,
        /// The domain, if it was named again.
        to: Option<String>,
        /// `xml:lang`, if it was named again.
        lang: Option<String>,
    },
    /// The response to an HTTP request. Each request is answered once, unless it was reported closed.
    Respond {
        /// Which request.
        request: RequestId,
        /// What to write.
        answer: Answer,
    },
    /// The session is over. Always the last output.
    Ended(Reason),
}

/// Sizes only: stanzas hold what people say and their passwords.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deliver { stream, stanza } => write!(f, "Deliver({}, {} bytes)", stream.0, stanza.len()),
            Self::Open { stream, .. } => write!(f, "Open({})", stream.0),
            Self::Closed { stream, reason } => write!(f, "Closed({}, {reason})", stream.0),
            Self::Restart { stream, .. } => write!(f, "Restart({})", stream.0),
            Self::Respond { request, answer } => write!(f, "Respond({}, {answer:?})", request.0),
            Self::Ended(reason) => write!(f, "Ended({reason})"),
        }
    }
}

/// Why no session was made. The client is at fault.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{why}")]
pub struct Refusal {
    /// What it is told.
    pub condition: Condition,
    /// What was wrong.
    pub why: &'static str,
    /// Its version, which decides between a status and a terminate body.
    pub version: Option<Version>,
}

impl Refusal {
    /// The response to the session creation request.
    pub fn answer(&self) -> Answer {
        Answer::refusal(self.condition, self.version)
    }
}

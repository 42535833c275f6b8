//! What a session tells its owner.

use crate::{Answer, Condition, Reason, Version};
use bytes::Bytes;
use std::fmt;
use thiserror::Error;

/// Names one HTTP request to its owner, who chooses it. No two open requests of a session share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// What the owner has to do. In the order in which it is to be done.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    /// A stanza from the client, in rid order and each once; a document of its own.
    Deliver(Bytes),
    /// The client starts its stream anew (XEP-0206 §5). [`crate::Session::send`] the new features.
    Restart {
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
            Self::Deliver(stanza) => write!(f, "Deliver({} bytes)", stanza.len()),
            Self::Restart { .. } => f.write_str("Restart"),
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

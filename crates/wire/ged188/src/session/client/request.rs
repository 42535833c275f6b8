//! Why a request is not taken.

use crate::EncodeError;

/// Why a request was not taken. The session goes on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The session is not open.
    #[error("the session is not open")]
    NotOpen,
    /// As many requests wait as may.
    #[error("{max} requests wait for their confirmation")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// The message is none that a server confirms. The caller is at fault.
    #[error("message type {kind} is no request of a client")]
    NoRequest {
        /// MessageType.
        kind: u32,
    },
    /// A value does not fit the wire format.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

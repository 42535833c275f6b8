//! Requests and why they are not taken.

use crate::message::{QueryAgentStateReq, SetAgentStateReq};
use crate::{EncodeError, Message};

/// A request that a confirmation answers. `invoke_id` is filled in by the session.
#[derive(Clone, Debug)]
pub enum Request {
    /// Answered by QUERY_AGENT_STATE_CONF.
    QueryAgentState(QueryAgentStateReq),
    /// Answered by SET_AGENT_STATE_CONF.
    SetAgentState(SetAgentStateReq),
}

impl Request {
    /// The message, and the type of its confirmation.
    pub(super) fn into_message(self, invoke_id: u32) -> (Message, u32) {
        match self {
            Self::QueryAgentState(request) => (QueryAgentStateReq { invoke_id, ..request }.into(), 37),
            Self::SetAgentState(request) => (SetAgentStateReq { invoke_id, ..request }.into(), 39),
        }
    }
}

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
    /// A value does not fit the wire format.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

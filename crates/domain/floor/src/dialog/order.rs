//! What the floor orders from the CTI link about calls.

use super::{Address, CallData, Connection, Operator};
use crate::Token;

/// A request of GED-188 §9.4–9.6 in the floor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOrder {
    /// Pairs the answer: `Confirmed`, `Placed` or `Failed`.
    pub token: Token,
    /// Who wants it.
    pub by: Operator,
    /// What.
    pub what: CallRequest,
}

/// What is wanted of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallRequest {
    /// MAKE_CALL_REQ. Answered by `Placed`.
    Make {
        /// DialedNumber.
        to: Address,
        /// Variables that the call begins with.
        data: Box<CallData>,
    },
    /// ANSWER_CALL_REQ.
    Answer {
        /// The alerting connection.
        connection: Connection,
    },
    /// HOLD_CALL_REQ.
    Hold {
        /// The active connection.
        connection: Connection,
    },
    /// RETRIEVE_CALL_REQ.
    Retrieve {
        /// The held connection.
        connection: Connection,
    },
    /// CLEAR_CONNECTION_REQ: the operator's own connection (RequestingDeviceType DEVID_NONE), or that of another party
    /// (`requester` is then the operator's own device).
    Clear {
        /// The connection to be cleared.
        connection: Connection,
        /// RequestingDeviceID, when it is not the operator's own connection that is cleared.
        requester: Option<Address>,
    },
    /// CONSULTATION_CALL_REQ, ConsultType 0. Answered by `Placed`.
    Consult {
        /// The active connection, which will be held.
        active: Connection,
        /// DialedNumber.
        to: Address,
    },
    /// TRANSFER_CALL_REQ of two calls.
    Transfer {
        /// The active connection (to the consulted party).
        active: Connection,
        /// The held connection (to the first caller).
        held: Connection,
    },
    /// TRANSFER_CALL_REQ with DialedNumber: the single-step (blind) transfer.
    SingleStepTransfer {
        /// The active connection.
        active: Connection,
        /// DialedNumber.
        to: Address,
    },
    /// CONFERENCE_CALL_REQ of two calls.
    Conference {
        /// The active connection (to the consulted party).
        active: Connection,
        /// The held connection (to the first caller).
        held: Connection,
    },
    /// SEND_DTMF_SIGNAL_REQ.
    SendDtmf {
        /// The active connection.
        connection: Connection,
        /// DTMFString: of `0`–`9`, `*`, `#`, `A`–`D`; at most 31. Keys may be a secret (a PIN): an [`Address`] does
        /// not show in `Debug`.
        digits: Address,
    },
    /// START_RECORDING_REQ: the server's own recorder, so no address for the media is named.
    StartRecording {
        /// The active connection.
        connection: Connection,
    },
    /// SET_CALL_DATA_REQ. Only what is `Some` is changed.
    SetData {
        /// The operator's connection, or any other of the call.
        connection: Connection,
        /// What to change. Names of ECC variables are spelled as on the wire (`user.…`).
        data: Box<CallData>,
    },
    /// SUPERVISE_CALL_REQ. Answered by `Placed` with the supervisor's connection.
    Supervise {
        /// What the operator, a supervisor, does.
        action: Supervision,
        /// The agent's connection.
        agent: Connection,
        /// Whose call it is: AgentID, AgentExtension, AgentInstrument.
        target: Operator,
        /// The supervisor's connection, once there is one (barge-in while monitoring).
        supervisor: Option<Connection>,
    },
}

/// SupervisoryAction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supervision {
    /// SUPERVISOR_CLEAR (0).
    Clear,
    /// SUPERVISOR_MONITOR (1): listen.
    Monitor,
    /// SUPERVISOR_BARGE_IN (3): speak with both.
    BargeIn,
}

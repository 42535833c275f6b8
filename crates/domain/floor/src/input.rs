//! The floor's side of the CTI link: what comes in, what is ordered. The floor knows no wire format; `io/cti`
//! translates.

use crate::{
    Address, AgentId, AgentPassword, CallEvent, CallOrder, CallSnapshot, Connection, DeviceCall, Place,
    PlaceReport, QueueReport, State, Token,
};
use jiff::Timestamp;
use std::time::Instant;

/// A moment on both clocks: the monotonic one measures, the wall clock is for people.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// For deadlines and durations.
    pub instant: Instant,
    /// For time stamps that leave the program.
    pub wall: Timestamp,
}

/// What the CTI link reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CtiInput {
    /// The session is open. Everything known about agents is stale until asked again.
    LinkUp {
        /// Protocol version of the session.
        version: u32,
        /// The peripheral the session is about.
        peripheral_id: u32,
        /// Seconds between heartbeats.
        heartbeat_secs: u32,
        /// `host:port` of the server.
        server: String,
    },
    /// The session is gone; commands without an outcome will have none.
    LinkDown {
        /// Why, for people.
        reason: String,
    },
    /// The server confirmed a heartbeat.
    HeartbeatConfirmed,
    /// A heartbeat was due while an earlier one is still unconfirmed.
    HeartbeatMissed,
    /// An agent's state: an event (AGENT_STATE_EVENT) or the answer to a question (QUERY_AGENT_STATE_CONF).
    AgentState(AgentStateReport),
    /// A call event. In the order of the wire, also in relation to agents' states.
    Call(CallEvent),
    /// The answer to [`CtiCommand::SnapshotDevice`]: every call at the device, none left out.
    DeviceSnapshot {
        /// The question.
        token: Token,
        /// The calls.
        calls: Vec<DeviceCall>,
    },
    /// The answer to [`CtiCommand::SnapshotCall`].
    CallSnapshot {
        /// The question.
        token: Token,
        /// The call.
        snapshot: CallSnapshot,
    },
    /// How a queue stands; asked for by the link itself, at its interval.
    Queue(QueueReport),
    /// A command was taken and made a connection (`NewConnection…` of MAKE_CALL_CONF, CONSULTATION_CALL_CONF,
    /// TRANSFER_CALL_CONF, CONFERENCE_CALL_CONF; the connection of SUPERVISE_CALL_CONF).
    Placed {
        /// The command.
        token: Token,
        /// The operator's connection to the new call.
        connection: Connection,
    },
    /// A command was taken. What it changes comes as an event of its own.
    Confirmed {
        /// The command.
        token: Token,
    },
    /// A command was refused or got no answer.
    Failed {
        /// The command.
        token: Token,
        /// Why.
        failure: CtiFailure,
    },
}

/// An agent's state as the CTI server sees it. Strings hold no character that XML forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentStateReport {
    /// The agent.
    pub agent: AgentId,
    /// The extension in use, when the message names one.
    pub extension: Option<String>,
    /// Where calls ring, as far as the message says it.
    pub place: PlaceReport,
    /// The state.
    pub state: State,
    /// EventReasonCode; meaningful for NOT_READY and LOGOUT. `None` when the message carries none (0 in an event).
    pub reason: Option<u16>,
    /// NextAgentState: what the agent will be when the present state is over. `None` when the message does not say; what
    /// was known then still holds.
    pub next: Option<State>,
    /// Whether this answers a query of the floor (a resynchronisation) rather than reports a change.
    pub answers: Option<Token>,
}

/// Why a CTI command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CtiFailure {
    /// CONTROL_FAILURE_CONF or FAILURE_CONF.
    Refused {
        /// ControlFailureCode, for example 22.
        code: u32,
        /// Its name, for example `CF_INVALID_OBJECT_STATE`; empty when unknown.
        name: &'static str,
        /// The switch's own number, 0 if none.
        peripheral_error: u32,
    },
    /// No answer within the link's time-out.
    TimedOut,
    /// The link was or went down.
    LinkDown,
}

impl CtiFailure {
    /// Whether the CTI server says with it that there is no such call: not that it cannot tell, or would not.
    pub(crate) fn denies_call(&self) -> bool {
        self.is_one_of(&[
            "CF_OBJECT_NOT_KNOWN",
            "CF_INVALID_CSTA_CALL_IDENTIFIER",
            "CF_NO_ACTIVE_CALL",
            "E_CTI_INVALID_CALLID",
            "E_CTI_NO_CALL_ACTIVE",
        ])
    }

    /// Whether it says that the connection that was named is none; the call may go on without it.
    pub(crate) fn denies_connection(&self) -> bool {
        self.is_one_of(&[
            "CF_INVALID_CSTA_CONNECTION_IDENTIFIER",
            "CF_INVALID_CONNECTION_ID_FOR_ACTIVE_CALL",
            "E_CTI_NOT_CALL_PARTY",
        ])
    }

    fn is_one_of(&self, names: &[&str]) -> bool {
        matches!(self, Self::Refused { name, .. } if names.contains(name))
    }
}

/// What the floor orders from the CTI link. Each is answered once, by `Confirmed`, `Placed`, `Failed`, or (a query)
/// by the input that carries its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CtiCommand {
    /// SET_AGENT_STATE_REQ.
    SetAgentState(SetAgentState),
    /// QUERY_AGENT_STATE_REQ.
    QueryAgentState {
        /// Pairs the answer.
        token: Token,
        /// Whose state.
        agent: AgentId,
    },
    /// A call is to be made, answered, held….
    Call(CallOrder),
    /// SNAPSHOT_DEVICE_REQ: which calls are at this extension? Asked after the link came up.
    SnapshotDevice {
        /// Pairs the answer.
        token: Token,
        /// AgentInstrument.
        instrument: Address,
    },
    /// SNAPSHOT_CALL_REQ: who is in this call, and what is attached to it?
    SnapshotCall {
        /// Pairs the answer.
        token: Token,
        /// A connection to it.
        connection: Connection,
    },
}

impl CtiCommand {
    /// What the outcome is paired by.
    pub fn token(&self) -> Token {
        match self {
            Self::SetAgentState(order) => order.token,
            Self::Call(order) => order.token,
            Self::QueryAgentState { token, .. }
            | Self::SnapshotDevice { token, .. }
            | Self::SnapshotCall { token, .. } => *token,
        }
    }
}

/// SET_AGENT_STATE_REQ in the floor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAgentState {
    /// Pairs the answer.
    pub token: Token,
    /// The agent.
    pub agent: AgentId,
    /// The instrument: the extension signed in on or to sign in on.
    pub extension: String,
    /// Where calls are to ring, for signing in.
    pub place: Place,
    /// The wanted state; [`State::Login`] to sign in.
    pub state: State,
    /// EventReasonCode, 0 if none.
    pub reason: u16,
    /// ForcedFlag: do it whatever the agent is doing.
    pub forced: bool,
    /// AgentPassword, for signing in.
    pub password: Option<AgentPassword>,
}

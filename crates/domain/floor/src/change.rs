//! What comes out of the floor.

use crate::{Agent, AgentId, CallId, CtiCommand, Dialog, Queue, QueueId, RequestError, State, System};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One thing for the owner to do.
#[derive(Clone, Debug)]
pub enum Output {
    /// Tell those who listen.
    Change(Change),
    /// Tell the CTI server.
    Cti(CtiCommand),
    /// Tell the log.
    Note(Note),
}

/// Something is different, or a request has its answer.
#[derive(Clone, Debug)]
pub enum Change {
    /// An agent, as it is now.
    Agent {
        /// All that clients may see.
        agent: Box<Agent>,
        /// The request this answers.
        request_id: Option<String>,
    },
    /// A queue, as it stands now.
    Queue {
        /// All that clients may see.
        queue: Box<Queue>,
    },
    /// Queues have come to an agent's list, or left it.
    QueueList {
        /// Whose list.
        agent: AgentId,
        /// Whether they came.
        added: bool,
        /// The queues.
        queues: Vec<Queue>,
    },
    /// The system, as it is now.
    System {
        /// All that clients may see.
        system: Box<System>,
        /// When.
        at: Timestamp,
    },
    /// A dialog is new, different, or gone.
    Dialog {
        /// All that clients may see; of one that is gone, its last state.
        dialog: Arc<Dialog>,
        /// Which of the three.
        event: DialogEvent,
        /// For whom.
        told: Vec<Told>,
    },
    /// A request about a call came to nothing.
    DialogRequestFailed {
        /// Who asked.
        agent: AgentId,
        /// The dialog; none when one was to be made.
        call: Option<CallId>,
        /// The client's name for the request.
        request_id: Option<String>,
        /// Why.
        error: RequestError,
    },
    /// A request came to nothing.
    RequestFailed {
        /// Whose state was to change.
        agent: AgentId,
        /// The client's name for the request.
        request_id: Option<String>,
        /// Why.
        error: RequestError,
    },
}

/// What happened to a dialog for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogEvent {
    /// The agent is in it from now on.
    Added,
    /// It is different.
    Changed,
    /// The agent is done with it.
    Removed,
}

/// An agent who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The agent.
    pub agent: AgentId,
    /// The agent's request that this answers.
    pub request_id: Option<String>,
}

/// A line of the story, for logs and metrics. [`Note::name`] is a metric label, `Display` a log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The CTI server spoke of an agent that is not in the roster.
    UnknownAgent {
        /// The id it named.
        agent: AgentId,
    },
    /// The CTI server spoke of a queue that is not in the configuration.
    UnknownQueue {
        /// Its number.
        queue: QueueId,
    },
    /// The CTI server made a transition that is not in the guide's table. It is believed.
    UnexpectedTransition {
        /// The agent.
        agent: AgentId,
        /// Before.
        from: State,
        /// After.
        to: State,
    },
    /// A reason that is not in the roster.
    UnknownReason {
        /// The agent.
        agent: AgentId,
        /// The CTI server's number.
        code: u16,
    },
    /// An outcome of a command that is no longer waited for.
    LateOutcome,
    /// The CTI server did not say an agent's state when asked.
    StateNotTold {
        /// The agent.
        agent: AgentId,
        /// Why not.
        why: String,
    },
    /// All agents' states have been asked for after the link came up.
    CaughtUp {
        /// How many were asked for.
        asked: usize,
        /// How many differed from what was known.
        changed: usize,
    },
    /// The CTI server speaks of the end of a call that was never heard of.
    UnknownCall {
        /// The call.
        call: CallId,
    },
    /// A call began and ended while nobody listened: its end was all that was heard of it.
    CallUnseen {
        /// The call.
        call: CallId,
    },
    /// Something is said of a call that has ended.
    BelatedEvent {
        /// The call.
        call: CallId,
    },
    /// A call that agents saw is none, says the CTI server when asked.
    CallDenied {
        /// The call.
        call: CallId,
    },
    /// The CTI server did not say what a call is that was heard of in the middle.
    CallNotTold {
        /// The call.
        call: CallId,
        /// Why not.
        why: String,
    },
    /// There are more calls than are followed.
    TooManyCalls {
        /// The one that is not followed.
        call: CallId,
    },
    /// Values of a call's data were past a limit: cut, or left out.
    CallDataCut {
        /// The call.
        call: CallId,
        /// How many.
        values: usize,
    },
    /// The calls in progress have been asked for after the link came up.
    CallsReconciled {
        /// Calls that the CTI server has.
        found: usize,
        /// Of these, calls that began meanwhile.
        new: usize,
        /// Calls that ended meanwhile.
        ended: usize,
    },
    /// An agent's presence is unavailable: a forced logout follows unless it returns.
    WatchStarted {
        /// The agent.
        agent: AgentId,
        /// Until then.
        grace: Duration,
    },
    /// The agent is back in time.
    Returned {
        /// The agent.
        agent: AgentId,
        /// Whether the forced logout was already on its way.
        too_late: bool,
    },
    /// The agent under watch is signed out.
    WatchEnded {
        /// The agent.
        agent: AgentId,
    },
    /// Presence-driven logout: the order goes to the CTI server.
    ForcedLogout {
        /// The agent.
        agent: AgentId,
    },
    /// The forced logout is due, but there is no link: it waits for one.
    ForcedLogoutDeferred {
        /// The agent.
        agent: AgentId,
    },
    /// The forced logout had no effect; it is tried again after another grace.
    ForcedLogoutFailed {
        /// The agent.
        agent: AgentId,
        /// Why.
        why: String,
    },
}

impl Note {
    /// A short fixed name of the kind of note.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownAgent { .. } => "unknown_agent",
            Self::UnknownQueue { .. } => "unknown_queue",
            Self::UnexpectedTransition { .. } => "unexpected_transition",
            Self::UnknownReason { .. } => "unknown_reason",
            Self::LateOutcome => "late_outcome",
            Self::StateNotTold { .. } => "state_not_told",
            Self::CaughtUp { .. } => "caught_up",
            Self::UnknownCall { .. } => "unknown_call",
            Self::CallUnseen { .. } => "call_unseen",
            Self::BelatedEvent { .. } => "belated_event",
            Self::CallDenied { .. } => "call_denied",
            Self::CallNotTold { .. } => "call_not_told",
            Self::TooManyCalls { .. } => "too_many_calls",
            Self::CallDataCut { .. } => "call_data_cut",
            Self::CallsReconciled { .. } => "calls_reconciled",
            Self::WatchStarted { .. } => "watch_started",
            Self::Returned { .. } => "returned",
            Self::WatchEnded { .. } => "watch_ended",
            Self::ForcedLogout { .. } => "forced_logout",
            Self::ForcedLogoutDeferred { .. } => "forced_logout_deferred",
            Self::ForcedLogoutFailed { .. } => "forced_logout_failed",
        }
    }

    /// The agent it is about.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::UnknownAgent { agent }
            | Self::UnexpectedTransition { agent, .. }
            | Self::UnknownReason { agent, .. }
            | Self::StateNotTold { agent, .. }
            | Self::WatchStarted { agent, .. }
            | Self::Returned { agent, .. }
            | Self::WatchEnded { agent }
            | Self::ForcedLogout { agent }
            | Self::ForcedLogoutDeferred { agent }
            | Self::ForcedLogoutFailed { agent, .. } => Some(agent),
            Self::UnknownQueue { .. }
            | Self::LateOutcome
            | Self::CaughtUp { .. }
            | Self::UnknownCall { .. }
            | Self::CallUnseen { .. }
            | Self::BelatedEvent { .. }
            | Self::CallDenied { .. }
            | Self::CallNotTold { .. }
            | Self::TooManyCalls { .. }
            | Self::CallDataCut { .. }
            | Self::CallsReconciled { .. } => None,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAgent { agent } => {
                write!(f, "the CTI server speaks of agent {agent}, who is not in the roster")
            }
            Self::UnknownQueue { queue } => {
                write!(f, "the CTI server speaks of queue {queue}, which is not in the configuration")
            }
            Self::UnexpectedTransition { agent, from, to } => {
                write!(
                    f,
                    "agent {agent} went from {} to {}, which CCE is not known to do",
                    from.name(),
                    to.name()
                )
            }
            Self::UnknownReason { agent, code } => {
                write!(f, "agent {agent} has reason {code}, which is not in the roster")
            }
            Self::LateOutcome => f.write_str("a command's outcome came after it was given up"),
            Self::StateNotTold { agent, why } => {
                write!(f, "the CTI server did not tell the state of agent {agent}: {why}")
            }
            Self::CaughtUp { asked, changed } => {
                write!(f, "asked the CTI server for {asked} agents, {changed} differed")
            }
            Self::UnknownCall { call } => write!(f, "call {call} ended, which was never heard of"),
            Self::CallUnseen { call } => write!(f, "call {call} began and ended unseen"),
            Self::BelatedEvent { call } => write!(f, "an event of call {call} came after its end"),
            Self::CallDenied { call } => {
                write!(f, "the CTI server knows no call {call}, of which it told: it is taken away")
            }
            Self::CallNotTold { call, why } => {
                write!(f, "the CTI server did not tell what call {call} is: {why}")
            }
            Self::TooManyCalls { call } => write!(f, "call {call} is not followed: there are too many"),
            Self::CallDataCut { call, values } => {
                write!(f, "{values} values of call {call} are past a limit")
            }
            Self::CallsReconciled { found, new, ended } => {
                write!(f, "the CTI server has {found} calls: {new} began and {ended} ended meanwhile")
            }
            Self::WatchStarted { agent, grace } => {
                write!(
                    f,
                    "presence of agent {agent} is unavailable: forced logout in {} s",
                    grace.as_secs_f64()
                )
            }
            Self::Returned { agent, too_late: false } => {
                write!(f, "agent {agent} is back, no forced logout")
            }
            Self::Returned { agent, too_late: true } => {
                write!(f, "agent {agent} is back, after the forced logout was sent")
            }
            Self::WatchEnded { agent } => write!(f, "agent {agent} is signed out, the watch ends"),
            Self::ForcedLogout { agent } => {
                write!(f, "presence-driven logout of agent {agent}: LOGOUT, reason 255, forced")
            }
            Self::ForcedLogoutDeferred { agent } => {
                write!(f, "presence-driven logout of agent {agent} is due and waits for the CTI link")
            }
            Self::ForcedLogoutFailed { agent, why } => {
                write!(f, "presence-driven logout of agent {agent} had no effect: {why}")
            }
        }
    }
}

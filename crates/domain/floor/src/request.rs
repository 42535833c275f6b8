//! What people ask of the floor, and why it may refuse at once.

use crate::{AgentId, AgentPassword, Place, ReasonCodeId, State};
use thiserror::Error;

/// Somebody asks for a change of an agent. What passes the floor's checks goes to the CTI server, which is
/// the authority: its refusal comes later, as [`crate::Change::RequestFailed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks: the agent, or a supervisor of the agent's team.
    pub actor: AgentId,
    /// Whose state.
    pub agent: AgentId,
    /// What.
    pub action: Action,
    /// The client's name for the request, repeated in the change or failure that answers it.
    pub request_id: Option<String>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sign in on an extension. Ends in NOT_READY, or in the present state of an agent already signed in.
    SignIn(SignIn),
    /// READY or NOT_READY.
    SetState {
        /// The wanted state.
        state: State,
        /// Why; NOT_READY only, and not for supervisors.
        reason: Option<ReasonCodeId>,
    },
    /// Sign out.
    SignOut {
        /// Why; not for supervisors.
        reason: Option<ReasonCodeId>,
    },
}

/// What a sign-in says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// The extension.
    pub extension: String,
    /// The agent's password, for the CTI server.
    pub password: Option<AgentPassword>,
    /// Where calls are to ring.
    pub place: Place,
}

/// Why a request was refused before it reached the CTI server. The asker is at fault, except where said.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// No such agent.
    #[error("no agent {0} on this floor")]
    UnknownAgent(AgentId),
    /// Not the asker's own state, and the asker is no supervisor (or asks to sign somebody else in).
    #[error("{actor} may not do this for {agent}")]
    NotOwn {
        /// Who asked.
        actor: AgentId,
        /// For whom.
        agent: AgentId,
    },
    /// The asker is a supervisor, but of other teams.
    #[error("{actor} does not supervise the team of {agent}")]
    NotSupervised {
        /// Who asked.
        actor: AgentId,
        /// For whom.
        agent: AgentId,
    },
    /// A state that people cannot ask for.
    #[error("nobody can ask for the state {}", .0.name())]
    NotSettable(State),
    /// A sign-in without an extension.
    #[error("no extension given to sign in on")]
    ExtensionMissing,
    /// An extension longer than the CTI protocol can carry.
    #[error("an extension of {bytes} bytes, at most {max} fit")]
    ExtensionTooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// An extension with the separator that mobile agents' numbers stand behind.
    #[error("the extension is not one extension: it has a semicolon")]
    ExtensionNotOne,
    /// A mobile agent's sign-in where there are none.
    #[error("mobile agents are not enabled here")]
    NoMobileAgents,
    /// A mobile agent's sign-in without a number.
    #[error("no number given to reach the mobile agent at")]
    DialNumberMissing,
    /// A mobile agent's number that cannot be dialled.
    #[error("the mobile agent's number has other characters than digits, * and # after an optional +")]
    DialNumberNotDialable,
    /// A mobile agent's number longer than the CTI protocol can carry beside the extension.
    #[error("a mobile agent's number of {bytes} bytes, at most {max} fit beside the extension")]
    DialNumberTooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// A telephone that does not share the extension.
    #[error("the extension has no such device")]
    UnknownTerminal,
    /// A reason code where none is allowed: with a state that takes none, or from a supervisor.
    #[error("no reason code is allowed here")]
    ReasonNotAllowed,
    /// No such reason code for this agent and state, or one that only the system gives.
    #[error("reason code {} cannot be chosen here", .0.0)]
    UnknownReason(ReasonCodeId),
    /// Too many requests of this agent wait. The asker is too quick or the CTI server too slow.
    #[error("{max} requests for this agent are under way")]
    QueueFull {
        /// The limit.
        max: usize,
    },
    /// No link to the CTI server, or the floor is still catching up with it. Ours or the operator's fault.
    #[error("the floor is out of service")]
    OutOfService,
}

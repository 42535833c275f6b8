//! What agents ask for, and what applications bring.

use crate::{DomainId, TaskAction, TaskId, Terms, Variable};
use floor::{AgentId, ReasonCode, TeamId};
use std::sync::Arc;

/// An agent's request about a domain. Whether the agent may ask, and for the reason, has been looked at.
#[derive(Clone, Debug)]
pub struct MediaRequest {
    /// Who asks, for itself.
    pub agent: AgentId,
    /// The agent's team.
    pub team: TeamId,
    /// Where.
    pub domain: DomainId,
    /// What.
    pub wish: Wish,
    /// The client's name for the request; a failure repeats it.
    pub request_id: Option<String>,
}

/// What an agent wants in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Sign in: not ready, and routable.
    SignIn(Terms),
    /// Tasks may come.
    Ready,
    /// No tasks, because.
    NotReady(Option<Arc<ReasonCode>>),
    /// Sign out, because.
    SignOut(Option<Arc<ReasonCode>>),
    /// Whether tasks may be offered; the state is left as it is.
    Routable(bool),
}

/// An agent's request about a task.
#[derive(Clone, Debug)]
pub struct TaskRequest {
    /// Who asks.
    pub agent: AgentId,
    /// Which task.
    pub task: TaskId,
    /// What.
    pub action: TaskAction,
    /// The script selector that a transfer goes to.
    pub target: Option<String>,
    /// The client's name for the request; a failure repeats it.
    pub request_id: Option<String>,
}

/// A task that an application brings.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// To which domain.
    pub domain: DomainId,
    /// What agents see of it.
    pub variables: Vec<Variable>,
}

//! Why something is not done: at once, or as a notification.

use crate::limits::QUEUE_MAX;
use crate::{DomainId, TaskId};
use thiserror::Error;

/// A request that was taken and came to nothing: told as a notification, as the original tells what its router says
/// (Finesse guide, Media and Dialogs/Media error codes). The asker is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Signed in already. Clients go on as if it had been taken.
    AlreadySignedIn,
    /// Not signed in to the domain.
    NotSignedIn,
    /// Not ready is not for somebody to whom a task is offered.
    TaskOffered,
    /// Not an action of the task's state.
    OutOfSequence,
    /// A call or a task of another domain has interrupted the work in this one.
    Interrupted,
}

impl Fault {
    /// The number of the error.
    pub fn code(self) -> u32 {
        match self {
            Self::AlreadySignedIn => 1,
            Self::NotSignedIn => 6,
            Self::TaskOffered => 14,
            Self::OutOfSequence => 19,
            Self::Interrupted => 30,
        }
    }

    /// The name of the error.
    pub fn name(self) -> &'static str {
        match self {
            Self::AlreadySignedIn => "E_ARM_STAT_AGENT_ALREADY_LOGGED_IN",
            Self::NotSignedIn => "E_ARM_STAT_AGENT_NOT_LOGGED_IN",
            Self::TaskOffered => "E_ARM_STAT_DO_THIS_WITH_TASK_SENT_RECENTLY",
            Self::OutOfSequence => "E_ARM_STAT_INVALID_MESSAGE_SEQUENCE",
            Self::Interrupted => "E_ARM_STAT_NOT_VALID_AFTER_INTERRUPT_ADVISORY_ACCEPT",
        }
    }

    /// For people. COMPAT(finesse): the first two in the original's words; no source has the others'.
    pub fn error_type(self) -> &'static str {
        match self {
            Self::AlreadySignedIn => "Agent already logged into MRD",
            Self::NotSignedIn => "Agent is not logged in",
            Self::TaskOffered => "A task is being offered to the agent",
            Self::OutOfSequence => "Invalid action for the state of the task",
            Self::Interrupted => "The task is interrupted",
        }
    }
}

/// A request that was refused at once. The asker is at fault, except where said.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// No such domain.
    #[error("no media routing domain {0}")]
    UnknownDomain(DomainId),
    /// The agent's team does not work in the domain.
    #[error("the agent's team does not work in media routing domain {0}")]
    NotInDomain(DomainId),
    /// No such task.
    #[error("no task {0}")]
    UnknownTask(TaskId),
    /// Another agent's task.
    #[error("task {0} is another agent's")]
    NotOwn(TaskId),
    /// A script selector that leads nowhere.
    #[error("no media routing domain has the script selector {0:?}")]
    UnknownSelector(String),
    /// An agent is at work on the task: only the agent ends it.
    #[error("an agent is at work on task {0}")]
    AtWork(TaskId),
    /// A variable with another name, or longer, than there may be.
    #[error("variable {name:?}: {why}")]
    Variable {
        /// Its name.
        name: String,
        /// What was expected.
        why: String,
    },
    /// As many tasks wait as may. Nobody works them off: the operator's fault.
    #[error("{QUEUE_MAX} tasks wait in media routing domain {0}")]
    QueueFull(DomainId),
}

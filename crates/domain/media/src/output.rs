//! What comes out.

use crate::{Disposition, DomainId, Fault, Keep, Media, TaskDialog, TaskId};
use floor::AgentId;
use std::fmt;
use std::time::Duration;

/// One thing for the owner to do.
#[derive(Clone, Debug)]
pub enum Output {
    /// Tell those who listen.
    Change(Change),
    /// Write it down: a restart begins with it. What comes between two mutations belongs together.
    Keep(Keep),
    /// Tell the log.
    Note(Note),
}

/// Something is different, or a request has come to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An agent in a domain, as it is now.
    Media(Box<Media>),
    /// A task came to an agent, is different, or left.
    Task {
        /// As it is now, or was last.
        task: Box<TaskDialog>,
        /// Which of the three.
        event: TaskEvent,
    },
    /// A request about a domain came to nothing.
    MediaFailed {
        /// Who asked.
        agent: AgentId,
        /// Where.
        domain: DomainId,
        /// The client's name for the request.
        request_id: Option<String>,
        /// Why.
        fault: Fault,
    },
    /// A request about a task came to nothing.
    TaskFailed {
        /// Who asked.
        agent: AgentId,
        /// Of which domain.
        domain: DomainId,
        /// The task.
        task: TaskId,
        /// The client's name for the request.
        request_id: Option<String>,
        /// Why.
        fault: Fault,
    },
}

/// What happened to an agent's task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskEvent {
    /// It is the agent's from now on.
    Added,
    /// It is different.
    Changed,
    /// The agent is done with it.
    Removed,
}

/// A line of the story, for logs and metrics. [`Note::name`] is a metric label, `Display` a log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A task waits for an agent.
    Queued {
        /// The task.
        task: TaskId,
    },
    /// A task is offered.
    Offered {
        /// The task.
        task: TaskId,
        /// To whom.
        agent: AgentId,
    },
    /// A task has left an agent.
    Closed {
        /// The task.
        task: TaskId,
        /// Whose it was.
        agent: AgentId,
        /// Why.
        why: Disposition,
    },
    /// A task was withdrawn before anybody was asked.
    Withdrawn {
        /// The task.
        task: TaskId,
    },
    /// An agent's presence is unavailable: a sign-out of all domains follows unless it returns.
    WatchStarted {
        /// The agent.
        agent: AgentId,
        /// Until then.
        grace: Duration,
    },
    /// What was kept before a restart is there again.
    Restored {
        /// Agents that were signed in somewhere.
        agents: usize,
        /// Tasks, in hands and waiting.
        tasks: usize,
        /// Tasks and seats of domains that are not configured any more. They stay where they are kept.
        left_out: usize,
    },
    /// Presence-driven sign-out of all domains.
    ForcedLogout {
        /// The agent.
        agent: AgentId,
    },
}

impl Note {
    /// A short fixed name of the kind of note.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "task_queued",
            Self::Offered { .. } => "task_offered",
            Self::Closed { .. } => "task_closed",
            Self::Withdrawn { .. } => "task_withdrawn",
            Self::WatchStarted { .. } => "media_watch_started",
            Self::Restored { .. } => "media_restored",
            Self::ForcedLogout { .. } => "media_forced_logout",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued { task } => write!(f, "task {task} waits for an agent"),
            Self::Offered { task, agent } => write!(f, "task {task} is offered to agent {agent}"),
            Self::Closed { task, agent, why } => {
                write!(f, "task {task} has left agent {agent}: {}", why.name())
            }
            Self::Withdrawn { task } => write!(f, "task {task} was withdrawn before an agent was asked"),
            Self::WatchStarted { agent, grace } => write!(
                f,
                "presence of agent {agent} is unavailable: signed out of all media in {} s",
                grace.as_secs_f64()
            ),
            Self::Restored { agents, tasks, left_out } => write!(
                f,
                "task routing as it was: {agents} agents signed in, {tasks} tasks; left out are {left_out} tasks \
                 and sign-ins of media domains that the settings do not have"
            ),
            Self::ForcedLogout { agent } => {
                write!(f, "presence-driven sign-out of agent {agent} from all media")
            }
        }
    }
}

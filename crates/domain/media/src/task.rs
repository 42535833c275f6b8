//! Tasks.

use crate::{Domain, DomainId, Variable};
use floor::AgentId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Instant;
use thiserror::Error;

/// A task's id: `run_number_attempt`. Ids of tasks have underscores, those of calls have none (Finesse guide).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TaskId {
    /// The run of the server, so that no id comes twice.
    pub run: u64,
    /// The task.
    pub number: u64,
    /// The how-manieth time it was routed: a transferred task is a new one.
    pub attempt: u32,
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.run, self.number, self.attempt)
    }
}

impl From<TaskId> for String {
    fn from(id: TaskId) -> Self {
        id.to_string()
    }
}

/// Not the id of a task.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not the id of a task: expected run_number_attempt")]
pub struct NoTaskId;

impl TryFrom<String> for TaskId {
    type Error = NoTaskId;

    fn try_from(text: String) -> Result<Self, NoTaskId> {
        text.parse()
    }
}

impl FromStr for TaskId {
    type Err = NoTaskId;

    fn from_str(text: &str) -> Result<Self, NoTaskId> {
        let mut parts = text.splitn(3, '_');
        let mut part = || parts.next().ok_or(NoTaskId);
        let (run, number, attempt) = (part()?, part()?, part()?);
        let parsed = (run.parse(), number.parse(), attempt.parse());
        let (Ok(run), Ok(number), Ok(attempt)) = parsed else { return Err(NoTaskId) };
        let id = Self { run, number, attempt };
        // one spelling: no signs, no leading zeros
        if id.to_string() == text { Ok(id) } else { Err(NoTaskId) }
    }
}

/// A task's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskState {
    /// An agent is asked to take it.
    Offered,
    /// The agent will.
    Accepted,
    /// The agent is at work on it.
    Active,
    /// The agent has put it aside.
    Paused,
    /// The agent has something left to write down.
    WrappingUp,
    /// A call, or a task of another domain, interrupts.
    Interrupted,
    /// It is over.
    Closed,
}

impl TaskState {
    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Offered => "OFFERED",
            Self::Accepted => "ACCEPTED",
            Self::Active => "ACTIVE",
            Self::Paused => "PAUSED",
            Self::WrappingUp => "WRAPPING_UP",
            Self::Interrupted => "INTERRUPTED",
            Self::Closed => "CLOSED",
        }
    }

    /// What the agent may do. COMPAT(finesse): the guide tells each action's purpose and the first state's action; the
    /// rest of its table was not to be had, so a task can be transferred before its end, and closed once accepted.
    pub fn actions(self) -> &'static [TaskAction] {
        use TaskAction::{Accept, Close, Pause, Resume, Start, Transfer, WrapUp};
        match self {
            Self::Offered => &[Accept],
            Self::Accepted => &[Start, Transfer, Close],
            Self::Active => &[Pause, WrapUp, Transfer, Close],
            Self::Paused => &[Resume, WrapUp, Transfer, Close],
            Self::WrappingUp => &[Close],
            Self::Interrupted | Self::Closed => &[],
        }
    }

    /// Whether an interruption stops it.
    pub(crate) fn is_work(self) -> bool {
        matches!(self, Self::Active | Self::Paused | Self::WrappingUp)
    }
}

/// What an agent does with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskAction {
    /// Takes it.
    Accept,
    /// Begins to work on it.
    Start,
    /// Puts it aside.
    Pause,
    /// Goes on with it.
    Resume,
    /// Has something left to write down.
    WrapUp,
    /// Ends it.
    Close,
    /// Gives it away.
    Transfer,
}

impl TaskAction {
    const ALL: [Self; 7] =
        [Self::Accept, Self::Start, Self::Pause, Self::Resume, Self::WrapUp, Self::Close, Self::Transfer];

    /// `requestedAction`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Start => "START",
            Self::Pause => "PAUSE",
            Self::Resume => "RESUME",
            Self::WrapUp => "WRAP_UP",
            Self::Close => "CLOSE",
            Self::Transfer => "TRANSFER",
        }
    }

    /// The one with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// Why a task is over (Finesse guide, Disposition Code Parameter Values for Nonvoice Tasks).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The agent closed it.
    NormalEnd,
    /// The agent gave it away.
    Transferred,
    /// The agent signed out and it goes to somebody else.
    TransferredOnLogout,
    /// The agent did not accept it in time and it goes to somebody else.
    NotAccepted,
    /// It took too long.
    LifetimeExceeded,
    /// The customer gave up.
    Abandoned,
    /// The agent signed out.
    LoggedOut,
}

impl Disposition {
    /// `dispositionCode`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NormalEnd => "CD_NORMAL_END_TASK",
            Self::Transferred => "CD_TASK_TRANSFER",
            Self::TransferredOnLogout => "CD_TASK_TRANSFERRED_ON_AGENT_LOGOUT",
            Self::NotAccepted => "CD_RING_NO_ANSWER",
            Self::LifetimeExceeded => "CD_MAX_DIALOG_LIFETIME_EXCEEDED",
            Self::Abandoned => "CD_TASK_ABANDONED_WHILE_OFFERED",
            Self::LoggedOut => "CD_AGENT_LOGGED_OUT_DURING_DIALOG",
        }
    }
}

/// What clients may see of an agent's task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskDialog {
    /// Its id.
    pub id: TaskId,
    /// The one it was before it was routed anew.
    pub associated: Option<TaskId>,
    /// Of which domain.
    pub domain: Arc<Domain>,
    /// Whose it is.
    pub agent: AgentId,
    /// The state.
    pub state: TaskState,
    /// What the agent may do.
    pub actions: &'static [TaskAction],
    /// What the application attached.
    pub variables: Arc<[Variable]>,
    /// When the agent accepted it.
    pub started_at: Option<Timestamp>,
    /// Since when the state holds.
    pub changed_at: Timestamp,
    /// Why it is over.
    pub disposition: Option<Disposition>,
}

/// A task with what is going on about it.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: TaskId,
    pub(crate) domain: DomainId,
    pub(crate) associated: Option<TaskId>,
    /// Its place among those that wait: the lowest is next. Kept while it is in somebody's hands.
    pub(crate) rank: i64,
    /// Who is not asked again.
    pub(crate) avoids: Option<AgentId>,
    pub(crate) variables: Arc<[Variable]>,
    /// `None`: it waits.
    pub(crate) held: Option<Held>,
}

/// A task in an agent's hands.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) agent: AgentId,
    pub(crate) state: TaskState,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) changed_at: Timestamp,
    /// To accept it.
    pub(crate) start_by: Instant,
    /// To end it.
    pub(crate) end_by: Instant,
    /// The same moment on the wall, which a restart leaves as it is.
    pub(crate) end_at: Timestamp,
}

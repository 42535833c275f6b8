//! An agent in a media routing domain.

use crate::{Domain, SeatRecord, TaskId};
use floor::{AgentId, ReasonCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an agent agrees to at sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Tasks at once, 1 to [`crate::limits::DIALOGS_MAX`].
    pub dialogs_max: u8,
    /// What a call does to work in an interruptible domain.
    pub interrupt: InterruptAction,
    /// What becomes of tasks when the agent signs out.
    pub on_logout: LogoutAction,
}

impl Default for Terms {
    fn default() -> Self {
        Self { dialogs_max: 1, interrupt: InterruptAction::Accept, on_logout: LogoutAction::Close }
    }
}

/// `interruptAction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InterruptAction {
    /// Work stands still until the interruption is over.
    Accept,
    /// Work goes on.
    Ignore,
}

/// `dialogLogoutAction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogoutAction {
    /// Tasks end with the sign-out.
    Close,
    /// Tasks go to somebody else.
    Transfer,
}

macro_rules! names {
    ($($type:ident { $($variant:ident $name:literal)* })*) => {$(
        impl $type {
            /// The name in documents.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The one with this name.
            pub fn parse(name: &str) -> Option<Self> {
                [$(Self::$variant),*].into_iter().find(|one| one.name() == name)
            }
        }
    )*};
}

names! {
    InterruptAction { Accept "ACCEPT" Ignore "IGNORE" }
    LogoutAction { Close "CLOSE" Transfer "TRANSFER" }
    MediaState {
        Logout "LOGOUT"
        NotReady "NOT_READY"
        Ready "READY"
        Interrupted "INTERRUPTED"
        Active "ACTIVE"
        WorkReady "WORK_READY"
        Paused "PAUSED"
        Reserved "RESERVED"
    }
}

/// An agent's state in a domain. What several tasks make of it: the first that holds (Finesse guide, Agent States for
/// Nonvoice Media).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaState {
    /// Signed out.
    Logout,
    /// No tasks are offered.
    NotReady,
    /// Waiting for a task.
    Ready,
    /// A call, or a task of another domain, interrupts.
    Interrupted,
    /// At work on a task, or has accepted one.
    Active,
    /// Wrapping up, and at most paused tasks beside.
    WorkReady,
    /// All tasks are paused.
    Paused,
    /// A task is offered.
    Reserved,
}

/// What clients may see of an agent in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Who.
    pub agent: AgentId,
    /// Where.
    pub domain: Arc<Domain>,
    /// The rest; `None` for agents of teams that do not work there.
    pub seat: Option<Seat>,
}

/// An agent's standing in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The state.
    pub state: MediaState,
    /// Why not ready or signed out.
    pub reason: Option<Arc<ReasonCode>>,
    /// Whether tasks may be offered.
    pub routable: bool,
    /// As asked for at the latest sign-in.
    pub terms: Terms,
    /// Since when state and reason hold; `None` for who was never there.
    pub changed_at: Option<Timestamp>,
}

impl Default for Seat {
    fn default() -> Self {
        Self {
            state: MediaState::Logout,
            reason: None,
            routable: false,
            terms: Terms::default(),
            changed_at: None,
        }
    }
}

/// A seat with what is going on about it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) domain: Arc<Domain>,
    pub(crate) signed_in: bool,
    pub(crate) ready: bool,
    pub(crate) routable: bool,
    /// Not to be routable any more, as soon as every task is started.
    pub(crate) leaves_route: bool,
    pub(crate) reason: Option<Arc<ReasonCode>>,
    pub(crate) terms: Terms,
    /// The number of the latest offer: the smallest has waited longest.
    pub(crate) offered: u64,
    pub(crate) tasks: BTreeSet<TaskId>,
    /// What was told last.
    pub(crate) told: Seat,
    /// What was kept last; `None` where there is nothing to keep.
    pub(crate) kept: Option<SeatRecord>,
}

impl Place {
    pub(crate) fn new(domain: Arc<Domain>) -> Self {
        Self {
            domain,
            signed_in: false,
            ready: false,
            routable: false,
            leaves_route: false,
            reason: None,
            terms: Terms::default(),
            offered: 0,
            tasks: BTreeSet::new(),
            told: Seat::default(),
            kept: None,
        }
    }
}

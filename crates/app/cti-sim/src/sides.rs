//! Sides A and B: two listeners of one contact centre, of which one is active, and what can be wrong with each.

use ged188::Status;
use std::fmt;
use std::str::FromStr;
use tokio::sync::watch;

/// A side of the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Side A.
    A,
    /// Side B.
    B,
}

impl Side {
    pub(crate) const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "a",
            Self::B => "b",
        })
    }
}

impl FromStr for Side {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "a" | "A" => Ok(Self::A),
            "b" | "B" => Ok(Self::B),
            other => Err(format!("{other} is no side, only a and b")),
        }
    }
}

/// How a side answers OPEN_REQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// As a server does.
    Usual,
    /// With FAILURE_CONF, whatever it says.
    Refused(Status),
    /// Not at all: the connection is accepted, nothing is ever said.
    Silent,
    /// In the layouts of another version than the one that was asked for.
    Version(u32),
}

/// What a side is like now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SideState {
    /// It listens; otherwise connections are refused and those that there were are gone.
    pub(crate) up: bool,
    /// It neither reads nor writes.
    pub(crate) paused: bool,
    /// How it answers OPEN_REQ.
    pub(crate) opening: Opening,
}

impl Default for SideState {
    fn default() -> Self {
        Self { up: true, paused: false, opening: Opening::Usual }
    }
}

/// Both sides as the hall controls them.
#[derive(Debug)]
pub(crate) struct Sides {
    states: [watch::Sender<SideState>; 2],
}

impl Sides {
    pub(crate) fn new() -> Self {
        Self { states: [watch::Sender::new(SideState::default()), watch::Sender::new(SideState::default())] }
    }

    /// A side's state as its listener and its clients watch it.
    pub(crate) fn watch(&self, side: Side) -> watch::Receiver<SideState> {
        self.states[side as usize].subscribe()
    }

    /// A side's state.
    pub(crate) fn state(&self, side: Side) -> SideState {
        *self.states[side as usize].borrow()
    }

    /// Changes a side's state.
    pub(crate) fn change(&self, side: Side, change: impl FnOnce(&mut SideState)) {
        self.states[side as usize].send_modify(change);
    }
}

//! Media routing domains.

use floor::TeamId;
use std::fmt;
use std::time::Duration;

/// A media routing domain's number, for example 5001. 1 is voice, which is not routed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainId(pub u32);

impl fmt::Display for DomainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A media routing domain, as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its number.
    pub id: DomainId,
    /// Its name, which is the `mediaType` of its tasks.
    pub name: String,
    /// For people.
    pub description: String,
    /// Whether a call, or a task of a domain that is not interruptible, interrupts work in this one.
    pub interruptible: bool,
    /// The teams that work in it; all when empty.
    pub teams: Vec<TeamId>,
    /// Script selectors that lead here: targets of transfers.
    pub selectors: Vec<String>,
    /// How long an agent has to accept an offered task.
    pub start_timeout: Duration,
    /// How long an agent may be busy with one task, from the offer on.
    pub task_life: Duration,
}

impl Domain {
    /// Whether agents of this team work in it.
    pub fn is_for(&self, team: TeamId) -> bool {
        self.teams.is_empty() || self.teams.contains(&team)
    }
}

//! Kinds of work beside calls: chats, mails.

use super::parts::secs;
use floor::TeamId;
use media::{Domain, DomainId};
use serde::{Deserialize, Serialize};

/// How long an agent has to accept a task, unless told otherwise.
const START_TIMEOUT_SECS: u64 = 30;
/// How long an agent may be busy with a task, unless told otherwise.
const TASK_LIFE_SECS: u64 = 86_400;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MediaDomain {
    /// MRDID; 1 is voice.
    pub(crate) id: u32,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
    /// Whether calls, and tasks of domains that are not interruptible, interrupt work in it.
    #[serde(default)]
    pub(crate) interruptible: bool,
    /// The teams that work in it; all when empty.
    #[serde(default)]
    pub(crate) teams: Vec<u32>,
    /// Script selectors that agents transfer tasks to.
    #[serde(default)]
    pub(crate) selectors: Vec<String>,
    #[serde(default = "start_timeout_secs")]
    pub(crate) start_timeout_secs: u64,
    #[serde(default = "task_life_secs")]
    pub(crate) task_life_secs: u64,
}

fn start_timeout_secs() -> u64 {
    START_TIMEOUT_SECS
}

fn task_life_secs() -> u64 {
    TASK_LIFE_SECS
}

impl MediaDomain {
    /// One with a name, and a script selector of the same name.
    pub(crate) fn named(id: u32, name: &str, interruptible: bool) -> Self {
        Self {
            id,
            name: name.to_owned(),
            description: String::new(),
            interruptible,
            teams: Vec::new(),
            selectors: vec![name.to_owned()],
            start_timeout_secs: START_TIMEOUT_SECS,
            task_life_secs: TASK_LIFE_SECS,
        }
    }

    /// What task routing is told.
    pub(crate) fn domain(&self) -> Domain {
        Domain {
            id: DomainId(self.id),
            name: self.name.clone(),
            description: self.description.clone(),
            interruptible: self.interruptible,
            teams: self.teams.iter().copied().map(TeamId).collect(),
            selectors: self.selectors.clone(),
            start_timeout: secs(self.start_timeout_secs),
            task_life: secs(self.task_life_secs),
        }
    }
}

//! What must outlive the process: tasks, and who is signed in where. Times are milliseconds since 1970.

use crate::seat::Place;
use crate::task::{Held, Task};
use crate::{MediaState, TaskId, TaskRouting, TaskState, Terms, Variable};
use floor::{AgentId, ReasonCategory, ReasonCode, ReasonCodeId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A change of what is kept. The same one twice changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// A task as it is now.
    Task(Box<TaskRecord>),
    /// A task is over.
    TaskOver(TaskId),
    /// A sign-in as it is now.
    Seat(Box<SeatRecord>),
    /// An agent has signed out.
    SignedOut {
        /// Who.
        agent: String,
        /// Of which domain.
        domain: u32,
    },
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Its id.
    pub id: TaskId,
    /// Of which domain.
    pub domain: u32,
    /// The id that it had before.
    pub associated: Option<TaskId>,
    /// Its place among those that wait: the lowest is next.
    pub rank: i64,
    /// loginId of who is not asked again.
    pub avoids: Option<String>,
    /// What the application attached.
    pub variables: Vec<Variable>,
    /// In whose hands it is; `None`: it waits.
    pub held: Option<HeldRecord>,
}

/// A task in an agent's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRecord {
    /// loginId.
    pub agent: String,
    /// The state without interruptions.
    pub state: TaskState,
    /// When the agent accepted it.
    pub started_at: Option<i64>,
    /// Since when the state holds.
    pub changed_at: i64,
    /// When it ends at the latest.
    pub end_at: i64,
}

/// An agent signed in to a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRecord {
    /// loginId.
    pub agent: String,
    /// Where.
    pub domain: u32,
    /// Whether it has a session of the notification service, or is to return to one: who does not return after a
    /// restart is signed out.
    pub is_watched: bool,
    /// Whether tasks may come.
    pub ready: bool,
    /// Whether tasks may be offered.
    pub routable: bool,
    /// Not to be routable any more, as soon as every task is started.
    pub leaves_route: bool,
    /// Why not ready.
    pub reason: Option<ReasonRecord>,
    /// As asked for at sign-in.
    pub terms: Terms,
    /// The number of the latest offer: the smallest has waited longest.
    pub offered: u64,
    /// The state that was told.
    pub state: MediaState,
    /// Since when state and reason hold.
    pub changed_at: Option<i64>,
}

/// A reason as it was when it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonRecord {
    /// Its name for clients.
    pub id: u32,
    /// The number in reports.
    pub code: u16,
    /// Words for people.
    pub label: String,
    /// Whether every team had it.
    pub for_all: bool,
}

impl ReasonRecord {
    fn of(reason: &ReasonCode) -> Self {
        Self { id: reason.id.0, code: reason.code, label: reason.label.clone(), for_all: reason.for_all }
    }

    pub(crate) fn reason(&self) -> Arc<ReasonCode> {
        Arc::new(ReasonCode {
            id: ReasonCodeId(self.id),
            category: ReasonCategory::NotReady,
            code: self.code,
            label: self.label.clone(),
            for_all: self.for_all,
            teams: Vec::new(),
            system_code: false,
        })
    }
}

impl TaskRouting {
    /// Has a task kept as it is.
    pub(crate) fn keep_task(&mut self, id: TaskId) {
        if let Some(task) = self.tasks.get(&id) {
            self.keep(Keep::Task(Box::new(task.record())));
        }
    }

    /// Has kept what is different of an agent's sign-ins.
    pub(crate) fn keep_seats(&mut self, agent: &AgentId) {
        let is_present = self.present.contains(agent);
        let Some(person) = self.people.get_mut(agent) else { return };
        let is_watched = is_present || person.watch.is_some();
        let mut different = Vec::new();
        for (domain, place) in &mut person.places {
            let record = place.record(agent, is_watched);
            if place.kept == record {
                continue;
            }
            place.kept.clone_from(&record);
            different.push(match record {
                Some(record) => Keep::Seat(Box::new(record)),
                None => Keep::SignedOut { agent: agent.as_str().to_owned(), domain: domain.0 },
            });
        }
        different.into_iter().for_each(|keep| self.keep(keep));
    }
}

impl Task {
    fn record(&self) -> TaskRecord {
        TaskRecord {
            id: self.id,
            domain: self.domain.0,
            associated: self.associated,
            rank: self.rank,
            avoids: self.avoids.as_ref().map(|agent| agent.as_str().to_owned()),
            variables: self.variables.to_vec(),
            held: self.held.as_ref().map(Held::record),
        }
    }
}

impl Held {
    fn record(&self) -> HeldRecord {
        HeldRecord {
            agent: self.agent.as_str().to_owned(),
            state: self.state,
            started_at: self.started_at.map(|at| at.as_millisecond()),
            changed_at: self.changed_at.as_millisecond(),
            end_at: self.end_at.as_millisecond(),
        }
    }
}

impl Place {
    /// `None`: not signed in, nothing to keep.
    fn record(&self, agent: &AgentId, is_watched: bool) -> Option<SeatRecord> {
        self.signed_in.then(|| SeatRecord {
            agent: agent.as_str().to_owned(),
            domain: self.domain.id.0,
            is_watched,
            ready: self.ready,
            routable: self.routable,
            leaves_route: self.leaves_route,
            reason: self.reason.as_deref().map(ReasonRecord::of),
            terms: self.terms,
            offered: self.offered,
            state: self.told.state,
            changed_at: self.told.changed_at.map(|at| at.as_millisecond()),
        })
    }
}

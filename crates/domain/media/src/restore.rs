//! A restart: what was kept is true again.
//!
//! Nothing has to be guessed, so nobody is in the states WORK or UNKNOWN, in which the original has agents and tasks
//! after a failure that took something with it. Agents stay signed in, and what they have begun stays theirs
//! (Finesse guide, Failure Handling for Task Routing Clients: the list of an agent's dialogs is as it was). What was
//! only offered waits again, the first in the line: its agent may not come back, and the customer has waited for long.

use crate::core::Timer;
use crate::seat::Place;
use crate::task::{Held, Task};
use crate::{DomainId, Keep, Note, Seat, SeatRecord, TaskRecord, TaskRouting, TaskState};
use floor::{AgentId, Now};
use jiff::Timestamp;
use std::time::Duration;

impl TaskRouting {
    /// Begins with what was kept: once, before anything else.
    ///
    /// Who had a session of the notification service is signed out unless it returns within
    /// [`crate::Policy::presence_grace`], and is offered nothing before. Records of domains that are not configured
    /// any more are left out, and stay where they are kept.
    pub fn restore(&mut self, now: Now, seats: Vec<SeatRecord>, mut tasks: Vec<TaskRecord>) {
        let all = seats.len() + tasks.len();
        // an id never comes twice, however quick the restart
        let latest_run = tasks.iter().map(|task| task.id.run).max();
        self.run = self.run.max(latest_run.map_or(0, |run| run.saturating_add(1)));
        let seats: Vec<SeatRecord> = seats.into_iter().filter(|seat| self.restore_seat(now, seat)).collect();
        tasks.retain(|task| self.domains.contains_key(&DomainId(task.domain)));
        tasks.sort_by_key(|task| (task.rank, task.id));
        let ranks = tasks.first().zip(tasks.last());
        self.ranks = ranks.map_or((0, 0), |(first, last)| (first.rank, last.rank));
        let left_out = all - seats.len() - tasks.len();
        let restored = tasks.len();
        let mut again = Vec::new();
        for record in tasks {
            again.extend(self.restore_task(now, record));
        }
        // the first of them comes to the front as the last
        for task in again.into_iter().rev() {
            self.keep(Keep::TaskOver(task.id));
            self.wait_again(task);
        }
        let agents: Vec<AgentId> = self.people.keys().cloned().collect();
        if all > 0 {
            self.note(Note::Restored { agents: agents.len(), tasks: restored, left_out });
        }
        for agent in agents {
            self.settle(now, &agent);
        }
        self.route(now);
    }

    /// Whether the domain is there.
    fn restore_seat(&mut self, now: Now, record: &SeatRecord) -> bool {
        let Some(domain) = self.domains.get(&DomainId(record.domain)).cloned() else { return false };
        let agent = AgentId::from(record.agent.as_str());
        let reason = record.reason.as_ref().map(|reason| reason.reason());
        let told = Seat {
            state: record.state,
            reason: reason.clone(),
            routable: record.routable,
            terms: record.terms,
            changed_at: record.changed_at.map(moment),
        };
        let place = Place {
            signed_in: true,
            ready: record.ready,
            routable: record.routable,
            leaves_route: record.leaves_route,
            reason,
            terms: record.terms,
            offered: record.offered,
            told,
            kept: Some(record.clone()),
            ..Place::new(domain.clone())
        };
        self.last_offer = self.last_offer.max(record.offered);
        let person = self.people.entry(agent.clone()).or_default();
        person.places.insert(domain.id, place);
        if record.is_watched && person.watch.is_none() {
            let until = now.instant + self.policy.presence_grace;
            (person.watch, person.is_awaited) = (Some(until), true);
            self.timers.insert((until, Timer::Watch(agent)));
        }
        true
    }

    /// Puts a task back in its queue, or in the hands in which it was; the task itself, if it is in these no more.
    fn restore_task(&mut self, now: Now, record: TaskRecord) -> Option<Task> {
        let held = record.held.as_ref().map(|held| Held {
            agent: AgentId::from(held.agent.as_str()),
            state: held.state,
            started_at: held.started_at.map(moment),
            changed_at: moment(held.changed_at),
            // accepted long since
            start_by: now.instant,
            end_by: now.instant + until(now, moment(held.end_at)),
            end_at: moment(held.end_at),
        });
        let (id, domain) = (record.id, DomainId(record.domain));
        let task = Task {
            id,
            domain,
            associated: record.associated,
            rank: record.rank,
            avoids: record.avoids.as_deref().map(AgentId::from),
            variables: record.variables.into(),
            held,
        };
        let Some(held) = &task.held else {
            self.queues.entry(domain).or_default().push_back(id);
            self.tasks.insert(id, task);
            return None;
        };
        let (agent, end_by) = (held.agent.clone(), held.end_by);
        let is_begun = held.state != TaskState::Offered;
        let Some(place) = self.place(&agent, domain).filter(|_| is_begun) else { return Some(task) };
        place.tasks.insert(id);
        self.timers.insert((end_by, Timer::Life(id)));
        self.tasks.insert(id, task);
        None
    }
}

/// From now to a moment on the wall; nothing if it has passed.
fn until(now: Now, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now.wall)).unwrap_or_default()
}

/// A moment that was kept. None of ours is out of range.
fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}

//! Who gets which task.

use crate::core::{Person, Timer};
use crate::limits::QUEUE_MAX;
use crate::seat::Place;
use crate::task::{Held, Task};
use crate::{
    Change, Disposition, DomainId, InterruptAction, Keep, NewTask, Note, Refusal, TaskDialog, TaskEvent,
    TaskId, TaskRouting, TaskState, variables,
};
use floor::{AgentId, Now};
use jiff::Timestamp;

impl TaskRouting {
    /// An application brings a task.
    pub fn submit(&mut self, now: Now, new: NewTask) -> Result<TaskId, Refusal> {
        let NewTask { domain, variables } = new;
        self.domains.get(&domain).ok_or(Refusal::UnknownDomain(domain))?;
        variables::check(&variables)?;
        let queue = self.queues.entry(domain).or_default();
        if queue.len() >= QUEUE_MAX {
            return Err(Refusal::QueueFull(domain));
        }
        self.last_task += 1;
        let id = TaskId { run: self.run, number: self.last_task, attempt: 1 };
        queue.push_back(id);
        self.ranks.1 += 1;
        let (rank, variables) = (self.ranks.1, variables.into());
        let task = Task { id, domain, associated: None, rank, avoids: None, variables, held: None };
        self.tasks.insert(id, task);
        self.keep_task(id);
        self.note(Note::Queued { task: id });
        self.route(now);
        Ok(id)
    }

    /// An application takes a task back: the customer has given up. Once an agent is at work on it, the agent ends it.
    /// The application knows the task by its first id, however often it was routed since.
    pub fn withdraw(&mut self, now: Now, id: TaskId) -> Result<(), Refusal> {
        let attempts = TaskId { attempt: 0, ..id }..=TaskId { attempt: u32::MAX, ..id };
        let (id, task) = self.tasks.range(attempts).next().ok_or(Refusal::UnknownTask(id))?;
        let id = *id;
        match task.held.as_ref().map(|held| held.state) {
            None => {
                let domain = task.domain;
                if let Some(queue) = self.queues.get_mut(&domain) {
                    queue.retain(|waiting| *waiting != id);
                }
                self.tasks.remove(&id);
                self.keep(Keep::TaskOver(id));
                self.note(Note::Withdrawn { task: id });
            }
            Some(TaskState::Offered | TaskState::Accepted) => {
                self.release(now, id, Disposition::Abandoned, None);
                self.route(now);
            }
            Some(_) => return Err(Refusal::AtWork(id)),
        }
        Ok(())
    }

    /// Offers tasks as long as there is somebody to take one.
    pub(crate) fn route(&mut self, now: Now) {
        let domains: Vec<DomainId> = self.domains.keys().copied().collect();
        for domain in domains {
            while let Some((task, agent)) = self.next_offer(domain) {
                self.offer(now, task, agent);
            }
        }
    }

    /// The task that has waited longest of those that somebody may take, and who has waited longest for one.
    fn next_offer(&self, domain: DomainId) -> Option<(TaskId, AgentId)> {
        let queue = self.queues.get(&domain).filter(|queue| !queue.is_empty())?;
        let free = self.people.iter().filter_map(|(agent, person)| {
            let place = person.places.get(&domain)?;
            person.may_take(place).then_some((place.offered, agent))
        });
        let mut free: Vec<(u64, &AgentId)> = free.collect();
        free.sort_unstable();
        queue.iter().find_map(|id| {
            let avoids = self.tasks.get(id)?.avoids.as_ref();
            let (_, agent) = free.iter().find(|(_, agent)| avoids != Some(*agent))?;
            Some((*id, (*agent).clone()))
        })
    }

    fn offer(&mut self, now: Now, id: TaskId, agent: AgentId) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        let Some(domain) = self.domains.get(&task.domain).cloned() else { return };
        if let Some(queue) = self.queues.get_mut(&domain.id) {
            queue.retain(|waiting| *waiting != id);
        }
        let (start_by, end_by) = (now.instant + domain.start_timeout, now.instant + domain.task_life);
        task.held = Some(Held {
            agent: agent.clone(),
            state: TaskState::Offered,
            started_at: None,
            changed_at: now.wall,
            start_by,
            end_by,
            end_at: now.wall.saturating_add(domain.task_life).unwrap_or(Timestamp::MAX),
        });
        self.timers.extend([(start_by, Timer::Start(id)), (end_by, Timer::Life(id))]);
        self.last_offer += 1;
        let offered = self.last_offer;
        if let Some(place) = self.place(&agent, domain.id) {
            place.offered = offered;
            place.tasks.insert(id);
        }
        self.tell_task(id, TaskEvent::Added);
        self.keep_task(id);
        self.note(Note::Offered { task: id, agent: agent.clone() });
        self.settle(now, &agent);
    }

    /// Takes a task out of an agent's hands; it waits again in domain `again`, if there is one, before all others, since
    /// it has waited already.
    pub(crate) fn release(&mut self, now: Now, id: TaskId, why: Disposition, again: Option<DomainId>) {
        let Some(task) = self.tasks.remove(&id) else { return };
        let Some(held) = &task.held else { return };
        self.timers.remove(&(held.start_by, Timer::Start(id)));
        self.timers.remove(&(held.end_by, Timer::Life(id)));
        let agent = held.agent.clone();
        let Some(place) = self.place(&agent, task.domain) else { return };
        place.tasks.remove(&id);
        let domain = place.domain.clone();
        let gone = TaskDialog {
            state: TaskState::Closed,
            actions: &[],
            changed_at: now.wall,
            disposition: Some(why),
            ..self.dialog(&task, held, &domain)
        };
        self.publish(Change::Task { task: Box::new(gone), event: TaskEvent::Removed });
        self.note(Note::Closed { task: id, agent: agent.clone(), why });
        self.keep(Keep::TaskOver(id));
        if let Some(domain) = again {
            let avoids = (why == Disposition::Transferred).then(|| agent.clone());
            self.wait_again(Task { domain, avoids, ..task });
        }
        self.leave_route(&agent);
        self.settle(now, &agent);
    }

    /// A task that was in somebody's hands waits under its next id, before all others.
    pub(crate) fn wait_again(&mut self, task: Task) {
        let id = TaskId { attempt: task.id.attempt.saturating_add(1), ..task.id };
        self.ranks.0 -= 1;
        let (associated, rank, domain) = (Some(task.id), self.ranks.0, task.domain);
        self.tasks.insert(id, Task { id, associated, rank, held: None, ..task });
        self.queues.entry(domain).or_default().push_front(id);
        self.keep_task(id);
        self.note(Note::Queued { task: id });
    }

    /// Ends the routable mode of an agent who has asked for it, where every task is started.
    pub(crate) fn leave_route(&mut self, agent: &AgentId) {
        let Some(person) = self.people.get(agent) else { return };
        let is_started = |place: &Place| {
            !place.tasks.iter().any(|task| self.is_in(*task, &[TaskState::Offered, TaskState::Accepted]))
        };
        let leaving = person.places.iter().filter(|(_, place)| place.leaves_route && is_started(place));
        let leaving: Vec<DomainId> = leaving.map(|(id, _)| *id).collect();
        for domain in leaving {
            if let Some(place) = self.place(agent, domain) {
                (place.routable, place.leaves_route) = (false, false);
            }
        }
    }

    pub(crate) fn tell_task(&mut self, id: TaskId, event: TaskEvent) {
        if let Some(task) = self.task(id) {
            self.publish(Change::Task { task: Box::new(task), event });
        }
    }

    /// The agent did not accept in time: somebody else is asked, and this agent not again before it says so.
    pub(crate) fn not_accepted(&mut self, now: Now, id: TaskId) {
        let Some(task) = self.tasks.get(&id) else { return };
        let Some(held) = &task.held else { return };
        let (agent, domain) = (held.agent.clone(), task.domain);
        if let Some(place) = self.place(&agent, domain) {
            (place.routable, place.leaves_route) = (false, false);
        }
        self.release(now, id, Disposition::NotAccepted, Some(domain));
        self.route(now);
    }

    /// The agent did not end it in time.
    pub(crate) fn too_long(&mut self, now: Now, id: TaskId) {
        self.release(now, id, Disposition::LifetimeExceeded, None);
        self.route(now);
    }
}

impl Person {
    /// Whether a task may be offered. Nobody is asked twice at once who does one thing at a time: during a call, or a
    /// task that nothing interrupts, tasks go only to who ignores interruptions.
    pub(crate) fn may_take(&self, place: &Place) -> bool {
        let ignores = place.domain.interruptible && place.terms.interrupt == InterruptAction::Ignore;
        place.signed_in
            && place.ready
            && place.routable
            && !place.leaves_route
            && !self.is_awaited
            && place.tasks.len() < usize::from(place.terms.dialogs_max)
            && (ignores || !self.is_busy_beside(place.domain.id))
    }
}

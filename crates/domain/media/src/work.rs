//! What agents ask for, done.

use crate::seat::Place;
use crate::{
    Change, Disposition, DomainId, Fault, LogoutAction, MediaRequest, Refusal, TaskAction, TaskEvent, TaskId,
    TaskRequest, TaskRouting, TaskState, Terms, Wish,
};
use floor::{AgentId, Now, ReasonCode};
use std::sync::Arc;

impl TaskRouting {
    /// Somebody asks for something in a domain. What comes of it is a change, of the agent or that it failed.
    pub fn request(&mut self, now: Now, request: MediaRequest) -> Result<(), Refusal> {
        let MediaRequest { agent, team, domain, wish, request_id } = request;
        let known = self.domains.get(&domain).ok_or(Refusal::UnknownDomain(domain))?.clone();
        let is_there = self.place(&agent, domain).is_some();
        if !is_there && !known.is_for(team) {
            return Err(Refusal::NotInDomain(domain));
        }
        let outcome = match wish {
            Wish::SignIn(terms) => {
                let person = self.people.entry(agent.clone()).or_default();
                sign_in(person.places.entry(domain).or_insert_with(|| Place::new(known)), terms)
            }
            Wish::Ready => self.signed_in(&agent, domain).map(ready),
            Wish::NotReady(reason) => self.not_ready(&agent, domain, reason),
            Wish::SignOut(reason) => self.sign_out(now, &agent, domain, reason),
            Wish::Routable(routable) => self.routable(&agent, domain, routable),
        };
        if let Err(fault) = outcome {
            self.publish(Change::MediaFailed { agent: agent.clone(), domain, request_id, fault });
        }
        // a second sign-in fails and has changed the terms
        self.settle(now, &agent);
        self.route(now);
        Ok(())
    }

    /// Signs an agent out of every domain, with the desktop's sign-out (`logoutAllMedia`) or because nobody is there.
    pub fn sign_out_everywhere(&mut self, now: Now, agent: &AgentId) {
        let Some(person) = self.people.get(agent) else { return };
        let domains: Vec<DomainId> = person.places.keys().copied().collect();
        for domain in domains {
            // not signed in there: nothing to do
            let _ = self.sign_out(now, agent, domain, None);
        }
        self.settle(now, agent);
        self.route(now);
    }

    /// Somebody does something with a task. What comes of it is a change, of the task or that it failed.
    pub fn request_task(&mut self, now: Now, request: TaskRequest) -> Result<(), Refusal> {
        let TaskRequest { agent, task: id, action, target, request_id } = request;
        let task = self.task(id).ok_or(Refusal::UnknownTask(id))?;
        if task.agent != agent {
            return Err(Refusal::NotOwn(id));
        }
        let again = match (action, target) {
            (TaskAction::Transfer, target) => Some(self.behind(&target.unwrap_or_default())?),
            _ => None,
        };
        let domain = task.domain.id;
        if !task.actions.contains(&action) {
            let held = self.tasks.get(&id).and_then(|task| task.held.as_ref());
            let would = held.is_some_and(|held| held.state.actions().contains(&action));
            let fault = if would { Fault::Interrupted } else { Fault::OutOfSequence };
            self.publish(Change::TaskFailed { agent, domain, task: id, request_id, fault });
            return Ok(());
        }
        match action {
            TaskAction::Close => self.release(now, id, Disposition::NormalEnd, None),
            TaskAction::Transfer => self.release(now, id, Disposition::Transferred, again),
            TaskAction::Accept => self.become_state(now, id, TaskState::Accepted),
            TaskAction::Start | TaskAction::Resume => self.become_state(now, id, TaskState::Active),
            TaskAction::Pause => self.become_state(now, id, TaskState::Paused),
            TaskAction::WrapUp => self.become_state(now, id, TaskState::WrappingUp),
        }
        self.leave_route(&agent);
        self.settle(now, &agent);
        self.route(now);
        Ok(())
    }

    /// The domain that a script selector leads to.
    fn behind(&self, selector: &str) -> Result<DomainId, Refusal> {
        let leads = |selectors: &[String]| selectors.iter().any(|other| other == selector);
        let domain = self.domains.values().find(|domain| leads(&domain.selectors));
        domain.map(|domain| domain.id).ok_or_else(|| Refusal::UnknownSelector(selector.to_owned()))
    }

    fn become_state(&mut self, now: Now, id: TaskId, state: TaskState) {
        let Some(held) = self.tasks.get_mut(&id).and_then(|task| task.held.as_mut()) else { return };
        (held.state, held.changed_at) = (state, now.wall);
        if state == TaskState::Accepted {
            held.started_at = Some(now.wall);
            let timer = (held.start_by, crate::core::Timer::Start(id));
            self.timers.remove(&timer);
        }
        self.tell_task(id, TaskEvent::Changed);
        self.keep_task(id);
    }

    fn signed_in(&mut self, agent: &AgentId, domain: DomainId) -> Result<&mut Place, Fault> {
        self.place(agent, domain).filter(|place| place.signed_in).ok_or(Fault::NotSignedIn)
    }

    /// The agent's tasks of a domain in one of these states.
    fn tasks_in(&self, agent: &AgentId, domain: DomainId, states: &[TaskState]) -> Vec<TaskId> {
        let place = self.people.get(agent).and_then(|person| person.places.get(&domain));
        let tasks = place.into_iter().flat_map(|place| &place.tasks).copied();
        tasks.filter(|task| self.is_in(*task, states)).collect()
    }

    fn not_ready(
        &mut self,
        agent: &AgentId,
        domain: DomainId,
        reason: Option<Arc<ReasonCode>>,
    ) -> Result<(), Fault> {
        let offered = !self.tasks_in(agent, domain, &[TaskState::Offered]).is_empty();
        let place = self.signed_in(agent, domain)?;
        if offered {
            return Err(Fault::TaskOffered);
        }
        (place.ready, place.reason) = (false, reason);
        Ok(())
    }

    fn routable(&mut self, agent: &AgentId, domain: DomainId, routable: bool) -> Result<(), Fault> {
        let unstarted = [TaskState::Offered, TaskState::Accepted];
        let waits = !self.tasks_in(agent, domain, &unstarted).is_empty();
        let place = self.signed_in(agent, domain)?;
        // who is not routable already has nothing to wait for
        place.leaves_route = !routable && waits && place.routable;
        if routable || !place.leaves_route {
            place.routable = routable;
        }
        Ok(())
    }

    /// A task that the agent has not begun goes to somebody else in any case: the customer has not been served.
    fn sign_out(
        &mut self,
        now: Now,
        agent: &AgentId,
        domain: DomainId,
        reason: Option<Arc<ReasonCode>>,
    ) -> Result<(), Fault> {
        let place = self.signed_in(agent, domain)?;
        (place.signed_in, place.ready, place.routable, place.leaves_route) = (false, false, false, false);
        place.reason = reason;
        let (terms, tasks) = (place.terms, place.tasks.clone());
        for task in tasks {
            if terms.on_logout == LogoutAction::Transfer || self.is_in(task, &[TaskState::Offered]) {
                self.release(now, task, Disposition::TransferredOnLogout, Some(domain));
            } else {
                self.release(now, task, Disposition::LoggedOut, None);
            }
        }
        Ok(())
    }
}

/// Who is signed in already agrees to other terms, and the request fails all the same: applications set right in this
/// way what a failure put out of step (Finesse guide, Failure Handling for Task Routing Clients).
fn sign_in(place: &mut Place, terms: Terms) -> Result<(), Fault> {
    place.terms = terms;
    if place.signed_in {
        return Err(Fault::AlreadySignedIn);
    }
    (place.signed_in, place.ready, place.routable, place.leaves_route) = (true, false, true, false);
    place.reason = None;
    Ok(())
}

/// Who is ready stays so, untold.
fn ready(place: &mut Place) {
    if !place.ready {
        (place.ready, place.routable, place.leaves_route) = (true, true, false);
        place.reason = None;
    }
}

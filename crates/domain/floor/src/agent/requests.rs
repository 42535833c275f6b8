//! Requests of one agent, one after the other: the next goes to the CTI server when the one before has its
//! outcome, that is the event that shows the wanted state, a failure, or the time-out.

use super::Record;
use crate::floor::Purpose;
use crate::limits::REQUESTS_PER_AGENT_MAX;
use crate::{
    Action, Agent, AgentId, AgentPassword, AgentStateReport, Change, CtiCommand, CtiFailure, Floor, Now,
    Place, ReasonCategory, ReasonCodeId, Refusal, Request, RequestError, SetAgentState, State, Token,
};
use std::time::Instant;

/// What was asked of the CTI server, or will be.
#[derive(Debug)]
pub(super) struct Order {
    /// [`State::Login`] to sign in.
    state: State,
    /// Given when signing in; otherwise the one in use.
    extension: Option<String>,
    /// Given when signing in.
    place: Place,
    reason: u16,
    forced: bool,
    /// Given when signing in.
    password: Option<AgentPassword>,
    request_id: Option<String>,
}

/// The order whose outcome is awaited.
#[derive(Debug)]
pub(super) struct InFlight {
    token: Token,
    deadline: Instant,
    order: Order,
    confirmed: bool,
}

impl Order {
    /// Whether the agent is where the order wants it.
    fn is_shown_by(&self, agent: &Agent) -> bool {
        match self.state {
            State::Login => {
                agent.state.is_signed_in() && self.extension.as_deref() == Some(agent.extension.as_str())
            }
            wanted => agent.state == wanted && agent.reason_code().unwrap_or(0) == self.reason,
        }
    }

    /// Whether the CTI server would have nothing to say to it: it takes a forced sign-out of somebody who is signed out,
    /// and no event follows.
    fn is_vain_for(&self, agent: &Agent) -> bool {
        self.forced && self.state == State::Logout && agent.state == State::Logout
    }
}

impl InFlight {
    /// Whether an event is this order's outcome. A reason other than the asked one, and whatever is told of an agent who
    /// was signed in already and signs in again, counts only once the server took the order: before that the event is
    /// somebody else's.
    fn is_answered_by(&self, agent: &Agent, report: &AgentStateReport) -> bool {
        match self.order.state {
            State::Login => report.state.is_signed_in() && (self.confirmed || !agent.state.is_signed_in()),
            wanted => {
                report.state == wanted && (self.confirmed || report.reason.unwrap_or(0) == self.order.reason)
            }
        }
    }
}

impl Record {
    /// The extension of a sign-in under way.
    pub(super) fn signing_in_on(&self) -> Option<&str> {
        self.in_flight.as_ref()?.order.extension.as_deref()
    }

    /// Where the sign-in under way wants calls to ring.
    pub(super) fn signing_in_at(&self) -> Option<&Place> {
        let order = &self.in_flight.as_ref()?.order;
        (order.state == State::Login).then_some(&order.place)
    }

    /// Whether a sign-in is under way or waits.
    pub(super) fn is_signing_in(&self) -> bool {
        let in_flight = self.in_flight.iter().map(|in_flight| &in_flight.order);
        in_flight.chain(&self.waiting).any(|order| order.state == State::Login)
    }

    pub(super) fn is_answered_by(&self, report: &AgentStateReport) -> bool {
        self.in_flight.as_ref().is_some_and(|in_flight| in_flight.is_answered_by(&self.agent, report))
    }
}

impl Floor {
    /// Takes a request, or says at once why not.
    pub fn request(&mut self, now: Now, request: Request) -> Result<(), Refusal> {
        let order = self.check(&request)?;
        let record = self
            .records
            .get_mut(&request.agent)
            .ok_or_else(|| Refusal::UnknownAgent(request.agent.clone()))?;
        if record.waiting.len() + usize::from(record.in_flight.is_some()) >= REQUESTS_PER_AGENT_MAX {
            return Err(Refusal::QueueFull { max: REQUESTS_PER_AGENT_MAX });
        }
        record.waiting.push_back(order);
        self.send_next(now, &request.agent);
        Ok(())
    }

    fn check(&self, request: &Request) -> Result<Order, Refusal> {
        let agent = self.agent(&request.agent).ok_or_else(|| Refusal::UnknownAgent(request.agent.clone()))?;
        let own = request.actor == request.agent;
        if !own {
            self.check_supervisor(request, agent)?;
        }
        let (state, extension, reason) = match &request.action {
            Action::SignIn(sign_in) => {
                self.check_sign_in(sign_in)?;
                (State::Login, Some(sign_in.extension.clone()), None)
            }
            Action::SetState { state: State::Ready, reason: None } => (State::Ready, None, None),
            Action::SetState { state: State::Ready, reason: Some(_) } => {
                return Err(Refusal::ReasonNotAllowed);
            }
            Action::SetState { state: State::NotReady, reason } => (State::NotReady, None, *reason),
            Action::SetState { state, .. } => return Err(Refusal::NotSettable(*state)),
            Action::SignOut { reason } => (State::Logout, None, *reason),
        };
        let reason = match (ReasonCategory::of(state), reason) {
            (Some(_), Some(_)) if !own => return Err(Refusal::ReasonNotAllowed),
            (Some(category), None) if !own => self.policy.deployment.supervisor_initiated(category),
            (Some(category), Some(id)) => self.chosen_reason(agent, category, id)?,
            _ => 0,
        };
        if !self.in_service() {
            return Err(Refusal::OutOfService);
        }
        // Guide, User states: a supervisor's LOGOUT works from any state.
        let forced = !own && state == State::Logout;
        let (password, place) = match &request.action {
            Action::SignIn(sign_in) => (sign_in.password.clone(), sign_in.place.clone()),
            _ => (None, Place::default()),
        };
        let request_id = request.request_id.clone();
        Ok(Order { state, extension, place, reason, forced, password, request_id })
    }

    fn check_supervisor(&self, request: &Request, agent: &Agent) -> Result<(), Refusal> {
        let Request { actor, agent: id, action, .. } = request;
        let is_supervisor = self.agent(actor).is_some_and(|actor| actor.roles().supervisor);
        if !is_supervisor || matches!(action, Action::SignIn(_)) {
            return Err(Refusal::NotOwn { actor: actor.clone(), agent: id.clone() });
        }
        if !self.supervises(actor, agent.profile.team) {
            return Err(Refusal::NotSupervised { actor: actor.clone(), agent: id.clone() });
        }
        Ok(())
    }

    fn chosen_reason(
        &self,
        agent: &Agent,
        category: ReasonCategory,
        id: ReasonCodeId,
    ) -> Result<u16, Refusal> {
        let reason = self.reason_code(agent, id).filter(|reason| reason.category == category);
        let chosen = reason.filter(|reason| !reason.system_code).ok_or(Refusal::UnknownReason(id))?;
        Ok(chosen.code)
    }

    /// Sends the next waiting order unless one is under way. Those that can have no outcome fail at once.
    pub(super) fn send_next(&mut self, now: Now, id: &AgentId) {
        while let Some(record) = self.records.get_mut(id).filter(|record| record.in_flight.is_none()) {
            let Some(order) = record.waiting.pop_front() else { return };
            if !order.is_vain_for(&record.agent) {
                return self.put_in_flight(now, id, order);
            }
            let error = RequestError::invalid_state();
            self.publish(Change::RequestFailed { agent: id.clone(), request_id: order.request_id, error });
        }
    }

    fn put_in_flight(&mut self, now: Now, id: &AgentId, mut order: Order) {
        let token = self.next_token();
        let deadline = now.instant + self.policy.request_timeout;
        let Some(record) = self.records.get_mut(id) else { return };
        let command = SetAgentState {
            token,
            agent: id.clone(),
            extension: order.extension.clone().unwrap_or_else(|| record.agent.extension.clone()),
            place: order.place.clone(),
            state: order.state,
            reason: order.reason,
            forced: order.forced,
            password: order.password.take(),
        };
        record.in_flight = Some(InFlight { token, deadline, order, confirmed: false });
        self.expect_outcome(token, Purpose::Request(id.clone()), deadline);
        self.put_out(CtiCommand::SetAgentState(command));
    }

    /// Takes the order under way off the record; its request is answered.
    pub(super) fn take_in_flight(&mut self, id: &AgentId) -> Option<Option<String>> {
        let in_flight = self.records.get_mut(id)?.in_flight.take()?;
        self.forget_outcome(in_flight.token, in_flight.deadline);
        Some(in_flight.order.request_id)
    }

    /// The CTI server took the order. Its event follows, unless there is nothing to wait for: the agent is
    /// there already, or the wish waits for the end of a call.
    pub(crate) fn request_confirmed(&mut self, now: Now, id: &AgentId) {
        let Some(record) = self.records.get_mut(id) else { return };
        let Some(in_flight) = record.in_flight.as_mut() else { return };
        in_flight.confirmed = true;
        let order = &in_flight.order;
        if record.agent.state.defers_requests() && !order.forced && order.state != State::Login {
            // COMPAT(finesse): a wish for READY during a call takes back the one for NOT_READY and shows
            // nothing of its own.
            record.agent.pending = (order.state != State::Ready).then_some(order.state);
            record.pending_is_stale = false;
        } else if !order.is_shown_by(&record.agent) {
            return;
        }
        self.answer(now, id);
    }

    /// Publishes the agent as it is, as the answer to the order under way.
    fn answer(&mut self, now: Now, id: &AgentId) {
        let mut moved_on = None;
        if let Some(record) = self.records.get_mut(id)
            && let Some(wanted) = record.signing_in_at().cloned()
        {
            let before = record.agent.place.clone();
            record.agent.place.take(&wanted);
            moved_on = (before != record.agent.place).then(|| record.agent.extension.clone());
        }
        let request_id = self.take_in_flight(id).flatten();
        self.publish_agent(id, request_id);
        if let Some(extension) = moved_on {
            // what can be done with a call depends on where it rings
            self.settle_agent(now, id, &extension);
        }
        self.send_next(now, id);
    }

    /// The order under way came to nothing.
    pub(crate) fn request_failed(&mut self, now: Now, id: &AgentId, failure: &CtiFailure) {
        if let Some(request_id) = self.take_in_flight(id) {
            self.publish_failure(id, request_id, failure);
            self.send_next(now, id);
        }
    }

    /// No command will have an outcome any more: every order under way or waiting fails.
    pub(crate) fn fail_all_requests(&mut self) {
        let busy: Vec<AgentId> = self
            .records
            .iter()
            .filter(|(_, record)| record.in_flight.is_some() || !record.waiting.is_empty())
            .map(|(id, _)| id.clone())
            .collect();
        for id in busy {
            if let Some(request_id) = self.take_in_flight(&id) {
                self.publish_failure(&id, request_id, &CtiFailure::LinkDown);
            }
            while let Some(order) = self.records.get_mut(&id).and_then(|record| record.waiting.pop_front()) {
                self.publish_failure(&id, order.request_id, &CtiFailure::LinkDown);
            }
        }
    }

    fn publish_failure(&mut self, id: &AgentId, request_id: Option<String>, failure: &CtiFailure) {
        let error = RequestError::from(failure);
        self.publish(Change::RequestFailed { agent: id.clone(), request_id, error });
    }
}

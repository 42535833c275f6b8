//! Calls from outside, and the router that gives them to the longest idle agent.

use super::call::{Call, CallType, LineState};
use super::data::CallData;
use super::fact::{What, cause};
use super::timer::Timer;
use super::{Endpoint, Exchange, states};
use crate::limits;
use ged188::AgentState;
use std::time::{Duration, Instant};

/// Somebody calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrival {
    /// The caller's number.
    pub(crate) from: String,
    /// The number that was called: a queue's route point or a telephone of the house.
    pub(crate) to: String,
    /// What the caller's dialogue with the machine has brought.
    pub(crate) data: CallData,
    /// How long the caller talks before hanging up; for ever otherwise.
    pub(crate) talk: Option<Duration>,
    /// How long the caller waits for an answer; for ever otherwise.
    pub(crate) patience: Option<Duration>,
    /// Traffic among colleagues.
    pub(crate) background: bool,
    /// Only this agent is to get it.
    pub(crate) only: Option<String>,
}

impl Exchange {
    /// A call comes in. Returns its id.
    ///
    /// # Errors
    /// When there is no such number, or there are too many calls.
    pub(crate) fn arrive(&mut self, now: Instant, arrival: Arrival) -> Result<u32, String> {
        if self.calls.len() >= limits::CALLS_MAX {
            return Err(format!("there are {} calls, no more may be", limits::CALLS_MAX));
        } else if self.is_in_a_call(&arrival.from) {
            return Err(format!("{} is in a call already", arrival.from));
        }
        let called = self.endpoint(&arrival.to);
        let queue =
            self.queues.iter().find(|queue| queue.route_point == arrival.to).map(|queue| queue.number);
        if queue.is_none() && !called.is_agent() {
            return Err(format!("{} is neither a queue nor a telephone of the house", arrival.to));
        }
        let caller = Endpoint::outside(&arrival.from);
        let mut data = arrival.data;
        data.ani = Some(arrival.from.clone());
        data.dnis = Some(arrival.to.clone());
        data.dialed = Some(arrival.to.clone());
        let call_type = if queue.is_some() { CallType::Routed } else { CallType::OtherIn };
        let id = self.insert(call_type, caller.clone(), called.clone(), data);
        if let Some(call) = self.calls.get_mut(&id) {
            call.join(now, caller.clone(), LineState::Initiated);
            call.talk = arrival.talk;
            call.background = arrival.background;
            call.only = arrival.only;
        }
        if let Some(patience) = arrival.patience {
            self.timers.set(now + patience, Timer::GivesUp { call: id, number: arrival.from });
        }
        match queue {
            Some(number) => self.enqueue(now, id, number),
            None => self.arrive_straight(now, id, &called),
        }
        Ok(id)
    }

    /// A call to a telephone of the house, not routed.
    fn arrive_straight(&mut self, now: Instant, id: u32, called: &Endpoint) {
        let reach = self.reach(&called.number);
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.begun = true;
        call.first = called.clone();
        let caller = call.calling.clone();
        self.tell(id, called, cause::NONE, What::Begun);
        match reach {
            super::dialing::Reach::Rings(answers) => self.ring(now, id, called, cause::NEW_CALL, answers),
            super::dialing::Reach::Fails(why) => {
                if let Some(call) = self.calls.get_mut(&id) {
                    call.set_state(now, &caller.number, LineState::Failed);
                }
                self.tell(id, called, why, What::Failed);
                self.end(now, id, why);
            }
            super::dialing::Reach::Queue(_) => {}
        }
    }

    /// Lets a call wait for an agent of a queue; it need not wait if one is ready.
    pub(super) fn enqueue(&mut self, now: Instant, id: u32, number: u32) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.queue = Some(number);
        call.queued_since.get_or_insert(now);
        call.called = self
            .queues
            .iter()
            .find(|queue| queue.number == number)
            .map_or_else(|| call.called.clone(), |queue| Endpoint::queue(&queue.route_point));
        self.tallies.entry(number).or_default().offered += 1;
        self.route(now);
        let Some(call) = self.calls.get_mut(&id).filter(|call| call.is_waiting()) else { return };
        let begun = std::mem::replace(&mut call.begun, true);
        let route_point = call.called.clone();
        if !begun {
            call.first = route_point.clone();
            self.tell(id, &route_point, cause::NONE, What::Begun);
        }
        let waiting = self.waiting(number);
        self.tell(id, &route_point, cause::NEW_CALL, What::Queued { waiting });
    }

    fn waiting(&self, number: u32) -> u16 {
        let waiting = self.calls.values().filter(|call| call.is_waiting() && call.queue == Some(number));
        u16::try_from(waiting.count()).unwrap_or(u16::MAX)
    }

    /// Gives calls that wait to agents who are ready, until there are no more of either.
    pub(crate) fn route(&mut self, now: Instant) {
        while let Some((id, agent_id)) = self.next_match() {
            self.deliver(now, id, &agent_id);
        }
    }

    /// The call that has waited longest of those for whom somebody is ready, and who has been so for longest.
    fn next_match(&self) -> Option<(u32, String)> {
        if !self.agents.iter().any(|agent| agent.state == AgentState::AVAILABLE) {
            return None;
        }
        let mut waiting: Vec<&Call> = self.calls.values().filter(|call| call.is_waiting()).collect();
        waiting.sort_by_key(|call| (call.queued_since, call.id));
        waiting.into_iter().find_map(|call| Some((call.id, self.longest_idle(call)?)))
    }

    fn longest_idle(&self, call: &Call) -> Option<String> {
        let queue = self.queues.iter().find(|queue| Some(queue.number) == call.queue)?;
        let ready = self.agents.iter().filter(|agent| {
            agent.state == AgentState::AVAILABLE
                && agent.can_be_reached()
                && agent.device.as_deref().is_some_and(|device| !self.has_calls(device))
        });
        let may = ready.filter(|agent| match &call.only {
            Some(only) => *only == agent.id,
            None => {
                queue.agents.contains(&agent.id) && self.colleagues.contains(&agent.id) == call.background
            }
        });
        may.min_by_key(|agent| (agent.since, &agent.id)).map(|agent| agent.id.clone())
    }

    /// Lets a routed call ring at an agent's telephone.
    fn deliver(&mut self, now: Instant, id: u32, agent_id: &str) {
        let Some(agent) = self.agents.get(agent_id) else { return };
        let (Some(device), icm_agent_id) = (agent.device.clone(), agent.icm_agent_id) else { return };
        let to = Endpoint::agent(&device);
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.queued_since = None;
        let begun = std::mem::replace(&mut call.begun, true);
        let (route_point, number) = (call.called.clone(), call.queue.unwrap_or_default());
        call.redirected = Some(route_point.clone());
        if !begun {
            call.first = to.clone();
        }
        if begun {
            let waiting = self.waiting(number);
            self.tell(id, &route_point, cause::NONE, What::Dequeued { waiting });
        }
        self.tell(id, &to, cause::NONE, What::Announced { agent_id: agent_id.to_owned(), icm_agent_id });
        if !begun {
            self.tell(id, &to, cause::NONE, What::Begun);
        }
        let answers = self.colleagues.contains(agent_id).then(|| self.colleague_answers_after());
        self.ring(now, id, &to, cause::NEW_CALL, answers);
        let at = now + self.behaviour.ring_no_answer;
        self.timers.set(at, Timer::RingsOut { call: id, device, since: now });
    }

    /// The telephone has rung for too long: the agent is not there, the call waits for another one.
    pub(super) fn rings_out(&mut self, now: Instant, id: u32, device: &str, since: Instant) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let rings = call.party(device).is_some_and(|p| p.state == LineState::Alerting && p.since == since);
        if rings && call.queue.is_some() {
            self.goes_back(now, id, device, states::RING_NO_ANSWER);
        }
    }

    /// A routed call is taken from an agent who did not take it, and waits for another one.
    pub(super) fn goes_back(&mut self, now: Instant, id: u32, device: &str, why: u16) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(number) = call.queue else { return };
        call.leave(device);
        call.only = None;
        let route_point = call.called.clone();
        self.tell(id, &Endpoint::agent(device), cause::NOT_ANSWERED, What::Diverted { to: route_point });
        if let Some(agent_id) = self.agents.at(device).map(|agent| agent.id.clone()) {
            self.enter(now, &agent_id, AgentState::NOT_READY, why);
        }
        self.line_after_calls(device);
        self.enqueue(now, id, number);
    }
}

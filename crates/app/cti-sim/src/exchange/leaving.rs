//! The ends of calls.

use super::call::LineState;
use super::fact::{What, cause};
use super::{Exchange, call::Call};
use std::time::Instant;

impl Exchange {
    /// Somebody leaves a call; it ends when nobody is left to speak with.
    pub(super) fn leave(&mut self, now: Instant, id: u32, number: &str, why: u16) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(endpoint) = call.party(number).map(|party| party.endpoint.clone()) else { return };
        call.leave(number);
        self.tell(id, &endpoint, why, What::ConnectionCleared);
        self.after_leaving(now, id, why);
        self.settle(now, number);
        self.route(now);
    }

    /// Ends a call in which there is nobody left to speak with.
    pub(super) fn after_leaving(&mut self, now: Instant, id: u32, why: u16) {
        let Some(call) = self.calls.get(&id) else { return };
        let agents = call.parties.iter().any(|party| party.endpoint.is_agent());
        let goes_on =
            if call.is_waiting() { !call.parties.is_empty() } else { call.parties.len() >= 2 && agents };
        if !goes_on {
            self.end(now, id, why);
        }
    }

    /// Ends a call: whoever is left leaves.
    pub(super) fn end(&mut self, now: Instant, id: u32, why: u16) {
        let everybody = self.numbers_in(id);
        for number in &everybody {
            let Some(call) = self.calls.get_mut(&id) else { return };
            let Some(party) = call.party(number).cloned() else { continue };
            call.leave(number);
            self.tell(id, &party.endpoint, why, What::ConnectionCleared);
        }
        let Some(call) = self.calls.get_mut(&id) else { return };
        let abandoned = call.queued_since.take().is_some() || (call.queue.is_some() && !call.answered);
        let (first, queue, talked) = (call.first.clone(), call.queue, call.answered_at.map(|at| now - at));
        call.queued_since = None;
        self.tell(id, &first, why, What::Cleared);
        if let Some(number) = queue {
            let tally = self.tallies.entry(number).or_default();
            tally.talked += talked.unwrap_or_default();
            tally.abandoned += u32::from(abandoned);
        }
        let listening = |call: &Call| call.listens_to == Some(id);
        let monitors: Vec<u32> =
            self.calls.values().filter(|call| listening(call)).map(|call| call.id).collect();
        for monitor in monitors {
            self.end(now, monitor, cause::SUPERVISOR_CLEAR);
        }
        if let Some(talked) = talked {
            for number in &everybody {
                if let Some(agent) = self.agents.at_mut(number) {
                    agent.tally.talked += talked;
                }
            }
        }
        self.settle_all(now, &everybody);
        self.wrapped_up(now, id);
    }

    /// END_CALL_EVENT, once the call is over and every agent who had it has wrapped it up.
    pub(super) fn wrapped_up(&mut self, _now: Instant, id: u32) {
        let over = self.calls.get(&id).filter(|call| call.parties.is_empty() && !call.is_waiting());
        let Some(first) = over.map(|call| call.first.clone()) else { return };
        if self.agents.iter().any(|agent| agent.unwrapped == Some(id) && agent.owes_wrap_up()) {
            return;
        }
        self.tell(id, &first, cause::NONE, What::Ended);
        self.calls.remove(&id);
    }

    /// The agent has a call that is to be wrapped up; of an earlier one nothing is left to do.
    pub(super) fn takes_on(&mut self, now: Instant, number: &str, id: u32) {
        let Some(agent) = self.agents.at_mut(number) else { return };
        agent.tally.handled += 1;
        if let Some(before) = agent.unwrapped.replace(id).filter(|before| *before != id) {
            self.wrapped_up(now, before);
        }
    }

    /// Somebody hangs up, by a timer or on order.
    pub(crate) fn hangs_up(&mut self, now: Instant, id: u32, number: &str) {
        self.leave(now, id, number, cause::NONE);
    }

    /// A caller who was not answered in time hangs up.
    pub(super) fn gives_up(&mut self, now: Instant, id: u32, number: &str) {
        let unanswered = self.calls.get(&id).is_some_and(|call| !call.answered);
        if unanswered {
            self.hangs_up(now, id, number);
        }
    }

    /// The call somebody outside is in.
    pub(crate) fn call_of(&self, number: &str) -> Option<u32> {
        self.calls.values().find(|call| call.state_of(number) != LineState::Gone).map(|call| call.id)
    }
}

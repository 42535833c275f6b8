//! Two calls made one, and calls passed on: consultation, transfer, conference, deflection.

use super::call::{Call, CallType, LineState, Party};
use super::data::CallData;
use super::dialing::Reach;
use super::fact::{What, cause};
use super::{Endpoint, Exchange};
use crate::limits;
use ged188::ControlFailure;
use std::time::Instant;

impl Exchange {
    /// CONSULTATION_CALL_REQ: the active call goes on hold, another one begins. Returns the new call's id.
    ///
    /// # Errors
    /// When there is no active call.
    pub(crate) fn consult(
        &mut self,
        now: Instant,
        active: u32,
        device: &str,
        dialed: &str,
        data: &CallData,
    ) -> Result<u32, ControlFailure> {
        let (call, state) = self.line(active, device)?;
        if state != LineState::Connected || !call.answered || call.listens_to.is_some() {
            return Err(ControlFailure::NO_ACTIVE_CALL);
        } else if dialed.is_empty() || dialed == device || call.party(dialed).is_some() {
            return Err(ControlFailure::INVALID_DESTINATION);
        }
        let data = call.data.inherited(data);
        self.room_for_a_call(device)?;
        self.put_on_hold(now, active, device, cause::CONSULT);
        self.settle(now, device);
        let id = self.start(now, CallType::Consult, device, dialed, &data);
        if let Some(call) = self.calls.get_mut(&id) {
            call.consults = Some(active);
        }
        self.dial(now, id);
        Ok(id)
    }

    /// TRANSFER_CALL_REQ of two calls: those whom the agent spoke with speak with each other, the agent is out. The
    /// held call goes on; its id is the answer.
    ///
    /// # Errors
    /// When they are not one active and one held.
    pub(crate) fn transfer(
        &mut self,
        now: Instant,
        active: u32,
        held: u32,
        device: &str,
    ) -> Result<u32, ControlFailure> {
        let moved = self.may_join(active, held, device)?;
        let to = moved[0].endpoint.clone();
        let secondary = self.merge(now, active, held, moved);
        let Some(call) = self.calls.get_mut(&held) else { return Ok(held) };
        call.leave(device);
        let (routed, connected) = (call.is_routed(), call.state_of(&to.number) == LineState::Connected);
        if call.call_type != CallType::Conference && to.is_agent() {
            call.call_type = CallType::TransferIn;
        }
        if routed && connected {
            self.takes_on(now, &to.number, held);
        }
        let parties = self.endpoints_in(held);
        let from = Endpoint::agent(device);
        let about = self.about(held, &to);
        self.tell(held, &about, cause::TRANSFER, What::Updated);
        let what = What::Transferred { secondary: Some(active), from, to, parties };
        self.tell(held, &about, cause::TRANSFER, what);
        self.swallowed(secondary);
        self.after_leaving(now, held, cause::TRANSFER);
        let others = self.numbers_in(held);
        self.settle(now, device);
        self.settle_all(now, &others);
        self.route(now);
        Ok(held)
    }

    /// CONFERENCE_CALL_REQ of two calls: everybody speaks with everybody. The held call goes on; its id is the answer.
    ///
    /// # Errors
    /// When they are not one active and one held, or the others have not answered yet.
    pub(crate) fn conference(
        &mut self,
        now: Instant,
        active: u32,
        held: u32,
        device: &str,
    ) -> Result<u32, ControlFailure> {
        let moved = self.may_join(active, held, device)?;
        if !self.calls.get(&active).is_some_and(|call| call.answered) {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        let added = moved[0].endpoint.clone();
        let secondary = self.merge(now, active, held, moved);
        let Some(call) = self.calls.get_mut(&held) else { return Ok(held) };
        call.set_state(now, device, LineState::Connected);
        self.becomes_conference(held, &Endpoint::agent(device), Some(active), &added, cause::CONFERENCE);
        self.swallowed(secondary);
        let everybody = self.numbers_in(held);
        self.settle_all(now, &everybody);
        Ok(held)
    }

    /// CALL_DATA_UPDATE_EVENT and CALL_CONFERENCED_EVENT.
    pub(super) fn becomes_conference(
        &mut self,
        id: u32,
        controller: &Endpoint,
        secondary: Option<u32>,
        added: &Endpoint,
        why: u16,
    ) {
        if let Some(call) = self.calls.get_mut(&id) {
            call.call_type = CallType::Conference;
        }
        let parties = self.endpoints_in(id);
        self.tell(id, controller, why, What::Updated);
        let (controller, added) = (controller.clone(), added.clone());
        let about = controller.clone();
        self.tell(id, &about, why, What::Conferenced { secondary, controller, added, parties });
    }

    /// Those who move when two calls of a telephone become one.
    fn may_join(&self, active: u32, held: u32, device: &str) -> Result<Vec<Party>, ControlFailure> {
        let (call, state) = self.line(active, device)?;
        let (other, other_state) = self.line(held, device)?;
        if active == held || other_state != LineState::Held {
            return Err(ControlFailure::NO_HELD_CALL);
        } else if state != LineState::Connected || call.listens_to.is_some() {
            return Err(ControlFailure::NO_ACTIVE_CALL);
        }
        let moved: Vec<Party> =
            call.parties.iter().filter(|party| party.endpoint.number != device).cloned().collect();
        if moved.is_empty() {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        } else if moved.len() + other.parties.len() > limits::PARTIES_MAX {
            return Err(ControlFailure::CONFERENCE_MEMBER_LIMIT_EXCEEDED);
        }
        Ok(moved)
    }

    /// Moves the parties of one call into another. Returns what was the first.
    fn merge(&mut self, now: Instant, from: u32, to: u32, moved: Vec<Party>) -> Option<Call> {
        let mut secondary = self.calls.remove(&from);
        if let Some(call) = self.calls.get_mut(&to) {
            for party in moved {
                if call.party(&party.endpoint.number).is_none() {
                    call.parties.push(Party { since: now, ..party });
                }
            }
            // A consultation with a queue: the call waits there now.
            if let Some(waiting) = secondary.as_ref().filter(|call| call.is_waiting()) {
                (call.queue, call.queued_since) = (waiting.queue, waiting.queued_since);
                call.called = waiting.called.clone();
            }
        }
        if let Some(secondary) = &mut secondary {
            secondary.parties.clear();
        }
        secondary
    }

    /// END_CALL_EVENT of a call that became part of another.
    pub(super) fn swallowed(&mut self, call: Option<Call>) {
        if let Some(call) = call {
            let first = call.first.clone();
            let fact = super::CallFact::new(&call, &first, cause::NONE, What::Ended);
            self.facts.push(super::Fact::Call(Box::new(fact)));
        }
    }

    fn endpoints_in(&self, id: u32) -> Vec<Endpoint> {
        let parties = self.calls.get(&id).into_iter().flat_map(|call| call.parties.iter());
        parties.map(|party| party.endpoint.clone()).collect()
    }

    /// TRANSFER_CALL_REQ with DialedNumber: the call rings, or waits, somewhere else and the agent is out.
    ///
    /// # Errors
    /// When there is no active call or nobody can be reached there.
    pub(crate) fn transfer_to(
        &mut self,
        now: Instant,
        active: u32,
        device: &str,
        dialed: &str,
    ) -> Result<u32, ControlFailure> {
        let (call, state) = self.line(active, device)?;
        if state != LineState::Connected || !call.answered || call.listens_to.is_some() {
            return Err(ControlFailure::NO_ACTIVE_CALL);
        }
        let reach = self.reachable(active, device, dialed)?;
        let (from, to) = (Endpoint::agent(device), self.endpoint(dialed));
        if let Some(call) = self.calls.get_mut(&active)
            && call.call_type != CallType::Conference
            && to.is_agent()
        {
            call.call_type = CallType::TransferIn;
            self.tell(active, &from, cause::TRANSFER, What::Updated);
        }
        if let Some(call) = self.calls.get_mut(&active) {
            call.leave(device);
            call.redirected = Some(from.clone());
        }
        // Whom it is passed on to has not answered, so is no connected party.
        let parties = self.endpoints_in(active);
        let what = What::Transferred { secondary: None, from: from.clone(), to: to.clone(), parties };
        self.tell(active, &from, cause::TRANSFER, what);
        match reach {
            Reach::Queue(number) => self.enqueue(now, active, number),
            Reach::Rings(answers) => self.ring(now, active, &to, cause::TRANSFER, answers),
            Reach::Fails(_) => {}
        }
        self.after_leaving(now, active, cause::TRANSFER);
        self.settle(now, device);
        self.route(now);
        Ok(active)
    }

    /// CONFERENCE_CALL_REQ with DialedNumber: somebody is called into the call.
    ///
    /// # Errors
    /// When there is no active call or nobody can be reached there.
    pub(crate) fn conference_in(
        &mut self,
        now: Instant,
        active: u32,
        device: &str,
        dialed: &str,
    ) -> Result<u32, ControlFailure> {
        let (call, state) = self.line(active, device)?;
        if state != LineState::Connected || !call.answered || call.adding.is_some() {
            return Err(ControlFailure::NO_ACTIVE_CALL);
        } else if call.parties.len() >= limits::PARTIES_MAX {
            return Err(ControlFailure::CONFERENCE_MEMBER_LIMIT_EXCEEDED);
        }
        let Reach::Rings(answers) = self.reachable(active, device, dialed)? else {
            return Err(ControlFailure::INVALID_DESTINATION);
        };
        let to = self.endpoint(dialed);
        if let Some(call) = self.calls.get_mut(&active) {
            call.adding = Some(to.clone());
        }
        self.ring(now, active, &to, cause::CONFERENCE, answers);
        Ok(active)
    }

    /// Somebody who was called into a call has answered.
    pub(super) fn joined_in_one_step(&mut self, id: u32, added: &Endpoint) {
        let parties = self.endpoints_in(id);
        let controller = parties.into_iter().find(|e| e.is_agent() && e != added);
        if let Some(controller) = controller {
            self.becomes_conference(id, &controller, None, added, cause::CONFERENCE);
        }
    }

    /// DEFLECT_CALL_REQ: a call that rings here rings, or waits, somewhere else.
    ///
    /// # Errors
    /// When nothing rings here or nobody can be reached there.
    pub(crate) fn deflect(
        &mut self,
        now: Instant,
        id: u32,
        device: &str,
        dialed: &str,
    ) -> Result<(), ControlFailure> {
        if self.line(id, device)?.1 != LineState::Alerting {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        let reach = self.reachable(id, device, dialed)?;
        let (from, to) = (Endpoint::agent(device), self.endpoint(dialed));
        if let Some(call) = self.calls.get_mut(&id) {
            call.leave(device);
            call.redirected = Some(from.clone());
        }
        self.tell(id, &from, cause::REDIRECTED, What::Diverted { to: to.clone() });
        match reach {
            Reach::Queue(number) => self.enqueue(now, id, number),
            Reach::Rings(answers) => self.ring(now, id, &to, cause::REDIRECTED, answers),
            Reach::Fails(_) => {}
        }
        self.settle(now, device);
        self.route(now);
        Ok(())
    }

    /// Where a call can be passed on to.
    fn reachable(&mut self, id: u32, device: &str, dialed: &str) -> Result<Reach, ControlFailure> {
        let inside = self.calls.get(&id).is_some_and(|call| call.party(dialed).is_some());
        if dialed.is_empty() || dialed == device || inside {
            return Err(ControlFailure::INVALID_DESTINATION);
        }
        match self.reach(dialed) {
            Reach::Fails(cause::BUSY) => Err(ControlFailure::RESOURCE_BUSY),
            Reach::Fails(_) => Err(ControlFailure::INVALID_DESTINATION),
            reach => Ok(reach),
        }
    }
}

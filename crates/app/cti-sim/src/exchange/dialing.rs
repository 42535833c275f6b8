//! Calls that agents make.

use super::call::{Call, CallType, LineState};
use super::data::CallData;
use super::fact::{What, cause};
use super::timer::Timer;
use super::{Answering, Endpoint, Exchange};
use crate::limits;
use ged188::ControlFailure;
use std::time::{Duration, Instant};

/// The shortest number of somebody outside; what is shorter belongs to the house.
const OUTSIDE_DIGITS_MIN: usize = 7;

/// What becomes of dialling a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// It rings, and is answered after so long by itself if it is.
    Rings(Option<Duration>),
    /// A queue's route point.
    Queue(u32),
    /// Nothing; the EventCause.
    Fails(u16),
}

impl Exchange {
    /// MAKE_CALL_REQ. Returns the call's id.
    ///
    /// # Errors
    /// When the telephone is in use or nobody is signed in there.
    pub(crate) fn make_call(
        &mut self,
        now: Instant,
        device: &str,
        dialed: &str,
        data: &CallData,
    ) -> Result<u32, ControlFailure> {
        if self.agents.at(device).is_none() {
            return Err(ControlFailure::INVALID_CALLING_DEVICE);
        } else if dialed.is_empty() || dialed == device {
            return Err(ControlFailure::INVALID_DESTINATION);
        } else if self.is_engaged(device) {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        self.room_for_a_call(device)?;
        self.off_hook(now, device);
        let outside = !self.endpoint(dialed).is_agent();
        let call_type = if outside { CallType::Out } else { CallType::Inside };
        let id = self.start(now, call_type, device, dialed, data);
        if self.telephone_first(device) {
            self.rings_outside(now, device);
        } else {
            self.dial(now, id);
        }
        if let Some(agent) = self.agents.at_mut(device) {
            agent.tally.dialed += 1;
        }
        Ok(id)
    }

    pub(super) fn room_for_a_call(&self, device: &str) -> Result<(), ControlFailure> {
        let at_device = self.calls.values().filter(|call| call.party(device).is_some()).count();
        if at_device >= limits::CALLS_PER_DEVICE_MAX || self.calls.len() >= limits::CALLS_MAX {
            return Err(ControlFailure::GENERIC_SYSTEM_RESOURCE_AVAILABILITY);
        }
        Ok(())
    }

    /// Begins a call at an agent's telephone: its number is not dialled yet.
    pub(super) fn start(
        &mut self,
        now: Instant,
        call_type: CallType,
        device: &str,
        dialed: &str,
        data: &CallData,
    ) -> u32 {
        let from = Endpoint::agent(device);
        let called = self.endpoint(dialed);
        let mut data = data.clone();
        data.ani = Some(device.to_owned());
        data.dialed = Some(dialed.to_owned());
        data.dnis = Some(dialed.to_owned());
        let id = self.insert(call_type, from.clone(), called, data);
        if let Some(call) = self.calls.get_mut(&id) {
            call.begun = true;
            call.join(now, from.clone(), LineState::Initiated);
        }
        self.tell(id, &from, cause::NONE, What::Begun);
        self.tell(id, &from, cause::NONE, What::Initiated);
        id
    }

    /// A new call without parties.
    pub(super) fn insert(
        &mut self,
        call_type: CallType,
        calling: Endpoint,
        called: Endpoint,
        data: CallData,
    ) -> u32 {
        self.last_call_id = self.last_call_id.wrapping_add(1);
        let call = Call {
            id: self.last_call_id,
            call_type,
            parties: Vec::new(),
            first: calling.clone(),
            calling,
            called,
            redirected: None,
            data,
            queue: None,
            begun: false,
            answered: false,
            consults: None,
            listens_to: None,
            adding: None,
            preview: None,
            background: false,
            only: None,
            talk: None,
            queued_since: None,
            answered_at: None,
        };
        self.calls.insert(call.id, call);
        self.last_call_id
    }

    /// Dials the number of a call that was begun.
    pub(super) fn dial(&mut self, now: Instant, id: u32) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let (from, to) = (call.calling.clone(), call.called.clone());
        let reach = self.reach(&to.number);
        if let Some(call) = self.calls.get_mut(&id) {
            let state =
                if matches!(reach, Reach::Fails(_)) { LineState::Failed } else { LineState::Connected };
            call.set_state(now, &from.number, state);
        }
        self.tell(id, &from, cause::NEW_CALL, What::Originated);
        match reach {
            Reach::Fails(why) => self.tell(id, &from, why, What::Failed),
            Reach::Queue(number) => self.enqueue(now, id, number),
            Reach::Rings(answers) => {
                if !to.is_agent() {
                    self.tell(id, &from, cause::NEW_CALL, What::ReachedNetwork);
                }
                self.ring(now, id, &to, cause::NEW_CALL, answers);
            }
        }
    }

    /// Lets it ring at a telephone.
    pub(super) fn ring(
        &mut self,
        now: Instant,
        id: u32,
        to: &Endpoint,
        cause: u16,
        answers: Option<Duration>,
    ) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.join(now, to.clone(), LineState::Alerting);
        let about = self.about(id, to);
        self.tell(id, &about, cause, What::Delivered { alerting: to.clone() });
        self.settle(now, &to.number);
        if to.is_agent() && self.calls.get(&id).is_some_and(|call| call.preview.is_none()) {
            self.rings_outside(now, &to.number);
        }
        if let Some(after) = answers {
            self.timers.set(now + after, Timer::Answers { call: id, number: to.number.clone() });
        }
    }

    /// What a number is.
    pub(super) fn endpoint(&self, number: &str) -> Endpoint {
        if self.queues.iter().any(|queue| queue.route_point == number) {
            Endpoint::queue(number)
        } else if self.agents.has_device(number) {
            Endpoint::agent(number)
        } else {
            Endpoint::outside(number)
        }
    }

    /// What becomes of dialling a number now.
    pub(super) fn reach(&mut self, number: &str) -> Reach {
        if let Some(queue) = self.queues.iter().find(|queue| queue.route_point == number) {
            return Reach::Queue(queue.number);
        }
        if self.agents.has_device(number) {
            let Some(agent) = self.agents.at(number) else { return Reach::Fails(cause::UNOBTAINABLE) };
            let colleague = self.colleagues.contains(&agent.id);
            if !agent.can_be_reached() {
                return Reach::Fails(cause::UNOBTAINABLE);
            } else if self.has_calls(number) {
                return Reach::Fails(cause::BUSY);
            }
            let after = colleague.then(|| self.colleague_answers_after());
            return Reach::Rings(after);
        }
        match self.answering(number) {
            Answering::After(after) => Reach::Rings(Some(after)),
            Answering::Never => Reach::Rings(None),
            Answering::Busy => Reach::Fails(cause::BUSY),
            Answering::Unobtainable => Reach::Fails(cause::UNOBTAINABLE),
        }
    }

    /// How somebody outside behaves when called.
    pub(super) fn answering(&self, number: &str) -> Answering {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        match self.numbers.get(number) {
            Some(answering) => *answering,
            None if digits < OUTSIDE_DIGITS_MIN => Answering::Unobtainable,
            None => Answering::After(self.behaviour.outside_answers_after),
        }
    }

    pub(super) fn colleague_answers_after(&mut self) -> Duration {
        self.between(Duration::from_secs(1), Duration::from_secs(4))
    }
}

//! What one does with a call at one's telephone.

use super::call::{Call, LineState};
use super::data::CallData;
use super::fact::{What, cause};
use super::timer::Timer;
use super::{Endpoint, Exchange};
use ged188::{ControlFailure, Status};
use std::time::Instant;

/// ConnectionCallID: the peripheral knows which call.
pub(crate) const ANY_CALL: u32 = u32::MAX;
/// CEC_ALTERNATE.
const ALTERNATE: u16 = 2;
/// The longest string of tones.
const TONES_MAX: usize = 31;
/// How likely a colleague puts a caller on hold for a while.
const COLLEAGUE_HOLDS: f64 = 0.3;

impl Exchange {
    /// ANSWER_CALL_REQ.
    ///
    /// # Errors
    /// When nothing rings there.
    pub(crate) fn answer(&mut self, now: Instant, id: u32, device: &str) -> Result<(), ControlFailure> {
        let id = if id == ANY_CALL { self.ringing_at(device)? } else { id };
        let (call, state) = self.line(id, device)?;
        if state != LineState::Alerting || call.preview.is_some() {
            return Err(ControlFailure::NO_CALL_TO_ANSWER);
        } else if self.answers_outside(device) {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        self.hold_others(now, id, device);
        self.established(now, id, device);
        Ok(())
    }

    fn ringing_at(&self, device: &str) -> Result<u32, ControlFailure> {
        let rings = |call: &&Call| call.state_of(device) == LineState::Alerting;
        self.calls.values().find(rings).map(|call| call.id).ok_or(ControlFailure::NO_CALL_TO_ANSWER)
    }

    /// A timer says that somebody answers.
    pub(super) fn answers(&mut self, now: Instant, id: u32, number: &str) {
        let Some(call) = self.calls.get(&id) else { return };
        if call.preview.is_some() {
            self.customer_answers(now, id);
        } else if call.state_of(number) == LineState::Alerting {
            self.hold_others(now, id, number);
            self.established(now, id, number);
        }
    }

    /// Somebody has answered.
    pub(super) fn established(&mut self, now: Instant, id: u32, number: &str) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(answering) = call.party(number).map(|party| party.endpoint.clone()) else { return };
        call.set_state(now, number, LineState::Connected);
        for party in &mut call.parties {
            if party.state == LineState::Initiated {
                party.state = LineState::Connected;
            }
        }
        let first_answer = !std::mem::replace(&mut call.answered, true);
        call.answered_at.get_or_insert(now);
        let added = call.adding.take_if(|added| added.number == number);
        let (routed, queue) = (call.is_routed(), call.queue);
        let (talk, background, caller) = (call.talk, call.background, call.calling.clone());
        let about = self.about(id, &answering);
        let why = if added.is_some() { cause::CONFERENCE } else { cause::NEW_CALL };
        self.tell(id, &about, why, What::Established { answering: answering.clone() });
        if let Some(added) = added {
            self.joined_in_one_step(id, &added);
        }
        if routed && answering.is_agent() {
            self.takes_on(now, number, id);
            self.tallies.entry(queue.unwrap_or_default()).or_default().handled += 1;
        }
        let everybody = self.numbers_in(id);
        self.settle_all(now, &everybody);
        let Some(talk) = talk.filter(|_| first_answer) else { return };
        self.timers.set(now + talk, Timer::HangsUp { call: id, number: caller.number });
        if background && rand::RngExt::random_bool(&mut self.chance, COLLEAGUE_HOLDS) {
            let number = number.to_owned();
            self.timers.set(now + talk / 3, Timer::Holds { call: id, number: number.clone() });
            self.timers.set(now + talk / 2, Timer::Holds { call: id, number });
        }
    }

    /// HOLD_CALL_REQ.
    ///
    /// # Errors
    /// When there is nothing to hold.
    pub(crate) fn hold(&mut self, now: Instant, id: u32, device: &str) -> Result<(), ControlFailure> {
        let (call, state) = self.line(id, device)?;
        if state != LineState::Connected || !call.answered || call.listens_to.is_some() {
            return Err(ControlFailure::NO_ACTIVE_CALL);
        }
        self.put_on_hold(now, id, device, cause::NONE);
        self.settle(now, device);
        Ok(())
    }

    pub(super) fn put_on_hold(&mut self, now: Instant, id: u32, device: &str, why: u16) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.set_state(now, device, LineState::Held);
        self.tell(id, &Endpoint::agent(device), why, What::Held);
    }

    /// A telephone has one call at a time: the others go on hold.
    pub(super) fn hold_others(&mut self, now: Instant, id: u32, device: &str) {
        let active = |call: &&Call| {
            call.id != id
                && call.answered
                && call.listens_to.is_none()
                && call.state_of(device) == LineState::Connected
        };
        let others: Vec<u32> = self.calls.values().filter(active).map(|call| call.id).collect();
        for other in others {
            self.put_on_hold(now, other, device, ALTERNATE);
        }
    }

    /// RETRIEVE_CALL_REQ.
    ///
    /// # Errors
    /// When the call is not on hold.
    pub(crate) fn retrieve(&mut self, now: Instant, id: u32, device: &str) -> Result<(), ControlFailure> {
        if self.line(id, device)?.1 != LineState::Held {
            return Err(ControlFailure::NO_HELD_CALL);
        }
        self.hold_others(now, id, device);
        if let Some(call) = self.calls.get_mut(&id) {
            call.set_state(now, device, LineState::Connected);
        }
        self.tell(id, &Endpoint::agent(device), cause::NONE, What::Retrieved);
        self.settle(now, device);
        Ok(())
    }

    /// A timer of a colleague: hold, or back again.
    pub(super) fn holds(&mut self, now: Instant, id: u32, device: &str) {
        let colleague = self.agents.at(device).is_some_and(|agent| self.colleagues.contains(&agent.id));
        let state = self.calls.get(&id).map(|call| call.state_of(device)).filter(|_| colleague);
        let _ = match state {
            Some(LineState::Connected) => self.hold(now, id, device),
            Some(LineState::Held) => self.retrieve(now, id, device),
            _ => Ok(()),
        };
    }

    /// ALTERNATE_CALL_REQ: the active call goes on hold, the other one comes back.
    ///
    /// # Errors
    /// When they are not one active and one held.
    pub(crate) fn alternate(
        &mut self,
        now: Instant,
        active: u32,
        other: u32,
        device: &str,
    ) -> Result<(), ControlFailure> {
        if self.line(active, device)?.1 != LineState::Connected {
            return Err(ControlFailure::NO_ACTIVE_CALL);
        }
        self.retrieve(now, other, device)
    }

    /// RECONNECT_CALL_REQ: the active call ends, the held one comes back.
    ///
    /// # Errors
    /// When they are not one active and one held.
    pub(crate) fn reconnect(
        &mut self,
        now: Instant,
        active: u32,
        held: u32,
        device: &str,
    ) -> Result<(), ControlFailure> {
        if self.line(held, device)?.1 != LineState::Held {
            return Err(ControlFailure::NO_HELD_CALL);
        }
        self.line(active, device)?;
        self.leave(now, active, device, cause::NONE);
        self.retrieve(now, held, device)
    }

    /// CLEAR_CONNECTION_REQ: one's own end of a call or, of a conference, somebody else's (`requester` asks for it).
    ///
    /// # Errors
    /// When there is nothing to clear, or it is not for the requester to clear.
    pub(crate) fn clear_connection(
        &mut self,
        now: Instant,
        id: u32,
        number: &str,
        requester: Option<&str>,
    ) -> Result<(), ControlFailure> {
        let call = self.calls.get(&id).ok_or(ControlFailure::INVALID_CSTA_CALL_IDENTIFIER)?;
        if call.party(number).is_none() {
            return Err(ControlFailure::NO_CONNECTION_TO_CLEAR);
        }
        if let Some(requester) = requester.filter(|requester| *requester != number) {
            if !self.behaviour.drop_any_party {
                return Err(ControlFailure::DROP_ANY_PARTY_NOT_ENABLED_CTI);
            } else if call.parties.len() < 3
                || call.party(requester).is_none() && !self.is_supervisor_at(requester)
            {
                return Err(ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER);
            }
        }
        self.leave(now, id, number, cause::NONE);
        Ok(())
    }

    /// CLEAR_CALL_REQ: everybody leaves.
    ///
    /// # Errors
    /// When one is not in the call.
    pub(crate) fn clear_call(&mut self, now: Instant, id: u32, device: &str) -> Result<(), ControlFailure> {
        self.line(id, device).map_err(|_| ControlFailure::NO_CALL_TO_CLEAR)?;
        self.end(now, id, cause::NONE);
        self.route(now);
        Ok(())
    }

    /// SEND_DTMF_SIGNAL_REQ. The tones go nowhere.
    ///
    /// # Errors
    /// When one is not speaking, or they are no tones.
    pub(crate) fn send_tones(&self, id: u32, device: &str, tones: &str) -> Result<(), ControlFailure> {
        let tone = |byte: u8| matches!(byte, b'0'..=b'9' | b'*' | b'#' | b'A'..=b'D');
        let (call, state) = self.line(id, device)?;
        if state != LineState::Connected || !call.answered {
            Err(ControlFailure::NO_ACTIVE_CALL)
        } else if tones.is_empty() || tones.len() > TONES_MAX || !tones.bytes().all(tone) {
            Err(ControlFailure::VALUE_OUT_OF_RANGE)
        } else {
            Ok(())
        }
    }

    /// SET_CALL_DATA_REQ.
    ///
    /// # Errors
    /// When there is no such call, or something is too long.
    pub(crate) fn set_data(&mut self, now: Instant, id: u32, data: &CallData) -> Result<(), Status> {
        let call = self.calls.get_mut(&id).ok_or(Status::INVALID_CALLID)?;
        call.data.change(data)?;
        let offered = call.preview.is_some();
        let about = call.parties.iter().map(|p| &p.endpoint).find(|e| e.is_agent());
        let about = about.unwrap_or(&call.first).clone();
        self.tell(id, &about, cause::NONE, What::Updated);
        if offered && let Some(response) = data.expanded.get(&("BAResponse".to_owned(), None)) {
            self.respond(now, id, &response.clone());
        }
        Ok(())
    }
}

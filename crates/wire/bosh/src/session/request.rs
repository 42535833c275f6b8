//! What a request does to the session.

use super::{Opening, Phase, Session};
use crate::answer::Attributes;
use crate::key::Lock;
use crate::window::{Early, Nature, Slot, State};
use crate::{Answer, Body, Kind, Output, Reason, RequestId, answer, limits};
use std::time::{Duration, Instant};

impl Session {
    /// Takes a request of this session (XEP-0124 §8, §14).
    pub fn handle_request(&mut self, now: Instant, body: Body, request: RequestId) {
        self.expect_drained();
        self.tick(now);
        if let Some(answer) = self.farewell() {
            self.deliveries.push_back(Output::Respond { request, answer });
            return;
        }
        self.note_seen();
        let Some(rid) = body.rid else {
            self.end(Reason::BadRequest, Some(request));
            return;
        };
        let last = self.window.last_rid;
        let highest = last + u64::from(self.requests_max(&body));
        if rid <= last {
            self.repeat(rid, &body, request);
        } else if rid > highest {
            self.end(Reason::RidOutOfWindow, Some(request));
        } else if rid == last + 1 {
            self.accept(rid, body, Some(request), self.now);
            self.accept_early();
        } else {
            self.keep_early(rid, body, request);
        }
    }

    /// How many requests may be open with this one: one more if it pauses or ends the session (§11).
    fn requests_max(&self, body: &Body) -> u32 {
        let is_extra = body.pause_secs.is_some() || body.kind == Kind::Terminate;
        self.window.requests + u32::from(is_extra)
    }

    fn note_seen(&mut self) {
        if !self.is_holding() {
            self.longest_gap = self.longest_gap.max(self.now.duration_since(self.idle_since));
        }
        self.last_seen = self.now;
        self.idle_since = self.now;
    }

    /// A rid that was received before (§14.3).
    fn repeat(&mut self, rid: u64, body: &Body, request: RequestId) {
        let now = self.now;
        let Some(slot) = self.window.slot_mut(rid) else {
            self.end(Reason::RidForgotten, Some(request));
            return;
        };
        if slot.fingerprint != body.fingerprint {
            self.end(Reason::RidReused, Some(request));
            return;
        }
        match slot.state {
            State::Answered { .. } => self.respond_again(rid, request),
            State::Cut => {
                slot.arrived = now;
                slot.state = State::Parked(request);
            }
            State::Parked(_) => {
                // The client, or a proxy on the way, seems to have given the older connection up. Which of the two
                // it reads cannot be known, so both get the same response, and get it now. COMPAT(finesse): the
                // original also answers the older one with an empty body; the newer one it holds, and what that
                // is told in the end is lost on a client that had read the older.
                self.answer_up_to(rid);
                self.respond_again(rid, request);
            }
        }
    }

    /// Answers all requests up to `rid` that are held, in order.
    fn answer_up_to(&mut self, rid: u64) {
        self.window.slots.iter_mut().filter(|slot| slot.rid <= rid).for_each(|slot| slot.due = true);
        while let Some(output) = self.next_response() {
            self.deliveries.push_back(output);
        }
    }

    /// The response that `rid` had, once more.
    fn respond_again(&mut self, rid: u64, request: RequestId) {
        if let Some(State::Answered { segments, .. }) = self.window.slot_mut(rid).map(|slot| &slot.state) {
            let segments = if segments.is_empty() {
                vec![answer::empty(Attributes::default())]
            } else {
                segments.clone()
            };
            self.respond_now(request, segments);
        }
    }

    /// A rid above the next one: kept until those between have come (§14.2).
    ///
    /// Responses are in rid order, so it cannot have its own before they have theirs.
    fn keep_early(&mut self, rid: u64, body: Body, request: RequestId) {
        let arrived = self.now;
        if let Some(early) = self.window.early.iter_mut().find(|early| early.rid == rid) {
            if early.body.fingerprint != body.fingerprint {
                self.end(Reason::RidReused, Some(request));
                return;
            }
            early.arrived = arrived;
            if let Some(older) = early.request.replace(request) {
                self.ask_to_repeat(older);
            }
            return;
        }
        let open = self.window.parked().count() + self.window.early.len();
        if open >= self.requests_max(&body) as usize {
            self.end(Reason::Overactivity, Some(request));
            return;
        }
        self.window.early.push(Early { rid, body, arrived, request: Some(request) });
    }

    fn accept_early(&mut self) {
        while let Phase::Open = self.phase {
            let Some(early) = self.window.take_next() else { return };
            self.accept(early.rid, early.body, early.request, early.arrived);
        }
    }

    /// The next request in order.
    fn accept(&mut self, rid: u64, body: Body, request: Option<RequestId>, arrived: Instant) {
        if !self.unlock(&body) {
            self.end(Reason::KeyMismatch, request);
            return;
        }
        if body.is_poll() && self.is_overactive(arrived) {
            self.end(Reason::Overactivity, request);
            return;
        }
        if body.pause_secs.is_some_and(|secs| secs > self.terms.maxpause_secs) {
            self.end(Reason::PauseTooLong, request);
            return;
        }
        self.pause = body.pause_secs.map(|secs| Duration::from_secs(secs.into()));
        if body.restart {
            // The new features belong into the response to this request, so the older ones leave before.
            self.answer_up_to(rid);
        }
        if self.terms.has_client_acks {
            self.take_ack(rid, body.ack);
        }
        let nature = match (body.is_poll(), body.pause_secs) {
            (true, _) => Nature::Poll,
            (_, Some(_)) => Nature::Pause,
            _ => Nature::Other,
        };
        let state = request.map_or(State::Cut, State::Parked);
        let slot = Slot { rid, fingerprint: body.fingerprint, arrived, nature, due: false, state };
        self.window.push(slot, self.terms.hold, self.now);
        if body.pause_secs.is_some() {
            self.window.slots.iter_mut().for_each(|slot| slot.due = true);
        }
        if body.restart {
            self.opening = Some(Opening::Restart);
            self.deliveries.push_back(Output::Restart { to: body.to, lang: body.lang });
        }
        self.deliveries.extend(body.payload.into_iter().map(Output::Deliver));
        if body.kind == Kind::Terminate {
            self.end(Reason::ClientTerminate, None);
        }
    }

    /// Takes the request's key, and the lock for the next (§15.4). False when it is not the one that is due.
    fn unlock(&mut self, body: &Body) -> bool {
        if let Some(lock) = &self.lock
            && !body.key.as_deref().is_some_and(|key| lock.opens_with(key))
        {
            return false;
        }
        // A key means nothing to a session that was not begun with one.
        let own = if self.lock.is_some() { body.key.as_deref() } else { None };
        let Some(next) = body.newkey.as_deref().or(own) else { return true };
        self.lock = Lock::parse(next);
        self.lock.is_some()
    }

    /// The client has read all responses up to `ack`, or without one all up to that before `rid` (§9.2).
    fn take_ack(&mut self, rid: u64, ack: Option<u64>) {
        // To leave it out is an acknowledgement too. It only ends the keeping of more responses than usual: a client
        // that announces acknowledgements and then forgets to write them keeps what clients without them have.
        let up_to = ack.unwrap_or(rid - 1);
        self.window.acknowledged = up_to;
        if ack.is_none() {
            return;
        }
        self.window.trim(up_to);
        if let Some(Slot { rid, state: State::Answered { at, .. }, .. }) =
            self.window.slot_mut(up_to.saturating_add(1))
            && *at + limits::REPORT_AFTER <= self.now
        {
            self.report = Some((*rid, *at));
        }
    }

    /// Whether an empty request at `arrived` comes too soon after an empty one.
    ///
    /// §12, polling sessions: the one before was answered with nothing. §11, others: the one before is still
    /// held. There the clause ends the session at the first; we let a few pass, because a client that is used
    /// to more held requests than we hold does it until it notices.
    fn is_overactive(&mut self, arrived: Instant) -> bool {
        let previous = self.window.slots.back().filter(|slot| slot.nature == Nature::Poll);
        let soon = previous
            .filter(|slot| arrived + limits::POLLING_LEEWAY < slot.arrived + self.terms.polling)
            .map(|slot| &slot.state);
        match soon {
            Some(State::Answered { idle: true, .. }) => self.terms.hold == 0,
            Some(State::Parked(_)) => {
                self.rapid_polls += 1;
                self.rapid_polls > limits::RAPID_POLLS_MAX
            }
            _ => {
                self.rapid_polls = 0;
                false
            }
        }
    }

    /// A recoverable error: the client repeats this request, and those before it that have no response (§17.3).
    pub(super) fn ask_to_repeat(&mut self, request: RequestId) {
        self.idle_since = self.now;
        let ack = self.terms.has_server_acks().then_some(self.window.last_rid);
        let answer = Answer::ok(vec![answer::repeat(ack)]);
        self.deliveries.push_back(Output::Respond { request, answer });
    }

    fn respond_now(&mut self, request: RequestId, segments: Vec<bytes::Bytes>) {
        self.deliveries.push_back(Output::Respond { request, answer: Answer::ok(segments) });
    }
}

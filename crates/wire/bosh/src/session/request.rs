//! Which request comes when: the rid window.

use super::{Phase, Session};
use crate::answer::Tag;
use crate::window::{Early, State};
use crate::{Answer, Body, Kind, Output, Reason, RequestId, answer};
use std::time::Instant;

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
            self.accept(Early { rid, body, arrived: self.now, request: Some(request), is_spent: false });
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
    pub(super) fn answer_up_to(&mut self, rid: u64) {
        self.window.slots.iter_mut().filter(|slot| slot.rid <= rid).for_each(|slot| slot.due = true);
        while let Some(output) = self.next_response() {
            self.deliveries.push_back(output);
        }
    }

    /// The response that `rid` had, once more.
    fn respond_again(&mut self, rid: u64, request: RequestId) {
        if let Some(State::Answered { segments, .. }) = self.window.slot_mut(rid).map(|slot| &slot.state) {
            let segments =
                if segments.is_empty() { vec![answer::empty(Tag::default())] } else { segments.clone() };
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
            match early.request.take() {
                None => early.request = Some(request),
                // Both connections alike, as with a request whose turn has come.
                Some(older) => {
                    early.is_spent = true;
                    self.ask_to_repeat(older);
                    self.ask_to_repeat(request);
                }
            }
            return;
        }
        let open = self.window.parked().count() + self.window.early.len();
        if open >= self.requests_max(&body) as usize {
            self.end(Reason::Overactivity, Some(request));
            return;
        }
        let request = Some(request);
        self.window.early.push(Early { rid, body, arrived, request, is_spent: false });
    }

    fn accept_early(&mut self) {
        while let Phase::Open = self.phase {
            let Some(early) = self.window.take_next() else { return };
            self.accept(early);
        }
    }

    /// A recoverable error: the client repeats this request, and those before it that have no response (§17.3).
    pub(super) fn ask_to_repeat(&mut self, request: RequestId) {
        self.idle_since = self.now;
        let ack = self.terms.has_server_acks().then_some(self.window.last_rid);
        self.respond_now(request, vec![answer::repeat(ack)]);
    }

    fn respond_now(&mut self, request: RequestId, segments: Vec<bytes::Bytes>) {
        let answer = Answer::ok(segments).with_content_type(self.content_type.as_deref());
        self.deliveries.push_back(Output::Respond { request, answer });
    }
}

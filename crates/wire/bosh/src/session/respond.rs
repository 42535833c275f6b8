//! What leaves the session.

use super::{End, Opening, Phase, Session};
use crate::answer::Attributes;
use crate::window::{Nature, State};
use crate::{Answer, Output, Reason, RequestId, answer};
use bytes::Bytes;
use std::collections::VecDeque;
use std::time::Duration;

impl Session {
    /// The next thing to do; `None` when there is nothing more until the next mutation.
    ///
    /// Stanzas from the client come first, so that what the owner sends in return leaves at once.
    pub fn poll_output(&mut self) -> Option<Output> {
        let output = self.deliveries.pop_front().or_else(|| match &self.phase {
            Phase::Open => self.next_response(),
            Phase::Ending(end) => {
                let end = end.clone();
                Some(self.next_farewell(end))
            }
            Phase::Ended(_) => None,
        });
        self.drained = matches!(output, None | Some(Output::Ended(_)));
        if output.is_none() && self.deliveries.capacity() > 0 {
            // A session is idle nearly always, and there are many of them.
            self.deliveries = VecDeque::new();
        }
        output
    }

    /// Answers the oldest request held, if something waits for it or it has been held long enough.
    pub(super) fn next_response(&mut self) -> Option<Output> {
        let (index, request) = self.window.oldest_parked()?;
        if self.pending.is_empty() && !self.window.slots[index].due && self.report.is_none() {
            return None;
        }
        Some(self.respond(index, request))
    }

    fn respond(&mut self, index: usize, request: RequestId) -> Output {
        let (segments, idle) = self.segments(index);
        // Nearly all responses are the empty one, which needs no keeping.
        let kept = if answer::is_plain_empty(&segments) { Vec::new() } else { segments.clone() };
        self.window.answered(index, kept, idle, self.now);
        self.idle_since = self.now;
        Output::Respond { request, answer: Answer::ok(segments) }
    }

    /// The parts of an ordinary response to the request at `index`, with all that waits; and whether that is
    /// nothing.
    fn segments(&mut self, index: usize) -> (Vec<Bytes>, bool) {
        let slot = &self.window.slots[index];
        let is_pause = slot.nature == Nature::Pause;
        let attributes = Attributes { ack: self.ack(slot.rid), report: self.take_report() };
        let idle = self.pending.is_empty();
        let tag = match self.opening.take() {
            // The response to a pause carries nothing (§10).
            opening if is_pause => {
                self.opening = opening;
                return (vec![answer::empty(attributes)], true);
            }
            Some(Opening::Creation(tag)) => tag,
            // The prefix is wanted around the features, whenever they come.
            Some(Opening::Restart) if idle => {
                self.opening = Some(Opening::Restart);
                return (vec![answer::empty(attributes)], idle);
            }
            Some(Opening::Restart) => answer::open_tag(true, attributes),
            None if idle => return (vec![answer::empty(attributes)], idle),
            None => answer::open_tag(false, attributes),
        };
        let mut segments = Vec::with_capacity(2 * self.pending.len() + 2);
        segments.push(tag);
        self.take_pending(&mut segments);
        segments.push(answer::close_tag());
        (segments, idle)
    }

    fn take_pending(&mut self, segments: &mut Vec<Bytes>) {
        self.pending_bytes = 0;
        for stanza in std::mem::take(&mut self.pending) {
            segments.extend([stanza.head, stanza.tail].into_iter().filter(|part| !part.is_empty()));
        }
    }

    /// The acknowledgement in a response to `rid`: the highest rid received, unless it is that one (§9.1).
    fn ack(&self, rid: u64) -> Option<u64> {
        Some(self.window.last_rid).filter(|last| self.terms.has_server_acks() && *last > rid)
    }

    /// The response that the client seems to have missed, and how long ago it was sent (§9.2).
    fn take_report(&mut self) -> Option<(u64, Duration)> {
        let (rid, at) = self.report.take()?;
        Some((rid, self.now.duration_since(at)))
    }

    /// Answers the next open request of a session that is over; `Ended` when there is none.
    fn next_farewell(&mut self, end: End) -> Output {
        if let Some((index, request)) = self.window.oldest_parked() {
            let is_newest = index + 1 == self.window.slots.len();
            // Requests older than the client's own terminate are answered as if nothing had happened.
            if end.reason == Reason::ClientTerminate && !is_newest {
                return self.respond(index, request);
            }
            self.window.slots[index].state = State::Cut;
            return self.bid_farewell(&end, request);
        }
        let early = self.window.early.iter_mut().find_map(|early| early.request.take());
        if let Some(request) = early.or(end.offender) {
            self.phase =
                Phase::Ending(End { offender: end.offender.filter(|_| early.is_some()), ..end.clone() });
            return self.bid_farewell(&end, request);
        }
        self.pending = Vec::new();
        self.pending_bytes = 0;
        let reason = end.reason;
        self.phase = Phase::Ended(end);
        Output::Ended(reason)
    }

    /// The terminate body. The first one also carries what still waits.
    ///
    /// `COMPAT(finesse)`: every open request is told the condition, also those that another request brought
    /// down: for them §17.2 has `other-request`, which JabberWerx takes for a second sign-in of the agent.
    fn bid_farewell(&mut self, end: &End, request: RequestId) -> Output {
        let mut answer = Answer::terminate(end.condition, end.payload.as_ref(), self.terms.version);
        if answer.status == 200 && !self.pending.is_empty() {
            let rest = answer.segments.split_off(1);
            self.take_pending(&mut answer.segments);
            answer.segments.extend(rest);
        }
        Output::Respond { request, answer }
    }
}

//! What leaves the session.

use super::streams::{self, Opening, Stream};
use super::{End, Phase, Session};
use crate::answer::Tag;
use crate::window::{Nature, State};
use crate::{Answer, Output, Reason, RequestId, StreamId, answer};
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
        let has_something = !self.pending.is_empty()
            || self.window.slots[index].due
            || self.report.is_some()
            || self.streams.urgent().is_some();
        has_something.then(|| self.respond(index, request))
    }

    fn respond(&mut self, index: usize, request: RequestId) -> Output {
        let (segments, idle) = self.segments(index);
        // Nearly all responses are the empty one, which needs no keeping.
        let kept = if answer::is_plain_empty(&segments) { Vec::new() } else { segments.clone() };
        self.window.answered(index, kept, idle, self.now);
        self.idle_since = self.now;
        let answer = Answer::ok(segments).with_content_type(self.content_type.as_deref());
        Output::Respond { request, answer }
    }

    /// The parts of an ordinary response to the request at `index`, and whether they carry nothing. All payload of a
    /// response belongs to one stream (§16.4).
    fn segments(&mut self, index: usize) -> (Vec<Bytes>, bool) {
        let slot = &self.window.slots[index];
        let is_mute = slot.nature == Nature::Pause || slot.is_spent;
        let tag = Tag { ack: self.ack(slot.rid), report: self.take_report(), ..Tag::default() };
        let waiting = self.pending.first().map(|(stream, _)| *stream);
        match self.streams.urgent().or(waiting) {
            // The response to a pause carries nothing (§10).
            Some(stream) if !is_mute => (self.segments_of(stream, tag), false),
            _ => (vec![answer::empty(tag)], true),
        }
    }

    /// All that there is to say on a stream.
    fn segments_of(&mut self, id: StreamId, tag: Tag<'_>) -> Vec<Bytes> {
        let name = self.streams.are_named().then(|| streams::name(&self.sid, id));
        let (opening, goodbye) = match self.streams.get_mut(id) {
            Some(Stream { opening, goodbye, .. }) => (opening.take(), goodbye.take()),
            None => (None, None),
        };
        let mut segments = Vec::with_capacity(2 * self.pending.len() + 2);
        segments.push(Bytes::new());
        self.take_pending(id, &mut segments);
        let stream_error = goodbye.as_ref().and_then(|goodbye| goodbye.payload.clone());
        let tag = Tag {
            // The prefix is wanted around the features, whenever they come, and around a stream error.
            declare_stream: opening.is_some() || stream_error.is_some(),
            end: goodbye.as_ref().map(|goodbye| goodbye.condition),
            stream: name.as_deref(),
            ..tag
        };
        segments[0] = match &opening {
            Some(Opening::Creation(creation)) => creation.clone(),
            Some(Opening::Added(added)) => Tag { added: Some(added), ..tag }.to_bytes(),
            Some(Opening::Restart) | None => tag.to_bytes(),
        };
        segments.extend(stream_error);
        segments.push(answer::close_tag());
        if goodbye.is_some() {
            self.streams.remove(id);
        }
        segments
    }

    /// Takes what waits on a stream, in order.
    fn take_pending(&mut self, stream: StreamId, segments: &mut Vec<Bytes>) {
        let pending = std::mem::take(&mut self.pending);
        self.pending_bytes = 0;
        for (own, stanza) in pending {
            if own == stream {
                segments.extend([stanza.head, stanza.tail].into_iter().filter(|part| !part.is_empty()));
            } else {
                self.pending_bytes += stanza.len();
                self.pending.push((own, stanza));
            }
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
            // Payload without a stream's name is of the first one (§16.4), and a name would mean that only that
            // stream is over: what waits on others is lost with them.
            self.take_pending(StreamId::FIRST, &mut answer.segments);
            answer.segments.extend(rest);
        }
        let answer = answer.with_content_type(self.content_type.as_deref());
        Output::Respond { request, answer }
    }
}

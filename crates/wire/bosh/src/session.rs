//! The session: what it holds, what is sent, its timers, and how it ends.

use crate::key::Lock;
use crate::window::{Slot, State, Window};
use crate::{Answer, Condition, Output, Reason, RequestId, Stanza, StreamId, limits};
use bytes::Bytes;
use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

mod accept;
mod behind;
mod create;
mod request;
mod respond;
mod streams;

use create::Terms;
use streams::Streams;

/// How far the session is.
enum Phase {
    Open,
    /// It is over; its open requests are being answered.
    Ending(End),
    /// Everybody was told.
    Ended(End),
}

/// How it ends.
#[derive(Clone)]
struct End {
    reason: Reason,
    condition: Option<Condition>,
    /// The stream error of the carried protocol.
    payload: Option<Bytes>,
    /// The request that caused it, when it is not in the window.
    offender: Option<RequestId>,
}

/// One BOSH session. See the crate's page for what to call in which order.
pub struct Session {
    sid: Box<str>,
    terms: Terms,
    phase: Phase,
    window: Window,
    streams: Streams,
    pending: Vec<(StreamId, Stanza)>,
    pending_bytes: usize,
    content_type: Option<Box<str>>,
    deliveries: VecDeque<Output>,
    /// What the next request's key must open, if the client uses keys (§15).
    lock: Option<Lock>,
    /// A response that the client seems to have missed: its rid, and when it was sent (§9.2).
    report: Option<(u64, Instant)>,
    created: Instant,
    /// The time of the latest mutation.
    now: Instant,
    last_seen: Instant,
    /// Since when no request has been held, if none is.
    idle_since: Instant,
    longest_gap: Duration,
    /// The pause that the client asked for, until its next new request.
    pause: Option<Duration>,
    rapid_polls: u8,
    drained: bool,
}

impl Session {
    /// Queues a stanza for the client, on the stream that came with the session. It leaves with the oldest request
    /// held, or with the next one.
    ///
    /// When more waits than the policy allows, the session ends with [`Reason::QueueOverflow`]. After the end
    /// it does nothing.
    pub fn send(&mut self, now: Instant, stanza: Stanza) {
        self.send_to(now, StreamId::FIRST, stanza);
    }

    /// The same on any stream. Nothing happens if it is closed.
    pub fn send_to(&mut self, now: Instant, stream: StreamId, stanza: Stanza) {
        self.tick(now);
        if matches!(self.phase, Phase::Ended(_)) || stanza.is_empty() || !self.streams.has(stream) {
            return;
        }
        let bytes = self.pending_bytes + stanza.len();
        if self.pending.len() >= self.terms.pending_stanzas_max || bytes > self.terms.pending_bytes_max {
            self.pending = Vec::new();
            self.pending_bytes = 0;
            self.end(Reason::QueueOverflow, None);
            return;
        }
        self.pending_bytes = bytes;
        self.pending.push((stream, stanza));
    }

    /// Ends one stream from our side (§16.6); the session goes on with the others. `payload` is as for
    /// [`Self::terminate`], which this is when no other stream is open.
    pub fn close(&mut self, now: Instant, stream: StreamId, reason: Reason, payload: Option<Bytes>) {
        if !self.streams.has_others(stream) {
            if self.streams.is_open(stream) {
                self.terminate(now, reason, payload);
            }
            return;
        }
        self.tick(now);
        if matches!(self.phase, Phase::Open) && self.streams.is_open(stream) {
            let condition = reason.condition_with(payload.as_ref());
            self.streams.close(stream, condition, payload);
            self.deliveries.push_back(Output::Closed { stream, reason });
        }
    }

    /// Ends the session from our side (§17.2).
    ///
    /// `payload` is the error of the carried protocol, for instance `<stream:error>…</stream:error>` (the
    /// prefix is declared around it); with it the condition is `remote-stream-error`, without it
    /// [`Reason::condition`]. What has no condition of its own keeps `undefined-condition`, and `payload` says
    /// what it is. Requests that are held are told now; a client that has none open is told by
    /// [`Self::farewell`] when it comes again.
    pub fn terminate(&mut self, now: Instant, reason: Reason, payload: Option<Bytes>) {
        self.tick(now);
        let Phase::Open = self.phase else { return };
        let condition = reason.condition_with(payload.as_ref());
        self.phase = Phase::Ending(End { reason, condition, payload, offender: None });
    }

    /// The HTTP connection of `request` closed before it was answered. What would have answered it stays for
    /// the repeat (§14.3). A request that was answered, or is not of this session, changes nothing.
    pub fn handle_closed(&mut self, now: Instant, request: RequestId) {
        self.expect_drained();
        self.tick(now);
        if let Some(slot) = self.window.slots.iter_mut().find(|slot| slot.request() == Some(request)) {
            slot.state = State::Cut;
        } else if let Some(early) = self.window.early.iter_mut().find(|early| early.request == Some(request))
        {
            early.request = None;
        } else {
            return;
        }
        self.idle_since = self.now;
    }

    /// A deadline of [`Self::poll_timeout`] has passed: answers requests that were held for `wait`, or ends
    /// the session for inactivity (§10). Early or needless calls change nothing.
    ///
    /// A request that came before one with a lower rid cannot be answered in its turn while that one is missing.
    /// After `wait` it is told to come again, and all before it that have no response (§17.3).
    pub fn handle_timeout(&mut self, now: Instant) {
        self.expect_drained();
        self.tick(now);
        let Phase::Open = self.phase else { return };
        if self.idle_deadline().is_some_and(|deadline| deadline <= self.now) {
            self.end(Reason::Inactivity, None);
            return;
        }
        let expired = |slot: &Slot| slot.is_open() && slot.arrived + self.terms.wait <= self.now;
        // Responses are in rid order, so what is older than an expired request is answered with it.
        if let Some(last) = self.window.slots.iter().rposition(expired) {
            self.window.slots.iter_mut().take(last + 1).for_each(|slot| slot.due = true);
        }
        let early_wait = self.early_wait();
        while let Some(request) = self.window.take_expired_early(self.now, early_wait) {
            self.ask_to_repeat(request);
        }
    }

    /// When [`Self::handle_timeout`] has something to do. `None` after the end.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let Phase::Open = self.phase else { return None };
        let idle = self.idle_deadline();
        let parked = self.window.parked().map(|slot| slot.arrived + self.terms.wait);
        let early = self.window.early_held().map(|early| early.arrived + self.early_wait());
        idle.into_iter().chain(parked).chain(early).min()
    }

    /// The response to a request that comes after the end with this session's sid. `None` while it is open.
    ///
    /// Worth keeping for a while: it tells a client whose last response was lost, or which had no request open
    /// at the end, what a bare `item-not-found` would not.
    pub fn farewell(&self) -> Option<Answer> {
        match &self.phase {
            Phase::Open => None,
            Phase::Ending(end) | Phase::Ended(end) => {
                let answer = Answer::terminate(end.condition, end.payload.as_ref(), self.terms.version);
                Some(answer.with_content_type(self.content_type.as_deref()))
            }
        }
    }

    /// The session id.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The highest rid up to which all requests have come.
    pub fn last_rid(&self) -> u64 {
        self.window.last_rid
    }

    /// When the session was made.
    pub fn created(&self) -> Instant {
        self.created
    }

    /// When the last request came.
    pub fn last_seen(&self) -> Instant {
        self.last_seen
    }

    /// The longest time in which the client had no request open, up to the latest request.
    pub fn longest_gap(&self) -> Duration {
        self.longest_gap
    }

    /// How many requests are held open.
    pub fn parked(&self) -> usize {
        self.window.parked().count()
    }

    /// The name of a stream, as the client knows it.
    pub fn stream_name(&self, stream: StreamId) -> String {
        streams::name(&self.sid, stream)
    }

    /// How many streams are open.
    pub fn streams(&self) -> usize {
        self.streams.open().count()
    }

    /// How many stanzas wait for the client.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Why it ended; `None` while it is open.
    pub fn reason(&self) -> Option<Reason> {
        match &self.phase {
            Phase::Open => None,
            Phase::Ending(end) | Phase::Ended(end) => Some(end.reason),
        }
    }

    /// The session ends because of a rule; `offender` is the request that broke it.
    fn end(&mut self, reason: Reason, offender: Option<RequestId>) {
        let condition = reason.condition();
        self.phase = Phase::Ending(End { reason, condition, payload: None, offender });
    }

    /// Whether any request waits for its response.
    fn is_holding(&self) -> bool {
        self.window.parked().next().is_some() || self.window.early_held().next().is_some()
    }

    /// How long a request is held that came before one with a lower rid.
    fn early_wait(&self) -> Duration {
        self.terms.wait.max(limits::EARLY_WAIT_MIN)
    }

    /// Since when the client has been silent, as a deadline; `None` while a request is held.
    fn idle_deadline(&self) -> Option<Instant> {
        if self.is_holding() {
            return None;
        }
        Some(self.idle_since + self.pause.unwrap_or(self.terms.inactivity))
    }

    /// Time never runs backwards here, whatever the owner's threads do.
    fn tick(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.drained = false;
    }

    fn expect_drained(&self) {
        let is_over = matches!(self.phase, Phase::Ended(_));
        debug_assert!(self.drained || is_over, "drain poll_output before the next handle_ call");
    }
}

/// Neither the sid, which is a secret, nor anything that is carried.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("last_rid", &self.last_rid())
            .field("parked", &self.parked())
            .field("pending", &self.pending())
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}

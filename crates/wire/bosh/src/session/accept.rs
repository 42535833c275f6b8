//! What a request does when its turn has come.

use super::Session;
use super::streams::{self, Opening};
use crate::answer::Added;
use crate::key::Lock;
use crate::window::{Early, Nature, Slot, State};
use crate::{Body, Condition, Kind, Output, Reason, StreamId, limits};
use std::time::{Duration, Instant};

/// Whom a request concerns.
#[derive(Clone, Copy)]
enum Target {
    /// It names no stream: all that are open (§16.4).
    All,
    /// One, which may be closed already: then it is too late to do anything.
    One(StreamId),
}

impl Target {
    fn includes(self, stream: StreamId) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => one == stream,
        }
    }
}

impl Session {
    /// The next request in order.
    pub(super) fn accept(&mut self, next: Early) {
        let Early { rid, body, request, arrived, is_spent } = next;
        if !self.unlock(&body) {
            self.end(Reason::KeyMismatch, request);
            return;
        }
        let adds_stream = self.adds_stream(&body);
        let is_poll = body.is_poll() && !adds_stream;
        if is_poll && self.is_overactive(arrived) {
            self.end(Reason::Overactivity, request);
            return;
        }
        if body.pause_secs.is_some_and(|secs| secs > self.terms.maxpause_secs) {
            self.end(Reason::PauseTooLong, request);
            return;
        }
        let Some(target) = self.target(&body) else {
            self.end(Reason::UnknownStream, request);
            return;
        };
        self.pause = body.pause_secs.map(|secs| Duration::from_secs(secs.into()));
        let closes_stream = body.kind == Kind::Terminate && self.closes_stream(target);
        let has_own_response = body.restart || adds_stream || closes_stream;
        if has_own_response {
            // What it brings about belongs into the response to this request, so the older ones leave before.
            self.answer_up_to(rid);
        }
        if self.terms.has_client_acks {
            self.take_ack(rid, body.ack);
        }
        let nature = match (is_poll, body.pause_secs) {
            (true, _) => Nature::Poll,
            (_, Some(_)) => Nature::Pause,
            _ => Nature::Other,
        };
        let state = request.map_or(State::Cut, State::Parked);
        let due = adds_stream || closes_stream || is_spent;
        let slot = Slot { rid, fingerprint: body.fingerprint, arrived, nature, due, is_spent, state };
        self.window.push(slot, self.terms.hold, self.now);
        if nature == Nature::Pause {
            self.window.slots.iter_mut().for_each(|slot| slot.due = true);
        }
        self.perform(body, target, adds_stream);
    }

    /// Does what a request in order asks for. It is in the window already.
    fn perform(&mut self, body: Body, target: Target, adds_stream: bool) {
        if adds_stream {
            self.add_stream(body);
            return;
        }
        if body.restart {
            self.restart(target, body.to, body.lang);
        }
        for stanza in body.payload {
            for stream in self.streams.open().filter(|stream| target.includes(*stream)) {
                self.deliveries.push_back(Output::Deliver { stream, stanza: stanza.clone() });
            }
        }
        if body.kind == Kind::Terminate {
            match target {
                Target::One(stream) => self.close(self.now, stream, Reason::ClientTerminate, None),
                Target::All => self.end(Reason::ClientTerminate, None),
            }
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

    /// Whether it opens another stream (§16.3): it is empty, names a domain, and is no restart.
    fn adds_stream(&self, body: &Body) -> bool {
        self.terms.streams_max > 1
            && body.is_poll()
            && body.stream.is_none()
            && body.to.as_deref().is_some_and(|to| !to.is_empty())
    }

    /// Opens one, or tells the client that there are as many as may be.
    fn add_stream(&mut self, body: Body) {
        let (open, all) = (self.streams.open().count(), self.streams.len());
        let streams_max = self.terms.streams_max as usize;
        if all >= 2 * streams_max {
            // The client opens more and more and never reads that it may not.
            self.end(Reason::Overactivity, None);
            return;
        }
        let to = body.to.unwrap_or_default();
        let xmpp = body.xmpp_version.is_some();
        let stream = self.streams.add(Added { from: to.as_str().into(), secure: self.terms.secure, xmpp });
        if open >= streams_max {
            self.streams.close(stream, Some(Condition::PolicyViolation), None);
        } else {
            self.deliveries.push_back(Output::Open { stream, to, from: body.from, lang: body.lang });
        }
    }

    /// Whom the request concerns; `None` if it names a stream that the session never had.
    fn target(&self, body: &Body) -> Option<Target> {
        let has_effect = !body.payload.is_empty() || body.restart || body.kind == Kind::Terminate;
        match &body.stream {
            // A client that was not told of streams means nothing by it; in an empty body it is ignored (§16.4).
            Some(name) if self.terms.streams_max > 1 && has_effect => {
                let stream = streams::find(&self.sid, name)?;
                self.streams.was_opened(stream).then_some(Target::One(stream))
            }
            _ => Some(Target::All),
        }
    }

    /// Whether a terminate for this target leaves other streams open.
    fn closes_stream(&self, target: Target) -> bool {
        match target {
            Target::All => false,
            Target::One(stream) => self.streams.is_open(stream) && self.streams.has_others(stream),
        }
    }

    /// The client starts a stream anew; the first that is open, if it does not say which.
    fn restart(&mut self, target: Target, to: Option<String>, lang: Option<String>) {
        let Some(id) = self.streams.open().find(|stream| target.includes(*stream)) else { return };
        if let Some(stream) = self.streams.get_mut(id) {
            stream.opening.get_or_insert(Opening::Restart);
        }
        self.deliveries.push_back(Output::Restart { stream: id, to, lang });
    }
}

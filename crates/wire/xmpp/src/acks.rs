//! Acknowledgements (XEP-0198): how many stanzas either side has handled, and what the client may not have.

use crate::StreamError;
use crate::limits::{ACK_DELAY, ACK_REQUEST_EVERY, Unacknowledged};
use std::collections::VecDeque;
use std::time::Instant;

/// The counters of one stream from its `<enabled/>` on, both modulo 2^32 (XEP-0198 §4), and the stanzas that were
/// sent and not acknowledged, oldest first.
#[derive(Debug)]
pub struct Acks<T> {
    limits: Unacknowledged,
    /// Stanzas of the client that were handled.
    handled: u32,
    /// Stanzas that the client has said it handled.
    acked: u32,
    unacked: VecDeque<(T, usize)>,
    unacked_bytes: usize,
    /// Since when a request for an acknowledgement is not answered.
    requested: Option<Instant>,
    /// Stanzas sent since the last request, and since when the oldest of them is out.
    unrequested: u32,
    unrequested_since: Option<Instant>,
}

impl<T> Default for Acks<T> {
    fn default() -> Self {
        Self::new(Unacknowledged::default())
    }
}

impl<T> Acks<T> {
    /// Nothing was sent either way.
    pub fn new(limits: Unacknowledged) -> Self {
        Self { limits, ..Self::starting_at(0) }
    }

    /// As after so many stanzas both ways: a way for tests to come near 2^32.
    pub fn starting_at(count: u32) -> Self {
        Self {
            limits: Unacknowledged::default(),
            handled: count,
            acked: count,
            unacked: VecDeque::new(),
            unacked_bytes: 0,
            requested: None,
            unrequested: 0,
            unrequested_since: None,
        }
    }

    /// How many stanzas of the client were handled: our `h`.
    pub fn handled(&self) -> u32 {
        self.handled
    }

    /// Stanzas that were sent and not acknowledged, oldest first.
    pub fn unacked(&self) -> impl Iterator<Item = &T> {
        self.unacked.iter().map(|(stanza, _)| stanza)
    }

    /// A stanza of the client was handled.
    pub fn handle_stanza(&mut self) {
        self.handled = self.handled.wrapping_add(1);
    }

    /// A stanza is sent, or would be if there were a connection.
    ///
    /// # Errors
    /// More is unacknowledged than a session may keep: it must end.
    pub fn sent(&mut self, now: Instant, stanza: T, bytes: usize) -> Result<(), StreamError> {
        let Unacknowledged { stanzas_max, bytes_max, .. } = self.limits;
        if self.unacked.len() >= stanzas_max || self.unacked_bytes + bytes > bytes_max {
            return Err(StreamError::PolicyViolation("too much is not acknowledged"));
        }
        self.unacked.push_back((stanza, bytes));
        self.unacked_bytes += bytes;
        self.unrequested += 1;
        self.unrequested_since.get_or_insert(now);
        Ok(())
    }

    /// The client's `h`: what it has handled is forgotten, and handed back.
    ///
    /// # Errors
    /// It claims to have handled more than was sent (XEP-0198 §6).
    pub fn handle_ack(&mut self, now: Instant, h: u32) -> Result<Vec<T>, StreamError> {
        let count = h.wrapping_sub(self.acked) as usize;
        if count > self.unacked.len() {
            let sent = self.acked.wrapping_add(self.unacked.len() as u32);
            return Err(StreamError::HandledCountTooHigh { h, sent });
        }
        self.acked = h;
        let handled: Vec<_> = self.unacked.drain(..count).collect();
        self.unacked_bytes -= handled.iter().map(|(_, bytes)| bytes).sum::<usize>();
        self.requested = None;
        if self.unacked.is_empty() {
            (self.unrequested, self.unrequested_since) = (0, None);
        } else {
            // an answer that left something out: ask again in a while
            self.unrequested_since.get_or_insert(now);
        }
        Ok(handled.into_iter().map(|(stanza, _)| stanza).collect())
    }

    /// The connection is another one: everything unacknowledged is sent again, behind which a request is due.
    pub fn handle_resumed(&mut self, now: Instant) {
        self.requested = None;
        self.unrequested = self.unacked.len() as u32;
        self.unrequested_since = (!self.unacked.is_empty()).then_some(now);
    }

    /// Whether `<r/>` is to be sent now: after so many stanzas, or so long after the first of them, and never two
    /// at once.
    pub fn poll_request(&mut self, now: Instant) -> bool {
        let Some(since) = self.unrequested_since.filter(|_| self.requested.is_none()) else { return false };
        if self.unrequested < ACK_REQUEST_EVERY && now < since + ACK_DELAY {
            return false;
        }
        self.requested = Some(now);
        (self.unrequested, self.unrequested_since) = (0, None);
        true
    }

    /// Whether a request was not answered for so long that the connection counts as dead.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.requested.is_some_and(|requested| now >= requested + self.limits.answer)
    }

    /// When [`Self::poll_request`] or [`Self::is_overdue`] may have something to say.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.requested {
            Some(requested) => Some(requested + self.limits.answer),
            None => self.unrequested_since.map(|since| since + ACK_DELAY),
        }
    }
}

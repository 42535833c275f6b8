//! Which heartbeats are due and which are unanswered.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The heartbeat of one session.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    next: Instant,
    unanswered: VecDeque<u32>,
}

impl Heartbeat {
    /// The first one is due an interval after the session opened.
    pub(super) fn new(now: Instant, interval: Duration) -> Self {
        Self { interval, next: now + interval, unanswered: VecDeque::new() }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// How many were sent and not confirmed.
    pub(super) fn unanswered(&self) -> u32 {
        u32::try_from(self.unanswered.len()).unwrap_or(u32::MAX)
    }

    /// One is being sent.
    pub(super) fn sent(&mut self, now: Instant, invoke_id: u32) {
        self.unanswered.push_back(invoke_id);
        self.next = now + self.interval;
    }

    /// A confirmation came for one that [`Heartbeat::is_waiting_for`]. It also speaks for the ones sent before:
    /// the stream keeps its order.
    pub(super) fn confirmed(&mut self, invoke_id: u32) {
        while self.unanswered.pop_front().is_some_and(|sent| sent != invoke_id) {}
    }

    /// Whether the id is that of an unanswered heartbeat.
    pub(super) fn is_waiting_for(&self, invoke_id: u32) -> bool {
        self.unanswered.contains(&invoke_id)
    }
}

//! Which heartbeats are due and which are unanswered.

use crate::limits;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The heartbeat of one session.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    next: Instant,
    unanswered: VecDeque<Beat>,
}

/// One that was sent.
#[derive(Debug)]
struct Beat {
    invoke_id: u32,
    /// Whether its confirmation may be on the way, unread by us: then it proves nothing that it is missing.
    excused: bool,
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

    /// How many were sent and not confirmed, apart from the excused.
    pub(super) fn unanswered(&self) -> u32 {
        let missing = self.unanswered.iter().filter(|beat| !beat.excused).count();
        u32::try_from(missing).unwrap_or(u32::MAX)
    }

    /// One is being sent.
    pub(super) fn sent(&mut self, now: Instant, invoke_id: u32) {
        if self.unanswered.len() >= limits::HEARTBEATS_UNREAD_MAX {
            self.unanswered.pop_front();
        }
        self.unanswered.push_back(Beat { invoke_id, excused: false });
        self.next = now + self.interval;
    }

    /// Nobody has read what the server sent: what is unconfirmed so far is no sign of a dead server.
    pub(super) fn excuse(&mut self) {
        self.unanswered.iter_mut().for_each(|beat| beat.excused = true);
    }

    /// A confirmation came for one that [`Heartbeat::is_waiting_for`]. It also speaks for the ones sent before:
    /// the stream keeps its order.
    pub(super) fn confirmed(&mut self, invoke_id: u32) {
        while self.unanswered.pop_front().is_some_and(|sent| sent.invoke_id != invoke_id) {}
    }

    /// Whether the id is that of an unanswered heartbeat.
    pub(super) fn is_waiting_for(&self, invoke_id: u32) -> bool {
        self.unanswered.iter().any(|beat| beat.invoke_id == invoke_id)
    }
}

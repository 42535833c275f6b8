//! Requests that wait for their confirmation.

use crate::limits;
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// A request that waits.
#[derive(Debug)]
pub(super) struct Waiting<T> {
    /// The owner's name for it.
    pub(super) tag: T,
    /// MessageType of its confirmation.
    pub(super) confirmed_by: u32,
}

/// Requests by invoke id. All have the same time-out, so their deadlines come in the order of sending.
#[derive(Debug)]
pub(super) struct Outstanding<T> {
    waiting: BTreeMap<u32, Waiting<T>>,
    deadlines: VecDeque<(Instant, u32)>,
    /// Timed out, newest last.
    given_up: VecDeque<u32>,
}

impl<T> Outstanding<T> {
    pub(super) fn new() -> Self {
        Self { waiting: BTreeMap::new(), deadlines: VecDeque::new(), given_up: VecDeque::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn contains(&self, invoke_id: u32) -> bool {
        self.waiting.contains_key(&invoke_id)
    }

    pub(super) fn insert(&mut self, invoke_id: u32, deadline: Instant, waiting: Waiting<T>) {
        self.waiting.insert(invoke_id, waiting);
        self.deadlines.push_back((deadline, invoke_id));
    }

    /// Takes the request that a confirmation of this type and id answers.
    pub(super) fn confirm(&mut self, invoke_id: u32, kind: u32) -> Option<T> {
        self.waiting.get(&invoke_id).filter(|waiting| waiting.confirmed_by == kind)?;
        self.remove(invoke_id)
    }

    /// Takes the request with this id.
    pub(super) fn remove(&mut self, invoke_id: u32) -> Option<T> {
        let waiting = self.waiting.remove(&invoke_id)?;
        self.deadlines.retain(|(_, id)| *id != invoke_id);
        Some(waiting.tag)
    }

    /// The earliest deadline.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.front().map(|(deadline, _)| *deadline)
    }

    /// Takes one request whose time is over.
    pub(super) fn expire(&mut self, now: Instant) -> Option<T> {
        let (_, invoke_id) = *self.deadlines.front().filter(|(deadline, _)| *deadline <= now)?;
        if self.given_up.len() >= limits::LATE_MAX {
            self.given_up.pop_front();
        }
        self.given_up.push_back(invoke_id);
        self.remove(invoke_id)
    }

    /// Whether a request with this id timed out; asked once, since it is answered once.
    pub(super) fn was_given_up(&mut self, invoke_id: u32) -> bool {
        let place = self.given_up.iter().position(|id| *id == invoke_id);
        place.and_then(|place| self.given_up.remove(place)).is_some()
    }

    /// Takes any request, oldest first.
    pub(super) fn pop(&mut self) -> Option<T> {
        let (_, invoke_id) = self.deadlines.front()?;
        self.remove(*invoke_id)
    }
}

//! The rid window: which requests are open, which responses are kept, which requests came early.

use crate::{Body, RequestId, limits};
use bytes::Bytes;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What a request asks of the timing rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Empty: it asks for an answer only (§11, §12).
    Poll,
    /// It pauses the session: its answer holds no payload (§10).
    Pause,
    /// It brings something.
    Other,
}

/// What became of a request that was received in order.
pub(crate) enum State {
    /// Its HTTP request is open.
    Parked(RequestId),
    /// Its connection closed before it was answered. A repeat opens it again.
    Cut,
    /// It was answered; the parts are kept for a repeat (§14.3).
    Answered {
        /// None for the empty response.
        segments: Vec<Bytes>,
        /// The response was sent and carried nothing: a polling client has to wait before the next (§12).
        idle: bool,
        /// When it was sent.
        at: Instant,
    },
}

/// A request received in order.
pub(crate) struct Slot {
    pub(crate) rid: u64,
    pub(crate) fingerprint: u64,
    /// When its HTTP request came, or that of the latest repeat.
    pub(crate) arrived: Instant,
    pub(crate) nature: Nature,
    /// It must be answered now, with nothing if there is nothing.
    pub(crate) due: bool,
    /// The client was told to repeat it before its turn came. One that took that for the response must not miss
    /// anything, so the response carries nothing.
    pub(crate) is_spent: bool,
    pub(crate) state: State,
}

impl Slot {
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.state, State::Answered { .. })
    }

    pub(crate) fn request(&self) -> Option<RequestId> {
        match self.state {
            State::Parked(request) => Some(request),
            _ => None,
        }
    }
}

/// A request that came before one with a lower rid (§14.2).
pub(crate) struct Early {
    pub(crate) rid: u64,
    pub(crate) body: Body,
    pub(crate) arrived: Instant,
    /// `None` when its connection closed meanwhile.
    pub(crate) request: Option<RequestId>,
    /// The client was told to repeat it.
    pub(crate) is_spent: bool,
}

/// The requests of a session. Answered ones come before open ones, each in rid order without a gap.
pub(crate) struct Window {
    /// How many requests the client may have open, how many responses are kept, and how far above the last
    /// rid a new one may lie: XEP-0124 uses one number for all three.
    pub(crate) requests: u32,
    pub(crate) last_rid: u64,
    /// Responses up to this rid need not be kept beyond the usual number. The largest number there is when the
    /// client does not acknowledge.
    pub(crate) acknowledged: u64,
    pub(crate) slots: VecDeque<Slot>,
    pub(crate) early: Vec<Early>,
}

impl Window {
    pub(crate) fn new(requests: u32, first: Slot) -> Self {
        Self {
            requests,
            last_rid: first.rid,
            acknowledged: u64::MAX,
            slots: VecDeque::from([first]),
            early: Vec::new(),
        }
    }

    pub(crate) fn slot_mut(&mut self, rid: u64) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.rid == rid)
    }

    /// The requests held open, oldest first.
    pub(crate) fn parked(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.request().is_some())
    }

    /// The oldest request held open, and its place among the slots.
    pub(crate) fn oldest_parked(&self) -> Option<(usize, RequestId)> {
        self.slots.iter().enumerate().find_map(|(index, slot)| Some((index, slot.request()?)))
    }

    /// Adds the next request in order, and makes the oldest ones due while more than `hold` are open (§8).
    pub(crate) fn push(&mut self, slot: Slot, hold: u32, now: Instant) {
        self.last_rid = slot.rid;
        self.slots.push_back(slot);
        let open = self.slots.iter().filter(|slot| slot.is_open()).count();
        let excess = open.saturating_sub(hold as usize);
        for slot in self.slots.iter_mut().filter(|slot| slot.is_open()).take(excess) {
            slot.due = true;
        }
        // Nobody listens for these any more; a late repeat finds the empty response that they would have got.
        for slot in self.slots.iter_mut().filter(|slot| slot.due) {
            give_up(slot, now);
        }
        self.forget();
    }

    /// Records the response to the request at `index`. Older ones that are still without a connection can
    /// only be answered with nothing from now on: responses are in rid order.
    pub(crate) fn answered(&mut self, index: usize, segments: Vec<Bytes>, idle: bool, at: Instant) {
        for slot in self.slots.iter_mut().take(index) {
            give_up(slot, at);
        }
        self.slots[index].state = State::Answered { segments, idle, at };
        self.forget();
    }

    /// The client has read all responses up to that to `rid`: they are kept no longer (§14.3).
    pub(crate) fn trim(&mut self, rid: u64) {
        while self.slots.front().is_some_and(|slot| slot.rid <= rid && !slot.is_open()) {
            self.slots.pop_front();
        }
    }

    /// Keeps as many responses as the client may have requests open, and more if it acknowledges responses and
    /// has not acknowledged these. Those to pauses do not count (§14.3), but a client that does nothing but pause
    /// shall not have them all kept.
    fn forget(&mut self) {
        let max = self.requests as usize;
        while self.slots.front().is_some_and(|slot| !slot.is_open()) {
            let is_unread = self.slots.front().is_some_and(|slot| slot.rid > self.acknowledged);
            let max = if is_unread { max.max(limits::UNACKNOWLEDGED_MAX) } else { max };
            if self.answered_count(|_| true) <= 2 * max
                && self.answered_count(|nature| nature != Nature::Pause) <= max
            {
                return;
            }
            self.slots.pop_front();
        }
    }

    fn answered_count(&self, counts: impl Fn(Nature) -> bool) -> usize {
        self.slots.iter().filter(|slot| !slot.is_open() && counts(slot.nature)).count()
    }

    /// The early requests whose connections are open.
    pub(crate) fn early_held(&self) -> impl Iterator<Item = &Early> {
        self.early.iter().filter(|early| early.request.is_some())
    }

    /// Takes the connection of an early request that came at least `wait` ago. The request stays.
    pub(crate) fn take_expired_early(&mut self, now: Instant, wait: Duration) -> Option<RequestId> {
        self.early.iter_mut().filter(|early| early.arrived + wait <= now).find_map(|early| {
            let request = early.request.take()?;
            early.is_spent = true;
            Some(request)
        })
    }

    /// Takes the early request that is next in order, if it is there.
    pub(crate) fn take_next(&mut self) -> Option<Early> {
        let next = self.early.iter().position(|early| early.rid == self.last_rid + 1)?;
        Some(self.early.swap_remove(next))
    }
}

fn give_up(slot: &mut Slot, at: Instant) {
    if matches!(slot.state, State::Cut) {
        slot.state = State::Answered { segments: Vec::new(), idle: false, at };
    }
}

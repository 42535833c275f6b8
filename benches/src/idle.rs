//! The heap of sessions that wait.

use crate::scenario::bosh_cycle::Cycle;
use crate::scenario::poll;
use bosh::Stanza;
use bytes::Bytes;

/// A way of being idle.
pub struct Idle {
    /// For people.
    pub name: &'static str,
    /// Brings a session there; the event is one that others got too.
    pub make: fn(&Stanza) -> Option<Cycle>,
}

/// Ways of being idle; in the first a session spends most of its life.
pub const ALL: [Idle; 4] = [
    Idle { name: "waiting: the latest polls were answered with nothing", make: waiting },
    Idle { name: "an event ago: its answer is kept for a repeat", make: |event| after_events(event, 1) },
    Idle { name: "two events ago: both answers are kept", make: |event| after_events(event, 2) },
    Idle { name: "new: the creation response is kept", make: |_| Cycle::new() },
];

/// As many empty answers as the session keeps, so that nothing of its beginning is left.
fn waiting(_: &Stanza) -> Option<Cycle> {
    let mut cycle = Cycle::new()?;
    for _ in 0..3 {
        cycle.wait_out();
        cycle.take_poll(&poll(cycle.next_rid()));
    }
    Some(cycle)
}

fn after_events(event: &Stanza, count: usize) -> Option<Cycle> {
    let mut cycle = waiting(event)?;
    for _ in 0..count {
        let own_head = Bytes::copy_from_slice(&event.head);
        cycle.take_event(Stanza { head: own_head, tail: event.tail.clone() });
        cycle.take_poll(&poll(cycle.next_rid()));
    }
    Some(cycle)
}

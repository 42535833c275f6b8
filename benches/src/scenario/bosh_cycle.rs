//! One BOSH cycle: an event comes, leaves as the answer to the poll that was held, and the next poll is parsed
//! and held.

use super::floor_people::{SID, event, poll};
use bosh::{Body, Output, Policy, RequestId, Session, Stanza};
use bytes::Bytes;
use std::hint::black_box;
use std::time::{Duration, Instant};

const FIRST_RID: u64 = 2_779_414_700;

/// A session with one poll held, and the clock it lives by.
pub struct Cycle {
    session: Session,
    now: Instant,
    rid: u64,
}

impl Cycle {
    /// A session whose creation was answered and which holds its first poll. `None` never happens: the requests
    /// are our own.
    pub fn new() -> Option<Self> {
        let creation = format!(
            r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" to="localhost" hold="1" ver="1.6" wait="30" xmpp:version="1.0" rid="{FIRST_RID}"/>"#
        );
        let now = Instant::now();
        let body = Body::parse(&Bytes::from(creation), &xml::Limits::CLIENT).ok()?;
        let session = Session::create(now, body, SID.into(), &Policy::default(), true, RequestId(0)).ok()?;
        let mut cycle = Self { session, now, rid: FIRST_RID };
        cycle.drain();
        cycle.take_poll(&poll(FIRST_RID + 1));
        Some(cycle)
    }

    /// The rid of the poll that comes next.
    pub fn next_rid(&self) -> u64 {
        self.rid + 1
    }

    /// An event comes and leaves.
    pub fn take_event(&mut self, event: Stanza) {
        self.now += Duration::from_millis(20);
        self.session.send(self.now, event);
        self.drain();
    }

    /// The next poll comes and is held.
    pub fn take_poll(&mut self, bytes: &Bytes) {
        self.now += Duration::from_millis(20);
        self.rid += 1;
        if let Ok(body) = Body::parse(bytes, &xml::Limits::CLIENT) {
            self.session.handle_request(self.now, body, RequestId(self.rid));
        }
        self.drain();
    }

    /// Time passes until the poll that is held is answered with nothing.
    pub fn wait_out(&mut self) {
        if let Some(deadline) = self.session.poll_timeout() {
            self.now = deadline;
            self.session.handle_timeout(self.now);
            self.drain();
        }
    }

    /// Whether everything went as the measurement supposes: one poll is held and nothing waits.
    pub fn is_idle(&self) -> bool {
        self.session.parked() == 1 && self.session.pending() == 0 && self.session.reason().is_none()
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            if let Output::Respond { answer, .. } = &output {
                black_box(answer.segments.as_slice());
            }
            drop(black_box(output));
        }
        black_box(self.session.poll_timeout());
    }
}

/// The cycle as a step. The polls are ready: reading them from a socket is not the core's work.
pub(super) fn prepare(steps: usize) -> Box<dyn FnMut()> {
    let Some(mut cycle) = Cycle::new() else { return Box::new(|| {}) };
    let first = cycle.next_rid();
    let polls: Vec<Bytes> = (first..).take(steps).map(poll).collect();
    let mut polls = polls.into_iter();
    let event = event();
    Box::new(move || {
        if let Some(poll) = polls.next() {
            cycle.take_event(event.clone());
            cycle.take_poll(&poll);
        }
        debug_assert!(cycle.is_idle(), "an event leaves at once and its successor is held");
    })
}

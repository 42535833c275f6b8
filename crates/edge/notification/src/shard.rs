//! A shard: many BOSH sessions, one owner. Each message is one mutation of one session, which is then drained.

use crate::limits::{SESSIONS_PER_SHARD_MAX, SIGN_IN};
use crate::outlet::{Ending, Outlet, ToSession};
use crate::service::Context;
use crate::session::{Session, Transport};
use crate::sid::{Secret, Sid};
use crate::story::{Client, Mark};
use crate::visit::{Polls, Visit};
use crate::wheel::{TICK, Wheel};
use bosh::{Answer, Condition, Output, Reason, RequestId};
use slab::Slab;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};
use tokio::time::MissedTickBehavior;
use xmpp::Features;

const TRANSPORT: &str = "bosh";

/// A session's place in its shard. The generation tells it from the one that had the place before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    index: u32,
    generation: u16,
}

/// What a shard is told.
pub(crate) enum ToShard {
    /// A session creation request.
    Create {
        body: Box<bosh::Body>,
        peer: SocketAddr,
        /// What the client calls itself.
        agent: Option<Arc<str>>,
        request: RequestId,
        reply: oneshot::Sender<Answer>,
    },
    /// A request with a sid of this shard.
    Request { sid: Sid, body: Box<bosh::Body>, request: RequestId, reply: oneshot::Sender<Answer> },
    /// The connection of a request is gone before its answer.
    Closed { sid: Sid, request: RequestId },
    /// For one session.
    Session(Slot, ToSession),
}

struct Entry {
    generation: u16,
    secret: Secret,
    bosh: bosh::Session,
    session: Session,
    waiting: Vec<(RequestId, oneshot::Sender<Answer>)>,
    /// The earliest tick at which the wheel will bring this entry up.
    scheduled: u64,
}

pub(crate) struct Shard {
    number: u8,
    context: Arc<Context>,
    own: mpsc::Sender<ToShard>,
    entries: Slab<Entry>,
    generations: u16,
    wheel: Wheel<Slot>,
}

impl Shard {
    pub(crate) fn new(number: u8, context: Arc<Context>, own: mpsc::Sender<ToShard>) -> Self {
        let wheel = Wheel::new(Instant::now());
        Self { number, context, own, entries: Slab::new(), generations: 0, wheel }
    }

    pub(crate) async fn run(mut self, mut mailbox: mpsc::Receiver<ToShard>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                message = mailbox.recv() => match message {
                    Some(message) => self.handle(message),
                    None => return,
                },
                _ = ticks.tick() => self.handle_tick(),
            }
        }
    }

    fn handle(&mut self, message: ToShard) {
        let now = Instant::now();
        match message {
            ToShard::Create { body, peer, agent, request, reply } => {
                let client = Client { transport: TRANSPORT, address: peer, agent };
                self.create(now, *body, client, request, reply);
            }
            ToShard::Request { sid, body, request, reply } => {
                let Some(slot) = self.find(&sid) else {
                    let _ = reply.send(self.context.dead_session(&sid.encode()));
                    return;
                };
                let entry = &mut self.entries[slot.index as usize];
                entry.waiting.push((request, reply));
                entry.session.visit.idle_since = now;
                let counts = &mut entry.session.visit.counts;
                counts.requests += 1;
                counts.repeats += u32::from(body.rid.is_some_and(|rid| rid <= entry.bosh.last_rid()));
                self.mutate(now, slot, |entry| entry.bosh.handle_request(now, *body, request));
            }
            ToShard::Closed { sid, request } => {
                if let Some(slot) = self.find(&sid) {
                    let entry = &mut self.entries[slot.index as usize];
                    entry.waiting.retain(|(waiting, _)| *waiting != request);
                    entry.session.visit.idle_since = now;
                    self.mutate(now, slot, |entry| entry.bosh.handle_closed(now, request));
                }
            }
            ToShard::Session(slot, message) => {
                if self.get(slot).is_some() {
                    self.mutate(now, slot, |entry| {
                        let mut transport = Bosh { now, bosh: &mut entry.bosh };
                        entry.session.handle_message(message, &mut transport);
                    });
                }
            }
        }
    }

    fn handle_tick(&mut self) {
        let now = Instant::now();
        for slot in self.wheel.due(now) {
            let Some(entry) = self.get(slot) else { continue };
            entry.scheduled = u64::MAX;
            let never_signed_in = entry.session.jid().is_none() && now >= entry.bosh.created() + SIGN_IN;
            self.mutate(now, slot, |entry| {
                entry.bosh.handle_timeout(now);
                if never_signed_in {
                    entry.bosh.terminate(now, Reason::Inactivity, None);
                }
            });
        }
    }

    fn get(&mut self, slot: Slot) -> Option<&mut Entry> {
        self.entries.get_mut(slot.index as usize).filter(|entry| entry.generation == slot.generation)
    }

    fn find(&mut self, sid: &Sid) -> Option<Slot> {
        let slot = Slot { index: sid.slot, generation: sid.generation };
        let found = self.get(slot).is_some_and(|entry| entry.secret.matches(&sid.secret));
        found.then_some(slot)
    }

    fn create(
        &mut self,
        now: Instant,
        mut body: bosh::Body,
        client: Client,
        request: RequestId,
        reply: oneshot::Sender<Answer>,
    ) {
        if self.entries.len() >= SESSIONS_PER_SHARD_MAX {
            let _ = reply.send(Answer::refusal(Condition::InternalServerError, body.version));
            return;
        }
        self.generations = self.generations.wrapping_add(1);
        let (generation, secret) = (self.generations, Secret::new());
        let vacant = self.entries.vacant_entry();
        let slot = Slot { index: vacant.key() as u32, generation };
        let sid = Sid { shard: self.number, slot: slot.index, generation, secret }.encode();
        let mark = Mark::of_sid(&sid);
        // `COMPAT(finesse)`: streams to our IP address, or to a domain made up from a login name, are taken; the
        // answer names our own domain
        body.to = Some(self.context.config.domain.clone());
        let bosh = match bosh::Session::create(now, body, sid, &self.context.config.bosh, true, request) {
            Ok(bosh) => bosh,
            Err(refusal) => {
                tracing::warn!(peer = %client.address, %refusal, "http-bind: the client's first request starts no session");
                self.context.metrics.fault(refusal.condition.as_str());
                let _ = reply.send(refusal.answer());
                return;
            }
        };
        let outlet = Outlet::Shard { shard: self.own.clone(), slot };
        let visit = Visit::new(now, mark, client);
        let session = Session::new(self.context.clone(), Features::Sasl, outlet, self.context.key(), visit);
        let waiting = vec![(request, reply)];
        vacant.insert(Entry { generation, secret, bosh, session, waiting, scheduled: u64::MAX });
        self.context.metrics.opened(TRANSPORT);
        self.mutate(now, slot, |entry| {
            let mut transport = Bosh { now, bosh: &mut entry.bosh };
            entry.session.handle_open(&mut transport);
        });
    }

    /// One mutation, then everything that comes of it.
    fn mutate(&mut self, now: Instant, slot: Slot, change: impl FnOnce(&mut Entry)) {
        let entry = &mut self.entries[slot.index as usize];
        change(entry);
        while let Some(output) = entry.bosh.poll_output() {
            let mut transport = Bosh { now, bosh: &mut entry.bosh };
            match output {
                Output::Deliver(element) => entry.session.handle_element(element, &mut transport),
                Output::Restart { .. } => entry.session.handle_open(&mut transport),
                Output::Respond { request, answer } => {
                    entry.session.visit.idle_since = now;
                    if let Some(at) = entry.waiting.iter().position(|(waiting, _)| *waiting == request) {
                        // the connection may be gone; the answer is kept for the repeat
                        let _ = entry.waiting.swap_remove(at).1.send(answer);
                    }
                }
                Output::Ended(reason) => return self.end(now, slot, reason),
            }
        }
        let tick = entry.bosh.poll_timeout().map(|deadline| self.wheel.tick_of(deadline));
        if let Some(tick) = tick.filter(|tick| *tick < entry.scheduled) {
            entry.scheduled = tick;
            self.wheel.schedule(slot, tick);
        }
    }

    fn end(&mut self, now: Instant, slot: Slot, reason: Reason) {
        let entry = self.entries.remove(slot.index as usize);
        entry.session.handle_ended();
        self.context.metrics.closed(TRANSPORT, reason);
        if let Some(condition) = reason.condition() {
            self.context.metrics.fault(condition.as_str());
        }
        let user = entry.session.jid().map_or_else(|| "nobody".to_owned(), ToString::to_string);
        let (longest_gap, silent) =
            (entry.bosh.longest_gap(), now.saturating_duration_since(entry.bosh.last_seen()));
        let peer = entry.session.visit.client.address;
        tracing::info!(%user, %peer, %reason, ?longest_gap, ?silent, "a BOSH session ended");
        let polls = Polls {
            idle: (reason == Reason::Inactivity)
                .then(|| now.saturating_duration_since(entry.session.visit.idle_since)),
            longest_gap: Some(longest_gap),
            last_rid: Some(entry.bosh.last_rid()),
            farewell: entry.bosh.farewell(),
        };
        let mut session = entry.session;
        session.visit.last_seen = entry.bosh.last_seen();
        session.note_ended(reason, None, polls);
    }
}

/// A BOSH session as a session's transport.
struct Bosh<'a> {
    now: Instant,
    bosh: &'a mut bosh::Session,
}

impl Transport for Bosh<'_> {
    fn send(&mut self, stanza: bosh::Stanza) {
        self.bosh.send(self.now, stanza);
    }

    fn end(&mut self, ending: Ending) {
        // BOSH has a word of its own for a server that stops, which clients act on (XEP-0124 §17.2)
        let error = ending.error.filter(|_| ending.reason != Reason::Shutdown);
        let payload = error.map(xmpp::StreamError::to_bytes);
        self.bosh.terminate(self.now, ending.reason, payload);
    }
}

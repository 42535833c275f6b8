//! A shard: many BOSH sessions, one owner. Each message is one mutation of one session, which is then drained.

use crate::limits::{FAREWELL_KEPT, FAREWELLS_MAX, SESSIONS_PER_SHARD_MAX, SIGN_IN};
use crate::outlet::{Ending, Outlet, ToSession};
use crate::service::Context;
use crate::session::{Session, Transport};
use crate::sid::{Secret, Sid};
use crate::wheel::{TICK, Wheel};
use bosh::{Answer, Condition, Output, Reason, RequestId};
use slab::Slab;
use std::collections::{HashMap, VecDeque};
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
    Create { body: Box<bosh::Body>, peer: SocketAddr, request: RequestId, reply: oneshot::Sender<Answer> },
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
    peer: SocketAddr,
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
    farewells: Farewells,
}

impl Shard {
    pub(crate) fn new(number: u8, context: Arc<Context>, own: mpsc::Sender<ToShard>) -> Self {
        let wheel = Wheel::new(Instant::now());
        let farewells = Farewells::default();
        Self { number, context, own, entries: Slab::new(), generations: 0, wheel, farewells }
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
            ToShard::Create { body, peer, request, reply } => self.create(now, *body, peer, request, reply),
            ToShard::Request { sid, body, request, reply } => {
                let Some(slot) = self.find(&sid) else {
                    let answer = self.farewells.find(&sid).unwrap_or_else(Answer::unknown_session);
                    let _ = reply.send(answer);
                    return;
                };
                self.entries[slot.index as usize].waiting.push((request, reply));
                self.mutate(now, slot, |entry| entry.bosh.handle_request(now, *body, request));
            }
            ToShard::Closed { sid, request } => {
                if let Some(slot) = self.find(&sid) {
                    let entry = &mut self.entries[slot.index as usize];
                    entry.waiting.retain(|(waiting, _)| *waiting != request);
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
        self.farewells.forget_old(now);
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
        peer: SocketAddr,
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
        // `COMPAT(finesse)`: streams to our IP address, or to a domain made up from a login name, are taken; the
        // answer names our own domain
        body.to = Some(self.context.config.domain.clone());
        let bosh = match bosh::Session::create(now, body, sid, &self.context.config.bosh, true, request) {
            Ok(bosh) => bosh,
            Err(refusal) => {
                tracing::warn!(%peer, %refusal, "http-bind: the client's first request starts no session");
                self.context.metrics.fault(refusal.condition.as_str());
                let _ = reply.send(refusal.answer());
                return;
            }
        };
        let outlet = Outlet::Shard { shard: self.own.clone(), slot };
        let session = Session::new(self.context.clone(), Features::Sasl, outlet, self.context.key());
        let waiting = vec![(request, reply)];
        vacant.insert(Entry { generation, secret, bosh, session, peer, waiting, scheduled: u64::MAX });
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
        let peer = entry.peer;
        tracing::info!(%user, %peer, %reason, ?longest_gap, ?silent, "a BOSH session ended");
        if let Some(answer) = entry.bosh.farewell() {
            self.farewells.keep(now, entry.bosh.sid(), answer);
        }
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

/// What late requests of ended sessions are told.
#[derive(Default)]
struct Farewells {
    answers: HashMap<String, Answer>,
    oldest_first: VecDeque<(Instant, String)>,
}

impl Farewells {
    fn keep(&mut self, now: Instant, sid: &str, answer: Answer) {
        if self.oldest_first.len() >= FAREWELLS_MAX
            && let Some((_, oldest)) = self.oldest_first.pop_front()
        {
            self.answers.remove(&oldest);
        }
        self.answers.insert(sid.to_owned(), answer);
        self.oldest_first.push_back((now, sid.to_owned()));
    }

    /// The whole sid must be right: an answer may hold a stream error of someone's session.
    fn find(&self, sid: &Sid) -> Option<Answer> {
        self.answers.get(&sid.encode()).cloned()
    }

    fn forget_old(&mut self, now: Instant) {
        while let Some((since, _)) = self.oldest_first.front()
            && now >= *since + FAREWELL_KEPT
        {
            if let Some((_, sid)) = self.oldest_first.pop_front() {
                self.answers.remove(&sid);
            }
        }
    }
}

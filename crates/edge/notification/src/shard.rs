//! A shard: many BOSH sessions, one owner. Each message is one mutation of one session, which is then drained.

mod entry;

use crate::domains;
use crate::graveyard::Grave;
use crate::outlet::{Outlet, ToSession};
use crate::recorder::Passing;
use crate::service::Context;
use crate::session::Session;
use crate::sid::{Secret, Sid};
use crate::story::{Client, Mark};
use crate::visit::{Polls, Visit};
use crate::wheel::{TICK, Wheel};
use accounts::ChannelBindings;
use bosh::{Answer, Condition, Output, Reason, Refusal, RequestId, StreamId, Version};
use bytes::Bytes;
use entry::Entry;
use listen::{Counted, Peer};
use slab::Slab;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{mpsc, oneshot};
use tokio::time::MissedTickBehavior;
use xmpp::Features;

const TRANSPORT: &str = "bosh";

/// What goes with `undefined-condition` when nobody signed in (XEP-0124 §17.2).
const SIGN_IN_TIMEOUT: &[u8] = br#"<sign-in-timeout xmlns="urn:aplomb:session-ended:1"></sign-in-timeout>"#;

/// A BOSH session's place in its shard. The generation tells it from the one that had the place before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    index: u32,
    generation: u16,
}

/// One XMPP session of a BOSH session: most have one only (XEP-0124 §16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    place: Place,
    stream: StreamId,
}

/// What a shard is told.
pub(crate) enum ToShard {
    /// A session creation request.
    Create {
        body: Box<bosh::Body>,
        peer: Peer,
        /// What the client calls itself.
        agent: Option<Arc<str>>,
        request: RequestId,
        reply: oneshot::Sender<Answer>,
    },
    /// A request with a sid of this shard.
    Request {
        sid: Sid,
        body: Box<bosh::Body>,
        /// How long it was.
        bytes: usize,
        /// Where it came from.
        address: SocketAddr,
        request: RequestId,
        reply: oneshot::Sender<Answer>,
    },
    /// The connection of a request is gone before its answer.
    Closed { sid: Sid, request: RequestId },
    /// Another request has come behind one on its connection, where the answers are in order.
    Behind { sid: Sid, request: RequestId },
    /// For one XMPP session.
    Session(Slot, ToSession),
    /// How long has each session not been heard of?
    Silences(oneshot::Sender<Vec<(String, Duration)>>),
}

pub(crate) struct Shard {
    number: u8,
    context: Arc<Context>,
    sessions_max: usize,
    own: mpsc::Sender<ToShard>,
    entries: Slab<Entry>,
    generations: u16,
    wheel: Wheel<Place>,
    /// The last address from which too many came.
    crowded: Option<IpAddr>,
}

impl Shard {
    /// `sessions_max` is how many BOSH sessions it may hold.
    pub(crate) fn new(
        number: u8,
        context: Arc<Context>,
        sessions_max: usize,
        own: mpsc::Sender<ToShard>,
    ) -> Self {
        let wheel = Wheel::new(Instant::now());
        let (entries, generations, crowded) = (Slab::new(), 0, None);
        Self { number, context, sessions_max, own, entries, generations, wheel, crowded }
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
                let client = Client { transport: TRANSPORT, address: peer.address, agent };
                self.create(now, *body, (client, peer.encrypted), request, reply);
            }
            ToShard::Request { sid, mut body, bytes, address, request, reply } => {
                let Some(place) = self.find(&sid) else {
                    let _ = reply.send(self.context.dead_session(&sid.encode(), body.rid, address));
                    return;
                };
                self.say_own_domain(&mut body);
                let entry = &mut self.entries[place.index as usize];
                entry.remark_gap(now, &self.context);
                entry.waiting.push((request, reply));
                if body.rid.is_none() {
                    let fault = "the request has no readable rid";
                    tracing::warn!(peer = %address, fault, "http-bind: the client's request was refused");
                }
                entry.note_request(now, address, &body, bytes);
                self.mutate(now, place, |entry| entry.bosh.handle_request(now, *body, request));
            }
            ToShard::Closed { sid, request } => {
                if let Some(place) = self.find(&sid) {
                    let entry = &mut self.entries[place.index as usize];
                    entry.remark_cut(now, request, &self.context);
                    entry.waiting.retain(|(waiting, _)| *waiting != request);
                    entry.note_idle(now);
                    self.mutate(now, place, |entry| entry.bosh.handle_closed(now, request));
                }
            }
            ToShard::Behind { sid, request } => {
                if let Some(place) = self.find(&sid) {
                    self.mutate(now, place, |entry| entry.bosh.handle_behind(now, request));
                }
            }
            ToShard::Silences(reply) => {
                let silences = self.entries.iter().filter_map(|(_, entry)| entry.silence(now));
                let _ = reply.send(silences.collect());
            }
            ToShard::Session(Slot { place, stream }, message) => {
                if self.get(place).is_some() {
                    self.mutate(now, place, |entry| {
                        if let Some((session, mut transport)) = entry.stream(now, stream) {
                            session.handle_message(message, &mut transport);
                        }
                    });
                }
            }
        }
    }

    fn handle_tick(&mut self) {
        let now = Instant::now();
        let sign_in = self.context.config.limits.sign_in;
        for place in self.wheel.due(now) {
            let Some(entry) = self.get(place) else { continue };
            entry.scheduled = u64::MAX;
            let never_signed_in = !entry.is_signed_in() && now >= entry.bosh.created() + sign_in;
            self.mutate(now, place, |entry| {
                entry.handle_timeout(now);
                if never_signed_in {
                    let what = Bytes::from_static(SIGN_IN_TIMEOUT);
                    entry.bosh.terminate(now, Reason::SignInTimeout, Some(what));
                }
            });
        }
    }

    fn get(&mut self, place: Place) -> Option<&mut Entry> {
        self.entries.get_mut(place.index as usize).filter(|entry| entry.generation == place.generation)
    }

    fn find(&mut self, sid: &Sid) -> Option<Place> {
        let place = Place { index: sid.slot, generation: sid.generation };
        let found = self.get(place).is_some_and(|entry| entry.secret.matches(&sid.secret));
        found.then_some(place)
    }

    /// Whatever name of ours the client used, the answer has our domain.
    fn say_own_domain(&self, body: &mut bosh::Body) {
        if body.to.is_some() && domains::check(&self.context.config, body.to.as_deref()).is_ok() {
            body.to = Some(self.context.config.domain.clone());
        }
    }

    fn create(
        &mut self,
        now: Instant,
        mut body: bosh::Body,
        (client, encrypted): (Client, bool),
        request: RequestId,
        reply: oneshot::Sender<Answer>,
    ) {
        let signing_in = match self.one_more_from(client.address.ip(), body.version) {
            Ok(counted) => Some(counted),
            Err(refusal) => return drop(reply.send(refusal.answer())),
        };
        self.generations = self.generations.wrapping_add(1);
        let (generation, secret) = (self.generations, Secret::new());
        let vacant = self.entries.vacant_entry();
        let place = Place { index: vacant.key() as u32, generation };
        let sid = Sid { shard: self.number, slot: place.index, generation, secret }.encode();
        let mark = Mark::of_sid(&sid);
        let obstacle = self.obstacle(&body);
        body.to = Some(self.context.config.domain.clone());
        let lang = body.lang.clone();
        let create = || bosh::Session::create(now, body, sid, &self.context.config.bosh, true, request);
        let bosh = match obstacle.map_or_else(create, Err) {
            Ok(bosh) => bosh,
            Err(refusal) => {
                tracing::warn!(peer = %client.address, %refusal, "http-bind: the client's first request starts no session");
                self.context.metrics.fault(refusal.condition.as_str());
                let _ = reply.send(refusal.answer());
                return;
            }
        };
        let stream = StreamId::FIRST;
        let mut visit = Visit::new(now, mark, client, self.context.config.limits.recorded_max);
        visit.recorder.note(now, false, Some(bosh.last_rid()), Passing::Create, 0);
        let session = self.session(Slot { place, stream }, visit, encrypted);
        let (streams, waiting) = (vec![(stream, session)], vec![(request, reply)]);
        let scheduled = u64::MAX;
        let entry = Entry { generation, secret, bosh, signing_in, encrypted, streams, waiting, scheduled };
        self.entries.insert(entry);
        self.mutate(now, place, |entry| {
            if let Some((session, mut transport)) = entry.stream(now, stream) {
                session.handle_open(lang, &mut transport);
            }
        });
    }

    /// A place among those from this address that have not signed in.
    fn one_more_from(&mut self, address: IpAddr, version: Option<Version>) -> Result<Counted, Refusal> {
        self.context.signing_in.take(address).map_err(|sessions| {
            let why = "limits.bosh_sign_ins_per_address_max sessions of its address have not signed in";
            let refusal = Refusal { condition: Condition::PolicyViolation, why, version };
            self.context.metrics.refused("bosh_sign_ins_per_address_max");
            self.context.metrics.fault(refusal.condition.as_str());
            // told once in a row, or the log is the next thing to be flooded
            let origin = listen::origin(address);
            if self.crowded.replace(origin) != Some(origin) {
                tracing::warn!(peer = %address, sessions, %refusal, "http-bind: too many sessions of one address: more are refused until some have signed in");
            }
            refusal
        })
    }

    /// Why a session may not even begin (XEP-0124 §17.2).
    fn obstacle(&self, body: &bosh::Body) -> Option<Refusal> {
        let config = &self.context.config;
        let refusal = |condition, why| Some(Refusal { condition, why, version: body.version });
        if self.entries.len() >= self.sessions_max {
            self.context.metrics.refused("bosh_sessions_max");
            return refusal(
                Condition::InternalServerError,
                "there are limits.bosh_sessions_max sessions already",
            );
        }
        if let Err(misdirected) = domains::check(config, body.to.as_deref()) {
            let condition = misdirected.reason().condition().unwrap_or(Condition::HostUnknown);
            return refusal(condition, misdirected.why());
        }
        let elsewhere = |route: &str| !domains::is_route_to(&config.domain, route);
        if config.refuse_routes && body.route.as_deref().is_some_and(elsewhere) {
            return refusal(
                Condition::RemoteConnectionFailed,
                "the client names a route to another server, which bosh.refuse_routes forbids",
            );
        }
        None
    }

    /// An XMPP session for a stream that was opened.
    fn session(&self, slot: Slot, visit: Visit, encrypted: bool) -> Session {
        self.context.metrics.opened(TRANSPORT);
        let outlet = Outlet::Shard { shard: self.own.clone(), slot };
        let mut session =
            Session::new(self.context.clone(), Features::Sasl, outlet, self.context.key(), visit);
        if encrypted {
            // requests come over many connections; what they have in common is the certificate
            let tls_server_end_point = self.context.config.tls_server_end_point.clone();
            session.set_bindings(ChannelBindings { tls_server_end_point, tls_exporter: None });
        }
        session
    }

    /// One mutation, then everything that comes of it.
    fn mutate(&mut self, now: Instant, place: Place, change: impl FnOnce(&mut Entry)) {
        let index = place.index as usize;
        change(&mut self.entries[index]);
        while let Some(output) = self.entries[index].bosh.poll_output() {
            let entry = &mut self.entries[index];
            match output {
                Output::Deliver { stream, stanza } => {
                    if let Some((session, mut transport)) = entry.stream(now, stream) {
                        session.handle_element(stanza, &mut transport);
                    }
                }
                Output::Restart { stream, to, lang } => {
                    if let Err(misdirected) = domains::check(&self.context.config, to.as_deref()) {
                        entry.bosh.close(now, stream, misdirected.reason(), None);
                    } else if let Some((session, mut transport)) = entry.stream(now, stream) {
                        session.handle_open(lang, &mut transport);
                    }
                }
                Output::Open { stream, to, lang, .. } => {
                    match domains::check(&self.context.config, Some(&to)) {
                        Ok(()) => self.open_stream(now, Slot { place, stream }, lang),
                        Err(misdirected) => entry.bosh.close(now, stream, misdirected.reason(), None),
                    }
                }
                Output::Closed { stream, reason } => self.close_stream(now, Slot { place, stream }, reason),
                Output::Respond { request, answer } => {
                    entry.note_idle(now);
                    let bytes = answer.segments.iter().map(Bytes::len).sum();
                    entry.record(now, true, None, Passing::Answer, bytes);
                    if let Some(at) = entry.waiting.iter().position(|(waiting, _)| *waiting == request) {
                        // the connection may be gone; the answer is kept for the repeat
                        let _ = entry.waiting.swap_remove(at).1.send(answer);
                    }
                }
                Output::Ended(reason) => return self.end(now, place, reason),
            }
        }
        let entry = &mut self.entries[index];
        if entry.signing_in.is_some() && entry.is_signed_in() {
            entry.signing_in = None;
        }
        entry.remark_backlog(&self.context);
        let tick = entry.poll_timeout().map(|deadline| self.wheel.tick_of(deadline));
        if let Some(tick) = tick.filter(|tick| *tick < entry.scheduled) {
            entry.scheduled = tick;
            self.wheel.schedule(place, tick);
        }
    }

    /// The client opens another stream in its session.
    fn open_stream(&mut self, now: Instant, slot: Slot, lang: Option<String>) {
        let entry = &self.entries[slot.place.index as usize];
        let Some((_, other)) = entry.streams.first() else { return };
        let mark = Mark::of_sid(&entry.bosh.stream_name(slot.stream));
        let recorded_max = self.context.config.limits.recorded_max;
        let visit = Visit::new(now, mark, other.visit.client.clone(), recorded_max);
        let session = self.session(slot, visit, entry.encrypted);
        let entry = &mut self.entries[slot.place.index as usize];
        entry.streams.push((slot.stream, session));
        if let Some((session, mut transport)) = entry.stream(now, slot.stream) {
            session.handle_open(lang, &mut transport);
        }
    }

    /// A stream is over, and its session goes on with others.
    fn close_stream(&mut self, now: Instant, slot: Slot, reason: Reason) {
        let entry = &mut self.entries[slot.place.index as usize];
        let Some(at) = entry.streams.iter().position(|(own, _)| *own == slot.stream) else { return };
        let (_, mut session) = entry.streams.remove(at);
        session.visit.last_seen = entry.bosh.last_seen();
        self.note_ended(now, &session, reason, Polls::default());
    }

    fn end(&mut self, now: Instant, place: Place, reason: Reason) {
        let entry = self.entries.remove(place.index as usize);
        if let Some(condition) = reason.condition() {
            self.context.metrics.fault(condition.as_str());
        }
        let mut farewell = entry.bosh.farewell();
        if entry.streams.iter().all(|(stream, _)| *stream != StreamId::FIRST) {
            let (mark, at) = (Mark::of_sid(entry.bosh.sid()), SystemTime::now());
            let last_rid = Some(entry.bosh.last_rid());
            self.context.bury(Grave { mark, at, reason: reason.as_str().into(), last_rid }, farewell.take());
        }
        for (_, mut session) in entry.streams {
            let idle = now.saturating_duration_since(session.visit.idle_since);
            let polls = Polls {
                idle: (reason == Reason::Inactivity).then_some(idle),
                longest_gap: Some(entry.bosh.longest_gap()),
                last_rid: Some(entry.bosh.last_rid()),
                farewell: farewell.take(),
            };
            session.visit.last_seen = entry.bosh.last_seen();
            self.note_ended(now, &session, reason, polls);
        }
    }

    fn note_ended(&self, now: Instant, session: &Session, reason: Reason, polls: Polls) {
        session.handle_ended();
        self.context.metrics.closed(TRANSPORT, reason);
        let user = session.jid().map_or_else(|| "nobody".to_owned(), ToString::to_string);
        let peer = session.visit.client.address;
        let silent = now.saturating_duration_since(session.visit.last_seen);
        let longest_gap = polls.longest_gap.unwrap_or_default();
        tracing::info!(%user, %peer, %reason, ?longest_gap, ?silent, "a BOSH session ended");
        session.note_ended(reason, None, polls);
    }
}

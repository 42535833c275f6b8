//! One BOSH session of a shard, with its streams.

use crate::limits::{GAP_NEAR_LIMIT, PENDING_WITH_RELAYS_MAX};
use crate::outlet::Ending;
use crate::recorder::Passing;
use crate::service::Context;
use crate::session::{Session, Transport};
use crate::sid::Secret;
use crate::story::Sign;
use bosh::{Answer, Reason, RequestId, StreamId};
use listen::Counted;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

pub(super) struct Entry {
    pub(super) generation: u16,
    pub(super) secret: Secret,
    pub(super) bosh: bosh::Session,
    /// Its place among those that have not signed in.
    pub(super) signing_in: Option<Counted>,
    /// Whether it was created over TLS.
    pub(super) encrypted: bool,
    pub(super) streams: Vec<(StreamId, Session)>,
    pub(super) waiting: Vec<(RequestId, oneshot::Sender<Answer>)>,
    /// The earliest tick at which the wheel will bring this entry up.
    pub(super) scheduled: u64,
}

impl Entry {
    /// Whether somebody has an address.
    pub(super) fn is_signed_in(&self) -> bool {
        self.streams.iter().any(|(_, session)| session.jid().is_some())
    }

    /// The XMPP session of a stream, and its transport.
    pub(super) fn stream(&mut self, now: Instant, stream: StreamId) -> Option<(&mut Session, Bosh<'_>)> {
        let (_, session) = self.streams.iter_mut().find(|(own, _)| *own == stream)?;
        Some((session, Bosh { now, stream, bosh: &mut self.bosh }))
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let sessions = self.streams.iter().filter_map(|(_, session)| session.poll_timeout());
        self.bosh.poll_timeout().into_iter().chain(sessions).min()
    }

    /// A deadline has passed. Early calls change nothing.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        self.bosh.handle_timeout(now);
        for (stream, session) in &mut self.streams {
            session.handle_timeout(&mut Bosh { now, stream: *stream, bosh: &mut self.bosh });
        }
    }

    /// No request may be open from now on.
    pub(super) fn note_idle(&mut self, now: Instant) {
        self.streams.iter_mut().for_each(|(_, session)| session.visit.idle_since = now);
    }

    /// The recorder of the first stream keeps what all of them share.
    pub(super) fn record(
        &mut self,
        now: Instant,
        to_client: bool,
        rid: Option<u64>,
        what: Passing,
        bytes: usize,
    ) {
        if let Some((_, session)) = self.streams.first_mut() {
            session.visit.recorder.note(now, to_client, rid, what, bytes);
        }
    }

    /// More waits for the client than should.
    pub(super) fn remark_backlog(&mut self, context: &Context) {
        let waiting = (self.bosh.pending(), context.config.bosh.pending_stanzas_max);
        if let Some((_, session)) = self.streams.first_mut() {
            session.note_waiting(waiting);
        }
    }

    /// Whose session it is, and how long it has not been heard of.
    pub(super) fn silence(&self, now: Instant) -> Option<(String, Duration)> {
        let jid = self.streams.iter().find_map(|(_, session)| session.jid())?;
        Some((jid.to_string(), now.saturating_duration_since(self.bosh.last_seen())))
    }

    /// The client let almost too much time pass without a request.
    pub(super) fn remark_gap(&mut self, now: Instant, context: &Context) {
        let Some((_, session)) = self.streams.first_mut().filter(|_| self.waiting.is_empty()) else { return };
        let silent = now.saturating_duration_since(session.visit.idle_since);
        let limit = Duration::from_secs(context.config.bosh.inactivity_secs.into());
        if silent >= limit.mul_f64(GAP_NEAR_LIMIT) {
            context.metrics.late_polls.inc();
            session.remark(now, Sign::Gap { silent });
        }
    }

    /// The connection of a request ended before its answer.
    pub(super) fn remark_cut(&mut self, now: Instant, request: RequestId, context: &Context) {
        if !self.waiting.iter().any(|(waiting, _)| *waiting == request) {
            return;
        }
        context.metrics.cut_polls.inc();
        let held = now.saturating_duration_since(self.bosh.last_seen());
        self.record(now, false, None, Passing::Cut, 0);
        if let Some((_, session)) = self.streams.first_mut() {
            session.remark(now, Sign::Cut { held });
        }
    }

    /// A request came, perhaps from another address than those before.
    pub(super) fn note_request(
        &mut self,
        now: Instant,
        address: SocketAddr,
        body: &bosh::Body,
        bytes: usize,
    ) {
        self.note_idle(now);
        let is_repeat = body.rid.is_some_and(|rid| rid <= self.bosh.last_rid());
        self.record(now, false, body.rid, Passing::of(body, is_repeat), bytes);
        for (_, session) in &mut self.streams {
            session.visit.client.address = address;
            session.visit.counts.requests += 1;
            session.visit.counts.repeats += u32::from(is_repeat);
        }
    }
}

/// One stream of a BOSH session as a session's transport.
pub(super) struct Bosh<'a> {
    now: Instant,
    stream: StreamId,
    bosh: &'a mut bosh::Session,
}

impl Transport for Bosh<'_> {
    fn send(&mut self, stanza: bosh::Stanza) {
        self.bosh.send_to(self.now, self.stream, stanza);
    }

    fn has_room(&self) -> bool {
        self.bosh.pending() < PENDING_WITH_RELAYS_MAX
    }

    fn end(&mut self, ending: Ending) {
        // BOSH has a word of its own for a server that stops, which clients act on (XEP-0124 §17.2)
        let error = ending.error.filter(|_| ending.reason != Reason::Shutdown);
        let payload = error.map(xmpp::StreamError::to_bytes);
        self.bosh.close(self.now, self.stream, ending.reason, payload);
    }
}

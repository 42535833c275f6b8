//! What a session leaves in the books, collected while it lasts.

use crate::graveyard::Grave;
use crate::limits::{PROBES_APART, PROBES_AT_ONCE, REMARKS_APART};
use crate::recorder::{Passing, Recorder};
use crate::service::Context;
use crate::story::{Client, Counts, Mark, Opened, Refused, Remark, Sign, Story, Tombstone, wall};
use bosh::{Answer, Reason};
use std::time::{Duration, Instant, SystemTime};
use xml::printable;
use xmpp::FullJid;
use xmpp::payload::Probe;

/// Characters of a name that a stranger typed.
const NAME_CHARS_MAX: usize = 64;

/// One session, for the books.
pub(crate) struct Visit {
    pub(crate) client: Client,
    pub(crate) counts: Counts,
    /// Of the stream error that ends it.
    pub(crate) condition: Option<&'static str>,
    mark: Mark,
    opened: Instant,
    /// When something was remarked.
    remarked: Option<Instant>,
    probes: Probes,
    pub(crate) recorder: Recorder,
    /// When the client was last heard of.
    pub(crate) last_seen: Instant,
    /// BOSH: since when no request may have been open.
    pub(crate) idle_since: Instant,
}

/// How many probes may come, until more may.
struct Probes {
    until: Instant,
    left: u8,
}

/// What only BOSH knows of a session's end.
#[derive(Default)]
pub(crate) struct Polls {
    pub(crate) idle: Option<Duration>,
    pub(crate) longest_gap: Option<Duration>,
    pub(crate) last_rid: Option<u64>,
    /// What a late request is told.
    pub(crate) farewell: Option<Answer>,
}

impl Visit {
    /// `recorded_max`: how much of the traffic is kept.
    pub(crate) fn new(now: Instant, mark: Mark, client: Client, recorded_max: usize) -> Self {
        let counts = Counts::default();
        let (remarked, probes) = (None, Probes { until: now, left: PROBES_AT_ONCE });
        Self {
            client,
            counts,
            condition: None,
            mark,
            opened: now,
            remarked,
            probes,
            recorder: Recorder::new(now, recorded_max),
            last_seen: now,
            idle_since: now,
        }
    }

    /// Something came from a client that is not on BOSH.
    pub(crate) fn note_heard(&mut self, bytes: usize) {
        self.last_seen = Instant::now();
        self.counts.requests += 1;
        self.recorder.note(self.last_seen, false, None, Passing::Stanza, bytes);
    }

    /// The user has an address now.
    pub(crate) fn note_opened(&self, context: &Context, jid: &FullJid) {
        context.tell(Story::Opened(Opened {
            at: SystemTime::now(),
            mark: self.mark,
            user: jid.node().map_or("", |node| node.as_str()).to_owned(),
            resource: jid.resource().as_str().to_owned(),
            client: self.client.clone(),
        }));
    }

    /// Something was seen that may explain the end. Strangers are not worth it, nor is the same again at once.
    pub(crate) fn remark(&mut self, now: Instant, context: &Context, jid: Option<&FullJid>, sign: Sign) {
        let is_due = self.remarked.is_none_or(|last| now.saturating_duration_since(last) >= REMARKS_APART);
        if jid.is_some() && is_due {
            self.remarked = Some(now);
            self.tell(context, jid, sign);
        }
    }

    /// Whether another probe is taken now.
    pub(crate) fn note_probe(&mut self, context: &Context, jid: Option<&FullJid>, probe: Box<Probe>) -> bool {
        let now = Instant::now();
        if now >= self.probes.until + PROBES_APART {
            self.probes = Probes { until: now, left: self.probes.left.max(1) };
        }
        let Some(left) = self.probes.left.checked_sub(1) else { return false };
        self.probes.left = left;
        self.tell(context, jid, Sign::Probe(probe));
        true
    }

    fn tell(&self, context: &Context, jid: Option<&FullJid>, sign: Sign) {
        context.tell(Story::Remarked(Remark {
            at: SystemTime::now(),
            mark: self.mark,
            user: jid.and_then(|jid| jid.node()).map(|node| node.as_str().to_owned()),
            address: Some(self.client.address),
            sign,
        }));
    }

    /// The session is over.
    pub(crate) fn note_ended(
        &self,
        context: &Context,
        jid: Option<&FullJid>,
        reason: Reason,
        condition: Option<&'static str>,
        polls: Polls,
    ) {
        let (at, now) = (SystemTime::now(), Instant::now());
        let Polls { idle, longest_gap, last_rid, farewell } = polls;
        if last_rid.is_some() {
            context.bury(Grave { mark: self.mark, at, reason: reason.as_str().into(), last_rid }, farewell);
        }
        context.tell(Story::Ended(Tombstone {
            at,
            mark: self.mark,
            user: jid.and_then(|jid| jid.node()).map(|node| node.as_str().to_owned()),
            resource: jid.map(|jid| jid.resource().as_str().to_owned()),
            client: self.client.clone(),
            reason,
            condition: condition.or(self.condition),
            opened: wall(at, now, self.opened),
            last_seen: wall(at, now, self.last_seen),
            idle,
            longest_gap,
            last_rid,
            counts: self.counts,
            traffic: if is_wished(reason) { Vec::new() } else { self.recorder.all(now) },
        }));
    }
}

/// Ends that nobody asks about. That of the server is not worth every session's traffic either.
fn is_wished(reason: Reason) -> bool {
    matches!(reason, Reason::ClientTerminate | Reason::Shutdown)
}

/// Somebody was not let in.
pub(crate) fn note_refused(context: &Context, client: &Client, name: &str, why: String) {
    let name = printable(name, NAME_CHARS_MAX);
    context.tell(Story::Refused(Refused { at: SystemTime::now(), name, client: client.clone(), why }));
}

//! An event on its way to everyone who is subscribed. It is written once; the heads of its subscribers are written a slice
//! at a time, so that an event for everyone costs no more at once than a slice of it.

use super::interests::{self, Interests};
use crate::delivery::{Delivery, Heads, Ids, Reach};
use crate::event::{self, Number};
use crate::log::Life;
use crate::node::{Entry, Node, Subscriber};
use crate::{Policy, Shows};
use bytes::Bytes;
use jid::{BareJid, FullJid, Jid};
use std::ops::Bound::{Excluded, Unbounded};

/// Who may hear of an event.
pub(super) struct Audience<'a> {
    pub(super) node: &'a Node,
    pub(super) interests: &'a Interests,
    pub(super) policy: &'a dyn Policy,
}

/// One event of a node. It goes to those who were subscribed when it happened and are so still, and to those who tell their
/// interest by then.
pub(super) struct Broadcast {
    name: String,
    life: Life,
    sequence: u64,
    tail: Bytes,
    /// The epoch of its number, and the tail with both.
    numbered: Option<(String, Bytes)>,
    heads: Heads,
    present_only: bool,
    /// Whether an address is told by which of several subscriptions it hears.
    tells_subids: bool,
    next: Next,
    left: usize,
}

/// Who comes next.
enum Next {
    /// The subscribers behind this one.
    Subscriber(Option<BareJid>),
    /// After all of them those who have told their interest, behind this one.
    Interested(Option<FullJid>),
}

impl Broadcast {
    /// The latest event of a node; with an epoch its number goes to those who have asked for numbers.
    pub(super) fn new(
        service: &str,
        name: &str,
        audience: &Audience<'_>,
        tail: Bytes,
        epoch: Option<String>,
    ) -> Self {
        let Audience { node, interests, .. } = audience;
        let (configuration, sequence) = (node.configuration(), node.sequence);
        let numbered = epoch.map(|epoch| {
            let number = Number { epoch: &epoch, sequence, is_snapshot: false };
            let numbered = event::numbered(&tail, number);
            (epoch, numbered)
        });
        Self {
            name: name.to_owned(),
            life: node.life,
            sequence,
            tail,
            numbered,
            heads: Heads::new(service, name, configuration.notification_type),
            present_only: configuration.presence_based_delivery,
            // COMPAT(finesse): messages of the product's nodes are always the same
            tells_subids: node.made.is_some(),
            next: Next::Subscriber(None),
            left: node.subscribers.len() + interests.in_node(name).count(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn life(&self) -> Life {
        self.life
    }

    /// How many are still to be looked at, as far as was known at the beginning; one at least as long as there may be more.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Writes it for those who come next, `room` of them at most; false when there are no more.
    pub(super) fn go_on(
        &mut self,
        audience: &Audience<'_>,
        ids: &mut Ids,
        room: usize,
        out: &mut Vec<Delivery>,
    ) -> bool {
        let mut seen = 0;
        if let Next::Subscriber(behind) = &self.next {
            let from = behind.as_ref().map_or(Unbounded, Excluded);
            let subscribers = audience.node.subscribers.range::<BareJid, _>((from, Unbounded));
            let mut last = None;
            for (user, subscriber) in subscribers.take(room) {
                self.write(user, subscriber, ids, out);
                (last, seen) = (Some(user), seen + 1);
            }
            let is_over = seen < room;
            self.next = if is_over { Next::Interested(None) } else { Next::Subscriber(last.cloned()) };
        }
        if seen < room
            && let Next::Interested(behind) = &self.next
        {
            let mut last = None;
            for resource in audience.interests.in_node_behind(&self.name, behind.as_ref()).take(room - seen) {
                self.write_for_interested(audience, resource, ids, out);
                (last, seen) = (Some(resource), seen + 1);
            }
            if last.is_some() {
                self.next = Next::Interested(last.cloned());
            }
        }
        let has_more = seen == room;
        // those who came meanwhile are looked at, too
        self.left = if has_more { self.left.saturating_sub(seen).max(1) } else { 0 };
        has_more
    }

    /// A delivery for each address of a subscriber. A resource that is subscribed by itself and through the bare JID gets
    /// it once, as XEP-0060 leaves open and every client expects.
    fn write(&self, user: &BareJid, subscriber: &Subscriber, ids: &mut Ids, out: &mut Vec<Delivery>) {
        let hears = |entry: &&Entry| entry.delivers() && entry.since < self.sequence;
        if let (Some(only), []) | (None, [only]) = (&subscriber.default, &subscriber.explicit[..]) {
            if hears(&only) {
                out.push(self.delivery(only, user, only.shows, self.tails(), ids));
            }
            return;
        }
        for same in receivers(subscriber, hears) {
            let shows = same.iter().map(|entry| entry.shows).reduce(|a, b| a.or(b)).unwrap_or_default();
            let tails =
                if same.len() > 1 && self.tells_subids { self.with_subids(&same) } else { self.tails() };
            out.push(self.delivery(same[0], user, shows, tails, ids));
        }
    }

    fn write_for_interested(
        &self,
        audience: &Audience<'_>,
        to: &FullJid,
        ids: &mut Ids,
        out: &mut Vec<Delivery>,
    ) {
        if interests::is_interested(audience.policy, &self.name, audience.node, to) {
            let (to, bare) = (Jid::from(to.clone()), to.to_bare());
            let head = self.heads.head(ids, &to, &bare);
            let reach = Reach { present_only: true, shows: Shows::default() };
            out.push(Delivery { to, head, tail: self.tail.clone(), numbered: None, reach, life: self.life });
        }
    }

    fn delivery(
        &self,
        entry: &Entry,
        user: &BareJid,
        shows: Shows,
        (tail, numbered): (Bytes, Option<Bytes>),
        ids: &mut Ids,
    ) -> Delivery {
        let (to, head) = (entry.jid.clone(), self.heads.head(ids, &entry.jid, user));
        let reach = Reach { present_only: self.present_only, shows };
        Delivery { to, head, tail, numbered, reach, life: self.life }
    }

    /// What everyone gets, without and with the number.
    fn tails(&self) -> (Bytes, Option<Bytes>) {
        (self.tail.clone(), self.numbered.as_ref().map(|(_, numbered)| numbered.clone()))
    }

    /// The same for an address with several subscriptions (§6.1.6).
    fn with_subids(&self, same: &[&Entry]) -> (Bytes, Option<Bytes>) {
        let with = |number| {
            let subids = same.iter().map(|entry| entry.subid.as_str());
            event::with_headers(&self.tail, subids, number)
        };
        let number = |epoch| Number { epoch, sequence: self.sequence, is_snapshot: false };
        (with(None), self.numbered.as_ref().map(|(epoch, _)| with(Some(number(epoch)))))
    }
}

/// The subscriptions by which a subscriber gets an event, those of one address together.
fn receivers(subscriber: &Subscriber, hears: impl Fn(&&Entry) -> bool) -> Vec<Vec<&Entry>> {
    let hearing: Vec<&Entry> = subscriber.all().filter(hears).collect();
    let by_bare_jid = hearing.iter().any(|entry| entry.jid.is_bare());
    let mut receivers: Vec<Vec<&Entry>> = Vec::new();
    for entry in hearing.into_iter().filter(|entry| entry.jid.is_bare() || !by_bare_jid) {
        match receivers.iter_mut().find(|same| same[0].jid == entry.jid) {
            Some(same) => same.push(entry),
            None => receivers.push(vec![entry]),
        }
    }
    receivers
}

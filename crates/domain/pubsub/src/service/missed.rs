//! Numbered events, and what a subscriber has missed of them.

use super::{Position, Service};
use crate::configuration::NotificationType;
use crate::delivery::{Delivery, Heads, Reach};
use crate::event::{self, Number};
use crate::limits::MISSED_EVENTS_MAX;
use crate::log::Event;
use bytes::Bytes;
use jid::{BareJid, FullJid, Jid};
use jiff::Timestamp;
use std::collections::BTreeSet;
use xmpp::payload::{Known, NodeNumber, NumbersAnswer, NumbersRequest};

impl Service {
    /// A resource wants numbers with its events from now on, and what it has missed since those that it names.
    ///
    /// The deliveries are for this resource, now and before the answer: whatever is published later comes later, and
    /// what waits to be delivered has no higher number than the answer says. So nothing falls between them; a number
    /// that the resource has already may come again.
    pub fn handle_numbers(
        &mut self,
        now: Timestamp,
        resource: &FullJid,
        request: NumbersRequest,
    ) -> (Vec<Delivery>, NumbersAnswer) {
        self.clock = now;
        self.is_followed = true;
        let user = resource.to_bare();
        let (mut tails, mut nodes) = (Vec::new(), Vec::new());
        let mut named = BTreeSet::new();
        for known in request.nodes {
            nodes.push(self.missed(resource, &known, &mut tails));
            named.insert(known.node);
        }
        let subscribed = self.users.get(&user).map(|known| known.subscribed()).unwrap_or_default();
        for node in subscribed.into_iter().filter(|node| !named.contains(*node)) {
            if let Some(last) = self.last(&user, node) {
                nodes.push(NodeNumber { last: Some(last), ..number_of(node) });
            }
        }
        let deliveries = tails.into_iter().map(|(node, tail)| self.only_for(resource, &node, tail)).collect();
        (deliveries, NumbersAnswer { nodes })
    }

    /// Epoch and number of a node's latest event, for whoever is subscribed.
    fn last(&self, user: &BareJid, node: &str) -> Option<(String, u64)> {
        let node = self.nodes.get(node).filter(|node| node.is_subscribed(user))?;
        Some((self.ids.epoch(node.life), node.sequence))
    }

    fn missed(&self, resource: &FullJid, known: &Known, tails: &mut Vec<(String, Bytes)>) -> NodeNumber {
        let node = &known.node;
        let Some((epoch, last)) = self.last(&resource.to_bare(), node) else { return number_of(node) };
        let here = NodeNumber { last: Some((epoch.clone(), last)), ..number_of(node) };
        let seen = Position { epoch: known.epoch.clone(), sequence: known.after };
        let Ok(missed) = self.events_since(&Jid::from(resource.clone()), node, &seen) else {
            return number_of(node);
        };
        let Ok(missed) = missed else {
            let number = Number { epoch: &epoch, sequence: last, is_snapshot: true };
            let snapshot = self.snapshot(node, number);
            let (is_there, has_room) = (snapshot.is_some(), tails.len() < MISSED_EVENTS_MAX);
            tails.extend(snapshot.filter(|_| has_room).map(|tail| (node.to_owned(), tail)));
            let (snapshot, again) = (is_there && has_room, is_there && !has_room);
            return NodeNumber { recovered: Some(false), snapshot, again, ..here };
        };
        if tails.len() + missed.len() > MISSED_EVENTS_MAX {
            return NodeNumber { again: true, ..here };
        }
        let numbered = |event: &Event| {
            let number = Number { epoch: &epoch, sequence: event.sequence, is_snapshot: false };
            event::numbered(&self.again(event), number)
        };
        tails.extend(missed.iter().map(|event| (node.to_owned(), numbered(event))));
        NodeNumber { recovered: Some(true), ..here }
    }

    /// An event that was delivered before.
    fn again(&self, event: &Event) -> Bytes {
        event::delayed(&event.tail, &self.address, event.at)
    }

    /// The item that the node has kept last, as what is true after the event of this number.
    fn snapshot(&self, name: &str, number: Number<'_>) -> Option<Bytes> {
        let node = self.nodes.get(name)?;
        let item = node.made.as_ref()?.items.last()?;
        let payload: &[u8] = if node.configuration().deliver_payloads { &item.payload } else { b"" };
        let tail = event::published(name, Some(&item.id), payload);
        let tail = event::delayed(&tail, &self.address, item.published);
        Some(event::numbered(&tail, number))
    }

    fn only_for(&mut self, resource: &FullJid, node: &str, tail: Bytes) -> Delivery {
        let to = Jid::from(resource.clone());
        let type_ = self
            .nodes
            .get(node)
            .map_or(NotificationType::Normal, |node| node.configuration().notification_type);
        let head = Heads::new(&self.address, node, type_, &mut self.ids).head(&to, &to.to_bare());
        let reach = Reach { present_only: false, shows: crate::Shows::default() };
        let life = self.nodes.get(node).map(|node| node.life).unwrap_or_default();
        Delivery { to, head, tail, numbered: None, reach, life }
    }

    /// What is kept of a node's events since a time, to a resource that has become available (XEP-0312). Whether there
    /// was any.
    pub(super) fn send_since(
        &mut self,
        node: &str,
        resource: &FullJid,
        since: Timestamp,
        room: &mut usize,
    ) -> bool {
        let Some(life) = self.nodes.get(node).map(|node| node.life) else { return false };
        let events = self.log.since_time(life, since).take(*room);
        let events: Vec<Bytes> = events.map(|event| self.again(event)).collect();
        *room -= events.len();
        let deliveries: Vec<Delivery> =
            events.into_iter().map(|tail| self.only_for(resource, node, tail)).collect();
        let any = !deliveries.is_empty();
        self.deliveries.extend(deliveries);
        any
    }
}

/// Nothing is known of this node.
fn number_of(node: &str) -> NodeNumber {
    NodeNumber { node: node.to_owned(), last: None, recovered: None, snapshot: false, again: false }
}

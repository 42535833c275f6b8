//! Numbered events, and what a subscriber has missed of them.

use super::waves::Wave;
use super::{Position, Service};
use crate::States;
use crate::configuration::NotificationType;
use crate::delivery::{Delivery, Heads, Reach};
use crate::event::{self, Number};
use crate::limits::MISSED_EVENTS_MAX;
use crate::log::{Event, Lost};
use bytes::Bytes;
use jid::{BareJid, FullJid, Jid};
use jiff::Timestamp;
use std::collections::BTreeSet;
use xmpp::StanzaError;
use xmpp::payload::{Known, NodeNumber, NumbersAnswer, NumbersRequest};

/// Nobody has asked the node's publisher for its state.
struct NotAsked;

impl Service {
    /// The product's nodes of which a resource cannot be sent what it missed: it needs their state instead, which only
    /// their publisher knows. To be asked before [`handle_numbers`](Self::handle_numbers).
    pub fn lost_states(&self, resource: &FullJid, request: &NumbersRequest) -> Vec<String> {
        let is_lost = |known: &&Known| {
            let is_of_the_product = self.nodes.get(&known.node).is_some_and(|node| node.made.is_none());
            let here = self.last(&resource.to_bare(), &known.node).filter(|_| is_of_the_product);
            here.is_some() && self.since(resource, known).is_ok_and(|missed| missed.is_err())
        };
        request.nodes.iter().filter(is_lost).map(|known| known.node.clone()).collect()
    }

    /// A resource wants numbers with its events from now on, and what it has missed since those that it names.
    ///
    /// `states` are those of the nodes that [`lost_states`](Self::lost_states) named: as they are after every event that
    /// was published until now, and before any that will be. A node that has been lost only since then is to be asked
    /// for again.
    ///
    /// The deliveries are for this resource, now and before the answer: whatever is published later comes later, and
    /// what waits to be delivered has no higher number than the answer says. So nothing falls between them; a number
    /// that the resource has already may come again.
    pub fn handle_numbers(
        &mut self,
        now: Timestamp,
        resource: &FullJid,
        request: NumbersRequest,
        states: &States,
    ) -> (Vec<Delivery>, NumbersAnswer) {
        self.clock = now;
        self.is_followed = true;
        let user = resource.to_bare();
        let (mut tails, mut nodes) = (Vec::new(), Vec::new());
        let mut named = BTreeSet::new();
        for known in request.nodes {
            nodes.push(self.missed(resource, &known, states, &mut tails));
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

    fn since(&self, resource: &FullJid, known: &Known) -> Result<Result<Vec<Event>, Lost>, StanzaError> {
        let seen = Position { epoch: known.epoch.clone(), sequence: known.after };
        self.events_since(&Jid::from(resource.clone()), &known.node, &seen)
    }

    fn missed(
        &mut self,
        resource: &FullJid,
        known: &Known,
        states: &States,
        tails: &mut Vec<(String, Bytes)>,
    ) -> NodeNumber {
        let node = &known.node;
        let Some((epoch, last)) = self.last(&resource.to_bare(), node) else { return number_of(node) };
        let here = NodeNumber { last: Some((epoch.clone(), last)), ..number_of(node) };
        let Ok(missed) = self.since(resource, known) else { return number_of(node) };
        let Ok(missed) = missed else {
            let number = Number { epoch: &epoch, sequence: last, is_snapshot: true };
            let here = NodeNumber { recovered: Some(false), ..here };
            let Ok(snapshot) = self.snapshot(node, states, number) else {
                return NodeNumber { again: true, ..here };
            };
            let (is_there, has_room) = (snapshot.is_some(), tails.len() < MISSED_EVENTS_MAX);
            tails.extend(snapshot.filter(|_| has_room).map(|tail| (node.to_owned(), tail)));
            let (snapshot, again) = (is_there && has_room, is_there && !has_room);
            return NodeNumber { snapshot, again, ..here };
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

    /// What is true after the event of this number: the item that the node has kept last, or what the publisher says of
    /// a node of the product; `None` when there is nothing to say.
    ///
    /// # Errors
    /// The publisher has not been asked.
    fn snapshot(
        &mut self,
        name: &str,
        states: &States,
        number: Number<'_>,
    ) -> Result<Option<Bytes>, NotAsked> {
        let Some(node) = self.nodes.get(name) else { return Ok(None) };
        let Some(made) = &node.made else {
            let state = states.get(name).ok_or(NotAsked)?;
            return Ok(state.as_ref().map(|payload| {
                let id = self.ids.item();
                event::numbered(&event::published(name, Some(&id), payload), number)
            }));
        };
        let Some(item) = made.items.last() else { return Ok(None) };
        let payload: &[u8] = if made.configuration.deliver_payloads { &item.payload } else { b"" };
        let tail = event::published(name, Some(&item.id), payload);
        let tail = event::delayed(&tail, &self.address, item.published);
        Ok(Some(event::numbered(&tail, number)))
    }

    fn only_for(&mut self, resource: &FullJid, node: &str, tail: Bytes) -> Delivery {
        let to = Jid::from(resource.clone());
        let type_ = self
            .nodes
            .get(node)
            .map_or(NotificationType::Normal, |node| node.configuration().notification_type);
        let head = Heads::new(&self.address, node, type_).head(&mut self.ids, &to, &to.to_bare());
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
        let any = !events.is_empty();
        for tail in events {
            let delivery = self.only_for(resource, node, tail);
            self.waves.push(life, Wave::One(delivery));
        }
        any
    }
}

/// Nothing is known of this node.
fn number_of(node: &str) -> NodeNumber {
    NodeNumber { node: node.to_owned(), last: None, recovered: None, snapshot: false, again: false }
}

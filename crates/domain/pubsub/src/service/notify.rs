//! Events become deliveries.

use super::Service;
use crate::configuration::NotificationType;
use crate::delivery::{Delivery, Heads, Reach};
use crate::event::{self, Number};
use crate::log::Event;
use crate::node::{Entry, Subscriber};
use bytes::Bytes;
use jid::Jid;
use xmpp::payload::Subscription;

impl Service {
    /// A node's next event: it gets its number, is kept for a while, and goes to everyone who is subscribed.
    pub(super) fn announce(&mut self, name: &str, tail: Bytes) {
        let Some(node) = self.nodes.get_mut(name) else { return };
        node.sequence += 1;
        let (life, sequence, at) = (node.life, node.sequence, self.clock);
        let epoch = self.is_followed.then(|| self.ids.epoch(life));
        let number = epoch.as_deref().map(|epoch| Number { epoch, sequence, is_snapshot: false });
        self.fan_out(name, &tail, number);
        self.log.push(life, Event { sequence, at, tail });
    }

    /// One event to everyone who is subscribed: a delivery for each address. A resource that is subscribed by itself
    /// and through the bare JID gets it once, as XEP-0060 leaves open and every client expects.
    fn fan_out(&mut self, name: &str, tail: &Bytes, number: Option<Number<'_>>) {
        let numbered = number.map(|number| event::numbered(tail, number));
        let Some(node) = self.nodes.get(name) else { return };
        let configuration = node.configuration();
        let (present_only, life) = (configuration.presence_based_delivery, node.life);
        let interested: Vec<Jid> = self
            .interests
            .in_node(name)
            .filter(|resource| self.is_interested(name, node, resource))
            .map(|resource| Jid::from(resource.clone()))
            .collect();
        let mut heads = Heads::new(&self.address, name, configuration.notification_type, &mut self.ids);
        self.deliveries.reserve(node.subscribers.len());
        for (user, subscriber) in &node.subscribers {
            let mut deliver = |entry: &Entry, shows, tail: Bytes, numbered: Option<Bytes>| {
                let (to, head) = (entry.jid.clone(), heads.head(&entry.jid, user));
                let reach = Reach { present_only, shows };
                self.deliveries.push_back(Delivery { to, head, tail, numbered, reach, life });
            };
            if let (Some(only), []) | (None, [only]) = (&subscriber.default, &subscriber.explicit[..]) {
                if only.delivers() {
                    deliver(only, only.shows, tail.clone(), numbered.clone());
                }
                continue;
            }
            for same in receivers(subscriber) {
                let shows = same.iter().map(|entry| entry.shows).reduce(|a, b| a.or(b)).unwrap_or_default();
                // COMPAT(finesse): messages of the product's nodes are always the same
                let (tail, numbered) = match &same[..] {
                    [_, _, ..] if node.made.is_some() => {
                        let with = |number| {
                            let subids = same.iter().map(|entry| entry.subid.as_str());
                            event::with_headers(tail, subids, number)
                        };
                        (with(None), number.map(|number| with(Some(number))))
                    }
                    _ => (tail.clone(), numbered.clone()),
                };
                deliver(same[0], shows, tail, numbered);
            }
        }
        for to in interested {
            let (head, tail) = (heads.head(&to, &to.to_bare()), tail.clone());
            let reach = Reach { present_only: true, shows: crate::Shows::default() };
            self.deliveries.push_back(Delivery { to, head, tail, numbered: None, reach, life });
        }
    }

    /// A message about a node to one address.
    pub(super) fn tell(&mut self, to: &Jid, node: &str, tail: Bytes) {
        let mut heads = Heads::new(&self.address, node, NotificationType::Normal, &mut self.ids);
        let head = heads.head(to, &to.to_bare());
        let reach = Reach { present_only: false, shows: crate::Shows::default() };
        let life = self.nodes.get(node).map(|node| node.life).unwrap_or_default();
        let delivery = Delivery { to: to.clone(), head, tail, numbered: None, reach, life };
        self.deliveries.push_back(delivery);
    }

    /// Tells a subscriber what became of its subscription (§8.6, §8.8.4).
    pub(super) fn tell_subscriber(&mut self, subscription: &Subscription) {
        let tail = event::subscription(subscription);
        self.tell(&subscription.jid, &subscription.node, tail);
    }

    /// Tells owners who want to know what became of a subscription (`pubsub#notify_sub`).
    pub(super) fn tell_owners(&mut self, subscription: &Subscription) {
        let Some(node) = self.nodes.get(&subscription.node) else { return };
        if !node.configuration().notify_sub {
            return;
        }
        let owners: Vec<Jid> = node.owners().cloned().map(Jid::from).collect();
        let tail = event::subscription(subscription);
        for owner in owners {
            self.tell(&owner, &subscription.node, tail.clone());
        }
    }

    /// The item published last, to one subscriber (§6.1.7).
    pub(super) fn send_last(&mut self, name: &str, to: &Jid) {
        let Some(node) = self.nodes.get(name) else { return };
        let Some(item) = node.made.as_ref().and_then(|made| made.items.last()) else { return };
        let payload: &[u8] = if node.configuration().deliver_payloads { &item.payload } else { b"" };
        let tail = event::published(name, Some(&item.id), payload);
        let tail = event::delayed(&tail, &self.address, item.published);
        self.tell(to, name, tail);
    }
}

/// The subscriptions by which a subscriber gets an event, those of one address together.
fn receivers(subscriber: &Subscriber) -> Vec<Vec<&Entry>> {
    let delivering = subscriber.all().filter(|entry| entry.delivers());
    let by_bare_jid = delivering.clone().any(|entry| entry.jid.is_bare());
    let mut receivers: Vec<Vec<&Entry>> = Vec::new();
    for entry in delivering.filter(|entry| entry.jid.is_bare() || !by_bare_jid) {
        match receivers.iter_mut().find(|same| same[0].jid == entry.jid) {
            Some(same) => same.push(entry),
            None => receivers.push(vec![entry]),
        }
    }
    receivers
}

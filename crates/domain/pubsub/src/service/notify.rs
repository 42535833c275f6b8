//! Events become deliveries.

use super::Service;
use super::broadcast::{Audience, Broadcast};
use super::waves::Wave;
use crate::configuration::NotificationType;
use crate::delivery::{Delivery, Heads, Reach};
use crate::event;
use crate::limits::DELIVERIES_PER_SLICE;
use crate::log::Event;
use bytes::Bytes;
use jid::Jid;
use xmpp::payload::Subscription;

impl Service {
    /// A node's next event: it gets its number, is kept for a while, and goes to everyone who is subscribed. For a few it
    /// is written now, for many a slice at a time when they have their turns.
    pub(super) fn announce(&mut self, name: &str, tail: Bytes) {
        let Some(node) = self.nodes.get_mut(name) else { return };
        node.sequence += 1;
        let (life, sequence, at) = (node.life, node.sequence, self.clock);
        let epoch = self.is_followed.then(|| self.ids.epoch(life));
        let audience = Audience { node, interests: &self.interests, policy: &*self.policy };
        let mut event = Broadcast::new(&self.address, name, &audience, tail.clone(), epoch);
        if event.left() <= DELIVERIES_PER_SLICE {
            let mut deliveries = Vec::with_capacity(event.left());
            event.go_on(&audience, &mut self.ids, usize::MAX, &mut deliveries);
            deliveries.into_iter().for_each(|delivery| self.waves.push(life, Wave::One(delivery)));
        } else {
            self.waves.push(life, Wave::Event(Box::new(event)));
        }
        self.log.push(life, Event { sequence, at, tail });
    }

    /// A message about a node to one address.
    pub(super) fn tell(&mut self, to: &Jid, node: &str, tail: Bytes) {
        let heads = Heads::new(&self.address, node, NotificationType::Normal);
        let head = heads.head(&mut self.ids, to, &to.to_bare());
        let reach = Reach { present_only: false, shows: crate::Shows::default() };
        let life = self.nodes.get(node).map(|node| node.life).unwrap_or_default();
        let delivery = Delivery { to: to.clone(), head, tail, numbered: None, reach, life };
        self.waves.push(life, Wave::One(delivery));
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

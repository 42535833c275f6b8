//! What an earlier run has left.

use super::Service;
use crate::access;
use crate::expiry::Expiring;
use crate::items::Item;
use crate::node::Entry;
use crate::record::{AffiliationRecord, Change, ItemRecord, Record, SubscriptionRecord};
use std::collections::BTreeSet;

impl Service {
    /// Takes back the records of an earlier run, after the product's own nodes were made and before anything else
    /// happens: nodes before what belongs to them, items by their numbers. A subscription is ended for good when its
    /// node is no more, or its user may not have it any more; a node whose name the product has taken since is deleted,
    /// with all that belongs to it.
    pub fn restore(&mut self, records: impl IntoIterator<Item = Record>) {
        let mut taken = BTreeSet::new();
        for record in records {
            match record {
                Record::Node(record) => {
                    let node = record.name.clone();
                    if !self.restore_node(record) {
                        self.changes.push_back(Change::NodeDeleted { node: node.clone() });
                        taken.insert(node);
                    }
                }
                Record::Affiliation(record) => self.restore_affiliation(record),
                Record::Subscription(record) if taken.contains(&record.node) => {}
                Record::Subscription(record) => self.restore_subscription(record),
                Record::Item(record) => self.restore_item(record),
            }
        }
        self.recheck_restored();
    }

    /// Teams and roles may have changed while nobody was here to be told.
    fn recheck_restored(&mut self) {
        let nodes = self.nodes.iter();
        let nodes = nodes.filter(|(_, node)| !node.subscribers.is_empty() && access::is_by_policy(node));
        let nodes: Vec<String> = nodes.map(|(name, _)| name.clone()).collect();
        for node in nodes {
            self.recheck_subscribers(&node);
        }
    }

    pub(super) fn restore_affiliation(&mut self, record: AffiliationRecord) {
        let AffiliationRecord { node, user, affiliation } = record;
        let Some(made) = self.nodes.get_mut(&node).and_then(|node| node.made.as_mut()) else { return };
        made.affiliations.insert(user.clone(), affiliation);
        self.users.entry(user.clone()).or_default().affiliated.insert(node.clone());
        self.list_for(&node, &user);
    }

    fn restore_subscription(&mut self, record: SubscriptionRecord) {
        let (node, user) = (record.node.clone(), record.jid.to_bare());
        if !self.has_node(&node) {
            return self.changes.push_back(Change::SubscriptionRemoved { node, subid: record.subid });
        }
        self.add_entry(&node, Entry::from(record));
        self.forget_if_empty(&user);
    }

    /// Adds a subscription to a node that exists.
    pub(super) fn add_entry(&mut self, node: &str, mut entry: Entry) {
        let Some(found) = self.nodes.get_mut(node) else { return };
        entry.since = found.sequence;
        let user = entry.jid.to_bare();
        if let Some(at) = entry.expires {
            let (node, user, subid) = (node.to_owned(), user.clone(), entry.subid.clone());
            self.expiries.set(at, Expiring::Subscription { node, user, subid });
        }
        let explicit = &mut found.subscribers.entry(user.clone()).or_default().explicit;
        // most have one: a list that grows by itself has room for four
        explicit.reserve_exact(1);
        explicit.push(entry);
        self.users.entry(user).or_default().explicit.push(node.to_owned());
    }

    fn restore_item(&mut self, record: ItemRecord) {
        let ItemRecord { node: name, id, publisher, payload, sequence, published } = record;
        let Some(node) = self.nodes.get_mut(&name) else { return };
        let Some(made) = &mut node.made else { return };
        let before = made.items.bytes();
        made.items.insert(sequence, Item { id, publisher, payload, published });
        self.kept_bytes = self.kept_bytes - before + made.items.bytes();
        node.sequence = node.sequence.max(sequence);
        self.watch_items(&name);
    }
}

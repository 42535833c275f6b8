//! The service: nodes and subscriptions.

use crate::delivery::{Delivery, Heads, Ids, tail};
use crate::limits::{
    CREATED_NODES_MAX, ITEM_ID_BYTES_MAX, NODE_BYTES_MAX, SUBSCRIPTIONS_PER_USER_AND_NODE_MAX,
    SUBSCRIPTIONS_PER_USER_MAX,
};
use crate::{
    Affiliation, AffiliationRecord, Change, Configuration, NodeRecord, Policy, Record, Subscription,
    SubscriptionOptions, SubscriptionRecord, SubscriptionState,
};
use jid::{BareJid, Jid};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use xmpp::{Condition, StanzaError};

/// What a user is subscribed to without asking, while it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defaults {
    /// The user's first resource became available.
    Made,
    /// There were some already.
    Kept,
}

/// A publish-subscribe service at one address.
pub struct Service {
    address: String,
    nodes: BTreeMap<String, Node>,
    /// How many of the nodes were asked for.
    created: usize,
    /// Per user: the nodes with a default subscription, and with explicit ones.
    users: BTreeMap<BareJid, User>,
    ids: Ids,
    policy: Box<dyn Policy>,
    changes: VecDeque<Change>,
}

#[derive(Default)]
struct Node {
    /// Anyone may subscribe (XEP-0060 §4.5).
    is_open: bool,
    subscribers: BTreeMap<BareJid, Subscriber>,
}

#[derive(Default)]
struct Subscriber {
    default: Option<Entry>,
    explicit: Vec<Entry>,
}

struct Entry {
    jid: Jid,
    subid: String,
}

#[derive(Default)]
struct User {
    defaults: Vec<String>,
    explicit: Vec<String>,
}

impl Service {
    /// A service without nodes, at this address (`pubsub.example.com`).
    pub fn new(address: impl Into<String>, policy: Box<dyn Policy>, ids: Ids) -> Self {
        let (nodes, users) = (BTreeMap::new(), BTreeMap::new());
        Self { address: address.into(), nodes, created: 0, users, ids, policy, changes: VecDeque::new() }
    }

    /// The next change that must survive a restart, in order. To be asked after each mutation until there is none.
    pub fn poll_change(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    /// Takes back a record of an earlier run, after the product's own nodes were made and before anything else
    /// happens: nodes before what belongs to them, items by their numbers. A subscription to a node that is no more
    /// is ended for good.
    pub fn restore(&mut self, record: Record) {
        match record {
            Record::Node(record) => {
                let open = Node { is_open: true, ..Node::default() };
                if self.nodes.insert(record.name, open).is_none() {
                    self.created += 1;
                }
            }
            Record::Subscription(record) => self.restore_subscription(record),
            // nodes made on request have one access model, and items are not kept
            Record::Affiliation(_) | Record::Item(_) => {}
        }
    }

    fn restore_subscription(&mut self, SubscriptionRecord { node, jid, subid, .. }: SubscriptionRecord) {
        let Some(found) = self.nodes.get_mut(&node) else {
            return self.changes.push_back(Change::SubscriptionRemoved { node, subid });
        };
        let user = jid.to_bare();
        found.subscribers.entry(user.clone()).or_default().explicit.push(Entry { jid, subid });
        self.users.entry(user).or_default().explicit.push(node);
    }

    /// The service's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether there is a node of this name.
    pub fn has_node(&self, node: &str) -> bool {
        self.nodes.contains_key(node)
    }

    /// The nodes a user finds by looking.
    pub fn visible_nodes(&self, user: &BareJid) -> Vec<String> {
        let mut nodes = self.policy.visible_nodes(name(user));
        nodes.retain(|node| self.has_node(node));
        nodes
    }

    /// Makes a node, unless it exists.
    pub fn create(&mut self, node: &str) -> Result<(), StanzaError> {
        if node.is_empty() || node.len() > NODE_BYTES_MAX {
            return Err(Condition::NotAcceptable.into());
        }
        self.nodes.entry(node.to_owned()).or_default();
        Ok(())
    }

    /// Makes a node with the open access model on request (XEP-0060 §8.1).
    pub fn create_open(&mut self, now: Timestamp, requester: &Jid, node: &str) -> Result<(), StanzaError> {
        self.check_publisher(requester)?;
        if self.has_node(node) {
            return Err(Condition::Conflict.into());
        }
        if self.created >= CREATED_NODES_MAX {
            return Err(StanzaError::pubsub(Condition::PolicyViolation, "too-many-nodes"));
        }
        self.create(node)?;
        self.created += 1;
        if let Some(made) = self.nodes.get_mut(node) {
            made.is_open = true;
        }
        let (name, user) = (node.to_owned(), requester.to_bare());
        let configuration = Configuration { persist_items: false, ..Configuration::default() };
        let record = NodeRecord { name: name.clone(), creator: user.clone(), created: now, configuration };
        self.changes.push_back(Change::Put(Record::Node(record)));
        let owner = AffiliationRecord { node: name, user, affiliation: Affiliation::Owner };
        self.changes.push_back(Change::Put(Record::Affiliation(owner)));
        Ok(())
    }

    fn check_publisher(&self, requester: &Jid) -> Result<(), StanzaError> {
        let may = self.policy.may_publish(name(&requester.to_bare()));
        if may { Ok(()) } else { Err(Condition::Forbidden.into()) }
    }

    /// Subscribes a user's default nodes by bare JID.
    pub fn make_defaults(&mut self, user: &BareJid) -> Defaults {
        let known = self.users.entry(user.clone()).or_default();
        if !known.defaults.is_empty() {
            return Defaults::Kept;
        }
        for node in self.policy.default_nodes(name(user)) {
            let Some(subscribers) = self.nodes.get_mut(&node).map(|node| &mut node.subscribers) else {
                continue;
            };
            let subid = String::from_utf8_lossy(&self.ids.word::<10>()).into_owned();
            subscribers.entry(user.clone()).or_default().default =
                Some(Entry { jid: user.clone().into(), subid });
            known.defaults.push(node);
        }
        Defaults::Made
    }

    /// Ends the default subscriptions of a user who is gone. Those asked for stay.
    pub fn drop_defaults(&mut self, user: &BareJid) {
        let Some(known) = self.users.get_mut(user) else { return };
        for node in std::mem::take(&mut known.defaults) {
            self.edit_subscriber(&node, user, |subscriber| subscriber.default = None);
        }
        self.forget_if_empty(user);
    }

    /// Subscribes on request (XEP-0060 §6.1). A repeated request is answered with the subscription there is.
    pub fn subscribe(&mut self, requester: &Jid, node: &str, jid: &Jid) -> Result<Subscription, StanzaError> {
        let user = requester.to_bare();
        if jid.to_bare() != user {
            return Err(StanzaError::pubsub(Condition::BadRequest, "invalid-jid"));
        }
        let found = self.nodes.get_mut(node).ok_or(Condition::ItemNotFound)?;
        if !found.is_open && !self.policy.may_subscribe(name(&user), node) {
            return Err(Condition::NotAuthorized.into());
        }
        let existing = found.subscribers.get(&user).and_then(|subscriber| subscriber.explicit_of(jid));
        if let Some(entry) = existing {
            return Ok(entry.subscription(node));
        }
        if self.users.get(&user).is_some_and(|known| known.explicit.len() >= SUBSCRIPTIONS_PER_USER_MAX) {
            return Err(StanzaError::pubsub(Condition::PolicyViolation, "too-many-subscriptions"));
        }
        let subscriber = found.subscribers.entry(user.clone()).or_default();
        let known = self.users.entry(user).or_default();
        if subscriber.explicit.len() >= SUBSCRIPTIONS_PER_USER_AND_NODE_MAX {
            let Entry { subid, .. } = subscriber.explicit.remove(0);
            self.changes.push_back(Change::SubscriptionRemoved { node: node.to_owned(), subid });
        } else {
            known.explicit.push(node.to_owned());
        }
        let subid = String::from_utf8_lossy(&self.ids.word::<10>()).into_owned();
        let entry = Entry { jid: jid.clone(), subid };
        let subscription = entry.subscription(node);
        self.changes.push_back(Change::Put(Record::Subscription(entry.record(node))));
        subscriber.explicit.push(entry);
        Ok(subscription)
    }

    /// Ends a subscription on request (XEP-0060 §6.2). A default one cannot be ended this way.
    pub fn unsubscribe(
        &mut self,
        requester: &Jid,
        node: &str,
        jid: &Jid,
        subid: Option<&str>,
    ) -> Result<(), StanzaError> {
        let user = requester.to_bare();
        if jid.to_bare() != user {
            return Err(Condition::Forbidden.into());
        }
        let found = self.nodes.get(node).ok_or(Condition::ItemNotFound)?;
        let not_subscribed = StanzaError::pubsub(Condition::UnexpectedRequest, "not-subscribed");
        let subscriber = found.subscribers.get(&user).ok_or(not_subscribed)?;
        let entry = subscriber.explicit_of(jid).ok_or(not_subscribed)?;
        if subid.is_some_and(|subid| subid != entry.subid) {
            return Err(StanzaError::pubsub(Condition::NotAcceptable, "invalid-subid"));
        }
        let subid = entry.subid.clone();
        self.changes.push_back(Change::SubscriptionRemoved { node: node.to_owned(), subid });
        self.edit_subscriber(node, &user, |subscriber| subscriber.explicit.retain(|entry| entry.jid != *jid));
        if let Some(known) = self.users.get_mut(&user)
            && let Some(at) = known.explicit.iter().position(|known| known == node)
        {
            known.explicit.swap_remove(at);
        }
        self.forget_if_empty(&user);
        Ok(())
    }

    /// A user's subscriptions (XEP-0060 §5.6), to one node or to all.
    pub fn subscriptions(&self, user: &BareJid, node: Option<&str>) -> Vec<Subscription> {
        let Some(known) = self.users.get(user) else { return Vec::new() };
        let mut nodes: Vec<&str> = known.defaults.iter().chain(&known.explicit).map(String::as_str).collect();
        nodes.retain(|known| node.is_none_or(|node| node == *known));
        nodes.sort_unstable();
        nodes.dedup();
        let entries = |node| {
            let subscriber = self.nodes.get(node).and_then(|found| found.subscribers.get(user));
            let entries =
                subscriber.into_iter().flat_map(|found| found.default.iter().chain(&found.explicit));
            entries.map(move |entry| entry.subscription(node))
        };
        nodes.into_iter().flat_map(entries).collect()
    }

    /// Publishes to a node: one delivery for each subscription. A resource that is subscribed by itself and
    /// through the bare JID gets it once, as XEP-0060 leaves open and every client expects.
    pub fn publish(&mut self, node: &str, payload: &[u8]) -> Result<Vec<Delivery>, StanzaError> {
        let item = self.ids.item();
        self.deliveries(node, &item, payload)
    }

    /// Publishes on request (XEP-0060 §7.1): the item's id, which is `item` if the publisher chose one, and the
    /// deliveries.
    pub fn publish_for(
        &mut self,
        requester: &Jid,
        node: &str,
        item: Option<String>,
        payload: &[u8],
    ) -> Result<(String, Vec<Delivery>), StanzaError> {
        self.check_publisher(requester)?;
        let item = item.unwrap_or_else(|| self.ids.item());
        if item.len() > ITEM_ID_BYTES_MAX {
            return Err(Condition::NotAcceptable.into());
        }
        let deliveries = self.deliveries(node, &item, payload)?;
        Ok((item, deliveries))
    }

    fn deliveries(&mut self, node: &str, item: &str, payload: &[u8]) -> Result<Vec<Delivery>, StanzaError> {
        let found = self.nodes.get(node).ok_or(Condition::ItemNotFound)?;
        let tail = tail(node, item, payload);
        let mut heads = Heads::new(&self.address, node, &mut self.ids);
        let mut deliveries = Vec::with_capacity(found.subscribers.len());
        for (user, subscriber) in &found.subscribers {
            let entries = subscriber.default.iter().chain(&subscriber.explicit);
            let by_bare_jid = entries.clone().find(|entry| entry.jid.is_bare());
            let chosen = entries.filter(|entry| by_bare_jid.is_none_or(|bare| std::ptr::eq(bare, *entry)));
            for entry in chosen {
                let head = heads.head(&entry.jid, user);
                deliveries.push(Delivery { to: entry.jid.clone(), head, tail: tail.clone() });
            }
        }
        Ok(deliveries)
    }

    fn edit_subscriber(&mut self, node: &str, user: &BareJid, edit: impl FnOnce(&mut Subscriber)) {
        let Some(node) = self.nodes.get_mut(node) else { return };
        let Some(subscriber) = node.subscribers.get_mut(user) else { return };
        edit(subscriber);
        if subscriber.default.is_none() && subscriber.explicit.is_empty() {
            node.subscribers.remove(user);
        }
    }

    fn forget_if_empty(&mut self, user: &BareJid) {
        if self.users.get(user).is_some_and(|known| known.defaults.is_empty() && known.explicit.is_empty()) {
            self.users.remove(user);
        }
    }
}

impl Subscriber {
    fn explicit_of(&self, jid: &Jid) -> Option<&Entry> {
        self.explicit.iter().find(|entry| entry.jid == *jid)
    }
}

impl Entry {
    fn record(&self, node: &str) -> SubscriptionRecord {
        SubscriptionRecord {
            node: node.to_owned(),
            jid: self.jid.clone(),
            subid: self.subid.clone(),
            state: SubscriptionState::Subscribed,
            options: SubscriptionOptions::default(),
            expires: None,
        }
    }

    fn subscription(&self, node: &str) -> Subscription {
        Subscription { node: node.to_owned(), jid: self.jid.clone(), subid: self.subid.clone() }
    }
}

fn name(user: &BareJid) -> &str {
    user.node().map_or("", |node| node.as_str())
}

//! Making nodes, emptying and deleting them (XEP-0060 §8.1, §8.4, §8.5).

use super::{Service, name};
use crate::configuration::{Affiliation, Configuration};
use crate::limits::{AFFILIATE_BYTES_MAX, NODE_BYTES_MAX};
use crate::node::{Made, Node};
use crate::record::{AffiliationRecord, Change, NodeRecord, Record};
use crate::{access, event, form};
use jid::BareJid;
use jiff::Timestamp;
use std::collections::BTreeMap;
use xmpp::payload::{PubsubAnswer, Submitted};
use xmpp::{Condition, StanzaError};

impl Service {
    /// Whether there is a node of this name.
    pub fn has_node(&self, node: &str) -> bool {
        self.nodes.contains_key(node)
    }

    /// Makes a node of the product, unless it exists. One of this name that somebody made is deleted before.
    pub fn create(&mut self, node: &str) -> Result<(), StanzaError> {
        check_name(node)?;
        if self.nodes.get(node).is_some_and(|node| node.made.is_some()) {
            self.remove(node, None);
        }
        if !self.has_node(node) {
            let life = self.log.begin();
            self.nodes.insert(node.to_owned(), Node { life, ..Node::default() });
        }
        Ok(())
    }

    /// Makes a node on request (§8.1).
    pub(super) fn create_for(
        &mut self,
        now: Timestamp,
        user: &BareJid,
        node: Option<String>,
        form: Option<&Submitted>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let node = match node {
            Some(node) => node,
            None => self.ids.name(),
        };
        self.check_creator(user, &node)?;
        if self.has_node(&node) {
            return Err(Condition::Conflict.into());
        }
        let configuration = configuration_of(form, form::NODE_CONFIG)?;
        self.make(now, user, &node, configuration);
        Ok(PubsubAnswer::Created(node))
    }

    /// Whether a user may make a node of this name.
    pub(super) fn check_creator(&self, user: &BareJid, node: &str) -> Result<(), StanzaError> {
        if !self.policy.may_create(name(user), node) {
            return Err(Condition::Forbidden.into());
        }
        check_name(node)?;
        // who makes it owns it
        if user.as_str().len() > AFFILIATE_BYTES_MAX {
            return Err(Condition::NotAcceptable.into());
        }
        let own = self.users.get(user).map_or(0, |known| known.created);
        let is_user = !self.policy.may_publish(name(user));
        let setting = if self.created >= self.limits.created_nodes_max {
            "limits.created_nodes_max"
        } else if is_user && own >= self.limits.nodes_per_user_max {
            "limits.nodes_per_user_max"
        } else {
            return Ok(());
        };
        Err(StanzaError::pubsub(Condition::PolicyViolation, "too-many-nodes").because_of(setting))
    }

    /// Makes a node that may be made.
    pub(super) fn make(&mut self, now: Timestamp, user: &BareJid, node: &str, configuration: Configuration) {
        let (name, creator) = (node.to_owned(), user.clone());
        let record = NodeRecord { name, creator, created: now, configuration };
        self.put(Record::Node(record.clone()));
        self.restore_node(record);
        let (node, user) = (node.to_owned(), user.clone());
        let record = AffiliationRecord { node, user, affiliation: Affiliation::Owner };
        self.put(Record::Affiliation(record.clone()));
        self.restore_affiliation(record);
    }

    /// Takes a node's record. `false` when there is such a node already.
    pub(super) fn restore_node(&mut self, record: NodeRecord) -> bool {
        if self.has_node(&record.name) {
            return false;
        }
        self.created += 1;
        self.users.entry(record.creator.clone()).or_default().created += 1;
        let made = Made {
            creator: record.creator,
            created: record.created,
            configuration: record.configuration,
            affiliations: BTreeMap::new(),
            items: Default::default(),
        };
        let life = self.log.begin();
        let node = Node { made: Some(Box::new(made)), life, ..Node::default() };
        let name = record.name;
        self.nodes.insert(name.clone(), node);
        self.list(&name);
        true
    }

    /// Deletes a node on request (§8.4).
    pub(super) fn delete(
        &mut self,
        user: &BareJid,
        node: &str,
        redirect: Option<&str>,
    ) -> Result<PubsubAnswer, StanzaError> {
        access::owned(self.find(node)?, user)?;
        self.remove(node, redirect);
        Ok(PubsubAnswer::Done)
    }

    /// Deletes a node that somebody made, and tells its subscribers if it is meant to.
    fn remove(&mut self, node: &str, redirect: Option<&str>) {
        let made = self.nodes.get(node).and_then(|node| node.made.as_ref());
        if made.is_some_and(|made| made.configuration.notify_delete) {
            self.announce(node, event::deleted(node, redirect));
        }
        let Some(mut gone) = self.nodes.remove(node) else { return };
        self.log.end(gone.life);
        self.forget_node(node, &mut gone);
        self.changes.push_back(Change::NodeDeleted { node: node.to_owned() });
        // those who are still to hear of what happened before, and of the end
        if self.waves.has_events(gone.life) {
            self.departed.insert(gone.life, gone);
        }
    }

    /// Nobody has anything to do with a node any more. Its items go at once.
    fn forget_node(&mut self, node: &str, gone: &mut Node) {
        let Node { made: Some(made), subscribers, .. } = gone else { return };
        let items = std::mem::take(&mut made.items);
        self.listed.remove(node);
        self.created -= 1;
        self.kept_bytes -= items.bytes();
        if let Some(creator) = self.users.get_mut(&made.creator) {
            creator.created -= 1;
        }
        for (user, subscriber) in &*subscribers {
            if let Some(known) = self.users.get_mut(user) {
                subscriber.explicit.iter().for_each(|_| known.forget(node));
            }
        }
        for user in made.affiliations.keys() {
            if let Some(known) = self.users.get_mut(user) {
                known.affiliated.remove(node);
                known.list(node, None);
            }
        }
        for user in subscribers.keys().chain(made.affiliations.keys()).chain([&made.creator]) {
            self.forget_if_empty(user);
        }
    }

    /// Takes every item out of a node on request (§8.5).
    pub(super) fn purge(&mut self, user: &BareJid, node: &str) -> Result<PubsubAnswer, StanzaError> {
        if !access::owned(self.find(node)?, user)?.configuration.persist_items {
            return Err(StanzaError::unsupported("persistent-items"));
        }
        if let Some(made) = self.nodes.get_mut(node).and_then(|node| node.made.as_mut()) {
            self.kept_bytes -= std::mem::take(&mut made.items).bytes();
        }
        self.changes.push_back(Change::Purged { node: node.to_owned() });
        self.announce(node, event::purged(node));
        Ok(PubsubAnswer::Done)
    }
}

/// The configuration of a new node.
pub(super) fn configuration_of(form: Option<&Submitted>, about: &str) -> Result<Configuration, StanzaError> {
    let Some(form) = form else { return Ok(Configuration::default()) };
    if form.form_type.as_deref().is_some_and(|form_type| form_type != about) {
        return Err(Condition::NotAcceptable.into());
    }
    form::apply(&Configuration::default(), form)
}

fn check_name(node: &str) -> Result<(), StanzaError> {
    let fits = !node.is_empty() && node.len() <= NODE_BYTES_MAX;
    if fits { Ok(()) } else { Err(Condition::NotAcceptable.into()) }
}

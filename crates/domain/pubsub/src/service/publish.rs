//! Publishing (XEP-0060 §7.1).

use super::Service;
use super::node::configuration_of;
use crate::configuration::Configuration;
use crate::items::Item;
use crate::limits::ITEM_ID_BYTES_MAX;
use crate::record::{Change, ItemRecord, Record};
use crate::{access, event, form};
use bytes::Bytes;
use jid::BareJid;
use jiff::Timestamp;
use xmpp::payload::{Publication, PubsubAnswer, Submitted};
use xmpp::{Condition, StanzaError};

impl Service {
    /// Publishes an event of the product: `payload` is the item's content, one element that the server has made.
    ///
    /// # Errors
    /// `item-not-found` when there is no such node.
    pub fn publish(&mut self, now: Timestamp, node: &str, payload: &[u8]) -> Result<(), StanzaError> {
        self.clock = now;
        let is_kept = self.find(node)?.configuration().persist_items;
        let id = self.ids.item();
        if is_kept {
            self.take(now, node, None, Some(id), Bytes::copy_from_slice(payload));
        } else {
            self.announce(node, event::published(node, Some(&id), payload));
        }
        Ok(())
    }

    /// Publishes on request. A node that is not there is made, if the publisher may make it (§7.1.4).
    pub(super) fn publish_for(
        &mut self,
        now: Timestamp,
        user: &BareJid,
        name: String,
        item: Option<Publication>,
        options: Option<&Submitted>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let node = self.nodes.get(&name);
        let new = match node {
            Some(node) => {
                access::to_publish(&*self.policy, node, user)?;
                check_preconditions(node.configuration(), options)?;
                None
            }
            None => {
                // who may not make it is told that it is not there
                self.check_creator(user, &name).map_err(|error| match error.condition {
                    Condition::Forbidden => Condition::ItemNotFound.into(),
                    _ => error,
                })?;
                Some(configuration_of(options, form::PUBLISH_OPTIONS)?)
            }
        };
        let configuration = new.as_ref().or_else(|| Some(node?.configuration()));
        let configuration = configuration.ok_or(Condition::InternalServerError)?;
        check_item(configuration, item.as_ref())?;
        let (id, payload) = match item {
            None => (None, Bytes::new()),
            Some(Publication { id, payload }) => {
                let id = id.unwrap_or_else(|| self.ids.item());
                (Some(id), payload.map(|(payload, _)| payload).unwrap_or_default())
            }
        };
        if let Some(id) = &id {
            self.check_room(&name, configuration, id, payload.len())?;
        }
        if let Some(configuration) = new {
            self.make(now, user, &name, configuration);
        }
        self.take(now, &name, Some(user), id.clone(), payload);
        Ok(PubsubAnswer::Published { node: name, id })
    }

    /// Whether there is room for an item, with the room of those that it takes the place of.
    fn check_room(
        &self,
        node: &str,
        configuration: &Configuration,
        id: &str,
        payload_bytes: usize,
    ) -> Result<(), StanzaError> {
        let Some(items_max) = kept_by(configuration) else { return Ok(()) };
        let bytes = id.len() + payload_bytes;
        let made = self.nodes.get(node).and_then(|node| node.made.as_ref());
        let freed = made.map_or(0, |made| made.items.freed_by(id, items_max));
        if bytes <= freed || self.kept_bytes + bytes - freed <= self.limits.kept_bytes_max {
            return Ok(());
        }
        Err(StanzaError::from(Condition::ResourceConstraint).because_of("limits.kept_items_bytes_max"))
    }

    /// Keeps an item, if the node does, and lets subscribers know.
    fn take(
        &mut self,
        now: Timestamp,
        name: &str,
        publisher: Option<&BareJid>,
        id: Option<String>,
        payload: Bytes,
    ) {
        let Some(node) = self.nodes.get(name) else { return };
        let sequence = node.sequence + 1;
        if let Some(id) = &id {
            let (id, publisher, payload) = (id.clone(), publisher.cloned(), payload.clone());
            self.keep(name, sequence, Item { id, publisher, payload, published: now });
        }
        let Some(configuration) = self.nodes.get(name).map(|node| node.configuration()) else { return };
        if !configuration.deliver_notifications {
            return self.skip_number(name);
        }
        let payload: &[u8] = if configuration.deliver_payloads { &payload } else { b"" };
        self.announce(name, event::published(name, id.as_deref(), payload));
    }

    /// The item has a number, though nobody hears of it.
    fn skip_number(&mut self, name: &str) {
        if let Some(node) = self.nodes.get_mut(name) {
            node.sequence += 1;
        }
    }

    fn keep(&mut self, name: &str, sequence: u64, item: Item) {
        let Some(made) = self.nodes.get_mut(name).and_then(|node| node.made.as_mut()) else { return };
        let Some(items_max) = kept_by(&made.configuration) else { return };
        let record = ItemRecord {
            node: name.to_owned(),
            id: item.id.clone(),
            publisher: item.publisher.clone(),
            payload: item.payload.clone(),
            sequence,
            published: item.published,
        };
        let before = made.items.bytes();
        made.items.insert(sequence, item);
        let gone = made.items.keep_newest(items_max);
        self.kept_bytes = self.kept_bytes - before + made.items.bytes();
        let is_first = made.items.len() == 1;
        self.put(Record::Item(record));
        if !gone.is_empty() {
            self.changes.push_back(Change::ItemsRemoved { node: name.to_owned(), ids: gone });
        }
        if is_first {
            self.watch_items(name);
        }
    }
}

/// How many items a node of this configuration keeps, if it does.
fn kept_by(configuration: &Configuration) -> Option<usize> {
    (configuration.persist_items && configuration.max_items > 0).then_some(configuration.max_items as usize)
}

/// What the publisher wants the node to be like, and it is not (§7.1.5). A field's registration says whether it is a
/// precondition, overrides the configuration for this item, or is metadata of it: only preconditions are registered
/// (§16.4.5), each a field of the node's configuration. Any other is one that no node of ours can meet.
fn check_preconditions(
    configuration: &Configuration,
    options: Option<&Submitted>,
) -> Result<(), StanzaError> {
    let Some(options) = options else { return Ok(()) };
    if options.form_type.as_deref().is_some_and(|about| about != form::PUBLISH_OPTIONS) {
        return Err(Condition::BadRequest.into());
    }
    let is_met = form::apply(configuration, options).is_ok_and(|wanted| wanted == *configuration);
    if is_met { Ok(()) } else { Err(StanzaError::pubsub(Condition::Conflict, "precondition-not-met")) }
}

/// Whether the item is what the node takes (§7.1.3).
fn check_item(configuration: &Configuration, item: Option<&Publication>) -> Result<(), StanzaError> {
    let bad = |condition| Err(StanzaError::pubsub(Condition::BadRequest, condition));
    let notifies_only = !configuration.persist_items && !configuration.deliver_payloads;
    let Some(item) = item else {
        return if notifies_only { Ok(()) } else { bad("item-required") };
    };
    if notifies_only {
        return bad("item-forbidden");
    }
    if item.id.as_ref().is_some_and(|id| id.len() > ITEM_ID_BYTES_MAX) {
        return Err(Condition::NotAcceptable.into());
    }
    let Some((payload, namespace)) = &item.payload else {
        return if configuration.deliver_payloads { bad("payload-required") } else { Ok(()) };
    };
    if payload.len() > configuration.max_payload_bytes as usize {
        return Err(StanzaError::pubsub(Condition::NotAcceptable, "payload-too-big"));
    }
    if !configuration.payload_type.is_empty() && configuration.payload_type != *namespace {
        return bad("invalid-payload");
    }
    Ok(())
}

//! The items that a node keeps.

use bytes::Bytes;
use jid::BareJid;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A kept item.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) publisher: Option<BareJid>,
    pub(crate) payload: Bytes,
    pub(crate) published: Timestamp,
}

/// Kept items, in the order in which they were published.
#[derive(Debug, Default)]
pub(crate) struct Items {
    by_sequence: BTreeMap<u64, Item>,
    sequences: BTreeMap<String, u64>,
    bytes: usize,
}

impl Items {
    pub(crate) fn len(&self) -> usize {
        self.by_sequence.len()
    }

    /// Bytes of ids and payloads.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Item> {
        self.by_sequence.get(self.sequences.get(id)?)
    }

    pub(crate) fn last(&self) -> Option<&Item> {
        self.by_sequence.last_key_value().map(|(_, item)| item)
    }

    pub(crate) fn first(&self) -> Option<&Item> {
        self.by_sequence.first_key_value().map(|(_, item)| item)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.by_sequence.values()
    }

    /// Keeps an item in place of the one with the same id.
    pub(crate) fn insert(&mut self, sequence: u64, item: Item) {
        self.remove(&item.id);
        self.bytes += size(&item);
        self.sequences.insert(item.id.clone(), sequence);
        self.by_sequence.insert(sequence, item);
    }

    /// Bytes of those that go when an item of this id comes and no more than `max` are kept.
    pub(crate) fn freed_by(&self, id: &str, max: usize) -> usize {
        match self.get(id) {
            Some(replaced) => size(replaced),
            None => self.iter().take((self.len() + 1).saturating_sub(max)).map(size).sum(),
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Item> {
        let item = self.by_sequence.remove(&self.sequences.remove(id)?)?;
        self.bytes -= size(&item);
        Some(item)
    }

    /// Takes out the oldest until no more than `max` are left; their ids.
    pub(crate) fn keep_newest(&mut self, max: usize) -> Vec<String> {
        self.remove_while(|items, _| items.len() > max)
    }

    /// Takes out those that were published before; their ids.
    pub(crate) fn keep_since(&mut self, since: Timestamp) -> Vec<String> {
        self.remove_while(|_, oldest| oldest.published < since)
    }

    fn remove_while(&mut self, goes: impl Fn(&Self, &Item) -> bool) -> Vec<String> {
        let mut gone = Vec::new();
        while let Some(oldest) = self.first()
            && goes(self, oldest)
        {
            let id = oldest.id.clone();
            self.remove(&id);
            gone.push(id);
        }
        gone
    }
}

fn size(item: &Item) -> usize {
    item.id.len() + item.payload.len()
}

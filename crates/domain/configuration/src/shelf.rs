//! All objects of a kind.

use crate::{Object, Stored};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All objects of a kind, by number, found by what is unique and by what they are part of.
#[derive(Clone, Debug)]
pub struct Shelf<T> {
    objects: BTreeMap<u32, Arc<Stored<T>>>,
    keys: BTreeMap<String, u32>,
    parts: BTreeMap<u32, BTreeSet<u32>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), keys: BTreeMap::new(), parts: BTreeMap::new() }
    }
}

impl<T: Object> Shelf<T> {
    /// The object with this number.
    pub fn get(&self, id: u32) -> Option<&Arc<Stored<T>>> {
        self.objects.get(&id)
    }

    /// Each, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Stored<T>>> {
        self.objects.values()
    }

    /// Those that are part of an object, by number.
    pub fn parts(&self, parent: u32) -> impl Iterator<Item = &Arc<Stored<T>>> {
        self.parts.get(&parent).into_iter().flatten().filter_map(|id| self.objects.get(id))
    }

    /// How many are part of an object.
    pub fn parts_count(&self, parent: u32) -> usize {
        self.parts.get(&parent).map_or(0, BTreeSet::len)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Which has this key.
    pub(crate) fn with_key(&self, key: &str) -> Option<u32> {
        self.keys.get(key).copied()
    }

    pub(crate) fn put(&mut self, stored: Stored<T>) {
        self.remove(stored.id);
        let id = stored.id;
        self.keys.extend(stored.value.keys().into_iter().map(|key| (key, id)));
        if let Some(parent) = stored.value.parent() {
            self.parts.entry(parent).or_default().insert(id);
        }
        self.objects.insert(id, Arc::new(stored));
    }

    pub(crate) fn remove(&mut self, id: u32) {
        let Some(before) = self.objects.remove(&id) else { return };
        for key in before.value.keys() {
            self.keys.remove(&key);
        }
        if let Some(parts) = before.value.parent().and_then(|parent| self.parts.get_mut(&parent)) {
            parts.remove(&id);
        }
    }

    pub(crate) fn remove_parts(&mut self, parent: u32) {
        for id in self.parts.remove(&parent).unwrap_or_default() {
            self.remove(id);
        }
    }
}

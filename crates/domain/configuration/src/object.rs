//! What all kinds have in common.

use crate::{Configuration, Fault, Shelf};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A kind of thing that a store keeps. What an older release has written lacks newer fields: they are then as by
/// default.
pub trait Record: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name, as clients know it.
    const KIND: &'static str;
    /// How many there may be in all.
    const COUNT_MAX: u32;
    /// The kind of the object that it is part of, and goes with.
    const PARENT: Option<&'static str> = None;
    /// How many may be part of one.
    const COUNT_IN_PARENT_MAX: u32 = Self::COUNT_MAX;

    /// The id of the object that it is part of.
    fn parent(&self) -> Option<u32> {
        None
    }

    /// What no other of its kind may have too, each as a text.
    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A kind of configuration object: it has rules, and a place in a [`Configuration`].
pub trait Object: Record {
    /// Those it is counted with.
    fn group(&self) -> Option<Group> {
        None
    }

    /// Whether its values are what they may be.
    fn check(&self, deployment: Deployment) -> Result<(), Fault>;

    /// Whether what it points to is there.
    fn check_references(&self, _all: &Configuration) -> Result<(), Fault> {
        Ok(())
    }

    /// Whether it may become this.
    fn check_change(&self, _id: u32, _new: &Self, _all: &Configuration) -> Result<(), Fault> {
        Ok(())
    }

    /// Whether it may go.
    fn check_delete(&self, _id: u32, _all: &Configuration) -> Result<(), Fault> {
        Ok(())
    }

    /// All of its kind.
    fn shelf(all: &Configuration) -> &Shelf<Self>;

    /// All of its kind.
    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self>;
}

/// Objects that are counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they are.
    pub name: &'static str,
    /// How many there may be.
    pub count_max: usize,
}

/// Which phone system it is: some limits differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deployment {
    /// Unified CCE.
    #[default]
    Cce,
    /// Unified CCX.
    Ccx,
}

/// An object with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    /// Its number among those of its kind; never given out again.
    pub id: u32,
    /// How often it was written: for those who must not overwrite what they have not seen.
    pub version: u32,
    /// What it is.
    pub value: T,
}

//! The configuration in memory, and the store that it is kept in.

use crate::catalogue::beginnings::begin;
use crate::maintenance_mode::Maintenance;
pub use beginnings::Beginnings;
use configuration::{
    Assignable, ClusterConfig, Configuration, Deployment, Fault, Object, Stored, SystemConfig,
};
use notify::SystemIdentity;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use store::{By, Store, StoreError};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};

mod beginnings;
pub(crate) mod reasons;

/// The configuration. Reading goes past no disk; what is written is shown when it is durable. Clones are handles of
/// the same one.
#[derive(Clone)]
pub struct Catalogue(Arc<Shared>);

struct Shared {
    all: RwLock<Configuration>,
    /// Without it nothing can be changed: a demo beside another demo.
    store: Option<Store>,
    /// What an administrator has said of this run alone.
    maintenance: RwLock<Option<Maintenance>>,
    /// One writes at a time, so that what was checked still holds when it is written.
    turn: Mutex<()>,
}

/// Why a change was refused.
#[derive(Debug, Error)]
pub(crate) enum Refused {
    /// The administrator is at fault.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store is.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no store.
    #[error("this server has no store of its own")]
    NoStore,
}

impl Catalogue {
    /// What is in the store; in a new one, what a new system begins with.
    pub async fn open(
        store: Option<Store>,
        deployment: Deployment,
        beginnings: Beginnings,
    ) -> Result<Self, StoreError> {
        let all = begin(store.as_ref(), deployment, beginnings).await?;
        let (all, maintenance) = (RwLock::new(all), RwLock::default());
        Ok(Self(Arc::new(Shared { all, store, maintenance, turn: Mutex::new(()) })))
    }

    /// Where an administrator has said that the CTI server is.
    pub fn system_config(&self) -> Option<SystemConfig> {
        self.read(|all| all.the::<SystemConfig>().map(|one| one.value.clone()))
    }

    /// Whether this node is being emptied.
    pub(crate) fn maintenance(&self) -> Option<Maintenance> {
        *self.0.maintenance.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn put_maintenance(&self, maintenance: Option<Maintenance>) {
        *self.0.maintenance.write().unwrap_or_else(PoisonError::into_inner) = maintenance;
    }

    /// What this server says of itself, with what administrators have said: the other node, and whether this one is being
    /// emptied.
    pub fn identity(&self, settings: &SystemIdentity) -> SystemIdentity {
        let named = self.read(|all| all.the::<ClusterConfig>().map(|one| one.value.secondary_host.clone()));
        let secondary_host = match (&settings.primary_host, named) {
            // this node is the other one
            (Some(_), _) => Some(settings.host.clone()),
            (None, Some(named)) => Some(named).filter(|host| !host.is_empty()),
            (None, None) => settings.secondary_host.clone(),
        };
        let maintenance_since = self.maintenance().and_then(|maintenance| maintenance.holds_since());
        SystemIdentity { secondary_host, maintenance_since, ..settings.clone() }
    }

    /// Looks something up.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&Configuration) -> R) -> R {
        look(&self.0.all.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for the turn to write.
    pub(crate) async fn turn(&self, by: By) -> Turn<'_> {
        Turn { catalogue: self, by, _turn: self.0.turn.lock().await }
    }

    fn change(&self, change: impl FnOnce(&mut Configuration)) {
        change(&mut self.0.all.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn store(&self) -> Result<&Store, Refused> {
        self.0.store.as_ref().ok_or(Refused::NoStore)
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalogue")
    }
}

/// The only one who writes. Each change is checked, made durable, and then shown.
pub(crate) struct Turn<'a> {
    catalogue: &'a Catalogue,
    by: By,
    _turn: MutexGuard<'a, ()>,
}

impl Turn<'_> {
    /// An object as it is; it stays so for the turn.
    pub(crate) fn found<T: Object>(&self, id: u32) -> Result<Arc<Stored<T>>, Fault> {
        self.catalogue.read(|all| all.found::<T>(id).cloned())
    }

    /// Makes an object.
    pub(crate) async fn create<T: Object>(&self, value: T) -> Result<u32, Refused> {
        self.catalogue.read(|all| all.check_new(&value))?;
        let id = self.catalogue.store()?.create(value.clone(), self.by.clone()).await?;
        self.catalogue.change(|all| all.put(Stored { id, version: 1, value }));
        Ok(id)
    }

    /// Makes objects instead of all that are part of `parent`.
    pub(crate) async fn replace_parts<T: Object>(&self, parent: u32, values: Vec<T>) -> Result<(), Refused> {
        self.catalogue.read(|all| all.check_all_new(&values, Some(parent)))?;
        let store = self.catalogue.store()?;
        let ids = store.create_all(values.clone(), Some(parent), self.by.clone()).await?;
        self.catalogue.change(|all| {
            all.remove_parts::<T>(parent);
            let stored = ids.into_iter().zip(values).map(|(id, value)| Stored { id, version: 1, value });
            stored.for_each(|stored| all.put(stored));
        });
        Ok(())
    }

    /// Replaces an object.
    pub(crate) async fn replace<T: Object>(&self, id: u32, value: T) -> Result<(), Refused> {
        self.catalogue.read(|all| all.check_change(id, &value))?;
        let version = self.found::<T>(id)?.version;
        let store = self.catalogue.store()?;
        let version = store.replace(id, Some(version), value.clone(), self.by.clone()).await?;
        self.catalogue.change(|all| all.put(Stored { id, version, value }));
        Ok(())
    }

    /// Makes or replaces the object of a kind that `is_it`.
    pub(crate) async fn put<T: Object>(&self, is_it: impl Fn(&T) -> bool, value: T) -> Result<(), Refused> {
        let found =
            |all: &Configuration| all.all::<T>().iter().find(|one| is_it(&one.value)).map(|one| one.id);
        match self.catalogue.read(found) {
            Some(id) => self.replace(id, value).await,
            None => self.create(value).await.map(drop),
        }
    }

    /// Deletes an object with what is part of it.
    pub(crate) async fn delete<T: Object>(&self, id: u32) -> Result<(), Refused> {
        self.catalogue.read(|all| all.check_delete::<T>(id))?;
        self.catalogue.store()?.delete::<T>(id, self.by.clone()).await?;
        self.catalogue.change(|all| all.remove::<T>(id));
        Ok(())
    }

    /// Assigns objects to a team instead of those of before.
    pub(crate) async fn assign<T: Assignable>(&self, team: u32, ids: Vec<u32>) -> Result<(), Refused> {
        self.catalogue.read(|all| all.check_assign::<T>(&ids))?;
        self.catalogue.store()?.assign::<T>(team, ids.clone(), self.by.clone()).await?;
        self.catalogue.change(|all| all.assign::<T>(team, ids));
        Ok(())
    }
}

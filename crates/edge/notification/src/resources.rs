//! Bound resources and their availability.

use crate::limits::RESOURCES_PER_USER_MAX;
use crate::outlet::Outlet;
use std::collections::HashMap;
use xmpp::{BareJid, Condition, FullJid, Jid, StanzaError};

/// What an event means for the user as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing.
    None,
    /// The first resource became available.
    Came,
    /// The last available resource is gone.
    Went,
}

pub(crate) struct Resource {
    pub(crate) jid: FullJid,
    pub(crate) outlet: Outlet,
    pub(crate) available: bool,
    key: u64,
}

/// All bound resources.
#[derive(Default)]
pub(crate) struct Resources {
    users: HashMap<BareJid, Vec<Resource>>,
    keys: HashMap<u64, BareJid>,
}

impl Resources {
    /// Binds an address; an older session that had it is returned to be ended, with what its end means.
    pub(crate) fn insert(
        &mut self,
        jid: FullJid,
        outlet: Outlet,
        key: u64,
    ) -> Result<Option<(Outlet, Change)>, StanzaError> {
        let user = jid.to_bare();
        let older = self.users.get(&user).and_then(|all| all.iter().find(|other| other.jid == jid));
        let older = older.map(|older| older.key);
        let superseded = older.and_then(|key| {
            let outlet = self.outlet(key).cloned();
            outlet.zip(self.remove(key).map(|(_, change)| change))
        });
        let resources = self.users.entry(user.clone()).or_default();
        if resources.len() >= RESOURCES_PER_USER_MAX {
            return Err(Condition::ResourceConstraint.into());
        }
        resources.push(Resource { jid, outlet, available: false, key });
        self.keys.insert(key, user);
        Ok(superseded)
    }

    pub(crate) fn remove(&mut self, key: u64) -> Option<(FullJid, Change)> {
        let user = self.keys.remove(&key)?;
        let resources = self.users.get_mut(&user)?;
        let at = resources.iter().position(|resource| resource.key == key)?;
        let gone = resources.swap_remove(at);
        let others = resources.iter().any(|resource| resource.available);
        if resources.is_empty() {
            self.users.remove(&user);
        }
        let change = if gone.available && !others { Change::Went } else { Change::None };
        Some((gone.jid, change))
    }

    /// Sets a resource's own availability.
    pub(crate) fn set_available(&mut self, key: u64, available: bool) -> Option<(FullJid, Outlet, Change)> {
        let resources = self.users.get_mut(self.keys.get(&key)?)?;
        let others = resources.iter().any(|resource| resource.available && resource.key != key);
        let resource = resources.iter_mut().find(|resource| resource.key == key)?;
        let before = std::mem::replace(&mut resource.available, available);
        let change = match (before, available) {
            (false, true) if !others => Change::Came,
            (true, false) if !others => Change::Went,
            _ => Change::None,
        };
        Some((resource.jid.clone(), resource.outlet.clone(), change))
    }

    pub(crate) fn outlet(&self, key: u64) -> Option<&Outlet> {
        let resources = self.users.get(self.keys.get(&key)?)?;
        resources.iter().find(|resource| resource.key == key).map(|resource| &resource.outlet)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Resource> {
        self.users.values().flatten()
    }

    pub(crate) fn available(&self, user: &BareJid) -> impl Iterator<Item = &Resource> {
        self.users.get(user).into_iter().flatten().filter(|resource| resource.available)
    }

    /// Those who get what is sent to an address: a bare JID reaches every available resource, a full one that
    /// resource if it is available.
    pub(crate) fn receivers(&self, to: &Jid) -> impl Iterator<Item = &Resource> {
        let resources = self.users.get(&to.to_bare()).into_iter().flatten();
        resources.filter(move |resource| resource.available && (to.is_bare() || *to == resource.jid))
    }
}

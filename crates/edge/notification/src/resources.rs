//! Bound resources and their availability.

use crate::outlet::Outlet;
use jiff::Timestamp;
use pubsub::{Reach, Show, Shows};
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound::{Excluded, Included};
use xmpp::payload::Capabilities;
use xmpp::{BareJid, Condition, FullJid, Jid, Relayed, StanzaError};

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

/// A client's own presence (RFC 6121 §4.7).
pub(crate) struct Availability {
    /// Below zero: nothing that is sent to the bare JID comes here (RFC 6121 §4.7.2.3).
    pub(crate) priority: i8,
    /// How available (RFC 6121 §4.7.2.1).
    pub(crate) show: Show,
    /// Since when the client has heard nothing, if it says so (XEP-0256, XEP-0312).
    pub(crate) since: Option<Timestamp>,
    /// What the client says it can do, in short (XEP-0115).
    pub(crate) capabilities: Option<Capabilities>,
    /// The stanza, for those who see it.
    pub(crate) stanza: Relayed,
}

pub(crate) struct Resource {
    pub(crate) jid: FullJid,
    pub(crate) outlet: Outlet,
    /// None until the client has sent its presence, and after it has taken it back.
    pub(crate) availability: Option<Availability>,
    /// To whom it has sent its presence directly: they are told when it goes (RFC 6121 §4.6.2).
    pub(crate) directed: Vec<Jid>,
    /// Whether it has asked for the numbers of events.
    pub(crate) wants_numbers: bool,
    /// The latest presence of the web service that it was told.
    pub(crate) service_told: Option<bool>,
    key: u64,
}

impl Resource {
    pub(crate) fn is_available(&self) -> bool {
        self.availability.is_some()
    }

    /// Whether it gets what is sent to the bare JID.
    fn takes_bare(&self) -> bool {
        self.availability.as_ref().is_some_and(|availability| availability.priority >= 0)
    }
}

/// Users with an available session, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsersPresent {
    /// On a desktop: with the resource that desktops bind.
    pub on_desktops: usize,
    /// With other clients only.
    pub elsewhere: usize,
}

/// COMPAT(finesse): what a desktop binds.
const DESKTOP: &str = "desktop";

/// All bound resources.
#[derive(Default)]
pub(crate) struct Resources {
    users: HashMap<BareJid, Vec<Resource>>,
    keys: BTreeMap<u64, BareJid>,
}

impl Resources {
    /// How many users are there, without `service`, who is the web service.
    pub(crate) fn users_present(&self, service: &str) -> UsersPresent {
        let mut present = UsersPresent::default();
        for (user, resources) in &self.users {
            let mut available = resources.iter().filter(|resource| resource.is_available()).peekable();
            if available.peek().is_none() || user.node().is_some_and(|node| node.as_str() == service) {
                continue;
            }
            match available.any(|resource| resource.jid.resource().as_str() == DESKTOP) {
                true => present.on_desktops += 1,
                false => present.elsewhere += 1,
            }
        }
        present
    }

    /// Binds an address; an older session that had it is returned to be ended, with what its end means.
    pub(crate) fn insert(
        &mut self,
        jid: FullJid,
        outlet: Outlet,
        key: u64,
        per_user_max: usize,
    ) -> Result<Option<(Resource, Change)>, StanzaError> {
        let user = jid.to_bare();
        let superseded = self.find(&jid).map(|older| older.key).and_then(|key| self.remove(key));
        let resources = self.users.entry(user.clone()).or_default();
        if resources.len() >= per_user_max {
            let error = StanzaError::from(Condition::ResourceConstraint);
            return Err(error.because_of("limits.resources_per_user_max"));
        }
        resources.push(Resource {
            jid,
            outlet,
            availability: None,
            directed: Vec::new(),
            wants_numbers: false,
            service_told: None,
            key,
        });
        self.keys.insert(key, user);
        Ok(superseded)
    }

    pub(crate) fn remove(&mut self, key: u64) -> Option<(Resource, Change)> {
        let user = self.keys.remove(&key)?;
        let resources = self.users.get_mut(&user)?;
        let at = resources.iter().position(|resource| resource.key == key)?;
        let gone = resources.swap_remove(at);
        let others = resources.iter().any(Resource::is_available);
        if resources.is_empty() {
            self.users.remove(&user);
        }
        let change = if gone.is_available() && !others { Change::Went } else { Change::None };
        Some((gone, change))
    }

    /// Sets a resource's own availability; returns the one before, too.
    pub(crate) fn set_availability(
        &mut self,
        key: u64,
        availability: Option<Availability>,
    ) -> Option<(&mut Resource, Option<Availability>, Change)> {
        let resources = self.users.get_mut(self.keys.get(&key)?)?;
        let others = resources.iter().any(|resource| resource.is_available() && resource.key != key);
        let resource = resources.iter_mut().find(|resource| resource.key == key)?;
        let before = std::mem::replace(&mut resource.availability, availability);
        let change = match (before.is_some(), resource.is_available()) {
            (false, true) if !others => Change::Came,
            (true, false) if !others => Change::Went,
            _ => Change::None,
        };
        Some((resource, before, change))
    }

    /// The resource of a session.
    pub(crate) fn get_mut(&mut self, key: u64) -> Option<&mut Resource> {
        let resources = self.users.get_mut(self.keys.get(&key)?)?;
        resources.iter_mut().find(|resource| resource.key == key)
    }

    pub(crate) fn outlet(&self, key: u64) -> Option<&Outlet> {
        let resources = self.users.get(self.keys.get(&key)?)?;
        resources.iter().find(|resource| resource.key == key).map(|resource| &resource.outlet)
    }

    /// The resource with this address, available or not.
    pub(crate) fn find(&self, jid: &FullJid) -> Option<&Resource> {
        self.users.get(&jid.to_bare())?.iter().find(|resource| resource.jid == *jid)
    }

    /// The key of the session that came last, of those that are there.
    pub(crate) fn latest(&self) -> u64 {
        self.keys.last_key_value().map_or(0, |(key, _)| *key)
    }

    /// The keys of sessions behind one, up to another.
    pub(crate) fn between(&self, behind: u64, until: u64) -> impl Iterator<Item = u64> {
        self.keys.range((Excluded(behind), Included(until))).map(|(key, _)| *key)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Resource> {
        self.users.values().flatten()
    }

    pub(crate) fn available(&self, user: &BareJid) -> impl Iterator<Item = &Resource> {
        self.users.get(user).into_iter().flatten().filter(|resource| resource.is_available())
    }

    /// Those who get what is sent to an address: a bare JID reaches every available resource that takes what comes to
    /// the bare JID, a full one that resource if it is available, or at least bound.
    pub(crate) fn receivers(&self, to: &Jid, reach: Reach) -> impl Iterator<Item = &Resource> {
        let resources = self.users.get(&to.to_bare()).into_iter().flatten();
        resources.filter(move |resource| {
            let reached = match &resource.availability {
                Some(availability) => reach.shows.include(availability.show),
                None => !reach.present_only && !to.is_bare() && reach.shows == Shows::ANY,
            };
            reached && if to.is_bare() { resource.takes_bare() } else { *to == resource.jid }
        })
    }
}

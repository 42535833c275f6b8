//! A node and who is subscribed to it.

use crate::configuration::{Affiliation, Configuration, Show, SubscriptionOptions, SubscriptionState};
use crate::items::Items;
use crate::log::Life;
use crate::record::SubscriptionRecord;
use jid::{BareJid, Jid};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use xmpp::payload::Subscription;

/// The configuration that all of the product's nodes share.
static OF_THE_PRODUCT: LazyLock<Configuration> = LazyLock::new(Configuration::of_the_product);

#[derive(Default)]
pub(crate) struct Node {
    /// What it has beyond a node of the product.
    pub(crate) made: Option<Box<Made>>,
    /// Boxed, since most nodes have one subscriber, and a map has room for eleven at once.
    pub(crate) subscribers: BTreeMap<BareJid, Box<Subscriber>>,
    /// The number of its latest event.
    pub(crate) sequence: u64,
    pub(crate) life: Life,
}

/// What a node has that somebody made over XMPP.
pub(crate) struct Made {
    pub(crate) creator: BareJid,
    pub(crate) created: Timestamp,
    pub(crate) configuration: Configuration,
    pub(crate) affiliations: BTreeMap<BareJid, Affiliation>,
    pub(crate) items: Items,
}

impl Node {
    pub(crate) fn configuration(&self) -> &Configuration {
        self.made.as_ref().map_or(&OF_THE_PRODUCT, |made| &made.configuration)
    }

    pub(crate) fn affiliation(&self, user: &BareJid) -> Affiliation {
        let affiliation = self.made.as_ref().and_then(|made| made.affiliations.get(user));
        affiliation.copied().unwrap_or(Affiliation::None)
    }

    pub(crate) fn owners(&self) -> impl Iterator<Item = &BareJid> {
        let affiliations = self.made.iter().flat_map(|made| &made.affiliations);
        affiliations.filter(|(_, affiliation)| **affiliation == Affiliation::Owner).map(|(user, _)| user)
    }

    /// Every subscription that was asked for.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.subscribers.values().flat_map(|subscriber| &subscriber.explicit)
    }

    pub(crate) fn subscriber(&self, user: &BareJid) -> Option<&Subscriber> {
        self.subscribers.get(user).map(AsRef::as_ref)
    }

    pub(crate) fn entry(&self, user: &BareJid, subid: &str) -> Option<&Entry> {
        let subscriber = self.subscribers.get(user)?;
        subscriber.explicit.iter().find(|entry| entry.subid == subid)
    }

    pub(crate) fn entry_mut(&mut self, user: &BareJid, subid: &str) -> Option<&mut Entry> {
        let subscriber = self.subscribers.get_mut(user)?;
        subscriber.explicit.iter_mut().find(|entry| entry.subid == subid)
    }

    pub(crate) fn is_subscribed(&self, user: &BareJid) -> bool {
        let subscriber = self.subscribers.get(user);
        subscriber.is_some_and(|subscriber| subscriber.in_force().next().is_some())
    }
}

#[derive(Default)]
pub(crate) struct Subscriber {
    /// Made without asking, while the user is there.
    pub(crate) default: Option<Entry>,
    pub(crate) explicit: Vec<Entry>,
}

impl Subscriber {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.default.iter().chain(&self.explicit)
    }

    pub(crate) fn in_force(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.all().filter(|entry| entry.state == SubscriptionState::Subscribed)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.default.is_none() && self.explicit.is_empty()
    }
}

/// One subscription.
pub(crate) struct Entry {
    pub(crate) jid: Jid,
    pub(crate) subid: String,
    pub(crate) state: SubscriptionState,
    /// `None` for those that a subscription begins with.
    pub(crate) options: Option<Box<SubscriptionOptions>>,
    pub(crate) shows: Shows,
    pub(crate) expires: Option<Timestamp>,
    /// It hears of events with higher numbers than this, which was the node's when it came into force.
    pub(crate) since: u64,
}

impl Entry {
    pub(crate) fn new(jid: Jid, subid: String, state: SubscriptionState) -> Self {
        Self { jid, subid, state, options: None, shows: Shows::default(), expires: None, since: 0 }
    }

    pub(crate) fn options(&self) -> SubscriptionOptions {
        self.options.as_deref().cloned().unwrap_or_default()
    }

    pub(crate) fn set_options(&mut self, options: SubscriptionOptions, expires: Option<Timestamp>) {
        self.shows = Shows::of(&options.show_values);
        self.options = (options != SubscriptionOptions::default()).then(|| Box::new(options));
        self.expires = expires;
    }

    /// Whether events are delivered.
    pub(crate) fn delivers(&self) -> bool {
        self.state == SubscriptionState::Subscribed
            && self.options.as_ref().is_none_or(|options| options.deliver)
    }

    pub(crate) fn subscription(&self, node: &str) -> Subscription {
        let (jid, subid) = (self.jid.clone(), self.subid.clone());
        Subscription { node: node.to_owned(), jid, subid, state: self.state.word() }
    }

    pub(crate) fn record(&self, node: &str) -> SubscriptionRecord {
        SubscriptionRecord {
            node: node.to_owned(),
            jid: self.jid.clone(),
            subid: self.subid.clone(),
            state: self.state,
            options: self.options(),
            expires: self.expires,
        }
    }
}

impl From<SubscriptionRecord> for Entry {
    fn from(record: SubscriptionRecord) -> Self {
        let mut entry = Self::new(record.jid, record.subid, record.state);
        entry.set_options(record.options, record.expires);
        entry
    }
}

/// A set of availabilities; the empty one stands for any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shows(u8);

impl Shows {
    /// Any availability, and none.
    pub const ANY: Self = Self(0);

    pub(crate) fn of(shows: &[Show]) -> Self {
        Self(shows.iter().fold(0, |bits, show| bits | 1 << *show as u8))
    }

    pub(crate) fn or(self, other: Self) -> Self {
        if self.0 == 0 || other.0 == 0 { Self(0) } else { Self(self.0 | other.0) }
    }

    /// Whether this availability will do.
    pub fn include(self, show: Show) -> bool {
        self.0 == 0 || self.0 & 1 << show as u8 != 0
    }
}

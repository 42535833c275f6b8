//! What ends by itself, and when.

use jid::BareJid;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Expiring {
    /// A leased subscription.
    Subscription { node: String, user: BareJid, subid: String },
    /// A node's oldest items.
    Items { node: String },
}

/// Deadlines in their order. One whose subject has changed since is found to be moot when it comes up.
#[derive(Debug, Default)]
pub(crate) struct Expiries(BTreeSet<(Timestamp, Expiring)>);

impl Expiries {
    pub(crate) fn set(&mut self, at: Timestamp, what: Expiring) {
        self.0.insert((at, what));
    }

    pub(crate) fn clear(&mut self, at: Timestamp, what: Expiring) {
        self.0.remove(&(at, what));
    }

    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.0.first().map(|(at, _)| *at)
    }

    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<Expiring> {
        if self.next()? > now {
            return None;
        }
        self.0.pop_first().map(|(_, what)| what)
    }
}

//! What is known of a user across nodes.

use std::collections::BTreeSet;

#[derive(Default)]
pub(crate) struct User {
    /// Nodes with a default subscription; `None` while the user is away.
    pub(crate) defaults: Option<Vec<String>>,
    /// Nodes with a subscription that was asked for, once for each subscription.
    pub(crate) explicit: Vec<String>,
    /// Nodes with an affiliation.
    pub(crate) affiliated: BTreeSet<String>,
    /// Of these, the ones that the user finds by looking, and others do not.
    pub(crate) shown: BTreeSet<String>,
    /// And those that others find, and the user does not.
    pub(crate) hidden: BTreeSet<String>,
    /// How many nodes there are that the user has created.
    pub(crate) created: usize,
}

impl User {
    pub(crate) fn is_empty(&self) -> bool {
        self.defaults.is_none() && self.explicit.is_empty() && self.affiliated.is_empty() && self.created == 0
    }

    /// Nodes with a subscription, each once, in order.
    pub(crate) fn subscribed(&self) -> BTreeSet<&str> {
        self.defaults.iter().flatten().chain(&self.explicit).map(String::as_str).collect()
    }

    /// Whether the user finds a node that others do not (`Some(true)`), does not find one that others do, or is no
    /// exception.
    pub(crate) fn list(&mut self, node: &str, exception: Option<bool>) {
        for (set, holds) in [(&mut self.shown, Some(true)), (&mut self.hidden, Some(false))] {
            if exception == holds {
                set.insert(node.to_owned());
            } else {
                set.remove(node);
            }
        }
    }

    /// One subscription to the node less.
    pub(crate) fn forget(&mut self, node: &str) {
        if let Some(at) = self.explicit.iter().position(|known| known == node) {
            self.explicit.swap_remove(at);
        }
    }
}

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

    /// One subscription to the node less.
    pub(crate) fn forget(&mut self, node: &str) {
        if let Some(at) = self.explicit.iter().position(|known| known == node) {
            self.explicit.swap_remove(at);
        }
    }
}

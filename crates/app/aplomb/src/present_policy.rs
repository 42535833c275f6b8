//! The rules of publish-subscribe as they are at present: they are others when people are.

use crate::policy::NodePolicy;
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Rules that can be replaced. Clones are handles of the same ones.
#[derive(Clone)]
pub(crate) struct PresentPolicy(Arc<RwLock<NodePolicy>>);

impl PresentPolicy {
    pub(crate) fn new(policy: NodePolicy) -> Self {
        Self(Arc::new(RwLock::new(policy)))
    }

    /// Other rules from now on. Whose rights are others than before joins those who are still to be told of: if telling
    /// fails, the next try finds no difference any more.
    pub(crate) fn replace(&self, new: NodePolicy, untold: &mut HashSet<String>) {
        let mut policy = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *policy, new);
        policy.remember(&before);
        untold.extend(policy.changed_since(&before));
    }

    /// A panic while holding the lock cannot leave the rules half changed: they are replaced whole.
    fn present(&self) -> RwLockReadGuard<'_, NodePolicy> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl pubsub::Policy for PresentPolicy {
    fn may_subscribe(&self, user: &str, node: &str) -> bool {
        self.present().may_subscribe(user, node)
    }

    fn default_nodes(&self, user: &str) -> Vec<String> {
        self.present().default_nodes(user)
    }

    fn may_publish(&self, user: &str) -> bool {
        self.present().may_publish(user)
    }

    fn may_create(&self, user: &str, node: &str) -> bool {
        self.present().may_create(user, node)
    }

    fn roster_groups(&self, owner: &str, user: &str) -> Option<Vec<String>> {
        self.present().roster_groups(owner, user)
    }

    fn nodes_about(&self, user: &str) -> Vec<String> {
        self.present().nodes_about(user)
    }

    fn visible_nodes(&self, user: &str) -> Vec<String> {
        self.present().visible_nodes(user)
    }
}

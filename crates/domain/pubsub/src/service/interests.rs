//! Interest told by capabilities: a resource gets the events of the nodes that it names, as long as it is there, without
//! a subscription of its own (XEP-0060 §9.1, §9.2).
//!
//! Who has subscribed gets what the subscription says, whatever its capabilities. Clients of the product are subscribed
//! by default and tell no interests.

use super::Service;
use crate::Policy;
use crate::access::{self, Access};
use crate::configuration::SendLast;
use crate::limits::INTERESTS_PER_RESOURCE_MAX;
use crate::node::{Node, Subscriber};
use jid::{FullJid, Jid};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

/// Who is interested in what.
#[derive(Default)]
pub(super) struct Interests {
    of_nodes: BTreeMap<String, BTreeSet<FullJid>>,
    of_resources: BTreeMap<FullJid, BTreeSet<String>>,
}

impl Interests {
    /// Those who are interested in a node, which need not be there.
    pub(super) fn in_node(&self, node: &str) -> impl Iterator<Item = &FullJid> {
        self.of_nodes.get(node).into_iter().flatten()
    }

    /// Those of them behind a resource, in order.
    pub(super) fn in_node_behind<'a>(
        &'a self,
        node: &str,
        resource: Option<&'a FullJid>,
    ) -> impl Iterator<Item = &'a FullJid> {
        let from = resource.map_or(Unbounded, Excluded);
        self.of_nodes.get(node).into_iter().flat_map(move |all| all.range::<FullJid, _>((from, Unbounded)))
    }

    /// What a resource is interested in from now on; what of it is new.
    fn set(&mut self, resource: &FullJid, nodes: BTreeSet<String>) -> Vec<String> {
        let before = self.of_resources.remove(resource).unwrap_or_default();
        for node in before.difference(&nodes) {
            if let Some(interested) = self.of_nodes.get_mut(node) {
                interested.remove(resource);
                if interested.is_empty() {
                    self.of_nodes.remove(node);
                }
            }
        }
        let new: Vec<String> = nodes.difference(&before).cloned().collect();
        for node in &new {
            self.of_nodes.entry(node.clone()).or_default().insert(resource.clone());
        }
        if !nodes.is_empty() {
            self.of_resources.insert(resource.clone(), nodes);
        }
        new
    }
}

impl Service {
    /// A resource that is available says by its capabilities in which nodes it is interested; in none when it is gone.
    /// More than [`INTERESTS_PER_RESOURCE_MAX`] are not heeded. Of nodes that send their last item it gets it.
    pub fn handle_interests<'n>(&mut self, resource: &FullJid, nodes: impl Iterator<Item = &'n str>) {
        let nodes = nodes.take(INTERESTS_PER_RESOURCE_MAX).map(str::to_owned).collect();
        for name in self.interests.set(resource, nodes) {
            let Some(node) = self.nodes.get(&name) else { continue };
            let sends = node.configuration().send_last != SendLast::Never;
            if sends && is_interested(&*self.policy, &name, node, resource) {
                self.send_last(&name, &Jid::from(resource.clone()));
            }
        }
    }
}

/// Whether a resource that has told its interest gets a node's events because of it.
pub(super) fn is_interested(policy: &dyn Policy, name: &str, node: &Node, resource: &FullJid) -> bool {
    let user = resource.to_bare();
    let asks_itself =
        |subscriber: &Subscriber| subscriber.all().any(|entry| entry.jid.is_bare() || entry.jid == *resource);
    node.configuration().subscribe
        && !node.subscriber(&user).is_some_and(asks_itself)
        && access::to_subscribe(policy, name, node, &user) == Ok(Access::Granted)
}

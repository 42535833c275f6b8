//! What follows from presence, and from a change of rights: default subscriptions, last items.

use super::{Service, name};
use crate::access;
use crate::configuration::{SendLast, SubscriptionState};
use crate::limits::MISSED_EVENTS_MAX;
use crate::node::{Entry, Node, Subscriber};
use jid::{BareJid, FullJid, Jid};
use jiff::Timestamp;

/// What a user is subscribed to without asking, while it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defaults {
    /// The user's first resource became available.
    Made,
    /// There were some already.
    Kept,
}

impl Service {
    /// Subscribes a user's default nodes by bare JID.
    pub fn make_defaults(&mut self, user: &BareJid) -> Defaults {
        if self.users.get(user).is_some_and(|known| known.defaults.is_some()) {
            return Defaults::Kept;
        }
        let wanted = self.policy.default_nodes(name(user));
        let made: Vec<String> = wanted.into_iter().filter(|node| self.make_default(node, user)).collect();
        self.users.entry(user.clone()).or_default().defaults = Some(made);
        Defaults::Made
    }

    fn make_default(&mut self, node: &str, user: &BareJid) -> bool {
        let Some(found) = self.nodes.get_mut(node).filter(|node| node.made.is_none()) else { return false };
        let entry = Entry::new(user.clone().into(), self.ids.name(), SubscriptionState::Subscribed);
        let entry = Entry { since: found.sequence, ..entry };
        found.subscribers.entry(user.clone()).or_default().default = Some(entry);
        true
    }

    /// Ends the default subscriptions of a user who is gone. Those asked for stay.
    pub fn drop_defaults(&mut self, user: &BareJid) {
        let Some(known) = self.users.get_mut(user) else { return };
        for node in known.defaults.take().unwrap_or_default() {
            self.drop_default(&node, user);
        }
        self.forget_if_empty(user);
    }

    fn drop_default(&mut self, node: &str, user: &BareJid) {
        let Some(node) = self.nodes.get_mut(node) else { return };
        if let Some(subscriber) = node.subscribers.get_mut(user) {
            subscriber.default = None;
            if subscriber.is_empty() {
                node.subscribers.remove(user);
            }
        }
    }

    /// A user's rights have changed: another team, another role, or there is no such user any more. Subscriptions
    /// that it may not have end at once; default ones are as they would be at a new sign-in. So do those of others to
    /// the nodes about the user, an agent who has left a team is none of its supervisors' business any more, and to
    /// those it owns, whose readers may be the contacts of its roster.
    pub fn handle_rights_changed(&mut self, user: &BareJid) {
        let wanted = self.policy.default_nodes(name(user));
        self.renew_defaults(user, &wanted);
        let known = self.users.get(user);
        let explicit = known.map(|known| known.explicit.clone()).unwrap_or_default();
        let is_meant = |node: &Node| access::owned(node, user).is_ok() && access::is_by_policy(node);
        let is_owned = |name: &&String| self.nodes.get(*name).is_some_and(is_meant);
        let affiliated = known.into_iter().flat_map(|known| &known.affiliated);
        let mut others = self.policy.nodes_about(name(user));
        others.extend(affiliated.filter(is_owned).cloned());
        for node in explicit {
            if self.nodes.get(&node).is_some_and(access::is_by_policy) {
                self.recheck(&node, user);
            }
        }
        for node in others {
            self.recheck_subscribers(&node);
        }
    }

    fn renew_defaults(&mut self, user: &BareJid, wanted: &[String]) {
        let Some(known) = self.users.get_mut(user) else { return };
        if let Some(before) = known.defaults.take() {
            for node in before.iter().filter(|node| !wanted.contains(node)) {
                self.drop_default(node, user);
            }
            let mut is_made = |node: &String| before.contains(node) || self.make_default(node, user);
            let made = wanted.iter().filter(|node| is_made(node)).cloned().collect();
            self.users.entry(user.clone()).or_default().defaults = Some(made);
        }
    }

    /// A resource became available: it gets the events since it was here last, if it says when (XEP-0312), and the last
    /// items of other nodes that send them then (XEP-0060 §6.1.7).
    pub fn handle_available(&mut self, resource: &FullJid, since: Option<Timestamp>) {
        let user = resource.to_bare();
        let missed = since.map(|since| self.send_missed(&user, resource, since)).unwrap_or_default();
        let Some(known) = self.users.get(&user) else { return };
        let sends = |name: &&str| {
            let Some(node) = self.nodes.get(*name) else { return false };
            let reaches = |subscriber: &Subscriber| {
                let mut entries = subscriber.explicit.iter().filter(|entry| entry.delivers());
                entries.any(|entry| entry.jid.is_bare() || entry.jid == *resource)
            };
            node.configuration().send_last == SendLast::OnSubscriptionAndPresence
                && node.subscriber(&user).is_some_and(reaches)
        };
        let nodes = known.subscribed().into_iter().filter(sends).map(str::to_owned);
        let nodes: Vec<String> = nodes.filter(|node| !missed.contains(node)).collect();
        for node in nodes {
            self.send_last(&node, &Jid::from(resource.clone()));
        }
    }

    /// The nodes of which something was missed.
    fn send_missed(&mut self, user: &BareJid, resource: &FullJid, since: Timestamp) -> Vec<String> {
        let Some(known) = self.users.get(user) else { return Vec::new() };
        let reaches = |subscriber: &Subscriber| {
            let mut entries = subscriber.all().filter(|entry| entry.delivers());
            entries.any(|entry| entry.jid.is_bare() || entry.jid == *resource)
        };
        let hears =
            |name: &&str| self.nodes.get(*name).and_then(|node| node.subscriber(user)).is_some_and(reaches);
        let mut nodes: Vec<String> =
            known.subscribed().into_iter().filter(hears).map(str::to_owned).collect();
        let mut room = MISSED_EVENTS_MAX;
        nodes.retain(|node| self.send_since(node, resource, since, &mut room));
        nodes
    }
}

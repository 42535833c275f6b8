//! Subscribing and its end (XEP-0060 §6.1, §6.2).

use super::Service;
use crate::access::{self, Access};
use crate::configuration::{SendLast, SubscriptionOptions, SubscriptionState};
use crate::expiry::Expiring;
use crate::form;
use crate::limits::SUBSCRIPTIONS_PER_USER_AND_NODE_MAX;
use crate::node::{Entry, Node};
use crate::record::{Change, Record};
use jid::{BareJid, Jid};
use jiff::Timestamp;
use xmpp::payload::{PubsubAnswer, Submitted, Subscription};
use xmpp::{Condition, StanzaError};

impl Service {
    /// Subscribes on request. A repeated request is answered with the subscription there is; one with other options
    /// is another subscription (§6.1.6), except to the product's nodes.
    pub fn subscribe(
        &mut self,
        now: Timestamp,
        requester: &Jid,
        name: &str,
        jid: &Jid,
        form: Option<&Submitted>,
    ) -> Result<Subscription, StanzaError> {
        let user = requester.to_bare();
        if !may_speak_for(requester, jid) {
            return Err(StanzaError::pubsub(Condition::BadRequest, "invalid-jid"));
        }
        let node = self.find(name)?;
        let access = access::to_subscribe(&*self.policy, name, node, &user)?;
        if !node.configuration().subscribe {
            return Err(StanzaError::unsupported("subscribe"));
        }
        let begin = (SubscriptionOptions::default(), None);
        let options = form.map(|form| form::apply_options(now, begin, form)).transpose()?;
        if let Some(existing) = existing(node, &user, jid, options.as_ref()) {
            let pending = existing.state == SubscriptionState::Pending;
            let refusal = StanzaError::pubsub(Condition::NotAuthorized, "pending-subscription");
            return if pending { Err(refusal) } else { Ok(existing.subscription(name)) };
        }
        let known = self.users.get(&user).map_or(0, |known| known.explicit.len());
        if known >= self.limits.subscriptions_per_user_max {
            return Err(too_many_subscriptions());
        }
        self.make_room(name, &user);
        let state = match access {
            Access::Granted => SubscriptionState::Subscribed,
            Access::Ask => SubscriptionState::Pending,
        };
        let mut entry = Entry::new(jid.clone(), self.ids.name(), state);
        if let Some((options, expires)) = options {
            entry.set_options(options, expires);
        }
        let subscription = entry.subscription(name);
        self.put(Record::Subscription(entry.record(name)));
        self.add_entry(name, entry);
        self.subscribed(&subscription, state);
        Ok(subscription)
    }

    /// What follows from a new subscription.
    fn subscribed(&mut self, subscription: &Subscription, state: SubscriptionState) {
        let Subscription { node, jid, subid, .. } = subscription;
        self.tell_owners(subscription);
        if state == SubscriptionState::Pending {
            return self.ask_owners(node, &jid.to_bare(), subid);
        }
        let send_last = self.nodes.get(node).map(|node| node.configuration().send_last);
        if send_last.is_some_and(|send_last| send_last != SendLast::Never) {
            self.send_last(node, jid);
        }
    }

    /// The oldest of too many subscriptions to one node gives way: clients leave them behind.
    fn make_room(&mut self, name: &str, user: &BareJid) {
        let subscriber = self.nodes.get(name).and_then(|node| node.subscribers.get(user));
        let oldest = subscriber
            .filter(|subscriber| subscriber.explicit.len() >= SUBSCRIPTIONS_PER_USER_AND_NODE_MAX)
            .and_then(|subscriber| subscriber.explicit.first());
        if let Some(subid) = oldest.map(|oldest| oldest.subid.clone()) {
            self.remove_entry(name, user, &subid);
        }
    }

    /// Ends a subscription on request. A default one cannot be ended this way.
    pub(super) fn unsubscribe(
        &mut self,
        requester: &Jid,
        name: &str,
        jid: &Jid,
        subid: Option<&str>,
    ) -> Result<PubsubAnswer, StanzaError> {
        if !may_speak_for(requester, jid) {
            return Err(Condition::Forbidden.into());
        }
        let user = jid.to_bare();
        let not_subscribed = StanzaError::pubsub(Condition::UnexpectedRequest, "not-subscribed");
        let subid = which(self.find(name)?, jid, subid, not_subscribed)?.subid.clone();
        if let Some(ended) = self.remove_entry(name, &user, &subid) {
            self.tell_owners(&Subscription { state: SubscriptionState::None.word(), ..ended });
        }
        Ok(PubsubAnswer::Done)
    }

    /// Takes a subscription out, wherever it is noted.
    pub(super) fn remove_entry(&mut self, name: &str, user: &BareJid, subid: &str) -> Option<Subscription> {
        let node = self.nodes.get_mut(name)?;
        let subscriber = node.subscribers.get_mut(user)?;
        let at = subscriber.explicit.iter().position(|entry| entry.subid == subid)?;
        let entry = subscriber.explicit.remove(at);
        if subscriber.is_empty() {
            node.subscribers.remove(user);
        }
        if let Some(expires) = entry.expires {
            let (node, user, subid) = (name.to_owned(), user.clone(), subid.to_owned());
            self.expiries.clear(expires, Expiring::Subscription { node, user, subid });
        }
        if let Some(known) = self.users.get_mut(user) {
            known.forget(name);
        }
        self.forget_if_empty(user);
        let (node, subid) = (name.to_owned(), subid.to_owned());
        self.changes.push_back(Change::SubscriptionRemoved { node, subid });
        Some(Subscription { state: SubscriptionState::None.word(), ..entry.subscription(name) })
    }

    /// Ends every subscription of a user to a node that was asked for, and says so.
    /// `COMPAT(finesse)`: not for the product's nodes, whose clients expect nothing but items.
    pub(super) fn end_subscriptions(&mut self, name: &str, user: &BareJid) {
        let Some(node) = self.nodes.get(name) else { return };
        let is_made = node.made.is_some();
        let Some(subscriber) = node.subscribers.get(user) else { return };
        let subids: Vec<String> = subscriber.explicit.iter().map(|entry| entry.subid.clone()).collect();
        for subid in subids {
            if let Some(ended) = self.remove_entry(name, user, &subid)
                && is_made
            {
                self.tell_subscriber(&ended);
            }
        }
    }

    /// A lease is over, unless it was renewed meanwhile (§12.18).
    pub(super) fn lease_ended(&mut self, now: Timestamp, node: &str, user: &BareJid, subid: &str) {
        let entry = self.nodes.get(node).and_then(|node| node.entry(user, subid));
        if entry.and_then(|entry| entry.expires).is_some_and(|expires| expires <= now)
            && let Some(ended) = self.remove_entry(node, user, subid)
        {
            self.tell_subscriber(&ended);
            self.tell_owners(&ended);
        }
    }
}

/// Whether a requester may act for an address: its own bare JID, and every full JID of it.
pub(super) fn may_speak_for(requester: &Jid, jid: &Jid) -> bool {
    requester.to_bare() == jid.to_bare()
}

/// The subscription that a request asks for again.
fn existing<'a>(
    node: &'a Node,
    user: &BareJid,
    jid: &Jid,
    options: Option<&(SubscriptionOptions, Option<Timestamp>)>,
) -> Option<&'a Entry> {
    let entries = &node.subscribers.get(user)?.explicit;
    let same = |entry: &&Entry| {
        let any = options.is_none() || node.made.is_none() || entry.state == SubscriptionState::Pending;
        any || options
            .is_some_and(|(options, expires)| entry.options() == *options && entry.expires == *expires)
    };
    entries.iter().filter(|entry| entry.jid == *jid).find(same)
}

/// The subscription of an address, the one with this id if it has several.
///
/// # Errors
/// `not_subscribed` when there is none, `subid-required` when there are several and none is named, `invalid-subid`
/// when none has that id (§6.2.3, §6.3.4).
pub(super) fn which<'a>(
    node: &'a Node,
    jid: &Jid,
    subid: Option<&str>,
    not_subscribed: StanzaError,
) -> Result<&'a Entry, StanzaError> {
    let subscriber = node.subscribers.get(&jid.to_bare()).ok_or(not_subscribed)?;
    let entries: Vec<&Entry> = subscriber.explicit.iter().filter(|entry| entry.jid == *jid).collect();
    match (subid, &entries[..]) {
        (_, []) => Err(not_subscribed),
        (None, [only]) => Ok(only),
        (None, _) => Err(StanzaError::pubsub(Condition::BadRequest, "subid-required")),
        (Some(subid), _) => {
            let found = entries.into_iter().find(|entry| entry.subid == subid);
            found.ok_or_else(|| StanzaError::pubsub(Condition::NotAcceptable, "invalid-subid"))
        }
    }
}

/// One user has as many as the operator lets anyone have.
pub(super) fn too_many_subscriptions() -> StanzaError {
    let error = StanzaError::pubsub(Condition::PolicyViolation, "too-many-subscriptions");
    error.because_of("limits.subscriptions_per_user_max")
}

//! Subscriptions in the hands of owners: those that wait, and all the others (XEP-0060 §8.6, §8.7, §8.8).

use super::Service;
use super::subscribe::too_many_subscriptions;
use crate::configuration::{SendLast, SubscriptionState};
use crate::features::GET_PENDING;
use crate::form::{self, Decision};
use crate::limits::{PAGE_MAX, SUBSCRIPTIONS_PER_USER_AND_NODE_MAX};
use crate::node::{Entry, Node};
use crate::record::Record;
use crate::{access, event};
use jid::{BareJid, Jid};
use std::collections::BTreeMap;
use xmpp::payload::{
    Action, Command, CommandAnswer, Field, Form, PubsubAnswer, ResultSet, Scope, Submission, Submitted,
    Subscription,
};
use xmpp::{Condition, StanzaError, ns};

impl Service {
    /// Asks every owner about a subscription that waits.
    pub(super) fn ask_owners(&mut self, name: &str, user: &BareJid, subid: &str) {
        let Some(node) = self.nodes.get(name) else { return };
        let Some(entry) = node.entry(user, subid) else { return };
        let tail = event::form(&form::authorization(name, entry));
        let owners: Vec<Jid> = node.owners().cloned().map(Jid::from).collect();
        for owner in owners {
            self.tell(&owner, name, tail.clone());
        }
    }

    /// An owner's decision, which comes in a message (§8.6).
    ///
    /// # Errors
    /// `bad-request` when the form lacks a field, `forbidden` from anyone but an owner, `item-not-found` when nothing
    /// of the kind waits.
    pub fn handle_authorization(&mut self, requester: &Jid, form: &Submission) -> Result<(), StanzaError> {
        let Submission::Submit(form) = form else { return Ok(()) };
        let Decision { node, jid, subid, allow } = Decision::read(form).ok_or(Condition::BadRequest)?;
        let found = self.find(&node)?;
        access::owned(found, &requester.to_bare())?;
        let is_meant = |entry: &&Entry| {
            entry.state == SubscriptionState::Pending
                && entry.jid == jid
                && subid.as_ref().is_none_or(|subid| *subid == entry.subid)
        };
        let subid = found.entries().find(is_meant).ok_or(Condition::ItemNotFound)?.subid.clone();
        if allow {
            self.approve(&node, &jid, &subid)
        } else {
            self.turn_away(&node, &jid, &subid)
        }
        Ok(())
    }

    fn approve(&mut self, node: &str, jid: &Jid, subid: &str) {
        let Some(found) = self.nodes.get_mut(node) else { return };
        let since = found.sequence;
        let Some(entry) = found.entry_mut(&jid.to_bare(), subid) else { return };
        (entry.state, entry.since) = (SubscriptionState::Subscribed, since);
        let (record, subscription) = (entry.record(node), entry.subscription(node));
        self.put(Record::Subscription(record));
        self.tell_subscriber(&subscription);
        self.tell_owners(&subscription);
        let send_last = self.nodes.get(node).map(|node| node.configuration().send_last);
        if send_last.is_some_and(|send_last| send_last != SendLast::Never) {
            self.send_last(node, jid);
        }
    }

    fn turn_away(&mut self, node: &str, jid: &Jid, subid: &str) {
        if let Some(ended) = self.remove_entry(node, &jid.to_bare(), subid) {
            self.tell_subscriber(&ended);
            self.tell_owners(&ended);
        }
    }

    /// The command by which an owner has every question asked again that waits for an answer (§8.7).
    pub fn handle_command(
        &mut self,
        requester: &Jid,
        command: Command,
    ) -> Result<CommandAnswer, StanzaError> {
        let user = requester.to_bare();
        if command.node != GET_PENDING {
            return Err(Condition::ItemNotFound.into());
        }
        let session = command.session.unwrap_or_else(|| self.ids.name());
        let answer = |status, form| CommandAnswer { node: GET_PENDING.to_owned(), session, status, form };
        match (command.action, command.form) {
            (Action::Cancel, _) | (_, Some(Submission::Cancel)) => Ok(answer("canceled", None)),
            (Action::Go, None) => Ok(answer("executing", Some(self.pending_nodes(&user)))),
            (Action::Go, Some(Submission::Submit(form))) => {
                self.ask_again(&user, &form)?;
                Ok(answer("completed", None))
            }
        }
    }

    /// The form that offers an owner its nodes with subscriptions that wait.
    fn pending_nodes(&self, user: &BareJid) -> Form {
        let affiliated = self.users.get(user).into_iter().flat_map(|known| &known.affiliated);
        let waits = |name: &&String| {
            let node = self.nodes.get(*name).filter(|node| access::owned(node, user).is_ok());
            node.is_some_and(|node| pending(node).next().is_some())
        };
        let mut field = Field::new("pubsub#node", "list-single", "Node", "");
        field.values = Vec::new();
        field.options = affiliated.filter(waits).take(PAGE_MAX).cloned().collect();
        Form { type_: "form", form_type: ns::PUBSUB_AUTHORIZATION, title: None, fields: vec![field] }
    }

    fn ask_again(&mut self, user: &BareJid, form: &Submitted) -> Result<(), StanzaError> {
        let [name] = form.fields.get("pubsub#node").map_or(&[][..], Vec::as_slice) else {
            return Err(Condition::BadRequest.into());
        };
        let node = self.find(name)?;
        access::owned(node, user)?;
        let questions: Vec<_> = pending(node)
            .take(PAGE_MAX)
            .map(|entry| event::form(&form::authorization(name, entry)))
            .collect();
        for question in questions {
            self.tell(&user.clone().into(), name, question);
        }
        Ok(())
    }

    pub(super) fn node_subscriptions(
        &self,
        user: &BareJid,
        node: String,
        set: Option<ResultSet>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let found = self.find(&node)?;
        access::owned(found, user)?;
        let all: Vec<&Entry> = found.entries().collect();
        let (range, page) = ResultSet::part(set, |at| all[at].subid.as_str(), all.len(), PAGE_MAX)?;
        let list = all[range].iter().map(|entry| entry.subscription(&node)).collect();
        Ok(PubsubAnswer::Subscriptions { scope: Scope::Owner, node: Some(node), list, page })
    }

    /// Sets the state of subscriptions: all of them, or none when one of them is not possible.
    pub(super) fn set_subscriptions(
        &mut self,
        user: &BareJid,
        name: &str,
        wanted: Vec<(Jid, String, Option<String>)>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let node = self.find(name)?;
        access::owned(node, user)?;
        let mut steps = Vec::with_capacity(wanted.len());
        let mut made = BTreeMap::new();
        for (jid, state, subid) in wanted {
            let state = SubscriptionState::from_word(&state).ok_or(Condition::BadRequest)?;
            let of_user: &mut Vec<Jid> = made.entry(jid.to_bare()).or_default();
            let step = self.step(node, jid, state, subid.as_deref(), of_user)?;
            if let Step::Make(jid) = &step {
                of_user.push(jid.clone());
            }
            steps.push(step);
        }
        for step in steps {
            match step {
                Step::Nothing => {}
                Step::Approve(jid, subid) => self.approve(name, &jid, &subid),
                Step::End(jid, subid) => self.turn_away(name, &jid, &subid),
                Step::Make(jid) => {
                    let entry = Entry::new(jid.clone(), self.ids.name(), SubscriptionState::Pending);
                    let subid = entry.subid.clone();
                    self.add_entry(name, entry);
                    self.approve(name, &jid, &subid);
                }
            }
        }
        Ok(PubsubAnswer::Done)
    }

    /// What is to be done so that a subscription gets into this state, when these of the user are made before.
    fn step(
        &self,
        node: &Node,
        jid: Jid,
        state: SubscriptionState,
        subid: Option<&str>,
        made: &[Jid],
    ) -> Result<Step, StanzaError> {
        let user = jid.to_bare();
        let own = node.subscribers.get(&user).map_or(&[][..], |subscriber| &subscriber.explicit);
        let mut same = own.iter().filter(|entry| entry.jid == jid);
        let found = same.find(|entry| subid.is_none_or(|subid| entry.subid == subid));
        if subid.is_some() && found.is_none() {
            return Err(StanzaError::pubsub(Condition::NotAcceptable, "invalid-subid"));
        }
        match (state, found) {
            (SubscriptionState::None, None) => Ok(Step::Nothing),
            (SubscriptionState::None, Some(entry)) => Ok(Step::End(jid, entry.subid.clone())),
            (SubscriptionState::Subscribed, Some(entry)) if entry.state == SubscriptionState::Pending => {
                Ok(Step::Approve(jid, entry.subid.clone()))
            }
            (SubscriptionState::Subscribed, Some(_)) => Ok(Step::Nothing),
            (SubscriptionState::Subscribed, None) if made.contains(&jid) => Ok(Step::Nothing),
            (SubscriptionState::Subscribed, None) => {
                let known = self.users.get(&user).map_or(0, |known| known.explicit.len());
                if known + made.len() >= self.limits.subscriptions_per_user_max {
                    return Err(too_many_subscriptions());
                }
                if own.len() + made.len() >= SUBSCRIPTIONS_PER_USER_AND_NODE_MAX {
                    return Err(StanzaError::pubsub(Condition::PolicyViolation, "too-many-subscriptions"));
                }
                Ok(Step::Make(jid))
            }
            // nobody is put on the waiting list by somebody else
            (SubscriptionState::Pending | SubscriptionState::Unconfigured, _) => {
                Err(Condition::NotAcceptable.into())
            }
        }
    }

    /// A user's own subscriptions (§5.6).
    pub(super) fn own_subscriptions(
        &self,
        user: &BareJid,
        node: Option<String>,
        set: Option<ResultSet>,
    ) -> Result<PubsubAnswer, StanzaError> {
        if let Some(node) = &node {
            self.find(node)?;
        }
        let all = self.subscriptions(user, node.as_deref());
        let (range, page) = ResultSet::part(set, |at| all[at].subid.as_str(), all.len(), PAGE_MAX)?;
        Ok(PubsubAnswer::Subscriptions { scope: Scope::Own, node, list: all[range].to_vec(), page })
    }

    /// A user's subscriptions, to one node or to all.
    pub fn subscriptions(&self, user: &BareJid, node: Option<&str>) -> Vec<Subscription> {
        let Some(known) = self.users.get(user) else { return Vec::new() };
        let mut nodes = known.subscribed();
        nodes.retain(|known| node.is_none_or(|node| node == *known));
        let entries = |node| {
            let subscriber = self.nodes.get(node).and_then(|found| found.subscribers.get(user));
            let entries = subscriber.into_iter().flat_map(|found| found.all());
            entries.map(move |entry| entry.subscription(node))
        };
        nodes.into_iter().flat_map(entries).collect()
    }
}

enum Step {
    Nothing,
    Approve(Jid, String),
    End(Jid, String),
    Make(Jid),
}

fn pending(node: &Node) -> impl Iterator<Item = &Entry> {
    node.entries().filter(|entry| entry.state == SubscriptionState::Pending)
}

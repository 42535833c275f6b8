//! Configuring nodes (XEP-0060 §8.2, §8.3).

use super::Service;
use crate::configuration::Configuration;
use crate::record::{Change, NodeRecord, Record};
use crate::{access, event, form};
use jid::BareJid;
use jiff::Timestamp;
use xmpp::payload::{PubsubAnswer, Submitted};
use xmpp::{Condition, StanzaError};

impl Service {
    pub(super) fn default_configuration() -> PubsubAnswer {
        PubsubAnswer::DefaultConfiguration(form::configuration(&Configuration::default()))
    }

    pub(super) fn configuration(&self, user: &BareJid, node: String) -> Result<PubsubAnswer, StanzaError> {
        let made = access::owned(self.find(&node)?, user)?;
        let form = form::configuration(&made.configuration);
        Ok(PubsubAnswer::Configuration { node, form })
    }

    pub(super) fn configure(
        &mut self,
        now: Timestamp,
        user: &BareJid,
        name: &str,
        form: Option<&Submitted>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let made = access::owned(self.find(name)?, user)?;
        let Some(form) = form else { return Ok(PubsubAnswer::Done) };
        if form.form_type.as_deref().is_some_and(|about| about != form::NODE_CONFIG) {
            return Err(Condition::NotAcceptable.into());
        }
        let configuration = form::apply(&made.configuration, form)?;
        let (creator, created) = (made.creator.clone(), made.created);
        let admits = |by: &Configuration| (by.access_model, by.roster_groups_allowed.clone());
        let admits_others = admits(&made.configuration) != admits(&configuration);
        let record = NodeRecord { name: name.to_owned(), creator, created, configuration };
        self.put(Record::Node(record.clone()));
        self.set_configuration(name, record.configuration);
        self.expire_items(now, name);
        if admits_others {
            self.recheck_subscribers(name);
        }
        Ok(PubsubAnswer::Done)
    }

    fn set_configuration(&mut self, name: &str, configuration: Configuration) {
        let Some(made) = self.nodes.get_mut(name).and_then(|node| node.made.as_mut()) else { return };
        made.configuration = configuration;
        self.list(name);
        let Some(made) = self.nodes.get_mut(name).and_then(|node| node.made.as_mut()) else { return };
        let kept = if made.configuration.persist_items { made.configuration.max_items as usize } else { 0 };
        let before = made.items.bytes();
        let gone = made.items.keep_newest(kept);
        self.kept_bytes = self.kept_bytes - before + made.items.bytes();
        if made.configuration.notify_config {
            let form = form::configuration(&made.configuration);
            let form = xmpp::payload::Form { type_: "result", ..form };
            let form = made.configuration.deliver_payloads.then_some(&form);
            let tail = event::configured(name, form);
            self.announce(name, tail);
        }
        if !gone.is_empty() {
            self.changes.push_back(Change::ItemsRemoved { node: name.to_owned(), ids: gone });
        }
    }

    /// Ends the subscriptions to a node that somebody asked for and may not have any more.
    pub(super) fn recheck_subscribers(&mut self, name: &str) {
        let Some(node) = self.nodes.get(name) else { return };
        let asked = node.subscribers.iter().filter(|(_, subscriber)| !subscriber.explicit.is_empty());
        let denied = |user: &&BareJid| access::to_subscribe(&*self.policy, name, node, user).is_err();
        let users: Vec<BareJid> = asked.map(|(user, _)| user).filter(denied).cloned().collect();
        for user in users {
            self.end_subscriptions(name, &user);
        }
    }
}

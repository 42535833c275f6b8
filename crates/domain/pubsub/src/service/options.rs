//! What subscribers choose (XEP-0060 §6.3, §6.4).

use super::Service;
use super::subscribe::which;
use crate::configuration::{SubscriptionOptions, SubscriptionState};
use crate::expiry::Expiring;
use crate::form;
use crate::node::Entry;
use crate::record::Record;
use jid::{BareJid, Jid};
use jiff::Timestamp;
use xmpp::payload::{PubsubAnswer, Submitted};
use xmpp::{Condition, StanzaError};

impl Service {
    pub(super) fn default_options(&self, node: Option<String>) -> Result<PubsubAnswer, StanzaError> {
        if let Some(node) = &node {
            self.find(node)?;
        }
        let form = form::options(&SubscriptionOptions::default(), None);
        Ok(PubsubAnswer::DefaultOptions { node, form })
    }

    pub(super) fn options(
        &self,
        user: &BareJid,
        node: String,
        jid: Jid,
        subid: Option<&str>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let entry = self.chosen(user, &node, &jid, subid)?;
        let (subid, form) = (entry.subid.clone(), form::options(&entry.options(), entry.expires));
        Ok(PubsubAnswer::Options { node, jid, subid, form })
    }

    /// Sets the options of one subscription: node, address, which of several.
    pub(super) fn set_options(
        &mut self,
        now: Timestamp,
        user: &BareJid,
        (node, jid, subid): (&str, &Jid, Option<&str>),
        form: Option<&Submitted>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let entry = self.chosen(user, node, jid, subid)?;
        let Some(form) = form else { return Ok(PubsubAnswer::Done) };
        let (subid, before) = (entry.subid.clone(), entry.expires);
        let (options, expires) = form::apply_options(now, (entry.options(), before), form)?;
        let Some(found) = self.nodes.get_mut(node) else { return Ok(PubsubAnswer::Done) };
        let since = found.sequence;
        let Some(entry) = found.entry_mut(user, &subid) else { return Ok(PubsubAnswer::Done) };
        if !entry.delivers() {
            entry.since = since;
        }
        entry.set_options(options, expires);
        let record = entry.record(node);
        self.put(Record::Subscription(record));
        let expiring =
            || Expiring::Subscription { node: node.to_owned(), user: user.clone(), subid: subid.clone() };
        if let Some(before) = before {
            self.expiries.clear(before, expiring());
        }
        if let Some(expires) = expires {
            self.expiries.set(expires, expiring());
        }
        Ok(PubsubAnswer::Done)
    }

    /// The subscription whose options are meant (§6.3.4).
    fn chosen(
        &self,
        user: &BareJid,
        node: &str,
        jid: &Jid,
        subid: Option<&str>,
    ) -> Result<&Entry, StanzaError> {
        let node = self.find(node)?;
        if jid.to_bare() != *user {
            return Err(Condition::Forbidden.into());
        }
        let not_subscribed = StanzaError::pubsub(Condition::UnexpectedRequest, "not-subscribed");
        let entry = which(node, jid, subid, not_subscribed)?;
        if entry.state == SubscriptionState::Subscribed { Ok(entry) } else { Err(not_subscribed) }
    }
}

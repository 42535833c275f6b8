//! Taking items back (XEP-0060 §7.2).

use super::Service;
use crate::configuration::Affiliation;
use crate::event;
use crate::record::Change;
use jid::BareJid;
use xmpp::payload::PubsubAnswer;
use xmpp::{Condition, StanzaError};

impl Service {
    /// Takes items out of a node, all of them or none.
    pub(super) fn retract(
        &mut self,
        user: &BareJid,
        name: &str,
        notify: Option<bool>,
        ids: &[String],
    ) -> Result<PubsubAnswer, StanzaError> {
        let node = self.find(name)?;
        let made = node.made.as_ref().ok_or(Condition::Forbidden)?;
        let affiliation = node.affiliation(user);
        let is_own = |id: &String| {
            made.items.get(id).is_some_and(|item| item.publisher.as_ref() == Some(user))
                && !matches!(affiliation, Affiliation::Outcast | Affiliation::PublishOnly)
        };
        let may =
            matches!(affiliation, Affiliation::Owner | Affiliation::Publisher) || ids.iter().all(is_own);
        if !made.configuration.persist_items && may {
            return Err(StanzaError::unsupported("persistent-items"));
        }
        if !may {
            return Err(Condition::Forbidden.into());
        }
        if ids.iter().any(|id| made.items.get(id).is_none()) {
            return Err(Condition::ItemNotFound.into());
        }
        let notify = notify.unwrap_or(made.configuration.notify_retract);
        if let Some(made) = self.nodes.get_mut(name).and_then(|node| node.made.as_mut()) {
            let before = made.items.bytes();
            for id in ids {
                made.items.remove(id);
            }
            self.kept_bytes = self.kept_bytes - before + made.items.bytes();
        }
        self.changes.push_back(Change::ItemsRemoved { node: name.to_owned(), ids: ids.to_vec() });
        if notify {
            self.announce(name, event::retracted(name, ids));
        }
        Ok(PubsubAnswer::Done)
    }
}

//! Affiliations (XEP-0060 §5.7, §8.9).

use super::Service;
use crate::configuration::Affiliation;
use crate::limits::{AFFILIATE_BYTES_MAX, AFFILIATIONS_PER_NODE_MAX, PAGE_MAX};
use crate::record::{AffiliationRecord, Change, Record};
use crate::{access, event};
use jid::{BareJid, Jid};
use std::collections::BTreeMap;
use xmpp::payload::{Affiliated, PubsubAnswer, ResultSet, Scope};
use xmpp::{Condition, StanzaError};

impl Service {
    pub(super) fn own_affiliations(
        &self,
        user: &BareJid,
        node: Option<String>,
        set: Option<ResultSet>,
    ) -> Result<PubsubAnswer, StanzaError> {
        if let Some(node) = &node {
            self.find(node)?;
        }
        let names = self.users.get(user).into_iter().flat_map(|known| &known.affiliated);
        let names: Vec<&String> =
            names.filter(|name| node.as_ref().is_none_or(|node| node == *name)).collect();
        let (range, page) = ResultSet::part(set, |at| names[at], names.len(), PAGE_MAX)?;
        let list = names[range].iter().filter_map(|name| {
            let affiliation = self.nodes.get(*name)?.affiliation(user).word();
            Some(Affiliated { node: (*name).clone(), user: user.clone(), affiliation })
        });
        let list = list.collect();
        Ok(PubsubAnswer::Affiliations { scope: Scope::Own, node, list, page })
    }

    pub(super) fn node_affiliations(
        &self,
        user: &BareJid,
        node: String,
        set: Option<ResultSet>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let made = access::owned(self.find(&node)?, user)?;
        let all: Vec<_> = made.affiliations.iter().collect();
        let (range, page) = ResultSet::part(set, |at| all[at].0.as_str(), all.len(), PAGE_MAX)?;
        let list = all[range].iter().map(|(user, affiliation)| Affiliated {
            node: node.clone(),
            user: (*user).clone(),
            affiliation: affiliation.word(),
        });
        let list = list.collect();
        Ok(PubsubAnswer::Affiliations { scope: Scope::Owner, node: Some(node), list, page })
    }

    /// Sets affiliations: all of them, or none when one of them is not possible.
    pub(super) fn set_affiliations(
        &mut self,
        user: &BareJid,
        name: &str,
        wanted: Vec<(Jid, String)>,
    ) -> Result<PubsubAnswer, StanzaError> {
        let made = access::owned(self.find(name)?, user)?;
        let mut after = made.affiliations.clone();
        for (jid, word) in &wanted {
            let affiliation = Affiliation::from_word(word).ok_or(Condition::BadRequest)?;
            if jid.to_bare().as_str().len() > AFFILIATE_BYTES_MAX {
                return Err(Condition::NotAcceptable.into());
            }
            match affiliation {
                Affiliation::None => after.remove(&jid.to_bare()),
                _ => after.insert(jid.to_bare(), affiliation),
            };
        }
        // a node without an owner could never be deleted
        if !after.values().any(|affiliation| *affiliation == Affiliation::Owner) {
            return Err(Condition::NotAcceptable.into());
        }
        if after.len() > AFFILIATIONS_PER_NODE_MAX {
            return Err(Condition::ResourceConstraint.into());
        }
        let changed: BTreeMap<BareJid, Affiliation> = wanted
            .into_iter()
            .map(|(jid, _)| jid.to_bare())
            .filter(|user| made.affiliations.get(user) != after.get(user))
            .map(|user| {
                let affiliation = after.get(&user).copied().unwrap_or(Affiliation::None);
                (user, affiliation)
            })
            .collect();
        for (user, affiliation) in changed {
            self.set_affiliation(name, user, affiliation);
        }
        Ok(PubsubAnswer::Done)
    }

    fn set_affiliation(&mut self, name: &str, user: BareJid, affiliation: Affiliation) {
        let node = name.to_owned();
        if affiliation == Affiliation::None {
            if let Some(made) = self.nodes.get_mut(name).and_then(|node| node.made.as_mut()) {
                made.affiliations.remove(&user);
            }
            if let Some(known) = self.users.get_mut(&user) {
                known.affiliated.remove(name);
            }
            self.list_for(name, &user);
            self.forget_if_empty(&user);
            self.changes.push_back(Change::AffiliationRemoved { node, user: user.clone() });
        } else {
            let record = AffiliationRecord { node, user: user.clone(), affiliation };
            self.put(Record::Affiliation(record.clone()));
            self.restore_affiliation(record);
        }
        let (node, affiliation) = (name.to_owned(), affiliation.word());
        let affiliated = Affiliated { node, user: user.clone(), affiliation };
        self.tell(&user.clone().into(), name, event::affiliation(&affiliated));
        self.recheck(name, &user);
    }

    /// Ends a user's subscriptions to a node that it may not have any more.
    pub(super) fn recheck(&mut self, name: &str, user: &BareJid) {
        let Some(node) = self.nodes.get(name) else { return };
        if access::to_subscribe(&*self.policy, name, node, user).is_err() {
            self.end_subscriptions(name, user);
        }
    }
}

//! What anyone may find out (XEP-0060 §5).

use super::{Service, name};
use crate::access;
use crate::configuration::{AccessModel, Affiliation};
use crate::form;
use crate::node::Node;
use jid::{BareJid, Jid};
use xmpp::payload::Form;
use xmpp::{Condition, StanzaError};

impl Service {
    /// The nodes that a user finds by looking (§5.2), with their titles: the product's, then the others.
    pub fn visible_nodes<'a>(&'a self, user: &BareJid) -> Vec<(&'a str, Option<&'a str>)> {
        let product = self.policy.visible_nodes(name(user));
        let product = product.iter().filter_map(|name| self.nodes.get_key_value(name));
        let product = product.filter(|(_, node)| node.made.is_none());
        let made = self.nodes.iter().filter(|(_, node)| node.made.is_some() && is_visible(node, user));
        let titled = |(name, node): (&'a String, &'a Node)| {
            let title = node.configuration().title.as_str();
            (name.as_str(), Some(title).filter(|title| !title.is_empty()))
        };
        product.chain(made).map(titled).collect()
    }

    /// The ids of a node's items (§5.5), for whoever may fetch them; none of a node that keeps none.
    ///
    /// # Errors
    /// `item-not-found` when there is no such node.
    pub fn item_ids(&self, requester: &Jid, node: &str) -> Result<Vec<&str>, StanzaError> {
        let found = self.find(node)?;
        let Some(made) = &found.made else { return Ok(Vec::new()) };
        if access::to_read(&*self.policy, node, found, &requester.to_bare()).is_err() {
            return Ok(Vec::new());
        }
        Ok(made.items.iter().map(|item| item.id.as_str()).collect())
    }

    /// What anyone may know of a node (§5.4); nothing of the product's.
    ///
    /// # Errors
    /// `item-not-found` when there is no such node.
    pub fn meta_data(&self, node: &str) -> Result<Option<Form>, StanzaError> {
        let found = self.nodes.get(node).ok_or(Condition::ItemNotFound)?;
        Ok(found.made.as_ref().map(|made| form::meta_data(found, made)))
    }
}

/// Those who are not on a node's list do not find it by looking.
fn is_visible(node: &Node, user: &BareJid) -> bool {
    match node.affiliation(user) {
        Affiliation::Outcast => false,
        Affiliation::None => node.configuration().access_model != AccessModel::Whitelist,
        _ => true,
    }
}

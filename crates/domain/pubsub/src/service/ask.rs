//! What anyone may find out (XEP-0060 §5).

use super::Service;
use crate::access;
use crate::form;
use jid::Jid;
use xmpp::payload::Form;
use xmpp::{Condition, StanzaError};

impl Service {
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

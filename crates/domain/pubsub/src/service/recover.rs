//! What a subscriber that was away has missed.

use super::Service;
use crate::access;
use crate::log::{Event, Life, Lost};
use jid::Jid;
use xmpp::StanzaError;

/// Where a node's events are: the epoch in which its numbers hold, and the number of the latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// One life of the node in one run of the server; opaque.
    pub epoch: String,
    /// The number of the latest event; 0 before the first.
    pub sequence: u64,
}

impl Service {
    /// Where a node's events are.
    ///
    /// # Errors
    /// `item-not-found` when there is no such node; what subscribing would be answered, for those who may not.
    pub fn position(&self, requester: &Jid, name: &str) -> Result<Position, StanzaError> {
        let node = self.find(name)?;
        access::to_read(&*self.policy, name, node, &requester.to_bare())?;
        Ok(Position { epoch: self.epoch(node.life), sequence: node.sequence })
    }

    /// The events of a node behind those up to `seen`, in order; [`Lost`] when some of them are not kept any more or
    /// the epoch is another one.
    ///
    /// # Errors
    /// As [`position`](Self::position).
    pub fn events_since(
        &self,
        requester: &Jid,
        name: &str,
        seen: &Position,
    ) -> Result<Result<Vec<Event>, Lost>, StanzaError> {
        let here = self.position(requester, name)?;
        let node = self.find(name)?;
        if here.epoch != seen.epoch {
            return Ok(Err(Lost));
        }
        let events = self.log.since(node.life, seen.sequence, node.sequence);
        Ok(events.map(|events| events.cloned().collect()))
    }

    fn epoch(&self, life: Life) -> String {
        self.ids.epoch(life)
    }
}

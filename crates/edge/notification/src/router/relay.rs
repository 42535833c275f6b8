//! Messages and IQs from one user to another (RFC 6121 §8.5). Whether a user does not exist or is not there makes no
//! difference to who asks.

use super::Router;
use crate::outlet::{Relay, ToSession};
use crate::resources::Resource;
use ::pubsub::{Reach, Shows};
use xmpp::{Condition, FullJid, Head, Jid, Kind, Relayed, StanzaError, reply};

/// Messages of users go to whoever is available.
const ANYONE: Reach = Reach { present_only: true, shows: Shows::ANY };

/// A stanza for another address of this domain.
pub(crate) struct Letter {
    pub(crate) from: FullJid,
    pub(crate) to: Jid,
    pub(crate) head: Head,
    pub(crate) stanza: Relayed,
}

impl Router {
    pub(super) async fn relay(&mut self, key: u64, letter: Letter) {
        match letter.head.kind {
            Kind::Message => self.message(&letter).await,
            Kind::Iq => self.iq(&letter).await,
            Kind::Presence => self.directed(key, &letter).await,
        }
    }

    async fn message(&self, letter: &Letter) {
        let type_ = letter.head.type_.as_deref();
        if let Some(resource) = letter.to.try_as_full().ok().and_then(|full| self.resources.find(full)) {
            return self.deliver_letter(resource, letter, type_ != Some("error")).await;
        }
        // of those for a resource that is gone, only a chat goes on with whoever is there (§8.5.3.2.1)
        let for_user = if letter.to.is_bare() { type_ != Some("groupchat") } else { type_ == Some("chat") };
        let bare = Jid::from(letter.to.to_bare());
        let receivers: Vec<_> = match type_ {
            Some("error") => return,
            _ if for_user => self.resources.receivers(&bare, ANYONE).collect(),
            _ => Vec::new(),
        };
        // several receivers: one that has no room is no failure
        let bounces = receivers.len() == 1;
        for resource in &receivers {
            self.deliver_letter(resource, letter, bounces).await;
        }
        if receivers.is_empty() && type_ != Some("headline") {
            self.refuse(letter, Condition::ServiceUnavailable).await;
        }
    }

    async fn iq(&self, letter: &Letter) {
        let asks = matches!(letter.head.type_.as_deref(), Some("get" | "set"));
        match letter.to.try_as_full().ok().and_then(|full| self.resources.find(full)) {
            Some(resource) => self.deliver_letter(resource, letter, asks).await,
            None if asks => self.refuse(letter, Condition::ServiceUnavailable).await,
            None => {}
        }
    }

    async fn deliver_letter(&self, resource: &Resource, letter: &Letter, bounces: bool) {
        if !resource.outlet.has_room() {
            if bounces {
                self.refuse(letter, Condition::ResourceConstraint).await;
            }
            return;
        }
        let (head, tail) = letter.stanza.to(Some(letter.to.as_str()));
        let bounce = bounces.then(|| (letter.from.clone(), letter.head.clone()));
        let relay = Relay { stanza: bosh::Stanza::new(head, tail), bounce };
        resource.outlet.send(ToSession::Relay(Box::new(relay))).await;
    }

    pub(super) async fn refuse(&self, letter: &Letter, error: impl Into<StanzaError>) {
        self.bounce(&letter.from, &letter.head, error).await;
    }

    /// Tells a sender what became of its stanza. An error is answered by nothing (RFC 6120 §8.3.1).
    pub(super) async fn bounce(&self, sender: &FullJid, head: &Head, error: impl Into<StanzaError>) {
        let Some(resource) = self.resources.find(sender) else { return };
        if head.type_.as_deref() == Some("error") {
            return;
        }
        let error = reply::error(head, Some(sender.as_str()), error);
        resource.outlet.send(ToSession::Deliver(error.into())).await;
    }
}

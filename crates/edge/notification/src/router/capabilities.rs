//! What clients can do (XEP-0115), so far as it says in which nodes they are interested (XEP-0060 §9.2). Of all clients
//! with the same word in their presence one is asked what it stands for.

use super::Router;
use crate::limits::{CAPABILITIES_MAX, CAPABILITIES_PATIENCE};
use crate::outlet::ToSession;
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;
use xmpp::FullJid;
use xmpp::payload::{Ability, Capabilities};

/// The id of our question to a client.
pub(crate) const QUESTION_ID: &str = "capabilities";

/// What is known, and what was asked.
#[derive(Default)]
pub(super) struct Known {
    interests: BTreeMap<Capabilities, Arc<[String]>>,
    asked: BTreeMap<Capabilities, Asked>,
}

/// A question under way.
struct Asked {
    /// The session that was asked.
    key: u64,
    at: Instant,
    /// Sessions with the same word.
    waiting: BTreeSet<u64>,
}

impl Router {
    /// A resource that is available has sent its presence: in what is it interested?
    pub(super) async fn told_capabilities(&mut self, key: u64, jid: &FullJid, word: Option<Capabilities>) {
        let Some(word) = word else { return self.pubsub.handle_interests(jid, std::iter::empty()) };
        if let Some(interests) = self.capabilities.interests.get(&word) {
            return self.pubsub.handle_interests(jid, interests.iter().map(String::as_str));
        }
        let is_full = self.capabilities.asked.len() >= CAPABILITIES_MAX;
        match self.capabilities.asked.get_mut(&word) {
            Some(asked) if asked.at.elapsed() < CAPABILITIES_PATIENCE => _ = asked.waiting.insert(key),
            // it was asked and has said nothing: perhaps this one does
            Some(asked) => {
                asked.waiting.insert(key);
                self.ask_next(word).await;
            }
            None if is_full => {
                tracing::debug!(%jid, "too many kinds of clients at once: this one is not asked what it can do");
            }
            None => {
                let asked = Asked { key, at: Instant::now(), waiting: [key].into() };
                self.capabilities.asked.insert(word.clone(), asked);
                self.ask_next(word).await;
            }
        }
    }

    /// Asks the next of those that wait and are still there.
    async fn ask_next(&mut self, word: Capabilities) {
        let service = self.pubsub.address().to_owned();
        while let Some(asked) = self.capabilities.asked.get_mut(&word) {
            let Some(key) = asked.waiting.pop_first() else {
                self.capabilities.asked.remove(&word);
                return;
            };
            let Some(resource) = self.resources.get_mut(key).filter(|resource| resource.is_available())
            else {
                continue;
            };
            (asked.key, asked.at) = (key, Instant::now());
            let question = word.question(&service, resource.jid.as_str(), QUESTION_ID);
            let outlet = resource.outlet.clone();
            return outlet.send(ToSession::Deliver(Bytes::from(question).into())).await;
        }
    }

    /// A client has answered; `None` for an error, and for what is no such answer.
    pub(super) async fn told_ability(&mut self, key: u64, ability: Option<Ability>) {
        let Some(resource) = self.resources.get_mut(key) else { return };
        let jid = resource.jid.clone();
        let word = resource.availability.as_ref().and_then(|availability| availability.capabilities.clone());
        let Some(word) = word else { return };
        let was_asked = self.capabilities.asked.get(&word).is_some_and(|asked| asked.key == key);
        let Some(ability) = ability.filter(|_| was_asked) else {
            if was_asked {
                self.ask_next(word).await;
            }
            return;
        };
        if !word.stand_for(&ability) {
            // its word says nothing of others that use it (XEP-0115 §5.4)
            self.pubsub.handle_interests(&jid, ability.interests());
            return self.ask_next(word).await;
        }
        let interests: Arc<[String]> = ability.interests().map(str::to_owned).collect();
        let asked = self.capabilities.asked.remove(&word);
        for key in asked.into_iter().flat_map(|asked| asked.waiting).chain([key]) {
            let Some(resource) = self.resources.get_mut(key) else { continue };
            let availability = resource.availability.as_ref();
            if availability.is_some_and(|availability| availability.capabilities.as_ref() == Some(&word)) {
                self.pubsub.handle_interests(&resource.jid, interests.iter().map(String::as_str));
            }
        }
        if self.capabilities.interests.len() >= CAPABILITIES_MAX {
            self.capabilities.interests.pop_first();
        }
        self.capabilities.interests.insert(word, interests);
    }
}

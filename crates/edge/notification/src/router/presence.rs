//! Presence: a user's own, what is sent to others directly, and that of the web service (RFC 6121 §3, §4).

use super::{Letter, Router};
use crate::limits::DIRECTED_PRESENCES_MAX;
use crate::outlet::ToSession;
use crate::resources::{Availability, Change, Resource};
use bytes::Bytes;
use pubsub::limits::DELIVERIES_PER_SLICE;
use xml::{Layout, Writer};
use xmpp::{BareJid, Condition, FullJid, Jid, Relayed, ns};

/// The web service's presence on its way to everyone who was there when it changed.
#[derive(Clone, Copy)]
pub(super) struct Announcement {
    /// The latest session that has been told; sessions have rising numbers.
    told: u64,
    /// The last one that was there.
    until: u64,
}

impl Router {
    /// A client's presence for all who see it: its user's own resources.
    pub(super) async fn own_presence(&mut self, key: u64, availability: Option<Availability>) {
        let since = availability.as_ref().and_then(|availability| availability.since);
        let word = availability.as_ref().and_then(|availability| availability.capabilities.clone());
        let Some((resource, before, change)) = self.resources.set_availability(key, availability) else {
            return;
        };
        let (jid, outlet, available) =
            (resource.jid.clone(), resource.outlet.clone(), resource.is_available());
        resource.service_told = Some(self.service_available).filter(|told| available && *told);
        let directed = if available { Vec::new() } else { std::mem::take(&mut resource.directed) };
        let user = jid.to_bare();
        self.presence_changed(&user, change);
        if !available {
            return self.gone(&jid, &directed).await;
        }
        if let Some(stanza) = self.presence_of(&jid) {
            for resource in self.resources.available(&user) {
                send(resource, &jid, stanza, resource.jid.as_str()).await;
            }
        }
        if before.is_none() {
            for other in self.resources.available(&user).filter(|other| other.jid != jid) {
                let Some(Availability { stanza, .. }) = &other.availability else { continue };
                let (head, tail) = stanza.to(Some(jid.as_str()));
                let (from, stanza) = (other.jid.to_string(), bosh::Stanza::new(head, tail));
                outlet.send(ToSession::Presence { from, stanza }).await;
            }
        }
        // with each presence, not only the first: a page that took over a running session asks this way
        if self.service_available {
            let service = self.service_presence_for(jid.as_str(), true);
            outlet.send(ToSession::Deliver(service.into())).await;
        }
        let word_before = before.as_ref().and_then(|before| before.capabilities.clone());
        if before.is_none() {
            self.pubsub.handle_available(&jid, since);
        }
        if word != word_before {
            self.told_capabilities(key, &jid, word).await;
        }
    }

    /// A session is over, or was displaced.
    pub(super) async fn resource_gone(&mut self, gone: Resource, change: Change) {
        self.presence_changed(&gone.jid.to_bare(), change);
        if gone.is_available() || !gone.directed.is_empty() {
            self.gone(&gone.jid, &gone.directed).await;
        }
    }

    /// Those who saw a resource's presence hear that it is gone (RFC 6121 §4.5, §4.6.3).
    async fn gone(&mut self, jid: &FullJid, directed: &[Jid]) {
        self.pubsub.handle_interests(jid, std::iter::empty());
        let user = jid.to_bare();
        for resource in self.resources.available(&user) {
            let stanza = presence(jid.as_str(), resource.jid.as_str(), Some("unavailable")).into();
            resource.outlet.send(ToSession::Presence { from: jid.to_string(), stanza }).await;
        }
        for to in directed.iter().filter(|to| to.to_bare() != user) {
            for resource in self.addressees(to) {
                let stanza = presence(jid.as_str(), to.as_str(), Some("unavailable")).into();
                resource.outlet.send(ToSession::Presence { from: jid.to_string(), stanza }).await;
            }
        }
    }

    /// Presence with an address.
    pub(super) async fn directed(&mut self, key: u64, letter: &Letter) {
        let type_ = letter.head.type_.as_deref();
        if self.is_service_user(&letter.to) && self.resources.available(&letter.to.to_bare()).next().is_none()
        {
            return self.to_service_user(type_, letter).await;
        }
        match type_ {
            None | Some("unavailable") => self.relay_presence(key, type_.is_none(), letter).await,
            Some("probe") if letter.to.to_bare() == letter.from.to_bare() => {
                for resource in self.addressees(&letter.to) {
                    let Some(Availability { stanza, .. }) = &resource.availability else { continue };
                    let (head, tail) = stanza.to(Some(letter.from.as_str()));
                    let from = resource.jid.to_string();
                    let stanza = ToSession::Presence { from, stanza: bosh::Stanza::new(head, tail) };
                    self.to_sender(letter, stanza).await;
                }
            }
            // there are no subscriptions between users (§3.1.3, §4.3.2)
            Some("subscribe" | "probe") => self.answer_subscription(letter, "unsubscribed").await,
            Some("unsubscribe" | "subscribed" | "unsubscribed") => {}
            Some("error") => {
                for resource in self.addressees(&letter.to).filter(|_| !letter.to.is_bare()) {
                    send(resource, &letter.from, &letter.stanza, letter.to.as_str()).await;
                }
            }
            Some(_) => self.refuse(letter, Condition::BadRequest).await,
        }
    }

    async fn relay_presence(&mut self, key: u64, available: bool, letter: &Letter) {
        let Some(sender) = self.resources.get_mut(key) else { return };
        sender.directed.retain(|to| *to != letter.to);
        if available {
            if sender.directed.len() >= DIRECTED_PRESENCES_MAX {
                return self.refuse(letter, Condition::PolicyViolation).await;
            }
            sender.directed.push(letter.to.clone());
        }
        for resource in self.addressees(&letter.to) {
            send(resource, &letter.from, &letter.stanza, letter.to.as_str()).await;
        }
    }

    /// The web service's user is in everybody's roster and takes part in no more than that.
    async fn to_service_user(&self, type_: Option<&str>, letter: &Letter) {
        match type_ {
            Some("subscribe") => self.answer_subscription(letter, "subscribed").await,
            Some("unsubscribe") => return self.answer_subscription(letter, "unsubscribed").await,
            Some("probe") => {}
            _ => return,
        }
        let stanza = self.service_presence_for(letter.from.as_str(), self.service_available);
        self.to_sender(letter, ToSession::Deliver(stanza.into())).await;
    }

    async fn answer_subscription(&self, letter: &Letter, type_: &'static str) {
        let stanza = presence(letter.to.to_bare().as_str(), letter.from.as_str(), Some(type_));
        self.to_sender(letter, ToSession::Deliver(stanza.into())).await;
    }

    async fn to_sender(&self, letter: &Letter, message: ToSession) {
        if let Some(sender) = self.resources.find(&letter.from) {
            sender.outlet.send(message).await;
        }
    }

    /// The resources that presence sent to this address reaches.
    fn addressees<'a>(&'a self, to: &'a Jid) -> impl Iterator<Item = &'a Resource> {
        let bare: BareJid = to.to_bare();
        let all: Vec<_> = self.resources.available(&bare).collect();
        all.into_iter().filter(move |resource| to.is_bare() || *to == resource.jid)
    }

    fn presence_of(&self, jid: &FullJid) -> Option<&Relayed> {
        let resource = self.resources.find(jid)?;
        resource.availability.as_ref().map(|availability| &availability.stanza)
    }

    fn is_service_user(&self, jid: &Jid) -> bool {
        jid.node().is_some_and(|node| node.as_str() == self.context.config.service_user)
    }

    /// The web service is up or down from now on: everyone is told, a slice at a time.
    pub(super) fn service_presence(&mut self, available: bool) {
        if std::mem::replace(&mut self.service_available, available) != available {
            self.announcement = Some(Announcement { told: 0, until: self.resources.latest() });
        }
    }

    /// Tells the next ones of the web service's presence; whether it had to pause, which it does not if it must not. Who
    /// has come or gone since it changed is told, or not, as its own presence says.
    pub(super) async fn announce_slice(&mut self, must_go_on: bool) -> bool {
        let Some(Announcement { told, until }) = self.announcement else { return false };
        let keys: Vec<u64> = self.resources.between(told, until).take(DELIVERIES_PER_SLICE).collect();
        let is_last = keys.len() < DELIVERIES_PER_SLICE;
        let available = self.service_available;
        for (at, key) in keys.iter().enumerate() {
            let Some(resource) = self.resources.get_mut(*key) else { continue };
            if !resource.is_available() || resource.service_told == Some(available) {
                continue;
            }
            resource.service_told = Some(available);
            let (jid, outlet) = (resource.jid.clone(), resource.outlet.clone());
            let presence = self.service_presence_for(jid.as_str(), available);
            outlet.send(ToSession::Deliver(presence.into())).await;
            let has_more = !is_last || at + 1 < keys.len();
            if has_more && outlet.is_behind() && !must_go_on {
                self.announcement = Some(Announcement { told: *key, until });
                return true;
            }
        }
        let told = keys.last().copied().filter(|_| !is_last);
        self.announcement = told.map(|told| Announcement { told, until });
        false
    }

    fn service_presence_for(&self, to: &str, available: bool) -> Bytes {
        let config = &self.context.config;
        let from = format!("{user}@{}/{user}", config.domain, user = config.service_user);
        presence(&from, to, if available { None } else { Some("unavailable") })
    }
}

async fn send(resource: &Resource, from: &FullJid, stanza: &Relayed, to: &str) {
    let (head, tail) = stanza.to(Some(to));
    let (from, stanza) = (from.to_string(), bosh::Stanza::new(head, tail));
    resource.outlet.send(ToSession::Presence { from, stanza }).await;
}

fn presence(from: &str, to: &str, type_: Option<&str>) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("presence").attribute("xmlns", ns::CLIENT).attribute("from", from).attribute("to", to);
    if let Some(type_) = type_ {
        writer.attribute("type", type_);
    }
    writer.finish().0.into()
}

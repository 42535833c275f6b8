//! What an established client sends: told apart, answered here or handed on (RFC 6120 §8, §10; RFC 6121 §8).

use super::{Session, Transport};
use crate::limits::PRESENCE_BYTES_MAX;
use crate::resources::Availability;
use crate::router::{Letter, ToRouter, capabilities};
use bytes::Bytes;
use pubsub::Show;
use xmpp::payload::{self, Ability, Capabilities, DiscoItem, Probe, Request};
use xmpp::{Condition, FullJid, Head, Jid, Kind, Relayed, Stanza, StanzaError, StreamError, ns, reply};

/// Where a stanza goes.
enum Addressee {
    /// The server itself.
    Server,
    /// The sender's own account, for which the server answers.
    Account,
    /// The publish-subscribe service.
    Pubsub,
    /// Somebody of this domain.
    Other(Jid),
    /// Nobody: what they are told who write there.
    Nobody(Condition),
}

enum Answer {
    Here(Bytes),
    Router(Request),
}

impl Session {
    /// A stanza of an established client (RFC 6120 §8, §10).
    pub(super) fn stanza(
        &mut self,
        bytes: &Bytes,
        stanza: &Stanza<'_>,
        transport: &mut impl Transport,
    ) -> Result<(), StreamError> {
        let Some(jid) = self.stream.jid().cloned() else { return Ok(()) };
        let head = stanza.head().ok_or(StreamError::UnsupportedStanzaType)?;
        if let Some(from) = &head.from
            && !jid.as_str().eq_ignore_ascii_case(from)
            && !jid.to_bare().as_str().eq_ignore_ascii_case(from)
        {
            return Err(StreamError::InvalidFrom);
        }
        let outcome = match head.kind {
            Kind::Iq => self.iq(&jid, &head, bytes, stanza, transport),
            Kind::Message => self.message(&jid, &head, bytes, stanza, transport),
            Kind::Presence => self.presence(&jid, &head, bytes, stanza, transport),
        };
        // no error is answered by one (RFC 6120 §8.3.1), nor is an IQ's answer
        let is_answer = matches!(head.type_.as_deref(), Some("error"))
            || head.kind == Kind::Iq && head.type_.as_deref() == Some("result");
        if let Err(error) = outcome
            && !is_answer
        {
            self.send(reply::error(&head, Some(jid.as_str()), error).into(), None, transport);
        }
        Ok(())
    }

    fn addressee(&self, jid: &FullJid, head: &Head) -> Addressee {
        let config = &self.context.config;
        let Some(to) = head.to.as_deref() else { return Addressee::Account };
        if to.eq_ignore_ascii_case(&config.domain) {
            return Addressee::Server;
        }
        if to.eq_ignore_ascii_case(&config.pubsub_domain) {
            return Addressee::Pubsub;
        }
        match Jid::new(to) {
            Err(_) => Addressee::Nobody(Condition::JidMalformed),
            Ok(to) if to.is_bare() && to.to_bare() == jid.to_bare() => Addressee::Account,
            Ok(to) if to.node().is_some() && to.domain().as_str() == config.domain => Addressee::Other(to),
            // there is no other domain that we could reach
            Ok(_) => Addressee::Nobody(Condition::ServiceUnavailable),
        }
    }

    fn hand_on(&self, letter: Letter, transport: &mut impl Transport) {
        self.ask_router(ToRouter::Relay { key: self.key, letter: Box::new(letter) }, transport);
    }

    fn message(
        &self,
        jid: &FullJid,
        head: &Head,
        bytes: &Bytes,
        stanza: &Stanza<'_>,
        transport: &mut impl Transport,
    ) -> Result<(), StanzaError> {
        let to = match self.addressee(jid, head) {
            // without an address: to oneself (RFC 6121 §10.3.1)
            Addressee::Account => jid.to_bare().into(),
            Addressee::Other(to) => to,
            // a headline is never answered (RFC 6121 §8.5.1)
            _ if head.type_.as_deref() == Some("headline") => return Ok(()),
            Addressee::Pubsub if payload::authorization(stanza.root()).is_some() => {
                let Some(form) = payload::authorization(stanza.root()).map(Box::new) else { return Ok(()) };
                let (jid, head) = (jid.clone(), Box::new(head.clone()));
                self.ask_router(ToRouter::Authorization { jid, head, form }, transport);
                return Ok(());
            }
            Addressee::Server | Addressee::Pubsub => return Err(Condition::ServiceUnavailable.into()),
            Addressee::Nobody(condition) => return Err(condition.into()),
        };
        let stanza = Relayed::new(bytes, stanza, jid.as_str(), self.lang.as_deref());
        self.hand_on(Letter { from: jid.clone(), to, head: head.clone(), stanza }, transport);
        Ok(())
    }

    fn presence(
        &self,
        jid: &FullJid,
        head: &Head,
        bytes: &Bytes,
        stanza: &Stanza<'_>,
        transport: &mut impl Transport,
    ) -> Result<(), StanzaError> {
        // kept as long as the resource is there: not as part of a larger buffer
        let relayed =
            || Relayed::new(&Bytes::copy_from_slice(bytes), stanza, jid.as_str(), self.lang.as_deref());
        let availability = match (&head.to, head.type_.as_deref()) {
            (None, None) if bytes.len() > PRESENCE_BYTES_MAX => return Err(Condition::PolicyViolation.into()),
            (None, None) => Some(Box::new(Availability {
                priority: priority(stanza),
                show: show(stanza),
                since: since(stanza),
                capabilities: Capabilities::read(stanza.root()),
                stanza: relayed(),
            })),
            (None, Some("unavailable")) => None,
            (None, _) => return Err(Condition::BadRequest.into()),
            (Some(_), _) => {
                let to = match self.addressee(jid, head) {
                    Addressee::Account => jid.to_bare().into(),
                    Addressee::Other(to) => to,
                    // services keep no account of who is there
                    Addressee::Server | Addressee::Pubsub => return Ok(()),
                    Addressee::Nobody(condition) => return Err(condition.into()),
                };
                self.hand_on(
                    Letter { from: jid.clone(), to, head: head.clone(), stanza: relayed() },
                    transport,
                );
                return Ok(());
            }
        };
        self.ask_router(ToRouter::Presence { key: self.key, availability }, transport);
        Ok(())
    }

    fn iq(
        &mut self,
        jid: &FullJid,
        head: &Head,
        bytes: &Bytes,
        stanza: &Stanza<'_>,
        transport: &mut impl Transport,
    ) -> Result<(), StanzaError> {
        let asks = matches!(head.type_.as_deref(), Some("get" | "set"));
        let answers = matches!(head.type_.as_deref(), Some("result" | "error"));
        if !asks && !answers || head.id.is_none() || asks && stanza.payload().is_none() {
            return Err(Condition::BadRequest.into());
        }
        let addressee = self.addressee(jid, head);
        if let Addressee::Other(to) = addressee {
            // for the account of another user the server answers, and knows nothing to tell (RFC 6121 §8.5.2)
            if to.is_bare() {
                return Err(Condition::ServiceUnavailable.into());
            }
            let stanza = Relayed::new(bytes, stanza, jid.as_str(), self.lang.as_deref());
            self.hand_on(Letter { from: jid.clone(), to, head: head.clone(), stanza }, transport);
            return Ok(());
        }
        if answers {
            let id = head.id.as_deref().unwrap_or_default();
            if matches!(addressee, Addressee::Pubsub) && id == capabilities::QUESTION_ID {
                let ability = stanza.payload().and_then(Ability::read).map(Box::new);
                self.ask_router(ToRouter::Ability { key: self.key, ability }, transport);
            }
            return Ok(());
        }
        match self.own_iq(head, &addressee, stanza)? {
            Answer::Here(answer) => self.send(answer.into(), None, transport),
            Answer::Router(request) => {
                let (jid, head) = (jid.clone(), head.clone());
                self.ask_router(ToRouter::Request { key: self.key, jid, head, request }, transport);
            }
        }
        Ok(())
    }

    /// A request to something that is ours.
    fn own_iq(&mut self, head: &Head, to: &Addressee, stanza: &Stanza<'_>) -> Result<Answer, StanzaError> {
        if let Addressee::Nobody(condition) = to {
            return Err((*condition).into());
        }
        let (Some(type_), Some(payload)) = (head.type_.as_deref(), stanza.payload()) else {
            return Err(Condition::BadRequest.into());
        };
        let request = payload::request(type_, payload)?;
        let request = match (to, request) {
            (Addressee::Server, Request::Probe(probe)) => return self.probe(head, probe),
            (_, request) => request,
        };
        let requester = self.jid().map(|jid| jid.as_str());
        match (to, request) {
            (_, Request::Ping) => Ok(Answer::Here(reply::empty_result(head, requester))),
            (Addressee::Pubsub, request) => match request {
                Request::DiscoInfo(_)
                | Request::DiscoItems(..)
                | Request::Pubsub(_)
                | Request::Numbers(_)
                | Request::Command(_) => Ok(Answer::Router(request)),
                _ => Err(Condition::ServiceUnavailable.into()),
            },
            // who asks without an address asks the account (RFC 6120 §10.3.3), but clients mean the server too
            (Addressee::Account, Request::DiscoInfo(None)) if head.to.is_some() => {
                Ok(Answer::Here(reply::result(head, requester, |writer| {
                    let features = [ns::DISCO_INFO, ns::DISCO_ITEMS, ns::PING];
                    payload::disco_info(writer, None, &[("account", "registered", "")], &features, None);
                })))
            }
            (Addressee::Account, Request::DiscoItems(None, _)) if head.to.is_some() => {
                Ok(Answer::Here(reply::result(head, requester, |writer| {
                    payload::disco_items(writer, None, [], None);
                })))
            }
            (_, request) => self.server_iq(head, request).map(Answer::Here),
        }
    }

    /// What the desktop notes of itself goes to whoever keeps the books.
    fn probe(&mut self, head: &Head, probe: Box<Probe>) -> Result<Answer, StanzaError> {
        let jid = self.stream.jid();
        if !self.visit.note_probe(&self.context, jid, probe) {
            return Err(Condition::PolicyViolation.into());
        }
        Ok(Answer::Here(reply::empty_result(head, jid.map(|jid| jid.as_str()))))
    }

    /// What the server itself answers.
    fn server_iq(&self, head: &Head, request: Request) -> Result<Bytes, StanzaError> {
        let config = &self.context.config;
        let to = self.jid().map(|jid| jid.as_str());
        Ok(match request {
            Request::Ping | Request::Session => reply::empty_result(head, to),
            Request::DiscoInfo(None) => reply::result(head, to, |writer| {
                let ours = [ns::DISCO_INFO, ns::DISCO_ITEMS, ns::PING, ns::ROSTER, ns::TIME, ns::VERSION];
                let features = [ours.as_slice(), &[ns::PROBE]].concat();
                payload::disco_info(writer, None, &[("server", "im", "Aplomb")], &features, None);
            }),
            Request::DiscoItems(None, _) => reply::result(head, to, |writer| {
                let pubsub = DiscoItem { jid: &config.pubsub_domain, ..DiscoItem::default() };
                payload::disco_items(writer, None, [pubsub], None);
            }),
            Request::Roster => reply::result(head, to, |writer| {
                payload::roster(writer, &[&format!("{}@{}", config.service_user, config.domain)]);
            }),
            Request::Version => reply::result(head, to, |writer| {
                payload::version(writer, "Aplomb", env!("CARGO_PKG_VERSION"));
            }),
            Request::Time => reply::result(head, to, |writer| {
                let now = jiff::Timestamp::now();
                let utc = now.round(jiff::Unit::Second).unwrap_or(now);
                payload::time(writer, &utc.to_string(), "+00:00");
            }),
            Request::DiscoInfo(Some(_)) | Request::DiscoItems(Some(_), _) => {
                return Err(Condition::ItemNotFound.into());
            }
            Request::Pubsub(_) | Request::Numbers(_) | Request::Command(_) | Request::Probe(_) => {
                return Err(Condition::ServiceUnavailable.into());
            }
        })
    }
}

/// RFC 6121 §4.7.2.3. What is no number counts as none was given: an agent must not go unseen for a typing error.
fn priority(stanza: &Stanza<'_>) -> i8 {
    xml::child_text(stanza.root(), "priority").and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// RFC 6121 §4.7.2.1. What is no word of it counts as none was given, likewise.
fn show(stanza: &Stanza<'_>) -> Show {
    xml::child_text(stanza.root(), "show").and_then(|word| Show::from_word(&word)).unwrap_or(Show::Online)
}

/// XEP-0256: the client tells how many seconds ago it was here last.
fn since(stanza: &Stanza<'_>) -> Option<jiff::Timestamp> {
    let last = stanza.root().children().find(|child| child.has_tag_name((ns::LAST, "query")))?;
    let ago = jiff::SignedDuration::from_secs(last.attribute("seconds")?.parse().ok()?);
    jiff::Timestamp::now().checked_sub(ago).ok()
}

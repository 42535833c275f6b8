//! One XMPP session, whatever carries it.

use crate::outlet::{Ending, Outlet, ToSession};
use crate::router::ToRouter;
use crate::service::Context;
use crate::sign_in::SignIn;
use crate::visit::{Polls, Visit};
use bosh::Reason;
use bytes::Bytes;
use std::sync::Arc;
use xmpp::payload::{self, Request};
use xmpp::{
    Condition, Features, FullJid, Head, Kind, Output, Stanza, StanzaError, Stream, StreamError, ns, reply,
};

/// What a session asks of its transport.
pub(crate) trait Transport {
    /// Sends a stanza.
    fn send(&mut self, stanza: bosh::Stanza);
    /// The next thing the client opens is an encrypted stream.
    fn start_tls(&mut self) {}
    /// The next thing the client opens is a fresh stream.
    fn restart(&mut self) {}
    /// Ends it.
    fn end(&mut self, ending: Ending);
}

/// A client's session: negotiation, then requests. What needs more than the session itself goes to the router.
pub(crate) struct Session {
    context: Arc<Context>,
    stream: Stream,
    outlet: Outlet,
    /// Tells this session from an older one with the same address.
    key: u64,
    /// Set once a resource was asked for, so that the router is told of the end even if the answer is on its way.
    known_to_router: bool,
    /// Until the client has an address.
    sign_in: Option<Box<SignIn>>,
    pub(crate) visit: Visit,
}

impl Session {
    pub(crate) fn new(
        context: Arc<Context>,
        features: Features,
        outlet: Outlet,
        key: u64,
        visit: Visit,
    ) -> Self {
        let stream = Stream::new(&context.config.domain, features);
        let sign_in = Some(Box::default());
        Self { context, stream, outlet, key, known_to_router: false, sign_in, visit }
    }

    pub(crate) fn jid(&self) -> Option<&FullJid> {
        self.stream.jid()
    }

    pub(crate) fn handle_open(&mut self, transport: &mut impl Transport) {
        if let Some(sign_in) = &self.sign_in {
            self.stream.set_offer(sign_in.offer(&self.context.credentials));
        }
        self.stream.handle_open();
        self.drain(transport);
    }

    pub(crate) fn handle_encrypted(&mut self) {
        self.stream.handle_encrypted();
    }

    pub(crate) fn handle_element(&mut self, bytes: Bytes, transport: &mut impl Transport) {
        self.stream.handle_element(bytes);
        self.drain(transport);
    }

    pub(crate) fn handle_close(&mut self, transport: &mut impl Transport) {
        self.stream.handle_close();
        self.drain(transport);
    }

    /// A message from the rest of the service.
    pub(crate) fn handle_message(&mut self, message: ToSession, transport: &mut impl Transport) {
        match message {
            ToSession::Stepped(stepped) => {
                if let Some(sign_in) = &mut self.sign_in {
                    self.stream.handle_step(sign_in.stepped(stepped));
                }
            }
            ToSession::Bound(outcome) => {
                self.stream.handle_bound(outcome);
                if let Some(jid) = self.stream.jid() {
                    self.sign_in = None;
                    self.visit.note_opened(&self.context, jid);
                }
            }
            ToSession::Deliver(stanza) => {
                self.visit.counts.deliveries += 1;
                transport.send(stanza);
            }
            ToSession::End(ending) => transport.end(ending),
        }
        self.drain(transport);
    }

    /// The session is over: whatever it had is given back.
    pub(crate) fn handle_ended(&self) {
        if self.known_to_router {
            self.context.to_router_or_log(ToRouter::Gone { key: self.key });
        }
    }

    /// The session is over: what is left of it goes into the books.
    pub(crate) fn note_ended(&self, reason: Reason, error: Option<StreamError>, polls: Polls) {
        let condition = error.map(StreamError::condition);
        self.visit.note_ended(&self.context, self.jid(), reason, condition, polls);
    }

    fn drain(&mut self, transport: &mut impl Transport) {
        while let Some(output) = self.stream.poll_output() {
            match output {
                Output::Send(bytes) => transport.send(bytes.into()),
                Output::StartTls => transport.start_tls(),
                Output::Restart => transport.restart(),
                Output::Authenticate { mechanism, initial } => {
                    if let Some(sign_in) = &mut self.sign_in {
                        let chosen = (mechanism, initial);
                        sign_in.authenticate(&self.context, &self.outlet, &self.visit.client, chosen);
                    }
                }
                Output::Respond(message) => {
                    if let Some(sign_in) = &mut self.sign_in {
                        sign_in.respond(&self.context, &self.outlet, &self.visit.client, message);
                    }
                }
                Output::Bind { user, resource } => {
                    self.known_to_router = true;
                    let outlet = self.outlet.clone();
                    self.ask_router(ToRouter::Bind { user, resource, outlet, key: self.key }, transport);
                }
                Output::Stanza(bytes) => {
                    if let Err(error) = self.stanza(&bytes, transport) {
                        transport.end(Ending { reason: Reason::StreamError, error: Some(error) });
                    }
                }
                Output::End(None) => transport.end(Ending { reason: Reason::ClientTerminate, error: None }),
                Output::End(error) => transport.end(Ending { reason: Reason::StreamError, error }),
            }
        }
    }

    fn ask_router(&self, message: ToRouter, transport: &mut impl Transport) {
        if self.context.router.try_send(message).is_err() {
            tracing::error!("the router is overloaded: a session is ended");
            transport.end(Ending { reason: Reason::InternalError, error: None });
        }
    }

    /// A stanza of an established client (RFC 6120 §8, §10).
    fn stanza(&mut self, bytes: &Bytes, transport: &mut impl Transport) -> Result<(), StreamError> {
        let Some(jid) = self.stream.jid() else { return Ok(()) };
        let stanza = Stanza::parse(bytes)?;
        let head = stanza.head().ok_or(StreamError::UnsupportedStanzaType)?;
        if let Some(from) = &head.from
            && !jid.as_str().eq_ignore_ascii_case(from)
            && !jid.to_bare().as_str().eq_ignore_ascii_case(from)
        {
            return Err(StreamError::InvalidFrom);
        }
        match (head.kind, head.type_.as_deref()) {
            (Kind::Iq, Some("result" | "error")) => {}
            (Kind::Iq, type_) => match self.iq(&head, type_, &stanza) {
                Ok(Answer::Here(answer)) => transport.send(answer.into()),
                Ok(Answer::Router(request)) => {
                    let message = ToRouter::Request { key: self.key, jid: jid.clone(), head, request };
                    self.ask_router(message, transport);
                }
                Err(error) => transport.send(reply::error(&head, Some(jid.as_str()), error).into()),
            },
            (Kind::Presence, None) if head.to.is_none() => {
                self.ask_router(ToRouter::Presence { key: self.key, available: true }, transport);
            }
            (Kind::Presence, Some("unavailable")) if head.to.is_none() => {
                self.ask_router(ToRouter::Presence { key: self.key, available: false }, transport);
            }
            // directed presence and subscriptions: there is nobody to tell
            (Kind::Presence, _) | (Kind::Message, Some("error")) => {}
            (Kind::Message, _) => {
                let error = reply::error(&head, Some(jid.as_str()), Condition::ServiceUnavailable);
                transport.send(error.into());
            }
        }
        Ok(())
    }

    fn iq(&self, head: &Head, type_: Option<&str>, stanza: &Stanza<'_>) -> Result<Answer, StanzaError> {
        let (Some(type_ @ ("get" | "set")), Some(_), Some(payload)) = (type_, &head.id, stanza.payload())
        else {
            return Err(Condition::BadRequest.into());
        };
        let config = &self.context.config;
        let request = payload::request(type_, payload)?;
        let to = head.to.as_deref().unwrap_or(&config.domain);
        if to.eq_ignore_ascii_case(&config.pubsub_domain) {
            return match request {
                Request::DiscoInfo(_) | Request::DiscoItems(_) | Request::Pubsub(_) => {
                    Ok(Answer::Router(request))
                }
                Request::Ping => {
                    Ok(Answer::Here(reply::empty_result(head, self.jid().map(|jid| jid.as_str()))))
                }
                _ => Err(Condition::ServiceUnavailable.into()),
            };
        }
        let own = self.jid().is_some_and(|jid| jid.to_bare().as_str().eq_ignore_ascii_case(to));
        if !own && !to.eq_ignore_ascii_case(&config.domain) {
            return Err(Condition::ServiceUnavailable.into());
        }
        self.server_iq(head, request).map(Answer::Here)
    }

    /// What the server itself answers.
    fn server_iq(&self, head: &Head, request: Request) -> Result<Bytes, StanzaError> {
        let config = &self.context.config;
        let to = self.jid().map(|jid| jid.as_str());
        Ok(match request {
            Request::Ping | Request::Session => reply::empty_result(head, to),
            Request::DiscoInfo(None) => reply::result(head, to, |writer| {
                let features = [ns::DISCO_INFO, ns::DISCO_ITEMS, ns::PING, ns::TIME, ns::VERSION];
                payload::disco_info(writer, None, &[("server", "im", "Aplomb")], &features);
            }),
            Request::DiscoItems(None) => reply::result(head, to, |writer| {
                payload::disco_items(writer, None, &[(&config.pubsub_domain, None)]);
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
            Request::DiscoInfo(Some(_)) | Request::DiscoItems(Some(_)) => {
                return Err(Condition::ItemNotFound.into());
            }
            Request::Pubsub(_) => return Err(Condition::ServiceUnavailable.into()),
        })
    }
}

enum Answer {
    Here(Bytes),
    Router(Request),
}

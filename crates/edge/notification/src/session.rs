//! One XMPP session, whatever carries it.

mod client_state;
mod management;
mod requests;

use self::client_state::Hidden;
use self::management::{HeldBack, Managed};
use crate::detached::Line;
use crate::limits::{BACKLOG_NEAR_LIMIT, LANG_BYTES_MAX};
use crate::outlet::{Ending, Outlet, Relay, ToSession};
use crate::recorder::Passing;
use crate::router::ToRouter;
use crate::service::Context;
use crate::sign_in::SignIn;
use crate::story::Sign;
use crate::visit::{Polls, Visit};
use accounts::ChannelBindings;
use bosh::Reason;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Instant;
use xmpp::payload::Management;
use xmpp::{Condition, Features, FullJid, Head, Output, Stanza, Stream, StreamError, ns};

/// What a session asks of its transport.
pub(crate) trait Transport {
    /// Sends a stanza.
    fn send(&mut self, stanza: bosh::Stanza);
    /// Whether little enough waits for the client that what other users send may be added.
    fn has_room(&self) -> bool {
        true
    }
    /// From now on the session in its place has these channels.
    fn take_over(&mut self, _: Line) {}
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
    /// When what the client signed in with is no longer good.
    expires: Option<Instant>,
    /// Until the client has an address.
    sign_in: Option<Box<SignIn>>,
    pub(crate) visit: Visit,
    /// Set while nobody looks at the client (XEP-0352).
    hidden: Option<Box<Hidden>>,
    /// Set from `<enable/>` on (XEP-0198).
    managed: Option<Box<Managed>>,
    held_back: Option<Box<HeldBack>>,
    /// The language of the client's stream, for stanzas that name none.
    lang: Option<Box<str>>,
}

impl Session {
    pub(crate) fn new(
        context: Arc<Context>,
        features: Features,
        outlet: Outlet,
        key: u64,
        visit: Visit,
    ) -> Self {
        let mut stream = Stream::new(&context.config.domain, features).with_limits(context.config.limits.xml);
        if matches!(outlet, Outlet::Task { .. }) {
            stream.offer_management();
        }
        let sign_in = Some(Box::default());
        Self {
            context,
            stream,
            outlet,
            key,
            known_to_router: false,
            expires: None,
            sign_in,
            visit,
            hidden: None,
            managed: None,
            held_back: None,
            lang: None,
        }
    }

    pub(crate) fn jid(&self) -> Option<&FullJid> {
        self.stream.jid()
    }

    /// The connection is encrypted, and this is what a sign-in can be bound to.
    pub(crate) fn set_bindings(&mut self, bindings: ChannelBindings) {
        if let Some(sign_in) = &mut self.sign_in {
            sign_in.set_bindings(bindings);
        }
    }

    /// The client opened its stream, or opened it anew, in a language perhaps.
    pub(crate) fn handle_open(&mut self, lang: Option<String>, transport: &mut impl Transport) {
        if let Some(lang) = lang.filter(|lang| !lang.is_empty() && lang.len() <= LANG_BYTES_MAX) {
            self.lang = Some(lang.into());
        }
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
        let is_stanza =
            matches!(message, ToSession::Deliver(_) | ToSession::Presence { .. } | ToSession::Relay(_));
        let message = if is_stanza && self.held_back.is_some() {
            let Some(message) = self.held(message, transport) else { return };
            message
        } else {
            message
        };
        match message {
            ToSession::Stepped(stepped) => {
                if let Some(sign_in) = &mut self.sign_in {
                    self.expires = stepped.expires();
                    self.stream.handle_step(sign_in.stepped(stepped));
                }
            }
            ToSession::Bound(outcome) => {
                self.stream.handle_bound(outcome);
                if let Some(jid) = self.stream.jid() {
                    self.sign_in = None;
                    self.visit.note_opened(&self.context, jid);
                    self.hold_back();
                }
            }
            ToSession::Deliver(stanza) => self.send(stanza, None, transport),
            ToSession::Presence { from, stanza } => self.deliver_presence(from, stanza, transport),
            ToSession::Relay(relay) => self.deliver_relay(*relay, transport),
            ToSession::Claimed { handover, previd, h } => self.claimed(handover, &previd, h, transport),
            ToSession::End(ending) => self.end(ending, transport),
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

    /// Something that may explain the session's end.
    pub(crate) fn remark(&mut self, now: Instant, sign: Sign) {
        self.visit.remark(now, &self.context, self.stream.jid(), sign);
    }

    /// So many stanzas wait for the client, of so many that may.
    pub(crate) fn note_waiting(&mut self, (stanzas, max): (usize, usize)) {
        if stanzas as f64 >= max as f64 * BACKLOG_NEAR_LIMIT {
            self.remark(Instant::now(), Sign::Backlog { stanzas });
        }
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
                Output::Resume { user, previd, h } => self.claim(&user, previd, h),
                Output::Stanza(bytes) => {
                    if let Err(error) = self.element(&bytes, transport) {
                        self.end(Ending { reason: Reason::StreamError, error: Some(error) }, transport);
                    }
                    self.release_when_spoken(transport);
                }
                Output::End(None) => {
                    self.end(Ending { reason: Reason::ClientTerminate, error: None }, transport);
                }
                Output::End(error) => self.end(Ending { reason: Reason::StreamError, error }, transport),
            }
        }
    }

    /// One element of an established client.
    fn element(&mut self, bytes: &Bytes, transport: &mut impl Transport) -> Result<(), StreamError> {
        let stanza = Stanza::parse_within(bytes, &self.context.config.limits.xml)?;
        match stanza.name() {
            (ns::CLIENT_STATE, "inactive") => {
                self.hidden.get_or_insert_default();
                Ok(())
            }
            (ns::CLIENT_STATE, "active") => {
                self.send_deferred(transport);
                self.hidden = None;
                Ok(())
            }
            (ns::MANAGEMENT, _) => self.manage(Management::read(&stanza)?, transport),
            _ => {
                self.stanza(bytes, &stanza, transport)?;
                self.count_stanza();
                Ok(())
            }
        }
    }

    fn end(&mut self, ending: Ending, transport: &mut impl Transport) {
        self.visit.condition = ending.error.map(StreamError::condition);
        transport.end(ending);
    }

    fn ask_router(&self, message: ToRouter, transport: &mut impl Transport) {
        if self.context.router.try_send(message).is_err() {
            tracing::error!("the router is overloaded: a session is ended");
            transport.end(Ending { reason: Reason::InternalError, error: None });
        }
    }

    /// Sends a stanza.
    fn send(
        &mut self,
        stanza: bosh::Stanza,
        bounce: Option<Box<(FullJid, Head)>>,
        transport: &mut impl Transport,
    ) {
        if self.holds_answers()
            && bounce.is_none()
            && self.held(ToSession::Deliver(stanza.clone()), transport).is_none()
        {
            return;
        }
        self.visit.counts.deliveries += 1;
        // BOSH has whole answers to record
        if matches!(self.outlet, Outlet::Task { .. }) {
            self.visit.recorder.note(Instant::now(), true, None, Passing::Stanza, stanza.len());
        }
        match self.keep(&stanza, bounce) {
            Ok(()) => transport.send(stanza),
            Err(ending) => transport.end(ending),
        }
        self.ask_for_ack(transport);
    }

    fn deliver_presence(&mut self, from: String, stanza: bosh::Stanza, transport: &mut impl Transport) {
        match &mut self.hidden {
            None => self.send(stanza, None, transport),
            Some(hidden) => {
                if hidden.defer(from, stanza) {
                    self.send_deferred(transport);
                }
            }
        }
    }

    fn send_deferred(&mut self, transport: &mut impl Transport) {
        let deferred = self.hidden.as_mut().map(|hidden| hidden.take()).unwrap_or_default();
        for stanza in deferred {
            self.send(stanza, None, transport);
        }
    }

    /// What another user sent, unless this client is behind already. Its presence comes before it, as it was sent
    /// (RFC 6120 §10.1).
    fn deliver_relay(&mut self, relay: Relay, transport: &mut impl Transport) {
        if transport.has_room() {
            self.send_deferred(transport);
            self.send(relay.stanza, relay.bounce.map(Box::new), transport);
        } else if let Some((sender, head)) = relay.bounce {
            let condition = Condition::ResourceConstraint;
            self.context.to_router_or_log(ToRouter::Undelivered { sender, head: Box::new(head), condition });
        }
    }
}

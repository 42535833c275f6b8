//! Negotiation: TLS, SASL, restart, resource binding (RFC 6120 §5–7).
//!
//! One [`Stream`] serves every transport; the transport says when a stream was opened or restarted and carries
//! the outputs. After each `handle_*` the owner drains [`Stream::poll_output`].

use crate::limits::{SASL_FAILURES_MAX, WAITING_STANZAS_MAX};
use crate::payload::{self, Management};
use crate::sasl::{self, Condition, Failure, Message, Offer, Step};
use crate::{Condition as StanzaCondition, FullJid, Head, Kind, Stanza, StanzaError, StreamError, ns, reply};
use bytes::Bytes;
use std::collections::VecDeque;
use xml::{Layout, Writer};

/// What is offered before authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// Only STARTTLS, and it is required.
    TlsRequired,
    /// STARTTLS or SASL (an option for old clients that cannot do TLS).
    TlsOptional,
    /// SASL: the transport is encrypted, or its encryption is not this stream's business.
    Sasl,
}

/// What the owner must do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes.
    Send(Bytes),
    /// What was sent so far asks the client to begin the TLS handshake; then the client opens the stream anew.
    StartTls,
    /// The client signed in and opens the stream anew (on TCP with a fresh [`crate::Framer`]).
    Restart,
    /// The client signs in by this mechanism, which was offered, perhaps with its first message: make a step and
    /// call [`Stream::handle_step`]. An exchange that is not at its end is to be forgotten.
    Authenticate {
        /// The mechanism's name.
        mechanism: &'static str,
        /// The client's first message.
        initial: Option<Message>,
    },
    /// The client answers the challenge: make the next step and call [`Stream::handle_step`].
    Respond(Message),
    /// Bind this resource, or one of the server's choice, and call [`Stream::handle_bound`].
    Bind {
        /// Whose.
        user: String,
        /// The resource the client wishes.
        resource: Option<String>,
    },
    /// The client wants to go on with an earlier session instead of binding a resource (XEP-0198 §5): put that
    /// session in this one's place, with what [`Stream::into_waiting`] holds, or call
    /// [`Stream::handle_not_resumed`].
    Resume {
        /// Whose.
        user: String,
        /// Which.
        previd: String,
        /// How many stanzas the client handled there, modulo 2^32.
        h: u32,
    },
    /// A stanza of an established client.
    Stanza(Bytes),
    /// The stream is at its end: with an error to be sent, or by the client's wish.
    End(Option<StreamError>),
}

#[derive(Debug)]
enum Phase {
    /// Waits for the stream header.
    Opening,
    /// Features were sent; waits for `<starttls/>` or `<auth/>`.
    Authenticating,
    /// The client has to answer a challenge.
    Challenged,
    /// The owner makes a step of SASL.
    Stepping,
    /// Signed in; waits for the stream to be opened anew.
    AwaitingRestart { user: String },
    /// Waits for the bind request.
    Binding { user: String },
    /// A resource is being bound.
    AwaitingBound { user: String, request: Head },
    /// An earlier session is looked for.
    Resuming { user: String },
    /// Everything is a stanza.
    Established,
    /// Over.
    Ended,
}

/// The negotiation of one stream.
#[derive(Debug)]
pub struct Stream {
    domain: String,
    features: Features,
    offer: Offer,
    phase: Phase,
    jid: Option<FullJid>,
    waiting: VecDeque<Bytes>,
    outputs: VecDeque<Output>,
    failures: u32,
    manages: bool,
    limits: xml::Limits,
}

impl Stream {
    /// A stream to this domain.
    pub fn new(domain: &str, features: Features) -> Self {
        Self {
            domain: domain.to_owned(),
            features,
            offer: Offer::default(),
            phase: Phase::Opening,
            jid: None,
            waiting: VecDeque::new(),
            outputs: VecDeque::new(),
            failures: 0,
            manages: false,
            limits: xml::Limits::CLIENT,
        }
    }

    /// The same with other limits for what the client sends while it negotiates.
    pub fn with_limits(self, limits: xml::Limits) -> Self {
        Self { limits, ..self }
    }

    /// Offers stream management (XEP-0198). Not for BOSH, which acknowledges and resumes by itself.
    pub fn offer_management(&mut self) {
        self.manages = true;
    }

    /// Whether stream management is offered.
    pub fn offers_management(&self) -> bool {
        self.manages
    }

    /// What the next features offer for signing in. It may depend on the transport: ask again after TLS.
    pub fn set_offer(&mut self, offer: Offer) {
        self.offer = offer;
    }

    /// The address of the client once it is established, and after the end: who it was that left.
    pub fn jid(&self) -> Option<&FullJid> {
        self.jid.as_ref()
    }

    /// The stream was opened, or opened anew after TLS or SASL; sends the features. The transport has sent its
    /// own header before. `to` need not be our domain (`COMPAT(finesse)`: clients address streams to the
    /// server's IP and learn the domain from the answer).
    pub fn handle_open(&mut self) {
        match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Opening | Phase::Authenticating => {
                self.send(self.features_before_sign_in());
                self.phase = Phase::Authenticating;
            }
            Phase::AwaitingRestart { user } | Phase::Binding { user } => {
                self.send(features_after_sign_in(self.manages));
                self.phase = Phase::Binding { user };
            }
            Phase::Ended => {}
            // a second header in the middle of a stream
            _ => self.end(Some(StreamError::BadFormat)),
        }
    }

    /// The transport is encrypted from now on: the client opens the stream anew.
    pub fn handle_encrypted(&mut self) {
        self.features = Features::Sasl;
        self.phase = Phase::Opening;
    }

    /// One child of the stream.
    pub fn handle_element(&mut self, bytes: Bytes) {
        match &self.phase {
            Phase::Established => self.outputs.push_back(Output::Stanza(bytes)),
            Phase::Stepping | Phase::AwaitingBound { .. } | Phase::Resuming { .. } => {
                if self.waiting.len() >= WAITING_STANZAS_MAX {
                    self.end(Some(StreamError::PolicyViolation("too many stanzas before the answer")));
                } else {
                    self.waiting.push_back(bytes);
                }
            }
            Phase::Ended => {}
            _ => {
                if let Err(error) = self.negotiate(&bytes) {
                    self.end(Some(error));
                }
            }
        }
    }

    /// The client closed the stream.
    pub fn handle_close(&mut self) {
        self.end(None);
    }

    /// The answer to [`Output::Authenticate`] and [`Output::Respond`].
    pub fn handle_step(&mut self, step: Step) {
        if !matches!(self.phase, Phase::Stepping) {
            return;
        }
        match step {
            Step::Challenge(data) => {
                self.send(sasl::challenge(&data));
                self.phase = Phase::Challenged;
            }
            Step::Success { user, data } => {
                self.send(sasl::success(data.as_deref()));
                self.phase = Phase::AwaitingRestart { user };
                self.outputs.push_back(Output::Restart);
            }
            Step::Failure(failure) => self.fail(failure),
        }
        self.continue_waiting();
    }

    /// The answer to [`Output::Bind`].
    pub fn handle_bound(&mut self, outcome: Result<FullJid, StanzaError>) {
        let phase = std::mem::replace(&mut self.phase, Phase::Ended);
        let Phase::AwaitingBound { user, request } = phase else {
            self.phase = phase;
            return;
        };
        match outcome {
            Ok(jid) => {
                let full = jid.to_string();
                self.send(reply::result(&request, Some(&full), |writer| {
                    writer.open("bind").attribute("xmlns", ns::BIND).leaf("jid", &full);
                }));
                self.jid = Some(jid);
                self.phase = Phase::Established;
            }
            Err(error) => {
                self.send(reply::error(&request, None, error));
                self.phase = Phase::Binding { user };
            }
        }
        self.continue_waiting();
    }

    /// The session that [`Output::Resume`] asked for is not there: the client may bind a resource instead. `handled` is
    /// how many of the client's stanzas it had handled, if that is still known.
    pub fn handle_not_resumed(&mut self, handled: Option<u32>) {
        let phase = std::mem::replace(&mut self.phase, Phase::Ended);
        let Phase::Resuming { user } = phase else {
            self.phase = phase;
            return;
        };
        self.send(payload::management_failed(StanzaCondition::ItemNotFound, handled));
        self.phase = Phase::Binding { user };
        self.continue_waiting();
    }

    /// What the client sent ahead, for the session that takes this one's place.
    pub fn into_waiting(self) -> impl Iterator<Item = Bytes> {
        self.waiting.into_iter()
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn send(&mut self, bytes: Bytes) {
        self.outputs.push_back(Output::Send(bytes));
    }

    fn end(&mut self, error: Option<StreamError>) {
        self.phase = Phase::Ended;
        self.waiting.clear();
        self.outputs.push_back(Output::End(error));
    }

    /// Takes up what the client sent ahead, until something must be waited for again.
    fn continue_waiting(&mut self) {
        while !matches!(self.phase, Phase::Stepping | Phase::AwaitingBound { .. } | Phase::Resuming { .. }) {
            let Some(bytes) = self.waiting.pop_front() else { return };
            self.handle_element(bytes);
        }
    }

    fn negotiate(&mut self, bytes: &Bytes) -> Result<(), StreamError> {
        let stanza = Stanza::parse_within(bytes, &self.limits)?;
        match (stanza.name(), &self.phase) {
            (_, Phase::Opening) => Err(StreamError::BadFormat),
            ((ns::TLS, "starttls"), Phase::Authenticating) => self.start_tls(),
            ((ns::SASL, "auth"), Phase::Authenticating) => self.authenticate(&stanza),
            ((ns::SASL, "response"), Phase::Challenged) => {
                match Message::decode(stanza.root().text()) {
                    Ok(message) => {
                        self.phase = Phase::Stepping;
                        self.outputs.push_back(Output::Respond(message.unwrap_or_else(Message::empty)));
                    }
                    Err(failure) => self.fail(failure),
                }
                Ok(())
            }
            ((ns::SASL, "abort"), Phase::Authenticating | Phase::Challenged) => {
                self.fail(Condition::Aborted.into());
                Ok(())
            }
            ((ns::SASL, "auth" | "response"), Phase::Authenticating | Phase::Challenged) => {
                let text = Some("out of turn: <auth/> begins, <response/> answers a challenge");
                self.fail(Failure { condition: Condition::MalformedRequest, text });
                Ok(())
            }
            ((ns::CLIENT, "iq"), Phase::AwaitingRestart { user } | Phase::Binding { user }) => {
                let user = user.clone();
                self.bind(&stanza, user)
            }
            ((ns::MANAGEMENT, "resume"), Phase::AwaitingRestart { user } | Phase::Binding { user })
                if self.manages =>
            {
                let user = user.clone();
                self.resume(&stanza, user)
            }
            // out of turn, or not offered: no reason to end the stream (XEP-0198 §3, §5)
            ((ns::MANAGEMENT, "enable" | "resume"), _) => {
                self.send(payload::management_failed(StanzaCondition::UnexpectedRequest, None));
                Ok(())
            }
            ((ns::CLIENT, _), _) => Err(StreamError::NotAuthorized),
            _ => Err(StreamError::UnsupportedStanzaType),
        }
    }

    fn start_tls(&mut self) -> Result<(), StreamError> {
        let mut writer = Writer::new(Layout::Compact);
        if self.features == Features::Sasl {
            writer.open("failure").attribute("xmlns", ns::TLS);
            self.send(writer.finish().0.into());
            self.end(None);
            return Ok(());
        }
        writer.open("proceed").attribute("xmlns", ns::TLS);
        self.send(writer.finish().0.into());
        self.outputs.push_back(Output::StartTls);
        Ok(())
    }

    fn authenticate(&mut self, stanza: &Stanza<'_>) -> Result<(), StreamError> {
        let named = stanza.root().attribute("mechanism");
        let offered = self.offer.mechanisms.iter().copied().find(|name| Some(*name) == named);
        let initial = Message::decode(stanza.root().text());
        match (offered, initial) {
            _ if self.features == Features::TlsRequired => {
                self.fail(Failure { condition: Condition::EncryptionRequired, text: Some("STARTTLS first") });
            }
            (None, _) => self.fail(Condition::InvalidMechanism.into()),
            (_, Err(failure)) => self.fail(failure),
            (Some(mechanism), Ok(initial)) => {
                self.phase = Phase::Stepping;
                self.outputs.push_back(Output::Authenticate { mechanism, initial });
            }
        }
        Ok(())
    }

    fn fail(&mut self, failure: Failure) {
        self.send(failure.to_bytes());
        self.phase = Phase::Authenticating;
        self.failures += 1;
        if self.failures >= SASL_FAILURES_MAX {
            self.end(Some(StreamError::PolicyViolation("too many failed sign-ins")));
        }
    }

    /// `COMPAT(finesse)`: JabberWerx goes on to bind if its restart is not answered within two seconds, so a bind
    /// before the restart is taken too.
    fn bind(&mut self, stanza: &Stanza<'_>, user: String) -> Result<(), StreamError> {
        let request = stanza.head().filter(|head| head.kind == Kind::Iq).ok_or(StreamError::BadFormat)?;
        let payload = stanza.payload();
        let name = payload.map(|payload| (payload.tag_name().namespace(), payload.tag_name().name()));
        if name != Some((Some(ns::BIND), "bind")) || request.type_.as_deref() != Some("set") {
            return Err(StreamError::NotAuthorized);
        }
        let resource =
            payload.and_then(|bind| xml::child_text(bind, "resource")).filter(|text| !text.is_empty());
        self.phase = Phase::AwaitingBound { user: user.clone(), request };
        self.outputs.push_back(Output::Bind { user, resource });
        Ok(())
    }

    fn resume(&mut self, stanza: &Stanza<'_>, user: String) -> Result<(), StreamError> {
        if let Management::Resume { previd, h } = Management::read(stanza)? {
            self.outputs.push_back(Output::Resume { user: user.clone(), previd, h });
            self.phase = Phase::Resuming { user };
        }
        Ok(())
    }

    fn features_before_sign_in(&self) -> Bytes {
        let mut writer = features();
        if self.features != Features::Sasl {
            writer.open("starttls").attribute("xmlns", ns::TLS);
            if self.features == Features::TlsRequired {
                writer.open("required").close();
            }
            writer.close();
        }
        if self.features != Features::TlsRequired {
            writer.open("mechanisms").attribute("xmlns", ns::SASL);
            for mechanism in &self.offer.mechanisms {
                writer.leaf("mechanism", mechanism);
            }
            writer.close();
            self.write_bindings(&mut writer);
        }
        writer.finish().0.into()
    }

    /// XEP-0440: without it clients guess which channel bindings we know.
    fn write_bindings(&self, writer: &mut Writer) {
        if self.offer.bindings.is_empty() {
            return;
        }
        writer.open("sasl-channel-binding").attribute("xmlns", ns::CHANNEL_BINDING);
        for type_ in &self.offer.bindings {
            writer.open("channel-binding").attribute("type", type_).close();
        }
        writer.close();
    }

    /// The domain this stream is to.
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

/// `<stream:features>` with the literal prefix, without a declaration of its own: JabberWerx wants it so, and the
/// header or the BOSH body declares the prefix.
fn features() -> Writer {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("stream:features");
    writer
}

fn features_after_sign_in(manages: bool) -> Bytes {
    let mut writer = features();
    writer.open("bind").attribute("xmlns", ns::BIND).close();
    // RFC 3921's session does nothing any more; `optional` tells newer clients to leave it out
    writer.open("session").attribute("xmlns", ns::SESSION).open("optional").close().close();
    if manages {
        writer.open("sm").attribute("xmlns", ns::MANAGEMENT).close();
    }
    writer.open("csi").attribute("xmlns", ns::CLIENT_STATE).close();
    writer.finish().0.into()
}

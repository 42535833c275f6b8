//! One session and the HTTP requests around it, in virtual time.

use aplomb_bosh::{Answer, Body, Output, Policy, Reason, Refusal, RequestId, Session, Stanza, StreamId};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The rid of the session creation request.
pub(crate) const RID: u64 = 2_779_414_700;
pub(crate) const SID: &str = "a1b2c3d4";
pub(crate) const EMPTY: &str = r#"<body xmlns="http://jabber.org/protocol/httpbind"></body>"#;
pub(crate) const FEATURES: &str =
    r#"<stream:features><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"></bind></stream:features>"#;

/// A server's session, what came out of it, and the clock.
pub(crate) struct Pair {
    pub(crate) start: Instant,
    pub(crate) now: Instant,
    pub(crate) session: Session,
    /// Stanzas from the client, in the order in which they came out.
    pub(crate) delivered: Vec<String>,
    /// And the streams they came on.
    pub(crate) delivered_on: Vec<StreamId>,
    pub(crate) opened: Vec<StreamId>,
    pub(crate) closed: Vec<(StreamId, Reason)>,
    pub(crate) restarted_on: Option<StreamId>,
    /// What a new stream is given at once, while the session is being drained.
    pub(crate) features: Option<&'static str>,
    pub(crate) restarts: usize,
    pub(crate) ended: Option<Reason>,
    /// A stanza from the client is answered with this at once, while the session is being drained.
    pub(crate) reply: Option<&'static str>,
    answers: BTreeMap<RequestId, Answer>,
    next_request: u64,
}

/// What clients commonly ask for.
pub(crate) fn creation() -> String {
    creation_with(r#"hold="1" ver="1.9" wait="30""#)
}

/// A session creation request with these attributes beside rid, to and the XMPP version.
pub(crate) fn creation_with(attributes: &str) -> String {
    format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" to="cc.example" {attributes} xmpp:version="1.0" rid="{RID}"/>"#
    )
}

/// A request of the session: `attributes` and `payload` beside sid and rid.
pub(crate) fn request(rid: u64, attributes: &str, payload: &str) -> String {
    format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" sid="{SID}" rid="{rid}" {attributes}>{payload}</body>"#
    )
}

/// An empty request, as the original's client writes it.
pub(crate) fn poll(rid: u64) -> String {
    format!(r#"<body xmlns="http://jabber.org/protocol/httpbind" sid="{SID}" rid="{rid}"/>"#)
}

/// A request with one stanza.
pub(crate) fn stanza(rid: u64, name: &str) -> String {
    request(rid, "", &message(name))
}

/// A stanza that can be told from others.
pub(crate) fn message(name: &str) -> String {
    format!(r#"<message xmlns="jabber:client" id="{name}"/>"#)
}

pub(crate) fn body(xml: &str) -> Body {
    Body::parse(&Bytes::copy_from_slice(xml.as_bytes()), &xml::Limits::CLIENT).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only way to have an Instant; all others are counted from it"
)]
pub(crate) fn some_instant() -> Instant {
    Instant::now()
}

pub(crate) fn create(xml: &str, policy: &Policy) -> Result<Session, Refusal> {
    Session::create(some_instant(), body(xml), SID.into(), policy, true, RequestId(0))
}

impl Pair {
    /// A session with the default policy; its creation response was read.
    pub(crate) fn new() -> Self {
        Self::with(&creation(), &Policy::default())
    }

    pub(crate) fn with(creation: &str, policy: &Policy) -> Self {
        let mut pair = Self::fresh(creation, policy);
        pair.drain();
        pair
    }

    /// Created, not yet drained.
    pub(crate) fn fresh(creation: &str, policy: &Policy) -> Self {
        let session = create(creation, policy).unwrap();
        let start = session.created();
        Self {
            start,
            now: start,
            session,
            delivered: Vec::new(),
            delivered_on: Vec::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            restarted_on: None,
            features: None,
            restarts: 0,
            ended: None,
            reply: None,
            answers: BTreeMap::new(),
            next_request: 1,
        }
    }

    /// The client sends a request; returns the connection it waits on.
    pub(crate) fn request(&mut self, xml: &str) -> RequestId {
        let request = RequestId(self.next_request);
        self.next_request += 1;
        self.session.handle_request(self.now, body(xml), request);
        self.drain();
        request
    }

    /// The client sends a request to a session that is over; returns the HTTP body that answers it.
    pub(crate) fn request_after_the_end(&mut self, xml: &str) -> String {
        self.session.handle_request(self.now, body(xml), RequestId(u64::MAX));
        let Some(Output::Respond { answer, .. }) = self.session.poll_output() else {
            panic!("every request is answered")
        };
        assert_eq!(self.session.poll_output(), None);
        String::from_utf8(answer.to_vec()).unwrap()
    }

    /// The server has a stanza for the client.
    pub(crate) fn send(&mut self, name: &str) {
        self.send_stanza(Stanza::from(message(name)));
    }

    pub(crate) fn send_stanza(&mut self, stanza: Stanza) {
        self.session.send(self.now, stanza);
        self.drain();
    }

    /// The connection of a request is cut.
    pub(crate) fn close(&mut self, request: RequestId) {
        self.session.handle_closed(self.now, request);
        self.drain();
    }

    /// Another request waits behind this one on the same connection.
    pub(crate) fn behind(&mut self, request: RequestId) {
        self.session.handle_behind(self.now, request);
        self.drain();
    }

    pub(crate) fn terminate(&mut self, reason: Reason, payload: Option<&'static str>) {
        self.session.terminate(self.now, reason, payload.map(|text| Bytes::from_static(text.as_bytes())));
        self.drain();
    }

    /// Lets time pass, stopping at each deadline on the way.
    pub(crate) fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(deadline) = self.session.poll_timeout().filter(|deadline| *deadline <= until) {
            self.now = self.now.max(deadline);
            self.session.handle_timeout(self.now);
            self.drain();
        }
        self.now = until;
    }

    pub(crate) fn pass_secs(&mut self, secs: u64) {
        self.pass(Duration::from_secs(secs));
    }

    /// The HTTP body that answered a request; `None` while it is held.
    pub(crate) fn answer(&self, request: RequestId) -> Option<String> {
        self.answers.get(&request).map(|answer| String::from_utf8(answer.to_vec()).unwrap())
    }

    /// Whether a request was told that the session, or a stream, is over.
    pub(crate) fn answers_terminate(&self, request: RequestId) -> bool {
        self.answer(request).is_some_and(|answer| answer.contains(r#" type="terminate""#))
    }

    pub(crate) fn status(&self, request: RequestId) -> Option<u16> {
        self.answers.get(&request).map(|answer| answer.status)
    }

    /// The content type of an answer, if it is not the usual one.
    pub(crate) fn content_type(&self, request: RequestId) -> Option<String> {
        self.answers[&request].content_type.as_deref().map(str::to_owned)
    }

    /// The connection of the session creation request.
    pub(crate) fn first(&self) -> RequestId {
        RequestId(0)
    }

    pub(crate) fn farewell(&self) -> String {
        String::from_utf8(self.session.farewell().unwrap().to_vec()).unwrap()
    }

    /// Does what the session asks for.
    pub(crate) fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            assert_eq!(self.ended, None, "nothing comes after the end: {output:?}");
            match output {
                Output::Deliver { stream, stanza } => {
                    self.delivered.push(String::from_utf8(stanza.to_vec()).unwrap());
                    self.delivered_on.push(stream);
                    if let Some(reply) = self.reply {
                        self.session.send_to(self.now, stream, Stanza::from(message(reply)));
                    }
                }
                Output::Open { stream, .. } => {
                    self.opened.push(stream);
                    if let Some(features) = self.features {
                        self.session.send_to(self.now, stream, Stanza::from(features));
                    }
                }
                Output::Closed { stream, reason } => self.closed.push((stream, reason)),
                Output::Restart { stream, .. } => {
                    self.restarts += 1;
                    self.restarted_on = Some(stream);
                }
                Output::Respond { request, answer } => {
                    let earlier = self.answers.insert(request, answer);
                    assert_eq!(earlier, None, "a request is answered once: {request:?}");
                }
                Output::Ended(reason) => self.ended = Some(reason),
            }
        }
    }
}

/// What the client reads for these stanzas.
pub(crate) fn carrying(names: &[&str]) -> String {
    let stanzas: String = names.iter().map(|name| message(name)).collect();
    format!(r#"<body xmlns="http://jabber.org/protocol/httpbind">{stanzas}</body>"#)
}

/// A terminate body.
pub(crate) fn terminated(condition: &str) -> String {
    format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" type="terminate" condition="{condition}"></body>"#
    )
}

/// A recoverable error.
pub(crate) fn repeat(ack: u64) -> String {
    format!(r#"<body xmlns="http://jabber.org/protocol/httpbind" type="error" ack="{ack}"></body>"#)
}

/// The same response with an acknowledgement.
pub(crate) fn with_ack(response: &str, ack: u64) -> String {
    response.replacen('>', &format!(r#" ack="{ack}">"#), 1)
}

//! HTTP responses and the `<body/>` tags in them.

use crate::{Condition, Version};
use bytes::Bytes;
use std::fmt::Write;

/// The content type of every response with a body (XEP-0124 §7.1: the default of `content`).
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// `COMPAT(finesse)`: 57 bytes, open and close tag in double quotes. Client logs and captures are searched
/// for this length.
const EMPTY: &[u8] = br#"<body xmlns="http://jabber.org/protocol/httpbind"></body>"#;
const OPEN: &[u8] = br#"<body xmlns="http://jabber.org/protocol/httpbind">"#;
/// A JabberWerx client looks for a literal `stream:features`, so the prefix is declared here and used there.
const OPEN_STREAM: &[u8] =
    br#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams">"#;
const CLOSE: &[u8] = b"</body>";

/// One HTTP response.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200, or 400, 403, 404 for clients below version 1.6 (§17.1).
    pub status: u16,
    /// The HTTP body, in parts that are written one after the other. Empty when the status says it all.
    pub segments: Vec<Bytes>,
}

impl Answer {
    /// To a request whose sid belongs to no session, not even an ended one that is still remembered.
    ///
    /// The original answers 404 without a body. We send the terminal condition of §17.2 with 200: the version
    /// of the client is unknown, Strophe gives up at once on either, and JabberWerx, which takes a 404 for a
    /// fault of the network and repeats the request for seven seconds, gives up at once on this one.
    pub fn unknown_session() -> Self {
        Self::refusal(Condition::ItemNotFound, Some(Version::CURRENT))
    }

    /// To a request that is not a BOSH body.
    pub fn bad_request() -> Self {
        Self::refusal(Condition::BadRequest, Some(Version::CURRENT))
    }

    /// To a request that starts no session, or that ends one. `version` is the client's `ver`; without one, or
    /// below 1.6, the three conditions that have an HTTP code are told by it (§17.1).
    pub fn refusal(condition: Condition, version: Option<Version>) -> Self {
        Self::terminate(Some(condition), None, version)
    }

    pub(crate) fn terminate(
        condition: Option<Condition>,
        payload: Option<&Bytes>,
        version: Option<Version>,
    ) -> Self {
        let legacy = version.is_none_or(|version| version < Version::CONDITIONS);
        if let (true, Some(status)) = (legacy, condition.and_then(Condition::legacy_status)) {
            return Self { status, segments: Vec::new() };
        }
        let mut segments = vec![terminate_tag(condition, payload.is_some())];
        segments.extend(payload.cloned());
        segments.push(Bytes::from_static(CLOSE));
        Self::ok(segments)
    }

    pub(crate) fn ok(segments: Vec<Bytes>) -> Self {
        Self { status: 200, segments }
    }

    /// The length of the HTTP body in bytes.
    pub fn len(&self) -> usize {
        self.segments.iter().map(Bytes::len).sum()
    }

    /// Whether the HTTP body is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The HTTP body in one piece (a copy).
    pub fn to_vec(&self) -> Vec<u8> {
        self.segments.concat()
    }
}

/// Lengths only: responses hold stanzas.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.len())
    }
}

/// The whole body of a response that carries nothing.
pub(crate) fn empty(ack: Option<u64>) -> Bytes {
    match ack {
        None => Bytes::from_static(EMPTY),
        Some(_) => [open_tag(false, ack).as_ref(), CLOSE].concat().into(),
    }
}

/// The start tag of an ordinary response. `ack` is the highest rid received so far, when that is not the rid
/// answered (§9.1).
pub(crate) fn open_tag(declare_stream: bool, ack: Option<u64>) -> Bytes {
    let plain = if declare_stream { OPEN_STREAM } else { OPEN };
    let Some(ack) = ack else {
        return Bytes::from_static(plain);
    };
    let mut tag = Vec::with_capacity(plain.len() + 24);
    tag.extend_from_slice(&plain[..plain.len() - 1]);
    tag.extend_from_slice(format!(" ack=\"{ack}\">").as_bytes());
    tag.into()
}

pub(crate) fn close_tag() -> Bytes {
    Bytes::from_static(CLOSE)
}

fn terminate_tag(condition: Option<Condition>, declare_stream: bool) -> Bytes {
    let plain = if declare_stream { OPEN_STREAM } else { OPEN };
    let mut tag = Vec::with_capacity(plain.len() + 64);
    tag.extend_from_slice(&plain[..plain.len() - 1]);
    tag.extend_from_slice(b" type=\"terminate\"");
    if let Some(condition) = condition {
        tag.extend_from_slice(b" condition=\"");
        tag.extend_from_slice(condition.as_str().as_bytes());
        tag.push(b'"');
    }
    tag.push(b'>');
    tag.into()
}

/// What the session creation response says (XEP-0124 §7.2, XEP-0206 §4).
pub(crate) struct Creation<'a> {
    pub(crate) from: &'a str,
    pub(crate) sid: &'a str,
    pub(crate) secure: bool,
    pub(crate) requests: u32,
    pub(crate) inactivity_secs: u32,
    pub(crate) polling_secs: u32,
    pub(crate) wait_secs: u32,
    pub(crate) hold: u32,
    pub(crate) rid: u64,
    pub(crate) maxpause_secs: u32,
    /// The version both sides follow; `None` for a client that named none.
    pub(crate) version: Option<Version>,
    /// The client speaks XMPP: it named `xmpp:version`.
    pub(crate) xmpp: bool,
}

impl Creation<'_> {
    /// The start tag. Attributes in the order of the original; those of XEP-0206 follow.
    pub(crate) fn tag(&self) -> Bytes {
        let mut tag = String::with_capacity(512);
        tag.push_str(
            r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams""#,
        );
        attribute(&mut tag, "from", self.from);
        // The original's stream id is its sid.
        attribute(&mut tag, "authid", self.sid);
        attribute(&mut tag, "sid", self.sid);
        attribute(&mut tag, "secure", if self.secure { "true" } else { "false" });
        number(&mut tag, "requests", self.requests.into());
        number(&mut tag, "inactivity", self.inactivity_secs.into());
        number(&mut tag, "polling", self.polling_secs.into());
        number(&mut tag, "wait", self.wait_secs.into());
        if let Some(version) = self.version.filter(|version| *version >= Version::CONDITIONS) {
            number(&mut tag, "hold", self.hold.into());
            number(&mut tag, "ack", self.rid);
            number(&mut tag, "maxpause", self.maxpause_secs.into());
            attribute(&mut tag, "ver", &version.to_string());
        }
        if self.xmpp {
            tag.push_str(r#" xmlns:xmpp="urn:xmpp:xbosh" xmpp:version="1.0" xmpp:restartlogic="true""#);
        }
        tag.push('>');
        tag.shrink_to_fit();
        tag.into()
    }
}

fn attribute(tag: &mut String, name: &str, value: &str) {
    let _ = write!(tag, " {name}=\"");
    xml::escape_attribute(tag, value);
    tag.push('"');
}

fn number(tag: &mut String, name: &str, value: u64) {
    let _ = write!(tag, " {name}=\"{value}\"");
}

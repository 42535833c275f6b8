//! HTTP responses and the `<body/>` tags in them.

use crate::{Condition, Version};
use bytes::Bytes;
use std::fmt::Write;
use std::time::Duration;

/// `COMPAT(finesse)`: 57 bytes, open and close tag in double quotes. Client logs and captures are searched
/// for this length.
const EMPTY: &[u8] = br#"<body xmlns="http://jabber.org/protocol/httpbind"></body>"#;
const OPEN: &str = r#"<body xmlns="http://jabber.org/protocol/httpbind">"#;
/// A JabberWerx client looks for a literal `stream:features`, so the prefix is declared here and used there.
const OPEN_STREAM: &str =
    r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams">"#;
/// What XEP-0206 adds (§4, §5).
const XMPP: &str = r#" xmlns:xmpp="urn:xmpp:xbosh" xmpp:version="1.0" xmpp:restartlogic="true""#;
const CLOSE: &[u8] = b"</body>";

/// One HTTP response.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// 200, or 400, 403, 404 for clients below version 1.6 (§17.1).
    pub status: u16,
    /// The HTTP body, in parts that are written one after the other. Empty when the status says it all.
    pub segments: Vec<Bytes>,
    /// What the client wants the content type to be (§7.1); `None` for [`crate::CONTENT_TYPE`].
    pub content_type: Option<Box<str>>,
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

    /// To a session creation request that came to the wrong place: `uri` is the right one (§17.2).
    pub fn see_other_uri(uri: &str, version: Option<Version>) -> Self {
        let mut child = String::from("<uri>");
        xml::escape_text(&mut child, uri);
        child.push_str("</uri>");
        Self::terminate(Some(Condition::SeeOtherUri), Some(&child.into()), version)
    }

    pub(crate) fn terminate(
        condition: Option<Condition>,
        payload: Option<&Bytes>,
        version: Option<Version>,
    ) -> Self {
        let legacy = version.is_none_or(|version| version < Version::CONDITIONS);
        if let (true, Some(status)) = (legacy, condition.and_then(Condition::legacy_status)) {
            return Self { status, segments: Vec::new(), content_type: None };
        }
        let tag = Tag { end: Some(condition), declare_stream: payload.is_some(), ..Tag::default() };
        let mut segments = vec![tag.to_bytes()];
        segments.extend(payload.cloned());
        segments.push(Bytes::from_static(CLOSE));
        Self::ok(segments)
    }

    pub(crate) fn ok(segments: Vec<Bytes>) -> Self {
        Self { status: 200, segments, content_type: None }
    }

    pub(crate) fn with_content_type(self, content_type: Option<&str>) -> Self {
        Self { content_type: content_type.map(Into::into), ..self }
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

/// The start tag of a response to a request that did not create the session.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tag<'a> {
    /// The response holds something with the prefix `stream`.
    pub(crate) declare_stream: bool,
    /// The session, or with `stream` that stream, is over; the condition, if there is one (§13, §17.2).
    pub(crate) end: Option<Option<Condition>>,
    /// The stream that the payload belongs to (§16.4).
    pub(crate) stream: Option<&'a str>,
    /// The stream is new.
    pub(crate) added: Option<&'a Added>,
    /// The highest rid received so far, when that is not the rid answered (§9.1).
    pub(crate) ack: Option<u64>,
    /// A response that the client seems to have missed: the rid, and how long ago it was sent (§9.2).
    pub(crate) report: Option<(u64, Duration)>,
}

/// What the response to the opening of another stream says (§16.3).
pub(crate) struct Added {
    pub(crate) from: Box<str>,
    pub(crate) secure: bool,
    /// The client named `xmpp:version`.
    pub(crate) xmpp: bool,
}

impl Tag<'_> {
    /// It has no attributes, as nearly always.
    pub(crate) fn is_plain(&self) -> bool {
        self.end.is_none()
            && self.stream.is_none()
            && self.added.is_none()
            && self.ack.is_none()
            && self.report.is_none()
    }

    pub(crate) fn to_bytes(self) -> Bytes {
        let plain = if self.declare_stream { OPEN_STREAM } else { OPEN };
        if self.is_plain() {
            return Bytes::from_static(plain.as_bytes());
        }
        let mut tag = start(plain);
        if let Some(condition) = self.end {
            attribute(&mut tag, "type", "terminate");
            if let Some(condition) = condition {
                attribute(&mut tag, "condition", condition.as_str());
            }
        }
        if let Some(stream) = self.stream {
            attribute(&mut tag, "stream", stream);
        }
        if let Some(added) = self.added {
            attribute(&mut tag, "from", &added.from);
            attribute(&mut tag, "secure", flag(added.secure));
            if added.xmpp {
                tag.push_str(XMPP);
            }
        }
        if let Some(ack) = self.ack {
            number(&mut tag, "ack", ack);
        }
        if let Some((rid, ago)) = self.report {
            number(&mut tag, "report", rid);
            number(&mut tag, "time", ago.as_millis().try_into().unwrap_or(u64::MAX));
        }
        tag.push('>');
        tag.into()
    }
}

/// The whole body of a response that carries nothing.
pub(crate) fn empty(tag: Tag<'_>) -> Bytes {
    if tag.is_plain() {
        return Bytes::from_static(EMPTY);
    }
    [tag.to_bytes().as_ref(), CLOSE].concat().into()
}

/// Whether these segments are the empty response without attributes.
pub(crate) fn is_plain_empty(segments: &[Bytes]) -> bool {
    matches!(segments, [only] if only.as_ref() == EMPTY)
}

/// The whole body of a recoverable error (§17.3).
pub(crate) fn repeat(ack: Option<u64>) -> Bytes {
    let mut tag = start(OPEN);
    attribute(&mut tag, "type", "error");
    if let Some(ack) = ack {
        number(&mut tag, "ack", ack);
    }
    tag.push_str("></body>");
    tag.into()
}

/// A start tag without its end, with room for more attributes.
fn start(plain: &str) -> String {
    let mut tag = String::with_capacity(plain.len() + 64);
    tag.push_str(plain.trim_end_matches('>'));
    tag
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

pub(crate) fn close_tag() -> Bytes {
    Bytes::from_static(CLOSE)
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
    /// The name of the first stream, if there may be others (§16.2).
    pub(crate) stream: Option<&'a str>,
    /// The content codings in which requests may come.
    pub(crate) accept: Option<&'static str>,
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
        attribute(&mut tag, "secure", flag(self.secure));
        number(&mut tag, "requests", self.requests.into());
        number(&mut tag, "inactivity", self.inactivity_secs.into());
        number(&mut tag, "polling", self.polling_secs.into());
        number(&mut tag, "wait", self.wait_secs.into());
        if let Some(version) = self.version.filter(|version| *version >= Version::CONDITIONS) {
            number(&mut tag, "hold", self.hold.into());
            number(&mut tag, "ack", self.rid);
            number(&mut tag, "maxpause", self.maxpause_secs.into());
            attribute(&mut tag, "ver", &version.to_string());
            if let Some(stream) = self.stream {
                attribute(&mut tag, "stream", stream);
            }
            if let Some(accept) = self.accept {
                attribute(&mut tag, "accept", accept);
            }
            attribute(&mut tag, "charsets", "UTF-8");
        }
        if self.xmpp {
            tag.push_str(XMPP);
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

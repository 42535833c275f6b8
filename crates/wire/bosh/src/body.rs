//! Reading `<body/>`.

use crate::{Condition, NAMESPACE, Version, limits, poll, standalone};
use bytes::Bytes;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use thiserror::Error;
use xml::Node;

/// The namespace of the `xmpp:` attributes (XEP-0206), and a misspelling of it that is in print.
const XBOSH: [&str; 2] = ["urn:xmpp:xbosh", "urn:xmpp:bosh"];
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What kind of request a body is: its `type` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No `type`: an ordinary request.
    Ordinary,
    /// `type='terminate'`: the client ends the session (XEP-0124 §13).
    Terminate,
    /// `type='error'`: the client reports a recoverable error (§17.3).
    Error,
}

/// One HTTP request of a client: the attributes of `<body/>` and what it wraps.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The session; none in a session creation request.
    pub sid: Option<String>,
    /// The request id. `None` when it is missing, not a whole number, or above 2^53-1 (§14.1): the session
    /// ends with `bad-request`.
    pub rid: Option<u64>,
    /// The `type` attribute.
    pub kind: Kind,
    /// `xmpp:restart='true'` (XEP-0206 §5).
    pub restart: bool,
    /// `pause`, in seconds (XEP-0124 §10).
    pub pause_secs: Option<u32>,
    /// The highest rid up to which the client has all responses; in a creation request any value says that
    /// it will acknowledge (§9.2).
    pub ack: Option<u64>,
    /// The key of this request, if its session is protected by a sequence of keys (§15.4).
    pub(crate) key: Option<Box<str>>,
    /// What a new sequence of keys begins with (§15.4, §15.5).
    pub(crate) newkey: Option<Box<str>>,
    /// `ver` of a creation request (§7.1).
    pub version: Option<Version>,
    /// `wait` of a creation request, in seconds.
    pub wait_secs: Option<u32>,
    /// `hold` of a creation request.
    pub hold: Option<u32>,
    /// The domain that is to be spoken with.
    pub to: Option<String>,
    /// The server that is to be spoken with, of a creation request (§7.1): `protocol:host:port`.
    pub route: Option<Box<str>>,
    /// The stream that the payload is for, or that is restarted or closed (§16).
    pub stream: Option<Box<str>>,
    /// The content type that all responses shall have (§7.1).
    pub(crate) content: Option<Box<str>>,
    /// Who the client says it is. Not authenticated.
    pub from: Option<String>,
    /// `xml:lang`.
    pub lang: Option<String>,
    /// `xmpp:version` (XEP-0206 §3).
    pub xmpp_version: Option<String>,
    /// The child elements, each as a document of its own: prefixes that `<body/>` declares are declared in
    /// them, and one without a namespace of its own is in `jabber:client`.
    pub payload: Vec<Bytes>,
    /// Tells an exact copy of a request from another one with the same rid (§14.3).
    pub(crate) fingerprint: u64,
}

/// Why a request is no BOSH body. The client is at fault in every case; the answer is
/// [`crate::Answer::bad_request`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BodyError {
    /// Not a document that we read.
    #[error(transparent)]
    Xml(#[from] xml::ReadError),
    /// The root is another element.
    #[error("the root is not a body element in the namespace {NAMESPACE}")]
    NotBody,
    /// An attribute does not hold what it should.
    #[error("the value of the attribute {name} is not {expected}")]
    Attribute {
        /// Its name.
        name: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// Text between the child elements.
    #[error("there is text directly in the body element")]
    Text,
}

impl BodyError {
    /// What the client is told.
    pub fn condition(&self) -> Condition {
        Condition::BadRequest
    }
}

impl Body {
    /// Reads one request.
    ///
    /// Children are slices of `bytes` where they stand alone as they are.
    pub fn parse(bytes: &Bytes, limits: &xml::Limits) -> Result<Self, BodyError> {
        if bytes.len() <= limits.document_bytes_max
            && let Some(poll) = poll::read(bytes)
        {
            return Self::poll(poll, fingerprint(bytes));
        }
        Self::document(bytes, limits)
    }

    /// Reads an empty poll that was recognised as such.
    fn poll(poll: poll::Poll<'_>, fingerprint: u64) -> Result<Self, BodyError> {
        Ok(Self {
            sid: poll.sid.map(str::to_owned),
            rid: poll.rid.and_then(rid),
            kind: Kind::Ordinary,
            restart: false,
            pause_secs: None,
            ack: poll.ack.map(|ack| number_of("ack", ack)).transpose()?,
            key: poll.key.map(Into::into),
            newkey: None,
            version: None,
            wait_secs: None,
            hold: None,
            to: None,
            route: None,
            stream: None,
            content: None,
            from: None,
            lang: None,
            xmpp_version: None,
            payload: Vec::new(),
            fingerprint,
        })
    }

    /// Reads any request.
    fn document(bytes: &Bytes, limits: &xml::Limits) -> Result<Self, BodyError> {
        let document = xml::Document::parse(bytes, limits)?;
        let root = document.root();
        if !root.has_tag_name((NAMESPACE, "body")) {
            return Err(BodyError::NotBody);
        }
        let own = |name: &str| root.attribute(name);
        let text = |name: &str| own(name).map(str::to_owned);
        Ok(Self {
            sid: text("sid"),
            rid: own("rid").and_then(rid),
            kind: kind(root)?,
            restart: flag(xbosh(root, "restart"), "xmpp:restart")?,
            pause_secs: secs(root, "pause")?,
            ack: number(root, "ack")?,
            key: own("key").map(Into::into),
            newkey: own("newkey").map(Into::into),
            version: own("ver").map(version).transpose()?,
            wait_secs: secs(root, "wait")?,
            hold: number(root, "hold")?.map(|hold| u32::try_from(hold).unwrap_or(u32::MAX)),
            to: text("to"),
            route: own("route").map(Into::into),
            stream: own("stream").map(Into::into),
            content: own("content").map(Into::into),
            from: text("from"),
            lang: root.attribute((XML, "lang")).map(str::to_owned),
            xmpp_version: xbosh(root, "version").map(str::to_owned),
            payload: payload(root, document.source(), bytes)?,
            fingerprint: fingerprint(bytes),
        })
    }

    /// An empty request that asks for nothing but an answer.
    pub fn is_poll(&self) -> bool {
        self.payload.is_empty() && self.kind == Kind::Ordinary && !self.restart && self.pause_secs.is_none()
    }
}

/// Sizes only: the payload of a sign-in is a password.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: usize = self.payload.iter().map(Bytes::len).sum();
        f.debug_struct("Body")
            .field("rid", &self.rid)
            .field("kind", &self.kind)
            .field("restart", &self.restart)
            .field("payload", &format_args!("{} stanzas, {bytes} bytes", self.payload.len()))
            .finish_non_exhaustive()
    }
}

fn payload(root: Node<'_, '_>, source: &str, bytes: &Bytes) -> Result<Vec<Bytes>, BodyError> {
    let mut payload = Vec::new();
    for child in root.children() {
        if child.is_element() {
            payload.push(standalone::element(child, source, bytes));
        } else if child.text().is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_whitespace())) {
            return Err(BodyError::Text);
        }
    }
    Ok(payload)
}

fn kind(root: Node<'_, '_>) -> Result<Kind, BodyError> {
    match root.attribute("type") {
        None => Ok(Kind::Ordinary),
        Some("terminate") => Ok(Kind::Terminate),
        Some("error") => Ok(Kind::Error),
        Some(_) => Err(BodyError::Attribute { name: "type", expected: "terminate or error" }),
    }
}

fn xbosh<'a>(root: Node<'a, '_>, name: &str) -> Option<&'a str> {
    XBOSH.iter().find_map(|namespace| root.attribute((*namespace, name)))
}

fn flag(value: Option<&str>, name: &'static str) -> Result<bool, BodyError> {
    match value.map(str::trim) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(BodyError::Attribute { name, expected: "true or false" }),
    }
}

fn version(value: &str) -> Result<Version, BodyError> {
    Version::parse(value).ok_or(BodyError::Attribute { name: "ver", expected: "a version such as 1.11" })
}

fn secs(root: Node<'_, '_>, name: &'static str) -> Result<Option<u32>, BodyError> {
    // Longer is as good as longest: what counts is what the policy makes of it.
    let cap = u64::from(limits::PERIOD_SECS_MAX);
    Ok(number(root, name)?.map(|secs| u32::try_from(secs.min(cap)).unwrap_or(limits::PERIOD_SECS_MAX)))
}

fn number(root: Node<'_, '_>, name: &'static str) -> Result<Option<u64>, BodyError> {
    root.attribute(name).map(|value| number_of(name, value)).transpose()
}

fn number_of(name: &'static str, value: &str) -> Result<u64, BodyError> {
    whole(value).ok_or(BodyError::Attribute { name, expected: "a whole number" })
}

fn rid(value: &str) -> Option<u64> {
    whole(value).filter(|rid| *rid <= limits::RID_MAX)
}

/// Digits, with white space around them. What does not fit becomes the largest number there is.
fn whole(value: &str) -> Option<u64> {
    let digits = value.trim_ascii();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Needs no secret: a client that finds two bodies with one fingerprint fools only its own session.
fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What polls are made of, and what they are not.
    const PIECES: [&str; 34] = [
        "<body",
        " ",
        "  ",
        "/>",
        ">",
        "></body>",
        "</body>",
        " />",
        "\n",
        "\t",
        r#" xmlns="http://jabber.org/protocol/httpbind""#,
        " xmlns='http://jabber.org/protocol/httpbind'",
        r#" xmlns="urn:other""#,
        r#" xmlns:xmpp="urn:xmpp:xbosh""#,
        r#" xmlns:xmpp="""#,
        r#" sid="a1b2""#,
        r#" sid="a&amp;b""#,
        r#" sid="a"b""#,
        r#" rid="17""#,
        " rid='18'",
        r#" rid=" 19 ""#,
        r#" rid="x""#,
        r#" rid="99999999999999999999""#,
        r#" ack="5""#,
        r#" ack="-5""#,
        r#" key="ff""#,
        r#" key="é""#,
        r#" pause="10""#,
        r#" xmpp:restart="true""#,
        r#" type="terminate""#,
        "<iq/>",
        "text",
        "<!---->",
        "\0",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

        #[test]
        fn the_short_way_reads_what_the_parser_reads(
            attributes in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6),
            end in prop::sample::select(&["/>", "></body>", " />", "/>\n", "> </body>", ">", "<iq/></body>"][..]),
        ) {
            let text = format!(r#"<body xmlns="http://jabber.org/protocol/httpbind"{}{end}"#, attributes.concat());
            let bytes = Bytes::from(text);
            prop_assert_eq!(
                Body::parse(&bytes, &xml::Limits::CLIENT),
                Body::document(&bytes, &xml::Limits::CLIENT)
            );
        }
    }

    #[test]
    fn a_poll_longer_than_the_limit_is_refused() {
        let bytes =
            Bytes::from_static(br#"<body xmlns="http://jabber.org/protocol/httpbind" sid="a" rid="1"/>"#);
        let limits = xml::Limits { document_bytes_max: bytes.len() - 1, ..xml::Limits::CLIENT };
        assert!(Body::parse(&bytes, &limits).is_err());
    }
}

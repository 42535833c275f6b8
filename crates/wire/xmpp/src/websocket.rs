//! Framing on WebSocket (RFC 7395): each message is one element that stands alone.

use crate::{Frame, Header, Stanza, StreamError, ns};
use bytes::Bytes;
use xml::{Layout, Writer};

/// The sub-protocol's name (RFC 7395 §3.1).
pub const SUB_PROTOCOL: &str = "xmpp";

/// The namespace of `<open/>` and `<close/>`.
pub const FRAMING: &str = "urn:ietf:params:xml:ns:xmpp-framing";

/// How our elements in the stream's namespace begin; what carries them elsewhere declares the prefix.
const STREAM_PREFIX: &[u8] = b"<stream:";

/// Reads one message of the client.
///
/// # Errors
/// The client is at fault: not one element, or the stream header of RFC 6120. Stanzas are not looked into; who reads
/// them finds their faults.
pub fn read(message: Bytes, limits: &xml::Limits) -> Result<Frame, StreamError> {
    // RFC 7395 §3.3.3: no white space, no declaration before the element
    if !message.starts_with(b"<") {
        return Err(StreamError::NotWellFormed);
    }
    if message.starts_with(b"<?") || message.starts_with(b"<!") {
        return Err(StreamError::RestrictedXml);
    }
    if message.starts_with(b"<stream:stream") || message.starts_with(b"</stream:stream") {
        // §3.3.2: a client that speaks as on TCP
        return Err(StreamError::InvalidNamespace);
    }
    // a stanza may hold this text too, but nothing without it is framing
    if memchr::memmem::find(&message, FRAMING.as_bytes()).is_none() {
        return Ok(Frame::Stanza(message));
    }
    framing(&message, limits).map(|frame| frame.unwrap_or(Frame::Stanza(message)))
}

fn framing(message: &Bytes, limits: &xml::Limits) -> Result<Option<Frame>, StreamError> {
    let stanza = Stanza::parse_within(message, limits)?;
    let root = stanza.root();
    if root.tag_name().namespace() != Some(FRAMING) {
        return Ok(None);
    }
    let attribute = |name: &str| root.attribute(name).map(str::to_owned);
    match root.tag_name().name() {
        "open" => Ok(Some(Frame::Header(Header {
            to: attribute("to"),
            from: attribute("from"),
            version: attribute("version"),
            lang: root.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).map(str::to_owned),
        }))),
        "close" => Ok(Some(Frame::Close)),
        _ => Err(StreamError::InvalidNamespace),
    }
}

/// Our `<open/>` (RFC 7395 §3.4).
pub fn open(domain: &str, id: &str) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("open").attribute("xmlns", FRAMING).attribute("from", domain).attribute("id", id);
    writer.attribute("version", "1.0").attribute("xml:lang", "en");
    writer.finish().0.into()
}

/// Our `<close/>` (RFC 7395 §3.6). With an address the client is to connect there instead (§3.6.1).
pub fn close(see_other_uri: Option<&str>) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("close").attribute("xmlns", FRAMING);
    if let Some(uri) = see_other_uri {
        writer.attribute("see-other-uri", uri);
    }
    writer.finish().0.into()
}

/// An element that may use the prefix `stream`, as a message of its own: it declares the prefix (RFC 7395 §3.3.3).
/// `None` when the element stands alone as it is.
pub fn stand_alone(element: &[u8]) -> Option<Bytes> {
    let name = element.strip_prefix(STREAM_PREFIX)?;
    let end = name.iter().position(|byte| matches!(byte, b' ' | b'>' | b'/'))?;
    let (tag, rest) = element.split_at(STREAM_PREFIX.len() + end);
    Some([tag, b" xmlns:stream=\"", ns::STREAM.as_bytes(), b"\"", rest].concat().into())
}

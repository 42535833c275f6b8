//! XEP-0198: the elements of stream management. None of them is a stanza.

use crate::{Condition, Stanza, StreamError, ns};
use bytes::Bytes;
use xml::{Layout, Writer};

/// What a client asks of stream management.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Management {
    /// Switch it on (XEP-0198 §3).
    Enable {
        /// Whether the client wants to resume.
        resume: bool,
        /// For how long at most, in seconds.
        max_secs: Option<u32>,
    },
    /// It wants our count (§4).
    Request,
    /// Its own count (§4).
    Answer {
        /// Stanzas handled, modulo 2^32.
        h: u32,
    },
    /// It goes on with an earlier session (§5).
    Resume {
        /// Which.
        previd: String,
        /// Stanzas handled there, modulo 2^32.
        h: u32,
    },
}

impl Management {
    /// Reads an element of the namespace `urn:xmpp:sm:3`.
    ///
    /// # Errors
    /// `bad-format` when an attribute is missing or no number, `unsupported-stanza-type` for another element.
    pub fn read(stanza: &Stanza<'_>) -> Result<Self, StreamError> {
        let root = stanza.root();
        let h = || {
            let text = root.attribute("h").map(str::trim);
            text.and_then(|text| text.parse::<u32>().ok()).ok_or(StreamError::BadFormat)
        };
        Ok(match stanza.name() {
            (ns::MANAGEMENT, "enable") => Self::Enable {
                resume: matches!(root.attribute("resume").map(str::trim), Some("true" | "1")),
                max_secs: root.attribute("max").and_then(|text| text.trim().parse().ok()),
            },
            (ns::MANAGEMENT, "r") => Self::Request,
            (ns::MANAGEMENT, "a") => Self::Answer { h: h()? },
            (ns::MANAGEMENT, "resume") => {
                let previd = root.attribute("previd").ok_or(StreamError::BadFormat)?.to_owned();
                Self::Resume { previd, h: h()? }
            }
            _ => return Err(StreamError::UnsupportedStanzaType),
        })
    }
}

/// What a client that may resume is told with `<enabled/>` (XEP-0198 §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumption {
    /// Names the session; whoever signs in as the same user and knows it may go on with it.
    pub id: String,
    /// How long the session waits for its client.
    pub max_secs: u32,
    /// Where the client had better connect, if not where it was.
    pub location: Option<String>,
}

/// `<enabled/>`, without a promise to resume when there is none.
pub fn management_enabled(resumption: Option<&Resumption>) -> Bytes {
    let mut writer = element("enabled");
    if let Some(Resumption { id, max_secs, location }) = resumption {
        writer.attribute("resume", "true").attribute("id", id).attribute("max", &max_secs.to_string());
        if let Some(location) = location {
            writer.attribute("location", location);
        }
    }
    writer.finish().0.into()
}

/// `<r/>`: a request for the client's count.
pub fn management_request() -> Bytes {
    element("r").finish().0.into()
}

/// `<a/>`: our count.
pub fn management_answer(h: u32) -> Bytes {
    let mut writer = element("a");
    writer.attribute("h", &h.to_string());
    writer.finish().0.into()
}

/// `<resumed/>`: the session goes on; `h` is our count.
pub fn management_resumed(previd: &str, h: u32) -> Bytes {
    let mut writer = element("resumed");
    writer.attribute("previd", previd).attribute("h", &h.to_string());
    writer.finish().0.into()
}

/// `<failed/>`: why it was not enabled or resumed. `h` is our count of a session that is over and still known (§5).
pub fn management_failed(condition: Condition, h: Option<u32>) -> Bytes {
    let mut writer = element("failed");
    if let Some(h) = h {
        writer.attribute("h", &h.to_string());
    }
    writer.open(condition.name()).attribute("xmlns", ns::STANZA_ERROR).close();
    writer.finish().0.into()
}

fn element(name: &'static str) -> Writer {
    let mut writer = Writer::new(Layout::Compact);
    writer.open(name).attribute("xmlns", ns::MANAGEMENT);
    writer
}

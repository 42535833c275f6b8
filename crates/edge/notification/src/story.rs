//! What becomes of sessions, told to whoever keeps the books: openings, ends with their reasons, refused sign-ins.

use crate::recorder::Passed;
use bosh::Reason;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use xml::printable;

/// Characters of a client's name for itself that are kept.
const AGENT_CHARS_MAX: usize = 200;

/// One line of the story.
#[derive(Clone, Debug)]
pub enum Story {
    /// A user has signed in and has an address.
    Opened(Opened),
    /// A session is over.
    Ended(Tombstone),
    /// Somebody was not let in.
    Refused(Refused),
    /// Something that may explain an end.
    Remarked(Remark),
}

/// Something seen on the way that may explain a session's end.
#[derive(Clone, Debug)]
pub struct Remark {
    /// When.
    pub at: SystemTime,
    /// Of which session.
    pub mark: Mark,
    /// Whose; `None`: it is not known.
    pub user: Option<String>,
    /// From where, if it came from anywhere.
    pub address: Option<SocketAddr>,
    /// What.
    pub sign: Sign,
}

/// See [`Remark`].
#[derive(Clone, Debug)]
pub enum Sign {
    /// The connection of a BOSH request ended before its answer.
    Cut {
        /// How long after the request came.
        held: Duration,
    },
    /// A BOSH client had no request open for longer than [`crate::limits::GAP_NEAR_LIMIT`] of what it may.
    Gap {
        /// How long.
        silent: Duration,
    },
    /// More waits for the client than [`crate::limits::BACKLOG_NEAR_LIMIT`] of what may.
    Backlog {
        /// How many stanzas.
        stanzas: usize,
    },
    /// A BOSH request for a session that is over.
    Late {
        /// Its request id less the last one of the session, if both are known.
        ahead: Option<i64>,
    },
    /// A BOSH request for a session that nobody knows here.
    Unknown,
    /// What the desktop notes of itself.
    Probe(Box<xmpp::payload::Probe>),
}

/// Who is at the other end.
#[derive(Clone, Debug)]
pub struct Client {
    /// `bosh`, `websocket` or `tcp`.
    pub transport: &'static str,
    /// Where the connection came from; behind a proxy, the proxy.
    pub address: SocketAddr,
    /// What the client calls itself (`User-Agent`), as [`printable`] text. TCP clients do not say.
    pub agent: Option<Arc<str>>,
}

/// The beginning of a session with an address.
#[derive(Clone, Debug)]
pub struct Opened {
    /// When.
    pub at: SystemTime,
    /// Which session.
    pub mark: Mark,
    /// The node part of the JID.
    pub user: String,
    /// The resource part of the JID.
    pub resource: String,
    /// From where.
    pub client: Client,
}

/// What is left of a session.
#[derive(Clone, Debug)]
pub struct Tombstone {
    /// When it ended.
    pub at: SystemTime,
    /// Which session.
    pub mark: Mark,
    /// The node part of the JID; `None` when nobody had signed in.
    pub user: Option<String>,
    /// The resource part of the JID.
    pub resource: Option<String>,
    /// From where.
    pub client: Client,
    /// Why.
    pub reason: Reason,
    /// The condition of the stream error, if there was one.
    pub condition: Option<&'static str>,
    /// When it began, before anybody had signed in.
    pub opened: SystemTime,
    /// When the client was last heard of.
    pub last_seen: SystemTime,
    /// BOSH: how long no request had been open when it ended.
    pub idle: Option<Duration>,
    /// BOSH: the longest time without an open request before that.
    pub longest_gap: Option<Duration>,
    /// BOSH: the last request id.
    pub last_rid: Option<u64>,
    /// What went to and fro.
    pub counts: Counts,
    /// The last of it, oldest first; empty when the session ended as its client or the operator wished.
    pub traffic: Vec<Passed>,
}

/// Somebody was not let in.
#[derive(Clone, Debug)]
pub struct Refused {
    /// When.
    pub at: SystemTime,
    /// The name as it was typed: not known to be anybody's.
    pub name: String,
    /// From where.
    pub client: Client,
    /// Why, for people.
    pub why: String,
}

/// What went to and fro in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// BOSH requests, or elements from the client.
    pub requests: u32,
    /// BOSH requests that repeated an earlier one.
    pub repeats: u32,
    /// Stanzas for the client.
    pub deliveries: u32,
}

/// Names a session in records. For BOSH it is taken from the session id, so that a client that still holds the id
/// can be told what became of the session; the id cannot be had from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark(pub u64);

impl Mark {
    pub(crate) fn of_sid(sid: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(sid.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(first))
    }

    pub(crate) fn random() -> Self {
        Self(rand::random())
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The wall clock's time of a moment, by how long ago it was.
pub(crate) fn wall(at: SystemTime, now: Instant, then: Instant) -> SystemTime {
    at.checked_sub(now.saturating_duration_since(then)).unwrap_or(at)
}

/// What a client calls itself, fit to be kept.
pub(crate) fn agent(headers: &http::HeaderMap) -> Option<Arc<str>> {
    let value = headers.get(http::header::USER_AGENT)?;
    let text = printable(&String::from_utf8_lossy(value.as_bytes()), AGENT_CHARS_MAX);
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_does_not_hold_the_sid() {
        let sid = "00000001000155aa55aa55aa55aa55aa55aa55aa55aa";
        assert_eq!(Mark::of_sid(sid), Mark::of_sid(sid));
        assert!(!sid.contains(&Mark::of_sid(sid).to_string()));
    }
}

//! What a line of the journal says. The form is documented in `docs/manual/why.md`.

use super::traffic::Passage;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// When, on the server's clock.
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// `user` is a loginId, `login` the loginName if it is another. There are no telephone numbers here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum What {
    /// `died`: the run before did not say that it stopped.
    ServerStarted {
        version: String,
        pid: u32,
        died: bool,
    },
    ServerStopped,
    SessionOpened(Session),
    SessionEnded(Box<Ended>),
    /// `user` is missing when the name is nobody's: it may be a password in the wrong field.
    SignInRefused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
        transport: String,
        address: String,
        why: String,
    },
    /// The agent's last session is gone.
    WatchStarted {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
        grace_ms: u64,
    },
    /// Back, or back after the forced logout was sent.
    Returned {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
        too_late: bool,
    },
    /// Signed out while under watch.
    WatchEnded {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
    },
    ForcedLogout {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
    },
    /// It is due and waits for the CTI link.
    ForcedLogoutDeferred {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
    },
    ForcedLogoutFailed {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
        why: String,
    },
    CtiUp {
        server: String,
    },
    CtiDown {
        reason: String,
    },
    SystemStatus {
        status: String,
        reason: String,
    },
    /// A poll's connection ended before its answer.
    PollCut {
        session: String,
        user: String,
        held_ms: u64,
    },
    /// Almost too long without a poll.
    PollGap {
        session: String,
        user: String,
        silent_ms: u64,
    },
    /// A request for a session that is over; `ahead` of its last request id.
    LateRequest {
        session: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ahead: Option<i64>,
    },
    /// A request for a session that was never here.
    UnknownSession {
        address: String,
    },
    /// What a desktop notes of itself.
    Probe(Box<Probe>),
    /// The whole process did nothing for so long.
    Stalled {
        ms: u64,
    },
    /// The clock on the wall jumped, forward if positive.
    ClockStep {
        ms: i64,
    },
    /// More waits for a client than half of what may.
    Backlog {
        session: String,
        user: String,
        stanzas: u64,
    },
    /// Somebody changed something that is not the own state: `action` is method and path.
    AdminAction {
        by: String,
        action: String,
    },
    /// The operator's certificate, as it was loaded. The fingerprint is the beginning of its SHA-256.
    Certificate {
        fingerprint: String,
        ends: Timestamp,
    },
    /// A client's TLS said no to our certificate (RFC 8446 §6.2).
    HandshakeRefused {
        listener: String,
        address: String,
        alert: String,
    },
    /// The data directory's disk has little room left.
    DiskLow {
        mib: u64,
    },
    /// The worst delay of a minute, if agents could notice it.
    Delayed {
        ms: u64,
    },
    /// Connections waited in the system for us to accept them.
    AcceptQueue {
        listener: String,
        connections: u64,
    },
    /// The system gave a listener no connection, so often since the last such record: out of file descriptors, mostly.
    NotAccepted {
        listener: String,
        error: String,
        times: u64,
    },
    /// What must survive a restart is kept again (`well`), is not (`failing`), or will not be before the next start
    /// (`given-up`).
    StoreState {
        state: String,
    },
    /// So many records of strangers were left out in the minute before.
    StrangersLeftOut {
        count: u64,
    },
    /// So many records were lost before they could be written.
    Missed {
        count: u64,
    },
    /// A kind that a later version writes.
    #[serde(other)]
    Unknown,
}

/// A session, and who is at its other end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// Names the session in the journal; not its session id.
    pub(crate) session: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) login: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<String>,
    pub(crate) transport: String,
    pub(crate) address: String,
    /// What the client calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<String>,
}

/// A tombstone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ended {
    #[serde(flatten)]
    pub(crate) session: Session,
    pub(crate) reason: String,
    /// Of the stream error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) condition: Option<String>,
    pub(crate) opened: Timestamp,
    pub(crate) last_seen: Timestamp,
    /// BOSH: how long no poll had been open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idle_ms: Option<u64>,
    /// BOSH: the longest time without an open poll before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) longest_gap_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_rid: Option<u64>,
    pub(crate) requests: u32,
    pub(crate) repeats: u32,
    pub(crate) deliveries: u32,
    /// How long it might be silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inactivity_ms: Option<u64>,
    /// When the web service last answered the same user, if that was later than `last_seen`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rest_seen: Option<Timestamp>,
    /// Its last requests and answers, when it did not end as its client wished: see `docs/manual/why.md`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "super::traffic")]
    pub(crate) traffic: Vec<Passage>,
}

/// See `docs/manual/probe.md`. Times of notes are the server's, as far as the desktop knew it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Probe {
    pub(crate) session: String,
    pub(crate) user: String,
    pub(crate) desk: String,
    pub(crate) number: u64,
    /// When it was written.
    pub(crate) written: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) drift_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) round_trip_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) late_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) busy_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<ProbeNote>,
}

/// Something that happened to the desktop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProbeNote {
    pub(crate) at: Timestamp,
    pub(crate) what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

/// What tells whether a line is worth reading whole: most are about somebody else, and a journal is long.
#[derive(Deserialize)]
pub(crate) struct Brief<'a> {
    pub(crate) at: Timestamp,
    #[serde(borrow)]
    pub(crate) kind: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) session: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) user: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) login: Option<Cow<'a, str>>,
    /// Of an end; other kinds have texts of this name.
    #[serde(borrow, default)]
    pub(crate) reason: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(crate) last_rid: Option<u64>,
}

impl<'a> Brief<'a> {
    /// `None` for what is no record.
    pub(crate) fn parse(line: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}

impl Record {
    /// `None` for what is no record: a line that a crash has torn.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::traffic::Way;
    use super::*;

    fn ended() -> Record {
        let session = Session {
            session: "00ff".into(),
            user: Some("1001004".into()),
            login: Some("agent4".into()),
            resource: Some("desktop".into()),
            transport: "bosh".into(),
            address: "192.0.2.7:40000".into(),
            client: None,
        };
        let at = Timestamp::from_millisecond(1_000).unwrap();
        let ended = Ended {
            session,
            reason: "inactivity".into(),
            condition: None,
            opened: at,
            last_seen: at,
            idle_ms: Some(60_000),
            longest_gap_ms: Some(2_100),
            last_rid: Some(9_007_199_254_740_991),
            requests: 3,
            repeats: 1,
            deliveries: 2,
            inactivity_ms: Some(60_000),
            rest_seen: None,
            traffic: vec![Passage {
                ago_ms: 60_000,
                way: Way::In,
                rid: Some(7),
                what: "poll".into(),
                bytes: 83,
            }],
        };
        Record { at, what: What::SessionEnded(Box::new(ended)) }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let record = ended();
        let line = serde_json::to_string(&record).unwrap();
        assert!(
            line.starts_with(r#"{"at":"1970-01-01T00:00:01Z","kind":"session-ended","session":"00ff""#),
            "{line}"
        );
        assert_eq!(Record::parse(line.as_bytes()), Some(record));
    }

    #[test]
    fn kinds_and_fields_of_later_versions_do_no_harm() {
        let line = br#"{"at":"1970-01-01T00:00:01Z","kind":"something-new","more":[1]}"#;
        assert_eq!(Record::parse(line).unwrap().what, What::Unknown);
        let line = br#"{"at":"1970-01-01T00:00:01Z","kind":"cti-up","server":"a:1","more":[1]}"#;
        assert_eq!(Record::parse(line).unwrap().what, What::CtiUp { server: "a:1".into() });
    }

    #[test]
    fn what_is_no_record_is_none() {
        for line in ["", "{", "[]", "null", r#"{"kind":"cti-up","server":"a"}"#, "\u{0}\u{0}"] {
            assert!(Record::parse(line.as_bytes()).is_none(), "{line:?}");
        }
    }
}

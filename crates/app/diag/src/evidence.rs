//! Evidence: what was seen, by whom and when; and what would have been seen.
//!
//! Nothing here belongs to this server: any log, capture or program that tells a fact of this vocabulary can feed the
//! rules.

use crate::sight::Sight;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// When, on the server's clock.
    pub at: Timestamp,
    /// Whose: an agent's loginId. `None`: of the whole server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Of which session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Who says so: `journal`, `probe`, the name of a file.
    #[serde(default)]
    pub source: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// A stretch of time in which something would have been seen, had it happened. With it a rule can say "looked for, and
/// not there".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// What was looked at.
    pub sight: Sight,
    /// From then.
    pub from: Timestamp,
    /// To then.
    pub to: Timestamp,
    /// Of one agent only; `None`: of everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Nothing came for the inactivity time.
    Idle,
    /// The client took its leave.
    Left,
    /// The same address signed in elsewhere.
    Conflict,
    /// Requests were lost, or came too late to be answered again.
    RequestLost,
    /// Two programs used one session.
    RequestReused,
    /// Polls came faster than allowed.
    Overactivity,
    /// The credential ran out.
    Credential,
    /// The connection that carried it broke (WebSocket, TCP).
    Broken,
    /// The client did not read what waited for it.
    Backlog,
    /// It broke a rule of the protocol.
    Protocol,
    /// The service stopped in order.
    Stopped,
    /// The service died.
    Died,
    /// Any other.
    Other,
}

/// How a request with the id of a session that is over stands to the session's last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sequel {
    /// The next request id: the client never noticed that time had passed.
    Next,
    /// A request id that had been used: the client repeats what was not answered.
    Repeat,
    /// Neither.
    Other,
}

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Wrong password, or a user whom nobody knows.
    Credential,
    /// Too many wrong ones before.
    Locked,
    /// The service was not ready.
    NotReady,
    /// Any other.
    Other,
}

/// How a request of the page failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// Nobody listened.
    Refused,
    /// The connection was cut.
    Reset,
    /// No answer.
    TimedOut,
    /// Another network took its place.
    NetworkChanged,
    /// The computer had no network.
    Offline,
    /// The computer was being put to sleep.
    Suspended,
    /// The certificate was not trusted.
    Certificate,
    /// A gateway's error (502, 504).
    Gateway,
    /// Any other.
    Other,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum What {
    /// An agent's session began.
    SessionOpened {
        /// `bosh`, `websocket`, `tcp`.
        transport: String,
        /// Without the port.
        address: String,
        /// What the client calls itself.
        #[serde(default)]
        client: Option<String>,
        /// How long it may be silent.
        #[serde(default)]
        inactivity_ms: Option<u64>,
    },
    /// It ended.
    SessionEnded {
        /// How.
        end: End,
        /// How long before that the client was last heard of.
        silent_ms: u64,
        /// The longest time without an open poll before that silence.
        #[serde(default)]
        longest_gap_ms: Option<u64>,
        /// The silence was measured by a clock that does not jump.
        #[serde(default)]
        steady: bool,
    },
    /// Polls of a while: the longest time between an answer and the next one.
    PollGap {
        /// The time without a poll.
        ms: u64,
    },
    /// The connection of a poll ended before its answer.
    PollCut {
        /// How long it had been held.
        held_ms: u64,
    },
    /// A request was sent again.
    PollRepeated,
    /// A request with the id of a session that is over.
    LateRequest {
        /// How it stands to the last one.
        sequel: Sequel,
    },
    /// A request with the id of a session that this server never had.
    UnknownSession,
    /// Somebody was not let in.
    SignInRefused {
        /// Why.
        why: Refusal,
    },
    /// The agent's presence is gone; a sign-out is due.
    PresenceGone {
        /// After this time.
        grace_ms: u64,
    },
    /// Back.
    Returned {
        /// After the sign-out was sent.
        too_late: bool,
    },
    /// The agent was signed out by force.
    ForcedLogout,
    /// The web service answered the agent.
    RestAnswered,
    /// A character that XML forbids was in what the phone system or a client sent.
    ForbiddenCharacter {
        /// In which field.
        field: String,
    },
    /// The page was loaded.
    PageOpened,
    /// The page wrote something, at its own time.
    PageAlive,
    /// Nobody sees it.
    PageHidden,
    /// It is seen.
    PageShown,
    /// The browser stopped it.
    PageFrozen,
    /// The browser lets it go on.
    PageResumed,
    /// The browser threw it away; it is loaded anew.
    PageDiscarded,
    /// It was left or closed.
    PageLeft,
    /// The wall clock went on, the computer did not.
    Slept {
        /// For so long.
        ms: u64,
    },
    /// The page did nothing, computing.
    LongTask {
        /// For so long.
        ms: u64,
        /// The gadget, if one is known.
        #[serde(default)]
        gadget: Option<String>,
    },
    /// A timer of the page came late.
    TimerLate {
        /// By so much.
        ms: u64,
    },
    /// A request waited in the browser for a free connection.
    RequestQueued {
        /// For so long.
        ms: u64,
    },
    /// A request failed.
    RequestFailed {
        /// How.
        how: Failure,
    },
    /// The computer's clock against the server's.
    Drift {
        /// Ahead if positive.
        ms: i64,
    },
    /// To the server and back.
    RoundTrip {
        /// In so long.
        ms: u64,
    },
    /// The certificate that the page was shown is not the server's.
    ForeignIssuer {
        /// Who signed it.
        issuer: String,
    },
    /// A port of the server could not be reached from there.
    PortClosed {
        /// Which.
        port: u16,
    },
    /// Somebody gave up an encrypted connection: the certificate was refused.
    CertificateRefused {
        /// From where.
        address: String,
    },
    /// The system gave a listener no connection: out of file descriptors, mostly.
    NotAccepted {
        /// Which listener.
        listener: String,
        /// The system's word.
        error: String,
    },
    /// Connections waited in the system to be accepted.
    AcceptQueue {
        /// On which listener.
        listener: String,
        /// How many.
        connections: u64,
    },
    /// The server's certificate was replaced or has run out.
    CertificateChanged {
        /// It is past its end.
        expired: bool,
    },
    /// The service started.
    ServiceStarted {
        /// The run before did not say that it stopped.
        died: bool,
    },
    /// The service stopped in order.
    ServiceStopped,
    /// The service was gone, and had not said that it stops.
    ServiceDied,
    /// The web application left, while the notification service stayed.
    WebServiceDown,
    /// The server did nothing at all.
    ServerPaused {
        /// For so long.
        ms: u64,
    },
    /// What was due on the server ran late, shorter than a pause.
    ServerSlow {
        /// By so much, at worst.
        ms: u64,
    },
    /// The server's clock jumped.
    ClockStep {
        /// Forward if positive.
        ms: i64,
    },
    /// The phone system's link was lost.
    CtiLost {
        /// Why.
        reason: String,
    },
    /// It is back.
    CtiUp,
    /// The phone system lost its devices (CTIManager).
    ProviderDown,
    /// Agents move to another server: failover, failback, maintenance.
    Failover,
    /// A disk is full, or cannot be written.
    DiskFull,
    /// What must survive a restart could not be kept.
    StoreFailed,
    /// It can be again.
    StoreBack,
    /// An administrator did something.
    AdminAction {
        /// What.
        action: String,
    },
    /// A kind that a later version tells.
    #[serde(other)]
    Unknown,
}

//! The server that is asked.

mod ejabberd;
mod launch;
mod ours;
mod prosody;

use crate::case::{Case, Outcome};
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The domain of every subject.
pub(crate) const DOMAIN: &str = "localhost";

/// The password of every user.
pub(crate) const PASSWORD: &str = "aplomb";

/// Users of every subject: `1001001`, `1001002`, …
pub(crate) const USERS: usize = 1_200;

/// From this one on they may create nodes of publish-subscribe, where that is not everybody's right.
pub(crate) const FIRST_OWNER: usize = 901;

/// What subjects are told to allow where they can be told: short, so that the cases that wait for it are quick; long
/// enough that a busy machine does not end sessions that are in use.
pub(crate) const INACTIVITY_SECS: u32 = 7;

/// The longest pause of a session, where a subject can be told.
pub(crate) const MAXPAUSE_SECS: u32 = 12;

/// Whom `SUBJECT` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ours,
    Prosody,
    Ejabberd,
}

impl Kind {
    /// Reads `SUBJECT`; the error says what to run when the subject is not installed.
    pub(crate) fn chosen() -> Result<Self, String> {
        let named = std::env::var("SUBJECT").unwrap_or_default();
        let (kind, there) = match named.as_str() {
            "" | "ours" => return Ok(Self::Ours),
            "prosody" => (Self::Prosody, prosody::is_installed()),
            "ejabberd" => (Self::Ejabberd, ejabberd::is_installed()),
            other => return Err(format!("SUBJECT={other}: it is one of ours, prosody and ejabberd")),
        };
        if there { Ok(kind) } else { Err(format!("{named} is not installed: run scripts/setup peers")) }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Prosody => "prosody",
            Self::Ejabberd => "ejabberd",
        }
    }

    /// What Debian calls it; ours is what stands in the tree.
    pub(crate) fn version(self) -> String {
        match self {
            Self::Ours => env!("CARGO_PKG_VERSION").to_owned(),
            _ => launch::debian_version(self.name()),
        }
    }
}

/// Where a subject listens, all on loopback.
#[derive(Debug)]
pub(crate) struct Addresses {
    /// `host:port` of plain HTTP.
    pub(crate) http: String,
    /// The path of http-bind.
    pub(crate) bosh_path: &'static str,
    /// `host:port` of WebSocket without TLS.
    pub(crate) websocket: String,
    pub(crate) websocket_path: &'static str,
    /// `host:port` of XMPP with STARTTLS.
    pub(crate) tcp: String,
    /// `host:port` of XMPP with TLS from the first byte.
    pub(crate) tls: String,
    /// `host:port` where `/.well-known/host-meta` would be.
    pub(crate) web: String,
    /// `host:port` of http-bind under TLS.
    pub(crate) https: String,
}

/// A server to ask.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) kind: Kind,
    pub(crate) at: Addresses,
    next_user: AtomicUsize,
    next_owner: AtomicUsize,
    process: Mutex<launch::Process>,
}

impl Subject {
    fn new(kind: Kind, at: Addresses, process: launch::Process) -> Self {
        let (next_user, next_owner) = (AtomicUsize::new(1), AtomicUsize::new(FIRST_OWNER));
        Self { kind, at, next_user, next_owner, process: Mutex::new(process) }
    }

    /// A second one of the same kind, for a case that stops it.
    pub(crate) fn another(&self) -> Self {
        start(self.kind)
    }

    /// One of the same kind with a setting of ours; `None` for the others, who have no such setting.
    pub(crate) fn with_setting(&self, setting: &str) -> Option<Self> {
        (self.kind == Kind::Ours).then(|| ours::start_with(&[setting]))
    }

    /// A user whom no other case uses.
    pub(crate) fn user(&self) -> String {
        let number = self.next_user.fetch_add(1, Ordering::Relaxed);
        assert!(number < FIRST_OWNER, "no more users before {FIRST_OWNER}");
        user(number)
    }

    /// A user whom no other case uses, and who may create nodes.
    pub(crate) fn owner(&self) -> String {
        let number = self.next_owner.fetch_add(1, Ordering::Relaxed);
        assert!(number <= USERS, "more users than {USERS}");
        user(number)
    }

    /// One whose presence other users see, and who may create nodes: with us the service account, which everybody sees.
    pub(crate) fn seen_owner(&self) -> String {
        if self.kind == Kind::Ours { "finesse".to_owned() } else { self.owner() }
    }

    /// Asks it to end, as its operator would.
    pub(crate) fn shut_down(&self) {
        self.process.lock().unwrap().terminate();
    }

    /// Longer than `inactivity`, with room for a subject that looks only now and then.
    pub(crate) fn longer_than_inactivity(&self) -> Duration {
        Duration::from_secs(u64::from(INACTIVITY_SECS) + 3)
    }
}

fn user(number: usize) -> String {
    (1_001_000 + number).to_string()
}

/// The subject of this run, started by the first case.
#[derive(Debug)]
pub(crate) struct Running {
    kind: Kind,
    subject: OnceLock<Subject>,
}

impl Running {
    pub(crate) fn of(kind: Kind) -> Self {
        Self { kind, subject: OnceLock::new() }
    }

    pub(crate) fn ask(&self, case: &Case) -> Outcome {
        (case.test)(self.subject.get_or_init(|| start(self.kind)))
    }

    /// Ends the subject; its log is shown when a case failed and `SUBJECT_LOG` is set.
    pub(crate) fn stop(&self, failed: bool) {
        let Some(subject) = self.subject.get() else { return };
        let mut process = subject.process.lock().unwrap();
        if failed && std::env::var_os("SUBJECT_LOG").is_some() {
            eprintln!("--- the log of {}\n{}", self.kind.name(), process.log());
        }
        process.kill();
    }
}

fn start(kind: Kind) -> Subject {
    match kind {
        Kind::Ours => ours::start(),
        Kind::Prosody => prosody::start(),
        Kind::Ejabberd => ejabberd::start(),
    }
}

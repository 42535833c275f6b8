//! The journal as evidence: what the server saw, and where it would have seen more.

use crate::journal::{Ended, Probe, Record, Session, What as Line};
use diag::{Case, End, Fact, Failure, Refusal, Sequel, Sight, Watch, What};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// What the journal shows whenever it is written.
const WATCHED: [Sight; 11] = [
    Sight::Sessions,
    Sight::Requests,
    Sight::SignIns,
    Sight::Rest,
    Sight::Service,
    Sight::Pulse,
    Sight::Clock,
    Sight::Cti,
    Sight::Listeners,
    Sight::Disk,
    Sight::Administration,
];

/// A disk with no more than this is as good as full.
const FULL_MIB: u64 = 16;

/// A probe speaks for the time since the one before it, but not for longer than a day.
const PROBE_SPEAKS: SignedDuration = SignedDuration::from_hours(24);

/// Takes the journal's lines, oldest first.
#[derive(Default)]
pub(super) struct Evidence {
    facts: Vec<Fact>,
    watches: Vec<Watch>,
    /// Open sessions: whose, and the place of their beginning among the facts.
    open: HashMap<String, (String, usize)>,
    /// Sessions that are over: whose.
    over: HashMap<String, String>,
    /// The last probe of each desk.
    probes: HashMap<String, Timestamp>,
    /// The one in use, and its end.
    certificate: Option<(String, Timestamp)>,
    is_up: bool,
    /// Since when nothing is missing.
    since: Option<Timestamp>,
    last: Timestamp,
}

impl Evidence {
    /// A line of the journal; what is no record is passed over.
    pub(super) fn take(&mut self, line: &[u8]) {
        let Some(Record { at, what }) = Record::parse(line) else { return };
        self.since.get_or_insert(at);
        match what {
            Line::SessionOpened(session) => self.opened(at, session),
            Line::SessionEnded(ended) => self.ended(at, *ended),
            Line::Probe(probe) => self.probe(*probe),
            Line::ServerStarted { died, .. } => {
                self.bury_open();
                self.is_up = true;
                self.server(at, What::ServiceStarted { died });
            }
            Line::ServerStopped => {
                self.is_up = false;
                self.server(at, What::ServiceStopped);
            }
            Line::Missed { .. } => self.since = Some(at),
            other => self.small(at, other),
        }
        self.last = self.last.max(at);
    }

    /// The case of one agent. `now`: the journal is being written.
    pub(super) fn case(mut self, subject: &str, at: Option<Timestamp>, now: Option<Timestamp>) -> Case {
        if self.is_up && now.is_none() {
            self.bury_open();
        }
        let known_to = now.unwrap_or(self.last).max(self.last);
        if let Some((_, ends)) = self.certificate.take().filter(|(_, ends)| *ends <= known_to) {
            self.server(ends, What::CertificateChanged { expired: true });
        }
        let mut case = Case::new(subject, at);
        if let Some(from) = self.since {
            let to = known_to;
            case.watches = WATCHED.map(|sight| Watch { sight, from, to, of: None }).into();
        }
        case.watches.append(&mut self.watches);
        case.facts = self.facts;
        case.order();
        case
    }

    fn push(&mut self, at: Timestamp, of: Option<String>, session: Option<String>, what: What) {
        let source = if matches!(what.sight(), Some(Sight::Page)) { "probe" } else { "journal" };
        self.facts.push(Fact { at, of, session, source: source.into(), what });
    }

    fn server(&mut self, at: Timestamp, what: What) {
        self.push(at, None, None, what);
    }

    fn opened(&mut self, at: Timestamp, session: Session) {
        let Some(user) = session.user else { return };
        self.open.insert(session.session.clone(), (user.clone(), self.facts.len()));
        let what = What::SessionOpened {
            transport: session.transport,
            address: super::answer::host(&session.address).to_owned(),
            client: session.client,
            inactivity_ms: None,
        };
        self.push(at, Some(user), Some(session.session), what);
    }

    fn ended(&mut self, at: Timestamp, ended: Ended) {
        let Some(user) = ended.session.user else { return };
        let name = ended.session.session;
        if let Some((_, place)) = self.open.remove(&name)
            && let Some(Fact { what: What::SessionOpened { inactivity_ms, .. }, .. }) =
                self.facts.get_mut(place)
        {
            *inactivity_ms = ended.inactivity_ms;
        }
        self.over.insert(name.clone(), user.clone());
        if let Some(rest_seen) = ended.rest_seen {
            self.push(rest_seen, Some(user.clone()), None, What::RestAnswered);
        }
        let what = What::SessionEnded {
            end: end(&ended.reason),
            silent_ms: millis(at, ended.last_seen),
            longest_gap_ms: ended.longest_gap_ms,
            steady: true,
        };
        self.push(at, Some(user), Some(name), what);
    }

    /// Whatever is still open has died with its server, which was last heard of then.
    fn bury_open(&mut self) {
        let open: Vec<_> = self.open.drain().collect();
        if self.is_up {
            self.server(self.last, What::ServiceDied);
        }
        for (session, (user, _)) in open {
            let what =
                What::SessionEnded { end: End::Died, silent_ms: 0, longest_gap_ms: None, steady: true };
            self.push(self.last, Some(user.clone()), Some(session.clone()), what);
            self.over.insert(session, user);
        }
    }

    fn small(&mut self, at: Timestamp, line: Line) {
        let (of, what) = match line {
            Line::SignInRefused { user: Some(user), why, .. } => {
                (Some(user), What::SignInRefused { why: refusal(&why) })
            }
            Line::WatchStarted { user, grace_ms, .. } => (Some(user), What::PresenceGone { grace_ms }),
            Line::Returned { user, too_late, .. } => (Some(user), What::Returned { too_late }),
            Line::ForcedLogout { user, .. } => (Some(user), What::ForcedLogout),
            Line::PollCut { user, held_ms, .. } => (Some(user), What::PollCut { held_ms }),
            Line::PollGap { user, silent_ms, .. } => (Some(user), What::PollGap { ms: silent_ms }),
            Line::LateRequest { session, ahead } => {
                let Some(user) = self.over.get(&session) else { return };
                (Some(user.clone()), What::LateRequest { sequel: sequel(ahead) })
            }
            Line::UnknownSession { address } => match self.living_at(super::answer::host(&address)) {
                Some(user) => (Some(user), What::UnknownSession),
                None => return,
            },
            // the last thing that a server does before it stops
            Line::CtiDown { reason } if reason == "closed by us" => return,
            Line::CtiDown { reason } => (None, What::CtiLost { reason }),
            Line::CtiUp { .. } => (None, What::CtiUp),
            Line::Stalled { ms } => (None, What::ServerPaused { ms }),
            Line::ClockStep { ms } => (None, What::ClockStep { ms }),
            Line::AdminAction { by, action } => {
                (None, What::AdminAction { action: format!("{by}: {action}") })
            }
            Line::Certificate { fingerprint, ends } => return self.certificate(at, fingerprint, ends),
            Line::HandshakeRefused { address, .. } => (None, What::CertificateRefused { address }),
            Line::NotAccepted { listener, error, .. } => (None, What::NotAccepted { listener, error }),
            Line::AcceptQueue { listener, connections } => {
                (None, What::AcceptQueue { listener, connections })
            }
            Line::StoreState { state } if state == "well" => (None, What::StoreBack),
            Line::StoreState { .. } => (None, What::StoreFailed),
            Line::Delayed { ms } => (None, What::ServerSlow { ms }),
            Line::DiskLow { mib } if mib <= FULL_MIB => (None, What::DiskFull),
            _ => return,
        };
        self.push(at, of, None, what);
    }

    /// Another one than before, or one that is past its end.
    fn certificate(&mut self, at: Timestamp, fingerprint: String, ends: Timestamp) {
        let before = self.certificate.replace((fingerprint.clone(), ends));
        if before.is_some_and(|(before, _)| before != fingerprint) {
            self.server(at, What::CertificateChanged { expired: false });
        }
    }

    /// The only user with a living session from there.
    fn living_at(&self, host: &str) -> Option<String> {
        let is_there = |place: usize| matches!(&self.facts[place].what, What::SessionOpened { address, .. } if address == host);
        let mut there = self.open.values().filter(|(_, place)| is_there(*place));
        let (user, _) = there.next()?;
        there.next().is_none().then(|| user.clone())
    }

    fn probe(&mut self, probe: Probe) {
        let desk = format!("{} {}", probe.user, probe.desk);
        let before = self.probes.insert(desk, probe.written);
        let oldest = probe.written.checked_sub(PROBE_SPEAKS).unwrap_or(probe.written);
        let first = probe.notes.iter().map(|note| note.at).min();
        let from = before.or(first).unwrap_or(probe.written).max(oldest);
        let of = Some(probe.user.clone());
        self.watches.push(Watch { sight: Sight::Page, from, to: probe.written, of: of.clone() });
        let slept = probe.notes.iter().any(|note| note.what == "asleep");
        for note in &probe.notes {
            if let Some(what) = noted(&note.what, note.ms, note.why.as_deref()) {
                self.push(note.at, of.clone(), None, what);
            }
        }
        let figures = [
            probe.drift_ms.filter(|ms| ms.abs() > diag::limits::DRIFT_MS).map(|ms| What::Drift { ms }),
            probe.round_trip_ms.map(|ms| What::RoundTrip { ms }),
            probe
                .busy_ms
                .filter(|ms| *ms >= diag::limits::STALL_MS)
                .map(|ms| What::LongTask { ms, gadget: None }),
            // a clock that slept is late too
            probe
                .late_ms
                .filter(|ms| *ms >= diag::limits::STALL_MS && !slept)
                .map(|ms| What::TimerLate { ms }),
        ];
        for what in figures.into_iter().flatten() {
            self.push(probe.written, of.clone(), None, what);
        }
    }
}

/// A note of the desktop; kinds of later versions are passed over.
fn noted(what: &str, ms: Option<i64>, why: Option<&str>) -> Option<What> {
    let length = ms.map_or(0, i64::unsigned_abs);
    let failed = |how| What::RequestFailed { how };
    Some(match what {
        "asleep" => What::Slept { ms: length },
        "clock-set" => What::Drift { ms: ms.unwrap_or(0) },
        "stalled" => What::LongTask { ms: length, gadget: None },
        "hidden" => What::PageHidden,
        "visible" => What::PageShown,
        "frozen" => What::PageFrozen,
        "resumed" => What::PageResumed,
        "discarded" => What::PageDiscarded,
        "offline" => failed(Failure::Offline),
        "network" => failed(Failure::NetworkChanged),
        "lost" => match why {
            Some("unreachable") => failed(Failure::TimedOut),
            Some("not-bosh") => failed(Failure::Gateway),
            // the server's own word, and it has its own record of it
            _ => What::PageAlive,
        },
        "online" | "try" | "up" | "joined" => What::PageAlive,
        "started" => What::PageOpened,
        "left" => What::PageLeft,
        _ => return None,
    })
}

fn end(reason: &str) -> End {
    match reason {
        "inactivity" => End::Idle,
        "client-terminate" => End::Left,
        "superseded" | "displacement-loop" => End::Conflict,
        "rid-out-of-window" | "rid-forgotten" => End::RequestLost,
        "rid-reused" | "key-mismatch" => End::RequestReused,
        "overactivity" => End::Overactivity,
        "credential-expired" => End::Credential,
        "transport-lost" => End::Broken,
        "queue-overflow" => End::Backlog,
        "bad-request" | "stream-error" | "unknown-stream" | "pause-too-long" => End::Protocol,
        "shutdown" => End::Stopped,
        _ => End::Other,
    }
}

fn refusal(why: &str) -> Refusal {
    match why {
        "wrong password" => Refusal::Credential,
        why if why.contains("locked") => Refusal::Locked,
        _ => Refusal::Other,
    }
}

fn sequel(ahead: Option<i64>) -> Sequel {
    match ahead {
        Some(1) => Sequel::Next,
        Some(ahead) if ahead <= 0 => Sequel::Repeat,
        _ => Sequel::Other,
    }
}

fn millis(at: Timestamp, since: Timestamp) -> u64 {
    u64::try_from(at.duration_since(since).as_millis()).unwrap_or(0)
}

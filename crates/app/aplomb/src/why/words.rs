//! Things in words.

use super::history::Life;
use crate::journal::{SERVER_DIED, What};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use notification::printable;

/// Characters of anything that clients or files say.
const SHOWN_CHARS_MAX: usize = 120;

/// Characters of a client's name that is not one of the browsers known here.
const PROGRAM_CHARS_MAX: usize = 28;

/// Local times, without the date on the day that the question is about.
pub(super) struct Clock {
    zone: TimeZone,
    day: Date,
}

impl Clock {
    pub(super) fn new(zone: TimeZone, about: Timestamp) -> Self {
        let day = about.to_zoned(zone.clone()).date();
        Self { zone, day }
    }

    /// `00:16:04`, or `2026-11-21 23:59:10`.
    pub(super) fn time(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        let form = if at.date() == self.day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
        at.strftime(form).to_string()
    }

    /// `Sunday 22 November 2026, times are +01:00 (Europe/Berlin)`.
    pub(super) fn heading(&self, about: Timestamp) -> String {
        let at = about.to_zoned(self.zone.clone());
        let zone = self.zone.iana_name().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("{}, times are {}{zone}", at.strftime("%A %-d %B %Y"), at.strftime("%:z"))
    }

    /// RFC 3339 with the local offset.
    pub(super) fn stamp(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }
}

/// Why a session ended, after "because".
pub(super) fn because(life: &Life) -> String {
    let reason = life.reason().unwrap_or("open");
    let tombstone = life.tombstone();
    let polls = tombstone.is_some_and(|ended| ended.last_rid.is_some());
    match reason {
        "inactivity" => match tombstone.and_then(|ended| ended.idle_ms) {
            Some(idle) => format!("no poll came for {}", duration(idle)),
            None if polls => "no poll came in time".into(),
            None => "the client was silent for too long".into(),
        },
        "client-terminate" => "the client signed off".into(),
        "superseded" => "the same resource signed in again elsewhere".into(),
        "displacement-loop" => "two clients with the same resource kept displacing each other".into(),
        "bad-request" => "the client sent a request that could not be read".into(),
        "rid-out-of-window" => "requests of the client were lost, or two programs used its session".into(),
        "rid-forgotten" => "the client repeated a request too late".into(),
        "rid-reused" => "two programs (two tabs?) used one session".into(),
        "key-mismatch" => {
            "a request came without the key that was due: somebody else may have sent it".into()
        }
        "unknown-stream" => "the client named a stream that its session never had".into(),
        "overactivity" => "the client polled too often".into(),
        "pause-too-long" => "the client asked for too long a pause".into(),
        "queue-overflow" => "the client did not read, and too much waited for it".into(),
        "stream-error" => {
            let condition = tombstone.and_then(|ended| ended.condition.as_deref()).unwrap_or("stream error");
            format!("the client broke a rule of XMPP ({})", shown(condition))
        }
        "credential-expired" => "its credential was no longer good".into(),
        "transport-lost" => "the connection broke".into(),
        "shutdown" => "the server was stopped".into(),
        "internal-error" => "the server failed".into(),
        SERVER_DIED => "the server died without a word (crash, kill or power)".into(),
        other => shown(other),
    }
}

/// A line of the story that is no session.
pub(super) fn event(what: &What) -> String {
    match what {
        What::ServerStarted { version, died: true, .. } => {
            format!("server {} started; the run before ended without a word", shown(version))
        }
        What::ServerStarted { version, .. } => format!("server {} started", shown(version)),
        What::ServerStopped => "server stopped".into(),
        What::SignInRefused { transport, address, why, .. } => {
            format!("sign-in refused: {} ({} from {})", shown(why), transport_name(transport), shown(address))
        }
        What::WatchStarted { grace_ms, .. } => {
            format!("presence gone: forced logout in {} unless back", duration(*grace_ms))
        }
        What::Returned { too_late: false, .. } => "presence back in time: no forced logout".into(),
        What::Returned { too_late: true, .. } => "presence back, after the forced logout was sent".into(),
        What::WatchEnded { .. } => "signed out at the phone system; the watch ends".into(),
        What::ForcedLogout { .. } => "forced logout sent (reason 255)".into(),
        What::ForcedLogoutDeferred { .. } => "forced logout due, waits for the CTI link".into(),
        What::ForcedLogoutFailed { why, .. } => format!("forced logout had no effect: {}", shown(why)),
        What::CtiUp { server } => format!("CTI link up ({})", shown(server)),
        What::CtiDown { reason } => format!("CTI link lost: {}", shown(reason)),
        What::SystemStatus { status, reason } if reason.is_empty() => format!("system {}", shown(status)),
        What::SystemStatus { status, reason } => format!("system {}: {}", shown(status), shown(reason)),
        What::StrangersLeftOut { count } => format!("{count} records of strangers left out"),
        What::Missed { count } => format!("{count} records missing"),
        What::Stalled { ms } => format!("the server stood still for {}", duration(*ms)),
        What::ClockStep { ms } => {
            let way = if *ms < 0 { "back" } else { "forward" };
            format!("the server's clock jumped {way} by {}", duration(ms.unsigned_abs()))
        }
        What::PollCut { held_ms, .. } => {
            format!("a poll's connection was closed after {}, unanswered", duration(*held_ms))
        }
        What::PollGap { silent_ms, .. } => format!("no poll for {}", duration(*silent_ms)),
        What::Backlog { stanzas, .. } => format!("{stanzas} stanzas wait for the client"),
        What::AdminAction { by, action } => format!("{} did {}", shown(by), shown(action)),
        What::Certificate { ends, .. } => {
            format!("the certificate in use ends on {}", ends.strftime("%Y-%m-%d"))
        }
        What::HandshakeRefused { listener, address, alert } => {
            format!("{} refused the certificate on {} ({})", shown(address), shown(listener), shown(alert))
        }
        What::DiskLow { mib } => format!("the disk of the data directory has {mib} MiB left"),
        What::Delayed { ms } => format!("the server answered up to {} late", duration(*ms)),
        What::AcceptQueue { listener, connections } => {
            format!("{connections} connections waited to be accepted on {}", shown(listener))
        }
        What::LateRequest { .. } => "a request for a session that was over".into(),
        What::Probe(_) | What::UnknownSession { .. } => String::new(),
        What::SessionOpened(_) | What::SessionEnded(_) | What::Unknown => String::new(),
    }
}

/// Fit for a terminal, whatever is in the journal.
pub(super) fn shown(text: &str) -> String {
    printable(text, SHOWN_CHARS_MAX)
}

pub(super) fn transport_name(transport: &str) -> String {
    match transport {
        "bosh" => "BOSH".into(),
        "websocket" => "WebSocket".into(),
        "tcp" => "TCP".into(),
        "rest" => "web service".into(),
        other => shown(other),
    }
}

/// `340 ms`, `2.1 s`, `63 s`, `12 min`, `3 h 5 min`.
pub(super) fn duration(ms: u64) -> String {
    let secs = ms / 1_000;
    match secs {
        0 => format!("{ms} ms"),
        1..10 => format!("{}.{} s", secs, ms % 1_000 / 100),
        10..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs / 60),
        _ => format!("{} h {} min", secs / 3_600, secs / 60 % 60),
    }
}

/// What a client calls itself, in a few words: `Chrome 129 on Windows`.
pub(crate) fn program(agent: &str) -> String {
    let version = |mark: &str| {
        let digits: String =
            agent.split_once(mark)?.1.chars().take_while(char::is_ascii_digit).take(6).collect();
        (!digits.is_empty()).then_some(digits)
    };
    // others call themselves Chrome, and Chrome calls itself Safari: the rarer first
    let browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome")];
    let known = browsers.iter().find_map(|(mark, name)| Some(format!("{name} {}", version(mark)?)));
    let safari = || Some(format!("Safari {}", version("Version/").filter(|_| agent.contains("Safari/"))?));
    let Some(browser) = known.or_else(safari) else {
        let first = agent.split_whitespace().next().unwrap_or_default();
        return printable(first, PROGRAM_CHARS_MAX);
    };
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    match systems.iter().find(|(mark, _)| agent.contains(mark)) {
        Some((_, system)) => format!("{browser} on {system}"),
        None => browser,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_and_others_shortened() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36";
        for (agent, name) in [
            (chrome.to_owned(), "Chrome 129 on Windows"),
            (format!("{chrome} Edg/130.0.1"), "Edge 130 on Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(), "Firefox 140 on Linux"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15".into(),
                "Safari 18 on macOS",
            ),
            ("curl/8.5.0".into(), "curl/8.5.0"),
            (String::new(), ""),
        ] {
            assert_eq!(program(&agent), name);
        }
        assert_eq!(program(&"x".repeat(500)).len(), PROGRAM_CHARS_MAX);
        assert!(!program("\x1b[2Jevil").contains('\x1b'));
    }

    #[test]
    fn durations_have_two_digits_or_a_unit_more() {
        let expected = [
            (0, "0 ms"),
            (340, "340 ms"),
            (2_180, "2.1 s"),
            (63_900, "63 s"),
            (725_000, "12 min"),
            (11_100_000, "3 h 5 min"),
        ];
        for (ms, words) in expected {
            assert_eq!(duration(ms), words);
        }
    }
}

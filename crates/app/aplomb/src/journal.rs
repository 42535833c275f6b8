//! The journal of what became of every session, and of all that may explain it. [`crate::why`] reads it.

mod calls;
mod record;
mod stories;
mod strangers;
mod traffic;

pub(crate) use calls::note_refused_calls;
pub(crate) use record::{Brief, Ended, Probe, Record, Session, What};
pub(crate) use stories::keep_books;
pub(crate) use traffic::{Passage, Way};

use crate::shares::Shares;
use crate::warnings::Warnings;
use ::journal::{Bounds, JournalError};
use floor::{CtiInput, Note, System};
use jiff::Timestamp;
use notification::{Grave, Mark};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use strangers::Strangers;

/// How long a stopping server waits for the disk.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// The reason of sessions that a crash has ended.
pub(crate) const SERVER_DIED: &str = "server-died";

/// Where the journal is, below the data directory.
pub(crate) fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("journal")
}

/// Writes the journal; or does not, when there is none to write.
#[derive(Clone)]
pub(crate) struct Journal {
    lines: Option<::journal::Journal>,
    /// loginName by loginId.
    login_names: Arc<HashMap<String, String>>,
    strangers: Arc<Mutex<Strangers>>,
    /// When the web service last answered whom.
    answered: Arc<Mutex<HashMap<String, Timestamp>>>,
    /// How long a BOSH session may be silent.
    inactivity_ms: Option<u64>,
    warnings: Warnings,
    shares: Arc<Mutex<Shares>>,
}

/// What an earlier run left.
#[derive(Default)]
pub(crate) struct Before {
    /// It did not say that it stopped.
    pub(crate) died: bool,
    pub(crate) graves: Vec<Grave>,
}

impl Journal {
    /// Opens the journal and reads what an earlier run left. `people` are loginId and loginName of everyone.
    ///
    /// A server whose journal another one writes runs without: it serves, but `aplomb why` will not know.
    pub(crate) fn open(
        data_dir: &Path,
        bounds: Bounds,
        inactivity: Duration,
        people: impl IntoIterator<Item = (String, String)>,
        warnings: Warnings,
    ) -> anyhow::Result<(Self, Before)> {
        let directory = directory(data_dir);
        let login_names = Arc::new(people.into_iter().collect());
        let strangers = Arc::new(Mutex::new(Strangers::new(Instant::now())));
        let (answered, inactivity_ms) = (Arc::default(), Some(millis(inactivity)));
        let shares = Arc::default();
        let with = |lines| Self { lines, login_names, strangers, answered, inactivity_ms, warnings, shares };
        let lines = match ::journal::Journal::open(&directory, bounds) {
            Ok(lines) => lines,
            Err(error @ JournalError::InUse { .. }) => {
                tracing::warn!("{error}: this server keeps none");
                return Ok((with(None), Before::default()));
            }
            Err(error) => return Err(error.into()),
        };
        let before = Before::read(&directory)?;
        Ok((with(Some(lines)), before))
    }

    /// Whether there is one.
    pub(crate) fn is_written(&self) -> bool {
        self.lines.is_some()
    }

    /// Writes a record, soon. Never waits.
    pub(crate) fn note(&self, at: Timestamp, what: What) {
        let Some(lines) = &self.lines else { return };
        lines.note(&Record { at: to_millis(at), what });
    }

    pub(crate) fn note_now(&self, what: What) {
        self.note(Timestamp::now(), what);
    }

    /// Somebody was not let in. `transport` is `rest` for calls of the web service.
    fn note_refused(&self, at: Timestamp, name: &str, transport: &str, address: SocketAddr, why: &str) {
        if !self.admits_stranger() {
            return;
        }
        let user = self.user_named(name);
        let login = user.as_deref().and_then(|user| self.login_name(user));
        let (transport, address, why) = (transport.to_owned(), address.to_string(), why.to_owned());
        self.note(at, What::SignInRefused { user, login, transport, address, why });
    }

    /// Whether there is room for one more record about those who have not signed in.
    fn admits_stranger(&self) -> bool {
        // a panic while holding the lock cannot leave the counts wrong in a way that matters
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let (admitted, left_out) = strangers.admit(Instant::now());
        drop(strangers);
        if let Some(count) = left_out {
            self.note_now(What::StrangersLeftOut { count });
        }
        admitted
    }

    /// What the floor says about an agent's presence. Other notes are for the log only.
    pub(crate) fn note_floor(&self, at: Timestamp, note: &Note) {
        let Some(agent) = note.agent() else { return };
        let (user, login) = (agent.to_string(), self.login_name(agent.as_str()));
        let what = match note {
            Note::WatchStarted { grace, .. } => What::WatchStarted { user, login, grace_ms: millis(*grace) },
            Note::Returned { too_late, .. } => What::Returned { user, login, too_late: *too_late },
            Note::WatchEnded { .. } => What::WatchEnded { user, login },
            Note::ForcedLogout { .. } => What::ForcedLogout { user, login },
            Note::ForcedLogoutDeferred { .. } => What::ForcedLogoutDeferred { user, login },
            Note::ForcedLogoutFailed { why, .. } => {
                What::ForcedLogoutFailed { user, login, why: why.clone() }
            }
            _ => return,
        };
        self.note(at, what);
    }

    /// A stranger's TLS refused the certificate.
    pub(crate) fn note_distrust(&self, listener: String, address: String, alert: String) {
        if self.admits_stranger() {
            self.note_now(What::HandshakeRefused { listener, address, alert });
        }
    }

    /// The CTI link, as it comes and goes.
    pub(crate) fn note_cti(&self, at: Timestamp, input: &CtiInput) {
        match input {
            CtiInput::LinkUp { server, .. } => self.note(at, What::CtiUp { server: server.clone() }),
            CtiInput::LinkDown { reason } => self.note(at, What::CtiDown { reason: reason.clone() }),
            _ => {}
        }
    }

    pub(crate) fn note_system(&self, at: Timestamp, system: &System) {
        let (status, reason) = (system.status.name().to_owned(), system.status_reason.to_string());
        self.note(at, What::SystemStatus { status, reason });
    }

    /// Waits until everything is on the disk.
    pub(crate) fn close(&self) {
        let Some(lines) = &self.lines else { return };
        if !lines.close(CLOSE_WITHIN) {
            tracing::error!("the journal could not be finished in time");
        }
        if lines.dropped() > 0 {
            tracing::warn!(records = lines.dropped(), "the journal lacks records");
        }
    }

    /// The loginName of a user, if it is another name than the id.
    fn login_name(&self, user: &str) -> Option<String> {
        self.login_names.get(user).filter(|login| *login != user).cloned()
    }

    /// The loginId of whoever has this loginId or loginName.
    fn user_named(&self, name: &str) -> Option<String> {
        if self.login_names.contains_key(name) {
            return Some(name.to_owned());
        }
        let mut found = self.login_names.iter().filter(|(_, login)| login.eq_ignore_ascii_case(name));
        found.next().map(|(id, _)| id.clone())
    }
}

impl Before {
    fn read(directory: &Path) -> std::io::Result<Self> {
        let mut before = Self::default();
        let mut open = HashSet::new();
        let mut last = Timestamp::default();
        ::journal::read(directory, |line| {
            let Some(record) = Brief::parse(line) else { return };
            match (&*record.kind, record.session) {
                ("server-started", _) => {
                    before.died = true;
                    before.bury(&mut open, last);
                }
                ("server-stopped", _) => before.died = false,
                ("session-opened", Some(session)) => {
                    open.insert(session.into_owned());
                }
                ("session-ended", Some(session)) => {
                    open.remove(&*session);
                    before.graves.extend(grave(
                        &session,
                        record.at,
                        &record.reason.unwrap_or_default(),
                        record.last_rid,
                    ));
                }
                _ => {}
            }
            last = record.at;
        })?;
        before.bury(&mut open, last);
        Ok(before)
    }

    /// Whatever is still open has died with its server, which was last heard of then.
    fn bury(&mut self, open: &mut HashSet<String>, at: Timestamp) {
        let died = open.drain().filter_map(|session| grave(&session, at, SERVER_DIED, None));
        self.graves.extend(died);
    }
}

fn grave(session: &str, at: Timestamp, reason: &str, last_rid: Option<u64>) -> Option<Grave> {
    let mark = Mark(u64::from_str_radix(session, 16).ok()?);
    Some(Grave { mark, at: at.into(), reason: reason.to_owned(), last_rid })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A millisecond is as exact as anything here.
fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use notification::limits::GRAVES_KEPT;
    use std::time::SystemTime;

    /// A run of a server that opens a session, and dies behind its record of `last`.
    fn run_that_dies(session: &str, opened: &str, last: &str) -> String {
        format!(
            r#"{{"at":"{opened}","kind":"server-started","version":"0","pid":1,"died":false}}
{{"at":"{opened}","kind":"session-opened","session":"{session}","transport":"bosh","address":"192.0.2.7:40000"}}
{{"at":"{last}","kind":"cti-down","reason":"lost"}}
"#
        )
    }

    fn time(text: &str) -> SystemTime {
        text.parse::<Timestamp>().unwrap().into()
    }

    /// Session and time of every grave, and the reason's name, as the next start reads them.
    fn graves(lines: &str) -> Vec<(u64, SystemTime, String)> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("1.jsonl"), lines).unwrap();
        let before = Before::read(directory.path()).unwrap();
        before.graves.into_iter().map(|grave| (grave.mark.0, grave.at, grave.reason)).collect()
    }

    #[test]
    fn a_session_of_a_server_that_died_ended_when_the_server_was_last_heard_of() {
        // open for longer than graves are kept
        let (opened, last) = ("2026-03-01T07:00:00Z", "2026-03-02T08:00:00Z");
        assert!(time(last).duration_since(time(opened)).unwrap() > GRAVES_KEPT);
        let run = run_that_dies("0a", opened, last);
        assert_eq!(graves(&run), [(0x0a, time(last), SERVER_DIED.to_owned())]);
    }

    #[test]
    fn what_died_with_a_server_is_still_known_after_more_starts() {
        let first = run_that_dies("0a", "2026-03-01T07:00:00Z", "2026-03-02T08:00:00Z");
        let second = run_that_dies("0b", "2026-03-02T08:00:05Z", "2026-03-02T08:10:00Z");
        let third = run_that_dies("0c", "2026-03-02T08:10:05Z", "2026-03-02T08:20:00Z");
        let expected = [
            (0x0a, time("2026-03-02T08:00:00Z"), SERVER_DIED.to_owned()),
            (0x0b, time("2026-03-02T08:10:00Z"), SERVER_DIED.to_owned()),
            (0x0c, time("2026-03-02T08:20:00Z"), SERVER_DIED.to_owned()),
        ];
        assert_eq!(graves(&[first, second, third].concat()), expected);
    }
}

//! What the notification service tells, as records.

use super::record::ProbeNote;
use super::{Ended, Journal, Passage, Probe, Session, Way, What, millis};
use crate::shares::{Shares, Unequal};
use crate::warnings::Kind;
use crate::why::program;
use bosh::Reason;
use jiff::{SignedDuration, Timestamp};
use notification::{Client, Mark, Refused, Remark, Sign, Story, Tombstone, printable};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};
use tokio::sync::{broadcast, oneshot};

/// Characters of a resource: clients choose it.
const RESOURCE_CHARS_MAX: usize = 64;

/// What a desktop tells of longer ago is left out.
const PROBE_AGE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Writes what the service tells until `stop`, then the rest of what was told.
pub(crate) async fn keep_books(
    journal: Journal,
    mut stories: broadcast::Receiver<Arc<Story>>,
    mut stop: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            biased;
            story = stories.recv() => match story {
                Ok(story) => journal.note_story(&story),
                Err(broadcast::error::RecvError::Lagged(count)) => {
                    tracing::warn!(count, "the journal lacks records: more was told than could be taken");
                    journal.note_now(What::Missed { count });
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
            // only when nothing more is waiting
            _ = &mut stop => return,
        }
    }
}

impl Journal {
    fn note_story(&self, story: &Story) {
        match story {
            Story::Opened(opened) => {
                let who = (Some(opened.user.as_str()), Some(opened.resource.as_str()));
                let session = self.session(opened.mark, who, &opened.client);
                let browser = opened.client.agent.as_deref().map(program).unwrap_or_default();
                self.shares().opened(session.session.clone(), opened.client.address, browser);
                self.note(stamp(opened.at), What::SessionOpened(session));
            }
            Story::Ended(tombstone) => {
                if tombstone.user.is_some() || self.admits_stranger() {
                    self.note_ended(tombstone);
                }
            }
            Story::Remarked(remark) => self.note_remark(remark),
            Story::Refused(Refused { at, name, client, why }) => {
                self.note_refused(stamp(*at), name, client.transport, client.address, why);
            }
        }
    }

    fn shares(&self) -> MutexGuard<'_, Shares> {
        // a panic while holding the lock cannot leave the counts wrong in a way that matters
        self.shares.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the session's network or browser loses more than its share.
    fn count_loss(&self, tombstone: &Tombstone) {
        let session = tombstone.mark.to_string();
        if !matches!(tombstone.reason, Reason::Inactivity | Reason::TransportLost | Reason::QueueOverflow) {
            return self.shares().left(&session);
        }
        let unequal = self.shares().lost(Instant::now(), &session);
        for one in unequal {
            let (kind, what, lost) = match one {
                Unequal::Site(site, lost) => (Kind::Site, site, lost),
                Unequal::Browser(browser, lost) => (Kind::Browser, browser, lost),
            };
            self.warnings.of_many(stamp(tombstone.at), kind, &what, lost as i64);
        }
    }

    fn note_ended(&self, tombstone: &Tombstone) {
        self.count_loss(tombstone);
        let who = (tombstone.user.as_deref(), tombstone.resource.as_deref());
        let ended = Ended {
            session: self.session(tombstone.mark, who, &tombstone.client),
            reason: tombstone.reason.as_str().into(),
            condition: tombstone.condition.map(str::to_owned),
            opened: super::to_millis(stamp(tombstone.opened)),
            last_seen: super::to_millis(stamp(tombstone.last_seen)),
            idle_ms: tombstone.idle.map(millis),
            longest_gap_ms: tombstone.longest_gap.map(millis),
            last_rid: tombstone.last_rid,
            requests: tombstone.counts.requests,
            repeats: tombstone.counts.repeats,
            deliveries: tombstone.counts.deliveries,
            inactivity_ms: tombstone.last_rid.and(self.inactivity_ms),
            rest_seen: self.rest_seen(tombstone.user.as_deref(), stamp(tombstone.last_seen)),
            traffic: traffic(tombstone),
        };
        self.note(stamp(tombstone.at), What::SessionEnded(Box::new(ended)));
    }

    fn note_remark(&self, remark: &Remark) {
        let (at, session) = (stamp(remark.at), remark.mark.to_string());
        let user = remark.user.clone().unwrap_or_default();
        let what = match &remark.sign {
            Sign::Cut { held } => What::PollCut { session, user, held_ms: millis(*held) },
            Sign::Gap { silent } => {
                let silent_ms = millis(*silent);
                self.warnings.of_agent(at, Kind::LatePoll, &user, amount(silent_ms));
                What::PollGap { session, user, silent_ms }
            }
            Sign::Backlog { stanzas } => {
                let stanzas = *stanzas as u64;
                self.warnings.of_agent(at, Kind::Backlog, &user, amount(stanzas));
                What::Backlog { session, user, stanzas }
            }
            Sign::Late { ahead } => What::LateRequest { session, ahead: *ahead },
            Sign::Unknown if !self.admits_stranger() => return,
            Sign::Unknown => {
                let address = remark.address.map(|address| address.to_string()).unwrap_or_default();
                What::UnknownSession { address }
            }
            Sign::Probe(probe) => {
                let drift_ms = probe.drift_ms.filter(|ms| ms.abs() > diag::limits::DRIFT_MS);
                if let Some(ms) = drift_ms {
                    // what the desktop adds to its clock; the clock is off by the opposite
                    self.warnings.of_agent(at, Kind::Drift, &user, ms.saturating_neg());
                }
                match probe_record(session, user, at, probe) {
                    Some(probe) => What::Probe(Box::new(probe)),
                    None => return,
                }
            }
        };
        self.note(at, what);
    }

    fn session(&self, mark: Mark, who: (Option<&str>, Option<&str>), client: &Client) -> Session {
        Session {
            session: mark.to_string(),
            user: who.0.map(str::to_owned),
            login: who.0.and_then(|user| self.login_name(user)),
            resource: who.1.map(|resource| printable(resource, RESOURCE_CHARS_MAX)),
            transport: client.transport.into(),
            address: client.address.to_string(),
            client: client.agent.as_deref().map(str::to_owned),
        }
    }
}

/// The session's last requests and answers.
fn traffic(tombstone: &Tombstone) -> Vec<Passage> {
    let passage = |passed: &notification::Passed| Passage {
        ago_ms: millis(passed.ago),
        way: if passed.to_client { Way::Out } else { Way::In },
        rid: passed.rid,
        what: passed.what.name().to_owned(),
        bytes: passed.bytes,
    };
    tombstone.traffic.iter().map(passage).collect()
}

fn amount(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn stamp(at: SystemTime) -> Timestamp {
    Timestamp::try_from(at).unwrap_or_else(|_| Timestamp::now())
}

/// A client's claims, dated by the server's clock as far as the client knew it: never later than they came, and not
/// of another day.
fn probe_record(
    session: String,
    user: String,
    came: Timestamp,
    probe: &notification::Probe,
) -> Option<Probe> {
    let drift = SignedDuration::from_millis(probe.drift_ms.unwrap_or(0));
    let oldest = came.checked_sub(PROBE_AGE_MAX).unwrap_or(came);
    let time = |text: &str| {
        let at = text.parse::<Timestamp>().ok()?.checked_add(drift).ok()?;
        Some(super::to_millis(at.min(came))).filter(|at| *at >= oldest)
    };
    let note = |note: &notification::ProbeNote| {
        let (what, why) = (note.what.clone(), note.why.clone());
        Some(ProbeNote { at: time(&note.at)?, what, ms: note.ms, why })
    };
    Some(Probe {
        session,
        user,
        desk: probe.desk.clone(),
        number: probe.number,
        written: time(&probe.at)?,
        drift_ms: probe.drift_ms,
        round_trip_ms: probe.round_trip_ms,
        late_ms: probe.late_ms,
        busy_ms: probe.busy_ms,
        notes: probe.notes.iter().filter_map(note).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::journal::Bounds;
    use notification::Counts;
    use prometheus_client::registry::Registry;
    use std::time::Duration;

    const ENDS: u64 = 10_000;

    fn story(number: u64) -> Arc<Story> {
        let at = SystemTime::now();
        let address = std::net::SocketAddr::from(([192, 0, 2, 7], 40_000));
        Arc::new(Story::Ended(Tombstone {
            at,
            mark: Mark(number),
            user: Some(format!("3{number:06}")),
            resource: Some("desktop".into()),
            client: Client { transport: "bosh", address, agent: Some("evil\u{9b}2J\u{202e}".into()) },
            reason: Reason::Inactivity,
            condition: None,
            opened: at,
            last_seen: at,
            idle: Some(Duration::from_secs(60)),
            longest_gap: None,
            last_rid: Some(number),
            counts: Counts::default(),
            traffic: Vec::new(),
        }))
    }

    #[tokio::test]
    async fn of_ten_thousand_ends_in_one_second_each_is_written_or_counted_as_missed() {
        let folder = tempfile::tempdir().unwrap();
        let bounds = Bounds { bytes_max: 1 << 26, keep: Duration::from_secs(3_600) };
        let warnings = crate::warnings::Warnings::register(&mut Registry::default());
        let (journal, _) =
            Journal::open(folder.path(), bounds, Duration::from_secs(60), [], warnings).unwrap();
        let (tell, stories) = broadcast::channel(notification::limits::STORIES_WAITING);
        let (stop, stopped) = oneshot::channel();

        // all of them before anybody had the time to write one
        for number in 0..ENDS {
            tell.send(story(number)).unwrap();
        }
        stop.send(()).unwrap();
        keep_books(journal.clone(), stories, stopped).await;
        journal.close();

        let (mut ended, mut missed) = (0, 0);
        ::journal::read(&super::super::directory(folder.path()), |line| {
            match super::super::Record::parse(line).map(|record| record.what) {
                Some(What::SessionEnded(_)) => ended += 1,
                Some(What::Missed { count }) => missed += count,
                other => panic!("neither: {other:?}"),
            }
        })
        .unwrap();
        assert_eq!(ended + missed, ENDS, "{ended} written, {missed} missed");
        assert_eq!(ended, notification::limits::STORIES_WAITING as u64);
    }
}

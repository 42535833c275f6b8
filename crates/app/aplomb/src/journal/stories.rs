//! What the notification service tells, as records.

use super::{Ended, Journal, Session, What, millis};
use jiff::Timestamp;
use notification::{Client, Mark, Refused, Story, Tombstone, printable};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{broadcast, oneshot};

/// Records a minute about those who have not signed in: a stranger who knocks without end must not push everybody
/// else out of the journal.
const STRANGERS_PER_MINUTE_MAX: u64 = 120;

const MINUTE: Duration = Duration::from_secs(60);

/// Characters of a resource: clients choose it.
const RESOURCE_CHARS_MAX: usize = 64;

/// Writes what the service tells until `stop`, then the rest of what was told.
pub(crate) async fn keep_books(
    journal: Journal,
    mut stories: broadcast::Receiver<Arc<Story>>,
    mut stop: oneshot::Receiver<()>,
) {
    let mut strangers = Strangers::new(Instant::now());
    loop {
        tokio::select! {
            biased;
            story = stories.recv() => match story {
                Ok(story) => journal.note_story(&story, &mut strangers),
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

/// How many records about strangers there have been in this minute.
struct Strangers {
    minute: Instant,
    noted: u64,
    left_out: u64,
}

impl Strangers {
    fn new(now: Instant) -> Self {
        Self { minute: now, noted: 0, left_out: 0 }
    }

    /// Whether there is room for one more; and how many were left out, when a minute with some is over.
    fn admit(&mut self, now: Instant) -> (bool, Option<u64>) {
        let mut left_out = None;
        if now.saturating_duration_since(self.minute) >= MINUTE {
            left_out = Some(self.left_out).filter(|count| *count > 0);
            *self = Self::new(now);
        }
        if self.noted < STRANGERS_PER_MINUTE_MAX {
            self.noted += 1;
            return (true, left_out);
        }
        self.left_out += 1;
        (false, left_out)
    }
}

impl Journal {
    fn note_story(&self, story: &Story, strangers: &mut Strangers) {
        match story {
            Story::Opened(opened) => {
                let who = (Some(opened.user.as_str()), Some(opened.resource.as_str()));
                let session = self.session(opened.mark, who, &opened.client);
                self.note(stamp(opened.at), What::SessionOpened(session));
            }
            Story::Ended(tombstone) => {
                if tombstone.user.is_some() || self.admit(strangers) {
                    self.note_ended(tombstone);
                }
            }
            Story::Refused(refused) => {
                if self.admit(strangers) {
                    self.note_refused(refused);
                }
            }
        }
    }

    fn admit(&self, strangers: &mut Strangers) -> bool {
        let (admitted, left_out) = strangers.admit(Instant::now());
        if let Some(count) = left_out {
            self.note_now(What::StrangersLeftOut { count });
        }
        admitted
    }

    fn note_ended(&self, tombstone: &Tombstone) {
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
        };
        self.note(stamp(tombstone.at), What::SessionEnded(Box::new(ended)));
    }

    fn note_refused(&self, refused: &Refused) {
        let user = self.user_named(&refused.name);
        let login = user.as_deref().and_then(|user| self.login_name(user));
        let (transport, address) = (refused.client.transport.into(), refused.client.address.to_string());
        let why = refused.why.clone();
        self.note(stamp(refused.at), What::SignInRefused { user, login, transport, address, why });
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

fn stamp(at: SystemTime) -> Timestamp {
    Timestamp::try_from(at).unwrap_or_else(|_| Timestamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_have_a_bound_a_minute_and_are_counted_beyond_it() {
        let start = Instant::now();
        let mut strangers = Strangers::new(start);
        let admitted = (0..STRANGERS_PER_MINUTE_MAX + 5).filter(|_| strangers.admit(start).0).count();
        assert_eq!(admitted as u64, STRANGERS_PER_MINUTE_MAX);
        assert_eq!(strangers.admit(start + MINUTE), (true, Some(5)));
        assert_eq!(strangers.admit(start + MINUTE * 2), (true, None));
    }
}

//! What the notification service tells, as records.

use super::{Ended, Journal, Session, What, millis};
use jiff::Timestamp;
use notification::{Client, Mark, Refused, Story, Tombstone, printable};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::{broadcast, oneshot};

/// Characters of a resource: clients choose it.
const RESOURCE_CHARS_MAX: usize = 64;

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
                self.note(stamp(opened.at), What::SessionOpened(session));
            }
            Story::Ended(tombstone) => {
                if tombstone.user.is_some() || self.admits_stranger() {
                    self.note_ended(tombstone);
                }
            }
            Story::Refused(Refused { at, name, client, why }) => {
                self.note_refused(stamp(*at), name, client.transport, client.address, why);
            }
        }
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

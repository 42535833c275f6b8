//! What commands beside the server change, into the journal. What the web service changes is noted as it is asked for.

use crate::journal::{Journal, What};
use ::store::{Entry, Store};
use notification::printable;
use tokio::sync::watch;

/// Entries of the audit trail that are read at a time; of a longer import the last ones are noted, and how many were before.
const ENTRIES_MAX: usize = 100;

/// Characters of who did something, and of what.
const TEXT_CHARS_MAX: usize = 120;

/// Follows the store's people, as long as the server runs. `last`: the entry before which all is known.
pub(crate) async fn follow(store: Store, journal: Journal, mut last: u64, mut people: watch::Receiver<u64>) {
    while people.changed().await.is_ok() {
        let entries = match store.audit(None, ENTRIES_MAX).await {
            Ok(entries) => entries,
            Err(error) => {
                // the writer says aloud when the store fails
                tracing::debug!(%error, "cannot read what was changed beside the server");
                continue;
            }
        };
        let newest = entries.first().map_or(last, |entry| entry.number);
        // a change over the web service has an address, and is noted already
        if let Some(oldest) = entries.last()
            && let more @ 1.. = oldest.number.saturating_sub(last + 1)
            && entries.len() == ENTRIES_MAX
        {
            let by = printable(&oldest.by.who, TEXT_CHARS_MAX);
            journal
                .note(oldest.by.at, What::AdminAction { by, action: format!("{more} changes before these") });
        }
        let beside = |entry: &&Entry| entry.number > last && entry.by.address.is_none();
        for entry in entries.iter().rev().filter(beside) {
            let by = printable(&entry.by.who, TEXT_CHARS_MAX);
            let action = printable(&format!("{} {} {}", entry.action, entry.kind, entry.id), TEXT_CHARS_MAX);
            journal.note(entry.by.at, What::AdminAction { by, action });
        }
        last = newest;
    }
}

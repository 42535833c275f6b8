//! Who the CTI server speaks of and we do not know: a line now and then for each kind, always the metrics.

use floor::Note;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// One line for each kind of note in this time. A roster that lacks a team, or a link that comes up amid the day's
/// calls, would otherwise write thousands.
const EVERY: Duration = Duration::from_secs(60);

/// When a kind of note was last logged, and how many were not since.
struct Kind {
    logged_at: Instant,
    left_out: u64,
}

/// The kinds of strangers met so far, by their names.
#[derive(Default)]
pub(crate) struct Strangers(BTreeMap<&'static str, Kind>);

impl Strangers {
    /// Whether the note is about somebody or something we do not know.
    pub(crate) fn is_one(note: &Note) -> bool {
        matches!(
            note,
            Note::UnknownAgent { .. }
                | Note::UnknownQueue { .. }
                | Note::UnknownReason { .. }
                | Note::UnknownCall { .. }
                | Note::CallUnseen { .. }
        )
    }

    /// Whether this one is worth a line; if so, how many of its kind were left out since the last.
    fn is_news(&mut self, now: Instant, note: &Note) -> Option<u64> {
        let kind = self.0.entry(note.name());
        let mut is_first = false;
        let kind = kind.or_insert_with(|| {
            is_first = true;
            Kind { logged_at: now, left_out: 0 }
        });
        if is_first || now.saturating_duration_since(kind.logged_at) >= EVERY {
            kind.logged_at = now;
            return Some(std::mem::take(&mut kind.left_out));
        }
        kind.left_out += 1;
        None
    }

    /// Logs it, if it is time for one of its kind.
    pub(crate) fn log(&mut self, now: Instant, stranger: &Note) {
        let note = stranger.name();
        match self.is_news(now, stranger) {
            Some(left_out) => {
                tracing::warn!(
                    note,
                    left_out,
                    "{stranger}; more of the kind are counted in aplomb_floor_notes_total"
                );
            }
            None => tracing::debug!(note, "{stranger}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use floor::CallId;

    #[test]
    fn many_strangers_of_a_kind_make_one_line_a_minute_that_says_how_many_there_were() {
        let (mut strangers, start) = (Strangers::default(), Instant::now());
        let unseen = |call| Note::CallUnseen { call: CallId(call) };
        assert!(Strangers::is_one(&unseen(1)));
        let told = (0..20_000).filter_map(|call| strangers.is_news(start, &unseen(call))).count();
        assert_eq!(told, 1);
        assert_eq!(
            strangers.is_news(start, &Note::UnknownAgent { agent: "77".into() }),
            Some(0),
            "another kind"
        );
        assert_eq!(strangers.is_news(start + EVERY, &unseen(1)), Some(19_999));
        assert_eq!(strangers.is_news(start + EVERY, &unseen(2)), None);
        assert!(!Strangers::is_one(&Note::LateOutcome));
    }
}

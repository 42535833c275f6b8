//! What a server can make the floor note by the thousand, strangers above all: a line now and then for each kind,
//! always the metrics.

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

/// The kinds of such notes met so far, by their names.
#[derive(Default)]
pub(crate) struct Strangers(BTreeMap<&'static str, Kind>);

impl Strangers {
    /// Whether events can make such notes without end: somebody or something we do not know, calls past a limit, steps
    /// that no agent takes.
    pub(crate) fn may_flood(note: &Note) -> bool {
        matches!(
            note,
            Note::UnknownAgent { .. }
                | Note::UnknownQueue { .. }
                | Note::UnknownReason { .. }
                | Note::UnknownCall { .. }
                | Note::CallUnseen { .. }
                | Note::BelatedEvent { .. }
                | Note::CallDenied { .. }
                | Note::CallNotTold { .. }
                | Note::TooManyCalls { .. }
                | Note::CallDataCut { .. }
                | Note::UnexpectedTransition { .. }
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
    pub(crate) fn log(&mut self, now: Instant, noted: &Note) {
        let note = noted.name();
        match self.is_news(now, noted) {
            Some(left_out) => {
                tracing::warn!(
                    note,
                    left_out,
                    "{noted}; more of the kind are counted in aplomb_floor_notes_total"
                );
            }
            None => tracing::debug!(note, "{noted}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use floor::{AgentId, CallId, State};

    #[test]
    fn many_strangers_of_a_kind_make_one_line_a_minute_that_says_how_many_there_were() {
        let (mut strangers, start) = (Strangers::default(), Instant::now());
        let unseen = |call| Note::CallUnseen { call: CallId(call) };
        assert!(Strangers::may_flood(&unseen(1)));
        let told = (0..20_000).filter_map(|call| strangers.is_news(start, &unseen(call))).count();
        assert_eq!(told, 1);
        assert_eq!(
            strangers.is_news(start, &Note::UnknownAgent { agent: "77".into() }),
            Some(0),
            "another kind"
        );
        assert_eq!(strangers.is_news(start + EVERY, &unseen(1)), Some(19_999));
        assert_eq!(strangers.is_news(start + EVERY, &unseen(2)), None);
        assert!(!Strangers::may_flood(&Note::LateOutcome));
    }

    #[test]
    fn calls_past_a_limit_and_steps_no_agent_takes_make_one_line_a_minute_too() {
        let (call, agent) = (CallId(1), AgentId::from("1001"));
        let kinds = [
            Note::TooManyCalls { call },
            Note::CallDataCut { call, values: 3 },
            Note::UnexpectedTransition { agent, from: State::Logout, to: State::Talking },
        ];
        let (mut strangers, start) = (Strangers::default(), Instant::now());
        for note in kinds {
            assert!(Strangers::may_flood(&note), "{note}");
            let told = (0..1_000).filter_map(|_| strangers.is_news(start, &note)).count();
            assert_eq!(told, 1, "{note}");
            assert_eq!(strangers.is_news(start + EVERY, &note), Some(999), "{note}");
        }
    }
}

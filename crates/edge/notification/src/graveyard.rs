//! What became of sessions, for clients that come back with a dead session id.

use crate::limits::{FAREWELL_KEPT, GRAVES_KEPT, GRAVES_MAX, LATE_REQUESTS_TOLD};
use crate::story::Mark;
use bosh::Answer;
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use xml::{Layout, Writer};

/// The namespace of [`ended`].
const NAMESPACE: &str = "urn:aplomb:session-ended:1";

/// How one session ended.
#[derive(Clone, Debug)]
pub struct Grave {
    /// Which session.
    pub mark: Mark,
    /// When.
    pub at: SystemTime,
    /// The name of the reason.
    pub reason: String,
    /// Its last request id.
    pub last_rid: Option<u64>,
}

struct Kept {
    at: SystemTime,
    reason: Box<str>,
    last_rid: Option<u64>,
    /// Requests that came later and were told.
    told: u8,
    /// What the session itself would say, for a while.
    farewell: Option<Answer>,
}

/// Ended sessions of this run and of those before it.
#[derive(Default)]
pub(crate) struct Graveyard {
    graves: HashMap<Mark, Kept>,
    oldest_first: VecDeque<Mark>,
    /// Oldest first. Bounded by itself: graves that are gone for their number leave theirs behind.
    farewells: VecDeque<(SystemTime, Mark)>,
}

/// What is known of a dead session id.
pub(crate) struct Found {
    pub(crate) answer: Answer,
    pub(crate) reason: Box<str>,
    pub(crate) since: Duration,
    pub(crate) last_rid: Option<u64>,
    /// Whether it is one of the few that are told.
    pub(crate) is_told: bool,
}

impl Graveyard {
    pub(crate) fn bury(&mut self, grave: Grave, farewell: Option<Answer>) {
        let Grave { mark, at, reason, last_rid } = grave;
        if farewell.is_some() {
            self.farewells.push_back((at, mark));
        }
        let kept = Kept { at, reason: reason.into(), last_rid, told: 0, farewell };
        if self.graves.insert(mark, kept).is_none() {
            self.oldest_first.push_back(mark);
        }
        self.forget_old(at);
    }

    /// The answer to a request whose session is over: what the session itself would have said, or, later, what is
    /// said of an unknown one; and with it what became of the session.
    pub(crate) fn find(&mut self, now: SystemTime, mark: Mark) -> Option<Found> {
        self.forget_old(now);
        let kept = self.graves.get_mut(&mark)?;
        let is_told = kept.told < LATE_REQUESTS_TOLD;
        kept.told = kept.told.saturating_add(1);
        let mut answer = kept.farewell.clone().unwrap_or_else(Answer::unknown_session);
        add(&mut answer, ended(kept.at, &kept.reason));
        let since = now.duration_since(kept.at).unwrap_or_default();
        Some(Found { answer, reason: kept.reason.clone(), since, last_rid: kept.last_rid, is_told })
    }

    fn forget_old(&mut self, now: SystemTime) {
        let is_older = |at: SystemTime, kept| now.duration_since(at).is_ok_and(|age| age > kept);
        while let Some((at, mark)) = self.farewells.front()
            && (self.farewells.len() > GRAVES_MAX || is_older(*at, FAREWELL_KEPT))
        {
            if let Some(kept) = self.graves.get_mut(mark) {
                kept.farewell = None;
            }
            self.farewells.pop_front();
        }
        while let Some(mark) = self.oldest_first.front()
            && (self.oldest_first.len() > GRAVES_MAX
                || self.graves.get(mark).is_none_or(|kept| is_older(kept.at, GRAVES_KEPT)))
        {
            self.graves.remove(mark);
            self.oldest_first.pop_front();
        }
    }
}

/// Puts an element at the end of a terminate body. An answer that is an HTTP status, for clients below version 1.6
/// (XEP-0124 §17.1), has nothing but it: such clients look at the status alone, people and captures further.
fn add(answer: &mut Answer, element: Bytes) {
    let end = answer.segments.len().saturating_sub(1);
    answer.segments.insert(end, element);
}

/// `<ended reason='inactivity' at='…Z'/>`: why the session is gone, and since when. An element of a namespace that
/// clients do not know, behind everything that they do; they look at the body's `condition` (XEP-0124 §17.2).
fn ended(at: SystemTime, reason: &str) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("ended").attribute("xmlns", NAMESPACE).attribute("reason", reason).attribute("at", &utc(at));
    writer.finish().0.into()
}

/// XEP-0082: `2026-11-22T00:16:04Z`.
fn utc(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let at = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    at.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bosh::{Condition, Version};

    const T0: SystemTime = SystemTime::UNIX_EPOCH;

    fn grave(mark: u64, at: SystemTime) -> Grave {
        Grave { mark: Mark(mark), at, reason: "inactivity".into(), last_rid: None }
    }

    fn text(answer: &Answer) -> String {
        String::from_utf8(answer.to_vec()).unwrap()
    }

    #[test]
    fn a_dead_session_says_its_last_words_for_a_while_and_then_how_it_ended() {
        let mut graves = Graveyard::default();
        let farewell = Answer::refusal(Condition::PolicyViolation, Some(Version::CURRENT));
        graves.bury(grave(1, T0), Some(farewell));

        let soon = graves.find(T0 + FAREWELL_KEPT / 2, Mark(1)).unwrap();
        let later = graves.find(T0 + FAREWELL_KEPT * 2, Mark(1)).unwrap();

        assert!(text(&soon.answer).contains("condition=\"policy-violation\""), "{}", text(&soon.answer));
        let ended = r#"<ended xmlns="urn:aplomb:session-ended:1" reason="inactivity" at="1970-01-01T00:00:00Z"></ended></body>"#;
        assert!(text(&soon.answer).ends_with(ended), "{}", text(&soon.answer));
        assert!(text(&later.answer).contains("condition=\"item-not-found\""), "{}", text(&later.answer));
        assert!(text(&later.answer).ends_with(ended));
        assert_eq!(later.since, FAREWELL_KEPT * 2);
    }

    #[test]
    fn behind_a_status_stands_the_reason_alone() {
        let mut graves = Graveyard::default();
        graves.bury(grave(1, T0), Some(Answer::refusal(Condition::ItemNotFound, None)));
        let found = graves.find(T0, Mark(1)).unwrap();
        assert_eq!(found.answer.status, 404);
        let ended = r#"<ended xmlns="urn:aplomb:session-ended:1" reason="inactivity" at="1970-01-01T00:00:00Z"></ended>"#;
        assert_eq!(text(&found.answer), ended);
    }

    #[test]
    fn ends_are_forgotten_after_a_day() {
        let mut graves = Graveyard::default();
        graves.bury(grave(1, T0), None);
        assert!(graves.find(T0 + GRAVES_KEPT, Mark(1)).is_some());
        assert!(graves.find(T0 + GRAVES_KEPT + Duration::from_secs(1), Mark(1)).is_none());
        assert!(graves.graves.is_empty() && graves.oldest_first.is_empty());
    }

    #[test]
    fn only_the_newest_ends_and_farewells_are_kept() {
        let mut graves = Graveyard::default();
        for n in 0..GRAVES_MAX as u64 + 10 {
            let farewell = Answer::refusal(Condition::PolicyViolation, Some(Version::CURRENT));
            graves.bury(grave(n, T0), Some(farewell));
        }
        assert_eq!((graves.graves.len(), graves.oldest_first.len()), (GRAVES_MAX, GRAVES_MAX));
        assert_eq!(graves.farewells.len(), GRAVES_MAX);
        assert_eq!(graves.farewells.front(), Some(&(T0, Mark(10))));
        assert!(graves.find(T0, Mark(9)).is_none());
        let oldest = graves.find(T0, Mark(10)).unwrap();
        assert!(text(&oldest.answer).contains("policy-violation"), "its farewell is kept as well");
    }
}

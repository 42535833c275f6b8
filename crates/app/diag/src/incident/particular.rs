//! What single rules ask.

use super::{Incident, Span};
use crate::evidence::{End, Fact, Failure, Refusal, What};
use crate::limits::{ABOUT, NEAR, RELOAD, STALL_MS};
use crate::rules::Finding;
use crate::sight::Sight;
use jiff::SignedDuration;

/// Polls that a middlebox cuts are of one age to within this part of it.
const SAME_AGE: f64 = 0.1;

impl Incident<'_> {
    /// No session of the agent ended or was open at that time.
    pub(crate) fn never_connected(&self) -> Finding {
        let own = |of: &Option<String>| of.as_deref() == Some(&self.case.subject);
        let mut facts = self.case.facts.iter();
        let had = facts.any(|fact| own(&fact.of) && matches!(fact.what, What::SessionOpened { .. }));
        if had || self.ended.is_some() { Finding::Absent } else { Finding::Seen(Vec::new()) }
    }

    /// The session ended so, or a sign-in was refused.
    pub(crate) fn refused_or(&self, ends: &[End]) -> Finding {
        match self.ended_by(ends) {
            Finding::Seen(places) => Finding::Seen(places),
            _ => self.look(Sight::SignIns, self.about(), |what| matches!(what, What::SignInRefused { .. })),
        }
    }

    /// Refused for the credential's sake, and no session was lost for another reason.
    pub(crate) fn credential_refused(&self) -> Finding {
        match self.ended_by(&[End::Credential]) {
            Finding::Seen(places) => Finding::Seen(places),
            _ if self.ended.is_some_and(|ended| ended.is_unwanted()) => Finding::Absent,
            _ => self.look(Sight::SignIns, self.about(), |what| {
                matches!(what, What::SignInRefused { why: Refusal::Credential | Refusal::Locked })
            }),
        }
    }

    /// A session of the agent ended, not by the client's wish.
    pub(crate) fn session_ended(&self) -> Finding {
        match &self.ended {
            Some(ended) if ended.is_unwanted() => Finding::Seen(vec![ended.place]),
            _ => Finding::Absent,
        }
    }

    /// The page went by the agent's doing: it took its leave; or its connection closed, and the same computer's next page
    /// took its place.
    pub(crate) fn page_went(&self) -> Finding {
        let Some(ended) = self.ended else { return Finding::Absent };
        match ended.end {
            End::Left => Finding::Seen(vec![ended.place]),
            End::Conflict if self.back_from_there() => self.cut_at_onset(),
            _ => Finding::Absent,
        }
    }

    /// A request took seconds, of a page that had the time for it.
    pub(crate) fn slow_way(&self) -> Finding {
        let slow = |what: &What| matches!(what, What::RoundTrip { ms } if *ms >= STALL_MS);
        let busy = |what: &What| match what {
            What::LongTask { ms, .. } | What::TimerLate { ms } | What::Slept { ms } => *ms >= STALL_MS,
            other => matches!(other, What::PageFrozen | What::PageResumed),
        };
        match self.look(Sight::Page, self.run_up(), busy) {
            Finding::Seen(_) => Finding::Absent,
            _ => self.look(Sight::Page, self.run_up(), slow),
        }
    }

    /// How long the client had not been heard of when the session ended.
    pub(crate) fn silent_ms(&self) -> u64 {
        let silent = self.ended.map(|ended| ended.at.duration_since(ended.last_activity).as_millis());
        silent.and_then(|ms| u64::try_from(ms).ok()).unwrap_or_default()
    }

    /// Another session of the agent began at the same address, at the end of this one or soon after.
    fn back_from_there(&self) -> bool {
        let own = self.ended.and_then(|ended| self.case.facts[ended.place].session.as_deref());
        let around = Span::around(self.moment, NEAR, RELOAD);
        let begun = |fact: &Fact| match &fact.what {
            What::SessionOpened { address, .. } if fact.of.as_deref() == Some(&self.case.subject) => {
                Some((fact.session.clone(), address.clone()))
            }
            _ => None,
        };
        let is_own = |session: &Option<String>| session.as_deref() == own;
        let mut all = self.case.facts.iter().filter_map(begun);
        let Some((_, from)) = all.find(|(session, _)| is_own(session)) else { return false };
        let mut near = self.case.facts.iter().filter(|fact| around.has(fact.at)).filter_map(begun);
        near.any(|(session, address)| !is_own(&session) && address == from)
    }

    /// Back so soon.
    pub(crate) fn back_within(&self, limit: SignedDuration) -> Finding {
        let is_soon = self.back.is_some_and(|back| back.duration_since(self.moment) <= limit);
        if is_soon { Finding::Seen(Vec::new()) } else { Finding::Absent }
    }

    /// All who fell silent are in one network, and others are not.
    pub(crate) fn one_site(&self) -> Finding {
        if self.cohort.site.is_some() { Finding::Seen(self.cohort.places.clone()) } else { Finding::Absent }
    }

    /// Polls that were cut at the same age, three at least.
    pub(crate) fn cut_at_one_age(&self) -> Finding {
        let is_cut = |what: &What| matches!(what, What::PollCut { held_ms } if *held_ms > 500);
        let Finding::Seen(places) = self.look_for(Sight::Requests, self.run_up(), 3, is_cut) else {
            return self.look_for(Sight::Requests, self.run_up(), 3, is_cut);
        };
        let age = |place: &usize| match self.case.facts[*place].what {
            What::PollCut { held_ms } => held_ms as f64,
            _ => 0.0,
        };
        let mut ages: Vec<f64> = places.iter().map(age).collect();
        ages.sort_by(f64::total_cmp);
        let middle = ages[ages.len() / 2];
        let alike = ages.iter().filter(|age| (**age - middle).abs() <= middle * SAME_AGE).count();
        if alike >= 3 && alike * 4 >= ages.len() * 3 { Finding::Seen(places) } else { Finding::Absent }
    }

    /// The last poll was cut, and the page, which lived, got no answer any more: something on the way said no.
    pub(crate) fn cut_and_lost(&self) -> Finding {
        let lost = |what: &What| matches!(what, What::RequestFailed { how } if *how == Failure::TimedOut);
        match (self.cut_at_onset(), self.look(Sight::Page, self.silence(), lost)) {
            (Finding::Seen(cut), Finding::Seen(lost)) => Finding::Seen([cut, lost].concat()),
            (Finding::Seen(_), other) | (other, _) => other,
        }
    }

    /// The last poll was cut, and a page that had told of itself did so no more. Of a page that never told anything
    /// that is not known.
    pub(crate) fn cut_and_never_again(&self) -> Finding {
        let Finding::Seen(cut) = self.cut_at_onset() else { return self.cut_at_onset() };
        let of_page = |what: &What| what.sight() == Some(Sight::Page);
        let onset = self.onset_of_cut();
        let before = Span { from: self.run_up().from, to: onset.to };
        // a page that told of later times was there then
        let ours = |of: &Option<String>| of.as_deref() == Some(self.case.subject.as_str());
        let mut watches = self.case.watches.iter();
        if watches.any(|watch| watch.sight == Sight::Page && ours(&watch.of) && watch.to > self.moment) {
            return Finding::Absent;
        }
        match (self.look(Sight::Page, before, of_page), self.look(Sight::Page, self.after(), of_page)) {
            (_, Finding::Seen(_)) => Finding::Absent,
            (Finding::Seen(_), _) => Finding::Seen(cut),
            _ => Finding::NotLooked(Sight::Page),
        }
    }

    /// The connection of the last poll ended before its answer.
    pub(crate) fn cut_at_onset(&self) -> Finding {
        self.look(Sight::Requests, self.onset_of_cut(), |what| matches!(what, What::PollCut { .. }))
    }

    /// Polls were cut earlier too, and the client went on.
    pub(crate) fn cut_before(&self) -> Finding {
        let onset = self.ended.map_or(self.moment, |ended| ended.last_activity);
        let earlier = Span { from: self.run_up().from, to: onset.checked_sub(NEAR).unwrap_or(onset) };
        self.look(Sight::Requests, earlier, |what| matches!(what, What::PollCut { .. }))
    }

    /// From the last activity to ten minutes after the end.
    pub(crate) fn onset_to_after(&self) -> Span {
        Span { from: self.onset_of_cut().from, to: self.after().to }
    }

    /// The minute before, and some seconds after.
    pub(crate) fn run_up_near(&self) -> Span {
        Span { from: self.ten_minutes_before(), ..Span::around(self.moment, ABOUT, RELOAD) }
    }

    /// Ten minutes around the moment.
    pub(crate) fn about(&self) -> Span {
        Span { from: self.ten_minutes_before(), ..Span::around(self.moment, ABOUT, ABOUT) }
    }

    /// The service that ended the session measures silence by a clock that cannot jump.
    pub(crate) fn monotonic(&self) -> Finding {
        let Some(ended) = &self.ended else { return Finding::Absent };
        match self.case.facts[ended.place].what {
            What::SessionEnded { steady: true, .. } => Finding::Seen(vec![ended.place]),
            _ => Finding::Absent,
        }
    }
}

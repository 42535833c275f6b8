//! Lanes on one time axis: what happened to the desktop, the network, the services and the phone system, with the two
//! countdowns of a disconnection.

use crate::evidence::{Fact, What};
use crate::incident::Span;
use crate::sight::Lane;
use crate::verdict::Verdict;
use jiff::{SignedDuration, Timestamp};

/// Things on the axis; the rest is left out.
const MARKS_MAX: usize = 26;

/// What is shown before and after, as a part of what matters.
const MARGIN: f64 = 0.25;

/// At least so much is shown.
const MARGIN_MIN: SignedDuration = SignedDuration::from_secs(2);

/// At most so much.
const MARGIN_MAX: SignedDuration = SignedDuration::from_secs(60);

/// A stretch that runs down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Countdown {
    pub(crate) lane: Lane,
    pub(crate) span: Span,
    /// To the end of the session, not to the forced sign-out.
    pub(crate) is_silence: bool,
}

/// Something on the axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark<'a> {
    /// `a`, `b`, …
    pub(crate) letter: char,
    pub(crate) lane: Lane,
    pub(crate) fact: &'a Fact,
}

/// The picture, before anybody draws it.
#[derive(Debug)]
pub(crate) struct Lanes<'a> {
    pub(crate) span: Span,
    pub(crate) marks: Vec<Mark<'a>>,
    pub(crate) countdowns: Vec<Countdown>,
    /// Things that found no letter.
    pub(crate) left_out: usize,
}

impl<'a> Lanes<'a> {
    pub(crate) fn of(verdict: &Verdict<'a>) -> Self {
        let incident = &verdict.incident;
        let countdowns = countdowns(verdict);
        let begin = incident.ended.map_or(incident.moment, |ended| ended.last_activity);
        let last = countdowns.iter().map(|countdown| countdown.span.to).max().unwrap_or(incident.moment);
        let to = last.max(incident.back.filter(|back| *back <= incident.after().to).unwrap_or(last));
        let margin = SignedDuration::from_secs_f64(to.duration_since(begin).as_secs_f64() * MARGIN);
        let margin = margin.clamp(MARGIN_MIN, MARGIN_MAX);
        let span = Span {
            from: begin.checked_sub(margin).unwrap_or(begin),
            to: to.checked_add(margin).unwrap_or(to),
        };
        let is_ours = |fact: &&Fact| fact.of.as_deref().is_none_or(|of| of == incident.case.subject);
        let shown = incident.case.facts.iter().filter(|fact| span.has(fact.at)).filter(is_ours);
        let shown: Vec<&Fact> = shown.collect();
        let left_out = shown.len().saturating_sub(MARKS_MAX);
        let letters = 'a'..='z';
        let marks = letters.zip(shown).map(|(letter, fact)| Mark { letter, lane: fact.what.lane(), fact });
        Self { span, marks: marks.collect(), countdowns, left_out }
    }

    /// Where on an axis of so many units a moment is.
    pub(crate) fn place(&self, at: Timestamp, units: usize) -> usize {
        let whole = self.span.to.duration_since(self.span.from).as_secs_f64().max(0.001);
        let part = at.duration_since(self.span.from).as_secs_f64() / whole;
        ((part.clamp(0.0, 1.0) * units as f64) as usize).min(units.saturating_sub(1))
    }
}

fn countdowns(verdict: &Verdict<'_>) -> Vec<Countdown> {
    let incident = &verdict.incident;
    let Some(ended) = incident.ended else { return Vec::new() };
    let silence = Span { from: ended.last_activity, to: ended.at };
    let mut all = vec![Countdown { lane: Lane::Notification, span: silence, is_silence: true }];
    let own = |fact: &&Fact| fact.of.as_deref() == Some(&incident.case.subject) && fact.at >= ended.at;
    let own = || incident.case.facts.iter().filter(own);
    let gone = own().find_map(|fact| match fact.what {
        What::PresenceGone { grace_ms } if fact.at <= incident.after().to => Some((fact.at, grace_ms)),
        _ => None,
    });
    if let Some((from, grace_ms)) = gone {
        let due = from.checked_add(SignedDuration::from_millis(i64::try_from(grace_ms).unwrap_or(i64::MAX)));
        let stopped = own()
            .find(|fact| fact.at >= from && matches!(fact.what, What::ForcedLogout | What::Returned { .. }));
        let to = stopped.map(|fact| fact.at).or_else(|| due.ok()).unwrap_or(from);
        all.push(Countdown { lane: Lane::Web, span: Span { from, to }, is_silence: false });
    }
    all
}

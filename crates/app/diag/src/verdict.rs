//! Weighing the clues.

use crate::case::Case;
use crate::incident::Incident;
use crate::rules::{Clue, Finding, RULES, Role, Rule};
use crate::sight::Sight;
use serde::Serialize;
use std::collections::BTreeMap;

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Nothing excludes it, nothing names it.
    Low,
    /// Something names it, and not everything that would refute it was looked for.
    Medium,
    /// Something names it, and all that would refute it was looked for and is not there.
    High,
}

/// A cause that nothing excludes.
#[derive(Debug)]
pub struct Candidate {
    /// The cause.
    pub rule: &'static Rule,
    /// All that was asked.
    pub clues: Vec<Clue>,
    /// How sure.
    pub confidence: Confidence,
}

/// Why.
#[derive(Debug)]
pub struct Verdict<'a> {
    /// What it is about.
    pub incident: Incident<'a>,
    /// The cause; `None`: not known.
    pub cause: Option<Candidate>,
    /// Other causes that nothing excludes, the likelier first.
    pub others: Vec<Candidate>,
    /// Where to look next, and how many of the causes left that would tell apart; the best first.
    pub missing: Vec<(Sight, usize)>,
}

/// Finds the disconnection that is meant, and its cause.
pub fn diagnose(case: &Case) -> Verdict<'_> {
    let incident = Incident::find(case);
    let mut left: Vec<Candidate> = RULES.into_iter().filter_map(|rule| candidate(rule, &incident)).collect();
    drop_the_less_particular(&mut left);
    left.sort_by_key(|candidate| std::cmp::Reverse((candidate.rank(), candidate.fits())));
    let is_clear = match left.as_slice() {
        [first, second, ..] => first.rank() > second.rank(),
        [_] => true,
        [] => false,
    };
    let is_named = left.first().is_some_and(|first| first.confidence >= Confidence::Medium);
    let cause = (is_named && is_clear).then(|| left.remove(0));
    let missing = missing(cause.as_ref(), &left);
    Verdict { incident, cause, others: left, missing }
}

impl Verdict<'_> {
    /// How sure it is; [`Confidence::Low`] when the cause is not known.
    pub fn confidence(&self) -> Confidence {
        self.cause.as_ref().map_or(Confidence::Low, |cause| cause.confidence)
    }
}

impl Candidate {
    /// Marks count more than hints.
    fn weight(&self) -> usize {
        let worth = |clue: &Clue| match (clue.role, &clue.finding) {
            (Role::Mark, Finding::Seen(_)) => 4,
            (Role::Hint, Finding::Seen(_)) => 1,
            _ => 0,
        };
        self.clues.iter().map(worth).sum()
    }

    /// All that it must have is there: the end itself points to it.
    pub(crate) fn fits(&self) -> bool {
        let mut musts = self.clues.iter().filter(|clue| clue.role == Role::Must).peekable();
        musts.peek().is_some() && musts.all(|clue| matches!(clue.finding, Finding::Seen(_)))
    }

    /// How likely, among others.
    fn rank(&self) -> (Confidence, usize) {
        (self.confidence, self.weight())
    }
}

/// `None` when something excludes it.
fn candidate(rule: &'static Rule, incident: &Incident<'_>) -> Option<Candidate> {
    let clues = (rule.clues)(incident);
    let of = |role: Role| clues.iter().filter(move |clue| clue.role == role);
    let is_seen = |clue: &Clue| matches!(clue.finding, Finding::Seen(_));
    let is_absent = |clue: &Clue| clue.finding == Finding::Absent;
    if of(Role::Must).any(is_absent) || of(Role::Against).any(is_seen) || of(Role::Mark).all(is_absent) {
        return None;
    }
    let confidence = if !of(Role::Mark).any(is_seen) {
        Confidence::Low
    } else if of(Role::Must).all(is_seen) && of(Role::Against).all(is_absent) {
        Confidence::High
    } else {
        Confidence::Medium
    };
    Some(Candidate { rule, clues, confidence })
}

fn drop_the_less_particular(left: &mut Vec<Candidate>) {
    let beaten: Vec<&str> = left
        .iter()
        .filter(|candidate| candidate.confidence >= Confidence::Medium)
        .flat_map(|candidate| candidate.rule.rather_than.iter().copied())
        .collect();
    left.retain(|candidate| !beaten.contains(&candidate.rule.id));
}

/// Sights that nobody looked at: for a named cause those that would refute it, else all that would tell the causes
/// left apart.
fn missing(cause: Option<&Candidate>, left: &[Candidate]) -> Vec<(Sight, usize)> {
    let mut counts: BTreeMap<Sight, usize> = BTreeMap::new();
    let asked = match cause {
        Some(cause) => std::slice::from_ref(cause),
        None => left,
    };
    for candidate in asked {
        let mut sights: Vec<Sight> = candidate
            .clues
            .iter()
            .filter_map(|clue| if let Finding::NotLooked(sight) = clue.finding { Some(sight) } else { None })
            .collect();
        sights.sort_unstable();
        sights.dedup();
        for sight in sights {
            *counts.entry(sight).or_default() += 1;
        }
    }
    let mut missing: Vec<_> = counts.into_iter().collect();
    missing.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    missing
}

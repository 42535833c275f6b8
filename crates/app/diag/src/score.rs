//! How often the rules are right: labelled cases against their verdicts.

mod matrix;

use crate::case::Case;
use crate::rules::{Finding, RULES};
use crate::sight::Sight;
use crate::verdict::{Confidence, Verdict, diagnose};
use serde_json::{Value, json};

/// The label of a case in which nobody was disconnected and nothing was wrong.
pub const HEALTHY: &str = "ok";

/// What one labelled case was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Names the case.
    pub case: String,
    /// What it was.
    pub label: String,
    /// What it was taken for.
    pub taken: Taken,
    /// How sure the verdict was.
    pub confidence: Confidence,
    /// Not known, and the true cause is among those left.
    pub is_left: bool,
    /// Not known, and the first thing to look at next would show what tells the true cause.
    pub is_asked_for: bool,
}

/// What a verdict says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nobody was disconnected.
    Healthy,
    /// This cause.
    Cause(&'static str),
    /// Disconnected, and the cause is not known.
    NotKnown,
}

/// What labelled cases were taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    outcomes: Vec<Outcome>,
}

impl Outcome {
    /// The verdict is what it was.
    pub fn is_right(&self) -> bool {
        match self.taken {
            Taken::Healthy => self.label == HEALTHY,
            Taken::Cause(id) => id == self.label,
            Taken::NotKnown => false,
        }
    }

    /// The verdict names what it was not.
    pub fn is_wrong(&self) -> bool {
        self.taken != Taken::NotKnown && !self.is_right()
    }

    /// The one thing that must not happen.
    pub fn is_wrong_at_high(&self) -> bool {
        self.is_wrong() && self.confidence == Confidence::High
    }
}

impl Taken {
    fn of(verdict: &Verdict<'_>) -> Self {
        match &verdict.cause {
            Some(cause) => Self::Cause(cause.rule.id),
            None if verdict.incident.ended.is_none() => Self::Healthy,
            None => Self::NotKnown,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Healthy => HEALTHY,
            Self::Cause(id) => id,
            Self::NotKnown => "?",
        }
    }
}

impl Score {
    /// Asks the rules; a case without a label does not count.
    pub fn take(&mut self, name: &str, case: &Case) {
        let Some(label) = &case.label else { return };
        let verdict = diagnose(case);
        let left = verdict.others.iter().find(|other| other.rule.id == label);
        let next = verdict.missing.first().map(|(sight, _)| *sight);
        let is_unseen = |sight: Sight| {
            let mut clues = left.into_iter().flat_map(|left| &left.clues);
            clues.any(|clue| clue.finding == Finding::NotLooked(sight))
        };
        let taken = Taken::of(&verdict);
        let is_not_known = taken == Taken::NotKnown;
        self.outcomes.push(Outcome {
            case: name.to_owned(),
            label: label.clone(),
            taken,
            confidence: verdict.confidence(),
            is_left: is_not_known && left.is_some(),
            is_asked_for: is_not_known && next.is_some_and(is_unseen),
        });
    }

    /// Case by case, in the order in which they were taken.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// How many cases are so.
    pub fn count(&self, is_so: impl Fn(&Outcome) -> bool) -> usize {
        self.outcomes.iter().filter(|outcome| is_so(outcome)).count()
    }

    /// Of those that were taken for a cause, the part that it was; `None` without any.
    pub fn precision(&self, id: &str) -> Option<f64> {
        let named = self.count(|outcome| outcome.taken.name() == id);
        (named > 0).then(|| self.hits(id) as f64 / named as f64)
    }

    /// Of those that a cause was, the part that was taken for it; `None` without any.
    pub fn recall(&self, id: &str) -> Option<f64> {
        let all = self.count(|outcome| outcome.label == id);
        (all > 0).then(|| self.hits(id) as f64 / all as f64)
    }

    fn hits(&self, id: &str) -> usize {
        self.count(|outcome| outcome.label == id && outcome.is_right())
    }

    /// The labels that occur, in the order of the table.
    fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = self.outcomes.iter().map(|outcome| outcome.label.as_str()).collect();
        labels.sort_unstable_by_key(|label| (place(label), *label));
        labels.dedup();
        labels
    }

    /// One JSON document: the sums, each cause, and each case.
    pub fn document(&self) -> Value {
        let causes: Vec<Value> = self
            .labels()
            .into_iter()
            .map(|id| {
                let of =
                    |is_so: fn(&Outcome) -> bool| self.count(|outcome| outcome.label == id && is_so(outcome));
                json!({
                    "id": id,
                    "cases": of(|_| true),
                    "right": of(Outcome::is_right),
                    "wrong": of(Outcome::is_wrong),
                    "wrong_at_high": of(Outcome::is_wrong_at_high),
                    "precision": self.precision(id),
                    "recall": self.recall(id),
                })
            })
            .collect();
        json!({
            "cases": self.outcomes.len(),
            "right": self.count(Outcome::is_right),
            "wrong": self.count(Outcome::is_wrong),
            "wrong_at_high": self.count(Outcome::is_wrong_at_high),
            "not_known": self.count(|outcome| outcome.taken == Taken::NotKnown),
            "not_known_without_the_true_cause": self.count(Outcome::is_lost),
            "not_known_asking_for_what_would_tell": self.count(|outcome| outcome.is_asked_for),
            "causes": causes,
            "outcomes": self.outcomes.iter().map(Outcome::document).collect::<Vec<_>>(),
        })
    }
}

impl Outcome {
    /// Not known, and the true cause is excluded.
    fn is_lost(&self) -> bool {
        self.taken == Taken::NotKnown && !self.is_left
    }

    fn document(&self) -> Value {
        json!({
            "case": self.case,
            "label": self.label,
            "taken": self.taken.name(),
            "confidence": self.confidence,
        })
    }
}

/// Where a label stands in the table of causes; what is none comes last.
fn place(label: &str) -> usize {
    RULES.iter().position(|rule| rule.id == label).unwrap_or(RULES.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{End, Fact, Watch, What};
    use jiff::Timestamp;

    fn case(label: &str, what: Option<What>) -> Case {
        let mut case = Case::new("1", None);
        let at = Timestamp::UNIX_EPOCH;
        let fact = |what| Fact { at, of: Some("1".into()), session: None, source: String::new(), what };
        case.facts = what.map(fact).into_iter().collect();
        // the service was watched, the page was not
        let watch = |sight| Watch { sight, from: Timestamp::MIN, to: at, of: None };
        case.watches = [Sight::Service, Sight::SignIns, Sight::Cti, Sight::Requests].map(watch).into();
        case.label = Some(label.into());
        case
    }

    fn ended(end: End) -> Option<What> {
        Some(What::SessionEnded { end, silent_ms: 0, longest_gap_ms: None, steady: true })
    }

    fn score() -> Score {
        let mut score = Score::default();
        for (name, case) in [
            ("a", case("C20", ended(End::Overactivity))),
            ("b", case("C14", ended(End::Overactivity))),
            ("c", case("C1", ended(End::Idle))),
            ("d", case("S1", ended(End::Idle))),
            ("e", case(HEALTHY, None)),
            ("f", case("C16", None)),
        ] {
            score.take(name, &case);
        }
        score
    }

    #[test]
    fn right_wrong_and_not_known_are_counted_apart() {
        let score = score();
        let names = |is_so: fn(&Outcome) -> bool| -> Vec<&str> {
            score.outcomes().iter().filter(|one| is_so(one)).map(|one| one.case.as_str()).collect()
        };
        assert_eq!(names(Outcome::is_right), ["a", "e"]);
        assert_eq!(names(Outcome::is_wrong), ["b", "f"], "nobody missed is wrong, too");
        assert_eq!(names(Outcome::is_wrong_at_high), ["b"]);
        assert_eq!(names(|one| one.is_left), ["c"]);
        assert_eq!(names(|one| one.is_asked_for), ["c"], "the page is asked for, and it would tell sleep");
        assert_eq!(names(Outcome::is_lost), ["d"]);
        assert_eq!((score.precision("C20"), score.recall("C20")), (Some(0.5), Some(1.0)));
        assert_eq!((score.precision("S12"), score.recall("S12")), (None, None));
    }

    #[test]
    fn the_document_has_the_sums_and_every_case() {
        let document = score().document();
        assert_eq!((&document["cases"], &document["wrong_at_high"]), (&json!(6), &json!(1)));
        let ids: Vec<_> = document["causes"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, ["C1", "C14", "C16", "C20", "S1", HEALTHY], "in the order of the table");
        assert_eq!(
            document["outcomes"][1],
            json!({
                "case": "b", "label": "C14", "taken": "C20", "confidence": "high"
            })
        );
    }
}

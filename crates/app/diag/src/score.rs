//! How often the rules are right: labelled cases against their verdicts.

use crate::case::Case;
use crate::verdict::{Confidence, diagnose};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What labelled cases were taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// By label, then by verdict (`?`: not known): how many.
    table: BTreeMap<String, BTreeMap<String, usize>>,
    /// Cases.
    pub cases: usize,
    /// Named, and rightly.
    pub right: usize,
    /// Named, and wrongly.
    pub wrong: usize,
    /// Named wrongly with high confidence.
    pub wrong_at_high: usize,
    /// Not known, and the true cause not among those left.
    pub lost: usize,
}

impl Score {
    /// Asks the rules; a case without a label does not count.
    pub fn take(&mut self, case: &Case) {
        let Some(label) = &case.label else { return };
        let verdict = diagnose(case);
        self.cases += 1;
        let named = verdict.cause.as_ref().map(|cause| cause.rule.id);
        match named {
            Some(id) if id == label => self.right += 1,
            Some(_) => {
                self.wrong += 1;
                self.wrong_at_high += usize::from(verdict.confidence() == Confidence::High);
            }
            None => self.lost += usize::from(!verdict.others.iter().any(|other| other.rule.id == label)),
        }
        let row = self.table.entry(label.clone()).or_default();
        *row.entry(named.unwrap_or("?").to_owned()).or_default() += 1;
    }

    /// Of those that were taken for a cause, the part that it was; `None` without any.
    pub fn precision(&self, id: &str) -> Option<f64> {
        let named: usize = self.table.values().filter_map(|row| row.get(id)).sum();
        (named > 0).then(|| self.hits(id) as f64 / named as f64)
    }

    /// Of those that a cause was, the part that was taken for it; `None` without any.
    pub fn recall(&self, id: &str) -> Option<f64> {
        let all: usize = self.table.get(id)?.values().sum();
        Some(self.hits(id) as f64 / all as f64)
    }

    fn hits(&self, id: &str) -> usize {
        self.table.get(id).and_then(|row| row.get(id)).copied().unwrap_or(0)
    }
}

/// The confusion matrix: a row for what it was, a column for what it was taken for.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: BTreeSet<&String> = self.table.values().flat_map(BTreeMap::keys).collect();
        write!(f, "was \\ named")?;
        columns.iter().try_for_each(|column| write!(f, "{column:>5}"))?;
        writeln!(f, "  recall  precision")?;
        for (label, row) in &self.table {
            write!(f, "{label:<11}")?;
            for column in &columns {
                match row.get(*column) {
                    Some(count) => write!(f, "{count:>5}")?,
                    None => write!(f, "    .")?,
                }
            }
            let percent = |part: Option<f64>| {
                part.map_or_else(|| "-".to_owned(), |part| format!("{:.0} %", part * 100.0))
            };
            writeln!(f, "{:>8}{:>11}", percent(self.recall(label)), percent(self.precision(label)))?;
        }
        let Self { cases, right, wrong, wrong_at_high, lost, .. } = self;
        let not_known = cases - right - wrong;
        writeln!(
            f,
            "{cases} cases: {right} right, {wrong} wrong ({wrong_at_high} of them at high confidence), {not_known} not known \
             ({lost} of them without the true cause among those left)"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{End, Fact, What};

    fn case(label: &str, end: End) -> Case {
        let mut case = Case::new("1", None);
        let what = What::SessionEnded { end, silent_ms: 0, longest_gap_ms: None, steady: true };
        case.facts = vec![Fact {
            at: jiff::Timestamp::UNIX_EPOCH,
            of: Some("1".into()),
            session: None,
            source: String::new(),
            what,
        }];
        case.label = Some(label.into());
        case
    }

    #[test]
    fn right_wrong_and_unknown_are_counted_apart() {
        let mut score = Score::default();
        for case in [
            case("C20", End::Overactivity),
            case("C14", End::Overactivity),
            case("C1", End::Idle),
            case("S1", End::Idle),
        ] {
            score.take(&case);
        }
        assert_eq!((score.cases, score.right, score.wrong, score.wrong_at_high, score.lost), (4, 1, 1, 0, 1));
        assert_eq!((score.precision("C20"), score.recall("C20")), (Some(0.5), Some(1.0)));
        let text = score.to_string();
        assert!(
            text.contains("4 cases: 1 right, 1 wrong (0 of them at high confidence), 2 not known (1 of"),
            "{text}"
        );
    }
}

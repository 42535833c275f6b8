//! The confusion matrix: a row for what it was, a column for what it was taken for.

use super::{Outcome, Score, Taken, place};
use std::fmt::Write as _;

/// Columns of a row's name.
const NAME: usize = 5;

/// Columns of one count.
const CELL: usize = 4;

/// Narrower than that nothing can be read.
const COLUMNS_MIN: usize = 40;

/// Misnamed cases that are listed one by one.
const LISTED_MAX: usize = 50;

impl Score {
    /// The matrix, a line for each cause, and the sums, in so many columns; the matrix is cut into pieces that fit.
    pub fn table(&self, columns: usize) -> String {
        let mut out = String::from("Rows are what it was, columns what it was taken for.\n");
        let taken = self.taken();
        let fit = (columns.max(COLUMNS_MIN) - NAME) / CELL;
        for piece in taken.chunks(fit) {
            self.piece(&mut out, piece);
            out.push('\n');
        }
        self.causes(&mut out);
        self.sums(&mut out);
        out
    }

    /// What cases were taken for: the causes in their order, then the others.
    fn taken(&self) -> Vec<Taken> {
        let mut taken: Vec<Taken> = self.outcomes.iter().map(|outcome| outcome.taken).collect();
        taken.sort_unstable_by_key(|taken| (place(taken.name()), taken.name()));
        taken.dedup();
        taken
    }

    fn piece(&self, out: &mut String, taken: &[Taken]) {
        // writing to a String cannot fail
        let _ = write!(out, "{:<NAME$}", "was");
        for taken in taken {
            let _ = write!(out, "{:>CELL$}", taken.name());
        }
        out.push('\n');
        for label in self.labels() {
            let _ = write!(out, "{label:<NAME$}");
            for taken in taken {
                let count = self.count(|outcome| outcome.label == label && outcome.taken == *taken);
                let shown = if count == 0 { ".".to_owned() } else { count.to_string() };
                let _ = write!(out, "{shown:>CELL$}");
            }
            out.push('\n');
        }
    }

    fn causes(&self, out: &mut String) {
        let _ = writeln!(
            out,
            "{:<NAME$}{:>6}{:>7}{:>7}{:>11}{:>8}{:>11}",
            "was", "cases", "right", "wrong", "not known", "recall", "precision"
        );
        for label in self.labels() {
            let of =
                |is_so: fn(&Outcome) -> bool| self.count(|outcome| outcome.label == label && is_so(outcome));
            let _ = writeln!(
                out,
                "{label:<NAME$}{:>6}{:>7}{:>7}{:>11}{:>8}{:>11}",
                of(|_| true),
                of(Outcome::is_right),
                of(Outcome::is_wrong),
                of(|outcome| outcome.taken == Taken::NotKnown),
                percent(self.recall(label)),
                percent(self.precision(label)),
            );
        }
        out.push('\n');
    }

    fn sums(&self, out: &mut String) {
        let cases = self.outcomes.len();
        let (right, wrong) = (self.count(Outcome::is_right), self.count(Outcome::is_wrong));
        let at_high = self.count(Outcome::is_wrong_at_high);
        let not_known = cases - right - wrong;
        let (lost, asked) = (self.count(Outcome::is_lost), self.count(|outcome| outcome.is_asked_for));
        let share = percent((cases > 0).then(|| (right + wrong) as f64 / cases as f64));
        let _ = writeln!(
            out,
            "{cases} cases: {right} right, {wrong} wrong ({at_high} of them at high confidence), {not_known} not known \
             ({lost} of them without the true cause among those left)\n\
             {share} named; {asked} of the {not_known} not known ask first for what would tell the true cause"
        );
        let wrong = self.outcomes.iter().filter(|outcome| outcome.is_wrong());
        for Outcome { case, label, taken, confidence, .. } in wrong.take(LISTED_MAX) {
            let confidence = format!("{confidence:?}").to_lowercase();
            let _ = writeln!(out, "  {case}: {label} taken for {} ({confidence})", taken.name());
        }
    }
}

fn percent(part: Option<f64>) -> String {
    part.map_or_else(|| "-".to_owned(), |part| format!("{:.0} %", part * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Confidence;

    fn outcome(label: &str, taken: Taken, confidence: Confidence) -> Outcome {
        let case = format!("{label} as {}", taken.name());
        let is_left = taken == Taken::NotKnown;
        Outcome { case, label: label.into(), taken, confidence, is_left, is_asked_for: is_left }
    }

    #[test]
    fn a_table_says_what_was_taken_for_what_and_names_what_was_wrong() {
        let outcomes = vec![
            outcome("C2", Taken::Cause("C3"), Confidence::High),
            outcome("C2", Taken::Cause("C2"), Confidence::High),
            outcome("C10", Taken::NotKnown, Confidence::Low),
            outcome("ok", Taken::Healthy, Confidence::Low),
        ];
        let table = Score { outcomes }.table(80);
        let expected = "\
Rows are what it was, columns what it was taken for.
was    C2  C3   ?  ok
C2      1   1   .   .
C10     .   .   1   .
ok      .   .   .   1

was   cases  right  wrong  not known  recall  precision
C2        2      1      1          0    50 %      100 %
C10       1      0      0          1     0 %          -
ok        1      1      0          0   100 %      100 %

4 cases: 2 right, 1 wrong (1 of them at high confidence), 1 not known (0 of them without the true cause among those left)
75 % named; 1 of the 1 not known ask first for what would tell the true cause
  C2 as C3: C2 taken for C3 (high)
";
        assert_eq!(table, expected);
    }

    #[test]
    fn a_wide_matrix_is_cut_into_pieces_that_fit() {
        let outcomes: Vec<Outcome> = crate::rules::RULES
            .iter()
            .map(|rule| outcome(rule.id, Taken::Cause(rule.id), Confidence::High))
            .collect();
        let table = Score { outcomes }.table(60);
        let (matrix, _) = table.split_once("cases").unwrap();
        assert!(matrix.lines().all(|line| line.len() <= 60), "{matrix}");
        let heads = matrix.lines().filter(|line| line.starts_with("was ")).count();
        assert_eq!(heads, 4, "three pieces, and the line of the causes");
        assert!(Score::default().table(0).contains("0 cases: 0 right"));
    }
}

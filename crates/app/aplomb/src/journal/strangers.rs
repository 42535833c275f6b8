//! A bound to what those may fill who have not signed in.

use std::time::{Duration, Instant};

/// Records a minute about those who have not signed in: a stranger who knocks without end must not push everybody
/// else out of the journal.
const STRANGERS_PER_MINUTE_MAX: u64 = 120;

const MINUTE: Duration = Duration::from_secs(60);

/// How many records about strangers there have been in this minute.
pub(super) struct Strangers {
    minute: Instant,
    noted: u64,
    left_out: u64,
}

impl Strangers {
    pub(super) fn new(now: Instant) -> Self {
        Self { minute: now, noted: 0, left_out: 0 }
    }

    /// Whether there is room for one more; and how many were left out, when a minute with some is over.
    pub(super) fn admit(&mut self, now: Instant) -> (bool, Option<u64>) {
        let mut left_out = None;
        if now.saturating_duration_since(self.minute) >= MINUTE {
            left_out = Some(self.left_out).filter(|count| *count > 0);
            *self = Self::new(now);
        }
        if self.noted < STRANGERS_PER_MINUTE_MAX {
            self.noted += 1;
            return (true, left_out);
        }
        self.left_out += 1;
        (false, left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_have_a_bound_a_minute_and_are_counted_beyond_it() {
        let start = Instant::now();
        let mut strangers = Strangers::new(start);
        let admitted = (0..STRANGERS_PER_MINUTE_MAX + 5).filter(|_| strangers.admit(start).0).count();
        assert_eq!(admitted as u64, STRANGERS_PER_MINUTE_MAX);
        assert_eq!(strangers.admit(start + MINUTE), (true, Some(5)));
        assert_eq!(strangers.admit(start + MINUTE * 2), (true, None));
    }
}

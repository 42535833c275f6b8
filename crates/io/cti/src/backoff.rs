//! How long to wait before the next attempt.

use std::time::Duration;

/// Doubling waits with a random spread, so that the clients of a server that comes back do not come all at once.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(500), longest: Duration::from_secs(30) }
    }
}

impl Backoff {
    /// The wait after so many failed rounds. `spread` is a random number from 0 to 1: the wait is between half of
    /// its full length and the full length.
    pub fn wait(&self, rounds_failed: u32, spread: f64) -> Duration {
        let doubled = self.first.saturating_mul(1 << rounds_failed.min(16));
        doubled.min(self.longest).mul_f64(0.5 + spread / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_spread_over_half_of_it() {
        let backoff = Backoff::default();
        let full: Vec<f64> = (0..8).map(|round| backoff.wait(round, 1.0).as_secs_f64()).collect();
        assert_eq!(full, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!(backoff.wait(u32::MAX, 0.0), Duration::from_secs(15));
    }
}

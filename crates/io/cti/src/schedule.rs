//! When to try which side again.

use std::time::Duration;

/// The published schedule (GED-188, "Connection Management"): the same side, the other side, a random wait, both
/// again, 15 s, both again, 30 s, 60 s, 120 s; the last wait repeats. The random wait spreads the clients of a server
/// that fails, so that they do not all come at once.
#[derive(Clone, Debug)]
pub struct Reconnect {
    /// The longest first wait; the guide has a tenth of a second for each client of the CTI server.
    pub spread: Duration,
    /// The waits after the first; the last one repeats. None: the first wait repeats.
    pub waits: Vec<Duration>,
    /// A session that was open as long is no part of the trouble before it: the schedule begins anew after it.
    pub settled: Duration,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self {
            // twenty clients
            spread: Duration::from_secs(2),
            waits: [15, 30, 60, 120].map(Duration::from_secs).to_vec(),
            settled: Duration::from_secs(15),
        }
    }
}

impl Reconnect {
    /// The wait after so many rounds without success; a round is one attempt at each side. `random` is a number
    /// from 0 to 1.
    pub fn wait(&self, rounds: usize, random: f64) -> Duration {
        let later =
            rounds.checked_sub(1).and_then(|rounds| self.waits.get(rounds).or_else(|| self.waits.last()));
        later.copied().unwrap_or_else(|| self.spread.mul_f64(random))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_are_the_published_ones_and_the_last_repeats() {
        let schedule = Reconnect::default();
        let waits: Vec<f64> = (0..7).map(|rounds| schedule.wait(rounds, 0.5).as_secs_f64()).collect();
        assert_eq!(waits, [1.0, 15.0, 30.0, 60.0, 120.0, 120.0, 120.0]);
    }

    #[test]
    fn only_the_first_wait_is_random() {
        let schedule = Reconnect::default();
        assert_eq!(schedule.wait(0, 0.0), Duration::ZERO);
        assert_eq!(schedule.wait(0, 1.0), Duration::from_secs(2));
        assert_eq!(schedule.wait(3, 0.0), schedule.wait(3, 1.0));
    }

    #[test]
    fn without_later_waits_the_first_repeats() {
        let schedule = Reconnect { waits: Vec::new(), ..Reconnect::default() };
        assert_eq!(schedule.wait(usize::MAX, 1.0), Duration::from_secs(2));
    }
}

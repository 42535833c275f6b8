//! Time per step on a machine that others use too.

use crate::scenario::Scenario;
use crate::table::percentile;
use std::time::Instant;

/// Steps of each scenario in one round.
pub const STEPS: usize = 2_000;

/// Rounds. All scenarios take turns in each, so a disturbance hits them alike.
pub const ROUNDS: usize = 31;

/// Nanoseconds per step.
#[derive(Clone, Copy, Debug)]
pub struct Nanos {
    /// Of the quietest round: nearest to what the code costs.
    pub best: f64,
    /// The median of all rounds.
    pub median: f64,
}

/// Runs all scenarios, after a first round that does not count.
pub fn run(scenarios: &[Scenario]) -> Vec<Nanos> {
    let mut steps: Vec<_> =
        scenarios.iter().map(|scenario| (scenario.prepare)((ROUNDS + 1) * STEPS)).collect();
    let mut rounds: Vec<Vec<f64>> = vec![Vec::with_capacity(ROUNDS); scenarios.len()];
    for round in 0..=ROUNDS {
        for (step, nanos) in steps.iter_mut().zip(&mut rounds) {
            let start = Instant::now();
            for _ in 0..STEPS {
                step();
            }
            let elapsed = start.elapsed().as_nanos() as f64 / STEPS as f64;
            if round > 0 {
                nanos.push(elapsed);
            }
        }
    }
    rounds.into_iter().map(summary).collect()
}

fn summary(mut nanos: Vec<f64>) -> Nanos {
    nanos.sort_unstable_by(f64::total_cmp);
    Nanos { best: nanos[0], median: percentile(&nanos, 0.5).unwrap_or_default() }
}

//! Whether the whole process ran all the while, and whether the clock on the wall did.

use crate::journal::{Journal, What};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use std::time::{Duration, Instant, SystemTime};
use tokio::time::MissedTickBehavior;

/// How often it is looked.
const BEAT: Duration = Duration::from_millis(250);

/// A beat that is later means that nothing ran: the machine was halted, or so starved that agents notice.
const STALL: Duration = Duration::from_secs(1);

/// A smaller step is the time service's daily work.
const STEP: Duration = Duration::from_secs(1);

/// What one beat shows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Beat {
    stalled: Option<Duration>,
    /// Milliseconds, forward if positive.
    step_ms: Option<i64>,
}

/// Compares how far the clocks went since the last beat.
fn beat(steady: Duration, wall_ms: i128) -> Beat {
    let stalled = steady.checked_sub(BEAT).filter(|late| *late >= STALL);
    let step = wall_ms - steady.as_millis() as i128;
    let is_step = step.unsigned_abs() >= STEP.as_millis();
    Beat { stalled, step_ms: is_step.then(|| i64::try_from(step).unwrap_or(i64::MAX)) }
}

/// How far the clock on the wall went: backwards too.
fn wall_ms(from: SystemTime, to: SystemTime) -> i128 {
    match to.duration_since(from) {
        Ok(forward) => forward.as_millis() as i128,
        Err(back) => -(back.duration().as_millis() as i128),
    }
}

/// Watches until the server ends.
pub(crate) async fn watch(journal: Journal, stalls: Counter) {
    let mut beats = tokio::time::interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut steady, mut wall) = (Instant::now(), SystemTime::now());
    loop {
        beats.tick().await;
        let (steady_now, wall_now) = (Instant::now(), SystemTime::now());
        let Beat { stalled, step_ms } = beat(steady_now.duration_since(steady), wall_ms(wall, wall_now));
        (steady, wall) = (steady_now, wall_now);
        if let Some(stalled) = stalled {
            let ms = u64::try_from(stalled.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(ms, "the server stood still: a halted machine, or no processor time");
            stalls.inc();
            journal.note_now(What::Stalled { ms });
        }
        if let Some(ms) = step_ms {
            tracing::warn!(ms, "the clock of this machine jumped");
            journal.note_now(What::ClockStep { ms });
        }
    }
}

/// Makes the counter known.
pub(crate) fn stalls(registry: &mut Registry) -> Counter {
    let stalls = Counter::default();
    let help = "Times at which the whole process did nothing for a second or more";
    registry.register("aplomb_stalls", help, stalls.clone());
    stalls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_beat_shows_nothing() {
        for ms in [0, 250, 900] {
            assert_eq!(beat(Duration::from_millis(ms), i128::from(ms) + 5), Beat::default());
        }
    }

    #[test]
    fn a_halted_process_is_a_stall_and_no_step() {
        let halted = beat(Duration::from_secs(65), 65_000);
        assert_eq!(halted, Beat { stalled: Some(Duration::from_millis(64_750)), step_ms: None });
    }

    #[test]
    fn a_clock_that_is_set_is_a_step_either_way_and_no_stall() {
        let ordinary = Duration::from_millis(250);
        assert_eq!(beat(ordinary, 75_250), Beat { stalled: None, step_ms: Some(75_000) });
        assert_eq!(beat(ordinary, -3_599_750), Beat { stalled: None, step_ms: Some(-3_600_000) });
        let now = SystemTime::now();
        let before = now - Duration::from_secs(9);
        assert_eq!((wall_ms(before, now) / 1_000, wall_ms(now, before) / 1_000), (9, -9));
    }
}

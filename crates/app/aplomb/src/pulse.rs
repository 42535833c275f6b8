//! Whether the whole process ran all the while, and whether the clock on the wall did.

use crate::journal::{Journal, What};
use crate::warnings::{Kind, Warnings};
use jiff::Timestamp;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::{Duration, Instant, SystemTime};
use tokio::time::MissedTickBehavior;

/// How often it is looked.
const BEAT: Duration = Duration::from_millis(250);

/// A beat that is later means that nothing ran: the machine was halted, or so starved that agents notice.
const STALL: Duration = Duration::from_secs(1);

/// A minute whose worst beat is later is written down: people notice a quarter of a second.
const NOTICED: Duration = BEAT;

const MINUTE: Duration = Duration::from_secs(60);

/// Bounds of the histogram, in seconds.
const DELAYS: [f64; 7] = [0.002, 0.005, 0.02, 0.05, 0.1, 0.25, 1.0];

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
pub(crate) async fn watch(journal: Journal, warnings: Warnings, metrics: Metrics) {
    let mut beats = tokio::time::interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut steady, mut wall) = (Instant::now(), SystemTime::now());
    let mut minute = Minute::begin(steady);
    loop {
        beats.tick().await;
        let (steady_now, wall_now) = (Instant::now(), SystemTime::now());
        let Beat { stalled, step_ms } = beat(steady_now.duration_since(steady), wall_ms(wall, wall_now));
        let late = steady_now.duration_since(steady).saturating_sub(BEAT);
        metrics.delay.observe(late.as_secs_f64());
        if let Some(worst) = minute.take(steady_now, late) {
            journal.note_now(What::Delayed { ms: amount(worst) });
        }
        (steady, wall) = (steady_now, wall_now);
        if let Some(stalled) = stalled {
            let ms = amount(stalled);
            warnings.of_many(Timestamp::now(), Kind::Stalled, "", i64::try_from(ms).unwrap_or(i64::MAX));
            metrics.stalls.inc();
            journal.note_now(What::Stalled { ms });
        }
        if let Some(ms) = step_ms {
            warnings.of_many(Timestamp::now(), Kind::ClockStep, "", ms);
            journal.note_now(What::ClockStep { ms });
        }
    }
}

fn amount(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What a minute's beats show together.
struct Minute {
    ends: Instant,
    worst: Duration,
}

impl Minute {
    fn begin(now: Instant) -> Self {
        Self { ends: now + MINUTE, worst: Duration::ZERO }
    }

    /// A beat that was so late. At the minute's end: its worst, if agents could notice it.
    fn take(&mut self, now: Instant, late: Duration) -> Option<Duration> {
        self.worst = self.worst.max(late);
        if now < self.ends {
            return None;
        }
        let worst = std::mem::replace(self, Self::begin(now)).worst;
        (worst >= NOTICED).then_some(worst)
    }
}

/// What operators may watch.
#[derive(Clone)]
pub(crate) struct Metrics {
    stalls: Counter,
    delay: Histogram,
}

impl Metrics {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let (stalls, delay) = (Counter::default(), Histogram::new(DELAYS));
        let help = "Times at which the whole process did nothing for a second or more";
        registry.register("aplomb_stalls", help, stalls.clone());
        let help =
            "How late a task of the server ran that was due, in seconds, looked at four times a second";
        registry.register("aplomb_loop_delay_seconds", help, delay.clone());
        Self { stalls, delay }
    }
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
    fn a_minute_tells_its_worst_beat_once_and_only_if_it_was_bad() {
        let begin = Instant::now();
        let mut minute = Minute::begin(begin);
        let at = |secs| begin + Duration::from_secs(secs);
        assert_eq!(minute.take(at(10), Duration::from_millis(400)), None);
        assert_eq!(minute.take(at(60), Duration::from_millis(3)), Some(Duration::from_millis(400)));
        assert_eq!(minute.take(at(130), Duration::from_millis(3)), None);
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

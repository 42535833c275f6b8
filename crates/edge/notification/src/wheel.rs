//! A coarse timer wheel: deadlines of tens of seconds need no milliseconds.

use std::time::{Duration, Instant};

/// Length of one slot.
pub(crate) const TICK: Duration = Duration::from_millis(250);
const SLOTS: usize = 512;

/// Keys with a moment to look at them again. A key may come up earlier than its deadline, or more than once; the
/// owner looks at the deadline itself and schedules anew.
pub(crate) struct Wheel<K> {
    start: Instant,
    /// Ticks passed.
    passed: u64,
    slots: Vec<Vec<K>>,
}

impl<K: Copy> Wheel<K> {
    pub(crate) fn new(now: Instant) -> Self {
        Self { start: now, passed: 0, slots: (0..SLOTS).map(|_| Vec::new()).collect() }
    }

    /// The tick at which a deadline is over.
    pub(crate) fn tick_of(&self, deadline: Instant) -> u64 {
        let ticks = deadline.saturating_duration_since(self.start).as_millis() / TICK.as_millis();
        let tick = u64::try_from(ticks).unwrap_or(u64::MAX).saturating_add(1);
        tick.clamp(self.passed + 1, self.passed + SLOTS as u64 - 1)
    }

    pub(crate) fn schedule(&mut self, key: K, tick: u64) {
        self.slots[(tick % SLOTS as u64) as usize].push(key);
    }

    /// The keys whose tick has come.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<K> {
        let until = (now.saturating_duration_since(self.start).as_millis() / TICK.as_millis()) as u64;
        let mut due = Vec::new();
        while self.passed < until {
            self.passed += 1;
            due.append(&mut self.slots[(self.passed % SLOTS as u64) as usize]);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_up_after_its_deadline_and_within_two_ticks() {
        let start = Instant::now();
        let mut wheel = Wheel::new(start);
        for n in 0..200_u32 {
            let deadline = start + Duration::from_millis(u64::from(n) * 137);
            wheel.schedule((n, deadline), wheel.tick_of(deadline));
        }
        let mut seen = 0;
        for ms in (0..30_000).step_by(100) {
            let now = start + Duration::from_millis(ms);
            for (n, deadline) in wheel.due(now) {
                assert!(now >= deadline && now <= deadline + TICK * 2, "{n} at {ms}");
                seen += 1;
            }
        }
        assert_eq!(seen, 200);
    }

    #[test]
    fn a_far_deadline_comes_up_early_to_be_scheduled_again() {
        let start = Instant::now();
        let mut wheel = Wheel::new(start);
        let far = start + Duration::from_secs(3_600);
        wheel.schedule((), wheel.tick_of(far));
        assert_eq!(wheel.due(start + Duration::from_secs(200)).len(), 1);
    }
}

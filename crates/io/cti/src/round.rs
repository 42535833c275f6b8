//! Which queue is to be asked for when.

use floor::QueueId;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Asks for each queue once in an interval; a round that is not through when the next is due goes on instead.
#[derive(Debug)]
pub(crate) struct Rounds {
    queues: Arc<[QueueId]>,
    interval: Duration,
    next_round: Instant,
    asked: usize,
}

impl Rounds {
    /// The first round begins at once.
    pub(crate) fn new(queues: Arc<[QueueId]>, interval: Duration, now: Instant) -> Self {
        Self { asked: queues.len(), queues, interval, next_round: now }
    }

    /// When the next round begins; `None` without queues, and while a round waits for room to go on.
    pub(crate) fn due(&self) -> Option<Instant> {
        (!self.queues.is_empty() && self.asked == self.queues.len()).then_some(self.next_round)
    }

    /// The next queue to ask for, if one is due.
    pub(crate) fn next(&mut self, now: Instant) -> Option<QueueId> {
        if self.due().is_some_and(|due| due <= now) {
            self.asked = 0;
            self.next_round = now + self.interval;
        }
        let queue = self.queues.get(self.asked).copied();
        self.asked += usize::from(queue.is_some());
        queue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_queue_is_asked_for_once_in_an_interval() {
        let start = Instant::now();
        let mut rounds = Rounds::new([QueueId(1), QueueId(2)].into(), Duration::from_secs(10), start);
        let asked = |rounds: &mut Rounds, at| std::iter::from_fn(|| rounds.next(at)).count();
        assert_eq!(asked(&mut rounds, start), 2);
        assert_eq!(asked(&mut rounds, start + Duration::from_secs(9)), 0);
        assert_eq!(rounds.due(), Some(start + Duration::from_secs(10)));
        assert_eq!(asked(&mut rounds, start + Duration::from_secs(10)), 2);
    }

    #[test]
    fn a_round_that_is_late_is_not_caught_up_with() {
        let start = Instant::now();
        let mut rounds = Rounds::new([QueueId(1), QueueId(2)].into(), Duration::from_secs(10), start);
        assert_eq!(rounds.next(start), Some(QueueId(1)));
        let late = start + Duration::from_secs(35);
        assert_eq!([rounds.next(late), rounds.next(late)], [Some(QueueId(2)), Some(QueueId(1))]);
        assert_eq!([rounds.next(late), rounds.next(late)], [Some(QueueId(2)), None]);
    }

    #[test]
    fn without_queues_nothing_is_due() {
        let mut rounds = Rounds::new([].into(), Duration::from_secs(10), Instant::now());
        assert_eq!((rounds.due(), rounds.next(Instant::now())), (None, None));
    }
}

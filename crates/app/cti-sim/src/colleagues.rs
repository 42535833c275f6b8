//! Who comes, goes ready and not ready, by chance.

use crate::Colleagues;
use ged188::AgentState;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The colleagues' next changes.
#[derive(Debug)]
pub(crate) struct Crowd {
    settings: Colleagues,
    chance: StdRng,
    next: BTreeMap<String, Instant>,
}

/// What a colleague does now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Move {
    /// Who.
    pub(crate) agent_id: String,
    /// Ready or not ready.
    pub(crate) state: AgentState,
    /// Why not ready; 0 otherwise.
    pub(crate) reason: u16,
}

impl Crowd {
    pub(crate) fn new(settings: Colleagues, now: Instant) -> Self {
        let chance = StdRng::seed_from_u64(settings.seed);
        let mut crowd = Self { settings, chance, next: BTreeMap::new() };
        for agent_id in crowd.settings.agents.clone() {
            let at = now + crowd.interval();
            crowd.next.insert(agent_id, at);
        }
        crowd
    }

    /// Everyone who is still a colleague.
    pub(crate) fn agents(&self) -> impl Iterator<Item = &str> {
        self.next.keys().map(String::as_str)
    }

    /// A client has taken an agent over.
    pub(crate) fn release(&mut self, agent_id: &str) {
        self.next.remove(agent_id);
    }

    /// When the next change is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.next.values().min().copied()
    }

    /// The change that is due now, if one is. `is_ready` says whether an agent is ready.
    pub(crate) fn due(&mut self, now: Instant, is_ready: impl Fn(&str) -> bool) -> Option<Move> {
        let agent_id = self.next.iter().find(|(_, at)| **at <= now)?.0.clone();
        let at = now + self.interval();
        let reasons = &self.settings.reasons;
        let (state, reason) = if !is_ready(&agent_id) {
            (AgentState::AVAILABLE, 0)
        } else if reasons.is_empty() {
            (AgentState::NOT_READY, 0)
        } else {
            (AgentState::NOT_READY, reasons[self.chance.random_range(0..reasons.len())])
        };
        self.next.insert(agent_id.clone(), at);
        Some(Move { agent_id, state, reason })
    }

    fn interval(&mut self) -> Duration {
        let Colleagues { interval_min, interval_max, .. } = self.settings;
        interval_min + interval_max.saturating_sub(interval_min).mul_f64(self.chance.random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colleague_changes_within_the_interval_until_a_client_takes_over() {
        let start = Instant::now();
        let mut crowd = Crowd::new(Colleagues::new(vec!["1001011".into(), "1001012".into()], 1), start);
        let mut now = start;
        let mut ready = false;
        for _ in 0..50 {
            let at = crowd.next().unwrap();
            assert!(at - now <= Duration::from_secs(40));
            now = at;
            let due = crowd.due(now, |_| ready).unwrap();
            assert_eq!(due.state, if ready { AgentState::NOT_READY } else { AgentState::AVAILABLE });
            assert_eq!(due.reason > 0, ready);
            assert!(crowd.next[&due.agent_id] - now >= Duration::from_secs(5));
            ready = !ready;
        }
        crowd.release("1001011");
        crowd.release("1001012");
        assert_eq!(crowd.next(), None);
    }

    #[test]
    fn the_same_seed_gives_the_same_day() {
        let start = Instant::now();
        let day = |seed| {
            let mut crowd = Crowd::new(Colleagues::new(vec!["1001011".into()], seed), start);
            let mut moves = Vec::new();
            while moves.len() < 20 {
                let now = crowd.next().unwrap();
                moves.push((now, crowd.due(now, |_| true)));
            }
            moves
        };
        assert_eq!(day(3), day(3));
        assert_ne!(day(3), day(4));
    }
}

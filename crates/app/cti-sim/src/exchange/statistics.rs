//! Counts of the day and of the moment.

use super::{Exchange, LineState};
use ged188::AgentState;
use std::time::{Duration, Instant};

/// What a queue has seen today.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) offered: u32,
    pub(crate) handled: u32,
    pub(crate) abandoned: u32,
    pub(crate) talked: Duration,
}

/// A queue now: agents by state, calls that wait, and the day's counts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct QueueCounts {
    pub(crate) signed_in: u32,
    pub(crate) available: u32,
    pub(crate) not_ready: u32,
    pub(crate) talking_in: u32,
    pub(crate) talking_out: u32,
    pub(crate) talking_other: u32,
    pub(crate) work_not_ready: u32,
    pub(crate) work_ready: u32,
    pub(crate) reserved: u32,
    pub(crate) hold: u32,
    pub(crate) waiting: u32,
    pub(crate) waited: Duration,
    pub(crate) longest: Duration,
    pub(crate) day: Tally,
}

/// An agent's day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AgentCounts {
    pub(crate) signed_in: Duration,
    pub(crate) handled: u32,
    pub(crate) talked: Duration,
    pub(crate) dialed: u32,
}

impl Exchange {
    /// The counts of a queue, by its number.
    pub(crate) fn queue_counts(&self, now: Instant, number: u32) -> Option<QueueCounts> {
        let queue = self.queues.iter().find(|queue| queue.number == number)?;
        let mut counts = QueueCounts {
            day: self.tallies.get(&number).copied().unwrap_or_default(),
            ..QueueCounts::default()
        };
        for agent in queue.agents.iter().filter_map(|id| self.agents.get(id)) {
            counts.signed_in += u32::from(agent.is_signed_in());
            let slot = match agent.state {
                AgentState::AVAILABLE => &mut counts.available,
                AgentState::NOT_READY => &mut counts.not_ready,
                AgentState::WORK_NOT_READY => &mut counts.work_not_ready,
                AgentState::WORK_READY => &mut counts.work_ready,
                AgentState::RESERVED => &mut counts.reserved,
                AgentState::HOLD => &mut counts.hold,
                AgentState::TALKING => match self.talks(agent.device.as_deref(), number) {
                    Talk::In => &mut counts.talking_in,
                    Talk::Out => &mut counts.talking_out,
                    Talk::Other => &mut counts.talking_other,
                },
                _ => continue,
            };
            *slot += 1;
        }
        let waiting = self.calls.values().filter(|call| call.queue == Some(number));
        for since in waiting.filter_map(|call| call.queued_since) {
            let waited = now.saturating_duration_since(since);
            counts.waiting += 1;
            counts.waited += waited;
            counts.longest = counts.longest.max(waited);
        }
        Some(counts)
    }

    fn talks(&self, device: Option<&str>, number: u32) -> Talk {
        let Some(device) = device else { return Talk::Other };
        let speaks = self.calls.values().find(|call| call.state_of(device) == LineState::Connected);
        match speaks {
            Some(call) if call.queue == Some(number) => Talk::In,
            Some(call) if call.calling.number == device => Talk::Out,
            _ => Talk::Other,
        }
    }

    /// The counts of an agent.
    pub(crate) fn agent_counts(&self, now: Instant, id: &str) -> Option<AgentCounts> {
        let agent = self.agents.get(id)?;
        let since = agent.tally.signed_in_at.filter(|_| agent.is_signed_in());
        Some(AgentCounts {
            signed_in: since.map(|at| now.saturating_duration_since(at)).unwrap_or_default(),
            handled: agent.tally.handled,
            talked: agent.tally.talked,
            dialed: agent.tally.dialed,
        })
    }
}

enum Talk {
    In,
    Out,
    Other,
}

//! The agents: who they are, where they are signed in, what state they are in.

use super::mobile::Mobile;
use crate::SimAgent;
use ged188::{AgentState, ControlFailure};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// An agent's state after a change; what an event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The agent's id.
    pub(crate) agent_id: String,
    /// The agent's number in the configuration.
    pub(crate) icm_agent_id: u32,
    /// The device signed in on, or last signed in on.
    pub(crate) device: Option<String>,
    /// ActiveTerminal: which of several telephones with that extension.
    pub(crate) terminal: Option<String>,
    /// The state.
    pub(crate) state: AgentState,
    /// The reason code of that state.
    pub(crate) reason: u16,
    /// The state that follows when the call, or the wrap-up, is over, if one was asked for.
    pub(crate) next: Option<AgentState>,
    /// How long the state will last, when that is known.
    pub(crate) lasts: Option<Duration>,
    /// For how long the agent has been in the state.
    pub(crate) in_state: Duration,
    /// The queue whose call it is about.
    pub(crate) queue: Option<u32>,
    /// Direction of GED-188.
    pub(crate) direction: Option<u32>,
}

/// One agent.
#[derive(Debug)]
pub(crate) struct Agent {
    /// The agent's id.
    pub(crate) id: String,
    /// The agent's own device.
    pub(crate) extension: String,
    /// The agent's number in the configuration.
    pub(crate) icm_agent_id: u32,
    /// The device signed in on, or last signed in on.
    pub(crate) device: Option<String>,
    /// Which of several telephones with that extension.
    pub(crate) terminal: Option<String>,
    /// The telephone outside of a mobile agent.
    pub(crate) mobile: Option<Mobile>,
    /// The state.
    pub(crate) state: AgentState,
    /// The reason code of that state.
    pub(crate) reason: u16,
    /// Since when.
    pub(crate) since: Instant,
    /// What the agent goes back to after a call, and why.
    pub(crate) base: (AgentState, u16),
    /// What was asked for while it could not be, and why.
    pub(crate) next: Option<(AgentState, u16)>,
    /// How long a routed call is wrapped up; not at all otherwise.
    pub(crate) wrap_up: Option<Duration>,
    /// The call that is to be wrapped up.
    pub(crate) unwrapped: Option<u32>,
    /// What the agent has done today.
    pub(crate) tally: Tally,
}

/// Counts of the day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) signed_in_at: Option<Instant>,
    pub(crate) handled: u32,
    pub(crate) talked: Duration,
    pub(crate) dialed: u32,
}

impl Agent {
    pub(crate) fn is_signed_in(&self) -> bool {
        self.state != AgentState::LOGOUT
    }

    /// Whether a call decides the state.
    pub(crate) fn is_on_call(&self) -> bool {
        matches!(self.state, AgentState::TALKING | AgentState::HOLD | AgentState::RESERVED)
    }

    /// Whether the last call is wrapped up.
    pub(crate) fn is_wrapping_up(&self) -> bool {
        matches!(self.state, AgentState::WORK_NOT_READY | AgentState::WORK_READY)
    }

    /// Whether a call is, or will be, wrapped up.
    pub(crate) fn owes_wrap_up(&self) -> bool {
        let asked = |(state, _): (AgentState, u16)| {
            matches!(state, AgentState::WORK_NOT_READY | AgentState::WORK_READY)
        };
        self.is_signed_in()
            && (self.wrap_up.is_some() || self.is_wrapping_up() || self.next.is_some_and(asked))
    }

    /// What there is to tell.
    pub(crate) fn told(&self, now: Instant) -> Told {
        let wrapping = self.is_wrapping_up();
        Told {
            agent_id: self.id.clone(),
            icm_agent_id: self.icm_agent_id,
            device: self.device.clone(),
            terminal: self.terminal.clone(),
            state: self.state,
            reason: self.reason,
            next: self.next.map(|(state, _)| state),
            lasts: self.wrap_up.filter(|_| wrapping),
            in_state: now.saturating_duration_since(self.since),
            queue: None,
            direction: None,
        }
    }
}

/// Everyone, and every device.
#[derive(Debug)]
pub(crate) struct Agents {
    agents: BTreeMap<String, Agent>,
    devices: BTreeSet<String>,
    /// Who is signed in where.
    signed_in: BTreeMap<String, String>,
}

/// The number of the first agent in the configuration; any will do.
const ICM_AGENT_ID_FIRST: u32 = 5_001;

impl Agents {
    pub(crate) fn new(agents: &[SimAgent], extra_devices: &[String], now: Instant) -> Self {
        let devices = agents.iter().map(|agent| &agent.extension).chain(extra_devices).cloned().collect();
        let agents = agents.iter().zip(ICM_AGENT_ID_FIRST..).map(|(agent, icm_agent_id)| {
            let SimAgent { id, extension } = agent.clone();
            let agent = Agent {
                id: id.clone(),
                extension,
                icm_agent_id,
                device: None,
                terminal: None,
                mobile: None,
                state: AgentState::LOGOUT,
                reason: 0,
                since: now,
                base: (AgentState::LOGOUT, 0),
                next: None,
                wrap_up: None,
                unwrapped: None,
                tally: Tally::default(),
            };
            (id, agent)
        });
        Self { agents: agents.collect(), devices, signed_in: BTreeMap::new() }
    }

    /// The agent that a request names, by id or by the device signed in on.
    pub(crate) fn find(&self, id: Option<&str>, device: Option<&str>) -> Result<&Agent, ControlFailure> {
        match (id, device) {
            (Some(id), _) => self.agents.get(id).ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED),
            (None, None) => Err(ControlFailure::INVALID_AGENT_ID_SPECIFIED),
            (None, Some(device)) => self.at(device).ok_or(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER),
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Agent> {
        self.agents.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Agent> {
        self.agents.get_mut(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Agent> {
        self.agents.values()
    }

    /// Who is signed in on a device.
    pub(crate) fn at(&self, device: &str) -> Option<&Agent> {
        self.agents.get(self.signed_in.get(device)?)
    }

    pub(crate) fn at_mut(&mut self, device: &str) -> Option<&mut Agent> {
        self.agents.get_mut(self.signed_in.get(device)?)
    }

    /// Whether there is such a device in the house.
    pub(crate) fn has_device(&self, device: &str) -> bool {
        self.devices.contains(device)
    }

    /// Signs an agent in.
    pub(crate) fn take_seat(&mut self, id: &str, device: &str) {
        self.signed_in.insert(device.to_owned(), id.to_owned());
    }

    /// Signs an agent out.
    pub(crate) fn leave_seat(&mut self, device: &str) {
        self.signed_in.remove(device);
    }
}

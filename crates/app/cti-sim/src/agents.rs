//! The agents and what they may do (Unified CCE: the Finesse guide's table of state transitions, the parts
//! without calls).

use crate::SimAgent;
use ged188::{AgentState, ControlFailure};
use std::collections::{BTreeMap, BTreeSet};

/// What SET_AGENT_STATE_REQ asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    /// AgentID; an agent who is signed in may also be named by the device alone.
    pub(crate) agent_id: Option<&'a str>,
    /// AgentInstrument.
    pub(crate) device: Option<&'a str>,
    /// The wanted state.
    pub(crate) state: AgentState,
    /// AgentWorkMode: other than 0 only for mobile agents, which are not simulated.
    pub(crate) work_mode: u16,
    /// EventReasonCode.
    pub(crate) reason: u16,
    /// ForcedFlag.
    pub(crate) forced: u8,
}

/// ForcedFlag: do it whatever the agent is doing.
const FORCE: u8 = 1;
/// ForcedFlag of a sign-in that only checks who one is.
const AUTHENTICATE_ONLY: u8 = 2;

/// An agent's state after a change; what an event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The agent's id.
    pub(crate) agent_id: String,
    /// The agent's number in the configuration.
    pub(crate) icm_agent_id: u32,
    /// The device signed in on, or last signed in on.
    pub(crate) device: Option<String>,
    /// The state.
    pub(crate) state: AgentState,
    /// The reason code of that state.
    pub(crate) reason: u16,
}

#[derive(Debug)]
struct Agent {
    extension: String,
    icm_agent_id: u32,
    state: AgentState,
    reason: u16,
    device: Option<String>,
}

impl Agent {
    fn is_signed_in(&self) -> bool {
        self.state != AgentState::LOGOUT
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
    pub(crate) fn new(agents: &[SimAgent], extra_devices: &[String]) -> Self {
        let devices = agents.iter().map(|agent| &agent.extension).chain(extra_devices).cloned().collect();
        let agents = agents.iter().zip(ICM_AGENT_ID_FIRST..).map(|(agent, icm_agent_id)| {
            let state = AgentState::LOGOUT;
            let extension = agent.extension.clone();
            (agent.id.clone(), Agent { extension, icm_agent_id, state, reason: 0, device: None })
        });
        Self { agents: agents.collect(), devices, signed_in: BTreeMap::new() }
    }

    /// Carries an order out. What it tells is in the order of its events.
    pub(crate) fn set(&mut self, order: Order<'_>) -> Result<Vec<Told>, ControlFailure> {
        if order.work_mode != 0 {
            return Err(ControlFailure::INVALID_AGENT_WORKMODE);
        }
        if order.state == AgentState::LOGIN {
            return self.sign_in(order);
        }
        let id = self.find(order.agent_id, order.device)?;
        let agent = self.agents.get_mut(&id).ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?;
        let allowed = match order.state {
            // Forced, it is done whatever the agent does; who is signed out already is told nothing.
            AgentState::LOGOUT if order.forced == FORCE && !agent.is_signed_in() => return Ok(Vec::new()),
            AgentState::LOGOUT => order.forced == FORCE || agent.state == AgentState::NOT_READY,
            AgentState::NOT_READY | AgentState::AVAILABLE => agent.is_signed_in(),
            // The rest comes with calls.
            AgentState(0..=14) => false,
            _ => return Err(ControlFailure::VALUE_OUT_OF_RANGE),
        };
        if !allowed {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        agent.state = order.state;
        agent.reason = if order.state == AgentState::AVAILABLE { 0 } else { order.reason };
        if order.state == AgentState::LOGOUT
            && let Some(device) = &agent.device
        {
            self.signed_in.remove(device);
        }
        Ok(vec![self.told(&id)])
    }

    fn sign_in(&mut self, order: Order<'_>) -> Result<Vec<Told>, ControlFailure> {
        let id = order.agent_id.ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?;
        let agent = self.agents.get_mut(id).ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?;
        if order.forced == AUTHENTICATE_ONLY {
            return Ok(Vec::new());
        }
        let device = order
            .device
            .filter(|device| self.devices.contains(*device))
            .ok_or(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED)?;
        if agent.is_signed_in() {
            // Signing in again where one is signed in proves who one is and changes nothing.
            let here = agent.device.as_deref() == Some(device);
            let told = || vec![self.told(id)];
            return if here { Ok(told()) } else { Err(ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON) };
        }
        if self.signed_in.contains_key(device) {
            // COMPAT(finesse): the original reports "Device Busy" for this, which is CF_RESOURCE_BUSY and not
            // CF_SPECIFIED_EXTENSION_ALREADY_IN_USE.
            return Err(ControlFailure::RESOURCE_BUSY);
        }
        agent.device = Some(device.to_owned());
        agent.state = AgentState::NOT_READY;
        agent.reason = order.reason;
        self.signed_in.insert(device.to_owned(), id.to_owned());
        let not_ready = self.told(id);
        Ok(vec![Told { state: AgentState::LOGIN, reason: 0, ..not_ready.clone() }, not_ready])
    }

    /// The agent that a request names, by id or by the device signed in on.
    pub(crate) fn find(&self, id: Option<&str>, device: Option<&str>) -> Result<String, ControlFailure> {
        match (id, device) {
            (Some(id), _) if self.agents.contains_key(id) => Ok(id.to_owned()),
            (Some(_), _) | (None, None) => Err(ControlFailure::INVALID_AGENT_ID_SPECIFIED),
            (None, Some(device)) => {
                self.signed_in.get(device).cloned().ok_or(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER)
            }
        }
    }

    /// What there is to tell of an agent whom [`Agents::find`] found.
    pub(crate) fn told(&self, id: &str) -> Told {
        let agent = &self.agents[id];
        Told {
            agent_id: id.to_owned(),
            icm_agent_id: agent.icm_agent_id,
            device: agent.device.clone(),
            state: agent.state,
            reason: agent.reason,
        }
    }

    /// An agent's own device.
    pub(crate) fn extension(&self, id: &str) -> Option<&str> {
        self.agents.get(id).map(|agent| agent.extension.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agents() -> Agents {
        let agent =
            |number: u32| SimAgent { id: format!("100100{number}"), extension: format!("200{number}") };
        Agents::new(&[agent(1), agent(2)], &["7001".to_owned()])
    }

    fn order<'a>(id: &'a str, state: AgentState) -> Order<'a> {
        Order { agent_id: Some(id), device: None, state, work_mode: 0, reason: 0, forced: 0 }
    }

    fn sign_in<'a>(id: &'a str, device: &'a str) -> Order<'a> {
        Order { device: Some(device), ..order(id, AgentState::LOGIN) }
    }

    fn states(told: Result<Vec<Told>, ControlFailure>) -> Vec<AgentState> {
        told.unwrap().iter().map(|told| told.state).collect()
    }

    #[test]
    fn signing_in_is_told_twice_and_ends_not_ready() {
        let mut agents = agents();
        assert_eq!(
            states(agents.set(sign_in("1001001", "2001"))),
            [AgentState::LOGIN, AgentState::NOT_READY]
        );
        assert_eq!(states(agents.set(order("1001001", AgentState::AVAILABLE))), [AgentState::AVAILABLE]);
        assert_eq!(states(agents.set(sign_in("1001001", "2001"))), [AgentState::AVAILABLE], "unchanged");
    }

    #[test]
    fn who_may_sign_in_where() {
        let mut agents = agents();
        for (id, device, failure) in [
            ("9999999", "2001", ControlFailure::INVALID_AGENT_ID_SPECIFIED),
            ("1001001", "9999", ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED),
        ] {
            assert_eq!(agents.set(sign_in(id, device)), Err(failure));
        }
        agents.set(sign_in("1001001", "7001")).unwrap();
        for (id, device, failure) in [
            ("1001001", "2001", ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON),
            ("1001002", "7001", ControlFailure::RESOURCE_BUSY),
        ] {
            assert_eq!(agents.set(sign_in(id, device)), Err(failure));
        }
        agents.set(order("1001001", AgentState::LOGOUT)).unwrap();
        assert!(agents.set(sign_in("1001002", "7001")).is_ok(), "the device is free again");
    }

    #[test]
    fn only_who_is_signed_in_changes_state() {
        let mut agents = agents();
        for state in [AgentState::AVAILABLE, AgentState::NOT_READY, AgentState::LOGOUT] {
            assert_eq!(agents.set(order("1001001", state)), Err(ControlFailure::INVALID_OBJECT_STATE));
        }
        agents.set(sign_in("1001001", "2001")).unwrap();
        assert_eq!(
            agents.set(order("1001001", AgentState::TALKING)),
            Err(ControlFailure::INVALID_OBJECT_STATE)
        );
        assert_eq!(agents.set(order("1001001", AgentState(99))), Err(ControlFailure::VALUE_OUT_OF_RANGE));
        let mobile = Order { work_mode: 3, ..order("1001001", AgentState::AVAILABLE) };
        assert_eq!(agents.set(mobile), Err(ControlFailure::INVALID_AGENT_WORKMODE));
    }

    #[test]
    fn signing_out_is_from_not_ready_or_forced() {
        let mut agents = agents();
        agents.set(sign_in("1001001", "2001")).unwrap();
        agents.set(order("1001001", AgentState::AVAILABLE)).unwrap();
        let sign_out = order("1001001", AgentState::LOGOUT);
        assert_eq!(agents.set(sign_out), Err(ControlFailure::INVALID_OBJECT_STATE));
        let forced = Order { forced: 1, reason: 255, ..sign_out };
        let told = agents.set(forced).unwrap();
        assert_eq!((told[0].state, told[0].reason), (AgentState::LOGOUT, 255));
        assert_eq!(told[0].device.as_deref(), Some("2001"));
        assert_eq!(agents.set(forced), Ok(vec![]), "again: nothing to tell");
    }

    #[test]
    fn a_reason_stays_with_not_ready_and_goes_with_ready() {
        let mut agents = agents();
        agents.set(sign_in("1001001", "2001")).unwrap();
        let pause = Order { reason: 12, ..order("1001001", AgentState::NOT_READY) };
        assert_eq!(agents.set(pause).unwrap()[0].reason, 12);
        assert_eq!(agents.told("1001001").reason, 12);
        assert_eq!(agents.set(order("1001001", AgentState::AVAILABLE)).unwrap()[0].reason, 0);
    }

    #[test]
    fn an_agent_who_is_signed_in_can_be_named_by_the_device() {
        let mut agents = agents();
        let by_device = Order { agent_id: None, ..sign_in("", "2001") };
        let ready = Order { state: AgentState::AVAILABLE, ..by_device };
        assert_eq!(agents.set(ready), Err(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER));
        agents.set(sign_in("1001002", "2001")).unwrap();
        assert_eq!(agents.set(ready).unwrap()[0].agent_id, "1001002");
    }

    #[test]
    fn authenticating_changes_nothing() {
        let mut agents = agents();
        let check = Order { forced: 2, ..order("1001001", AgentState::LOGIN) };
        assert_eq!(agents.set(check), Ok(vec![]));
        assert_eq!(agents.told("1001001").state, AgentState::LOGOUT);
    }
}

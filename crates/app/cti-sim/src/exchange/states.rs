//! What agents may do with their states (Unified CCE: the Finesse guide's table of state transitions), and what
//! calls do with them.

use super::agent::Agent;
use super::call::{CallType, LineState};
use super::timer::Timer;
use super::{Exchange, Fact};
use ged188::{AgentState, ControlFailure};
use std::time::Instant;

/// What SET_AGENT_STATE_REQ asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    /// AgentID; an agent who is signed in may also be named by the device alone.
    pub(crate) agent_id: Option<&'a str>,
    /// AgentInstrument; of a mobile agent who signs in, with the number after a semicolon.
    pub(crate) device: Option<&'a str>,
    /// ActiveTerminal.
    pub(crate) terminal: Option<&'a str>,
    /// The wanted state.
    pub(crate) state: AgentState,
    /// AgentWorkMode: other than 0 only for mobile agents who sign in.
    pub(crate) work_mode: u16,
    /// EventReasonCode.
    pub(crate) reason: u16,
    /// ForcedFlag.
    pub(crate) forced: u8,
    /// A supervisor orders it (SupervisorID is there).
    pub(crate) supervised: bool,
}

/// ForcedFlag: do it whatever the agent is doing.
const FORCE: u8 = 1;
/// ForcedFlag of a sign-in that only checks who one is.
const AUTHENTICATE_ONLY: u8 = 2;

/// EventReasonCode: off hook to call somebody.
const OFF_HOOK: u16 = 50_006;
/// EventReasonCode: the telephone rang and nobody answered.
pub(super) const RING_NO_ANSWER: u16 = 32_767;

/// Direction of AGENT_STATE_EVENT.
const DIRECTION_IN: u32 = 1;
const DIRECTION_OUT: u32 = 2;
const DIRECTION_OTHER_IN: u32 = 3;
const DIRECTION_PREVIEW: u32 = 6;

impl Exchange {
    /// Carries an order out.
    ///
    /// # Errors
    /// When it is not allowed.
    pub(crate) fn set_agent_state(&mut self, now: Instant, order: Order<'_>) -> Result<(), ControlFailure> {
        if order.state == AgentState::LOGIN {
            return self.sign_in(now, order);
        }
        if order.work_mode != 0 {
            return Err(ControlFailure::INVALID_AGENT_WORKMODE);
        }
        let agent = self.agents.find(order.agent_id, order.device)?;
        let id = agent.id.clone();
        let busy = agent.is_on_call() || agent.device.as_deref().is_some_and(|device| self.has_calls(device));
        let whatever = order.forced == FORCE || order.supervised;
        let speaks = matches!(agent.state, AgentState::TALKING | AgentState::HOLD);
        let allowed = match order.state {
            // Forced, it is done whatever the agent does; who is signed out already is told nothing.
            AgentState::LOGOUT if whatever && !agent.is_signed_in() => return Ok(()),
            AgentState::LOGOUT => whatever || speaks || (agent.state == AgentState::NOT_READY && !busy),
            AgentState::NOT_READY | AgentState::AVAILABLE => agent.is_signed_in(),
            AgentState::WORK_NOT_READY | AgentState::WORK_READY => {
                agent.is_on_call() || agent.is_wrapping_up()
            }
            // The rest comes with calls.
            AgentState(0..=14) => false,
            _ => return Err(ControlFailure::VALUE_OUT_OF_RANGE),
        };
        if !allowed {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        let at_once = order.state == AgentState::LOGOUT && whatever;
        if agent.is_on_call() && !at_once {
            self.pend(now, &id, order.state, order.reason);
        } else {
            self.enter(now, &id, order.state, order.reason);
        }
        self.route(now);
        Ok(())
    }

    fn sign_in(&mut self, now: Instant, order: Order<'_>) -> Result<(), ControlFailure> {
        let id = order.agent_id.ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?;
        let agent = self.agents.get(id).ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?;
        if order.forced == AUTHENTICATE_ONLY {
            return Ok(());
        }
        let super::mobile::Seat { device, mobile } = order.seat()?;
        let known =
            |terminal| self.terminals.get(device).is_some_and(|all| all.iter().any(|id| id == terminal));
        if !self.agents.has_device(device) || order.terminal.is_some_and(|terminal| !known(terminal)) {
            return Err(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED);
        }
        if let Some((_, number)) = mobile {
            self.check_mobile(id, number)?;
        }
        if agent.is_signed_in() {
            // Signing in again where one is signed in proves who one is and changes nothing.
            let there = agent.mobile.as_ref().map(|mobile| (mobile.mode, mobile.number.as_str()));
            let elsewhere = mobile.is_some() && mobile != there
                || order.terminal.is_some() && order.terminal != agent.terminal.as_deref();
            if agent.device.as_deref() != Some(device) || elsewhere {
                return Err(ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON);
            }
            self.tell_agent(now, id, None, None);
            return Ok(());
        }
        if self.agents.at(device).is_some() {
            // COMPAT(finesse): the original reports "Device Busy" for this, which is CF_RESOURCE_BUSY and not
            // CF_SPECIFIED_EXTENSION_ALREADY_IN_USE.
            return Err(ControlFailure::RESOURCE_BUSY);
        }
        self.agents.take_seat(id, device);
        if let Some(agent) = self.agents.get_mut(id) {
            agent.device = Some(device.to_owned());
            agent.terminal = order.terminal.map(str::to_owned);
            agent.tally.signed_in_at = Some(now);
        }
        self.enter(now, id, AgentState::LOGIN, 0);
        self.enter(now, id, AgentState::NOT_READY, order.reason);
        if let Some((mode, number)) = mobile {
            self.begins_mobile(now, id, mode, number);
        }
        Ok(())
    }

    /// The agent is in a state of the agent's own from now on.
    pub(super) fn enter(&mut self, now: Instant, id: &str, state: AgentState, reason: u16) {
        let Some(agent) = self.agents.get_mut(id) else { return };
        let finished = if matches!(state, AgentState::WORK_NOT_READY | AgentState::WORK_READY) {
            None
        } else {
            agent.base = (state, if state == AgentState::AVAILABLE { 0 } else { reason });
            agent.unwrapped.take()
        };
        agent.state = state;
        agent.reason = if state == AgentState::AVAILABLE { 0 } else { reason };
        agent.since = now;
        agent.next = None;
        if state == AgentState::LOGOUT {
            agent.mobile = None;
            agent.terminal = None;
        }
        let device = agent.device.clone();
        if let (AgentState::LOGOUT, Some(device)) = (state, &device) {
            self.agents.leave_seat(device);
        }
        if let Some(call) = finished {
            self.wrapped_up(now, call);
        }
        self.tell_agent(now, id, None, None);
    }

    /// The agent will be in a state when the calls are over.
    fn pend(&mut self, now: Instant, id: &str, state: AgentState, reason: u16) {
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.next = Some((state, reason));
        self.tell_agent(now, id, None, None);
    }

    /// An agent who is ready and calls somebody is so no longer.
    pub(super) fn off_hook(&mut self, now: Instant, device: &str) {
        let ready = self.agents.at(device).filter(|agent| agent.state == AgentState::AVAILABLE);
        if let Some(id) = ready.map(|agent| agent.id.clone()) {
            self.enter(now, &id, AgentState::NOT_READY, OFF_HOOK);
        }
    }

    /// Makes the state of the agent on a device what the calls there make it.
    pub(super) fn settle(&mut self, now: Instant, device: &str) {
        let wanted = self.state_of_calls(device);
        self.line_after_calls(device);
        let Some(agent) = self.agents.at_mut(device) else { return };
        let id = agent.id.clone();
        match wanted {
            Some((state, queue, direction)) if state != agent.state => {
                agent.state = state;
                agent.reason = 0;
                agent.since = now;
                self.tell_agent(now, &id, queue, Some(direction));
            }
            Some(_) => {}
            None if agent.is_on_call() => self.calls_are_over(now, &id),
            None => {}
        }
    }

    fn calls_are_over(&mut self, now: Instant, id: &str) {
        let Some(agent) = self.agents.get_mut(id) else { return };
        let (base, reason) = agent.next.unwrap_or(agent.base);
        let asked = matches!(base, AgentState::WORK_NOT_READY | AgentState::WORK_READY);
        let wraps_up = agent.unwrapped.is_some() && (asked || agent.wrap_up.is_some());
        if !wraps_up && !asked {
            self.enter(now, id, base, reason);
            return;
        }
        // What follows the wrap-up: ready after WORK_READY, else not.
        let after = match base {
            AgentState::WORK_READY => (AgentState::AVAILABLE, 0),
            AgentState::WORK_NOT_READY => (AgentState::NOT_READY, reason),
            _ => (base, reason),
        };
        let ready = after.0 == AgentState::AVAILABLE;
        agent.base = after;
        agent.next = None;
        agent.state = if ready { AgentState::WORK_READY } else { AgentState::WORK_NOT_READY };
        agent.reason = 0;
        agent.since = now;
        if let Some(wrap_up) = agent.wrap_up {
            self.timers.set(now + wrap_up, Timer::WrapUpEnds { agent_id: id.to_owned(), since: now });
        }
        self.tell_agent(now, id, None, None);
    }

    /// The time for wrap-up is over.
    pub(super) fn wrap_up_ends(&mut self, now: Instant, id: &str, since: Instant) {
        let Some(agent) = self.agents.get(id) else { return };
        if agent.is_wrapping_up() && agent.since == since {
            let (state, reason) = agent.base;
            self.enter(now, id, state, reason);
            self.route(now);
        }
    }

    /// The state that the calls at a device make: the queue and the direction of the call that does.
    fn state_of_calls(&self, device: &str) -> Option<(AgentState, Option<u32>, u32)> {
        let ready = self.agents.at(device).is_some_and(|agent| agent.base.0 == AgentState::AVAILABLE);
        let mut held = None;
        let mut rings = None;
        for call in self.calls.values() {
            let Some(party) = call.party(device).filter(|party| !party.silent) else { continue };
            let direction = match call.call_type {
                CallType::Routed => DIRECTION_IN,
                CallType::ReservationPreview | CallType::ReservationDirect => DIRECTION_PREVIEW,
                _ if call.calling.number == device => DIRECTION_OUT,
                _ => DIRECTION_OTHER_IN,
            };
            match party.state {
                LineState::Connected if call.answered => {
                    return Some((AgentState::TALKING, call.queue, direction));
                }
                LineState::Held => held = Some((AgentState::HOLD, call.queue, direction)),
                LineState::Alerting if ready || call.preview.is_some() => {
                    rings = Some((AgentState::RESERVED, call.queue, direction));
                }
                // The dialer has the agent until the customer answers.
                LineState::Connected if call.call_type == CallType::CustomerDirect => {
                    rings = Some((AgentState::RESERVED, None, DIRECTION_PREVIEW));
                }
                _ => {}
            }
        }
        held.or(rings)
    }

    pub(super) fn tell_agent(&mut self, now: Instant, id: &str, queue: Option<u32>, direction: Option<u32>) {
        let Some(told) = self.agents.get(id).map(|agent: &Agent| agent.told(now)) else { return };
        self.facts.push(Fact::Agent(super::agent::Told { queue, direction, ..told }));
    }
}

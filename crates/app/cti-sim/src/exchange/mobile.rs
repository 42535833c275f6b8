//! Mobile agents: their calls go on to a telephone outside the house, which is called for each call, or once for the
//! whole session.

use super::agent::Agent;
use super::call::LineState;
use super::fact::{What, cause};
use super::states::Order;
use super::timer::Timer;
use super::{Answering, Exchange};
use ged188::{AgentState, ControlFailure};
use std::time::{Duration, Instant};

/// AgentWorkMode of mobile agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// RA_CALL_BY_CALL.
    CallByCall,
    /// RA_NAILED_CONNECTION.
    Nailed,
}

/// A mobile agent's telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mobile {
    pub(crate) mode: Mode,
    pub(crate) number: String,
    pub(crate) line: Line,
}

/// What the line to it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Nobody calls it.
    Idle,
    /// It rings since then.
    Rings(Instant),
    /// It is off the hook.
    Open,
}

/// EventReasonCode: the nailed connection could not be made.
const CALL_FAILED: u16 = 50_040;
/// EventReasonCode: the telephone did not take a call.
const NOT_ANSWERED: u16 = 50_041;
/// EventReasonCode: the nailed connection was cut.
const DISCONNECTED: u16 = 50_042;

/// Where a sign-in is to be: the device and, of a mobile agent, how to reach the telephone.
pub(super) struct Seat<'a> {
    pub(super) device: &'a str,
    pub(super) mobile: Option<(Mode, &'a str)>,
}

impl<'a> Order<'a> {
    /// AgentInstrument and AgentWorkMode of a sign-in.
    pub(super) fn seat(&self) -> Result<Seat<'a>, ControlFailure> {
        let device = self.device.ok_or(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED)?;
        let mode = match self.work_mode {
            0 => return Ok(Seat { device, mobile: None }),
            3 => Mode::CallByCall,
            4 => Mode::Nailed,
            _ => return Err(ControlFailure::INVALID_AGENT_WORKMODE),
        };
        let dialable = |number: &&str| {
            let digits = number.strip_prefix('+').unwrap_or(number);
            !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'*' | b'#'))
        };
        let (device, number) =
            device.split_once(';').ok_or(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED)?;
        let number = Some(number).filter(dialable).ok_or(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED)?;
        Ok(Seat { device, mobile: Some((mode, number)) })
    }
}

impl Agent {
    /// The telephone of an agent who is called for each call.
    fn called_for_each(&self) -> Option<&Mobile> {
        self.mobile.as_ref().filter(|mobile| mobile.mode == Mode::CallByCall)
    }

    /// Whether calls can be given to the agent: of a nailed connection the line has to be open.
    pub(super) fn can_be_reached(&self) -> bool {
        self.mobile.as_ref().is_none_or(|mobile| mobile.mode == Mode::CallByCall || mobile.line == Line::Open)
    }
}

impl Exchange {
    /// Whether an agent has somebody's number already, or mobile agents are not allowed.
    pub(super) fn check_mobile(&self, id: &str, number: &str) -> Result<(), ControlFailure> {
        let has = |agent: &Agent| agent.mobile.as_ref().is_some_and(|mobile| mobile.number == number);
        if !self.behaviour.mobile_agents {
            Err(ControlFailure::INVALID_AGENT_WORKMODE)
        } else if self.agents.iter().any(|agent| agent.id != id && has(agent)) {
            Err(ControlFailure::RESOURCE_BUSY)
        } else {
            Ok(())
        }
    }

    /// A mobile agent has signed in: a nailed connection is made at once.
    pub(super) fn begins_mobile(&mut self, now: Instant, id: &str, mode: Mode, number: &str) {
        let Some(agent) = self.agents.get_mut(id) else { return };
        agent.mobile = Some(Mobile { mode, number: number.to_owned(), line: Line::Idle });
        if mode == Mode::Nailed {
            self.call_telephone(now, id);
        }
    }

    /// Something rings at a device: the telephone of an agent who is called for each call rings too.
    pub(super) fn rings_outside(&mut self, now: Instant, device: &str) {
        let agent = self.agents.at(device).filter(|agent| agent.called_for_each().is_some());
        if let Some(id) = agent.map(|agent| agent.id.clone()) {
            self.call_telephone(now, &id);
        }
    }

    /// Whether an agent's telephone is called before a number is dialled.
    pub(super) fn telephone_first(&self, device: &str) -> bool {
        self.agents.at(device).is_some_and(|agent| agent.called_for_each().is_some()) && !self.speaks(device)
    }

    /// Whether answering is for the telephone alone: nothing can take it off the hook from here.
    pub(super) fn answers_outside(&self, device: &str) -> bool {
        self.agents.at(device).is_some_and(|agent| agent.called_for_each().is_some())
    }

    /// Whether the device has a call that somebody speaks or spoke in: then its telephone is off the hook.
    fn speaks(&self, device: &str) -> bool {
        let speaks = |state| matches!(state, LineState::Connected | LineState::Held);
        self.calls.values().any(|call| call.answered && speaks(call.state_of(device)))
    }

    fn call_telephone(&mut self, now: Instant, id: &str) {
        let Some(number) = self.agents.get(id).and_then(|agent| Some(agent.mobile.as_ref()?.number.clone()))
        else {
            return;
        };
        let rings = match self.answering(&number) {
            Answering::After(after) => Some(after),
            Answering::Never => Some(Duration::MAX),
            Answering::Busy | Answering::Unobtainable => None,
        };
        self.set_line(id, Line::Rings(now));
        let Some(after) = rings else { return self.telephone_fails(now, id, now) };
        let patience = self.behaviour.ring_no_answer;
        let agent_id = id.to_owned();
        let (at, timer) = if after <= patience {
            (now + after, Timer::TelephoneAnswers { agent_id, since: now })
        } else {
            (now + patience, Timer::TelephoneRingsOut { agent_id, since: now })
        };
        self.timers.set(at, timer);
    }

    fn set_line(&mut self, id: &str, line: Line) {
        if let Some(mobile) = self.agents.get_mut(id).and_then(|agent| agent.mobile.as_mut()) {
            mobile.line = line;
        }
    }

    /// The telephone that rings since then, and its agent's device.
    fn ringing(&self, id: &str, since: Instant) -> Option<(Mode, String)> {
        let agent = self.agents.get(id)?;
        let mobile = agent.mobile.as_ref().filter(|mobile| mobile.line == Line::Rings(since))?;
        Some((mobile.mode, agent.device.clone()?))
    }

    /// Somebody has taken the telephone off the hook.
    pub(super) fn telephone_answers(&mut self, now: Instant, id: &str, since: Instant) {
        let Some((mode, device)) = self.ringing(id, since) else { return };
        self.set_line(id, Line::Open);
        match (mode, self.call_at(&device, LineState::Alerting), self.call_at(&device, LineState::Initiated))
        {
            (Mode::Nailed, ..) => self.route(now),
            (Mode::CallByCall, Some(call), _) => {
                self.hold_others(now, call, &device);
                self.established(now, call, &device);
            }
            (Mode::CallByCall, None, Some(call)) => self.dial(now, call),
            // the caller was gone before
            (Mode::CallByCall, None, None) => self.set_line(id, Line::Idle),
        }
    }

    /// Nobody took the telephone off the hook, or it cannot be called.
    pub(super) fn telephone_fails(&mut self, now: Instant, id: &str, since: Instant) {
        let Some((mode, device)) = self.ringing(id, since) else { return };
        self.set_line(id, Line::Idle);
        match mode {
            Mode::Nailed => self.enter(now, id, AgentState::LOGOUT, CALL_FAILED),
            Mode::CallByCall => self.call_not_taken(now, id, &device),
        }
    }

    /// A routed call goes back to its queue, any other ends; the agent is made not ready.
    fn call_not_taken(&mut self, now: Instant, id: &str, device: &str) {
        if let Some(call) = self.call_at(device, LineState::Initiated) {
            if let Some(call) = self.calls.get_mut(&call) {
                call.set_state(now, device, LineState::Failed);
            }
            let from = super::Endpoint::agent(device);
            return self.tell(call, &from, cause::NOT_ANSWERED, What::Failed);
        }
        let Some(call) = self.call_at(device, LineState::Alerting) else { return };
        let routed = self.calls.get(&call).is_some_and(|call| call.queue.is_some());
        if routed {
            return self.goes_back(now, call, device, NOT_ANSWERED);
        }
        self.leave(now, call, device, cause::NOT_ANSWERED);
        self.enter(now, id, AgentState::NOT_READY, NOT_ANSWERED);
    }

    /// A mobile agent hangs the telephone up. `None` when no mobile agent has that number, or it is not in use.
    pub(crate) fn telephone_hangs_up(&mut self, now: Instant, number: &str) -> Option<String> {
        let has = |agent: &&Agent| agent.mobile.as_ref().is_some_and(|mobile| mobile.number == number);
        let agent = self.agents.iter().find(has)?;
        let (id, device) = (agent.id.clone(), agent.device.clone()?);
        let (mode, line) = agent.mobile.as_ref().map(|mobile| (mobile.mode, mobile.line))?;
        match (mode, line) {
            (_, Line::Rings(since)) => self.telephone_fails(now, &id, since),
            (Mode::Nailed, Line::Open) => {
                self.leave_all(now, &device);
                self.enter(now, &id, AgentState::LOGOUT, DISCONNECTED);
            }
            (Mode::CallByCall, _) if self.speaks(&device) => self.leave_all(now, &device),
            _ => return None,
        }
        Some(id)
    }

    fn leave_all(&mut self, now: Instant, device: &str) {
        let there = |call: &&super::Call| call.party(device).is_some();
        let calls: Vec<u32> = self.calls.values().filter(there).map(|call| call.id).collect();
        for call in calls {
            self.leave(now, call, device, cause::NONE);
        }
    }

    /// A mobile agent whose telephone rings takes it off the hook. `None` when it does not ring.
    pub(crate) fn telephone_is_taken(&mut self, now: Instant, number: &str) -> Option<String> {
        let ringing = |agent: &Agent| {
            let mobile = agent.mobile.as_ref().filter(|mobile| mobile.number == number)?;
            let Line::Rings(since) = mobile.line else { return None };
            Some((agent.id.clone(), since))
        };
        let (id, since) = self.agents.iter().find_map(ringing)?;
        self.telephone_answers(now, &id, since);
        Some(id)
    }

    /// When the last call is over, the telephone of an agent who is called for each is hung up, and one that still rings
    /// is called no longer.
    pub(super) fn line_after_calls(&mut self, device: &str) {
        if self.has_calls(device) {
            return;
        }
        let agent = self.agents.at_mut(device);
        let mobile = agent.and_then(|agent| agent.mobile.as_mut());
        if let Some(mobile) = mobile.filter(|mobile| mobile.mode == Mode::CallByCall) {
            mobile.line = Line::Idle;
        }
    }

    /// The call of which a device's end is in a state; no offered record, which the dialer holds the agent with.
    fn call_at(&self, device: &str, state: LineState) -> Option<u32> {
        let at = |call: &&super::Call| call.preview.is_none() && call.state_of(device) == state;
        self.calls.values().find(at).map(|call| call.id)
    }
}

//! What supervisors do in their agents' calls.

use super::call::{Call, CallType, LineState};
use super::data::CallData;
use super::fact::{What, cause};
use super::{Endpoint, Exchange};
use ged188::{AgentState, ControlFailure};
use std::time::Instant;

/// SupervisoryAction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Supervision {
    /// End it.
    Clear,
    /// Listen.
    Monitor,
    /// Speak with both.
    BargeIn,
    /// Take the agent's place.
    Intercept,
}

impl Exchange {
    /// SUPERVISE_CALL_REQ. Returns the call that the supervisor is in, or was.
    ///
    /// # Errors
    /// When somebody is no supervisor, or is not where it would have to be.
    pub(crate) fn supervise(
        &mut self,
        now: Instant,
        action: Supervision,
        supervisor: &str,
        call: u32,
        agent: &str,
    ) -> Result<u32, ControlFailure> {
        if !self.is_supervisor_at(supervisor) {
            return Err(ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE);
        }
        if action == Supervision::Clear {
            return self.stop_supervising(now, supervisor, call);
        }
        if self.line(call, agent)?.1 == LineState::Alerting {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        match action {
            Supervision::Monitor => self.monitor(now, supervisor, call, agent),
            Supervision::BargeIn => self.barge_in(now, supervisor, call, agent),
            Supervision::Intercept | Supervision::Clear => {
                if self.line(call, supervisor)?.1 != LineState::Connected {
                    return Err(ControlFailure::INVALID_OBJECT_STATE);
                }
                self.leave(now, call, agent, cause::INTERCEPT);
                Ok(call)
            }
        }
    }

    /// Whether somebody who supervises a team is signed in on a device. Where there are no teams, everybody may.
    pub(super) fn is_supervisor_at(&self, device: &str) -> bool {
        self.agents
            .at(device)
            .is_some_and(|agent| self.supervisors.is_empty() || self.supervisors.contains(&agent.id))
    }

    fn monitor(
        &mut self,
        now: Instant,
        supervisor: &str,
        id: u32,
        agent: &str,
    ) -> Result<u32, ControlFailure> {
        let idle = self.agents.at(supervisor).is_some_and(|s| s.state == AgentState::NOT_READY);
        if !idle || self.has_calls(supervisor) {
            return Err(ControlFailure::INVALID_OBJECT_STATE);
        }
        self.room_for_a_call(supervisor)?;
        let (from, to) = (Endpoint::agent(supervisor), Endpoint::agent(agent));
        let data = CallData {
            ani: Some(supervisor.to_owned()),
            dialed: Some(agent.to_owned()),
            dnis: Some(agent.to_owned()),
            ..CallData::default()
        };
        let monitor = self.insert(CallType::Monitor, from.clone(), to.clone(), data);
        if let Some(call) = self.calls.get_mut(&monitor) {
            call.join(now, from.clone(), LineState::Connected);
            call.join(now, to.clone(), LineState::Connected);
            if let Some(party) = call.party_mut(agent) {
                party.silent = true;
            }
            (call.begun, call.answered, call.answered_at) = (true, true, Some(now));
            call.listens_to = Some(id);
        }
        self.tell(monitor, &from, cause::MONITOR, What::Begun);
        self.tell(monitor, &from, cause::MONITOR, What::Initiated);
        self.tell(monitor, &from, cause::MONITOR, What::Originated);
        self.tell(monitor, &from, cause::MONITOR, What::Established { answering: to });
        self.settle(now, supervisor);
        Ok(monitor)
    }

    fn barge_in(
        &mut self,
        now: Instant,
        supervisor: &str,
        id: u32,
        agent: &str,
    ) -> Result<u32, ControlFailure> {
        let monitor = self.monitor_of(supervisor, id).ok_or(ControlFailure::INVALID_OBJECT_STATE)?;
        let mut secondary = self.calls.remove(&monitor);
        if let Some(secondary) = &mut secondary {
            secondary.parties.clear();
        }
        let (from, to) = (Endpoint::agent(supervisor), Endpoint::agent(agent));
        if let Some(call) = self.calls.get_mut(&id) {
            call.join(now, from.clone(), LineState::Connected);
        }
        self.becomes_conference(id, &to, Some(monitor), &from, cause::BARGE_IN);
        self.swallowed(secondary);
        self.settle(now, supervisor);
        Ok(id)
    }

    fn monitor_of(&self, supervisor: &str, id: u32) -> Option<u32> {
        let listens = |call: &&Call| call.listens_to == Some(id) && call.party(supervisor).is_some();
        self.calls.values().find(listens).map(|call| call.id)
    }

    /// `call` is the agent's call or the supervisor's own.
    fn stop_supervising(&mut self, now: Instant, supervisor: &str, call: u32) -> Result<u32, ControlFailure> {
        let own = self.monitor_of(supervisor, call).unwrap_or(call);
        self.line(own, supervisor)?;
        self.leave(now, own, supervisor, cause::SUPERVISOR_CLEAR);
        Ok(own)
    }
}

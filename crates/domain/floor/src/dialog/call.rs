//! A call as the floor follows it.

use super::actions::{self, Situation, Telephone};
use super::{
    Address, CallId, CallType, Cause, Connection, Device, DeviceKind, Dialog, DialogState, MediaProperties,
    Participant, ParticipantState, ScheduledCallback, StateCause,
};
use crate::limits::PARTICIPANTS_PER_CALL_MAX;
use crate::{AgentId, Now};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// A call with everything that is known of it.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) media: MediaProperties,
    pub(crate) parties: Vec<Party>,
    /// Those who left and are shown no more. Events go on naming the first caller.
    pub(crate) left: Vec<Address>,
    pub(crate) associated: Option<CallId>,
    pub(crate) secondary: Option<CallId>,
    pub(crate) callback: Option<ScheduledCallback>,
    /// Who made a conference of it.
    pub(crate) controller: Option<Address>,
    pub(crate) phase: Phase,
    /// The link session in which the call was last heard of.
    pub(crate) heard_in: u64,
    /// When to give up waiting for END_CALL, once everybody is out.
    pub(crate) forget_at: Option<Instant>,
    /// What clients were told last, and who.
    pub(crate) told: Option<Arc<Dialog>>,
    pub(crate) viewers: BTreeMap<AgentId, Viewing>,
}

/// What the CTI server said of the call as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Live,
    /// CALL_CLEARED, or it became part of another call.
    Cleared,
    /// END_CALL: nothing more comes.
    Ended,
}

/// How far an agent is done with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Viewing {
    Live,
    /// Out of the call. Until the agent's next state is told, or the deadline.
    Leaving(Instant),
    /// Wraps up, at most until the deadline.
    WrapUp(Instant),
}

/// Somebody in a call.
#[derive(Debug)]
pub(crate) struct Party {
    pub(crate) address: Address,
    pub(crate) connection: Option<Connection>,
    pub(crate) state: ParticipantState,
    pub(crate) cause: Option<StateCause>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) changed_at: Option<Timestamp>,
    /// An agent is or was signed in there.
    pub(crate) agent: Option<AgentId>,
    /// The call went on elsewhere: there is nothing to wrap up here.
    pub(crate) moved_on: bool,
}

impl Party {
    /// Moves on. The same state again changes nothing.
    pub(crate) fn become_state(&mut self, now: Now, state: ParticipantState) {
        if self.state != state {
            self.state = state;
            self.changed_at = Some(now.wall);
            self.moved_on = false;
        }
    }

    /// Is out of the call, which goes on without a trace of wrap-up.
    pub(crate) fn move_on(&mut self, now: Now) {
        self.become_state(now, ParticipantState::Dropped);
        self.moved_on = true;
    }

    fn is(&self, device: &Device, connection: &Connection) -> bool {
        if device.address.is_empty() {
            self.connection.as_ref().map_or(self.address == connection.device, |own| own == connection)
        } else {
            self.address == device.address
        }
    }
}

impl Call {
    pub(crate) fn new(id: CallId, heard_in: u64) -> Self {
        Self {
            id,
            from: Address::default(),
            to: Address::default(),
            media: MediaProperties::default(),
            parties: Vec::new(),
            left: Vec::new(),
            associated: None,
            secondary: None,
            callback: None,
            controller: None,
            phase: Phase::Live,
            heard_in,
            forget_at: None,
            told: None,
            viewers: BTreeMap::new(),
        }
    }

    /// The party that an event means: by the device's number, or by the connection when it names no device.
    pub(crate) fn party(&mut self, device: &Device, connection: &Connection) -> Option<&mut Party> {
        self.parties.iter_mut().find(|party| party.is(device, connection))
    }

    /// As [`Call::party`], and lets one in who is not there yet. `None` for machines, for nobody, and when the
    /// call is full.
    pub(crate) fn join(
        &mut self,
        now: Now,
        device: &Device,
        connection: Option<&Connection>,
        state: ParticipantState,
    ) -> Option<&mut Party> {
        let named = match (device.address.is_empty(), connection) {
            (false, _) => device.address.clone(),
            (true, Some(connection)) if !connection.dynamic => connection.device.clone(),
            _ => return None,
        };
        if is_machine(device.kind) || named.is_empty() {
            return None;
        }
        self.left.retain(|address| *address != named);
        let at = match self.parties.iter().position(|party| party.address == named) {
            Some(at) => at,
            None if self.parties.len() >= PARTICIPANTS_PER_CALL_MAX => return None,
            None => {
                self.parties.push(Party {
                    address: named,
                    connection: None,
                    state,
                    cause: None,
                    started_at: Some(now.wall),
                    changed_at: Some(now.wall),
                    agent: None,
                    moved_on: false,
                });
                self.parties.len() - 1
            }
        };
        let party = &mut self.parties[at];
        if let Some(connection) = connection.filter(|connection| connection.call == self.id) {
            party.connection = Some(connection.clone());
        }
        Some(party)
    }

    /// The caller, whom events name again and again, also after he has left.
    pub(crate) fn caller(
        &mut self,
        now: Now,
        device: &Device,
        state: ParticipantState,
    ) -> Option<&mut Party> {
        if self.left.contains(&device.address) {
            return None;
        }
        self.join(now, device, None, state).filter(|party| party.state.is_live())
    }

    /// Takes those away who left, but for those who still see the call. Returns whether there were any.
    pub(crate) fn prune(&mut self) -> bool {
        let viewers = &self.viewers;
        let stays = |party: &Party| {
            party.state.is_live() || party.agent.as_ref().is_some_and(|agent| viewers.contains_key(agent))
        };
        let left: Vec<Party> = self.parties.extract_if(.., |party| !stays(party)).collect();
        self.remember_left(&left);
        !left.is_empty()
    }

    /// Takes those away whom the call went on without: they are shown to nobody but themselves, for the last time.
    pub(crate) fn prune_moved_on(&mut self) {
        if self.live() > 0 {
            let left: Vec<Party> = self.parties.extract_if(.., |party| party.moved_on).collect();
            self.remember_left(&left);
        }
    }

    fn remember_left(&mut self, left: &[Party]) {
        self.left.extend(left.iter().map(|party| party.address.clone()));
        let excess = self.left.len().saturating_sub(PARTICIPANTS_PER_CALL_MAX);
        self.left.drain(..excess);
    }

    /// The party at this address.
    pub(crate) fn at(&self, address: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.address.as_str() == address)
    }

    /// The part an agent has in it.
    pub(crate) fn part_of(&self, agent: &AgentId) -> Option<&Party> {
        self.parties.iter().find(|party| party.agent.as_ref() == Some(agent))
    }

    /// Those who are still in it.
    pub(crate) fn live(&self) -> usize {
        self.parties.iter().filter(|party| party.state.is_live()).count()
    }

    /// Whether anybody speaks with anybody.
    pub(crate) fn is_connected(&self) -> bool {
        self.parties.iter().filter(|party| party.state.is_connected()).count() >= 2
    }

    /// Names the caller and who was dialled, when an event does and nobody did before.
    pub(crate) fn name_ends(&mut self, calling: &Device, called: &Device) {
        if self.from.is_empty() {
            self.from = calling.address.clone();
        }
        // What was dialled is what the caller wanted, wherever it was routed.
        let dialed = [&called.address, &self.media.dialed_number, &self.media.dnis];
        if self.to.is_empty()
            && let Some(to) = dialed.into_iter().find(|address| !address.is_empty())
        {
            self.to = to.clone();
        }
        if self.media.dialed_number.is_empty() {
            self.media.dialed_number = self.to.clone();
        }
    }

    pub(crate) fn drop_everybody(&mut self, now: Now) {
        for party in &mut self.parties {
            if party.state.is_live() {
                party.become_state(now, ParticipantState::Dropped);
            }
        }
    }

    /// The state of the whole.
    pub(crate) fn state(&self) -> DialogState {
        let any = |state| self.parties.iter().any(|party| party.state == state);
        if self.live() == 0 || self.phase != Phase::Live {
            DialogState::Dropped
        } else if self.is_connected() {
            DialogState::Active
        } else if any(ParticipantState::Failed) {
            DialogState::Failed
        } else if any(ParticipantState::Accepted) {
            DialogState::Accepted
        } else if any(ParticipantState::Alerting) {
            DialogState::Alerting
        } else if any(ParticipantState::Active) || any(ParticipantState::Held) {
            DialogState::Active
        } else if any(ParticipantState::Initiated) {
            DialogState::Initiated
        } else {
            DialogState::Initiating
        }
    }

    /// The dialog as it is. `telephone_of` tells of an agent's telephone.
    pub(crate) fn dialog(&self, telephone_of: impl Fn(&AgentId) -> Telephone) -> Dialog {
        let monitors = self.media.call_type == CallType::SupervisorMonitor;
        let participant = |party: &Party| {
            let situation = Situation {
                call_type: self.media.call_type,
                telephone: party.agent.as_ref().map(&telephone_of).unwrap_or_default(),
                is_monitored: monitors && party.address != self.from,
                has_callback: self.callback.is_some(),
            };
            let actions =
                party.agent.as_ref().map(|_| actions::of_agent(party.state, situation)).unwrap_or_default();
            Participant {
                address: party.address.clone(),
                is_agent: party.agent.is_some(),
                state: party.state,
                cause: party.cause,
                actions,
                started_at: party.started_at,
                changed_at: party.changed_at,
            }
        };
        Dialog {
            id: self.id,
            secondary: self.secondary,
            associated: self.associated,
            from: self.from.clone(),
            to: self.to.clone(),
            state: self.state(),
            media: self.media.clone(),
            participants: self.parties.iter().map(participant).collect(),
            callback: self.callback.clone(),
        }
    }
}

/// Route points and queues pass calls on; they take no part in them.
pub(crate) fn is_machine(kind: DeviceKind) -> bool {
    matches!(kind, DeviceKind::RoutePoint | DeviceKind::Queue)
}

impl From<Cause> for StateCause {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Busy => Self::Busy,
            Cause::BadDestination => Self::BadDestination,
            Cause::NoResources => Self::NoResource,
            _ => Self::Other,
        }
    }
}

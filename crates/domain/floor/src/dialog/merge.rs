//! Two calls become one: conference and transfer.

use super::call::{Call, Party, Phase};
use super::{CallType, Connection, Device, ParticipantState};
use crate::{Floor, Now};

impl Floor {
    /// CALL_CONFERENCED: the secondary call's parties are in the primary call.
    pub(super) fn join_calls(
        &mut self,
        now: Now,
        primary: &Connection,
        secondary: &Connection,
        [controller, added]: [&Device; 2],
        connected: &[Connection],
    ) {
        let newcomers = self.dissolve(now, primary, Some(secondary));
        let Some(call) = self.call_or_new(primary.call) else { return };
        take_in(now, call, newcomers);
        for device in [controller, added] {
            enter(now, call, device);
        }
        connect(now, call, connected, true);
        call.media.call_type = CallType::Conference;
        if !controller.address.is_empty() {
            call.controller = Some(controller.address.clone());
        }
        let other = Some(secondary.call).filter(|other| *other != primary.call);
        call.secondary = other.or(call.secondary);
        self.calls_were_joined(primary.call, other);
        self.settle(now, secondary.call);
        self.settle(now, primary.call);
    }

    /// CALL_TRANSFERRED: who transfers is out of both calls; who was consulted is in the primary one.
    pub(super) fn hand_over(
        &mut self,
        now: Now,
        primary: &Connection,
        secondary: Option<&Connection>,
        [transferring, transferred]: [&Device; 2],
        connected: &[Connection],
    ) {
        let newcomers = self.dissolve(now, primary, secondary);
        let wraps_up = self.will_wrap_up(primary.call, &transferring.address);
        let Some(call) = self.call_or_new(primary.call) else { return };
        let newcomers = newcomers.into_iter().filter(|party| party.address != transferring.address);
        take_in(now, call, newcomers.collect());
        if secondary.is_some() {
            enter(now, call, transferred);
        }
        let staying = |connection: &&Connection| connection.device != transferring.address;
        connect(now, call, connected.iter().filter(staying), secondary.is_some());
        for party in &mut call.parties {
            if party.address == transferring.address {
                match wraps_up {
                    true => party.become_state(now, ParticipantState::Dropped),
                    false => party.move_on(now),
                }
            }
        }
        let other = secondary.map(|secondary| secondary.call).filter(|other| *other != primary.call);
        call.secondary = other.or(call.secondary);
        self.calls_were_joined(primary.call, other);
        if let Some(secondary) = secondary {
            self.settle(now, secondary.call);
        }
        self.settle(now, primary.call);
    }

    /// Takes everybody out of the secondary call.
    fn dissolve(&mut self, now: Now, primary: &Connection, secondary: Option<&Connection>) -> Vec<Party> {
        let Some(secondary) = secondary.filter(|secondary| secondary.call != primary.call) else {
            return Vec::new();
        };
        let Some(call) = self.dialogs.calls.get_mut(&secondary.call) else { return Vec::new() };
        call.phase = call.phase.max(Phase::Cleared);
        let copies = call.parties.iter().filter(|party| party.state.is_live());
        let copies = copies.map(|party| Party {
            address: party.address.clone(),
            connection: None,
            state: party.state,
            cause: None,
            started_at: party.started_at,
            changed_at: Some(now.wall),
            agent: party.agent.clone(),
            moved_on: false,
        });
        let copies = copies.collect();
        call.parties.iter_mut().for_each(|party| party.move_on(now));
        copies
    }
}

/// Lets those of the secondary call in.
fn take_in(now: Now, call: &mut Call, newcomers: Vec<Party>) {
    for newcomer in newcomers {
        let device = Device { address: newcomer.address, ..Device::default() };
        let state = newcomer.state;
        if let Some(party) = call.join(now, &device, None, state)
            && (!party.state.is_connected() || party.state == ParticipantState::Held)
        {
            party.cause = None;
            party.become_state(now, state);
        }
    }
}

/// Somebody whom the event names is in the call, whatever was known.
fn enter(now: Now, call: &mut Call, device: &Device) {
    if let Some(party) = call.join(now, device, None, ParticipantState::Active)
        && (!party.state.is_live() || party.state == ParticipantState::Held)
    {
        party.become_state(now, ParticipantState::Active);
    }
}

/// Takes over the connections that the event lists. Their devices are numbers in most cases; where they are not,
/// who is meant is told by the next event about them. `speak` tells whether somebody new among them speaks: after a
/// single-step transfer it may ring there, and the next event tells.
fn connect<'a>(now: Now, call: &mut Call, connected: impl IntoIterator<Item = &'a Connection>, speak: bool) {
    for connection in connected {
        let same = |party: &&mut Party| {
            party.address == connection.device
                || party.connection.as_ref().is_some_and(|c| c.device == connection.device)
        };
        if let Some(party) = call.parties.iter_mut().find(same) {
            party.connection = Some(Connection { call: call.id, ..connection.clone() });
        } else if speak && !connection.dynamic {
            let device = Device { address: connection.device.clone(), ..Device::default() };
            let connection = Connection { call: call.id, ..connection.clone() };
            call.join(now, &device, Some(&connection), ParticipantState::Active);
        }
    }
}

//! After a gap: which calls are in progress, and what became of those that were.

use super::call::Phase;
use super::follow::learn;
use super::{
    Address, CallId, CallSnapshot, Connection, ConnectionState, DeviceCall, ParticipantState, Stray,
};
use crate::system::Question;
use crate::{CtiFailure, Floor, Note, Now, Token};
use std::collections::BTreeSet;

/// What the snapshots told so far.
#[derive(Debug, Default)]
pub(crate) struct Snapshots {
    /// Calls that some device has.
    found: BTreeSet<CallId>,
    /// A connection to each of these.
    connections: Vec<Connection>,
    /// Of these, those that were not known.
    new: usize,
    /// Extensions that did not answer: their calls are believed to go on.
    silent: BTreeSet<Address>,
}

impl Floor {
    /// The devices to ask about: those of everybody who is signed in.
    pub(crate) fn devices_to_ask(&self) -> Vec<Question> {
        self.dialogs.extensions.keys().map(|extension| Question::Device(extension.as_str().into())).collect()
    }

    /// Every device has answered: calls that none has are over, and the others are asked for.
    pub(crate) fn calls_to_ask(&mut self, now: Now) -> Vec<Question> {
        let Some(catch_up) = &mut self.catch_up else { return Vec::new() };
        let snapshots = std::mem::take(&mut catch_up.snapshots);
        self.end_vanished_calls(now, &snapshots);
        snapshots.connections.into_iter().map(Question::Call).collect()
    }

    /// SNAPSHOT_DEVICE_CONF.
    pub(crate) fn device_answered(&mut self, now: Now, token: Token, calls: Vec<DeviceCall>) {
        let Some(Question::Device(device)) = self.question(token) else {
            return self.note(Note::LateOutcome);
        };
        for DeviceCall { connection, state, .. } in calls {
            let id = connection.call;
            let known = self.dialogs.calls.contains_key(&id);
            let Some(catch_up) = &mut self.catch_up else { return };
            catch_up.snapshots.new += usize::from(!known);
            if catch_up.snapshots.found.insert(id) {
                catch_up.snapshots.connections.push(connection.clone());
            }
            self.take_part(now, &connection, &device, state);
        }
        self.question_settled(now, token, false);
    }

    /// A device's part in a call, from a snapshot of the device.
    fn take_part(&mut self, now: Now, connection: &Connection, device: &Address, state: ConnectionState) {
        let Some(call) = self.call_or_new(connection.call) else { return };
        let named = super::Device { address: device.clone(), ..super::Device::default() };
        let Some(state) = part_state(state) else { return };
        if let Some(party) = call.join(now, &named, Some(connection), state) {
            party.become_state(now, state);
        }
    }

    /// SNAPSHOT_CALL_CONF.
    pub(crate) fn call_answered(&mut self, now: Now, token: Token, snapshot: CallSnapshot) {
        let Some(Question::Call(_)) = self.question(token) else {
            return self.stray_answered(now, token, Stray::Told(snapshot));
        };
        self.learn_snapshot(now, snapshot);
        self.question_settled(now, token, false);
    }

    /// Takes a call as the CTI server describes it. One that has ended since it was asked for stays so.
    pub(super) fn learn_snapshot(&mut self, now: Now, snapshot: CallSnapshot) {
        let CallSnapshot { call: id, call_type, data, parties } = snapshot;
        if let Some(call) = self.dialogs.calls.get_mut(&id) {
            // The answer names all that the call has: what was known beside it is gone.
            call.media.forget_values();
            let cut = learn(call, call_type, *data);
            let staying: BTreeSet<&str> = parties.iter().map(|party| party.device.address.as_str()).collect();
            for party in &mut call.parties {
                if party.state.is_live() && !staying.contains(party.address.as_str()) && !parties.is_empty() {
                    party.become_state(now, ParticipantState::Dropped);
                }
            }
            for party in &parties {
                let Some(state) = part_state(party.state) else { continue };
                if let Some(known) = call.join(now, &party.device, Some(&party.connection), state) {
                    known.become_state(now, state);
                }
            }
            call.name_ends(&super::Device::default(), &super::Device::default());
            self.note_cut(id, cut);
            self.associate(id);
            self.settle(now, id);
        }
    }

    /// A question about a device or a call was refused or got no answer.
    pub(crate) fn snapshot_failed(
        &mut self,
        now: Now,
        token: Token,
        question: &Question,
        failure: &CtiFailure,
    ) {
        match question {
            // A server that knows no such device has no calls there; one that says nothing may have.
            Question::Device(device) if !matches!(failure, CtiFailure::Refused { .. }) => {
                if let Some(catch_up) = &mut self.catch_up {
                    catch_up.snapshots.silent.insert(device.clone());
                }
            }
            // It ended between the two questions.
            Question::Call(connection) if self.is_denied(connection.call, failure) => {
                self.call_denied(now, connection.call);
            }
            Question::Call(connection) => self.settle(now, connection.call),
            Question::Device(_) | Question::Agent(_) => {}
        }
        self.question_settled(now, token, false);
    }

    /// A call that no device has and no event named is over.
    fn end_vanished_calls(&mut self, now: Now, snapshots: &Snapshots) {
        let session = self.dialogs.link_session;
        let at_silent = |address: &Address| snapshots.silent.contains(address);
        let gone = self.dialogs.calls.values().filter(|call| {
            call.heard_in != session
                && !snapshots.found.contains(&call.id)
                && !call.parties.iter().any(|party| party.state.is_live() && at_silent(&party.address))
        });
        let gone: Vec<CallId> = gone.map(|call| call.id).collect();
        let ended = gone.len();
        for id in gone {
            self.end_vanished(now, id);
        }
        if !snapshots.found.is_empty() || ended > 0 {
            let (found, new) = (snapshots.found.len(), snapshots.new);
            self.note(Note::CallsReconciled { found, new, ended });
        }
    }

    fn end_vanished(&mut self, now: Now, id: CallId) {
        if let Some(call) = self.dialogs.calls.get_mut(&id) {
            call.drop_everybody(now);
            call.phase = Phase::Ended;
            self.settle(now, id);
        }
    }
}

/// What a snapshot's state means for the part. `None` says nothing, or that there is none.
fn part_state(state: ConnectionState) -> Option<ParticipantState> {
    match state {
        ConnectionState::Initiate => Some(ParticipantState::Initiated),
        ConnectionState::Alerting => Some(ParticipantState::Alerting),
        ConnectionState::Connect => Some(ParticipantState::Active),
        ConnectionState::Hold => Some(ParticipantState::Held),
        ConnectionState::Fail => Some(ParticipantState::Failed),
        ConnectionState::Queued | ConnectionState::None => None,
    }
}

//! Follows call events. They are believed; one that fits nothing that is known is noted.

use super::call::{Call, Phase, is_machine};
use super::{
    CallData, CallEvent, CallHappened, CallId, CallType, Cause, Connection, ConnectionState, Device,
    ParticipantState, QueueRef,
};
use crate::limits::CALLS_MAX;
use crate::{Floor, Note, Now};

impl Floor {
    /// Something happened to a call.
    pub(crate) fn take_call_event(&mut self, now: Now, event: CallEvent) {
        let CallEvent { connection, what, .. } = &event;
        if self.is_belated(connection.call, what) {
            return self.note(Note::BelatedEvent { call: connection.call });
        }
        let begins = matches!(what, CallHappened::Begun { .. });
        let heard_first = !begins && !self.dialogs.calls.contains_key(&connection.call);
        let stray = heard_first.then(|| connection.clone());
        self.follow(now, event);
        if let Some(connection) = stray {
            self.ask_about(now, connection);
        }
    }

    fn follow(&mut self, now: Now, event: CallEvent) {
        let CallEvent { connection, cause, what } = event;
        let id = connection.call;
        match what {
            // No call yet, and what the router knows comes again with the call.
            CallHappened::PreCall { .. } => return,
            CallHappened::Ended => return self.call_ended(now, id),
            CallHappened::Cleared if !self.dialogs.calls.contains_key(&id) => {
                return self.note(Note::UnknownCall { call: id });
            }
            CallHappened::Conferenced { secondary, controller, added, parties } => {
                return self.join_calls(now, &connection, &secondary, [&controller, &added], &parties);
            }
            CallHappened::Transferred { secondary, transferring, transferred, parties } => {
                let secondary = secondary.as_ref();
                return self.hand_over(now, &connection, secondary, [&transferring, &transferred], &parties);
            }
            CallHappened::DataUpdated { new, call_type, data } => {
                return self.data_updated(now, &connection, &new, call_type, *data);
            }
            _ => {}
        }
        let Some(call) = self.call_or_new(id) else { return };
        let cut = happen(now, call, &connection, cause, what);
        self.note_cut(id, cut);
        self.associate(id);
        self.settle(now, id);
    }

    /// The call, which is new when the link heard of it in the middle. `None` when there are too many.
    pub(super) fn call_or_new(&mut self, id: CallId) -> Option<&mut Call> {
        let (session, full) = (self.dialogs.link_session, self.dialogs.calls.len() >= CALLS_MAX);
        if full && !self.dialogs.calls.contains_key(&id) {
            self.note(Note::TooManyCalls { call: id });
            return None;
        }
        let call = self.dialogs.calls.entry(id).or_insert_with(|| Call::new(id, session));
        call.heard_in = session;
        Some(call)
    }

    fn data_updated(
        &mut self,
        now: Now,
        connection: &Connection,
        new: &Connection,
        call_type: CallType,
        data: CallData,
    ) {
        let id = self.renamed(now, connection.call, new.call);
        let Some(call) = self.call_or_new(id) else { return };
        let cut = learn(call, call_type, data);
        self.note_cut(id, cut);
        self.associate(id);
        self.data_was_updated(id);
        self.settle(now, id);
    }

    /// The call's id from now on. A call whose id changes is another dialog for clients.
    fn renamed(&mut self, now: Now, old: CallId, new: CallId) -> CallId {
        let changes = new != old && new.0 != 0 && new.0 != u32::MAX;
        if !changes || self.dialogs.calls.contains_key(&new) {
            return old;
        }
        let Some(call) = self.dialogs.calls.get_mut(&old) else { return old };
        let media = call.media.clone();
        let parties = std::mem::take(&mut call.parties);
        let (from, to) = (call.from.clone(), call.to.clone());
        let (associated, secondary) = (call.associated, call.secondary);
        self.remove_call(now, old);
        if let Some(call) = self.call_or_new(new) {
            call.media = media;
            call.parties = parties;
            call.from = from;
            call.to = to;
            call.associated = associated;
            call.secondary = secondary;
            for connection in call.parties.iter_mut().filter_map(|party| party.connection.as_mut()) {
                connection.call = new;
            }
        }
        new
    }

    /// END_CALL. A call that was never heard of before has begun and ended unseen; one that has ended stays so.
    fn call_ended(&mut self, now: Now, id: CallId) {
        let Some(call) = self.dialogs.calls.get_mut(&id) else {
            if !self.dialogs.ended.has(id) {
                self.dialogs.ended.remember(id);
                self.dialogs.unseen += 1;
                self.note(Note::CallUnseen { call: id });
            }
            return;
        };
        call.drop_everybody(now);
        call.phase = Phase::Ended;
        self.settle(now, id);
    }

    /// A consultation belongs to the call that the same agent holds.
    pub(super) fn associate(&mut self, id: CallId) {
        let Some(call) = self.dialogs.calls.get(&id) else { return };
        if call.associated.is_some() || !call.media.call_type.is_consult() {
            return;
        }
        let from = call.from.clone();
        let others = self.dialogs.calls.values().filter(|other| other.id != id && other.phase == Phase::Live);
        let held = others
            .filter(|other| other.at(from.as_str()).is_some_and(|party| party.state.is_connected()))
            .map(|other| other.id)
            .next_back();
        if let Some(call) = self.dialogs.calls.get_mut(&id) {
            call.associated = held;
        }
    }

    pub(super) fn note_cut(&mut self, call: CallId, cut: usize) {
        if cut > 0 {
            self.note(Note::CallDataCut { call, values: cut });
        }
    }
}

/// Takes data and type.
pub(super) fn learn(call: &mut Call, call_type: CallType, data: CallData) -> usize {
    if call_type != CallType::Unknown {
        call.media.call_type = call_type;
    }
    if call.from.is_empty()
        && let Some(ani) = &data.ani
    {
        call.from = ani.clone();
    }
    call.media.take(data)
}

/// What an event changes in its call. Returns how many values were cut.
fn happen(now: Now, call: &mut Call, connection: &Connection, cause: Cause, what: CallHappened) -> usize {
    use ParticipantState::{Active, Dropped, Held, Initiated, Initiating};
    match what {
        CallHappened::Begun { call_type, data } => return learn(call, call_type, *data),
        CallHappened::ServiceInitiated { calling } => {
            call.name_ends(&calling, &Device::default());
            call.join(now, &calling, Some(connection), Initiating);
        }
        CallHappened::Originated { calling, called } => {
            call.name_ends(&calling, &called);
            if let Some(party) = call.join(now, &calling, Some(connection), Initiated)
                && party.state == Initiating
            {
                party.become_state(now, Initiated);
            }
        }
        CallHappened::ReachedNetwork { called } => {
            call.name_ends(&Device::default(), &called);
            call.join(now, &called, None, Initiated);
        }
        CallHappened::Delivered { alerting, calling, called, state, queue, data } => {
            let cut = learn(call, CallType::Unknown, *data);
            delivered(now, call, connection, [&alerting, &calling, &called], state, queue);
            return cut;
        }
        CallHappened::Established { answering, calling, called, queue } => {
            established(now, call, connection, [&answering, &calling, &called], queue);
        }
        CallHappened::Held { holding } => turn(now, call, &holding, connection, Held),
        CallHappened::Retrieved { retrieving } => turn(now, call, &retrieving, connection, Active),
        CallHappened::ConnectionCleared { releasing } => {
            if let Some(party) = call.party(&releasing, connection) {
                party.become_state(now, Dropped);
            }
        }
        CallHappened::Diverted { diverting, .. } => {
            if let Some(party) = call.party(&diverting, connection) {
                party.move_on(now);
            }
        }
        CallHappened::Cleared => {
            call.drop_everybody(now);
            call.phase = call.phase.max(Phase::Cleared);
        }
        CallHappened::Failed { failing, called } => failed(now, call, connection, cause, [&failing, &called]),
        CallHappened::Queued { calling, called, queues } => {
            call.name_ends(&calling, &called);
            call.caller(now, &calling, Initiated);
            call.media.queue = queues.first().copied().or(call.media.queue);
        }
        CallHappened::Dequeued { .. } => {}
        CallHappened::Ended
        | CallHappened::PreCall { .. }
        | CallHappened::Conferenced { .. }
        | CallHappened::Transferred { .. }
        | CallHappened::DataUpdated { .. } => {}
    }
    0
}

fn delivered(
    now: Now,
    call: &mut Call,
    connection: &Connection,
    [alerting, calling, called]: [&Device; 3],
    state: ConnectionState,
    queue: Option<QueueRef>,
) {
    use ParticipantState::{Alerting, Dropped, Initiated, Initiating, WrapUp};
    call.name_ends(calling, called);
    call.media.queue = queue.or(call.media.queue);
    // A seized trunk: somebody calls, and it rings nowhere yet.
    if state == ConnectionState::Initiate {
        call.caller(now, calling, Initiated);
        return;
    }
    // The connection is the alerting device's; of the caller's nothing is said.
    if let Some(party) = call.join(now, alerting, Some(connection), Alerting)
        && matches!(party.state, Initiated | Initiating | Dropped | WrapUp)
    {
        party.cause = None;
        party.become_state(now, Alerting);
    }
    if let Some(party) = call.caller(now, calling, Initiated)
        && party.state == Initiating
    {
        party.become_state(now, Initiated);
    }
}

fn established(
    now: Now,
    call: &mut Call,
    connection: &Connection,
    [answering, calling, called]: [&Device; 3],
    queue: Option<QueueRef>,
) {
    use ParticipantState::{Active, Held};
    call.name_ends(calling, called);
    call.media.queue = queue.or(call.media.queue);
    if let Some(party) = call.join(now, answering, Some(connection), Active) {
        party.cause = None;
        party.become_state(now, Active);
    }
    // A machine that answers plays music: for the caller the call has not begun.
    if is_machine(answering.kind) {
        call.caller(now, calling, ParticipantState::Initiated);
        return;
    }
    if let Some(party) = call.caller(now, calling, Active)
        && party.state != Held
    {
        party.become_state(now, Active);
    }
}

fn turn(now: Now, call: &mut Call, device: &Device, connection: &Connection, state: ParticipantState) {
    let known = call.party(device, connection).is_some();
    let party = if known {
        call.party(device, connection)
    } else {
        // Heard of in the middle.
        call.join(now, device, Some(connection), state)
    };
    if let Some(party) = party {
        if connection.call.0 != 0 {
            party.connection.get_or_insert_with(|| connection.clone());
        }
        party.become_state(now, state);
    }
}

fn failed(now: Now, call: &mut Call, connection: &Connection, cause: Cause, [failing, called]: [&Device; 2]) {
    use ParticipantState::{Failed, Initiated, Initiating};
    call.name_ends(&Device::default(), called);
    if let Some(party) = call.party(failing, connection) {
        party.cause = Some(cause.into());
        party.become_state(now, Failed);
    }
    // The caller hears the tone.
    for party in call.parties.iter_mut().filter(|party| matches!(party.state, Initiating | Initiated)) {
        party.cause = Some(cause.into());
        party.become_state(now, Failed);
    }
}

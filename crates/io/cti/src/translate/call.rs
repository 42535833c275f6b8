//! Calls: events of them, orders about them, and what queries say.

mod data;
mod order;
mod snapshot;
mod words;

pub(crate) use order::{answer, request};
pub(crate) use snapshot::{call, call_request, device, device_request};

use crate::hygiene::Hygiene;
use data::{CallTexts, texts};
use floor::{Address, CallEvent, CallHappened, CallId, Connection, QueueRef};
use ged188::message::{
    CallConferencedEvent, CallQueuedEvent, CallTransferredEvent, ConnectedParty, NULL_ID, QueueSkillGroup,
};
use ged188::{EventCause, LocalConnectionState, Message};
use words::{call_type, cause, connection, device_of, state};

/// As [`event`]; with `has_whole_ecc` the ECC variables of an update are all that the call has.
pub(crate) fn event_at(message: &Message, has_whole_ecc: bool, hygiene: &mut Hygiene) -> Option<CallEvent> {
    let mut event = event(message, hygiene)?;
    if let CallHappened::DataUpdated { data, .. } = &mut event.what {
        data.ecc_is_whole = has_whole_ecc;
    }
    Some(event)
}

/// A call event in the floor's words; `None` for messages that are none. An update adds to the ECC variables.
pub(crate) fn event(message: &Message, hygiene: &mut Hygiene) -> Option<CallEvent> {
    life(message, hygiene).or_else(|| progress(message, hygiene)).or_else(|| change(message, hygiene))
}

/// The head that most call events have in common.
macro_rules! head {
    ($event:expr, $hygiene:expr) => {
        connection(
            $event.connection_call_id,
            $event.connection_device_id_type,
            $event.connection_device_id.as_deref(),
            $hygiene,
        )
    };
}

/// A device: its type and its id.
macro_rules! device {
    ($event:expr, $kind:ident, $id:ident, $hygiene:expr) => {
        device_of($event.$kind, $event.$id.as_deref(), $hygiene)
    };
}

/// Beginning, end, data.
fn life(message: &Message, hygiene: &mut Hygiene) -> Option<CallEvent> {
    let (connection, what) = match message {
        Message::BeginCallEvent(event) => {
            let data = texts!(event, hygiene; ani dnis dialed_number call_variables call_wrapup_data
                router_call_key_day router_call_key_call_id router_call_key_sequence_number
                named_variables named_arrays call_reference_id)
            .into_data(None);
            (head!(event, hygiene), CallHappened::Begun { call_type: call_type(event.call_type), data })
        }
        Message::CallDataUpdateEvent(event) => {
            let campaign = Some(event.campaign_id).filter(|campaign| *campaign != 0 && *campaign != NULL_ID);
            let data = texts!(event, hygiene; ani dnis dialed_number call_variables call_wrapup_data
                router_call_key_day router_call_key_call_id router_call_key_sequence_number
                named_variables named_arrays call_reference_id)
            .into_data(campaign);
            let old = head!(event, hygiene);
            let new = self::connection(
                event.new_connection_call_id,
                event.new_connection_device_id_type,
                event.new_connection_device_id.as_deref(),
                hygiene,
            );
            // a server that changes nothing may leave it out
            let is_told = !matches!(event.new_connection_call_id, 0 | NULL_ID);
            let new = if is_told { new } else { old.clone() };
            (old, CallHappened::DataUpdated { new, call_type: call_type(event.call_type), data })
        }
        Message::EndCallEvent(event) => (head!(event, hygiene), CallHappened::Ended),
        Message::CallClearedEvent(event) => {
            return Some(CallEvent {
                connection: head!(event, hygiene),
                cause: cause(event.event_cause),
                what: CallHappened::Cleared,
            });
        }
        Message::AgentPreCallEvent(event) => {
            let data = texts!(event, hygiene; ani dialed_number call_variables
                router_call_key_day router_call_key_call_id router_call_key_sequence_number
                named_variables named_arrays)
            .into_data(None);
            let instrument = words::address("AgentInstrument", event.agent_instrument.as_deref(), hygiene);
            let queue = queue(event.skill_group_number, event.skill_group_id);
            let nowhere = Connection { call: CallId(0), dynamic: false, device: Address::default() };
            (nowhere, CallHappened::PreCall { instrument, queue, data })
        }
        _ => return None,
    };
    Some(CallEvent { connection, cause: cause(EventCause::NONE), what })
}

/// A call on its way to being answered.
fn progress(message: &Message, hygiene: &mut Hygiene) -> Option<CallEvent> {
    let (connection, event_cause, what) = match message {
        Message::CallServiceInitiatedEvent(event) => {
            let calling = device!(event, calling_device_type, calling_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::ServiceInitiated { calling })
        }
        Message::CallOriginatedEvent(event) => {
            let calling = device!(event, calling_device_type, calling_device_id, hygiene);
            let called = device!(event, called_device_type, called_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::Originated { calling, called })
        }
        Message::CallReachedNetworkEvent(event) => {
            let called = device!(event, called_device_type, called_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::ReachedNetwork { called })
        }
        Message::CallDeliveredEvent(event) => {
            let what = CallHappened::Delivered {
                alerting: device!(event, alerting_device_type, alerting_device_id, hygiene),
                calling: device!(event, calling_device_type, calling_device_id, hygiene),
                called: device!(event, called_device_type, called_device_id, hygiene),
                state: state(event.local_connection_state),
                queue: queue(event.skill_group_number, event.skill_group_id),
                data: texts!(event, hygiene; ani dnis dialed_number call_variables call_wrapup_data
                    named_variables named_arrays)
                .into_data(None),
            };
            (head!(event, hygiene), event.event_cause, what)
        }
        Message::CallEstablishedEvent(event) => {
            let what = CallHappened::Established {
                answering: device!(event, answering_device_type, answering_device_id, hygiene),
                calling: device!(event, calling_device_type, calling_device_id, hygiene),
                called: device!(event, called_device_type, called_device_id, hygiene),
                queue: queue(event.skill_group_number, event.skill_group_id),
            };
            (head!(event, hygiene), event.event_cause, what)
        }
        Message::CallFailedEvent(event) => {
            let failing = device!(event, failing_device_type, failing_device_id, hygiene);
            let called = device!(event, called_device_type, called_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::Failed { failing, called })
        }
        Message::CallQueuedEvent(event) => (head!(event, hygiene), event.event_cause, queued(event, hygiene)),
        Message::CallDequeuedEvent(event) => {
            let queues = queues(&event.skill_groups);
            (head!(event, hygiene), event.event_cause, CallHappened::Dequeued { queues })
        }
        _ => return None,
    };
    Some(CallEvent { connection, cause: cause(event_cause), what })
}

/// What happens to a call that stands.
fn change(message: &Message, hygiene: &mut Hygiene) -> Option<CallEvent> {
    let (connection, event_cause, what) = match message {
        Message::CallHeldEvent(event) => {
            let holding = device!(event, holding_device_type, holding_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::Held { holding })
        }
        Message::CallRetrievedEvent(event) => {
            let retrieving = device!(event, retrieving_device_type, retrieving_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::Retrieved { retrieving })
        }
        Message::CallConnectionClearedEvent(event) => {
            let releasing = device!(event, releasing_device_type, releasing_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::ConnectionCleared { releasing })
        }
        Message::CallDivertedEvent(event) => {
            let diverting = device!(event, diverting_device_type, diverting_device_id, hygiene);
            let called = device!(event, called_device_type, called_device_id, hygiene);
            (head!(event, hygiene), event.event_cause, CallHappened::Diverted { diverting, called })
        }
        Message::CallConferencedEvent(event) => conferenced(event, hygiene),
        Message::CallTransferredEvent(event) => transferred(event, hygiene),
        _ => return None,
    };
    Some(CallEvent { connection, cause: cause(event_cause), what })
}

fn conferenced(
    event: &CallConferencedEvent,
    hygiene: &mut Hygiene,
) -> (Connection, EventCause, CallHappened) {
    let primary = connection(
        event.primary_call_id,
        event.primary_device_id_type,
        event.primary_device_id.as_deref(),
        hygiene,
    );
    let secondary = connection(
        event.secondary_call_id,
        event.secondary_device_id_type,
        event.secondary_device_id.as_deref(),
        hygiene,
    );
    let what = CallHappened::Conferenced {
        secondary,
        controller: device!(event, controller_device_type, controller_device_id, hygiene),
        added: device!(event, added_party_device_type, added_party_device_id, hygiene),
        parties: parties(&event.parties, event.primary_call_id, hygiene),
    };
    (primary, event.event_cause, what)
}

fn transferred(
    event: &CallTransferredEvent,
    hygiene: &mut Hygiene,
) -> (Connection, EventCause, CallHappened) {
    let primary = connection(
        event.primary_call_id,
        event.primary_device_id_type,
        event.primary_device_id.as_deref(),
        hygiene,
    );
    // a single-step transfer has no second call
    let has_secondary = !matches!(event.secondary_call_id, 0 | NULL_ID);
    let secondary = connection(
        event.secondary_call_id,
        event.secondary_device_id_type,
        event.secondary_device_id.as_deref(),
        hygiene,
    );
    let what = CallHappened::Transferred {
        secondary: has_secondary.then_some(secondary),
        transferring: device!(event, transferring_device_type, transferring_device_id, hygiene),
        transferred: device!(event, transferred_device_type, transferred_device_id, hygiene),
        parties: parties(&event.parties, event.primary_call_id, hygiene),
    };
    (primary, event.event_cause, what)
}

fn queued(event: &CallQueuedEvent, hygiene: &mut Hygiene) -> CallHappened {
    CallHappened::Queued {
        calling: device!(event, calling_device_type, calling_device_id, hygiene),
        called: device!(event, called_device_type, called_device_id, hygiene),
        queues: queues(&event.skill_groups),
    }
}

/// Everybody who is in the call now; a party that does not say its call is in the primary one.
fn parties(parties: &[ConnectedParty], primary: u32, hygiene: &mut Hygiene) -> Vec<Connection> {
    let party = |party: &ConnectedParty| {
        connection(
            party.call_id.unwrap_or(primary),
            party.device_id_type.unwrap_or_default(),
            party.device_id.as_deref(),
            hygiene,
        )
    };
    parties.iter().map(party).collect()
}

fn queues(groups: &[QueueSkillGroup]) -> Vec<QueueRef> {
    let group = |group: &QueueSkillGroup| queue(group.number?, group.id.unwrap_or(NULL_ID));
    groups.iter().filter_map(group).collect()
}

fn queue(number: u32, id: u32) -> Option<QueueRef> {
    (number != NULL_ID).then(|| QueueRef { number, id: Some(id).filter(|id| *id != NULL_ID) })
}

/// The state of a party that a snapshot tells.
fn told_state(state: Option<LocalConnectionState>) -> floor::ConnectionState {
    self::state(state.unwrap_or_default())
}

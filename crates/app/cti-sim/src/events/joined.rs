//! Two calls that have become one.

use super::{line_type, skill_group};
use crate::Config;
use crate::exchange::{CallFact, Endpoint};
use crate::replies::PERIPHERAL_TYPE;
use ged188::message::{CallConferencedEvent, CallTransferredEvent, ConnectedParty, NULL_ID};
use ged188::{ConnectionIdType, EventCause, Message};

fn connected(id: u32, parties: &[Endpoint]) -> Vec<ConnectedParty> {
    let party = |endpoint: &Endpoint| ConnectedParty {
        call_id: Some(id),
        device_id_type: Some(endpoint.connection_type()),
        device_id: endpoint.id(),
    };
    parties.iter().map(party).collect()
}

pub(super) fn conferenced(
    fact: &CallFact,
    config: &Config,
    secondary: Option<u32>,
    controller: &Endpoint,
    added: &Endpoint,
    parties: &[Endpoint],
) -> Message {
    let (number, id) = skill_group(config, fact.queue);
    CallConferencedEvent {
        peripheral_id: config.peripheral_id,
        peripheral_type: PERIPHERAL_TYPE,
        primary_device_id_type: fact.connection.connection_type(),
        primary_call_id: fact.id,
        primary_device_id: fact.connection.id(),
        line_handle: 0,
        line_type: line_type(fact),
        skill_group_number: number,
        skill_group_id: id,
        secondary_device_id_type: secondary.map_or(ConnectionIdType::NONE, |_| controller.connection_type()),
        secondary_call_id: secondary.unwrap_or(NULL_ID),
        secondary_device_id: secondary.and_then(|_| controller.id()),
        controller_device_type: controller.device_type(),
        controller_device_id: controller.id(),
        added_party_device_type: added.device_type(),
        added_party_device_id: added.id(),
        local_connection_state: fact.state.wire(),
        event_cause: EventCause(fact.cause),
        parties: connected(fact.id, parties),
        ..CallConferencedEvent::default()
    }
    .into()
}

pub(super) fn transferred(
    fact: &CallFact,
    config: &Config,
    secondary: Option<u32>,
    from: &Endpoint,
    to: &Endpoint,
    parties: &[Endpoint],
) -> Message {
    let (number, id) = skill_group(config, fact.queue);
    CallTransferredEvent {
        peripheral_id: config.peripheral_id,
        peripheral_type: PERIPHERAL_TYPE,
        primary_device_id_type: from.connection_type(),
        primary_call_id: fact.id,
        primary_device_id: from.id(),
        line_handle: 0,
        line_type: line_type(fact),
        skill_group_number: number,
        skill_group_id: id,
        secondary_device_id_type: secondary.map_or(ConnectionIdType::NONE, |_| from.connection_type()),
        secondary_call_id: secondary.unwrap_or(NULL_ID),
        secondary_device_id: secondary.and_then(|_| from.id()),
        transferring_device_type: from.device_type(),
        transferring_device_id: from.id(),
        transferred_device_type: to.device_type(),
        transferred_device_id: to.id(),
        local_connection_state: fact.state.wire(),
        event_cause: EventCause(fact.cause),
        parties: connected(fact.id, parties),
        ..CallTransferredEvent::default()
    }
    .into()
}

//! Calls on their way to being answered.

use super::{expanded, line_type, skill_group};
use crate::Config;
use crate::exchange::{CallFact, Endpoint, LineState, What};
use crate::replies::PERIPHERAL_TYPE;
use ged188::message::{
    CallDeliveredEvent, CallDequeuedEvent, CallEstablishedEvent, CallFailedEvent, CallOriginatedEvent,
    CallQueuedEvent, CallReachedNetworkEvent, CallServiceInitiatedEvent, CallVariables, EndCallEvent,
    NO_LINE, NULL_ID, QueueSkillGroup,
};
use ged188::{DeviceType, EventCause, LineType, Message};

/// CALL_SERVICE_INITIATED_EVENT, CALL_ORIGINATED_EVENT, CALL_REACHED_NETWORK_EVENT, CALL_FAILED_EVENT.
pub(super) fn attempt(fact: &CallFact, config: &Config) -> Message {
    let (state, cause) = (fact.state.wire(), EventCause(fact.cause));
    let (calling, called) = (&fact.calling, &fact.called);
    match fact.what {
        What::Initiated => event!(
            fact,
            config,
            CallServiceInitiatedEvent {
                line_handle: 0,
                line_type: LineType::OUTBOUND,
                calling_device_type: calling.device_type(),
                calling_device_id: calling.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        What::Originated => event!(
            fact,
            config,
            CallOriginatedEvent {
                line_handle: 0,
                line_type: LineType::OUTBOUND,
                calling_device_type: calling.device_type(),
                calling_device_id: calling.id(),
                called_device_type: called.device_type(),
                called_device_id: called.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        What::ReachedNetwork => event!(
            fact,
            config,
            CallReachedNetworkEvent {
                line_handle: 0,
                line_type: LineType::OUTBOUND,
                called_device_type: called.device_type(),
                called_device_id: called.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        _ => event!(
            fact,
            config,
            CallFailedEvent {
                failing_device_type: called.device_type(),
                failing_device_id: called.id(),
                called_device_type: called.device_type(),
                called_device_id: called.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
    }
}

/// CALL_QUEUED_EVENT and CALL_DEQUEUED_EVENT.
pub(super) fn queue(fact: &CallFact, config: &Config) -> Message {
    let (number, id) = skill_group(config, fact.queue);
    let skill_groups = vec![QueueSkillGroup { number: Some(number), id: Some(id), priority: Some(0) }];
    let (queue, calling) = (&fact.called, &fact.calling);
    match fact.what {
        What::Queued { waiting } => event!(
            fact,
            config,
            CallQueuedEvent {
                service_number: NULL_ID,
                service_id: NULL_ID,
                queue_device_type: queue.device_type(),
                queue_device_id: queue.id(),
                calling_device_type: calling.device_type(),
                calling_device_id: calling.id(),
                called_device_type: queue.device_type(),
                called_device_id: queue.id(),
                num_queued: waiting,
                local_connection_state: LineState::Queued.wire(),
                event_cause: EventCause(fact.cause),
                skill_groups,
            }
        ),
        What::Dequeued { waiting } => event!(
            fact,
            config,
            CallDequeuedEvent {
                service_number: NULL_ID,
                service_id: NULL_ID,
                queue_device_type: queue.device_type(),
                num_queued: waiting,
                local_connection_state: fact.state.wire(),
                event_cause: EventCause(fact.cause),
                skill_groups,
            }
        ),
        _ => event!(fact, config, EndCallEvent {}),
    }
}

pub(super) fn delivered(fact: &CallFact, config: &Config, alerting: &Endpoint) -> Message {
    let (number, id) = skill_group(config, fact.queue);
    let (named_variables, named_arrays) = expanded(&fact.data);
    let redirected = fact.redirected.as_ref();
    event!(
        fact,
        config,
        CallDeliveredEvent {
            line_handle: if alerting.is_agent() { 0 } else { NO_LINE },
            line_type: line_type(fact),
            skill_group_number: number,
            skill_group_id: id,
            alerting_device_type: alerting.device_type(),
            alerting_device_id: alerting.id(),
            calling_device_type: fact.calling.device_type(),
            calling_device_id: fact.calling.id(),
            called_device_type: fact.called.device_type(),
            called_device_id: fact.called.id(),
            last_redirect_device_type: redirected.map_or(DeviceType::NONE, Endpoint::device_type),
            last_redirect_device_id: redirected.and_then(Endpoint::id),
            local_connection_state: fact.state.wire(),
            event_cause: EventCause(fact.cause),
            ani: fact.data.ani.clone(),
            dnis: fact.data.dnis.clone(),
            dialed_number: fact.data.dialed.clone(),
            caller_entered_digits: fact.data.entered.clone(),
            call_variables: CallVariables(fact.data.variables.clone()),
            call_wrapup_data: fact.data.wrap_up.clone(),
            named_variables,
            named_arrays,
        }
    )
}

pub(super) fn established(fact: &CallFact, config: &Config, answering: &Endpoint) -> Message {
    let (number, id) = skill_group(config, fact.queue);
    let redirected = fact.redirected.as_ref();
    event!(
        fact,
        config,
        CallEstablishedEvent {
            line_handle: 0,
            line_type: line_type(fact),
            skill_group_number: number,
            skill_group_id: id,
            answering_device_type: answering.device_type(),
            answering_device_id: answering.id(),
            calling_device_type: fact.calling.device_type(),
            calling_device_id: fact.calling.id(),
            called_device_type: fact.called.device_type(),
            called_device_id: fact.called.id(),
            last_redirect_device_type: redirected.map_or(DeviceType::NONE, Endpoint::device_type),
            last_redirect_device_id: redirected.and_then(Endpoint::id),
            local_connection_state: fact.state.wire(),
            event_cause: EventCause(fact.cause),
        }
    )
}

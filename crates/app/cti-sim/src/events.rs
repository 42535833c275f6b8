//! What happened, as messages of GED-188.

mod joined;

use joined::{conferenced, transferred};

use crate::Config;
use crate::exchange::{CallData, CallFact, Endpoint, EndpointKind, LineState, Told, What};
use crate::replies::{PERIPHERAL_TYPE, VOICE};
use ged188::message::{
    AgentPreCallEvent, AgentStateEvent, BeginCallEvent, CallClearedEvent, CallConnectionClearedEvent,
    CallDataUpdateEvent, CallDivertedEvent, CallHeldEvent, CallRetrievedEvent, CallVariables, EndCallEvent,
    NULL_ID, NamedArray, NamedVariable,
};
use ged188::{
    AgentState, CallType, ConnectionIdType, DeviceType, EventCause, LineType, LocalConnectionState, Message,
};

/// RouterCallKeyDay of every routed call; any will do.
const ROUTER_DAY: u32 = 150_000;

impl Endpoint {
    /// …DeviceType of GED-188.
    pub(crate) fn device_type(&self) -> DeviceType {
        match self.kind {
            EndpointKind::Agent => DeviceType::AGENT_DEVICE,
            EndpointKind::Outside => DeviceType::EXTERNAL,
            EndpointKind::Queue => DeviceType::ROUTE_POINT,
        }
    }

    /// …ConnectionDeviceIDType: telephones of the house have ids of their own, others one for each call.
    pub(crate) fn connection_type(&self) -> ConnectionIdType {
        if self.is_agent() { ConnectionIdType::STATIC } else { ConnectionIdType::DYNAMIC }
    }

    fn id(&self) -> Option<String> {
        Some(self.number.clone())
    }
}

impl LineState {
    pub(crate) fn wire(self) -> LocalConnectionState {
        LocalConnectionState(self as u16)
    }
}

/// AGENT_STATE_EVENT. `signature` is that of the client whose request it was.
pub(crate) fn agent(told: &Told, config: &Config, signature: Option<&str>) -> AgentStateEvent {
    let (number, id) = skill_group(config, told.queue);
    AgentStateEvent {
        peripheral_id: config.peripheral_id,
        peripheral_type: PERIPHERAL_TYPE,
        skill_group_state: told.state,
        state_duration_secs: u32::try_from(told.in_state.as_secs()).unwrap_or(u32::MAX),
        skill_group_number: number,
        skill_group_id: id,
        agent_state: told.state,
        event_reason_code: told.reason,
        mrd_id: VOICE,
        agent_mode: u16::from(told.state != AgentState::LOGOUT),
        max_task_limit: 1,
        icm_agent_id: told.icm_agent_id,
        agent_availability_status: u32::from(told.state == AgentState::AVAILABLE),
        client_signature: signature.map(str::to_owned),
        agent_id: Some(told.agent_id.clone()),
        agent_extension: told.device.clone(),
        agent_instrument: told.device.clone(),
        active_terminal: told.terminal.clone(),
        duration_secs: told.lasts.and_then(|lasts| u32::try_from(lasts.as_secs()).ok()),
        next_agent_state: told.next,
        direction: told.direction,
        ..AgentStateEvent::default()
    }
}

/// Number and id of a queue's skill group.
fn skill_group(config: &Config, queue: Option<u32>) -> (u32, u32) {
    let known = config.queues.iter().find(|known| Some(known.number) == queue);
    known.map_or((NULL_ID, NULL_ID), |known| (known.number, known.id))
}

/// Named variables and arrays of a call.
pub(crate) fn expanded(data: &CallData) -> (Vec<NamedVariable>, Vec<NamedArray>) {
    let mut variables = Vec::new();
    let mut arrays = Vec::new();
    for ((name, index), value) in &data.expanded {
        let (name, value) = (name.clone(), value.clone());
        match index {
            Some(index) => arrays.push(NamedArray { index: *index, name, value }),
            None => variables.push(NamedVariable { name, value }),
        }
    }
    (variables, arrays)
}

/// The head that most call events have.
macro_rules! event {
    ($fact:ident, $config:ident, $type:ident { $($name:ident $(: $value:expr)?),* $(,)? }) => {
        $type {
            peripheral_id: $config.peripheral_id,
            peripheral_type: PERIPHERAL_TYPE,
            connection_device_id_type: $fact.connection.connection_type(),
            connection_call_id: $fact.id,
            connection_device_id: $fact.connection.id(),
            $($name $(: $value)?,)*
            ..$type::default()
        }
        .into()
    };
}

mod progress;

use progress::{attempt, delivered, established, queue};

/// A call event.
pub(crate) fn call(fact: &CallFact, config: &Config) -> Message {
    let (state, cause) = (fact.state.wire(), EventCause(fact.cause));
    match &fact.what {
        What::Announced { agent_id, icm_agent_id } => announced(fact, config, agent_id, *icm_agent_id),
        What::Begun | What::Updated => data(fact, config),
        What::Ended => event!(fact, config, EndCallEvent {}),
        What::Initiated | What::Originated | What::ReachedNetwork | What::Failed => attempt(fact, config),
        What::Queued { .. } | What::Dequeued { .. } => queue(fact, config),
        What::Delivered { alerting } => delivered(fact, config, alerting),
        What::Established { answering } => established(fact, config, answering),
        What::Held => event!(
            fact,
            config,
            CallHeldEvent {
                holding_device_type: fact.connection.device_type(),
                holding_device_id: fact.connection.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        What::Retrieved => event!(
            fact,
            config,
            CallRetrievedEvent {
                retrieving_device_type: fact.connection.device_type(),
                retrieving_device_id: fact.connection.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        What::Diverted { to } => event!(
            fact,
            config,
            CallDivertedEvent {
                service_number: NULL_ID,
                service_id: NULL_ID,
                diverting_device_type: fact.connection.device_type(),
                diverting_device_id: fact.connection.id(),
                called_device_type: to.device_type(),
                called_device_id: to.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        What::Conferenced { secondary, controller, added, parties } => {
            conferenced(fact, config, *secondary, controller, added, parties)
        }
        What::Transferred { secondary, from, to, parties } => {
            transferred(fact, config, *secondary, from, to, parties)
        }
        What::ConnectionCleared => event!(
            fact,
            config,
            CallConnectionClearedEvent {
                releasing_device_type: fact.connection.device_type(),
                releasing_device_id: fact.connection.id(),
                local_connection_state: state,
                event_cause: cause,
            }
        ),
        What::Cleared => {
            event!(fact, config, CallClearedEvent { local_connection_state: state, event_cause: cause })
        }
    }
}

fn announced(fact: &CallFact, config: &Config, agent_id: &str, icm_agent_id: u32) -> Message {
    let (number, id) = skill_group(config, fact.queue);
    let (named_variables, named_arrays) = expanded(&fact.data);
    AgentPreCallEvent {
        service_number: NULL_ID,
        service_id: NULL_ID,
        skill_group_number: number,
        skill_group_id: id,
        mrd_id: VOICE,
        agent_skill_target_id: icm_agent_id,
        agent_instrument: fact.connection.id(),
        router_call_key_day: Some(ROUTER_DAY),
        router_call_key_call_id: Some(fact.id),
        ani: fact.data.ani.clone(),
        dialed_number: fact.data.dialed.clone(),
        caller_entered_digits: fact.data.entered.clone(),
        call_variables: CallVariables(fact.data.variables.clone()),
        named_variables,
        named_arrays,
        agent_id: Some(agent_id.to_owned()),
        ..AgentPreCallEvent::default()
    }
    .into()
}

/// BEGIN_CALL_EVENT and CALL_DATA_UPDATE_EVENT.
fn data(fact: &CallFact, config: &Config) -> Message {
    let (named_variables, named_arrays) = expanded(&fact.data);
    let routed = fact.queue.is_some();
    let call_type = CallType(fact.call_type as u16);
    let call_variables = CallVariables(fact.data.variables.clone());
    let (call_wrapup_data, data) = (fact.data.wrap_up.clone(), fact.data.clone());
    let (router_call_key_day, router_call_key_call_id) =
        (routed.then_some(ROUTER_DAY), routed.then_some(fact.id));
    if fact.what == What::Begun {
        return event!(
            fact,
            config,
            BeginCallEvent {
                call_type,
                ani: data.ani,
                dnis: data.dnis,
                dialed_number: data.dialed,
                caller_entered_digits: data.entered,
                router_call_key_day,
                router_call_key_call_id,
                call_variables,
                call_wrapup_data,
                named_variables,
                named_arrays,
            }
        );
    }
    event!(
        fact,
        config,
        CallDataUpdateEvent {
            call_type,
            new_connection_device_id_type: fact.connection.connection_type(),
            new_connection_call_id: fact.id,
            new_connection_device_id: fact.connection.id(),
            campaign_id: data.campaign.unwrap_or_default(),
            ani: data.ani,
            dnis: data.dnis,
            dialed_number: data.dialed,
            caller_entered_digits: data.entered,
            router_call_key_day,
            router_call_key_call_id,
            call_variables,
            call_wrapup_data,
            named_variables,
            named_arrays,
        }
    )
}

fn line_type(fact: &CallFact) -> LineType {
    if fact.queue.is_some() { LineType::INBOUND_ACD } else { LineType::INSIDE }
}

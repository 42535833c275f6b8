//! What the simulator says: messages made of what is true.

use crate::agents::Told;
use ged188::message::{AgentStateEvent, OpenConf, OpenReq, QueryAgentStateConf, SystemEvent};
use ged188::{AgentState, DeviceType, Fields, Services, SystemEventId};
use std::time::{SystemTime, UNIX_EPOCH};

/// PeripheralType of Unified CCE's agents.
const PERIPHERAL_TYPE: u16 = 17;
/// MRDID of Cisco_Voice.
const VOICE: u32 = 1;
/// SessionType: active.
const ACTIVE: u16 = 1;
/// The first version with NumPeripherals in OPEN_CONF.
const PERIPHERALS_LISTED_SINCE: u32 = 14;

/// OPEN_CONF. The peripheral is listed only if the request named none; `about` is the agent of a session about
/// one agent.
pub(crate) fn open_conf(
    open: &OpenReq,
    version: u32,
    services: Services,
    peripheral_id: u32,
    about: Option<Told>,
) -> OpenConf {
    let listed = open.peripheral_id == OpenReq::NULL_PERIPHERAL_ID;
    let known = version >= PERIPHERALS_LISTED_SINCE;
    let mut conf = OpenConf {
        invoke_id: open.invoke_id,
        services,
        central_controller_time_secs: wall_clock_secs(),
        peripheral_online: true,
        peripheral_type: PERIPHERAL_TYPE,
        session_type: ACTIVE,
        num_peripherals: known.then_some(listed.into()),
        peripheral_id: (known && listed).then_some(peripheral_id),
        multiline_agent_control: (known && listed).then_some(0),
        ..OpenConf::default()
    };
    if let Some(told) = about {
        conf.agent_state = told.state;
        conf.agent_id = Some(told.agent_id);
        conf.agent_extension = told.device.clone();
        conf.agent_instrument = told.device;
    }
    conf
}

/// SYSTEM_EVENT: the peripheral is on-line. It follows OPEN_CONF of a session with ALL_EVENTS.
pub(crate) fn peripheral_online(peripheral_id: u32) -> SystemEvent {
    SystemEvent {
        pg_status: 0,
        central_controller_time_secs: wall_clock_secs(),
        event: SystemEventId::PERIPHERAL_ONLINE,
        arguments: [peripheral_id, 0, 0],
        device_type: DeviceType::NONE,
        text: None,
        device_id: None,
        other: Fields::NONE,
    }
}

/// QUERY_AGENT_STATE_CONF. Who is signed out has no device.
pub(crate) fn query_conf(invoke_id: u32, told: Told) -> QueryAgentStateConf {
    let signed_in = told.state != AgentState::LOGOUT;
    let device = told.device.filter(|_| signed_in);
    QueryAgentStateConf {
        invoke_id,
        agent_state: told.state,
        mrd_id: VOICE,
        agent_mode: signed_in.into(),
        max_task_limit: 1,
        icm_agent_id: told.icm_agent_id,
        agent_availability_status: u32::from(told.state == AgentState::AVAILABLE),
        agent_id: Some(told.agent_id),
        agent_extension: device.clone(),
        agent_instrument: device,
        ..QueryAgentStateConf::default()
    }
}

/// AGENT_STATE_EVENT, for no skill group. `signature` is that of the client whose request it was.
pub(crate) fn event(told: &Told, peripheral_id: u32, signature: Option<&str>) -> AgentStateEvent {
    AgentStateEvent {
        peripheral_id,
        peripheral_type: PERIPHERAL_TYPE,
        skill_group_state: told.state,
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
        ..AgentStateEvent::default()
    }
}

fn wall_clock_secs() -> u32 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since_1970.as_secs()).unwrap_or(u32::MAX)
}

//! Agents' states and settings.

use super::{Answer, Desk};
use crate::exchange::{Order, Told};
use crate::replies::VOICE;
use ged188::message::{
    AgentDeskSettingsConf, AgentDeskSettingsReq, QueryAgentStateConf, QueryAgentStateReq, SetAgentStateConf,
    SetAgentStateReq,
};
use ged188::{AgentState, ControlFailure};

/// DeskSettingsMask: everything that agents may do here.
const DESK_SETTINGS: u32 = 0x20 | 0x40 | 0x80 | 0x100 | 0x1000;
/// WrapupDataIncomingMode and WrapupDataOutgoingMode: optional.
const OPTIONAL: u32 = 1;

pub(super) fn query(desk: &mut Desk<'_>, query: &QueryAgentStateReq) -> Answer {
    let device = query.agent_instrument.as_deref().or(query.agent_extension.as_deref());
    let agent = match (query.agent_id.as_deref(), device, query.icm_agent_id) {
        (None, None, 1..) => {
            let numbered = |agent: &&crate::exchange::agent::Agent| agent.icm_agent_id == query.icm_agent_id;
            desk.exchange.agents().iter().find(numbered).ok_or(ControlFailure::INVALID_AGENT_ID_SPECIFIED)?
        }
        (id, device, _) => desk.exchange.agents().find(id, device)?,
    };
    Ok(query_conf(query.invoke_id, agent.told(desk.now)).into())
}

/// QUERY_AGENT_STATE_CONF. Who is signed out has no device.
fn query_conf(invoke_id: u32, told: Told) -> QueryAgentStateConf {
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

pub(super) fn set(desk: &mut Desk<'_>, request: &SetAgentStateReq) -> Answer {
    let order = Order {
        agent_id: request.agent_id.as_deref(),
        device: request.agent_instrument.as_deref(),
        terminal: request.active_terminal.as_deref(),
        state: request.agent_state,
        work_mode: request.agent_work_mode,
        reason: request.event_reason_code,
        forced: request.forced_flag,
        supervised: request.supervisor_id.is_some(),
    };
    desk.exchange.set_agent_state(desk.now, order)?;
    if let (AgentState::LOGIN, Some(agent_id)) = (order.state, order.agent_id) {
        desk.exchange.release(agent_id);
    }
    Ok(SetAgentStateConf::new(request.invoke_id).into())
}

pub(super) fn desk_settings(desk: &mut Desk<'_>, request: &AgentDeskSettingsReq) -> Answer {
    let seconds = |time: std::time::Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    let agent = request.agent_id.as_deref().and_then(|id| desk.exchange.agents().get(id));
    let wrap_up = agent.and_then(|agent| agent.wrap_up);
    Ok(AgentDeskSettingsConf {
        invoke_id: request.invoke_id,
        peripheral_id: request.peripheral_id,
        desk_settings_mask: DESK_SETTINGS,
        wrapup_data_incoming_mode: OPTIONAL,
        wrapup_data_outgoing_mode: OPTIONAL,
        ring_no_answer_time: seconds(desk.exchange.behaviour_mut().ring_no_answer),
        work_mode_timer: wrap_up.map(seconds).unwrap_or_default(),
        ..AgentDeskSettingsConf::default()
    }
    .into())
}

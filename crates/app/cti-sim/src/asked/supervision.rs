//! Supervisors: their teams, and what they do in their agents' calls.

use super::{Answer, Desk};
use crate::Config;
use crate::config::SimTeam;
use crate::exchange::{Exchange, Supervision};
use ged188::message::{
    AgentTeamConfigEvent, ListAgentTeamConf, ListAgentTeamReq, MonitorAgentTeamStartConf,
    MonitorAgentTeamStartReq, MonitorAgentTeamStopConf, MonitorAgentTeamStopReq, NULL_ID, SuperviseCallConf,
    SuperviseCallReq, TeamMember,
};
use ged188::{AgentState, ConnectionIdType, ControlFailure, Message, Status, SupervisoryAction};
use std::time::Instant;

/// AgentFlags.
const REGULAR: u16 = 0;
const PRIMARY_SUPERVISOR: u16 = 1;
const SUPERVISOR: u16 = 4;
/// Agents of one AGENT_TEAM_CONFIG_EVENT (GED-188, "Constants").
pub(crate) const TEAM_MEMBERS_MAX: usize = 64;

pub(super) fn supervise(desk: &mut Desk<'_>, request: &SuperviseCallReq) -> Answer {
    let action = match request.supervisory_action {
        SupervisoryAction(0) => Supervision::Clear,
        SupervisoryAction(1) => Supervision::Monitor,
        SupervisoryAction(2) => return Err(ControlFailure::INVALID_FEATURE.into()),
        SupervisoryAction(3) => Supervision::BargeIn,
        SupervisoryAction(4) => Supervision::Intercept,
        _ => return Err(Status::INVALID_SUPERVISORY_ACTION.into()),
    };
    let supervisor = [&request.supervisor_instrument, &request.supervisor_connection_device_id];
    let supervisor = supervisor.into_iter().flatten().find(|device| !device.is_empty());
    let supervisor = supervisor.ok_or(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER)?;
    let agent = agent_device(desk.exchange, request).unwrap_or_default();
    let calls = [request.agent_connection_call_id, request.supervisor_connection_call_id];
    let call = calls.into_iter().find(|call| *call != NULL_ID).unwrap_or(NULL_ID);
    let id = desk.exchange.supervise(desk.now, action, supervisor, call, &agent)?;
    Ok(SuperviseCallConf {
        invoke_id: request.invoke_id,
        connection_call_id: id,
        connection_device_id_type: ConnectionIdType::STATIC,
        connection_device_id: Some(supervisor.clone()),
        ..SuperviseCallConf::default()
    }
    .into())
}

/// The agent's telephone, however the request names it.
fn agent_device(exchange: &Exchange, request: &SuperviseCallReq) -> Option<String> {
    let named = [&request.agent_connection_device_id, &request.agent_instrument, &request.agent_extension];
    let named = named.into_iter().flatten().find(|device| !device.is_empty());
    let by_id = || exchange.agents().get(request.agent_id.as_deref()?)?.device.clone();
    named.cloned().or_else(by_id)
}

pub(super) fn teams(desk: &mut Desk<'_>, request: &ListAgentTeamReq) -> Answer {
    let numbered = |id: &String| {
        let supervisor = desk.exchange.agents().get(id);
        supervisor.is_some_and(|supervisor| supervisor.icm_agent_id == request.supervisor_id)
    };
    let teams = desk.config.teams.iter().filter(|team| team.supervisors.iter().any(numbered));
    let team_ids: Vec<u32> = teams.map(|team| team.id).collect();
    if team_ids.is_empty() {
        return Err(Status::SUPERVISOR_NOT_FOUND.into());
    }
    Ok(ListAgentTeamConf { invoke_id: request.invoke_id, team_ids, ..ListAgentTeamConf::default() }.into())
}

/// The MonitorID is the team's id: there is no more to watch than what everybody with ALL_EVENTS hears.
pub(super) fn watch(desk: &mut Desk<'_>, request: &MonitorAgentTeamStartReq) -> Answer {
    if !desk.config.teams.iter().any(|team| team.id == request.team_id) {
        return Err(Status::TEAM_NOT_FOUND.into());
    }
    let (invoke_id, monitor_id) = (request.invoke_id, request.team_id);
    Ok(MonitorAgentTeamStartConf { invoke_id, monitor_id, ..MonitorAgentTeamStartConf::default() }.into())
}

pub(super) fn unwatch(request: &MonitorAgentTeamStopReq) -> Message {
    MonitorAgentTeamStopConf { invoke_id: request.invoke_id, ..MonitorAgentTeamStopConf::default() }.into()
}

/// AGENT_TEAM_CONFIG_EVENTs of a team, as many as its members need: what a supervisor's session begins with.
pub(crate) fn team_event(
    exchange: &Exchange,
    config: &Config,
    team: &SimTeam,
    now: Instant,
) -> Vec<AgentTeamConfigEvent> {
    let supervisors = team.supervisors.iter().enumerate().map(|(index, id)| {
        let flags = if index == 0 { PRIMARY_SUPERVISOR } else { SUPERVISOR };
        (id, flags)
    });
    let everybody: Vec<(&String, u16)> =
        supervisors.chain(team.agents.iter().map(|id| (id, REGULAR))).collect();
    let member = |(id, flags): &(&String, u16)| {
        let told = exchange.agents().get(id).map(|agent| agent.told(now));
        let in_state = told.as_ref().map(|told| told.in_state.as_secs()).unwrap_or_default();
        TeamMember {
            agent_id: Some((*id).clone()),
            flags: Some(*flags),
            state: Some(told.map_or(AgentState::LOGOUT, |told| told.state)),
            state_duration_secs: Some(u32::try_from(in_state).unwrap_or(u32::MAX)),
        }
    };
    let events = everybody.chunks(TEAM_MEMBERS_MAX).map(|members| AgentTeamConfigEvent {
        peripheral_id: config.peripheral_id,
        team_id: team.id,
        agent_team_name: Some(team.name.clone()),
        agents: members.iter().map(member).collect(),
        ..AgentTeamConfigEvent::default()
    });
    events.collect()
}

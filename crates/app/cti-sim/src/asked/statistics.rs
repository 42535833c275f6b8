//! Counts of queues and agents.

use super::{Answer, Desk};
use crate::exchange::QueueCounts;
use ged188::message::{
    NULL_ID, QueryAgentStatisticsConf, QueryAgentStatisticsReq, QuerySkillGroupStatisticsConf,
    QuerySkillGroupStatisticsReq,
};
use ged188::{ControlFailure, Status};
use std::time::Duration;

pub(super) fn skill_group(desk: &mut Desk<'_>, request: &QuerySkillGroupStatisticsReq) -> Answer {
    let asked = |number: u32, id: u32| match (request.skill_group_number, request.skill_group_id) {
        (NULL_ID, NULL_ID) => false,
        (NULL_ID, wanted) => wanted == id,
        (wanted, _) => wanted == number,
    };
    let queue = desk.config.queues.iter().find(|queue| asked(queue.number, queue.id));
    let queue = queue.ok_or(Status::INVALID_SKILL_GROUP)?;
    let counts = desk.exchange.queue_counts(desk.now, queue.number).unwrap_or_default();
    Ok(QuerySkillGroupStatisticsConf {
        invoke_id: request.invoke_id,
        peripheral_id: request.peripheral_id,
        skill_group_number: queue.number,
        skill_group_id: queue.id,
        ..conf(&counts)
    }
    .into())
}

/// The simulator's day is as old as the simulator; the last five minutes and the half hour are not counted apart.
fn conf(counts: &QueueCounts) -> QuerySkillGroupStatisticsConf {
    let reserved_or_busy = counts.talking_in + counts.talking_out + counts.talking_other + counts.reserved;
    QuerySkillGroupStatisticsConf {
        agents_logged_on: counts.signed_in,
        agents_avail: counts.available,
        agents_not_ready: counts.not_ready,
        agents_ready: counts.available + reserved_or_busy + counts.hold + counts.work_ready,
        agents_talking_in: counts.talking_in,
        agents_talking_out: counts.talking_out,
        agents_talking_other: counts.talking_other,
        agents_work_not_ready: counts.work_not_ready,
        agents_work_ready: counts.work_ready,
        agents_reserved: counts.reserved,
        agents_hold: counts.hold,
        agents_icm_available: counts.available,
        router_calls_q_now: counts.waiting,
        longest_router_call_q_now: secs(counts.longest),
        calls_q_now: counts.waiting,
        calls_q_time_now: secs(counts.waited),
        longest_call_q_now: secs(counts.longest),
        handled_calls_today: counts.day.handled,
        handled_calls_talk_time_today: secs(counts.day.talked),
        handled_calls_time_today: secs(counts.day.talked),
        calls_q_today: counts.day.offered,
        ..QuerySkillGroupStatisticsConf::default()
    }
}

pub(super) fn agent(desk: &mut Desk<'_>, request: &QueryAgentStatisticsReq) -> Answer {
    let device = request.agent_instrument.as_deref().or(request.agent_extension.as_deref());
    let agent = desk.exchange.agents().find(request.agent_id.as_deref(), device);
    let id = agent.map_err(|_| ControlFailure::INVALID_AGENT_ID_SPECIFIED)?.id.clone();
    let counts = desk.exchange.agent_counts(desk.now, &id).unwrap_or_default();
    Ok(QueryAgentStatisticsConf {
        invoke_id: request.invoke_id,
        peripheral_id: request.peripheral_id,
        logged_on_time_session: secs(counts.signed_in),
        logged_on_time_today: secs(counts.signed_in),
        agent_out_calls_session: counts.dialed,
        agent_out_calls_today: counts.dialed,
        handled_calls_session: counts.handled,
        handled_calls_today: counts.handled,
        handled_calls_talk_time_session: secs(counts.talked),
        handled_calls_talk_time_today: secs(counts.talked),
        agent_id: Some(id),
        ..QueryAgentStatisticsConf::default()
    }
    .into())
}

fn secs(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}

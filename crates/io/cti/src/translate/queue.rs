//! Queues: how a skill group stands.

use floor::{QueueCounts, QueueId, QueueReport};
use ged188::Message;
use ged188::message::{NULL_ID, QuerySkillGroupStatisticsConf, QuerySkillGroupStatisticsReq};

/// QUERY_SKILL_GROUP_STATISTICS_REQ. Only the number is known.
pub(crate) fn request(queue: QueueId, peripheral_id: u32) -> Message {
    Message::from(QuerySkillGroupStatisticsReq {
        peripheral_id,
        skill_group_number: queue.0,
        skill_group_id: NULL_ID,
        ..QuerySkillGroupStatisticsReq::default()
    })
}

/// QUERY_SKILL_GROUP_STATISTICS_CONF. It is about the queue that was asked for.
///
/// COMPAT(finesse): calls in queue are those in the router's queue, as the original's log shows.
pub(crate) fn report(conf: &QuerySkillGroupStatisticsConf, queue: QueueId) -> QueueReport {
    let count = |count: u32| Some(count).filter(|count| *count != NULL_ID);
    QueueReport {
        queue,
        counts: QueueCounts {
            calls: count(conf.router_calls_q_now),
            logged_on: count(conf.agents_logged_on),
            ready: count(conf.agents_ready),
            not_ready: count(conf.agents_not_ready),
            busy_other: count(conf.agents_busy_other),
            talking_in: count(conf.agents_talking_in),
            talking_out: count(conf.agents_talking_out),
            talking_internal: count(conf.agents_talking_other),
            work_not_ready: count(conf.agents_work_not_ready),
            work_ready: count(conf.agents_work_ready),
        },
        longest_wait_secs: count(conf.longest_router_call_q_now),
    }
}

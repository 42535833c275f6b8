//! CTI vocabulary to floor vocabulary and back; the same file names as everywhere on the path.

pub(crate) mod agent;
pub(crate) mod call;
pub(crate) mod queue;
pub(crate) mod standby;
pub(crate) mod system;

use crate::hygiene::Hygiene;
use crate::{Config, Metrics};
use floor::{AgentStateReport, CallEvent, CtiInput, QueueId, QueueReport};
use ged188::Message;
use ged188::message::{AgentStateEvent, QuerySkillGroupStatisticsConf};

/// One AGENT_STATE_EVENT in the floor's words, outside of a link: for tests of the whole path and for tools that read
/// recorded frames. `None` when it is about another medium than voice, or about nobody.
pub fn report(event: &AgentStateEvent, metrics: &Metrics) -> Option<AgentStateReport> {
    agent::report(event, &mut Hygiene::new(metrics.clone()))
}

/// One call event in the floor's words, likewise. `None` when the message is none.
pub fn call_event(message: &Message, metrics: &Metrics) -> Option<CallEvent> {
    call::event(message, &mut Hygiene::new(metrics.clone()))
}

/// One answer about a queue in the floor's words, likewise.
pub fn queue_report(conf: &QuerySkillGroupStatisticsConf, queue: QueueId) -> QueueReport {
    queue::report(conf, queue)
}

/// A session that was opened (OPEN_CONF) in the floor's words, likewise.
pub fn opened(config: &Config, version: u32, server: &str) -> CtiInput {
    system::link_up(config, version, server)
}

//! Queues: calls that wait for a skill group, and who could take them.

use crate::{Agent, AgentId, Change, Floor, Note, Now, TeamId};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The queues that each agent sees.
pub(crate) type QueueLists = BTreeMap<AgentId, BTreeSet<QueueId>>;

/// How far two answers about the longest wait may differ and mean the same call: both count whole seconds.
const SAME_WAIT: SignedDuration = SignedDuration::from_secs(2);

/// SkillGroupNumber: the queue's id for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueId(pub u32);

impl fmt::Display for QueueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known about a queue whether its statistics are or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueProfile {
    /// SkillGroupNumber.
    pub id: QueueId,
    /// Its name for people.
    pub name: String,
    /// The teams that work for it; all when empty.
    pub teams: Vec<TeamId>,
}

/// A queue at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// What the operator says.
    pub profile: QueueProfile,
    /// What the CTI server says; `None` while nobody told.
    pub statistics: Option<QueueStatistics>,
}

/// How a queue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueStatistics {
    /// The counts.
    pub counts: QueueCounts,
    /// Since when the call waits that waits longest; `None` when none waits.
    pub longest_since: Option<Timestamp>,
}

/// QUERY_SKILL_GROUP_STATISTICS_CONF, as far as clients see it. `None` is a count that the server does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// RouterCallsQNow.
    pub calls: Option<u32>,
    /// AgentsLoggedOn.
    pub logged_on: Option<u32>,
    /// AgentsReady.
    pub ready: Option<u32>,
    /// AgentsNotReady.
    pub not_ready: Option<u32>,
    /// AgentsBusyOther.
    pub busy_other: Option<u32>,
    /// AgentsTalkingIn.
    pub talking_in: Option<u32>,
    /// AgentsTalkingOut.
    pub talking_out: Option<u32>,
    /// AgentsTalkingOther.
    pub talking_internal: Option<u32>,
    /// AgentsWorkNotReady.
    pub work_not_ready: Option<u32>,
    /// AgentsWorkReady.
    pub work_ready: Option<u32>,
}

/// One answer about a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueReport {
    /// Which.
    pub queue: QueueId,
    /// The counts.
    pub counts: QueueCounts,
    /// LongestRouterCallQNow, seconds.
    pub longest_wait_secs: Option<u32>,
}

impl Floor {
    /// The queues whose statistics are asked for. Replaces those before; their statistics are unknown.
    pub fn set_queues(&mut self, queues: impl IntoIterator<Item = QueueProfile>) {
        let queue = |profile: QueueProfile| (profile.id, Queue { profile, statistics: None });
        self.queues = queues.into_iter().map(queue).collect::<BTreeMap<_, _>>();
    }

    /// All queues, by number.
    pub fn queues(&self) -> impl Iterator<Item = &Queue> {
        self.queues.values()
    }

    /// The queue with this number.
    pub fn queue(&self, id: QueueId) -> Option<&Queue> {
        self.queues.get(&id)
    }

    /// The queues that an agent's team works for; a supervisor also sees those of the teams watched over.
    pub fn queues_of(&self, agent: &AgentId) -> impl Iterator<Item = &Queue> {
        let agent = self.agent(agent);
        self.queues.values().filter(move |queue| agent.is_some_and(|agent| queue.profile.is_of(agent)))
    }

    /// Who sees which queues, to compare with later.
    pub(crate) fn queue_lists(&self) -> QueueLists {
        let list = |id: &AgentId| self.queues_of(id).map(|queue| queue.profile.id).collect();
        self.records.keys().filter(|_| !self.queues.is_empty()).map(|id| (id.clone(), list(id))).collect()
    }

    /// Tells everybody known before what came to the list since, and what left it.
    pub(crate) fn publish_queue_lists(&mut self, before: QueueLists) {
        let mut after = self.queue_lists();
        for (agent, before) in before {
            let after = after.remove(&agent).unwrap_or_default();
            let differences = [(false, before.difference(&after)), (true, after.difference(&before))];
            for (added, ids) in differences {
                let queues: Vec<Queue> = ids.filter_map(|id| self.queue(*id).cloned()).collect();
                if !queues.is_empty() {
                    self.publish(Change::QueueList { agent: agent.clone(), added, queues });
                }
            }
        }
    }

    /// An answer about a queue. What it changes is published; a queue that nobody knows changes nothing.
    pub(crate) fn take_queue_report(&mut self, now: Now, report: QueueReport) {
        let Some(queue) = self.queues.get_mut(&report.queue) else {
            return self.note(Note::UnknownQueue { queue: report.queue });
        };
        let before = queue.statistics.as_ref().and_then(|statistics| statistics.longest_since);
        let statistics =
            QueueStatistics { longest_since: longest_since(now, &report, before), counts: report.counts };
        if queue.statistics.as_ref() != Some(&statistics) {
            queue.statistics = Some(statistics);
            let queue = Box::new(queue.clone());
            self.publish(Change::Queue { queue });
        }
    }

    /// There is no link: what was known of the queues is no more.
    pub(crate) fn forget_statistics(&mut self) {
        self.queues.values_mut().for_each(|queue| queue.statistics = None);
    }
}

impl QueueProfile {
    fn is_of(&self, agent: &Agent) -> bool {
        let is_own = |team: &TeamId| {
            *team == agent.profile.team || agent.supervises.iter().any(|supervised| supervised.id == *team)
        };
        self.teams.is_empty() || self.teams.iter().any(is_own)
    }
}

/// The server counts seconds of waiting, clients want the moment it began. It must not move while the same call waits:
/// each move would be a notification.
fn longest_since(now: Now, report: &QueueReport, before: Option<Timestamp>) -> Option<Timestamp> {
    if report.counts.calls == Some(0) {
        return None;
    }
    let waited = SignedDuration::from_secs(i64::from(report.longest_wait_secs?));
    let since = now.wall.checked_sub(waited).ok()?;
    let is_same = |before: &Timestamp| before.duration_since(since).abs() <= SAME_WAIT;
    before.filter(is_same).or(Some(since))
}

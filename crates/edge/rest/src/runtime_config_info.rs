//! `/RuntimeConfigInfo`: how much is going on, for whoever plans a server's size.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::connected_users::{self, ConnectedUsers};
use crate::operation::{self, Operation, Shape, Who, count, parts, text};
use axum::extract::State;
use axum::response::Response;
use floor::{AgentId, TeamId};
use std::sync::Arc;

/// COMPAT(finesse): the guide's table has more elements than are public.
const INFO: Shape = parts(
    "RuntimeConfigInfo",
    &[
        count("activeDialogCount"),
        count("activeTaskCount"),
        count("averageConfiguredMediaPerAgent"),
        count("averageLoggedInMediaPerAgent"),
        count("averageSkillGroupCountPerAgent"),
        parts("connectedUsersInfo", &[connected_users::SUMMARY]),
        text("uri"),
    ],
);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/RuntimeConfigInfo", get)
            .title("How much is going on")
            .who(Who::Operators)
            .answers(&INFO),
    ]
}

/// What is going on at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Activity {
    /// Calls that are followed.
    pub(crate) calls: usize,
    /// Tasks in agents' hands.
    pub(crate) tasks: usize,
    /// Agents who are signed in.
    pub(crate) agents: usize,
    /// Queues of those agents, each agent's own.
    pub(crate) queues: usize,
    /// Media that those agents may work in, the telephone included.
    pub(crate) media: usize,
    /// Media that they are signed in to.
    pub(crate) media_signed_in: usize,
}

impl Services {
    /// Asks the floor, and then task routing: what changes between the two is not noticed.
    pub(crate) async fn activity(&self) -> Result<Activity, ApiError> {
        let (calls, agents, queues) = self
            .floor
            .call(|floor, _| {
                let signed_in = floor.agents().filter(|agent| agent.state.is_signed_in());
                let agents: Vec<(AgentId, TeamId)> =
                    signed_in.map(|agent| (agent.id().clone(), agent.profile.team)).collect();
                let queues = agents.iter().map(|(agent, _)| floor.queues_of(agent).count()).sum();
                (floor.call_count(), agents, queues)
            })
            .await?;
        let by_telephone = Activity {
            calls,
            agents: agents.len(),
            queues,
            media: agents.len(),
            media_signed_in: agents.len(),
            ..Activity::default()
        };
        if self.system.deployment_type == "UCCX" {
            return Ok(by_telephone);
        }
        let counted = self.media.call(move |routing, _| {
            let domains: Vec<_> = routing.domains().cloned().collect();
            let mut all = by_telephone;
            for (agent, team) in &agents {
                all.tasks += routing.tasks_of(agent, None).len();
                let places = domains.iter().filter_map(|domain| routing.media(agent, *team, domain.id));
                for seat in places.filter_map(|place| place.seat) {
                    all.media += 1;
                    all.media_signed_in += usize::from(seat.state != media::MediaState::Logout);
                }
            }
            all
        });
        Ok(counted.await?)
    }
}

async fn get(State(services): State<Arc<Services>>) -> Result<Response, ApiError> {
    let activity = services.activity().await?;
    let users: ConnectedUsers = services.count_users.ask().await;
    let leaf = |count: usize| count.to_string();
    // the guide's example has whole numbers, of which what is left over is dropped
    let average = |sum: usize| leaf(sum.checked_div(activity.agents).unwrap_or(0));
    Ok(answer::document(|writer| {
        writer.open("RuntimeConfigInfo");
        writer.leaf("activeDialogCount", &leaf(activity.calls));
        writer.leaf("activeTaskCount", &leaf(activity.tasks));
        writer.leaf("averageConfiguredMediaPerAgent", &average(activity.media));
        writer.leaf("averageLoggedInMediaPerAgent", &average(activity.media_signed_in));
        writer.leaf("averageSkillGroupCountPerAgent", &average(activity.queues));
        writer.open("connectedUsersInfo");
        connected_users::write_summary(writer, users);
        writer.close().leaf("uri", "/finesse/api/RuntimeConfigInfo").close();
    }))
}

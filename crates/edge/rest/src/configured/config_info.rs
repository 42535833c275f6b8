//! `ConfigInfo`: how much is configured, and which release this is.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::operation::{self, Deployment, Operation, Shape, count, parts};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

const INFO: Shape = parts(
    "ConfigInfo",
    &[
        count("totalSkillGroups"),
        count("totalSupervisors"),
        count("totalTeams"),
        count("totalUsers"),
        operation::text("uri"),
        operation::text("versionInfo"),
    ],
);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ConfigInfo", get)
            .title("How much is configured")
            .only_on(Deployment::Ucce)
            .answers(&INFO),
    ]
}

async fn get(State(services): State<Arc<Services>>) -> Result<Response, ApiError> {
    let counted = services.floor.call(|floor, _| {
        let supervisors = floor.agents().filter(|agent| agent.roles().supervisor).count();
        [floor.queues().count(), supervisors, floor.teams().count(), floor.agents().count()]
    });
    let [queues, supervisors, teams, users] = counted.await?.map(|count| count.to_string());
    Ok(answer::document(|writer| {
        writer.open("ConfigInfo").leaf("totalSkillGroups", &queues).leaf("totalSupervisors", &supervisors);
        writer.leaf("totalTeams", &teams).leaf("totalUsers", &users).leaf("uri", "/finesse/api/ConfigInfo");
        writer.leaf("versionInfo", env!("CARGO_PKG_VERSION")).close();
    }))
}

//! `/Team/{id}`: a team and its agents, for those who watch over it. `/Teams`: all of them.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{self, Fault, Kind, Operation, Query, Shape, Who, number, parts, text};
use crate::resource::{Named, parameter};
use crate::user::SUMMARY;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use floor::{Agent, Team};
use std::sync::Arc;

const TEAM: Shape = parts(
    "Team",
    &[number("id", 0, u32::MAX as i64), text("name"), text("uri"), parts("users", &[SUMMARY.many()])],
);
const TEAMS: Shape =
    parts("Teams", &[parts("Team", &[number("id", 0, u32::MAX as i64), text("name"), text("uri")]).many()]);

pub(crate) fn operations() -> Vec<Operation> {
    const EVERYBODY: Query = Query { name: "includeLoggedOutAgents", kind: Kind::Flag, needed: false };
    vec![
        operation::get("/Team/{id}", get)
            .title("A team and its agents")
            .who(Who::OfTeam)
            .query(&[EVERYBODY])
            .answers(&TEAM)
            .fails(&[Fault::NOT_FOUND]),
        operation::get("/Teams", list).title("All teams").answers(&TEAMS),
    ]
}

/// GET of all, without their agents.
async fn list(State(services): State<Arc<Services>>, _caller: Caller) -> Result<Response, ApiError> {
    let teams = services.floor.call(|floor, _| floor.teams().cloned().collect::<Vec<Team>>()).await?;
    Ok(answer::document(|writer| notify::team::write_list(writer, teams.iter())))
}

/// GET. Agents who are signed out are left out unless `includeLoggedOutAgents=true` (since 12.x).
pub(crate) async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let everybody = parameter(query.as_deref(), "includeLoggedOutAgents") == Some("true");
    let answer = services.floor.call(move |floor, _| {
        let team = caller.team(floor, &name)?.clone();
        let wanted = |agent: &&Agent| everybody || agent.state.is_signed_in();
        let agents: Vec<Agent> = floor.members(team.id).filter(wanted).cloned().collect();
        Ok::<_, ApiError>((team, agents))
    });
    let (team, agents) = answer.await??;
    Ok(answer::document(|writer| notify::team::write(writer, "Team", &team, agents.iter(), &services.system)))
}

//! `/TeamMessage`, `/TeamMessage/{id}`, `/Team/{id}/TeamMessages`, `/User/{id}/TeamMessages`: what supervisors tell
//! their teams for a while. Kept in the store; whoever watches the team's node hears of each.

mod document;

use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Fault, Gives, Operation, Who};
use crate::resource::Named;
use crate::{Services, request_id};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use configuration::Stored;
use document::{CONTENT, MESSAGE, MESSAGES, Wish};
use floor::{Floor, TeamId};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use notify::{Announced, node};
use std::sync::Arc;
use store::TeamMessage;

/// What 207 means.
const HERE_ONLY: &str = "Done on this node; the other one of the pair does not know of it";

/// The most there may be.
const LIMIT_EXCEEDED: Fault = Fault(400, "System Resource Limit Exceeded");

pub(crate) fn operations() -> Vec<Operation> {
    const CREATE: &[Fault] = &[
        Fault::PARAMETER_MISSING,
        Fault::INVALID_INPUT,
        Fault::NOT_FOUND,
        Fault::NOT_SUPERVISED,
        LIMIT_EXCEEDED,
    ];
    // COMPAT(finesse): the guide's URI row has one of the paths, its example the other.
    let creates = ["/TeamMessage", "/TeamMessages"].map(|path| {
        operation::post(path, create)
            .title("Tells teams something for a while")
            .who(Who::Supervisors)
            .takes(&CONTENT)
            .gives(Gives::Created)
            .also(207, HERE_ONLY)
            .fails(CREATE)
    });
    let others = [
        operation::get("/TeamMessage/{id}", get)
            .title("A message to teams")
            .who(Who::Supervisors)
            .answers(&MESSAGE)
            .fails(&[Fault::NOT_FOUND]),
        operation::delete("/TeamMessage/{id}", delete)
            .title("Takes a message back")
            .who(Who::Supervisors)
            .also(207, HERE_ONLY)
            .fails(&[Fault::NOT_FOUND]),
        operation::get("/Team/{id}/TeamMessages", of_team)
            .title("What a team is told now")
            .who(Who::OfTeam)
            .answers(&MESSAGES)
            .fails(&[Fault::NOT_FOUND]),
        operation::get("/User/{id}/TeamMessages", of_user)
            .title("What a supervisor tells teams now")
            .who(Who::Own)
            .answers(&MESSAGES)
            .fails(&[Fault::USER_NOT_FOUND]),
    ];
    creates.into_iter().chain(others).collect()
}

/// POST: on disk when it is answered.
async fn create(
    State(services): State<Arc<Services>>,
    caller: Caller,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let wish = Wish::read(&sent.document(&caller, &services.metrics)?)?;
    let store = services.store()?;
    let author = caller.clone();
    let checked = services.floor.call(move |floor, now| {
        for team in &wish.teams {
            author.team(floor, &team.to_string())?;
        }
        Ok::<_, ApiError>(wish.signed(&author.id, floor.agent(&author.id), now.wall))
    });
    let message = checked.await??;
    let id = message.id.clone();
    store.add_team_message(message.clone(), caller.by()).await.map_err(|error| match error {
        store::StoreError::Limit(_) => ApiError::too_many_messages(),
        other => other.into(),
    })?;
    announce(&services, &headers, &message, Announced::Added).await;
    // COMPAT(finesse): clients take the new object's path from here
    Ok((services.told_here(), [(LOCATION, node::team_message(&id))]).into_response())
}

/// GET of one.
async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, ApiError> {
    let message = find(&services, &caller, &id).await?.value;
    Ok(answer::document(|writer| document::write(writer, "TeamMessage", &message)))
}

/// DELETE: by its author or an administrator.
async fn delete(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(id): Named,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let found = find(&services, &caller, &id).await?;
    if !caller.is_administrator() && found.value.author != caller.id.as_str() {
        return Err(ApiError::not_own(&found.value.author));
    }
    services.store()?.delete::<TeamMessage>(found.id, caller.by()).await?;
    announce(&services, &headers, &found.value, Announced::Removed).await;
    Ok(services.told_here().into_response())
}

/// GET of a team's, for its members too.
async fn of_team(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let team = services.floor.call(move |floor, _| member_or_supervisor(floor, &caller, &name)).await??;
    list(&services, |message| message.teams.contains(&team.0)).await
}

fn member_or_supervisor(floor: &Floor, caller: &Caller, name: &str) -> Result<TeamId, ApiError> {
    let own = floor.agent(&caller.id).map(|agent| agent.profile.team);
    match own.filter(|team| team.to_string() == name) {
        Some(team) => Ok(team),
        None => caller.team(floor, name).map(|team| team.id),
    }
}

/// GET of those that a user wrote.
async fn of_user(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let author =
        services.floor.call(move |floor, _| caller.agent(floor, &name).map(|agent| agent.id().clone()));
    let author = author.await??;
    list(&services, |message| message.author == author.as_str()).await
}

async fn list(services: &Services, wanted: impl Fn(&TeamMessage) -> bool) -> Result<Response, ApiError> {
    let now = Timestamp::now().as_second();
    let all = services.store()?.objects::<TeamMessage>().await?;
    Ok(answer::document(|writer| {
        writer.open("TeamMessages");
        for stored in all.iter().filter(|stored| !stored.value.is_over(now) && wanted(&stored.value)) {
            document::write(writer, "TeamMessage", &stored.value);
        }
        writer.close();
    }))
}

/// A message that is not over, if it is for a team that the caller may see.
async fn find(services: &Services, caller: &Caller, id: &str) -> Result<Stored<TeamMessage>, ApiError> {
    let now = Timestamp::now().as_second();
    let all = services.store()?.objects::<TeamMessage>().await?;
    let found = all.into_iter().find(|stored| stored.value.id == id && !stored.value.is_over(now));
    let found = found.ok_or_else(|| ApiError::not_found(id, "There is no such message"))?;
    let (caller, teams) = (caller.clone(), found.value.teams.clone());
    let may_see = services.floor.call(move |floor, _| {
        caller.is_administrator() || teams.iter().any(|team| floor.supervises(&caller.id, TeamId(*team)))
    });
    match may_see.await? {
        true => Ok(found),
        false => Err(ApiError::not_found(id, "There is no such message")),
    }
}

impl Services {
    /// 200 on a single node. Of a pair each node tells its own clients only: 207, as the guide has it for what the other
    /// node does not know.
    fn told_here(&self) -> StatusCode {
        if self.is_of_a_pair() { StatusCode::MULTI_STATUS } else { StatusCode::OK }
    }
}

async fn announce(services: &Services, headers: &HeaderMap, message: &TeamMessage, what: Announced) {
    let source = node::team_message(&message.id);
    let request_id = request_id::text_of(headers);
    for team in &message.teams {
        let node = node::team_messages(TeamId(*team));
        let written = notify::announcement(node, &source, request_id.as_deref(), what, |writer| {
            document::write(writer, "teamMessage", message);
        });
        services.announce(written).await;
    }
}

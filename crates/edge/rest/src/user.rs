//! `/User/{id}`: an agent, and what people ask of one.

use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::{Services, body, request_id};
use axum::extract::{Request, State};
use axum::response::Response;
use floor::{Action, ReasonCodeId, Refusal};
use std::sync::Arc;
use xml::{Document, child, child_text};

use crate::resource::Named;

/// GET: the agent as it is now.
pub(crate) async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let agent = services.floor.call(move |floor, _| caller.agent(floor, &name).cloned()).await??;
    Ok(answer::document(|writer| notify::agent::write(writer, "User", &agent)))
}

/// PUT: sign in, change state, sign out. 202 means that the request is on its way to the CTI server.
pub(crate) async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = body::read(body).await?;
    let action = action(&body::parse(&bytes, &caller, &services.metrics)?, &caller)?;
    let request_id = request_id::text_of(&parts.headers);
    let actor = caller.id.clone();
    let told = name.clone();
    let outcome = services.floor.call(move |floor, now| {
        let agent = floor.find(&name).map(|agent| agent.id().clone());
        let agent = agent.ok_or_else(|| Refusal::UnknownAgent(name.as_str().into()))?;
        floor.request(now, floor::Request { actor, agent, action, request_id })
    });
    outcome.await?.map_err(|refusal| {
        tracing::info!(user = %caller.id, %refusal, "a request was refused");
        ApiError::refused(&refusal, &told)
    })?;
    Ok(answer::accepted())
}

/// What a `User` document asks for. Elements may come in any order; unknown ones are ignored.
fn action(document: &Document<'_>, caller: &Caller) -> Result<Action, ApiError> {
    let root = document.root();
    if root.tag_name().name() != "User" {
        return Err(ApiError::bad_request("The root element is not User"));
    }
    let state = child_text(root, "state").filter(|state| !state.is_empty());
    let state = state.ok_or_else(|| ApiError::parameter_missing("state"))?;
    match state.as_str() {
        "LOGIN" => sign_in(root, caller),
        // A reason means nothing here; clients that send one with every state are not refused for it.
        "READY" => Ok(Action::SetState { state: floor::State::Ready, reason: None }),
        "NOT_READY" => Ok(Action::SetState { state: floor::State::NotReady, reason: reason(root)? }),
        "LOGOUT" => Ok(Action::SignOut { reason: reason(root)? }),
        _ => Err(ApiError::invalid_state()),
    }
}

fn sign_in(root: xml::Node<'_, '_>, caller: &Caller) -> Result<Action, ApiError> {
    let mode = child(root, "mobileAgent").and_then(|mobile| child_text(mobile, "mode"));
    if mode.is_some_and(|mode| !mode.is_empty()) {
        // Signing in on the plain extension instead would send the calls to the wrong place.
        return Err(ApiError::invalid_input("mobileAgent", "Mobile agents are not supported"));
    }
    let extension = child_text(root, "extension").filter(|extension| !extension.is_empty());
    let extension = extension.ok_or_else(|| ApiError::parameter_missing("extension"))?;
    Ok(Action::SignIn { extension, password: Some(caller.password.clone()) })
}

/// The reason code asked for; an empty element and -1, the notification's word for none, ask for none.
fn reason(root: xml::Node<'_, '_>) -> Result<Option<ReasonCodeId>, ApiError> {
    match child_text(root, "reasonCodeId").as_deref() {
        None | Some("" | "-1") => Ok(None),
        Some(id) => id.parse().map(|id| Some(ReasonCodeId(id))).map_err(|_| ApiError::invalid_reason()),
    }
}

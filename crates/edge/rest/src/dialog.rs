//! `/User/{id}/Dialogs` and `/Dialog/{id}`: calls, and what people do with them. An id with underscores is that of a task.

mod operations;
mod wish;

pub(crate) use operations::operations;

use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::resource::Named;
use crate::{Services, request_id, task};
use axum::extract::State;
use axum::response::Response;
use floor::{AgentId, CallId, Dialog, DialogRequest, DialogWish, Floor};
use http::HeaderMap;
use std::sync::Arc;

/// GET of an agent's dialogs.
pub(crate) async fn list(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let dialogs = services.floor.call(move |floor, _| {
        let agent = caller.agent(floor, &name)?.id().clone();
        Ok::<Vec<Arc<Dialog>>, ApiError>(floor.dialogs_of(&agent).cloned().collect())
    });
    let dialogs = dialogs.await??;
    let dialogs = dialogs.iter().map(AsRef::as_ref);
    Ok(answer::document(|writer| notify::dialog::write_list(writer, "Dialogs", dialogs)))
}

/// POST: MAKE_CALL, SILENT_MONITOR, BARGE_CALL.
pub(crate) async fn post(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let wish = wish::of_collection(&sent.document(&caller, &services.metrics)?)?;
    ask(&services, caller, &headers, wish, move |floor, id| own_dialogs(floor, id, &name)).await
}

/// GET of one dialog: for those in it, their supervisors, and administrators.
pub(crate) async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    if let Ok(task) = name.parse() {
        return task::get(&services, &caller, task).await;
    }
    let dialog = services.floor.call(move |floor, _| {
        let id = number(&name)?;
        let dialog = floor.dialog(id).ok_or_else(ApiError::dialog_not_found)?;
        let may_see = |agent: &AgentId| caller.agent(floor, agent.as_str()).is_ok();
        match floor.viewers(id).any(may_see) {
            true => Ok(dialog.clone()),
            false => Err(ApiError::not_own(caller.id.as_str())),
        }
    });
    let dialog = dialog.await??;
    Ok(answer::document(|writer| notify::dialog::write(writer, "Dialog", &dialog)))
}

/// PUT: an action of somebody in it. 202 means that the request is on its way to the CTI server.
pub(crate) async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let document = sent.document(&caller, &services.metrics)?;
    if let Ok(task) = name.parse() {
        return task::put(&services, caller.clone(), task, request_id::text_of(&headers), &document).await;
    }
    let call = number(&name)?;
    let wish = wish::of_dialog(call, &document)?;
    ask(&services, caller, &headers, wish, move |floor, id| in_dialog(floor, id, call)).await
}

/// Hands a wish to the floor, if the caller may have it.
async fn ask(
    services: &Services,
    caller: Caller,
    headers: &HeaderMap,
    wish: DialogWish,
    check: impl FnOnce(&Floor, &AgentId) -> Result<(), ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let request_id = request_id::text_of(headers);
    let outcome = services.floor.call(move |floor, now| {
        let agent = caller.id;
        check(floor, &agent)?;
        let told = agent.clone();
        let strict = matches!(wish, DialogWish::Act { act: floor::Act::SendDtmf { .. }, .. });
        floor.request_dialog(now, DialogRequest { agent, action: wish, request_id }).map_err(|refusal| {
            tracing::info!(user = %told, %refusal, "a request about a call was refused");
            ApiError::dialog_refused(&refusal, told.as_str(), strict)
        })
    });
    outcome.await??;
    Ok(answer::accepted())
}

/// The URI names the caller: by loginId, loginName or, as some clients do, by extension.
fn own_dialogs(floor: &Floor, caller: &AgentId, name: &str) -> Result<(), ApiError> {
    let Some(agent) = floor.agent(caller) else { return Err(ApiError::no_supervisor(caller.as_str())) };
    let named = floor.find(name);
    if named.is_some_and(|named| named.id() == caller) || (named.is_none() && agent.extension == name) {
        return Ok(());
    }
    Err(if named.is_none() { ApiError::user_not_found(name) } else { ApiError::not_own(name) })
}

/// The caller is in the dialog.
fn in_dialog(floor: &Floor, caller: &AgentId, call: CallId) -> Result<(), ApiError> {
    floor.dialog(call).ok_or_else(ApiError::dialog_not_found)?;
    match floor.viewers(call).any(|agent| agent == caller) {
        true => Ok(()),
        false => Err(ApiError::not_own(caller.as_str())),
    }
}

/// The dialog's number. A dialog with another kind of name is not there.
fn number(name: &str) -> Result<CallId, ApiError> {
    name.parse().map(CallId).map_err(|_| ApiError::dialog_not_found())
}

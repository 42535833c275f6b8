//! `/Queue/{id}` and `/User/{id}/Queues`: calls that wait.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::resource::Named;
use axum::extract::State;
use axum::response::Response;
use floor::{Queue, QueueId};
use std::sync::Arc;

/// GET of one queue, for everybody who works on the floor.
pub(crate) async fn get(
    State(services): State<Arc<Services>>,
    _caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let answer = services.floor.call(move |floor, _| {
        let queue = name.parse().ok().and_then(|id| floor.queue(QueueId(id))).cloned();
        queue.ok_or_else(|| ApiError::not_found(&name, "There is no such queue"))
    });
    let queue = answer.await??;
    Ok(answer::document(|writer| notify::queue::write(writer, &queue)))
}

/// GET of an agent's queues. COMPAT(finesse): clients look for both tags of an empty list.
pub(crate) async fn list(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let answer = services.floor.call(move |floor, _| {
        let agent = caller.agent(floor, &name)?.id().clone();
        Ok::<Vec<Queue>, ApiError>(floor.queues_of(&agent).cloned().collect())
    });
    let queues = answer.await??;
    Ok(answer::document(|writer| notify::queue::write_list(writer, queues.iter())))
}

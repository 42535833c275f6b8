//! `/Queue/{id}` and `/User/{id}/Queues`: calls that wait.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{self, Deployment, Fault, Operation, Shape, Who, number, parts, text};
use crate::resource::Named;
use axum::extract::State;
use axum::response::Response;
use floor::{Queue, QueueId};
use std::sync::Arc;

const COUNT: Shape = number("", -1, u32::MAX as i64);

const fn count(name: &'static str) -> Shape {
    Shape { name, ..COUNT }
}

const QUEUE: Shape = parts(
    "Queue",
    &[
        text("uri"),
        text("name"),
        parts(
            "statistics",
            &[
                count("callsInQueue"),
                text("startTimeOfLongestCallInQueue"),
                count("agentsReady"),
                count("agentsNotReady"),
                count("agentsBusyOther"),
                count("agentsLoggedOn"),
                count("agentsTalkingInbound"),
                count("agentsTalkingOutbound"),
                count("agentsTalkingInternal"),
                count("agentsWrapUpNotReady"),
                count("agentsWrapUpReady"),
            ],
        ),
    ],
);
const QUEUES: Shape = parts("Queues", &[QUEUE.many()]);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/Queue/{id}", get)
            .title("A queue and its statistics")
            .who(Who::Anybody)
            .only_on(Deployment::Ucce)
            .answers(&QUEUE)
            .fails(&[Fault::NOT_FOUND]),
        operation::get("/User/{id}/Queues", list)
            .title("An agent's queues")
            .who(Who::Own)
            .only_on(Deployment::Ucce)
            .answers(&QUEUES)
            .fails(&[Fault::USER_NOT_FOUND]),
    ]
}

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

//! Tasks: work that is not calls. Agents have them as dialogs (`/User/{id}/Dialogs/Media`, `/Dialog/{id}` with
//! underscores in the id); applications bring them (`/MediaDomain/{mrdId}/Tasks`) and take them back.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::media::{domain_id, reader, unknown_domain};
use crate::operation::{self, Deployment, Fault, Gives, Operation, Shape, Who, number, parts, text};
use crate::resource::{Named, NamedTwice};
use axum::extract::State;
use axum::response::Response;
use floor::AgentId;
use media::{DomainId, NewTask, TaskAction, TaskDialog, TaskId, TaskRequest, Variable};
use std::sync::Arc;
use store::StoreError;
use xml::{Document, Node, child, child_text};

const VARIABLES: Shape =
    parts("callvariables", &[parts("CallVariable", &[text("name"), text("value")]).many()]);
const PARTICIPANT: Shape = parts(
    "Participant",
    &[
        parts("actions", &[text("action").many()]),
        text("mediaAddress"),
        text("startTime"),
        text("state"),
        text("stateChangeTime"),
    ],
);
const PROPERTIES: Shape = parts(
    "mediaProperties",
    &[
        VARIABLES,
        text("dialedNumber"),
        text("dispositionCode").optional(),
        number("mediaId", 2, u32::MAX as i64),
    ],
);
const TASK: Shape = parts(
    "Dialog",
    &[
        text("associatedDialogUri"),
        text("id"),
        PROPERTIES,
        text("mediaType"),
        parts("participants", &[PARTICIPANT.many()]),
        text("state"),
        text("uri"),
    ],
);
const TASKS: Shape = parts("Dialogs", &[TASK.many()]);
const NEW: Shape = parts("Task", &[VARIABLES.optional()]);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/User/{id}/Dialogs/Media", of_agent)
            .title("An agent's tasks")
            .who(Who::OnlyOwn)
            .only_on(Deployment::Ucce)
            .answers(&TASKS)
            .fails(&[Fault::USER_NOT_FOUND]),
        operation::get("/User/{id}/Media/{mrdId}/Dialogs", of_domain)
            .title("An agent's tasks of one media routing domain")
            .who(Who::OnlyOwn)
            .only_on(Deployment::Ucce)
            .answers(&TASKS)
            .fails(&[Fault::USER_NOT_FOUND, Fault::NOT_FOUND]),
        operation::post("/MediaDomain/{mrdId}/Tasks", submit)
            .title("Brings a task, to be offered to an agent (not of the original: its tasks come from elsewhere)")
            .only_on(Deployment::Ucce)
            .takes(&NEW)
            .gives(Gives::Created)
            .fails(&[Fault::PARAMETER_MISSING, Fault::INVALID_INPUT, Fault::NOT_FOUND]),
        operation::delete("/Task/{id}", withdraw)
            .title("Takes a task back that no agent has begun (not of the original)")
            .only_on(Deployment::Ucce)
            .fails(&[Fault::INVALID_INPUT, Fault::NOT_FOUND]),
    ]
}

async fn of_agent(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let (agent, _) = services.floor.call(move |floor, _| reader(floor, &caller, &name)).await??;
    list(&services, agent, None).await
}

async fn of_domain(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(name, domain): NamedTwice,
) -> Result<Response, ApiError> {
    let (agent, _) = services.floor.call(move |floor, _| reader(floor, &caller, &name)).await??;
    let id = domain_id(&domain)?;
    let known = services.media.call(move |media, _| media.domain(id).is_some()).await?;
    if !known {
        return Err(unknown_domain(&domain));
    }
    list(&services, agent, Some(id)).await
}

async fn list(services: &Services, agent: AgentId, domain: Option<DomainId>) -> Result<Response, ApiError> {
    let tasks = services.media.call(move |media, _| media.tasks_of(&agent, domain)).await?;
    Ok(answer::document(|writer| notify::task::write_list(writer, "Dialogs", tasks.iter())))
}

/// GET of one: for its agent and administrators.
pub(crate) async fn get(services: &Services, caller: &Caller, id: TaskId) -> Result<Response, ApiError> {
    let task: Option<TaskDialog> = services.media.call(move |media, _| media.task(id)).await?;
    let task = task.ok_or_else(ApiError::dialog_not_found)?;
    match task.agent == caller.id || caller.is_administrator() {
        true => Ok(answer::document(|writer| notify::task::write(writer, "Dialog", &task))),
        false => Err(ApiError::not_own(caller.id.as_str())),
    }
}

/// PUT: an action of its agent. 202 means that the request was understood; what comes of it is a notification.
pub(crate) async fn put(
    services: &Services,
    caller: Caller,
    id: TaskId,
    request_id: Option<String>,
    document: &Document<'_>,
) -> Result<Response, ApiError> {
    let (action, target) = action(document)?;
    let agent = caller.id;
    let request = TaskRequest { agent: agent.clone(), task: id, action, target, request_id };
    let outcome = services.media.call(move |media, now| media.request_task(now, request)).await?;
    outcome.map_err(|refusal| {
        tracing::info!(user = %agent, %refusal, "a request about a task was refused");
        ApiError::media_refused(&refusal, agent.as_str())
    })?;
    Ok(answer::accepted())
}

/// What a `Dialog` document asks of a task, and where a transfer goes to.
fn action(document: &Document<'_>) -> Result<(TaskAction, Option<String>), ApiError> {
    let root = document.root();
    if root.tag_name().name() != "Dialog" {
        return Err(ApiError::bad_request("The root element is not Dialog"));
    }
    let given = |name: &str| child_text(root, name).filter(|text| !text.is_empty());
    let requested = given("requestedAction").ok_or_else(|| ApiError::parameter_missing("requestedAction"))?;
    let action = TaskAction::parse(&requested).ok_or_else(|| {
        ApiError::invalid_input("requestedAction", "Invalid requestedAction specified for dialog")
    })?;
    let target = given("target").or_else(|| given("toAddress"));
    match (action, target) {
        (TaskAction::Transfer, None) => Err(ApiError::parameter_missing("target")),
        (_, target) => Ok((action, target)),
    }
}

/// POST: the task waits, or is offered at once.
async fn submit(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(domain): Named,
    sent: Sent,
) -> Result<Response, ApiError> {
    let variables = variables(&sent.document(&caller, &services.metrics)?)?;
    let domain = domain_id(&domain)?;
    let new = NewTask { domain, variables };
    may_keep(&services)?;
    let id = services.media.call(move |media, now| media.submit(now, new)).await?;
    let id = id.map_err(|refusal| ApiError::media_refused(&refusal, caller.id.as_str()))?;
    if let Err(error) = kept(&services).await {
        // who is told that it failed brings it again: nobody is to work on it twice
        let _ = services.media.call(move |media, now| media.withdraw(now, id)).await;
        return Err(error);
    }
    Ok(answer::created(&format!("{}/Task/{id}", operation::BASE)))
}

/// DELETE: the customer has given up.
async fn withdraw(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found(&name, "There is no such task");
    let id: TaskId = name.parse().map_err(|_| unknown())?;
    may_keep(&services)?;
    let outcome = services.media.call(move |media, now| media.withdraw(now, id)).await?;
    outcome.map_err(|refusal| match refusal {
        media::Refusal::UnknownTask(_) => unknown(),
        other => ApiError::media_refused(&other, caller.id.as_str()),
    })?;
    kept(&services).await?;
    Ok(answer::done())
}

/// Whether what is answered now would survive a restart. Without a store nothing does, and nobody is promised it.
fn may_keep(services: &Services) -> Result<(), ApiError> {
    let fails = services.store.as_ref().is_some_and(|store| !store.is_ready());
    if fails { Err(StoreError::Unavailable.into()) } else { Ok(()) }
}

/// Waits until what task routing has changed is durable.
async fn kept(services: &Services) -> Result<(), ApiError> {
    let Some(store) = &services.store else { return Ok(()) };
    // its owner hands on what one job has changed before it takes the next
    services.media.call(|_, _| ()).await?;
    Ok(store.settled().await?)
}

fn variables(document: &Document<'_>) -> Result<Vec<Variable>, ApiError> {
    let root = document.root();
    if root.tag_name().name() != "Task" {
        return Err(ApiError::bad_request("The root element is not Task"));
    }
    let all = child(root, "callvariables").into_iter().flat_map(|variables| variables.children());
    all.filter(|variable| variable.tag_name().name() == "CallVariable").map(variable).collect()
}

fn variable(node: Node<'_, '_>) -> Result<Variable, ApiError> {
    let name = child_text(node, "name").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ApiError::parameter_missing("name"))?;
    Ok(Variable { name, value: child_text(node, "value").unwrap_or_default() })
}

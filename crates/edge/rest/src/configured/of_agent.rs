//! What an agent has: `/User/{id}/WrapUpReasons` and its like. TeamResource says the same for a whole team, and is what
//! newer clients ask.

use super::members::{self, Members};
use super::{media_properties_layout, not_found, number, phone_books_of, workflow, wrap_up_reason};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{self, Fault, Operation, Who};
use crate::resource::{Named, NamedTwice};
use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use configuration::WrapUpReason;
use http::request::Parts;
use std::sync::Arc;

pub(super) fn operations() -> Vec<Operation> {
    let own = |operation: Operation, title| operation.title(title).who(Who::Own);
    vec![
        own(
            operation::get("/User/{id}/WrapUpReasons", members::wrap_up_reasons::<OfAgent>),
            "The wrap-up reasons that an agent may give",
        )
        .answers(&wrap_up_reason::LISTED)
        .fails(&[Fault::USER_NOT_FOUND]),
        own(
            operation::get("/User/{id}/WrapUpReason/{reason}", one_wrap_up_reason),
            "A wrap-up reason of an agent",
        )
        .answers(&wrap_up_reason::SHOWN)
        .fails(&[Fault::USER_NOT_FOUND, Fault::NOT_FOUND]),
        own(
            operation::get("/User/{id}/PhoneBooks", members::phone_books::<OfAgent>),
            "An agent's phone books with their contacts",
        )
        .answers(&phone_books_of::LISTED)
        .also(206, phone_books_of::PART)
        .fails(&[Fault::USER_NOT_FOUND, Fault::RANGE_NOT_SATISFIABLE]),
        own(
            operation::get("/User/{id}/Workflows", members::workflows::<OfAgent>),
            "An agent's workflows with their actions",
        )
        .answers(&workflow::FULL_LIST)
        .fails(&[Fault::USER_NOT_FOUND]),
        own(
            operation::get("/User/{id}/MediaPropertiesLayouts", members::layouts::<OfAgent>),
            "The layouts of call data of an agent",
        )
        .answers(&media_properties_layout::LISTED)
        .fails(&[Fault::USER_NOT_FOUND]),
        own(
            operation::get("/User/{id}/MediaPropertiesLayout", layout),
            "The layout of call data that names no other",
        )
        .answers(&media_properties_layout::SHOWN)
        .fails(&[Fault::USER_NOT_FOUND, Fault::NOT_FOUND]),
    ]
}

/// The team of the agent that the path names, if the caller may ask.
async fn team_of(services: &Services, caller: Caller, name: String) -> Result<u32, ApiError> {
    services.floor.call(move |floor, _| Ok(caller.agent(floor, &name)?.profile.team.0)).await?
}

/// The team of that agent.
struct OfAgent(u32);

impl Members for OfAgent {
    fn team(&self) -> u32 {
        self.0
    }
}

impl FromRequestParts<Arc<Services>> for OfAgent {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, services: &Arc<Services>) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, services).await?;
        let Named(name) = Named::from_request_parts(parts, services).await?;
        team_of(services, caller, name).await.map(Self)
    }
}

async fn one_wrap_up_reason(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(name, id): NamedTwice,
) -> Result<Response, ApiError> {
    let team = team_of(&services, caller, name).await?;
    let id = number::<WrapUpReason>(&id)?;
    services.catalogue.read(|all| {
        let found = all.of_team::<WrapUpReason>(team).find(|reason| reason.id == id);
        let found = found.ok_or_else(|| not_found::<WrapUpReason>(id))?;
        Ok(answer::document(|writer| super::Resource::write(&found.value, id, writer, all)))
    })
}

async fn layout(State(services): State<Arc<Services>>, _: OfAgent) -> Result<Response, ApiError> {
    services.catalogue.read(|all| {
        let layout = all
            .default_media_layout()
            .ok_or_else(|| ApiError::not_found("", "There is no default layout"))?;
        Ok(answer::document(|writer| super::Resource::write(&layout.value, layout.id, writer, all)))
    })
}

//! `/TeamResource/{id}/…`: what the members of a team have; the same for each of them.

use super::members::{self, Members};
use super::{media_properties_layout, phone_books_of, workflow, wrap_up_reason};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{self, Fault, Operation, Who};
use crate::reason::{CATEGORY_OR_ALL, REASON_CODES, category_of};
use crate::resource::Named;
use axum::extract::{FromRequestParts, RawQuery, State};
use axum::response::Response;
use floor::TeamId;
use http::request::Parts;
use std::sync::Arc;

pub(super) fn operations() -> Vec<Operation> {
    const FAILS: &[Fault] =
        &[Fault::NOT_FOUND, Fault::NOT_OWN, Fault::INVALID_INPUT, Fault::RANGE_NOT_SATISFIABLE];
    let of_members = |operation: Operation, title| operation.title(title).who(Who::Anybody).fails(FAILS);
    vec![
        of_members(
            operation::get("/TeamResource/{id}/ReasonCodes", reason_codes),
            "The reason codes of a team",
        )
        .query(&[CATEGORY_OR_ALL])
        .answers(&REASON_CODES),
        of_members(
            operation::get("/TeamResource/{id}/WrapUpReasons", members::wrap_up_reasons::<OfTeam>),
            "The wrap-up reasons of a team",
        )
        .answers(&wrap_up_reason::LISTED),
        of_members(
            operation::get("/TeamResource/{id}/PhoneBooks", members::phone_books::<OfTeam>),
            "The phone books of a team with their contacts",
        )
        .answers(&phone_books_of::LISTED)
        .also(206, phone_books_of::PART),
        of_members(
            operation::get("/TeamResource/{id}/Workflows", members::workflows::<OfTeam>),
            "The workflows of a team with their actions",
        )
        .answers(&workflow::FULL_LIST),
        of_members(
            operation::get("/TeamResource/{id}/MediaPropertiesLayouts", members::layouts::<OfTeam>),
            "The layouts of call data of a team",
        )
        .answers(&media_properties_layout::LISTED),
    ]
}

/// The team that the path names, if the caller is of it, watches over it, or is an administrator.
struct OfTeam(u32);

impl Members for OfTeam {
    fn team(&self) -> u32 {
        self.0
    }
}

impl FromRequestParts<Arc<Services>> for OfTeam {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, services: &Arc<Services>) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, services).await?;
        let Named(name) = Named::from_request_parts(parts, services).await?;
        let team = services.floor.call(move |floor, _| {
            let is_member =
                |team: TeamId| floor.find(caller.id.as_str()).is_some_and(|agent| agent.profile.team == team);
            let named = name.parse().ok().map(TeamId).filter(|team| floor.team(*team).is_some());
            match named {
                None => Err(ApiError::not_found(&name, "Invalid teamId specified for team")),
                Some(team) if caller.is_administrator() || is_member(team) => Ok(Self(team.0)),
                Some(team) if floor.supervises(&caller.id, team) => Ok(Self(team.0)),
                Some(_) => Err(ApiError::not_own(caller.id.as_str())),
            }
        });
        team.await?
    }
}

async fn reason_codes(
    State(services): State<Arc<Services>>,
    OfTeam(team): OfTeam,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let category = category_of(query.as_deref())?;
    let codes = services.floor.call(move |floor, _| {
        let codes = floor.reason_codes_of(TeamId(team));
        let codes = codes.filter(|code| category.is_none_or(|category| code.category == category));
        codes.cloned().collect::<Vec<_>>()
    });
    let codes = codes.await?;
    Ok(answer::document(|writer| notify::reason::write_list(writer, category, codes.iter())))
}

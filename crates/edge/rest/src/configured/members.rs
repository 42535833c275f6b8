//! What the members of a team have, whether a client asks for one of them (`/User/{id}/…`) or for the team
//! (`/TeamResource/{id}/…`).

use super::range::Range;
use super::{listed, phone_books_of, workflow};
use crate::Services;
use crate::answer::ApiError;
use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use configuration::{MediaPropertiesLayout, Workflow, WrapUpReason};
use http::HeaderMap;
use std::sync::Arc;

/// Whom the path names; making one is asking whether the caller may.
pub(super) trait Members: FromRequestParts<Arc<Services>, Rejection = ApiError> + Send {
    /// TeamID.
    fn team(&self) -> u32;
}

pub(super) async fn wrap_up_reasons<M: Members>(
    State(services): State<Arc<Services>>,
    members: M,
) -> Response {
    services.catalogue.read(|all| listed(all, all.of_team::<WrapUpReason>(members.team())))
}

pub(super) async fn phone_books<M: Members>(
    State(services): State<Arc<Services>>,
    members: M,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let range = Range::of(&headers)?;
    Ok(services.catalogue.read(|all| phone_books_of::answer(all, members.team(), range)))
}

pub(super) async fn workflows<M: Members>(State(services): State<Arc<Services>>, members: M) -> Response {
    services.catalogue.read(|all| workflow::full(all, all.of_team::<Workflow>(members.team())))
}

/// The layouts are everybody's.
pub(super) async fn layouts<M: Members>(State(services): State<Arc<Services>>, _: M) -> Response {
    services.catalogue.read(|all| listed(all, all.all::<MediaPropertiesLayout>().iter()))
}

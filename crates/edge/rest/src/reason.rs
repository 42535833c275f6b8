//! `/User/{id}/ReasonCodes` and `/User/{id}/ReasonCode/{rid}`: why an agent may be not ready or signed out.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::resource::{Named, NamedTwice, parameter};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use floor::{ReasonCategory, ReasonCode, ReasonCodeId};
use std::sync::Arc;

/// GET of the codes of a category, the system's own included.
pub(crate) async fn list(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let category = parameter(query.as_deref(), "category").filter(|category| !category.is_empty());
    let category = category.ok_or_else(|| ApiError::parameter_missing("category"))?;
    let category = ReasonCategory::parse(category)
        .ok_or_else(|| ApiError::invalid_input("category", "Invalid category specified for reason codes"))?;
    let reasons = services.floor.call(move |floor, _| {
        let agent = caller.agent(floor, &name)?;
        Ok::<Vec<ReasonCode>, ApiError>(floor.reason_codes(agent, category).cloned().collect())
    });
    let reasons = reasons.await??;
    Ok(answer::document(|writer| notify::reason::write_list(writer, category, reasons.iter())))
}

/// GET of one code.
pub(crate) async fn get(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(name, reason): NamedTwice,
) -> Result<Response, ApiError> {
    let reason = services.floor.call(move |floor, _| {
        let agent = caller.agent(floor, &name)?;
        let found = reason.parse().ok().and_then(|id| floor.reason_code(agent, ReasonCodeId(id)));
        found.cloned().ok_or_else(|| ApiError::not_found(&reason, "Invalid reasonCodeId specified"))
    });
    let reason = reason.await??;
    Ok(answer::document(|writer| notify::reason::write(writer, &reason)))
}

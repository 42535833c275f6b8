//! `/User/{id}/ReasonCodes` and `/User/{id}/ReasonCode/{rid}`: why an agent may be not ready or signed out.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{
    self, Fault, Kind, Operation, Query, Shape, Who, attribute, flag, number, parts, text, word,
};
use crate::resource::{Named, NamedTwice, parameter};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use floor::{ReasonCategory, ReasonCode, ReasonCodeId};
use std::sync::Arc;

/// A reason code.
pub(crate) const REASON_CODE: Shape = parts(
    "ReasonCode",
    &[
        text("uri"),
        word("category", CATEGORIES),
        number("code", 0, 65_535),
        text("label"),
        flag("forAll"),
        flag("systemCode"),
    ],
);
pub(crate) const REASON_CODES: Shape = parts("ReasonCodes", &[attribute("category"), REASON_CODE.many()]);
pub(crate) const CATEGORIES: &[&str] = &["NOT_READY", "LOGOUT"];
pub(crate) const CATEGORY: Query = Query { name: "category", kind: Kind::Word(CATEGORIES), needed: true };
pub(crate) const CATEGORY_OR_ALL: Query =
    Query { name: "category", kind: Kind::Word(&["NOT_READY", "LOGOUT", "ALL"]), needed: true };

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/User/{id}/ReasonCodes", list)
            .title("The reason codes of a category that an agent may give")
            .who(Who::Own)
            .query(&[CATEGORY])
            .answers(&REASON_CODES)
            .fails(&[Fault::INVALID_INPUT, Fault::USER_NOT_FOUND]),
        operation::get("/User/{id}/ReasonCode/{reason}", get)
            .title("A reason code of an agent")
            .who(Who::Own)
            .answers(&REASON_CODE)
            .fails(&[Fault::USER_NOT_FOUND, Fault::NOT_FOUND]),
    ]
}

/// The category that a query asks for; `None` for `ALL`.
pub(crate) fn category_of(query: Option<&str>) -> Result<Option<ReasonCategory>, ApiError> {
    let category = parameter(query, "category").filter(|category| !category.is_empty());
    match category.ok_or_else(|| ApiError::parameter_missing("category"))? {
        "ALL" => Ok(None),
        word => ReasonCategory::parse(word).map(Some).ok_or_else(|| {
            ApiError::invalid_input("category", "Invalid category specified for reason codes")
        }),
    }
}

/// GET of the codes of a category, the system's own included.
pub(crate) async fn list(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let category = category_of(query.as_deref())?;
    let reasons = services.floor.call(move |floor, _| {
        let agent = caller.agent(floor, &name)?;
        let codes = floor.reason_codes_of(agent.profile.team);
        let codes = codes.filter(|code| category.is_none_or(|category| code.category == category));
        Ok::<Vec<ReasonCode>, ApiError>(codes.cloned().collect())
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

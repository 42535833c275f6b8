//! `/Team/{id}/…`: what administrators have assigned to a team, beside what is for all.

use super::reading::{named, referred};
use super::{FAULTS, Resource, listed, phone_book, refused_by_any, root, workflow, wrap_up_reason};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::limits::ASSIGNED_BODY_BYTES_MAX;
use crate::operation::{self, Fault, Operation, Shape, parts, text};
use crate::reason::{CATEGORY, REASON_CODES, category_of};
use crate::resource::Named;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use configuration::{Assignable, PhoneBook, ReasonCategory, ReasonCode, Workflow, WrapUpReason};
use floor::TeamId;
use std::sync::Arc;

const REASONS_SENT: Shape = parts("ReasonCodes", &[parts("ReasonCode", &[text("uri")]).many()]);
const WRAP_UPS_SENT: Shape = parts("WrapUpReasons", &[parts("WrapUpReason", &[text("uri")]).many()]);
const BOOKS_SENT: Shape = parts("PhoneBooks", &[parts("PhoneBook", &[text("uri")]).many()]);
const WORKFLOWS_SENT: Shape = parts("Workflows", &[parts("Workflow", &[text("uri")]).many()]);

pub(super) fn operations() -> Vec<Operation> {
    const FAILS: &[Fault] = &[Fault::NOT_FOUND, Fault::INVALID_INPUT];
    let mut all = vec![
        operation::get("/Team/{id}/ReasonCodes", reason_codes)
            .title("The reason codes of a category that are assigned to a team")
            .query(&[CATEGORY])
            .answers(&REASON_CODES)
            .fails(FAILS),
        operation::put("/Team/{id}/ReasonCodes", assign_reason_codes)
            .title("Assigns reason codes of a category to a team, instead of those of before")
            .query(&[CATEGORY])
            .takes(&REASONS_SENT)
            .fails(FAULTS),
    ];
    all.extend(of::<WrapUpReason>(
        "/Team/{id}/WrapUpReasons",
        ["The wrap-up reasons that are assigned to a team", "Assigns wrap-up reasons to a team"],
        [&wrap_up_reason::LISTED, &WRAP_UPS_SENT],
    ));
    all.extend(of::<PhoneBook>(
        "/Team/{id}/PhoneBooks",
        ["The phone books that are assigned to a team", "Assigns phone books to a team"],
        [&phone_book::LISTED, &BOOKS_SENT],
    ));
    all.extend(of::<Workflow>(
        "/Team/{id}/Workflows",
        ["The workflows that are assigned to a team", "Assigns workflows to a team"],
        [&workflow::LISTED, &WORKFLOWS_SENT],
    ));
    all
}

fn of<T: Resource + Assignable>(
    path: &'static str,
    [list_title, assign_title]: [&'static str; 2],
    [shown, sent]: [&'static Shape; 2],
) -> [Operation; 2] {
    [
        operation::get(path, list::<T>).title(list_title).answers(shown).fails(&[Fault::NOT_FOUND]),
        operation::put(path, assign::<T>)
            .title(assign_title)
            .takes(sent)
            .body_bytes_max(ASSIGNED_BODY_BYTES_MAX)
            .listed_max(T::ASSIGNED_MAX + 1)
            .fails(FAULTS),
    ]
}

impl Services {
    /// The team that the path names.
    pub(super) async fn team(&self, name: String) -> Result<u32, ApiError> {
        let team = self.floor.call(move |floor, _| {
            let team = name.parse().ok().map(TeamId).filter(|team| floor.team(*team).is_some());
            team.ok_or_else(|| ApiError::not_found(&name, "Invalid teamId specified for team"))
        });
        Ok(team.await??.0)
    }
}

async fn list<T: Resource + Assignable>(
    State(services): State<Arc<Services>>,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let team = services.team(name).await?;
    Ok(services.catalogue.read(|all| listed(all, all.assigned::<T>(team))))
}

async fn assign<T: Resource + Assignable>(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    sent: Sent,
) -> Result<Response, ApiError> {
    let team = services.team(name).await?;
    let ids = ids::<T>(&sent, &caller, &services)?;
    services.turn(&caller).await.assign::<T>(team, ids).await.map_err(refused_by_any)?;
    services.tell_the_floor::<T>().await;
    Ok(answer::done())
}

/// The objects that a list names by their URIs.
fn ids<T: Resource>(sent: &Sent, caller: &Caller, services: &Services) -> Result<Vec<u32>, ApiError> {
    let document = sent.document(caller, &services.metrics)?;
    named(root(&document, T::LIST)?, T::KIND).map(referred).collect()
}

async fn reason_codes(
    State(services): State<Arc<Services>>,
    Named(name): Named,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let (wanted, category) = one_category(query.as_deref())?;
    let team = services.team(name).await?;
    Ok(services.catalogue.read(|all| {
        answer::document(|writer| {
            writer.open("ReasonCodes").attribute("category", category.name());
            let codes = all.assigned::<ReasonCode>(team).filter(|code| code.value.category == wanted);
            codes.for_each(|code| code.value.write(code.id, writer, all));
            writer.close();
        })
    }))
}

async fn assign_reason_codes(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    RawQuery(query): RawQuery,
    sent: Sent,
) -> Result<Response, ApiError> {
    let (category, _) = one_category(query.as_deref())?;
    let team = services.team(name).await?;
    let ids = ids::<ReasonCode>(&sent, &caller, &services)?;
    let turn = services.turn(&caller).await;
    for id in &ids {
        let is_other = turn.found::<ReasonCode>(*id).is_ok_and(|code| code.value.category != category);
        if is_other {
            return Err(ApiError::invalid_input(
                "uri",
                &format!("uri names ReasonCode {id}, of the other category"),
            ));
        }
    }
    let ids = services.catalogue.read(|all| all.with_reason_codes(team, category, ids));
    turn.assign::<ReasonCode>(team, ids).await.map_err(refused_by_any)?;
    drop(turn);
    services.tell_the_floor::<ReasonCode>().await;
    Ok(answer::done())
}

fn one_category(query: Option<&str>) -> Result<(ReasonCategory, floor::ReasonCategory), ApiError> {
    let both = [ReasonCategory::NotReady, ReasonCategory::Logout];
    let category = category_of(query)?
        .ok_or_else(|| ApiError::invalid_input("category", "Invalid category specified for reason codes"))?;
    let own = both.into_iter().find(|own| crate::catalogue::reasons::category(*own) == category);
    Ok((own.unwrap_or_default(), category))
}

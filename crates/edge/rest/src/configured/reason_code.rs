//! `ReasonCode`: why agents are not ready, or leave.

use super::reading::{flag, number, text, yes_or_no};
use super::{Described, FAULTS, Resource, all_of, told, uri};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::catalogue::reasons::{codes, is_system_reason};
use crate::operation::{self, Fault, Operation, Shape, Verb, parts, word};
use crate::reason::{CATEGORIES, CATEGORY, REASON_CODE, REASON_CODES, category_of};
use crate::resource::Named;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use configuration::limits::REASON_LABEL_BYTES_MAX;
use configuration::{Configuration, ReasonCategory, ReasonCode, SystemReasonLabel};
use std::sync::Arc;
use xml::{Node, Writer, child_text};

const SENT: Shape = parts(
    "ReasonCode",
    &[
        word("category", CATEGORIES),
        operation::number("code", 1, 65_535),
        operation::text("label").bytes_max(REASON_LABEL_BYTES_MAX),
        operation::flag("forAll").optional(),
    ],
);

pub(super) fn operations() -> Vec<Operation> {
    let described = Described {
        list: "/ReasonCodes",
        make: "/ReasonCode",
        one: "/ReasonCode/{id}",
        titles: ["", "Makes a reason code", "", "", "Deletes a reason code"],
        listed: &REASON_CODES,
        shown: &REASON_CODE,
        sent: &SENT,
    };
    // the system's own codes are listed and shown too, and their labels may be changed
    let same = all_of::<ReasonCode>(&described).into_iter();
    let mut all: Vec<Operation> =
        same.filter(|operation| matches!(operation.verb, Verb::Post | Verb::Delete)).collect();
    all.extend([
        operation::get("/ReasonCodes", list)
            .title("All reason codes of a category, those of the system included")
            .query(&[CATEGORY])
            .answers(&REASON_CODES)
            .fails(&[Fault::INVALID_INPUT]),
        operation::get("/ReasonCode/{id}", get)
            .title("A reason code")
            .answers(&REASON_CODE)
            .fails(&[Fault::NOT_FOUND]),
        operation::put("/ReasonCode/{id}", change)
            .title("Changes a reason code; of one of the system's its label")
            .takes(&SENT)
            .fails(FAULTS),
    ]);
    all
}

impl Resource for ReasonCode {
    const LIST: &'static str = "ReasonCodes";
    const PLAIN_FAULTS: bool = true;

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        let category = match child_text(root, "category").as_deref() {
            Some("NOT_READY") => ReasonCategory::NotReady,
            Some("LOGOUT") => ReasonCategory::Logout,
            None | Some("") => before.map(|before| before.category).ok_or_else(|| missing("category"))?,
            Some(_) => {
                return Err(ApiError::bad_parameter("category", "category is neither NOT_READY nor LOGOUT"));
            }
        };
        let code = number(root, "code")
            .map_err(|_| ApiError::bad_parameter("code", "code is no number from 1 to 65535"))?;
        let code = code.or_else(|| before.map(|before| before.code)).ok_or_else(|| missing("code"))?;
        Ok(Self {
            category,
            code,
            label: text(root, "label", before.map(|before| before.label.as_str())),
            for_all: flag(root, "forAll", before.is_some_and(|before| before.for_all))?,
        })
    }

    fn write(&self, id: u32, writer: &mut Writer, _: &Configuration) {
        let category = crate::catalogue::reasons::category(self.category).name();
        writer.open("ReasonCode").leaf("uri", &uri::<Self>(id)).leaf("category", category);
        writer.leaf("code", &self.code.to_string()).leaf("label", &self.label);
        writer.leaf("forAll", yes_or_no(self.for_all)).leaf("systemCode", "false").close();
    }
}

fn missing(name: &'static str) -> ApiError {
    ApiError::bad_parameter(name, &format!("{name} is missing"))
}

async fn list(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let category = category_of(query.as_deref())?;
    let codes = services.catalogue.read(codes);
    let codes = codes.iter().filter(|code| category.is_none_or(|category| code.category == category));
    Ok(answer::document(|writer| notify::reason::write_list(writer, category, codes)))
}

async fn get(State(services): State<Arc<Services>>, Named(id): Named) -> Result<Response, ApiError> {
    let number = super::number::<ReasonCode>(&id)?;
    let code = services.catalogue.read(codes).into_iter().find(|code| code.id.0 == number);
    let code = code.ok_or_else(|| super::not_found::<ReasonCode>(number))?;
    Ok(answer::document(|writer| notify::reason::write(writer, &code)))
}

async fn change(
    state: State<Arc<Services>>,
    caller: Caller,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, ApiError> {
    let number = super::number::<ReasonCode>(&id)?;
    match is_system_reason(number) {
        true => change_label(&state, &caller, number, &sent).await,
        false => super::change::<ReasonCode>(state, caller, Named(id), sent).await,
    }
}

/// One of the system's codes: everything but its label stays.
async fn change_label(
    services: &Services,
    caller: &Caller,
    reason: u32,
    sent: &Sent,
) -> Result<Response, ApiError> {
    let before = services.catalogue.read(codes).into_iter().find(|code| code.id.0 == reason);
    let before = before.ok_or_else(|| super::not_found::<ReasonCode>(reason))?;
    let label = {
        let document = sent.document(caller, &services.metrics)?;
        let root = super::root(&document, "ReasonCode")?;
        let stays =
            |name, value: &str| child_text(root, name).is_none_or(|text| text.is_empty() || text == value);
        if !stays("category", before.category.name())
            || !stays("code", &before.code.to_string())
            || !stays("forAll", "true")
        {
            return Err(ApiError::clash(
                "ReasonCode",
                "of a code of the system only the label can be changed",
            ));
        }
        text(root, "label", Some(&before.label))
    };
    let turn = services.turn(caller).await;
    let put =
        turn.put(|other: &SystemReasonLabel| other.reason == reason, SystemReasonLabel { reason, label });
    put.await.map_err(|refused| told::<ReasonCode>(refused, Some(reason)))?;
    drop(turn);
    services.tell_the_floor::<SystemReasonLabel>().await;
    Ok(answer::done())
}

//! `/Devices`: the phones that share an extension, for whoever signs in there and must choose one.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::operation::{self, Deployment, Kind, Operation, Query, Shape, Who, number, parts, text};
use crate::resource::free_parameter;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use std::sync::Arc;

/// COMPAT(finesse): the path is not public; the elements are those of the original's events.
const DEVICES: Shape = parts(
    "Devices",
    &[parts("Device", &[text("deviceId"), number("deviceType", 0, u32::MAX as i64), text("deviceTypeName")])
        .many()],
);
const EXTENSION: Query = Query { name: "extension", kind: Kind::Text(0), needed: true };

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/Devices", get)
            .title("The devices of an extension")
            .who(Who::Anybody)
            .only_on(Deployment::Ucce)
            .query(&[EXTENSION])
            .answers(&DEVICES),
    ]
}

/// An extension that nothing is known of has none.
async fn get(State(services): State<Arc<Services>>, RawQuery(asked): RawQuery) -> Result<Response, ApiError> {
    let extension = free_parameter(asked.as_deref(), "extension").filter(|extension| !extension.is_empty());
    let extension = extension.ok_or_else(|| ApiError::parameter_missing("extension"))?;
    let terminals = services.floor.call(move |floor, _| floor.terminals(&extension)).await?;
    Ok(answer::document(|writer| {
        writer.open("Devices");
        for terminal in terminals.iter() {
            notify::agent::write_terminal(writer, "Device", terminal);
        }
        writer.close();
    }))
}

//! `/ECCVariableConfig`: the ECC variables that calls may have.

use crate::Services;
use crate::answer;
use crate::operation::{self, Deployment, Operation, Shape, Who, flag, number, parts, text};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// COMPAT(finesse): no public source has the names of the children.
const CONFIG: Shape = parts(
    "ECCVariableConfig",
    &[
        parts(
            "eccVariables",
            &[parts(
                "ECCVariable",
                &[flag("array"), number("arraySize", 1, 255), number("maxLength", 1, 210), text("name")],
            )
            .many()],
        ),
        text("uri"),
    ],
);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ECCVariableConfig", get)
            .title("The ECC variables that calls may have")
            .who(Who::Anybody)
            .only_on(Deployment::Ucce)
            .answers(&CONFIG),
    ]
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    answer::document(|writer| {
        writer.open("ECCVariableConfig").open("eccVariables");
        for variable in &services.site.ecc_variables {
            let size = variable.array_size.map(|size| size.to_string()).unwrap_or_default();
            writer.open("ECCVariable").leaf("array", if size.is_empty() { "false" } else { "true" });
            writer.leaf("arraySize", &size).leaf("maxLength", &variable.value_bytes_max.to_string());
            writer.leaf("name", &variable.name).close();
        }
        writer.close().leaf("uri", "/finesse/api/ECCVariableConfig").close();
    })
}

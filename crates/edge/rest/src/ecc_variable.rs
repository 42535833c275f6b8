//! `/ECCVariableConfig`: the ECC variables that calls may have.

use crate::Services;
use crate::answer;
use crate::operation::{self, Deployment, Operation, Shape, Who, number, parts, text};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// Scalars and arrays alike, as the guide has it: a length is that of each element.
const CONFIG: Shape =
    parts("ECCVariableConfig", &[parts("ECCVariable", &[text("name"), number("length", 1, 210)]).many()]);

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
        writer.open("ECCVariableConfig");
        for variable in &services.site.ecc_variables {
            writer.open("ECCVariable").leaf("name", &variable.name);
            writer.leaf("length", &variable.value_bytes_max.to_string()).close();
        }
        writer.close();
    })
}

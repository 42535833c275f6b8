//! `/openapi.json`: the web service as an OpenAPI document, made from the table of operations.

mod path;
mod schema;

use crate::operation::{BASE, Fault, Gives, Operation, Who, get, paths};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The document. The same for every server of this release.
pub fn openapi() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(write);
    &DOCUMENT
}

pub(crate) fn operations() -> Vec<Operation> {
    vec![get("/openapi.json", document).title("This description").who(Who::Public).gives(Gives::Json)]
}

async fn document() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| openapi().to_string());
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

fn write() -> Value {
    let mut schemas = Map::new();
    let paths: Map<String, Value> =
        paths().iter().map(|path| (path::name(path), path::item(path, &mut schemas))).collect();
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Aplomb, the web service",
            "description": "The Finesse REST API. Bodies are XML; elements may come in any order, and unknown ones \
                are ignored, as unknown query parameters are. Effects of a request answered with 202 are told as \
                notifications, with the request's requestId.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": BASE }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "password": { "type": "http", "scheme": "basic", "description": "loginId or loginName" },
                "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "with SSO or HYBRID" },
            },
        },
    })
}

/// The errors of one status, with the types they may have.
fn error_schema(types: &[&'static str]) -> Value {
    let text = |name: &str| json!({ "type": "string", "xml": { "name": name } });
    json!({
        "type": "object",
        "xml": { "name": "ApiErrors" },
        "required": ["ApiError"],
        "properties": { "ApiError": {
            "type": "object",
            "xml": { "name": "ApiError" },
            "required": ["ErrorType", "ErrorData", "ErrorMessage"],
            "properties": {
                "ErrorType": { "type": "string", "enum": types, "xml": { "name": "ErrorType" } },
                "ErrorData": text("ErrorData"),
                "ErrorMessage": text("ErrorMessage"),
            },
        } },
    })
}

/// The types of one status.
fn types_of(faults: &[Fault], status: u16) -> Vec<&'static str> {
    faults.iter().filter(|fault| fault.0 == status).map(|fault| fault.1).collect()
}

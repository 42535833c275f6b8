//! What pages may ask about the desktop itself: its languages, and the addresses of its files. JSON, with JSON errors, as
//! in the original.

use crate::files;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Value, json};

/// The languages that the page speaks: the locale of requests, and the name in the language itself. A test holds them
/// against the page's own.
const LANGUAGES: [(&str, &str); 2] = [("en_US", "English"), ("ja_JP", "日本語")];

/// COMPAT(finesse): the elements are the original's, of which no source has the address.
pub(crate) async fn languages() -> Response {
    let languages = LANGUAGES.map(|(locale, name)| json!({ "locale": locale, "displayName": name }));
    answer(StatusCode::OK, &languages.into_iter().collect())
}

/// The addresses of the desktop's own files, or of gadgets' files, of which this server keeps none.
pub(crate) async fn resource_urls(RawQuery(query): RawQuery) -> Response {
    let pairs = query.iter().flat_map(|query| query.split('&')).filter_map(|pair| pair.split_once('='));
    let kind = pairs.filter(|(name, _)| *name == "type").map(|(_, kind)| kind).next();
    match kind {
        Some("desktop") => answer(StatusCode::OK, &files::addresses().into()),
        Some("3rdParty") => answer(StatusCode::OK, &json!([])),
        None | Some("") => refused("Parameter Missing", "Type Parameter missing"),
        Some(_) => refused("Invalid Input", "type is neither desktop nor 3rdParty"),
    }
}

fn refused(error_type: &str, message: &str) -> Response {
    let error = json!({ "ErrorType": error_type, "ErrorData": "type", "ErrorMessage": message });
    answer(StatusCode::BAD_REQUEST, &json!({ "ApiErrors": { "ApiError": error } }))
}

fn answer(status: StatusCode, value: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], value.to_string())
        .into_response()
}

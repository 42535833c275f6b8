//! `/User/{id}/ClientLog` and `/User/{id}/CompressedClientLog`: what a desktop sends in to explain itself.

use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::limits::{CLIENT_LOG_BODY_BYTES_MAX, CLIENT_LOG_CHARS_MAX};
use crate::operation::{self, Fault, Gives, Operation, Shape, Who, parts, text};
use crate::resource::Named;
use crate::{Services, request_id};
use axum::extract::State;
use axum::response::Response;
use floor::AgentId;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use notify::{Announced, node};
use std::sync::Arc;
use store::ClientLogBody;
use xml::child_text;

const CLIENT_LOG: Shape = parts("ClientLog", &[text("logData")]);

/// How every zip archive begins.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::post("/User/{id}/ClientLog", plain)
            .title("Sends a client log in")
            .who(Who::OnlyOwn)
            .takes(&CLIENT_LOG)
            .body_bytes_max(CLIENT_LOG_BODY_BYTES_MAX)
            .gives(Gives::Accepted)
            .fails(&[Fault::PARAMETER_MISSING, Fault::INVALID_INPUT, Fault::USER_NOT_FOUND]),
        // COMPAT(finesse): no source has the media type.
        operation::post("/User/{id}/CompressedClientLog", compressed)
            .title("Sends a client log in as a zip archive")
            .who(Who::OnlyOwn)
            .takes_data(&["application/zip", "application/x-zip-compressed", "application/octet-stream"])
            .body_bytes_max(store::limits::CLIENT_LOG_BYTES_MAX)
            .gives(Gives::Accepted)
            .fails(&[Fault::PARAMETER_MISSING, Fault::INVALID_INPUT, Fault::USER_NOT_FOUND]),
    ]
}

async fn plain(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let log = {
        let document = sent.document(&caller, &services.metrics)?;
        if document.root().tag_name().name() != "ClientLog" {
            return Err(ApiError::bad_request("The root element is not ClientLog"));
        }
        child_text(document.root(), "logData").filter(|log| !log.is_empty())
    };
    let log = log.ok_or_else(|| ApiError::parameter_missing("logData"))?;
    if log.chars().count() > CLIENT_LOG_CHARS_MAX {
        let message = format!("logData has more than {CLIENT_LOG_CHARS_MAX} characters");
        return Err(ApiError::invalid_input("logData", &message));
    }
    keep(&services, &caller, &name, &headers, ClientLogBody::Text(log)).await
}

async fn compressed(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let bytes = sent.bytes();
    if bytes.is_empty() {
        return Err(ApiError::parameter_missing("logData"));
    }
    if !ZIP.iter().any(|start| bytes.starts_with(start)) {
        return Err(ApiError::invalid_input("logData", "The body is not a zip archive"));
    }
    keep(&services, &caller, &name, &headers, ClientLogBody::Zip(bytes.to_vec())).await
}

/// The header of the answer with the number by which administrators find the log.
pub const CLIENT_LOG_NUMBER: HeaderName = HeaderName::from_static("client-log-number");

/// 202 when it is on disk; then whoever waits for it on the node is told.
async fn keep(
    services: &Services,
    caller: &Caller,
    name: &str,
    headers: &HeaderMap,
    body: ClientLogBody,
) -> Result<Response, ApiError> {
    let agent = own(services, caller, name).await?;
    let store = services.store()?;
    let number = store.keep_client_log(agent.to_string(), Timestamp::now(), body).await?;
    tracing::info!(user = %agent, number, "a client log was kept");
    let node = node::client_log(&agent);
    let request_id = request_id::text_of(headers);
    let written =
        notify::announcement(node.clone(), &node, request_id.as_deref(), Announced::Added, |writer| {
            writer.open("clientLog").close();
        });
    services.announce(written).await;
    let mut response = answer::accepted();
    response.headers_mut().insert(CLIENT_LOG_NUMBER, HeaderValue::from(number));
    Ok(response)
}

/// The agent that the URI names, if it is the caller.
async fn own(services: &Services, caller: &Caller, name: &str) -> Result<AgentId, ApiError> {
    let (caller, name) = (caller.id.clone(), name.to_owned());
    let named = services.floor.call(move |floor, _| {
        let agent = floor.find(&name).ok_or_else(|| ApiError::user_not_found(&name))?;
        if *agent.id() == caller { Ok(caller) } else { Err(ApiError::not_own(&name)) }
    });
    named.await?
}

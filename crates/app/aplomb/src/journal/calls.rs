//! Calls of the web service with credentials that were refused.

use super::Journal;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use rest::RefusedSignIn;
use std::net::SocketAddr;

/// The web service, with the journal behind it.
pub(crate) async fn note_refused_calls(
    State(journal): State<Journal>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    if let Some(refused) = response.extensions().get::<RefusedSignIn>() {
        journal.note_refused(Timestamp::now(), &refused.name, "rest", address, &refused.why);
    }
    response
}

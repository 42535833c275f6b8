//! Requests to the web service, as the original logs them: when one begins, and when it is answered.

use super::FinesseLog;
use crate::journal::basic_name;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const THREAD: &str = "http-bio-8445-exec-1";

/// The web service, with its requests in the log. What is behind the question mark is left out.
pub(crate) async fn log_requests(State(log): State<FinesseLog>, request: Request, next: Next) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    if !log.is_on() {
        return next.run(request).await;
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = request.headers().get(AUTHORIZATION).and_then(basic_name).unwrap_or_default();
    let mut pairs = vec![
        ("REQUEST_URL", request.uri().path().to_owned()),
        ("request_identifier", number.to_string()),
        ("request_method", request.method().to_string()),
    ];
    log.event(Timestamp::now(), THREAD, "REQUEST_START", pairs.clone(), "Request start");
    let begun = Instant::now();
    let response = next.run(request).await;
    if response.status() != StatusCode::UNAUTHORIZED {
        // until then it may be a password in the wrong field
        pairs.extend([("agent_id", name.clone()), ("usr", name)]);
    }
    pairs.push(("response_code", response.status().as_u16().to_string()));
    pairs.push(("elapsed_time_ms", begun.elapsed().as_millis().to_string()));
    log.event(Timestamp::now(), THREAD, "REQUEST_END", pairs, "Request complete");
    response
}

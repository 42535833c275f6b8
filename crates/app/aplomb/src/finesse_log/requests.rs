//! Requests to the web service, as the original logs them: when one begins, and when it is answered.

use super::FinesseLog;
use ::store::Store;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use rest::Answered;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const THREAD: &str = "http-bio-8445-exec-1";

/// The web service, with its requests in the log. What is behind the question mark is left out, and whoever asks is named
/// by the answer: until then the name may be a password in the wrong field.
pub(crate) async fn log_requests(
    State((log, store)): State<(FinesseLog, Option<Store>)>,
    request: Request,
    next: Next,
) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    if !log.is_on() {
        return next.run(request).await;
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut pairs = vec![
        ("REQUEST_URL", request.uri().path().to_owned()),
        ("request_identifier", number.to_string()),
        ("request_method", request.method().to_string()),
    ];
    log.event(Timestamp::now(), THREAD, "REQUEST_START", pairs.clone(), "Request start");
    let begun = Instant::now();
    let response = next.run(request).await;
    if let Some(Answered { id }) = response.extensions().get() {
        pairs.extend([("agent_id", id.clone()), ("usr", id.clone())]);
        if let (Some(number), Some(store)) = (client_log(&response), store) {
            tokio::spawn(copy(log.clone(), store, id.clone(), number));
        }
    }
    pairs.push(("response_code", response.status().as_u16().to_string()));
    pairs.push(("elapsed_time_ms", begun.elapsed().as_millis().to_string()));
    log.event(Timestamp::now(), THREAD, "REQUEST_END", pairs, "Request complete");
    response
}

/// The number of the client log that came with this request, and is in the store now.
fn client_log(response: &Response) -> Option<u64> {
    response.headers().get(rest::CLIENT_LOG_NUMBER)?.to_str().ok()?.parse().ok()
}

/// A client log that is in the store also becomes a file.
async fn copy(log: FinesseLog, store: Store, agent: String, number: u64) {
    match store.client_log(number).await {
        Ok(Some(body)) => log.client_log(Timestamp::now(), &agent, number, body),
        // the newer ones have taken its place already
        Ok(None) => {}
        Err(error) => tracing::warn!(number, %error, "a client log is in the store only"),
    }
}

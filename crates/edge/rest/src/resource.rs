//! What all resources share: their names in the path, parameters, and what every answer carries.

use crate::answer::ApiError;
use crate::{Services, request_id};
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::request::Parts;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;

const X_REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");

/// What stands in the path for the one thing that is named.
pub(crate) struct Named(pub(crate) String);

/// What stands in the path for the two things that are named.
pub(crate) struct NamedTwice(pub(crate) String, pub(crate) String);

impl FromRequestParts<Arc<Services>> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, services: &Arc<Services>) -> Result<Self, ApiError> {
        let Path(name) = Path::from_request_parts(parts, services).await.map_err(|_| unreadable_path())?;
        Ok(Self(name))
    }
}

impl FromRequestParts<Arc<Services>> for NamedTwice {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, services: &Arc<Services>) -> Result<Self, ApiError> {
        let Path((first, second)) =
            Path::from_request_parts(parts, services).await.map_err(|_| unreadable_path())?;
        Ok(Self(first, second))
    }
}

fn unreadable_path() -> ApiError {
    ApiError::bad_request("The path is not UTF-8")
}

/// The value of a query parameter. The values we know are plain words, so nothing is unescaped; parameters we
/// do not know (`nocache`) are ignored.
pub(crate) fn parameter<'a>(query: Option<&'a str>, name: &str) -> Option<&'a str> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

/// The same with its escapes undone, for values that may have any character. A plus is a plus: numbers begin with it.
pub(crate) fn free_parameter(query: Option<&str>, name: &str) -> Option<String> {
    let value = percent_encoding::percent_decode_str(parameter(query, name)?);
    Some(value.decode_utf8_lossy().into_owned())
}

/// No such resource.
pub(crate) async fn unknown() -> ApiError {
    ApiError::not_found("", "There is no such resource")
}

/// The answer, or 500 where there is none because of a mistake of ours: one request fails, not the connection with all
/// that is on it.
async fn unless_it_panics(answer: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a request made the server panic: a mistake in the program");
        ApiError::internal().into_response()
    })
}

/// Gives every answer what it must carry, and counts it.
pub(crate) async fn finish(State(services): State<Arc<Services>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().cloned();
    let request_id = request_id::of(request.headers()).cloned();
    let from_script = request
        .headers()
        .get(X_REQUESTED_WITH)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"XMLHttpRequest"));

    // Whatever is logged on the way names the peer. At the level of errors, so that no filter takes it away.
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let span = tracing::error_span!("rest", peer = peer.map(tracing::field::display));
    span.in_scope(|| request_id::warn_if_dropped(request.headers()));
    let mut response = unless_it_panics(next.run(request)).instrument(span).await;

    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    if let Some(request_id) = request_id.filter(|_| status != StatusCode::ACCEPTED) {
        headers.insert(request_id::REQUEST_ID, request_id);
    }
    if from_script {
        // A browser would answer it with a window of its own in front of the page's sign-in form.
        headers.remove(WWW_AUTHENTICATE);
    }
    let pattern = pattern.as_ref().map_or("other", MatchedPath::as_str);
    services.metrics.count_request(pattern, &method, status, begun.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::{free_parameter, parameter, unless_it_panics};
    use axum::response::IntoResponse;
    use http::StatusCode;

    #[tokio::test]
    async fn a_panic_is_500_with_an_error_that_clients_can_read() {
        let answer = unless_it_panics(async { panic!("as a mistake would") }).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains("<ErrorType>Internal Server Error</ErrorType>"), "{body}");
        assert_eq!(unless_it_panics(async { StatusCode::OK.into_response() }).await.status(), StatusCode::OK);
    }

    #[test]
    fn a_parameter_may_be_escaped_and_a_plus_is_a_plus() {
        assert_eq!(free_parameter(Some("extension=%2B1555"), "extension").as_deref(), Some("+1555"));
        assert_eq!(free_parameter(Some("extension=+1555"), "extension").as_deref(), Some("+1555"));
        assert_eq!(free_parameter(Some("extension=%ff"), "extension").as_deref(), Some("\u{FFFD}"));
        assert_eq!(free_parameter(Some("other=1"), "extension"), None);
    }

    #[test]
    fn a_parameter_is_found_among_others() {
        let query = Some("nocache=1&category=LOGOUT&x");
        assert_eq!(parameter(query, "category"), Some("LOGOUT"));
        assert_eq!(parameter(query, "x"), None);
        assert_eq!(parameter(None, "category"), None);
        assert_eq!(parameter(Some("category="), "category"), Some(""));
    }
}

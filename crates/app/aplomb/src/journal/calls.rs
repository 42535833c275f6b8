//! Calls of the web service: those with credentials that were refused, and when a user was last answered.

use super::Journal;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use rest::RefusedSignIn;
use std::net::SocketAddr;
use std::sync::PoisonError;

/// Bytes of a name in credentials.
const NAME_BYTES_MAX: usize = 256;

/// Names that the web service answered: two spellings each of the largest site.
const ANSWERED_MAX: usize = 65_536;

/// The web service, with the journal behind it.
pub(crate) async fn note_refused_calls(
    State(journal): State<Journal>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let name = request.headers().get(AUTHORIZATION).and_then(basic_name);
    let response = next.run(request).await;
    if let Some(name) = name.filter(|_| response.status() != StatusCode::UNAUTHORIZED) {
        journal.note_answered(name, Timestamp::now());
    }
    if let Some(refused) = response.extensions().get::<RefusedSignIn>() {
        journal.note_refused(Timestamp::now(), &refused.name, "rest", address, &refused.why);
    }
    response
}

/// The name in `Basic` credentials (RFC 7617).
fn basic_name(value: &HeaderValue) -> Option<String> {
    let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim()).ok()?;
    let end = decoded.iter().position(|byte| *byte == b':')?;
    String::from_utf8(decoded.get(..end)?.to_vec()).ok().filter(|name| name.len() <= NAME_BYTES_MAX)
}

impl Journal {
    /// The web service has just answered somebody who may sign in.
    fn note_answered(&self, name: String, at: Timestamp) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.len() >= ANSWERED_MAX && !answered.contains_key(&name) {
            answered.clear();
        }
        answered.insert(name, at);
    }

    /// When that was last, if it was later.
    pub(super) fn rest_seen(&self, user: Option<&str>, later_than: Timestamp) -> Option<Timestamp> {
        let user = user?;
        let login = self.login_name(user);
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let at =
            [Some(user), login.as_deref()].into_iter().flatten().filter_map(|name| answered.get(name)).max();
        at.copied().filter(|at| *at > later_than).map(super::to_millis)
    }
}

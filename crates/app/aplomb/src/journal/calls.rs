//! Calls of the web service: those with credentials that were refused, and when a user was last answered.

use super::{Journal, What};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use notification::printable;
use rest::RefusedSignIn;
use std::net::SocketAddr;
use std::sync::PoisonError;

/// Bytes of a name in credentials.
const NAME_BYTES_MAX: usize = 256;

/// Characters of a change: method and path.
const ACTION_CHARS_MAX: usize = 120;

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
    let change = change(request.method(), request.uri().path());
    let response = next.run(request).await;
    if let (Some(change), Some(name), true) = (&change, &name, response.status().is_success()) {
        journal.note_action(name, change);
    }
    if let Some(name) = name.filter(|_| response.status() != StatusCode::UNAUTHORIZED) {
        journal.note_answered(name, Timestamp::now());
    }
    if let Some(refused) = response.extensions().get::<RefusedSignIn>() {
        journal.note_refused(Timestamp::now(), &refused.name, "rest", address, &refused.why);
    }
    response
}

/// The name in `Basic` credentials (RFC 7617).
pub(crate) fn basic_name(value: &HeaderValue) -> Option<String> {
    let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim()).ok()?;
    let end = decoded.iter().position(|byte| *byte == b':')?;
    String::from_utf8(decoded.get(..end)?.to_vec()).ok().filter(|name| name.len() <= NAME_BYTES_MAX)
}

/// What is asked to be changed, if it is not a call's: the method and the path below the API's.
fn change(method: &Method, path: &str) -> Option<String> {
    let path = path.strip_prefix("/finesse/api/")?;
    let is_reading = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let is_of_calls = path.contains("Dialog") || path.ends_with("ClientLog");
    // numbers of phones are no part of any other path
    (!is_reading && !is_of_calls).then(|| printable(&format!("{method} {path}"), ACTION_CHARS_MAX))
}

impl Journal {
    /// Somebody changed what is not the own state: a reason, a team's list, another agent's state.
    fn note_action(&self, name: &str, change: &str) {
        let Some(by) = self.user_named(name) else { return };
        let own = [Some(by.clone()), self.login_name(&by)];
        let of = change.split_once(" User/").map(|(_, path)| path.split('/').next().unwrap_or_default());
        if of.is_none_or(|of| !own.iter().flatten().any(|own| own.eq_ignore_ascii_case(of))) {
            self.note_now(What::AdminAction { by, action: change.to_owned() });
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_something_but_a_call_is_an_action() {
        let of = |method: Method, path: &str| change(&method, path);
        assert_eq!(of(Method::PUT, "/finesse/api/User/1001004").unwrap(), "PUT User/1001004");
        assert_eq!(of(Method::DELETE, "/finesse/api/ReasonCode/7").unwrap(), "DELETE ReasonCode/7");
        for (method, path) in [
            (Method::GET, "/finesse/api/User/1001004"),
            (Method::POST, "/finesse/api/User/1001004/Dialogs"),
            (Method::PUT, "/finesse/api/Dialog/12"),
            (Method::POST, "/finesse/api/User/1001004/ClientLog"),
            (Method::POST, "/elsewhere"),
        ] {
            assert_eq!(of(method, path), None, "{path}");
        }
        let hostile = of(Method::PUT, &format!("/finesse/api/\u{9b}2J{}", "x".repeat(9_999))).unwrap();
        assert!(hostile.chars().count() <= ACTION_CHARS_MAX && !hostile.contains('\u{9b}'));
    }
}

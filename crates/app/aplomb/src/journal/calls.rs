//! Calls of the web service: those with credentials that were refused, and when a user was last answered.

use super::{Journal, What};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use jiff::Timestamp;
use notification::printable;
use rest::{Answered, RefusedSignIn};
use std::net::SocketAddr;
use std::sync::PoisonError;

/// Characters of a change: method and path.
const ACTION_CHARS_MAX: usize = 120;

/// Users whom the web service answered: the largest site.
const ANSWERED_MAX: usize = 65_536;

/// The web service, with the journal behind it.
pub(crate) async fn note_refused_calls(
    State(journal): State<Journal>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let change = change(request.method(), request.uri().path());
    let response = next.run(request).await;
    if let Some(Answered { id }) = response.extensions().get() {
        if let (Some(change), true) = (&change, response.status().is_success()) {
            journal.note_action(id, change);
        }
        journal.note_answered(id.clone(), Timestamp::now());
    }
    if let Some(refused) = response.extensions().get::<RefusedSignIn>() {
        journal.note_refused(Timestamp::now(), &refused.name, "rest", address, &refused.why);
    }
    response
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
    fn note_action(&self, by: &str, change: &str) {
        let own = [Some(by.to_owned()), self.login_name(by)];
        let of = change.split_once(" User/").map(|(_, path)| path.split('/').next().unwrap_or_default());
        if of.is_none_or(|of| !own.iter().flatten().any(|own| own.eq_ignore_ascii_case(of))) {
            self.note_now(What::AdminAction { by: by.to_owned(), action: change.to_owned() });
        }
    }

    /// The web service has just answered somebody who may sign in.
    fn note_answered(&self, id: String, at: Timestamp) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.len() >= ANSWERED_MAX && !answered.contains_key(&id) {
            answered.clear();
        }
        answered.insert(id, at);
    }

    /// When that was last, if it was later.
    pub(super) fn rest_seen(&self, user: Option<&str>, later_than: Timestamp) -> Option<Timestamp> {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let at = answered.get(user?);
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

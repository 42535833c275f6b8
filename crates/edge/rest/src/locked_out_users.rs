//! `/LockedOutUsers`: who is locked after wrong passwords, and letting one in again.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{self, Fault, Operation, Shape, Who, parts, text};
use crate::resource::Named;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use notify::agent::time_text;
use std::sync::Arc;

/// COMPAT(finesse): of the original's only the name is public.
const LOCKED: Shape = parts(
    "LockedOutUsers",
    &[parts("LockedOutUser", &[text("lockedUntil"), text("loginId"), text("loginName"), text("uri")]).many()],
);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/LockedOutUsers", list)
            .title("The users who are locked after wrong passwords")
            .who(Who::Operators)
            .answers(&LOCKED),
        operation::delete("/LockedOutUser/{id}", unlock)
            .title("Ends a user's lock")
            .who(Who::Operators)
            .fails(&[Fault::USER_NOT_FOUND, Fault::NOT_FOUND]),
    ]
}

/// Only users that there are: names that somebody made up are locked as well, and are nobody's business.
async fn list(State(services): State<Arc<Services>>) -> Response {
    let now = Timestamp::now();
    answer::document(|writer| {
        writer.open("LockedOutUsers");
        for (account, lasts) in services.credentials.locked() {
            let until = now.saturating_add(lasts).unwrap_or(now);
            writer.open("LockedOutUser").leaf("lockedUntil", &time_text(until));
            writer.leaf("loginId", &account.id).leaf("loginName", &account.login_name);
            writer.leaf("uri", &format!("{}/LockedOutUser/{}", operation::BASE, account.id)).close();
        }
        writer.close();
    })
}

/// In the audit trail before it takes effect.
async fn unlock(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let account = services.credentials.find(&name).ok_or_else(|| ApiError::user_not_found(&name))?;
    let not_locked = || ApiError::not_found(&name, "This user is not locked");
    if !services.credentials.locked().iter().any(|(locked, _)| locked.id == account.id) {
        return Err(not_locked());
    }
    if let Some(store) = &services.store {
        store.note_act("unlock", "Lock", account.id.clone(), caller.by()).await?;
    }
    if !services.credentials.unlock(&account.id) {
        return Err(not_locked());
    }
    tracing::info!(user = %account.id, by = %caller.id, "a lock after wrong passwords was ended");
    Ok(answer::done())
}

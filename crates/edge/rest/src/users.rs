//! `/Users`: everyone who works on the floor, for administrators.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::operation::{self, Operation, Shape, Who, parts};
use crate::user::USER;
use axum::extract::State;
use axum::response::Response;
use floor::Agent;
use std::sync::Arc;

const USERS: Shape = parts("Users", &[USER.many()]);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/Users", list)
            .title("Everyone who works on the floor, by loginId")
            .who(Who::Administrators)
            .answers(&USERS),
    ]
}

async fn list(State(services): State<Arc<Services>>, _caller: Caller) -> Result<Response, ApiError> {
    let agents: Vec<Agent> = services.floor.call(|floor, _| floor.agents().cloned().collect()).await?;
    Ok(answer::document(|writer| {
        writer.open("Users");
        for agent in &agents {
            notify::agent::write(writer, "User", agent);
        }
        writer.close();
    }))
}

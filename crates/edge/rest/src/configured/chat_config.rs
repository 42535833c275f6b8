//! `ChatConfig`: where the desktop's chat is.

use super::reading::text;
use super::{FAULTS, refused_by_any, root};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Operation, Shape, Who, parts};
use axum::extract::State;
use axum::response::Response;
use configuration::ChatConfig;
use std::sync::Arc;

const SHOWN: Shape = parts(
    "ChatConfig",
    &[operation::text("uri"), operation::text("primaryNode"), operation::text("secondaryNode")],
);
const SENT: Shape = parts(
    "ChatConfig",
    &[operation::text("primaryNode").optional(), operation::text("secondaryNode").optional()],
);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ChatConfig", get)
            .title("Where the desktop's chat is")
            .who(Who::Anybody)
            .answers(&SHOWN),
        operation::put("/ChatConfig", put)
            .title("Says where the desktop's chat is")
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    let chat = services.the::<ChatConfig>();
    answer::document(|writer| {
        writer.open("ChatConfig").leaf("uri", "/finesse/api/ChatConfig");
        writer.leaf("primaryNode", &chat.primary_url).leaf("secondaryNode", &chat.secondary_url).close();
    })
}

async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let before = services.the::<ChatConfig>();
    let chat = {
        let document = sent.document(&caller, &services.metrics)?;
        let root = root(&document, "ChatConfig")?;
        ChatConfig {
            primary_url: text(root, "primaryNode", Some(&before.primary_url)),
            secondary_url: text(root, "secondaryNode", Some(&before.secondary_url)),
        }
    };
    turn.put(|_: &ChatConfig| true, chat).await.map_err(refused_by_any)?;
    Ok(answer::done())
}

//! `ClusterConfig`: the other node of the pair. `SystemInfo` tells clients of it at once.

use super::reading::text;
use super::{FAULTS, refused_by_any, root};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Deployment, Operation, Shape, parts};
use axum::extract::State;
use axum::response::Response;
use configuration::ClusterConfig;
use configuration::limits::HOST_BYTES_MAX;
use std::sync::Arc;
use xml::child;

const NODE: Shape = parts("secondaryNode", &[operation::text("host").bytes_max(HOST_BYTES_MAX)]);
const SHOWN: Shape = parts("ClusterConfig", &[operation::text("uri"), NODE]);
const SENT: Shape = parts("ClusterConfig", &[NODE]);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ClusterConfig", get).title("The other node of the pair").answers(&SHOWN),
        operation::put("/ClusterConfig", put)
            .title("Names the other node of the pair; an empty host for none")
            .only_on(Deployment::Ucce)
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    let host = services.catalogue.identity(&services.system).secondary_host.unwrap_or_default();
    answer::document(|writer| {
        writer.open("ClusterConfig").leaf("uri", "/finesse/api/ClusterConfig");
        writer.open("secondaryNode").leaf("host", &host).close().close();
    })
}

async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let cluster = {
        let document = sent.document(&caller, &services.metrics)?;
        let node = child(root(&document, "ClusterConfig")?, "secondaryNode");
        let node = node.ok_or_else(|| ApiError::parameter_missing("secondaryNode"))?;
        child(node, "host").ok_or_else(|| ApiError::parameter_missing("host"))?;
        ClusterConfig { secondary_host: text(node, "host", None) }
    };
    turn.put(|_: &ClusterConfig| true, cluster).await.map_err(refused_by_any)?;
    drop(turn);
    if services.floor.call(|floor, now| floor.tell_system(now)).await.is_err() {
        tracing::error!(
            "the floor is too busy to tell of the other node; SystemInfo has it when it is asked"
        );
    }
    Ok(answer::done())
}

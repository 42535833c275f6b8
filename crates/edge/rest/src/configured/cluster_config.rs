//! `ClusterConfig`: the other node of the pair. `SystemInfo` tells clients of it at once.

use super::FAULTS;
use super::reading::text;
use super::single::{self, Single, get};
use crate::Services;
use crate::answer::ApiError;
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Deployment, Operation, Shape, parts};
use axum::extract::State;
use axum::response::Response;
use configuration::ClusterConfig;
use configuration::limits::HOST_BYTES_MAX;
use std::sync::Arc;
use xml::{Node, Writer, child};

const NODE: Shape = parts("secondaryNode", &[operation::text("host").bytes_max(HOST_BYTES_MAX)]);
const SHOWN: Shape = parts("ClusterConfig", &[operation::text("uri"), NODE]);
const SENT: Shape = parts("ClusterConfig", &[NODE]);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ClusterConfig", get::<ClusterConfig>)
            .title("The other node of the pair")
            .answers(&SHOWN),
        operation::put("/ClusterConfig", put)
            .title("Names the other node of the pair; an empty host for none")
            .only_on(Deployment::Ucce)
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

impl Single for ClusterConfig {
    fn present(services: &Services) -> Self {
        let identity = services.catalogue.identity(&services.system);
        Self { secondary_host: identity.secondary_host.unwrap_or_default() }
    }

    fn read(root: Node<'_, '_>, _: &Self, _: &Services) -> Result<Self, ApiError> {
        let node = child(root, "secondaryNode");
        let node = node.ok_or_else(|| ApiError::parameter_missing("secondaryNode"))?;
        child(node, "host").ok_or_else(|| ApiError::parameter_missing("host"))?;
        Ok(Self { secondary_host: text(node, "host", None) })
    }

    fn write(&self, writer: &mut Writer) {
        writer.open("secondaryNode").leaf("host", &self.secondary_host).close();
    }
}

async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let answer = single::put::<ClusterConfig>(State(services.clone()), caller, sent).await?;
    if services.floor.call(|floor, now| floor.tell_system(now)).await.is_err() {
        tracing::error!(
            "the floor is too busy to tell of the other node; SystemInfo has it when it is asked"
        );
    }
    Ok(answer)
}

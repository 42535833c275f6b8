//! `SystemConfig`: where the CTI server is. In force from the next start on, as with the original.

use super::reading::{flag, number, text, yes_or_no};
use super::{FAULTS, refused_by_any, root};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Deployment, Operation, Shape, parts};
use axum::extract::State;
use axum::response::Response;
use configuration::SystemConfig;
use configuration::limits::HOST_BYTES_MAX;
use std::sync::Arc;
use xml::{Node, child};

const HOST: Shape = operation::text("host").bytes_max(HOST_BYTES_MAX);
const PORT: Shape = operation::number("port", 1, u16::MAX as i64);
const BACKUP_HOST: Shape = operation::text("backupHost").bytes_max(HOST_BYTES_MAX);
const BACKUP_PORT: Shape = operation::number("backupPort", 1, u16::MAX as i64);
const PERIPHERAL_ID: Shape = operation::number("peripheralId", 0, u32::MAX as i64);
const SECURE: Shape = operation::flag("secure");
const SHOWN: Shape = parts(
    "SystemConfig",
    &[operation::text("uri"), parts("cti", &[HOST, PORT, BACKUP_HOST, BACKUP_PORT, PERIPHERAL_ID, SECURE])],
);
const SENT: Shape = parts(
    "SystemConfig",
    &[parts(
        "cti",
        &[
            HOST,
            PORT,
            BACKUP_HOST.optional(),
            BACKUP_PORT.optional(),
            PERIPHERAL_ID.optional(),
            SECURE.optional(),
        ],
    )],
);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/SystemConfig", get)
            .title("Where the CTI server is")
            .only_on(Deployment::Ucce)
            .answers(&SHOWN),
        operation::put("/SystemConfig", put)
            .title("Says where the CTI server is, from the next start on")
            .only_on(Deployment::Ucce)
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

impl Services {
    /// What an administrator has said, or else the settings.
    fn system_config(&self) -> SystemConfig {
        self.catalogue.system_config().unwrap_or_else(|| self.site.cti.clone())
    }
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    let cti = services.system_config();
    let port = |port: u16| if port == 0 { String::new() } else { port.to_string() };
    answer::document(|writer| {
        writer.open("SystemConfig").leaf("uri", "/finesse/api/SystemConfig").open("cti");
        writer.leaf("host", &cti.host).leaf("port", &port(cti.port));
        writer.leaf("backupHost", &cti.backup_host).leaf("backupPort", &port(cti.backup_port));
        writer.leaf("peripheralId", &cti.peripheral_id.to_string()).leaf("secure", yes_or_no(cti.secure));
        writer.close().close();
    })
}

async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let before = services.system_config();
    let system = {
        let document = sent.document(&caller, &services.metrics)?;
        let cti = child(root(&document, "SystemConfig")?, "cti");
        read(cti.ok_or_else(|| ApiError::parameter_missing("cti"))?, &before)?
    };
    // a server that cannot start with what it was told would have nobody left to tell it otherwise
    if system.secure && !services.site.cti_tls {
        let message = "secure needs cti.tls_ca in the settings";
        return Err(ApiError::invalid_input("secure", message));
    }
    turn.put(|_: &SystemConfig| true, system).await.map_err(refused_by_any)?;
    Ok(answer::done())
}

fn read(cti: Node<'_, '_>, before: &SystemConfig) -> Result<SystemConfig, ApiError> {
    let backup_host = text(cti, "backupHost", Some(&before.backup_host));
    // the port goes with its host
    let backup_port_before = if backup_host.is_empty() { 0 } else { before.backup_port };
    Ok(SystemConfig {
        host: text(cti, "host", Some(&before.host)),
        port: number(cti, "port")?.unwrap_or(before.port),
        backup_port: number(cti, "backupPort")?.unwrap_or(backup_port_before),
        backup_host,
        peripheral_id: number(cti, "peripheralId")?.unwrap_or(before.peripheral_id),
        secure: flag(cti, "secure", before.secure)?,
    })
}

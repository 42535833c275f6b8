//! `SystemConfig`: where the CTI server is. In force from the next start on, as with the original.

use super::FAULTS;
use super::reading::{flag, number, text, yes_or_no};
use super::single::{Single, get, port, put};
use crate::Services;
use crate::answer::ApiError;
use crate::operation::{self, Deployment, Operation, Shape, parts};
use configuration::SystemConfig;
use configuration::limits::HOST_BYTES_MAX;
use xml::{Node, Writer, child};

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
        operation::get("/SystemConfig", get::<SystemConfig>)
            .title("Where the CTI server is")
            .only_on(Deployment::Ucce)
            .answers(&SHOWN),
        operation::put("/SystemConfig", put::<SystemConfig>)
            .title("Says where the CTI server is, from the next start on")
            .only_on(Deployment::Ucce)
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

impl Single for SystemConfig {
    /// What an administrator has said, or else the settings.
    fn present(services: &Services) -> Self {
        services.catalogue.system_config().unwrap_or_else(|| services.site.cti.clone())
    }

    fn read(root: Node<'_, '_>, before: &Self, services: &Services) -> Result<Self, ApiError> {
        let cti = child(root, "cti").ok_or_else(|| ApiError::parameter_missing("cti"))?;
        let system = read(cti, before)?;
        // a server that cannot start with what it was told would have nobody left to tell it otherwise
        if system.secure && !services.site.cti_tls {
            let message = "secure needs cti.tls_ca in the settings";
            return Err(ApiError::invalid_input("secure", message));
        }
        Ok(system)
    }

    fn write(&self, writer: &mut Writer) {
        writer.open("cti").leaf("host", &self.host).leaf("port", &port(self.port));
        writer.leaf("backupHost", &self.backup_host).leaf("backupPort", &port(self.backup_port));
        writer.leaf("peripheralId", &self.peripheral_id.to_string()).leaf("secure", yes_or_no(self.secure));
        writer.close();
    }
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

//! `EnterpriseDatabaseConfig`: the database that the original reads users from. This server has a directory of its own
//! and never goes there: what is said here is kept for the tools that read it back.

use super::FAULTS;
use super::reading::{number, text};
use super::single::{Single, get, port, put};
use crate::Services;
use crate::answer::ApiError;
use crate::operation::{self, Deployment, Operation, Shape, parts};
use configuration::EnterpriseDatabaseConfig;
use configuration::limits::{DATABASE_TEXT_BYTES_MAX, HOST_BYTES_MAX};
use xml::{Node, Writer, child_text};

const HOST: Shape = operation::text("host").bytes_max(HOST_BYTES_MAX);
const BACKUP_HOST: Shape = operation::text("backupHost").bytes_max(HOST_BYTES_MAX);
const PORT: Shape = operation::number("port", 1, u16::MAX as i64);
const DOMAIN: Shape = name("domain");
const PASSWORD: Shape = name("password");
const SHOWN: Shape = parts(
    "EnterpriseDatabaseConfig",
    &[
        operation::text("uri"),
        HOST,
        BACKUP_HOST,
        PORT,
        name("databaseName"),
        DOMAIN,
        name("username"),
        PASSWORD,
    ],
);
const SENT: Shape = parts(
    "EnterpriseDatabaseConfig",
    &[
        HOST,
        BACKUP_HOST.optional(),
        PORT,
        name("databaseName"),
        DOMAIN.optional(),
        name("username"),
        PASSWORD.optional(),
    ],
);

const fn name(element: &'static str) -> Shape {
    operation::text(element).bytes_max(DATABASE_TEXT_BYTES_MAX)
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/EnterpriseDatabaseConfig", get::<EnterpriseDatabaseConfig>)
            .title("Where the enterprise database is said to be")
            .only_on(Deployment::Ucce)
            .answers(&SHOWN),
        operation::put("/EnterpriseDatabaseConfig", put::<EnterpriseDatabaseConfig>)
            .title("Says where the enterprise database is")
            .only_on(Deployment::Ucce)
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

impl Single for EnterpriseDatabaseConfig {
    fn present(services: &Services) -> Self {
        services.the()
    }

    fn read(root: Node<'_, '_>, before: &Self, _: &Services) -> Result<Self, ApiError> {
        let is_too_long =
            child_text(root, "password").is_some_and(|text| text.len() > DATABASE_TEXT_BYTES_MAX);
        if is_too_long {
            let message = format!("password is longer than {DATABASE_TEXT_BYTES_MAX} bytes");
            return Err(ApiError::invalid_input("password", &message));
        }
        Ok(Self {
            host: text(root, "host", Some(&before.host)),
            backup_host: text(root, "backupHost", Some(&before.backup_host)),
            port: number(root, "port")?.unwrap_or(before.port),
            database_name: text(root, "databaseName", Some(&before.database_name)),
            domain: text(root, "domain", Some(&before.domain)),
            username: text(root, "username", Some(&before.username)),
        })
    }

    /// The password is never shown; it is not even kept.
    fn write(&self, writer: &mut Writer) {
        writer.leaf("host", &self.host).leaf("backupHost", &self.backup_host).leaf("port", &port(self.port));
        writer.leaf("databaseName", &self.database_name).leaf("domain", &self.domain);
        writer.leaf("username", &self.username).leaf("password", "");
    }
}

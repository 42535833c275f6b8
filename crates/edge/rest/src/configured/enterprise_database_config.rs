//! `EnterpriseDatabaseConfig`: the database that the original reads users from. This server has a directory of its own
//! and never goes there: what is said here is kept for the tools that read it back.

use super::reading::{number, text};
use super::{FAULTS, refused_by_any, root};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation::{self, Deployment, Operation, Shape, parts};
use axum::extract::State;
use axum::response::Response;
use configuration::EnterpriseDatabaseConfig;
use configuration::limits::{DATABASE_TEXT_BYTES_MAX, HOST_BYTES_MAX};
use std::sync::Arc;
use xml::child_text;

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
        operation::get("/EnterpriseDatabaseConfig", get)
            .title("Where the enterprise database is said to be")
            .only_on(Deployment::Ucce)
            .answers(&SHOWN),
        operation::put("/EnterpriseDatabaseConfig", put)
            .title("Says where the enterprise database is")
            .only_on(Deployment::Ucce)
            .takes(&SENT)
            .fails(FAULTS),
    ]
}

/// The password is never shown; it is not even kept.
async fn get(State(services): State<Arc<Services>>) -> Response {
    let database = services.the::<EnterpriseDatabaseConfig>();
    let port = if database.port == 0 { String::new() } else { database.port.to_string() };
    answer::document(|writer| {
        writer.open("EnterpriseDatabaseConfig").leaf("uri", "/finesse/api/EnterpriseDatabaseConfig");
        writer.leaf("host", &database.host).leaf("backupHost", &database.backup_host).leaf("port", &port);
        writer.leaf("databaseName", &database.database_name).leaf("domain", &database.domain);
        writer.leaf("username", &database.username).leaf("password", "").close();
    })
}

async fn put(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let before = services.the::<EnterpriseDatabaseConfig>();
    let database = {
        let document = sent.document(&caller, &services.metrics)?;
        let root = root(&document, "EnterpriseDatabaseConfig")?;
        let is_too_long =
            child_text(root, "password").is_some_and(|text| text.len() > DATABASE_TEXT_BYTES_MAX);
        if is_too_long {
            let message = format!("password is longer than {DATABASE_TEXT_BYTES_MAX} bytes");
            return Err(ApiError::invalid_input("password", &message));
        }
        EnterpriseDatabaseConfig {
            host: text(root, "host", Some(&before.host)),
            backup_host: text(root, "backupHost", Some(&before.backup_host)),
            port: number(root, "port")?.unwrap_or(before.port),
            database_name: text(root, "databaseName", Some(&before.database_name)),
            domain: text(root, "domain", Some(&before.domain)),
            username: text(root, "username", Some(&before.username)),
        }
    };
    turn.put(|_: &EnterpriseDatabaseConfig| true, database).await.map_err(refused_by_any)?;
    Ok(answer::done())
}

//! One server to a store. Tools (`aplomb user`, `aplomb backup`) may work beside it.

use crate::StoreError;
use crate::error::Context;
use crate::limits::CLAIM_WITHIN;
use crate::link::Link;
use crate::place::{Database, Place};
use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};

/// The lock that PostgreSQL keeps for the writer's connection. Any number that others are unlikely to use.
const CLAIM: &str = "SELECT CASE WHEN pg_try_advisory_lock(7233173938) THEN 1::bigint ELSE 0::bigint END";

/// Held as long as the server runs; the operating system releases it when the process ends, however it ends.
pub(crate) struct Claim {
    _lock: Option<File>,
}

impl Claim {
    /// Claims a SQLite file. PostgreSQL has a lock of its own: see [`on_connection`].
    pub(crate) fn on_file(place: &Place) -> Result<Self, StoreError> {
        let Database::Sqlite(path) = &place.database else { return Ok(Self { _lock: None }) };
        let mut name = path.clone().into_os_string();
        name.push(".lock");
        let open = File::options().create(true).truncate(false).write(true).open(&name);
        let file = open.map_err(sqlx::Error::Io).context(&format!("cannot open the store {place}"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { place: place.to_string() }),
            Err(TryLockError::Error(error)) => {
                Err(sqlx::Error::Io(error)).context(&format!("cannot lock the store {place}"))
            }
        }
    }
}

/// Claims a PostgreSQL database for as long as this connection lives.
pub(crate) async fn on_connection(link: &mut Link, place: &Place) -> Result<(), StoreError> {
    if matches!(link, Link::Sqlite(_)) {
        return Ok(());
    }
    // a server whose machine is gone keeps its claim for a minute, not for the hours of the usual settings
    for sql in [
        "SET tcp_keepalives_idle TO 30",
        "SET tcp_keepalives_interval TO 10",
        "SET tcp_keepalives_count TO 3",
    ] {
        link.run(sql, Vec::new()).await?;
    }
    let until = Instant::now() + CLAIM_WITHIN;
    loop {
        let row = link.first(CLAIM, Vec::new()).await?;
        if row.map(|row| row.truth(0)).transpose()?.unwrap_or(false) {
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(StoreError::InUse { place: place.to_string() });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

//! The schema and its versions. Migrations go forward only, at the start, each in a transaction of its own.

use crate::StoreError;
use crate::link::{Link, values};
use crate::place::Place;

/// One step from a version to the next. Never changed once released.
struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sqlite: include_str!(concat!("migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("migrations/postgres/", $name, ".sql")),
        }
    };
}

/// Number n brings version n - 1 to n.
const MIGRATIONS: &[Migration] = &[
    migration!("0001_pubsub"),
    migration!("0002_administration"),
    migration!("0003_client_logs"),
    migration!("0004_tasks"),
];

/// The version that this release writes.
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Where versions are written down.
pub(crate) const TABLE: &str = "aplomb_schema";

const SQLITE_TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
const POSTGRES_TABLES: &str = "SELECT tablename::text FROM pg_catalog.pg_tables \
                               WHERE schemaname = current_schema() ORDER BY tablename";
const SCHEMA: &str = "CREATE TABLE aplomb_schema (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)";

/// Brings what is there to this release's version, or says why it must not be touched.
pub(crate) async fn migrate(link: &mut Link, place: &Place) -> Result<(), StoreError> {
    loop {
        // the version is read inside: another process may migrate at the same time
        link.begin().await?;
        lock_schema(link).await?;
        match step(link, place, VERSION).await {
            Ok(true) => link.commit().await?,
            Ok(false) => return link.roll_back().await,
            Err(error) => {
                link.roll_back().await?;
                return Err(error);
            }
        }
    }
}

/// Brings an empty database to an older version, or on to a newer one, inside a transaction.
pub(crate) async fn migrate_to(link: &mut Link, place: &Place, version: i64) -> Result<(), StoreError> {
    while step(link, place, version).await? {}
    Ok(())
}

/// One step towards the version; false when there is none left.
async fn step(link: &mut Link, place: &Place, to: i64) -> Result<bool, StoreError> {
    let found = version(link, place).await?;
    if found.is_none() {
        link.script(SCHEMA).await?;
    }
    let found = found.unwrap_or(0);
    if found > VERSION {
        return Err(StoreError::Newer { place: place.to_string(), found, known: VERSION });
    }
    let next = usize::try_from(found).ok().filter(|_| found < to).and_then(|found| MIGRATIONS.get(found));
    let Some(migration) = next else { return Ok(false) };
    let script = if matches!(link, Link::Sqlite(_)) { migration.sqlite } else { migration.postgres };
    link.script(script).await?;
    let values = values![found + 1, migration.name];
    link.run("INSERT INTO aplomb_schema (version, name) VALUES ($1, $2)", values).await?;
    tracing::info!(%place, migration = migration.name, "the store's schema is brought forward");
    Ok(true)
}

/// The version that is there; `None` where nothing is.
async fn version(link: &mut Link, place: &Place) -> Result<Option<i64>, StoreError> {
    let tables = tables(link).await?;
    if tables.iter().any(|table| table == TABLE) {
        let version = link.first("SELECT MAX(version) FROM aplomb_schema", Vec::new()).await?;
        let version = version.map(|row| row.get::<Option<i64>>(0)).transpose()?.flatten();
        return Ok(Some(version.unwrap_or(0)));
    }
    match tables.into_iter().next() {
        None => Ok(None),
        Some(table) => Err(StoreError::Foreign { place: place.to_string(), table }),
    }
}

/// Every table, in order of name.
pub(crate) async fn tables(link: &mut Link) -> Result<Vec<String>, StoreError> {
    let sql = if matches!(link, Link::Sqlite(_)) { SQLITE_TABLES } else { POSTGRES_TABLES };
    link.all(sql, Vec::new(), |row| row.get(0)).await
}

/// In PostgreSQL two that start on an empty database at the same time would both find it empty.
async fn lock_schema(link: &mut Link) -> Result<(), StoreError> {
    if matches!(link, Link::Postgres(_)) {
        link.run("SELECT pg_advisory_xact_lock(7233173937)", Vec::new()).await?;
    }
    Ok(())
}

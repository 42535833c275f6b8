//! Where the store is.

use crate::StoreError;
use crate::limits::BUSY;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A SQLite file, or a database of a PostgreSQL server. Prints without the password.
#[derive(Clone)]
pub struct Place {
    pub(crate) database: Database,
    /// Wait until the disk has it, not only the operating system.
    pub(crate) sync: bool,
}

#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Place {
    /// A SQLite file; it is made when it is not there.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { database: Database::Sqlite(path.into()), sync: true }
    }

    /// What a configuration says: `postgres://USER:PASSWORD@HOST:PORT/DATABASE` with the parameters that
    /// PostgreSQL's own clients know, or `sqlite:PATH`.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(StoreError::Place("sqlite: without a path"));
            }
            return Ok(Self::file(path));
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::Place("an unknown kind of URL"));
        }
        // the parser's own message may repeat the password
        let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Place("not a URL"))?;
        let options = options.application_name("aplomb").disable_statement_logging();
        Ok(Self { database: Database::Postgres(Box::new(options)), sync: true })
    }

    /// Whether an answer waits until the disk has what was changed (the default), so that it survives a power
    /// failure; otherwise it survives the end of this program only.
    #[must_use]
    pub fn with_sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    pub(crate) fn sqlite(&self, path: &PathBuf) -> SqliteConnectOptions {
        let synchronous = if self.sync { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
        SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(BUSY)
            .disable_statement_logging()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.database {
            Database::Sqlite(path) => write!(f, "{}", path.display()),
            Database::Postgres(options) => {
                let host = match options.get_socket() {
                    Some(socket) => socket.display().to_string(),
                    None => options.get_host().to_owned(),
                };
                let database = options.get_database().unwrap_or_else(|| options.get_username());
                write!(f, "postgres://{host}:{}/{database}", options.get_port())
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_printed_without_its_password() {
        let place = Place::parse("postgres://aplomb:a-secret-word@db.example:5433/desk").unwrap();
        assert_eq!(place.to_string(), "postgres://db.example:5433/desk");
        assert!(!format!("{place:?}").contains("a-secret-word"));
    }

    #[test]
    fn what_is_no_place_is_refused_without_repeating_it() {
        for url in ["mysql://u:a-secret-word@h/d", "postgres://u:a-secret-word@h:port/d", "sqlite:", ""] {
            let error = Place::parse(url).unwrap_err().to_string();
            assert!(error.starts_with("not a place for the store"), "{error}");
            assert!(!error.contains("a-secret-word"), "{error}");
        }
    }
}

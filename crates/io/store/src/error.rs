//! What can go wrong, and whose fault it is.

use thiserror::Error;

/// A store that cannot be opened or asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The operator wrote something that is no place for a store. Holds no password.
    #[error("not a place for the store: {0}; expected postgres://USER@HOST/DATABASE or sqlite:PATH")]
    Place(&'static str),
    /// Another server writes to it.
    #[error("another server uses the store {place}: each needs its own")]
    InUse {
        /// Where.
        place: String,
    },
    /// A server works with what is to be replaced.
    #[error("a server uses the store {place}: stop it, restore, and start it again")]
    Running {
        /// Where.
        place: String,
    },
    /// It was made by a later release.
    #[error(
        "the store {place} has schema version {found}, made by a later release; this one knows versions up to \
         {known}: run the later release, or restore a backup made by this one"
    )]
    Newer {
        /// Where.
        place: String,
        /// Its version.
        found: i64,
        /// The newest version that we know.
        known: i64,
    },
    /// It holds something else.
    #[error("{place} holds tables of something else ({table}): the store needs a database of its own")]
    Foreign {
        /// Where.
        place: String,
        /// One of the tables.
        table: String,
    },
    /// What is in it cannot have been written by us.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The database refuses, or cannot be reached. Nothing was changed.
    #[error("{context}: {source}")]
    Database {
        /// What was being done.
        context: String,
        /// What the database says.
        source: sqlx::Error,
    },
    /// It is failing at the moment, or too much waits for it: later.
    #[error("the store is not available at the moment")]
    Unavailable,
    /// There is no such thing.
    #[error("there is no {0}")]
    NotFound(String),
    /// Something else has this name or number, or it was changed by another in between.
    #[error("{0}")]
    Conflict(String),
    /// A value or a number of things past its limit.
    #[error("{0}")]
    Limit(String),
    /// A file that is no backup of ours, or not a whole one.
    #[error("not a whole backup: {0}")]
    Backup(String),
}

impl StoreError {
    /// Whether the same would fail again, whatever becomes of the database.
    pub(crate) fn is_about_data(&self) -> bool {
        match self {
            Self::Database { source: sqlx::Error::Database(error), .. } => {
                let code = error.code().unwrap_or_default();
                // PostgreSQL: data exceptions, integrity, limits. SQLite: too big, constraint, mismatch, range
                let class = code.get(..2).filter(|_| code.len() == 5);
                let sqlite = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
                matches!(class, Some("22" | "23" | "54")) || matches!(sqlite, Some(18 | 19 | 20 | 25))
            }
            Self::Database { source: sqlx::Error::Encode(_), .. } => true,
            Self::Database { .. } | Self::Unavailable | Self::InUse { .. } | Self::Running { .. } => false,
            _ => true,
        }
    }
}

/// Says what was being done when the database refused.
pub(crate) trait Context<T> {
    fn context(self, what: &str) -> Result<T, StoreError>;
}

impl<T> Context<T> for Result<T, sqlx::Error> {
    fn context(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { context: what.to_owned(), source })
    }
}

//! One connection to either database, and the few things that are asked of it. The statements are the same for
//! both: `$1` for an argument and `ON CONFLICT … DO UPDATE` are understood by SQLite and PostgreSQL.

use crate::StoreError;
use crate::error::Context;
use crate::limits::CONNECT_WITHIN;
use crate::place::{Database, Place};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Connection, Decode, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Type};

/// A connection.
pub(crate) enum Link {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// An argument of a statement.
#[derive(Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    /// Numbers, times (milliseconds since 1970) and truths (0 or 1).
    Int(Option<i64>),
    Blob(Option<Vec<u8>>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Int(Some(i64::from(truth)))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(Some(bytes))
    }
}

macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::link::Value::from($value)),*] };
}
pub(crate) use values;

/// One row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A column by its place in the answer; `Option` where it may be null.
    pub(crate) fn get<T>(&self, column: usize) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|error| StoreError::Damaged(error.to_string()))
    }

    /// A truth.
    pub(crate) fn truth(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.get::<i64>(column)? != 0)
    }

    /// A number that is never negative.
    pub(crate) fn count<T: TryFrom<i64>>(&self, column: usize) -> Result<T, StoreError> {
        let number: i64 = self.get(column)?;
        T::try_from(number).map_err(|_| StoreError::Damaged(format!("{number} is out of range")))
    }
}

macro_rules! bound {
    ($database:ty, $sql:expr, $values:expr) => {{
        let mut query = sqlx::query::<$database>($sql);
        for value in $values {
            query = match value {
                Value::Text(value) => query.bind(value),
                Value::Int(value) => query.bind(value),
                Value::Blob(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Link {
    pub(crate) async fn open(place: &Place) -> Result<Self, StoreError> {
        let what = || format!("cannot open the store {place}");
        match &place.database {
            Database::Sqlite(path) => {
                let connection = place.sqlite(path).connect().await.context(&what())?;
                Ok(Self::Sqlite(connection))
            }
            Database::Postgres(options) => {
                let connecting = tokio::time::timeout(CONNECT_WITHIN, options.connect());
                let connected = connecting.await.unwrap_or_else(|_| {
                    Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer")))
                });
                let mut link = Self::Postgres(connected.context(&what())?);
                if !place.sync {
                    link.run("SET synchronous_commit TO off", Vec::new()).await?;
                }
                Ok(link)
            }
        }
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64, StoreError> {
        let sql: SqlStr = sql.into_sql_str();
        match self {
            Self::Sqlite(link) => {
                bound!(Sqlite, sql, values).execute(link).await.map(|done| done.rows_affected())
            }
            Self::Postgres(link) => {
                bound!(Postgres, sql, values).execute(link).await.map(|done| done.rows_affected())
            }
        }
        .context("the store cannot write")
    }

    /// Runs several statements without arguments.
    pub(crate) async fn script(&mut self, sql: impl SqlSafeStr) -> Result<(), StoreError> {
        let sql: SqlStr = sql.into_sql_str();
        match self {
            Self::Sqlite(link) => sqlx::raw_sql(sql).execute(link).await.map(drop),
            Self::Postgres(link) => sqlx::raw_sql(sql).execute(link).await.map(drop),
        }
        .context("the store cannot be changed")
    }

    /// Asks, and takes the rows as they come.
    pub(crate) async fn each(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
        mut take: impl FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql: SqlStr = sql.into_sql_str();
        let what = "the store cannot be read";
        match self {
            Self::Sqlite(link) => {
                let mut rows = bound!(Sqlite, sql, values).fetch(link);
                while let Some(row) = rows.try_next().await.context(what)? {
                    take(Row::Sqlite(row))?;
                }
            }
            Self::Postgres(link) => {
                let mut rows = bound!(Postgres, sql, values).fetch(link);
                while let Some(row) = rows.try_next().await.context(what)? {
                    take(Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// Asks for rows and makes something of each.
    pub(crate) async fn all<T>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
        make: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut made = Vec::new();
        self.each(sql, values, |row| {
            made.push(make(&row)?);
            Ok(())
        })
        .await?;
        Ok(made)
    }

    /// Asks for the first row.
    pub(crate) async fn first(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        let mut first = None;
        self.each(sql, values, |row| {
            first.get_or_insert(row);
            Ok(())
        })
        .await?;
        Ok(first)
    }

    /// Begins to write: nobody else writes until the end.
    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        let sql = if matches!(self, Self::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.script(sql).await
    }

    /// Begins to read: what others write from now on is not seen.
    pub(crate) async fn begin_reading(&mut self) -> Result<(), StoreError> {
        let is_sqlite = matches!(self, Self::Sqlite(_));
        let postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.script(if is_sqlite { "BEGIN" } else { postgres }).await
    }

    pub(crate) async fn commit(&mut self) -> Result<(), StoreError> {
        self.script("COMMIT").await
    }

    pub(crate) async fn roll_back(&mut self) -> Result<(), StoreError> {
        self.script("ROLLBACK").await
    }

    pub(crate) async fn close(self) {
        // nothing waits to be written: an error is of no consequence
        let _ = match self {
            Self::Sqlite(link) => link.close().await,
            Self::Postgres(link) => link.close().await,
        };
    }
}

//! Everything as one file, the same for both databases, so that a store can also move from one to the other.
//!
//! Lines of JSON: the first says what follows, one for each row, the last how many there were, with a digest of all
//! before it. A file that was cut short is not taken.

use crate::audit::{By, Note, latest, note};
use crate::limits::{BACKUP_LINE_BYTES_MAX, BACKUP_TABLES_MAX};
use crate::link::{Link, Row, Value, values};
use crate::place::Place;
use crate::sole::{self, Claim};
use crate::{Store, StoreError, schema};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "aplomb-backup")]
    format: u32,
    schema: i64,
    made: String,
    /// Table by table: the columns, in the order of the rows' values.
    tables: BTreeMap<String, Vec<String>>,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct Tail {
    rows: u64,
    sha256: String,
}

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
}

const FORMAT: u32 = 1;
const SQLITE_COLUMNS: &str = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";
const POSTGRES_COLUMNS: &str = "SELECT column_name::text, data_type::text FROM information_schema.columns \
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Int,
    Blob,
}

impl Store {
    /// Writes everything as it is at this moment, beside whoever works with the store.
    /// `made` is the time, for people. Gives the file back, for its owner to finish.
    pub async fn back_up<W: Write + Send + 'static>(
        &self,
        made: String,
        mut out: W,
    ) -> Result<(Contents, W), StoreError> {
        self.read(|link| {
            Box::pin(async move {
                let contents = write(link, made, &mut out).await?;
                Ok((contents, out))
            })
        })
        .await
    }
}

struct Digesting<'a, W> {
    out: &'a mut W,
    digest: Sha256,
}

impl<W: Write> Digesting<'_, W> {
    fn line(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let mut bytes = serde_json::to_vec(line).map_err(|error| StoreError::Backup(error.to_string()))?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        self.out.write_all(&bytes).map_err(|error| StoreError::Backup(format!("cannot write it: {error}")))
    }
}

async fn write(link: &mut Link, made: String, out: &mut (impl Write + Send)) -> Result<Contents, StoreError> {
    let mut tables = BTreeMap::new();
    for table in schema::tables(link).await?.into_iter().filter(|table| table != schema::TABLE) {
        let columns = columns(link, &table).await?;
        tables.insert(table, columns);
    }
    let names = |columns: &Vec<(String, Kind)>| columns.iter().map(|(name, _)| name.clone()).collect();
    let head = Head {
        format: FORMAT,
        schema: schema::VERSION,
        made,
        tables: tables.iter().map(|(table, columns)| (table.clone(), names(columns))).collect(),
    };
    let mut out = Digesting { out, digest: Sha256::new() };
    out.line(&head)?;
    let mut contents = Contents::default();
    for (table, columns) in &tables {
        let names = head.tables[table].join(", ");
        let count = contents.rows.entry(table.clone()).or_default();
        let sql = AssertSqlSafe(format!("SELECT {names} FROM {table} ORDER BY {}", columns[0].0));
        link.each(sql, Vec::new(), |row| {
            *count += 1;
            out.line(&line(table, columns, &row)?)
        })
        .await?;
    }
    let (rows, sha256) = (contents.rows.values().sum(), hex(out.digest.clone()));
    out.line(&Tail { rows, sha256 })?;
    out.out.flush().map_err(|error| StoreError::Backup(format!("cannot write it: {error}")))?;
    Ok(contents)
}

async fn columns(link: &mut Link, table: &str) -> Result<Vec<(String, Kind)>, StoreError> {
    let sql = if matches!(link, Link::Sqlite(_)) { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    let column = |row: &Row| {
        let kind = match row.get::<String>(1)?.to_lowercase().as_str() {
            "integer" | "bigint" => Kind::Int,
            "blob" | "bytea" => Kind::Blob,
            _ => Kind::Text,
        };
        Ok((row.get(0)?, kind))
    };
    link.all(sql, values![table], column).await
}

/// A row: its table and its values. Bytes are an object, so that nobody takes them for a text.
fn line(table: &str, columns: &[(String, Kind)], row: &Row) -> Result<Vec<Json>, StoreError> {
    let mut line = vec![Json::from(table)];
    for (number, (_, kind)) in columns.iter().enumerate() {
        line.push(match kind {
            Kind::Text => row.get::<Option<String>>(number)?.into(),
            Kind::Int => row.get::<Option<i64>>(number)?.into(),
            Kind::Blob => row
                .get::<Option<Vec<u8>>>(number)?
                .map_or(Json::Null, |bytes| serde_json::json!({ "base64": STANDARD.encode(bytes) })),
        });
    }
    Ok(line)
}

/// Puts a backup in the place of everything that is in the store: all of it, or nothing.
///
/// # Errors
/// [`StoreError::Running`] while a server uses the store: it has its own picture of nodes and items in memory, and what
/// its clients change would be written over the restored ones.
pub async fn restore(
    place: &Place,
    by: &By,
    input: &mut (impl BufRead + Send),
) -> Result<Contents, StoreError> {
    let _claim = Claim::on_file(place).map_err(running)?;
    let mut link = Link::open(place).await?;
    sole::on_connection(&mut link, place).await.map_err(running)?;
    // says also whether it is a store of ours
    schema::migrate(&mut link, place).await?;
    link.begin().await?;
    let outcome = replace(&mut link, place, by, input).await;
    if outcome.is_ok() {
        link.commit().await?
    } else {
        link.roll_back().await?
    }
    link.close().await;
    outcome
}

fn running(error: StoreError) -> StoreError {
    match error {
        StoreError::InUse { place } => StoreError::Running { place },
        error => error,
    }
}

async fn replace(
    link: &mut Link,
    place: &Place,
    by: &By,
    input: &mut (impl BufRead + Send),
) -> Result<Contents, StoreError> {
    let mut lines = Lines { input, digest: Sha256::new(), number: 0 };
    let head: Head = lines.next()?.ok_or_else(|| StoreError::Backup("it is empty".into()))?;
    check(&head, place)?;
    let revision = latest(link, "revision").await?;
    for table in schema::tables(link).await? {
        link.script(AssertSqlSafe(format!("DROP TABLE {table}"))).await?;
    }
    schema::migrate_to(link, place, head.schema).await?;
    let contents = rows(link, &head, &mut lines).await?;
    schema::migrate_to(link, place, schema::VERSION).await?;
    // whoever has looked for changes before sees one
    let after = latest(link, "revision").await?.max(revision) + 1;
    link.run("DELETE FROM numbers WHERE name = $1", values!["revision"]).await?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    link.run("INSERT INTO numbers (name, latest) VALUES ($1, $2)", values!["revision", after]).await?;
    let made = Some(format!("a backup of {}", head.made));
    note(link, by, Note { action: "restore", kind: "Store", id: "", before: None, after: made }).await?;
    Ok(contents)
}

fn check(head: &Head, place: &Place) -> Result<(), StoreError> {
    if head.format != FORMAT {
        return Err(StoreError::Backup(format!(
            "its format is {}, this release reads {FORMAT}",
            head.format
        )));
    }
    if head.schema > schema::VERSION || head.schema < 1 {
        return Err(StoreError::Newer {
            place: format!("backup for {place}"),
            found: head.schema,
            known: schema::VERSION,
        });
    }
    let is_name = |name: &String| {
        !name.is_empty() && name.len() <= 63 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    let names = || head.tables.iter().flat_map(|(table, columns)| std::iter::once(table).chain(columns));
    let are_known = head.tables.len() <= BACKUP_TABLES_MAX && names().all(is_name);
    // names become part of statements
    if are_known { Ok(()) } else { Err(StoreError::Backup("its tables have names of something else".into())) }
}

async fn rows<R: BufRead>(
    link: &mut Link,
    head: &Head,
    lines: &mut Lines<'_, R>,
) -> Result<Contents, StoreError> {
    let mut inserts = BTreeMap::new();
    for (table, names) in &head.tables {
        inserts.insert(table.as_str(), Insert::new(link, table, names).await?);
    }
    let mut contents = Contents::default();
    loop {
        let digest = hex(lines.digest.clone());
        let cut = || StoreError::Backup("its end is missing".into());
        let line: Json = lines.next()?.ok_or_else(cut)?;
        let row = match line {
            Json::Array(row) => row,
            other => {
                let tail: Tail = serde_json::from_value(other).map_err(|_| cut())?;
                let is_whole = tail.sha256 == digest && tail.rows == contents.rows.values().sum::<u64>();
                let changed = || StoreError::Backup("it was changed: the digest is another".into());
                return if is_whole { Ok(contents) } else { Err(changed()) };
            }
        };
        let mut values = row.into_iter();
        let table = values.next().and_then(|table| table.as_str().map(str::to_owned)).unwrap_or_default();
        let strange = || StoreError::Backup(format!("line {} is no row", lines.number));
        let insert = inserts.get(table.as_str()).ok_or_else(strange)?;
        let values = insert.values(values).ok_or_else(strange)?;
        link.run(AssertSqlSafe(insert.sql.clone()), values).await?;
        *contents.rows.entry(table).or_default() += 1;
    }
}

/// How the rows of a table are written.
struct Insert {
    sql: String,
    kinds: Vec<Kind>,
}

impl Insert {
    async fn new(link: &mut Link, table: &str, names: &[String]) -> Result<Self, StoreError> {
        let known: BTreeMap<String, Kind> = columns(link, table).await?.into_iter().collect();
        let kinds: Option<Vec<Kind>> = names.iter().map(|name| known.get(name).copied()).collect();
        let kinds = kinds.ok_or_else(|| StoreError::Backup(format!("its table {table} is another")))?;
        let places: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        Ok(Self { sql, kinds })
    }

    fn values(&self, row: impl ExactSizeIterator<Item = Json>) -> Option<Vec<Value>> {
        (row.len() == self.kinds.len()).then_some(())?;
        row.zip(&self.kinds).map(|(json, kind)| kind.value(json)).collect()
    }
}

impl Kind {
    fn value(self, json: Json) -> Option<Value> {
        Some(match (self, json) {
            (Self::Text, Json::Null) => Value::Text(None),
            (Self::Int, Json::Null) => Value::Int(None),
            (Self::Blob, Json::Null) => Value::Blob(None),
            (Self::Text, Json::String(text)) => Value::from(text),
            (Self::Int, Json::Number(number)) => Value::from(number.as_i64()?),
            (Self::Blob, Json::Object(bytes)) => {
                Value::from(STANDARD.decode(bytes.get("base64")?.as_str()?).ok()?)
            }
            _ => return None,
        })
    }
}

/// Lines of a backup, each bounded.
struct Lines<'a, R> {
    input: &'a mut R,
    digest: Sha256,
    number: u64,
}

impl<R: BufRead> Lines<'_, R> {
    fn next<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>, StoreError> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(BACKUP_LINE_BYTES_MAX).read_until(b'\n', &mut line);
        read.map_err(|error| StoreError::Backup(format!("cannot read it: {error}")))?;
        self.number += 1;
        if line.is_empty() {
            return Ok(None);
        }
        self.digest.update(&line);
        let number = self.number;
        let parsed = serde_json::from_slice(&line);
        parsed.map(Some).map_err(|_| StoreError::Backup(format!("line {number} is not of a backup")))
    }
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Client logs: what desktops send in to explain themselves (Finesse guide, ClientLog). The oldest go when there are
//! too many, first those of whoever sends most.

use crate::audit::next_number;
use crate::limits::{CLIENT_LOG_BYTES_MAX, CLIENT_LOGS_BYTES_MAX, CLIENT_LOGS_MAX, CLIENT_LOGS_PER_USER_MAX};
use crate::link::{Link, Row, values};
use crate::{Store, StoreError};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use std::io::{Read, Write};

/// What is in a client log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientLogBody {
    /// Lines.
    Text(String),
    /// A zip archive, as the client made it.
    Zip(Vec<u8>),
}

/// A client log without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientLog {
    /// Its number; later ones are higher.
    pub number: u64,
    /// Whose, by loginId.
    pub user: String,
    /// When it came.
    pub at: Timestamp,
    /// Bytes that it takes in the store.
    pub size: u64,
}

const INSERT: &str =
    "INSERT INTO client_logs (number, user_id, moment, form, size, body) VALUES ($1, $2, $3, $4, $5, $6)";
const LATEST: &str = "SELECT number, user_id, moment, size FROM client_logs ORDER BY number DESC LIMIT $1";
/// Beyond so many of one user.
const TRIM_USER: &str = "DELETE FROM client_logs WHERE user_id = $1 AND number <= \
     (SELECT number FROM client_logs WHERE user_id = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)";
const TRIM_ALL: &str = "DELETE FROM client_logs WHERE number <= \
     (SELECT number FROM client_logs ORDER BY number DESC LIMIT 1 OFFSET $1)";
/// The number of the newest log that does not fit any more, counted from the newest.
const OVER_SIZE: &str = "SELECT number FROM (SELECT number, SUM(size) OVER (ORDER BY number DESC) AS total \
     FROM client_logs) AS sums WHERE total > $1 ORDER BY number DESC LIMIT 1";

impl Store {
    /// Keeps a client log, and as many of the former as there is room for. Its number.
    pub async fn keep_client_log(
        &self,
        user: String,
        at: Timestamp,
        body: ClientLogBody,
    ) -> Result<u64, StoreError> {
        let (form, bytes) = packed(body)?;
        if bytes.len() > CLIENT_LOG_BYTES_MAX {
            return Err(StoreError::Limit(format!(
                "a client log takes at most {CLIENT_LOG_BYTES_MAX} bytes"
            )));
        }
        self.write(move |link| Box::pin(async move { keep(link, &user, at, form, &bytes).await })).await
    }

    /// The latest client logs, the newest first.
    pub async fn client_logs(&self, count: u32) -> Result<Vec<ClientLog>, StoreError> {
        let count = i64::from(count);
        self.read(move |link| Box::pin(async move { link.all(LATEST, values![count], head).await })).await
    }

    /// What is in a client log.
    pub async fn client_log(&self, number: u64) -> Result<Option<ClientLogBody>, StoreError> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.read(move |link| {
            Box::pin(async move {
                let sql = "SELECT form, body FROM client_logs WHERE number = $1";
                link.first(sql, values![number]).await?.as_ref().map(unpacked).transpose()
            })
        })
        .await
    }
}

fn head(row: &Row) -> Result<ClientLog, StoreError> {
    let at =
        Timestamp::from_millisecond(row.get(2)?).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(ClientLog { number: row.count(0)?, user: row.get(1)?, at, size: row.count(3)? })
}

fn packed(body: ClientLogBody) -> Result<(&'static str, Vec<u8>), StoreError> {
    match body {
        ClientLogBody::Zip(bytes) => Ok(("zip", bytes)),
        ClientLogBody::Text(text) => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
            Ok(("zlib", packed.map_err(|error| StoreError::Damaged(error.to_string()))?))
        }
    }
}

fn unpacked(row: &Row) -> Result<ClientLogBody, StoreError> {
    let (form, bytes) = (row.get::<String>(0)?, row.get::<Vec<u8>>(1)?);
    if form == "zip" {
        return Ok(ClientLogBody::Zip(bytes));
    }
    let mut text = String::new();
    let read = ZlibDecoder::new(&bytes[..]).read_to_string(&mut text);
    read.map_err(|error| StoreError::Damaged(format!("a client log: {error}")))?;
    Ok(ClientLogBody::Text(text))
}

async fn keep(
    link: &mut Link,
    user: &str,
    at: Timestamp,
    form: &'static str,
    bytes: &[u8],
) -> Result<u64, StoreError> {
    let number = next_number(link, "ClientLog").await?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    link.run(INSERT, values![number, user, at.as_millisecond(), form, size, bytes.to_vec()]).await?;
    link.run(TRIM_USER, values![user, CLIENT_LOGS_PER_USER_MAX]).await?;
    link.run(TRIM_ALL, values![CLIENT_LOGS_MAX]).await?;
    if let Some(row) = link.first(OVER_SIZE, values![CLIENT_LOGS_BYTES_MAX]).await? {
        let over: i64 = row.get(0)?;
        link.run("DELETE FROM client_logs WHERE number <= $1", values![over]).await?;
    }
    u64::try_from(number).map_err(|_| StoreError::Damaged("a number below zero".into()))
}

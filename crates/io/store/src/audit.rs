//! Who changed what, when, from where.

use crate::limits::{AUDIT_ENTRIES_MAX, AUDIT_READ_MAX, AUDIT_TEXT_BYTES_MAX};
use crate::link::{Link, values};
use crate::{Store, StoreError};
use jiff::Timestamp;

/// Who changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// loginId, or who ran the command.
    pub who: String,
    /// Where from; `None` for the server's own machine.
    pub address: Option<String>,
    /// When, to the millisecond.
    pub at: Timestamp,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number; later ones are higher.
    pub number: u64,
    /// Who, when, from where.
    pub by: By,
    /// `create`, `change`, `delete`, `password`, `assign`, `restore`; `unlock`, `begin`, `call off`.
    pub action: String,
    /// Of what kind the thing is: `User`, `Team`, or an object's.
    pub kind: String,
    /// Which one.
    pub id: String,
    /// What it was (JSON, without secrets).
    pub before: Option<String>,
    /// What it has become.
    pub after: Option<String>,
}

/// A change, to be noted with the transaction that makes it.
pub(crate) struct Note<'a> {
    pub(crate) action: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) id: &'a str,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// Kinds that commands beside the server change too.
const PEOPLE: [&str; 2] = [crate::users::KIND, crate::teams::KIND];

const INSERT: &str = "INSERT INTO audit (number, moment, who, address, action, kind, id, before_change, after_change) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const LATEST: &str = "SELECT number, moment, who, address, action, kind, id, before_change, after_change FROM audit \
     WHERE number < $1 ORDER BY number DESC LIMIT $2";

/// Writes an entry and counts the revision, by which others see that something has changed.
pub(crate) async fn note(link: &mut Link, by: &By, note: Note<'_>) -> Result<(), StoreError> {
    let number = next_number(link, "revision").await?;
    if PEOPLE.contains(&note.kind) {
        next_number(link, "people").await?;
    }
    let values = values![
        number,
        by.at.as_millisecond(),
        shortened(by.who.clone()),
        by.address.clone(),
        note.action,
        note.kind,
        note.id,
        note.before.map(shortened),
        note.after.map(shortened)
    ];
    link.run(INSERT, values).await?;
    let oldest = number - AUDIT_ENTRIES_MAX;
    if oldest > 0 {
        link.run("DELETE FROM audit WHERE number <= $1", values![oldest]).await?;
    }
    Ok(())
}

/// The next number of a sequence that begins at 1. No number is given out twice, also after deletions.
pub(crate) async fn next_number(link: &mut Link, name: &str) -> Result<i64, StoreError> {
    let sql = "INSERT INTO numbers (name, latest) VALUES ($1, 1) \
               ON CONFLICT (name) DO UPDATE SET latest = numbers.latest + 1 RETURNING latest";
    let row = link.first(sql, values![name]).await?;
    row.ok_or_else(|| StoreError::Damaged(format!("no number for {name}")))?.get(0)
}

/// The latest number of a sequence; 0 where it has not begun.
pub(crate) async fn latest(link: &mut Link, name: &str) -> Result<u64, StoreError> {
    let row = link.first("SELECT latest FROM numbers WHERE name = $1", values![name]).await?;
    row.map_or(Ok(0), |row| row.count(0))
}

fn shortened(mut text: String) -> String {
    if text.len() > AUDIT_TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(AUDIT_TEXT_BYTES_MAX));
        text.push('…');
    }
    text
}

impl Store {
    /// The latest changes, the newest first: those before entry `before`, or the very latest.
    pub async fn audit(&self, before: Option<u64>, count: usize) -> Result<Vec<Entry>, StoreError> {
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let count = i64::try_from(count.min(AUDIT_READ_MAX)).unwrap_or(0);
        self.read(move |link| {
            Box::pin(async move {
                let entry = |row: &crate::link::Row| {
                    let at = Timestamp::from_millisecond(row.get(1)?)
                        .map_err(|error| StoreError::Damaged(error.to_string()))?;
                    Ok(Entry {
                        number: row.count(0)?,
                        by: By { who: row.get(2)?, address: row.get(3)?, at },
                        action: row.get(4)?,
                        kind: row.get(5)?,
                        id: row.get(6)?,
                        before: row.get(7)?,
                        after: row.get(8)?,
                    })
                };
                link.all(LATEST, values![before, count], entry).await
            })
        })
        .await
    }

    /// Notes what somebody has done to something that is kept nowhere: ended a lock, for example.
    pub async fn note_act(
        &self,
        action: &'static str,
        kind: &'static str,
        id: String,
        by: By,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            Box::pin(async move {
                note(link, &by, Note { action, kind, id: &id, before: None, after: None }).await
            })
        })
        .await
    }

    /// A number that grows with every change of users or teams, whoever makes it: the server looks at it to see what
    /// commands beside it have changed.
    pub async fn people_revision(&self) -> Result<u64, StoreError> {
        self.read(|link| Box::pin(latest(link, "people"))).await
    }

    /// A number that grows with every change of users, teams or objects, whoever makes it.
    pub async fn revision(&self) -> Result<u64, StoreError> {
        self.read(|link| Box::pin(latest(link, "revision"))).await
    }
}

//! Configuration objects: what administrators make and gadgets read. Each kind is a type of its own
//! ([`configuration`]); all are kept alike.

use crate::audit::{By, Note, latest, next_number, note};
use crate::limits::{ASSIGNED_MAX, OBJECT_BYTES_MAX};
use crate::link::{Link, Row, values};
use crate::users::text;
use crate::{Store, StoreError};
use configuration::{Record, Stored, parts_of};

const BY_KIND: &str = "SELECT id, version, body FROM objects WHERE kind = $1 ORDER BY id";
const BY_PARENT: &str = "SELECT id, version, body FROM objects WHERE kind = $1 AND parent = $2 ORDER BY id";
const ONE: &str = "SELECT id, version, body FROM objects WHERE kind = $1 AND id = $2";
const ASSIGNED: &str = "SELECT o.id, o.version, o.body FROM assignments a \
     JOIN objects o ON o.kind = a.kind AND o.id = a.id WHERE a.team = $1 AND a.kind = $2 ORDER BY a.position";

impl Store {
    /// Every object of a kind, by number.
    pub async fn objects<T: Record>(&self) -> Result<Vec<Stored<T>>, StoreError> {
        self.read(|link| Box::pin(all(link))).await
    }

    /// The objects that are part of another, by number.
    pub async fn parts<T: Record>(&self, parent: u32) -> Result<Vec<Stored<T>>, StoreError> {
        let parent = i64::from(parent);
        self.read(move |link| {
            Box::pin(async move { link.all(BY_PARENT, values![T::KIND, parent], stored).await })
        })
        .await
    }

    /// One object.
    pub async fn object<T: Record>(&self, id: u32) -> Result<Option<Stored<T>>, StoreError> {
        self.read(move |link| Box::pin(find(link, id))).await
    }

    /// Makes an object.
    pub async fn create<T: Record>(&self, value: T, by: By) -> Result<u32, StoreError> {
        self.write(move |link| Box::pin(async move { create(link, &value, &by).await })).await
    }

    /// Makes objects together, instead of those that are part of `instead_in` if given. Their numbers, in this order.
    pub async fn create_all<T: Record>(
        &self,
        values: Vec<T>,
        instead_in: Option<u32>,
        by: By,
    ) -> Result<Vec<u32>, StoreError> {
        self.write(move |link| Box::pin(async move { create_all(link, &values, instead_in, &by).await }))
            .await
    }

    /// Makes the first objects of a kind, with these numbers, if there never was one. Whether it did.
    pub async fn begin_with<T: Record>(&self, values: Vec<(u32, T)>, by: By) -> Result<bool, StoreError> {
        self.write(move |link| Box::pin(async move { begin_with(link, &values, &by).await })).await
    }

    /// Replaces an object; with `version` only if it still has that one. Its new version.
    pub async fn replace<T: Record>(
        &self,
        id: u32,
        version: Option<u32>,
        value: T,
        by: By,
    ) -> Result<u32, StoreError> {
        self.write(move |link| Box::pin(async move { replace(link, id, version, &value, &by).await })).await
    }

    /// Deletes an object, what is part of it, and its assignments.
    pub async fn delete<T: Record>(&self, id: u32, by: By) -> Result<(), StoreError> {
        self.write(move |link| Box::pin(async move { delete::<T>(link, id, &by).await })).await
    }

    /// The objects assigned to a team, in the order of the assignment.
    pub async fn assigned<T: Record>(&self, team: u32) -> Result<Vec<Stored<T>>, StoreError> {
        let team = i64::from(team);
        self.read(move |link| {
            Box::pin(async move { link.all(ASSIGNED, values![team, T::KIND], stored).await })
        })
        .await
    }

    /// Assigns objects to a team, in this order, instead of those of before. Whether there is such a team is the
    /// asker's business: teams may be in the settings only.
    pub async fn assign<T: Record>(&self, team: u32, ids: Vec<u32>, by: By) -> Result<(), StoreError> {
        self.write(move |link| Box::pin(async move { assign::<T>(link, team, &ids, &by).await })).await
    }
}

pub(crate) async fn all<T: Record>(link: &mut Link) -> Result<Vec<Stored<T>>, StoreError> {
    link.all(BY_KIND, values![T::KIND], stored).await
}

pub(crate) fn stored<T: Record>(row: &Row) -> Result<Stored<T>, StoreError> {
    let value = serde_json::from_str(&row.get::<String>(2)?)
        .map_err(|error| StoreError::Damaged(format!("{} {error}", T::KIND)))?;
    Ok(Stored { id: row.count(0)?, version: row.count(1)?, value })
}

async fn find<T: Record>(link: &mut Link, id: u32) -> Result<Option<Stored<T>>, StoreError> {
    link.first(ONE, values![T::KIND, i64::from(id)]).await?.as_ref().map(stored).transpose()
}

async fn found<T: Record>(link: &mut Link, id: u32) -> Result<Stored<T>, StoreError> {
    find(link, id).await?.ok_or_else(|| StoreError::NotFound(format!("{} {id}", T::KIND)))
}

fn body<T: Record>(value: &T) -> Result<String, StoreError> {
    let body = text(value)?;
    if body.len() > OBJECT_BYTES_MAX {
        return Err(StoreError::Limit(format!("a {} has at most {OBJECT_BYTES_MAX} bytes", T::KIND)));
    }
    Ok(body)
}

pub(crate) async fn create<T: Record>(link: &mut Link, value: &T, by: &By) -> Result<u32, StoreError> {
    check_counts(link, value).await?;
    let number = new_number::<T>(link).await?;
    let body = insert(link, number, value).await?;
    let entry =
        Note { action: "create", kind: T::KIND, id: &number.to_string(), before: None, after: Some(body) };
    note(link, by, entry).await?;
    Ok(number)
}

async fn new_number<T: Record>(link: &mut Link) -> Result<u32, StoreError> {
    let id = next_number(link, T::KIND).await?;
    u32::try_from(id).map_err(|_| StoreError::Limit(format!("no more {}", T::KIND)))
}

/// Its body, as it is written.
async fn insert<T: Record>(link: &mut Link, number: u32, value: &T) -> Result<String, StoreError> {
    let body = body(value)?;
    let sql = "INSERT INTO objects (kind, id, parent, version, body) VALUES ($1, $2, $3, 1, $4)";
    let parent = value.parent().map(i64::from);
    link.run(sql, values![T::KIND, i64::from(number), parent, body.as_str()]).await?;
    claim_keys(link, number, value).await?;
    Ok(body)
}

async fn create_all<T: Record>(
    link: &mut Link,
    values: &[T],
    instead_in: Option<u32>,
    by: &By,
) -> Result<Vec<u32>, StoreError> {
    if let Some(parent) = instead_in {
        delete_parts(link, T::KIND, i64::from(parent)).await?;
    }
    if let Some(value) = values.first() {
        check_counts(link, value).await?;
    }
    let mut numbers = Vec::with_capacity(values.len());
    for value in values {
        let number = new_number::<T>(link).await?;
        insert(link, number, value).await?;
        numbers.push(number);
    }
    let id = match (T::PARENT, values.first().and_then(Record::parent).or(instead_in)) {
        (Some(kind), Some(parent)) => format!("{kind} {parent}"),
        _ => T::KIND.to_owned(),
    };
    let after = Some(format!("{} made", values.len()));
    note(link, by, Note { action: "import", kind: T::KIND, id: &id, before: None, after }).await?;
    Ok(numbers)
}

async fn begin_with<T: Record>(link: &mut Link, values: &[(u32, T)], by: &By) -> Result<bool, StoreError> {
    if latest(link, T::KIND).await? > 0 {
        return Ok(false);
    }
    for (number, value) in values {
        let body = insert(link, *number, value).await?;
        let entry = Note {
            action: "create",
            kind: T::KIND,
            id: &number.to_string(),
            before: None,
            after: Some(body),
        };
        note(link, by, entry).await?;
    }
    let highest = values.iter().map(|(number, _)| i64::from(*number)).max().unwrap_or(0);
    let sql = "INSERT INTO numbers (name, latest) VALUES ($1, $2)";
    link.run(sql, values![T::KIND, highest]).await?;
    Ok(true)
}

async fn check_counts<T: Record>(link: &mut Link, value: &T) -> Result<(), StoreError> {
    let all = link.first("SELECT COUNT(*) FROM objects WHERE kind = $1", values![T::KIND]).await?;
    if all.map_or(Ok(0), |row| row.count::<u32>(0))? >= T::COUNT_MAX {
        return Err(StoreError::Limit(format!("there may be {} {}", T::COUNT_MAX, T::KIND)));
    }
    let (Some(kind), Some(parent)) = (T::PARENT, value.parent()) else { return Ok(()) };
    let number = i64::from(parent);
    let exists = "SELECT id FROM objects WHERE kind = $1 AND id = $2";
    if link.first(exists, values![kind, number]).await?.is_none() {
        return Err(StoreError::NotFound(format!("{kind} {parent}")));
    }
    let sql = "SELECT COUNT(*) FROM objects WHERE kind = $1 AND parent = $2";
    let parts = link.first(sql, values![T::KIND, number]).await?;
    if parts.map_or(Ok(0), |row| row.count::<u32>(0))? >= T::COUNT_IN_PARENT_MAX {
        let most = T::COUNT_IN_PARENT_MAX;
        return Err(StoreError::Limit(format!("there may be {most} {} in one {kind}", T::KIND)));
    }
    Ok(())
}

/// Takes the object's keys instead of those it had.
async fn claim_keys<T: Record>(link: &mut Link, id: u32, value: &T) -> Result<(), StoreError> {
    let number = i64::from(id);
    link.run("DELETE FROM object_keys WHERE kind = $1 AND id = $2", values![T::KIND, number]).await?;
    for key in value.keys() {
        let sql = "INSERT INTO object_keys (kind, value, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        if link.run(sql, values![T::KIND, key.as_str(), number]).await? == 0 {
            return Err(StoreError::Conflict(format!("there is a {} with {key}", T::KIND)));
        }
    }
    Ok(())
}

async fn replace<T: Record>(
    link: &mut Link,
    id: u32,
    version: Option<u32>,
    value: &T,
    by: &By,
) -> Result<u32, StoreError> {
    let before = found::<T>(link, id).await?;
    if version.is_some_and(|version| version != before.version) {
        return Err(StoreError::Conflict(format!("{} {id} was changed by another", T::KIND)));
    }
    if value.parent() != before.value.parent() {
        return Err(StoreError::Conflict(format!("{} {id} is part of another object", T::KIND)));
    }
    let (old, new) = (text(&before.value)?, body(value)?);
    let sql = "UPDATE objects SET version = version + 1, body = $3 WHERE kind = $1 AND id = $2";
    link.run(sql, values![T::KIND, i64::from(id), new.as_str()]).await?;
    claim_keys(link, id, value).await?;
    let entry =
        Note { action: "change", kind: T::KIND, id: &id.to_string(), before: Some(old), after: Some(new) };
    note(link, by, entry).await?;
    Ok(before.version + 1)
}

async fn delete<T: Record>(link: &mut Link, id: u32, by: &By) -> Result<(), StoreError> {
    let before = found::<T>(link, id).await?;
    let number = i64::from(id);
    for sql in [
        "DELETE FROM object_keys WHERE kind = $1 AND id = $2",
        "DELETE FROM assignments WHERE kind = $1 AND id = $2",
        "DELETE FROM objects WHERE kind = $1 AND id = $2",
    ] {
        link.run(sql, values![T::KIND, number]).await?;
    }
    for part in parts_of(T::KIND) {
        delete_parts(link, part, number).await?;
    }
    let before = Some(text(&before.value)?);
    note(link, by, Note { action: "delete", kind: T::KIND, id: &id.to_string(), before, after: None }).await
}

async fn delete_parts(link: &mut Link, kind: &'static str, parent: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM object_keys WHERE kind = $1 AND id IN (SELECT id FROM objects WHERE kind = $1 AND parent = $2)",
        "DELETE FROM objects WHERE kind = $1 AND parent = $2",
    ] {
        link.run(sql, values![kind, parent]).await?;
    }
    Ok(())
}

async fn assign<T: Record>(link: &mut Link, team: u32, ids: &[u32], by: &By) -> Result<(), StoreError> {
    if ids.len() > ASSIGNED_MAX {
        return Err(StoreError::Limit(format!("a team has at most {ASSIGNED_MAX} {}", T::KIND)));
    }
    let number = i64::from(team);
    let sql = "SELECT id FROM assignments WHERE team = $1 AND kind = $2 ORDER BY position";
    let before = link.all(sql, values![number, T::KIND], |row| row.count::<u32>(0)).await?;
    link.run("DELETE FROM assignments WHERE team = $1 AND kind = $2", values![number, T::KIND]).await?;
    for (position, id) in (0_i64..).zip(ids) {
        found::<T>(link, *id).await?;
        let sql = "INSERT INTO assignments (team, kind, id, position) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT DO NOTHING";
        if link.run(sql, values![number, T::KIND, i64::from(*id), position]).await? == 0 {
            return Err(StoreError::Conflict(format!("{} {id} is in the list twice", T::KIND)));
        }
    }
    let (before, after) = (Some(text(&before)?), Some(text(&ids)?));
    note(link, by, Note { action: "assign", kind: T::KIND, id: &format!("Team {team}"), before, after }).await
}

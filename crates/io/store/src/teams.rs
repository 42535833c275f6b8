//! Teams.

use crate::audit::{By, Note, note};
use crate::limits::{NAME_BYTES_MAX, TEAMS_MAX};
use crate::link::{Link, Row, values};
use crate::users::text;
use crate::{Store, StoreError};
use serde::{Deserialize, Serialize};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// As the phone system numbers it.
    pub id: u32,
    /// Its name, of which there is one without regard to case.
    pub name: String,
}

pub(crate) const KIND: &str = "Team";
const ALL: &str = "SELECT id, name FROM teams ORDER BY id";
const PUT: &str = "INSERT INTO teams (id, name, name_key) VALUES ($1, $2, $3) \
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key";

impl Store {
    /// All teams, by number.
    pub async fn teams(&self) -> Result<Vec<Team>, StoreError> {
        self.read(|link| Box::pin(async move { link.all(ALL, Vec::new(), team).await })).await
    }

    /// Makes a team, or gives it another name.
    pub async fn put_team(&self, team: Team, by: By) -> Result<(), StoreError> {
        self.write(move |link| Box::pin(async move { put(link, &team, &by).await })).await
    }

    /// Deletes a team that has no users, with what is assigned to it.
    pub async fn delete_team(&self, id: u32, by: By) -> Result<(), StoreError> {
        self.write(move |link| Box::pin(async move { delete(link, id, &by).await })).await
    }
}

fn team(row: &Row) -> Result<Team, StoreError> {
    Ok(Team { id: row.count(0)?, name: row.get(1)? })
}

pub(crate) async fn find(link: &mut Link, id: u32) -> Result<Option<Team>, StoreError> {
    let row = link.first("SELECT id, name FROM teams WHERE id = $1", values![i64::from(id)]).await?;
    row.as_ref().map(team).transpose()
}

async fn put(link: &mut Link, new: &Team, by: &By) -> Result<(), StoreError> {
    if new.name.trim().is_empty() || new.name.len() > NAME_BYTES_MAX {
        return Err(StoreError::Limit(format!("a team's name has 1 to {NAME_BYTES_MAX} bytes")));
    }
    let before = find(link, new.id).await?;
    let key = new.name.to_lowercase();
    let taken = "SELECT id FROM teams WHERE name_key = $1 AND id <> $2";
    if link.first(taken, values![key.as_str(), i64::from(new.id)]).await?.is_some() {
        return Err(StoreError::Conflict(format!("there is a team {:?}", new.name)));
    }
    if before.is_none() {
        let count = link.first("SELECT COUNT(*) FROM teams", Vec::new()).await?;
        if count.map_or(Ok(0), |row| row.count::<u32>(0))? >= TEAMS_MAX {
            return Err(StoreError::Limit(format!("there are {TEAMS_MAX} teams, the most there may be")));
        }
    }
    link.run(PUT, values![i64::from(new.id), new.name.as_str(), key]).await?;
    let action = if before.is_some() { "change" } else { "create" };
    let (before, after) = (before.as_ref().map(text).transpose()?, Some(text(new)?));
    note(link, by, Note { action, kind: KIND, id: &new.id.to_string(), before, after }).await
}

async fn delete(link: &mut Link, id: u32, by: &By) -> Result<(), StoreError> {
    let found = find(link, id).await?.ok_or_else(|| StoreError::NotFound(format!("team {id}")))?;
    let number = i64::from(id);
    if link.first("SELECT id FROM users WHERE team = $1 LIMIT 1", values![number]).await?.is_some() {
        return Err(StoreError::Conflict(format!("team {id} has users")));
    }
    link.run("DELETE FROM teams WHERE id = $1", values![number]).await?;
    link.run("DELETE FROM assignments WHERE team = $1", values![number]).await?;
    let before = Some(text(&found)?);
    note(link, by, Note { action: "delete", kind: KIND, id: &id.to_string(), before, after: None }).await
}

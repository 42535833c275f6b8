//! Users: who may sign in, and what they are.

use crate::audit::{By, Note, note};
use crate::limits::{LOGIN_ID_BYTES_MAX, NAME_BYTES_MAX, SUPERVISED_TEAMS_MAX, USERS_MAX};
use crate::link::{Link, Row, values};
use crate::{Store, StoreError, teams};
use jid::BareJid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a user may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserRole {
    /// Handles calls.
    Agent,
    /// Watches and changes the agents of some teams.
    Supervisor,
    /// Configures.
    Administrator,
    /// A program that publishes.
    Service,
}

impl UserRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Supervisor, Self::Administrator, Self::Service];

    /// Its name in settings, files and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Service => "service",
        }
    }
}

/// What a password is compared with. Prints without it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// argon2, in PHC form.
    pub password_hash: String,
    /// SCRAM verifiers.
    pub scram: Vec<String>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// loginId: the node part of the JID, of which there is one without regard to case.
    pub id: String,
    /// loginName, likewise; it may be the user's own id, and nobody else's.
    pub login_name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Needed by agents and supervisors.
    pub team: Option<u32>,
    /// At least one.
    pub roles: Vec<UserRole>,
    /// Teams that a supervisor supervises.
    pub supervises: Vec<u32>,
    /// What the password is compared with; no part of an entry in the audit trail.
    #[serde(skip_serializing, default)]
    pub secrets: Secrets,
}

/// What became of a user that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is new.
    Created,
    /// There was one with this id, which is now so.
    Replaced,
}

pub(crate) const KIND: &str = "User";
const ALL: &str = "SELECT id, login_name, first_name, last_name, team, roles, supervises, password_hash, scram \
     FROM users ORDER BY id";
const ONE: &str = "SELECT id, login_name, first_name, last_name, team, roles, supervises, password_hash, scram \
     FROM users WHERE id = $1";
const TAKEN: &str = "SELECT id FROM users WHERE id <> $1 \
     AND (id_key = $2 OR id_key = $3 OR login_key = $2 OR login_key = $3)";
const PUT: &str = "INSERT INTO users \
     (id, id_key, login_name, login_key, first_name, last_name, team, roles, supervises, password_hash, scram) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET \
     id_key = excluded.id_key, login_name = excluded.login_name, login_key = excluded.login_key, \
     first_name = excluded.first_name, last_name = excluded.last_name, team = excluded.team, \
     roles = excluded.roles, supervises = excluded.supervises, password_hash = excluded.password_hash, \
     scram = excluded.scram";

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Store {
    /// All users, by id.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read(|link| Box::pin(async move { link.all(ALL, Vec::new(), user).await })).await
    }

    /// Makes a user, or replaces the one with this id.
    pub async fn put_user(&self, user: User, by: By) -> Result<Put, StoreError> {
        user.check()?;
        self.write(move |link| Box::pin(async move { put(link, &user, &by).await })).await
    }

    /// Makes a user, unless there is one with this id.
    pub async fn create_user(&self, user: User, by: By) -> Result<(), StoreError> {
        user.check()?;
        self.write(move |link| {
            Box::pin(async move {
                if find(link, &user.id).await?.is_some() {
                    return Err(StoreError::Conflict(format!("there is a user {}", user.id)));
                }
                put(link, &user, &by).await.map(drop)
            })
        })
        .await
    }

    /// Gives a user another password.
    pub async fn set_secrets(&self, id: String, secrets: Secrets, by: By) -> Result<(), StoreError> {
        self.write(move |link| Box::pin(async move { set_secrets(link, &id, &secrets, &by).await })).await
    }

    /// Deletes a user.
    pub async fn delete_user(&self, id: String, by: By) -> Result<(), StoreError> {
        self.write(move |link| {
            Box::pin(async move {
                let found =
                    find(link, &id).await?.ok_or_else(|| StoreError::NotFound(format!("user {id}")))?;
                link.run("DELETE FROM users WHERE id = $1", values![id.as_str()]).await?;
                let before = Some(text(&found)?);
                note(link, &by, Note { action: "delete", kind: KIND, id: &id, before, after: None }).await
            })
        })
        .await
    }
}

impl User {
    fn check(&self) -> Result<(), StoreError> {
        let wrong = |what: &str| Err(StoreError::Limit(format!("user {:?}: {what}", self.id)));
        if self.id.is_empty() || self.id.len() > LOGIN_ID_BYTES_MAX {
            return wrong(&format!("an id has 1 to {LOGIN_ID_BYTES_MAX} bytes"));
        }
        // the id is part of addresses and paths
        let is_node = BareJid::new(&format!("{}@example", self.id)).is_ok();
        if !is_node || self.id.chars().any(|c| c.is_whitespace() || c.is_control() || "/@:%".contains(c)) {
            return wrong("an id is part of addresses: no spaces and none of / @ : % & ' \" < >");
        }
        if self.login_name.is_empty() || self.login_name.contains(':') {
            return wrong("a loginName is needed, without a colon (HTTP Basic)");
        }
        let names = [&self.login_name, &self.first_name, &self.last_name];
        if names.iter().any(|name| name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control)) {
            return wrong(&format!("a name has at most {NAME_BYTES_MAX} bytes and no control characters"));
        }
        if self.roles.is_empty() {
            return wrong("a role is needed");
        }
        let on_the_floor = |role: &UserRole| matches!(role, UserRole::Agent | UserRole::Supervisor);
        if self.team.is_none() && self.roles.iter().any(on_the_floor) {
            return wrong("agents and supervisors need a team");
        }
        if self.supervises.len() > SUPERVISED_TEAMS_MAX {
            return wrong(&format!("supervises more than {SUPERVISED_TEAMS_MAX} teams"));
        }
        Ok(())
    }
}

pub(crate) fn text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn list<T: serde::de::DeserializeOwned>(row: &Row, column: usize) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(&row.get::<String>(column)?).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn user(row: &Row) -> Result<User, StoreError> {
    let team = row.get::<Option<i64>>(4)?;
    Ok(User {
        id: row.get(0)?,
        login_name: row.get(1)?,
        first_name: row.get(2)?,
        last_name: row.get(3)?,
        team: team.map(|_| row.count(4)).transpose()?,
        roles: list(row, 5)?,
        supervises: list(row, 6)?,
        secrets: Secrets { password_hash: row.get(7)?, scram: list(row, 8)? },
    })
}

async fn find(link: &mut Link, id: &str) -> Result<Option<User>, StoreError> {
    link.first(ONE, values![id]).await?.as_ref().map(user).transpose()
}

async fn put(link: &mut Link, new: &User, by: &By) -> Result<Put, StoreError> {
    let before = find(link, &new.id).await?;
    let (id_key, login_key) = (new.id.to_lowercase(), new.login_name.to_lowercase());
    let taken = link.first(TAKEN, values![new.id.as_str(), id_key.as_str(), login_key.as_str()]).await?;
    if let Some(other) = taken {
        let other: String = other.get(0)?;
        return Err(StoreError::Conflict(format!("user {} has this id or loginName", other)));
    }
    for team in new.team.iter().chain(&new.supervises) {
        teams::find(link, *team).await?.ok_or_else(|| StoreError::NotFound(format!("team {team}")))?;
    }
    if before.is_none() {
        let count = link.first("SELECT COUNT(*) FROM users", Vec::new()).await?;
        if count.map_or(Ok(0), |row| row.count::<u32>(0))? >= USERS_MAX {
            return Err(StoreError::Limit(format!("there are {USERS_MAX} users, the most there may be")));
        }
    }
    let values = values![
        new.id.as_str(),
        id_key,
        new.login_name.as_str(),
        login_key,
        new.first_name.as_str(),
        new.last_name.as_str(),
        new.team.map(i64::from),
        text(&new.roles)?,
        text(&new.supervises)?,
        new.secrets.password_hash.as_str(),
        text(&new.secrets.scram)?
    ];
    link.run(PUT, values).await?;
    let (action, put) = match before {
        None => ("create", Put::Created),
        Some(_) => ("change", Put::Replaced),
    };
    let (before, after) = (before.as_ref().map(text).transpose()?, Some(text(new)?));
    note(link, by, Note { action, kind: KIND, id: &new.id, before, after }).await?;
    Ok(put)
}

async fn set_secrets(link: &mut Link, id: &str, secrets: &Secrets, by: &By) -> Result<(), StoreError> {
    let sql = "UPDATE users SET password_hash = $2, scram = $3 WHERE id = $1";
    let values = values![id, secrets.password_hash.as_str(), text(&secrets.scram)?];
    if link.run(sql, values).await? == 0 {
        return Err(StoreError::NotFound(format!("user {id}")));
    }
    note(link, by, Note { action: "password", kind: KIND, id, before: None, after: None }).await
}

//! What supervisors tell their teams for a while.

use crate::link::{Link, values};
use crate::objects::{create, stored};
use crate::{By, Store, StoreError};
use configuration::{Record, Stored};
use serde::{Deserialize, Serialize};

/// A message to teams.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TeamMessage {
    /// What clients know it by; no other has it.
    pub id: String,
    /// loginId of who wrote it.
    pub author: String,
    /// First name of the author.
    pub first_name: String,
    /// Last name of the author.
    pub last_name: String,
    /// Seconds since 1970.
    pub created_at_secs: i64,
    /// How long it is shown.
    pub duration_secs: u32,
    /// The text.
    pub content: String,
    /// The teams that it is for.
    pub teams: Vec<u32>,
}

impl TeamMessage {
    /// Whether it is shown no longer.
    pub fn is_over(&self, now_secs: i64) -> bool {
        self.created_at_secs.saturating_add(i64::from(self.duration_secs)) <= now_secs
    }
}

impl Record for TeamMessage {
    const KIND: &'static str = "TeamMessage";
    // all are read for each list
    const COUNT_MAX: u32 = 200;

    fn keys(&self) -> Vec<String> {
        vec![self.id.clone()]
    }
}

const BY_KIND: &str = "SELECT id, version, body FROM objects WHERE kind = $1 ORDER BY id";

impl Store {
    /// Adds a message, in the place of those that are over.
    pub async fn add_team_message(&self, message: TeamMessage, by: By) -> Result<u32, StoreError> {
        self.write(move |link| {
            Box::pin(async move {
                forget_those_over(link, by.at.as_second()).await?;
                create(link, &message, &by).await
            })
        })
        .await
    }
}

/// Without an entry in the audit trail: nobody does it.
async fn forget_those_over(link: &mut Link, now_secs: i64) -> Result<(), StoreError> {
    let all: Vec<Stored<TeamMessage>> = link.all(BY_KIND, values![TeamMessage::KIND], stored).await?;
    for over in all.into_iter().filter(|message| message.value.is_over(now_secs)) {
        for sql in [
            "DELETE FROM object_keys WHERE kind = $1 AND id = $2",
            "DELETE FROM objects WHERE kind = $1 AND id = $2",
        ] {
            link.run(sql, values![TeamMessage::KIND, i64::from(over.id)]).await?;
        }
    }
    Ok(())
}

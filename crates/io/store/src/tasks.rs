//! Tasks, and who is signed in to media routing domains.

use crate::link::{Link, Row, values};
use crate::users::text;
use crate::writer::Changes;
use crate::{Store, StoreError};
use media::{Keep, SeatRecord, TaskRecord};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

const PUT_TASK: &str =
    "INSERT INTO tasks (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
const PUT_SEAT: &str = "INSERT INTO task_seats (agent, domain, body) VALUES ($1, $2, $3) \
     ON CONFLICT (agent, domain) DO UPDATE SET body = excluded.body";

impl Store {
    /// Everything of task routing: who is signed in where, and tasks.
    pub async fn tasks(&self) -> Result<(Vec<SeatRecord>, Vec<TaskRecord>), StoreError> {
        self.read(|link| {
            Box::pin(async move {
                let seats = "SELECT body FROM task_seats ORDER BY agent, domain";
                let seats = link.all(seats, Vec::new(), record).await?;
                Ok((seats, link.all("SELECT body FROM tasks ORDER BY id", Vec::new(), record).await?))
            })
        })
        .await
    }

    /// Takes changes of task routing, under the same terms as [`Store::keep`].
    pub fn keep_tasks(&self, changes: Vec<Keep>) -> oneshot::Receiver<Result<(), StoreError>> {
        self.keep_all(Changes::Tasks(changes))
    }
}

/// Applies a change. The same one twice changes nothing.
pub(crate) async fn apply(link: &mut Link, change: &Keep) -> Result<(), StoreError> {
    let (sql, values) = match change {
        Keep::Task(task) => (PUT_TASK, values![task.id.to_string(), text(&**task)?]),
        Keep::TaskOver(id) => ("DELETE FROM tasks WHERE id = $1", values![id.to_string()]),
        Keep::Seat(seat) => (PUT_SEAT, values![seat.agent.as_str(), i64::from(seat.domain), text(&**seat)?]),
        Keep::SignedOut { agent, domain } => {
            let sql = "DELETE FROM task_seats WHERE agent = $1 AND domain = $2";
            (sql, values![agent.as_str(), i64::from(*domain)])
        }
    };
    link.run(sql, values).await.map(drop)
}

fn record<T: DeserializeOwned>(row: &Row) -> Result<T, StoreError> {
    serde_json::from_str(&row.get::<String>(0)?)
        .map_err(|error| StoreError::Damaged(format!("task routing: {error}")))
}

//! `/MaintenanceMode`: an administrator wants to take this node of a pair down. Everybody is told by `SystemInfo`, and it is
//! seen when the last one has gone to the other node.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::caller::Caller;
use crate::connected_users::ConnectedUsers;
use crate::limits::{MAINTENANCE_LOOK_EVERY, MAINTENANCE_SECS_MAX};
use crate::operation::{self, Fault, Gives, Operation, Shape, Who, count, parts, word};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use std::sync::Arc;

const USERS: Shape = parts("usersLoggedIn", &[count("desktop"), count("fippa"), count("thirdpartyclients")]);
const MODE: Shape = parts(
    "MaintenanceMode",
    &[
        count("estimatedCompletionTime"),
        count("pendingUserDisconnections"),
        word("status", &["", "IN_PROGRESS", "COMPLETED", "FAILED"]),
        USERS,
    ],
);

/// COMPAT(finesse): the elements are the original's; how it is begun and called off is not public.
pub(crate) fn operations() -> Vec<Operation> {
    let of_mode = |operation: Operation, title| operation.title(title).who(Who::Operators);
    vec![
        of_mode(
            operation::get("/MaintenanceMode", get),
            "Whether this node is being emptied, and how far that is",
        )
        .answers(&MODE),
        of_mode(operation::post("/MaintenanceMode", begin), "Tells everybody to go to the other node")
            .gives(Gives::Accepted)
            .fails(&[Fault::INVALID_STATE]),
        of_mode(operation::delete("/MaintenanceMode", call_off), "Calls it off")
            .fails(&[Fault::INVALID_STATE]),
    ]
}

/// A node that is being emptied, or was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maintenance {
    since: Timestamp,
    /// Who was connected when it began.
    users: ConnectedUsers,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Somebody is still here.
    Going,
    /// Nobody is.
    Completed,
    /// Somebody stayed too long.
    Failed,
}

impl Maintenance {
    /// Since when clients shall be elsewhere.
    pub(crate) fn holds_since(&self) -> Option<Timestamp> {
        (self.progress != Progress::Failed).then_some(self.since)
    }

    /// What has become of it by now.
    fn progress(&self, now: Timestamp, here: usize) -> Progress {
        match self.progress {
            Progress::Going if here == 0 => Progress::Completed,
            Progress::Going if self.secs_left(now) == 0 => Progress::Failed,
            progress => progress,
        }
    }

    fn secs_left(&self, now: Timestamp) -> i64 {
        (MAINTENANCE_SECS_MAX - now.duration_since(self.since).as_secs()).clamp(0, MAINTENANCE_SECS_MAX)
    }
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    let maintenance = services.catalogue.maintenance();
    let here = services.count_users.ask().await;
    let now = Timestamp::now();
    let (users, status, secs_left) = match maintenance {
        None => (ConnectedUsers::default(), "", 0),
        Some(maintenance) => match maintenance.progress {
            Progress::Going => (maintenance.users, "IN_PROGRESS", maintenance.secs_left(now)),
            Progress::Completed => (maintenance.users, "COMPLETED", 0),
            Progress::Failed => (maintenance.users, "FAILED", 0),
        },
    };
    let pending = if status == "IN_PROGRESS" { here.all() } else { 0 };
    answer::document(|writer| {
        writer.open("MaintenanceMode").leaf("estimatedCompletionTime", &secs_left.to_string());
        writer.leaf("pendingUserDisconnections", &pending.to_string()).leaf("status", status);
        writer.open("usersLoggedIn").leaf("desktop", &users.on_desktops.to_string()).leaf("fippa", "0");
        writer.leaf("thirdpartyclients", &users.elsewhere.to_string()).close().close();
    })
}

/// 202: who is connected goes by itself.
async fn begin(State(services): State<Arc<Services>>, caller: Caller) -> Result<Response, ApiError> {
    if !services.is_of_a_pair() {
        return Err(ApiError::wrong_moment("There is no other node to go to"));
    }
    if services.catalogue.maintenance().is_some_and(|before| before.progress == Progress::Going) {
        return Err(ApiError::wrong_moment("It has begun already"));
    }
    services.note_act("begin", caller).await?;
    let users = services.count_users.ask().await;
    let begun = Maintenance { since: Timestamp::now(), users, progress: Progress::Going };
    services.put_maintenance(Some(begun)).await;
    tokio::spawn(services.watch(begun.since));
    Ok(answer::accepted())
}

async fn call_off(State(services): State<Arc<Services>>, caller: Caller) -> Result<Response, ApiError> {
    if services.catalogue.maintenance().is_none() {
        return Err(ApiError::wrong_moment("It has not begun"));
    }
    services.note_act("call off", caller).await?;
    services.put_maintenance(None).await;
    Ok(answer::done())
}

impl Services {
    async fn note_act(&self, action: &'static str, caller: Caller) -> Result<(), ApiError> {
        match &self.store {
            Some(store) => Ok(store.note_act(action, "MaintenanceMode", String::new(), caller.by()).await?),
            None => Ok(()),
        }
    }

    /// Everybody who watches SystemInfo is told.
    async fn put_maintenance(&self, maintenance: Option<Maintenance>) {
        tracing::info!(?maintenance, "maintenance mode");
        self.catalogue.put_maintenance(maintenance);
        if self.floor.call(|floor, now| floor.tell_system(now)).await.is_err() {
            tracing::error!(
                "the floor is too busy to tell of maintenance; SystemInfo has it when it is asked"
            );
        }
    }

    /// Looks until everybody has gone or the time is up, or it was called off.
    async fn watch(self: Arc<Self>, since: Timestamp) {
        loop {
            tokio::time::sleep(MAINTENANCE_LOOK_EVERY).await;
            let here = self.count_users.ask().await.all();
            let Some(now) = self.catalogue.maintenance().filter(|now| now.since == since) else { return };
            let progress = now.progress(Timestamp::now(), here);
            if progress != Progress::Going {
                return self.put_maintenance(Some(Maintenance { progress, ..now })).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_completed_when_nobody_is_here_and_has_failed_when_the_time_is_up() {
        let begun = Maintenance {
            since: Timestamp::UNIX_EPOCH,
            users: ConnectedUsers { on_desktops: 1, elsewhere: 1 },
            progress: Progress::Going,
        };
        let at = |secs| Timestamp::from_second(secs).unwrap();
        assert_eq!(begun.progress(at(MAINTENANCE_SECS_MAX - 1), 1), Progress::Going);
        assert_eq!(begun.progress(at(MAINTENANCE_SECS_MAX), 1), Progress::Failed);
        assert_eq!(begun.progress(at(MAINTENANCE_SECS_MAX), 0), Progress::Completed);
        let over = Maintenance { progress: Progress::Completed, ..begun };
        assert_eq!(
            over.progress(at(MAINTENANCE_SECS_MAX), 1),
            Progress::Completed,
            "who comes later is welcome"
        );
        let failed = Maintenance { progress: Progress::Failed, ..begun };
        assert_eq!((over.holds_since(), failed.holds_since()), (Some(at(0)), None));
        assert_eq!(
            (begun.secs_left(at(-5)), begun.secs_left(at(60))),
            (MAINTENANCE_SECS_MAX, MAINTENANCE_SECS_MAX - 60)
        );
    }
}

//! `/ConnectedUsersInfo`: how many users are connected, before somebody takes the server down.

use crate::Services;
use crate::answer;
use crate::operation::{self, Operation, Shape, Who, count, parts, text};
use axum::extract::State;
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use xml::Writer;

/// Users who are connected, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectedUsers {
    /// With the desktop.
    pub on_desktops: usize,
    /// With other clients only.
    pub elsewhere: usize,
}

impl ConnectedUsers {
    /// With whatever client.
    pub(crate) fn all(&self) -> usize {
        self.on_desktops + self.elsewhere
    }
}

/// Whom to ask how many there are: whoever delivers the events.
#[derive(Clone)]
pub struct CountUsers(Arc<dyn Fn() -> BoxFuture<'static, ConnectedUsers> + Send + Sync>);

impl CountUsers {
    /// Asks this.
    pub fn new(count: impl Fn() -> BoxFuture<'static, ConnectedUsers> + Send + Sync + 'static) -> Self {
        Self(Arc::new(count))
    }

    /// How many there are now.
    pub(crate) async fn ask(&self) -> ConnectedUsers {
        (self.0)().await
    }
}

impl fmt::Debug for CountUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CountUsers")
    }
}

/// How many there are of each.
pub(crate) const SUMMARY: Shape = parts(
    "userSummary",
    &[
        count("desktopUsers"),
        count("fippaUsers"),
        count("thirdPartyUsers"),
        count("totalConnectedUsers"),
        count("totalConnectedUsersViaProxy"),
    ],
);
const INFO: Shape = parts("ConnectedUsersInfo", &[SUMMARY, text("uri")]);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ConnectedUsersInfo", get)
            .title("How many users are connected")
            .who(Who::Operators)
            .answers(&INFO),
    ]
}

async fn get(State(services): State<Arc<Services>>) -> Response {
    let users = services.count_users.ask().await;
    answer::document(|writer| {
        writer.open("ConnectedUsersInfo");
        write_summary(writer, users);
        writer.leaf("uri", "/finesse/api/ConnectedUsersInfo").close();
    })
}

/// There is no application for phones here, and a proxy is not told from a client.
pub(crate) fn write_summary(writer: &mut Writer, users: ConnectedUsers) {
    let leaf = |count: usize| count.to_string();
    writer.open("userSummary");
    writer.leaf("desktopUsers", &leaf(users.on_desktops)).leaf("fippaUsers", "0");
    writer.leaf("thirdPartyUsers", &leaf(users.elsewhere));
    writer.leaf("totalConnectedUsers", &leaf(users.all()));
    writer.leaf("totalConnectedUsersViaProxy", "0").close();
}

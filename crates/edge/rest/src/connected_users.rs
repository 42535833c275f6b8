//! `/ConnectedUsersInfo`: how many users are connected, before somebody takes the server down.

use crate::Services;
use crate::answer;
use crate::operation::{self, Operation, Shape, Who, number, parts, text};
use axum::extract::State;
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;

/// Users who are connected, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectedUsers {
    /// With the desktop.
    pub on_desktops: usize,
    /// With other clients only.
    pub elsewhere: usize,
}

/// Whom to ask how many there are: whoever delivers the events.
#[derive(Clone)]
pub struct CountUsers(Arc<dyn Fn() -> BoxFuture<'static, ConnectedUsers> + Send + Sync>);

impl CountUsers {
    /// Asks this.
    pub fn new(count: impl Fn() -> BoxFuture<'static, ConnectedUsers> + Send + Sync + 'static) -> Self {
        Self(Arc::new(count))
    }
}

impl fmt::Debug for CountUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CountUsers")
    }
}

const INFO: Shape = parts(
    "ConnectedUsersInfo",
    &[
        text("uri"),
        parts(
            "userSummary",
            &[
                count("desktopUsers"),
                count("fippaUsers"),
                count("thirdPartyUsers"),
                count("totalConnectedUsers"),
                count("totalConnectedUsersViaProxy"),
            ],
        ),
    ],
);

const fn count(name: &'static str) -> Shape {
    number(name, 0, i64::MAX)
}

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/ConnectedUsersInfo", get)
            .title("How many users are connected")
            .who(Who::Operators)
            .answers(&INFO),
    ]
}

/// There is no application for phones here, and a proxy is not told from a client.
async fn get(State(services): State<Arc<Services>>) -> Response {
    let users = (services.count_users.0)().await;
    let leaf = |count: usize| count.to_string();
    answer::document(|writer| {
        writer.open("ConnectedUsersInfo").leaf("uri", "/finesse/api/ConnectedUsersInfo").open("userSummary");
        writer.leaf("desktopUsers", &leaf(users.on_desktops)).leaf("fippaUsers", "0");
        writer.leaf("thirdPartyUsers", &leaf(users.elsewhere));
        writer.leaf("totalConnectedUsers", &leaf(users.on_desktops + users.elsewhere));
        writer.leaf("totalConnectedUsersViaProxy", "0").close().close();
    })
}

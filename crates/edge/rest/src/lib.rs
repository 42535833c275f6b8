//! The web service: the Finesse REST API over the floor.
//!
//! A request is authenticated, checked, and becomes a job for the floor's owner ([`FloorClient`]). Reading is
//! answered at once; what changes something is answered 202 and takes effect as a notification.

mod answer;
mod auth_mode;
mod body;
mod caller;
mod catalogue;
mod client_log;
mod configured;
mod connected_users;
mod description;
mod desktop_config;
mod devices;
mod diagnostic_portal;
mod dialog;
mod disconnection;
mod ecc_variable;
mod floor_client;
pub mod limits;
mod locked_out_users;
mod maintenance_mode;
mod media;
mod metrics;
mod operation;
mod performance;
mod process;
mod queue;
mod reason;
mod request_id;
mod request_origin;
mod resource;
mod runtime_config_info;
mod site;
mod system;
mod task;
mod team;
mod team_message;
mod user;
mod users;

pub use answer::{Answered, RefusedSignIn};
pub use catalogue::{Beginnings, Catalogue};
pub use client_log::CLIENT_LOG_NUMBER;
pub use connected_users::{ConnectedUsers, CountUsers};
pub use description::openapi;
pub use disconnection::{Asked, Diagnosis, Diagnostician, Form, MaySee, Unanswered};
pub use floor_client::{Client, FloorClient, Job, MediaClient, Unavailable};
pub use metrics::{ForbiddenCharacters, Metrics};
pub use notify::{Notification, Ports, SystemIdentity};
pub use site::Site;

use answer::ApiError;
use axum::Router;
use axum::middleware::from_fn_with_state;
use credentials::Checker;
use resource::finish;
use std::fmt;
use std::sync::Arc;
use store::Store;
use tokio::sync::mpsc;

/// What the web service works with.
#[derive(Clone)]
pub struct Services {
    /// The floor.
    pub floor: FloorClient,
    /// Task routing.
    pub media: MediaClient,
    /// Who may sign in.
    pub credentials: Checker,
    /// What administrators have configured.
    pub catalogue: Catalogue,
    /// What SystemInfo says of this server.
    pub system: SystemIdentity,
    /// What the settings say of this site.
    pub site: Site,
    /// Counters.
    pub metrics: Metrics,
    /// What must survive a restart. Without one, what would have to is refused.
    pub store: Option<Store>,
    /// Where what the floor does not know is published.
    pub announcements: mpsc::Sender<Notification>,
    /// Who knows why agents were disconnected. Without one nobody is told.
    pub diagnostician: Option<Diagnostician>,
    /// Whom to ask how many users are connected.
    pub count_users: CountUsers,
    /// How much and how long.
    pub limits: limits::Limits,
}

impl Services {
    fn store(&self) -> Result<&Store, ApiError> {
        self.store.as_ref().ok_or_else(|| ApiError::unavailable("This server keeps nothing"))
    }

    /// Whether there is another node.
    fn is_of_a_pair(&self) -> bool {
        let identity = self.catalogue.identity(&self.system);
        identity.primary_host.is_some() || identity.secondary_host.is_some()
    }

    async fn announce(&self, notification: Notification) {
        if self.announcements.send(notification).await.is_err() {
            tracing::warn!("nobody publishes any more");
        }
    }
}

/// Whether a request came over an encrypted connection: a listener that adds it to its requests has URLs answered
/// that lead back to it.
#[derive(Clone, Copy, Debug)]
pub struct Encrypted(pub bool);

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").field("system", &self.system).finish_non_exhaustive()
    }
}

/// Everything under `/finesse/api`, without a fallback: to be merged with other routers.
///
/// A listener that adds `ConnectInfo<SocketAddr>` to its requests has the peer's address in every log line.
pub fn router(services: Services) -> Router {
    let services = Arc::new(services);
    operation::router(&services)
        // not for paths of the routers this one is merged with
        .route_layer(from_fn_with_state(services.clone(), finish))
        .with_state(services)
}

//! The service as a whole: its parts and its handle.

use crate::http_bind::HttpBind;
use crate::limits::{FAREWELL, PRESENCE_MAILBOX, ROUTER_MAILBOX, SHARD_MAILBOX};
use crate::router::{Router, ToRouter};
use crate::shard::{Shard, ToShard};
use crate::{Config, Metrics, tcp};
use bytes::Bytes;
use credentials::Checker;
use listen::{Peer, ServerConfig, Socket};
use pubsub::Ids;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// A user came or went: the first of its resources is available, or the last one is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The node part of the user's JID.
    pub user: String,
    /// Whether any resource is available.
    pub available: bool,
}

/// What every part of the service needs.
pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) credentials: Checker,
    pub(crate) metrics: Metrics,
    pub(crate) router: mpsc::Sender<ToRouter>,
    keys: AtomicU64,
}

impl Context {
    /// A number that no other session or request of this run has.
    pub(crate) fn key(&self) -> u64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn to_router_or_log(&self, message: ToRouter) {
        if self.router.try_send(message).is_err() {
            tracing::error!("the router is overloaded or gone");
        }
    }
}

/// A running notification service.
#[derive(Clone)]
pub struct Service {
    context: Arc<Context>,
    shards: Arc<[mpsc::Sender<ToShard>]>,
}

impl Service {
    /// Starts the service's tasks. `nodes` exist from the start. Presence comes out of the returned receiver,
    /// which must be read.
    pub fn start(
        config: Config,
        credentials: Checker,
        policy: Box<dyn pubsub::Policy>,
        nodes: impl IntoIterator<Item = String>,
        metrics: Metrics,
    ) -> (Self, mpsc::Receiver<Presence>) {
        let (router, router_mailbox) = mpsc::channel(ROUTER_MAILBOX);
        let (to_floor, presence) = mpsc::channel(PRESENCE_MAILBOX);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shards = if config.shards == 0 { cores } else { config.shards }.min(256);
        let mut pubsub = pubsub::Service::new(config.pubsub_domain.clone(), policy, ids());
        for node in nodes {
            if pubsub.create(&node).is_err() {
                tracing::error!(node, "not a name for a node");
            }
        }
        let keys = AtomicU64::new(1);
        let context = Arc::new(Context { config, credentials, metrics, router, keys });
        tokio::spawn(Router::new(context.clone(), pubsub, to_floor).run(router_mailbox));
        let shards = (0..shards).map(|number| {
            let (sender, mailbox) = mpsc::channel(SHARD_MAILBOX);
            tokio::spawn(Shard::new(number as u8, context.clone(), sender.clone()).run(mailbox));
            sender
        });
        (Self { context: context.clone(), shards: shards.collect() }, presence)
    }

    /// Publishes an event: `payload` is the item's content, one element. Waits only when more events are on their
    /// way than the router's mailbox holds.
    pub async fn publish(&self, node: String, payload: Bytes) {
        self.tell(ToRouter::Publish { node, payload }).await;
    }

    /// Sets the presence of the service user: whether the web service is up.
    pub async fn set_service_presence(&self, available: bool) {
        self.tell(ToRouter::ServicePresence { available }).await;
    }

    /// The handler of http-bind requests.
    pub fn http_bind(&self) -> HttpBind {
        HttpBind::new(self.context.clone(), self.shards.clone())
    }

    /// Serves one TCP client (RFC 6120). With `tls`, STARTTLS is offered on a connection in the clear.
    pub async fn serve_tcp(&self, socket: Socket, peer: Peer, tls: Option<Arc<ServerConfig>>) {
        tcp::serve(self.context.clone(), socket, peer, tls).await;
    }

    /// Ends every session with `system-shutdown` and gives the answers a moment to leave.
    pub async fn shut_down(&self) {
        self.tell(ToRouter::ServicePresence { available: false }).await;
        self.tell(ToRouter::Shutdown).await;
        tokio::time::sleep(FAREWELL).await;
    }

    async fn tell(&self, message: ToRouter) {
        if self.context.router.send(message).await.is_err() {
            tracing::error!("the router is gone");
        }
    }
}

/// A random UUID (version 4) and a seed.
fn ids() -> Ids {
    let bits: u128 = (rand::random::<u128>() & !(0xF << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    let run = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    Ids::new(run, rand::random())
}

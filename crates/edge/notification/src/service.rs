//! The service as a whole: its parts and its handle.

use crate::detached::Resumptions;
use crate::graveyard::{Found, Grave, Graveyard};
use crate::http_bind::HttpBind;
use crate::limits::{
    BOSH_SESSIONS_CEILING, FAREWELL, PRESENCE_MAILBOX, ROUTER_MAILBOX, SHARD_MAILBOX, STORIES_WAITING,
};
use crate::resources::UsersPresent;
use crate::router::{Question, Router, Ticket, ToRouter};
use crate::shard::{Shard, ToShard};
use crate::story::{Mark, Remark, Sign, Story};
use crate::websocket::WebSocket;
use crate::{Config, Memory, Metrics, tcp};
use bosh::Answer;
use bytes::Bytes;
use credentials::Checker;
use listen::{ByAddress, Peer, ServerConfig, Socket};
use pubsub::Ids;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::{broadcast, mpsc, oneshot};

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
    pub(crate) resumptions: Resumptions,
    /// BOSH sessions that have not signed in.
    pub(crate) signing_in: ByAddress,
    keys: AtomicU64,
    stories: broadcast::Sender<Arc<Story>>,
    /// Touched when a session ends and when a dead session id comes: never on the way of an event.
    graves: Mutex<Graveyard>,
}

impl Context {
    pub(crate) fn new(
        config: Config,
        credentials: Checker,
        metrics: Metrics,
        router: mpsc::Sender<ToRouter>,
    ) -> Self {
        let (stories, _) = broadcast::channel(STORIES_WAITING);
        Self {
            signing_in: ByAddress::new(config.limits.bosh_sign_ins_per_address_max),
            config,
            credentials,
            metrics,
            router,
            resumptions: Resumptions::default(),
            keys: AtomicU64::new(1),
            stories,
            graves: Mutex::new(Graveyard::default()),
        }
    }

    /// A number that no other session or request of this run has.
    pub(crate) fn key(&self) -> u64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    /// Tells whoever keeps the books. Never waits.
    pub(crate) fn tell(&self, story: Story) {
        // nobody listens: then nobody wants to know
        let _ = self.stories.send(Arc::new(story));
    }

    pub(crate) fn bury(&self, grave: Grave, farewell: Option<Answer>) {
        self.graves().bury(grave, farewell);
    }

    /// The answer to a request whose session id is dead or was never one.
    pub(crate) fn dead_session(&self, sid: &str, rid: Option<u64>, address: SocketAddr) -> Answer {
        let (mark, at) = (Mark::of_sid(sid), SystemTime::now());
        let remark = |sign| Story::Remarked(Remark { at, mark, user: None, address: Some(address), sign });
        let found = self.graves().find(at, mark);
        let Some(Found { answer, reason, since, last_rid, is_told }) = found else {
            tracing::debug!("http-bind: a request with a session id that is not known");
            self.tell(remark(Sign::Unknown));
            return Answer::unknown_session();
        };
        if is_told {
            let ahead = rid.zip(last_rid).and_then(|(rid, last)| rid.checked_signed_diff(last));
            self.tell(remark(Sign::Late { ahead }));
        }
        let ended_secs_ago = since.as_secs();
        tracing::info!(session = %mark, %reason, ended_secs_ago, "http-bind: a request for a session that is over");
        answer
    }

    /// A panic while holding the lock cannot leave the graves half changed in a way that matters.
    fn graves(&self) -> MutexGuard<'_, Graveyard> {
        self.graves.lock().unwrap_or_else(PoisonError::into_inner)
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
    /// Starts the service's tasks. `nodes` exist from the start, and so does what an earlier run has left. Presence comes out of the returned receiver,
    /// which must be read.
    pub fn start(
        config: Config,
        credentials: Checker,
        policy: Box<dyn pubsub::Policy>,
        nodes: impl IntoIterator<Item = String>,
        memory: Memory,
        metrics: Metrics,
    ) -> (Self, mpsc::Receiver<Presence>) {
        let (router, router_mailbox) = mpsc::channel(ROUTER_MAILBOX);
        let (to_floor, presence) = mpsc::channel(PRESENCE_MAILBOX);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shards = if config.shards == 0 { cores } else { config.shards }.min(256);
        let pubsub = pubsub::Service::new(config.pubsub_domain.clone(), policy, ids());
        let mut pubsub = pubsub.with_limits(config.limits.pubsub);
        for node in nodes {
            if pubsub.create(&node).is_err() {
                tracing::error!(node, "not a name for a node");
            }
        }
        pubsub.restore(memory.records);
        let context = Arc::new(Context::new(config, credentials, metrics, router));
        tokio::spawn(Router::new(context.clone(), pubsub, memory.keeper, to_floor).run(router_mailbox));
        // new sessions go to the shards in turn
        let sessions_max =
            context.config.limits.bosh_sessions_max.clamp(1, BOSH_SESSIONS_CEILING).div_ceil(shards);
        let shards = (0..shards).map(|number| {
            let (sender, mailbox) = mpsc::channel(SHARD_MAILBOX);
            let shard = Shard::new(number as u8, context.clone(), sessions_max, sender.clone());
            tokio::spawn(shard.run(mailbox));
            sender
        });
        (Self { context: context.clone(), shards: shards.collect() }, presence)
    }

    /// Publishes an event: `payload` is the item's content, one element. Waits only when more events are on their
    /// way than the router's mailbox holds.
    pub async fn publish(&self, node: String, payload: Bytes) {
        self.tell(ToRouter::Publish { node, payload }).await;
    }

    /// From now on whoever cannot be sent what it missed of the product's nodes gets their state, which this publisher is
    /// asked for. Without one, or when more questions wait than the channel holds, a client is told to fetch it elsewhere.
    pub async fn ask_states_of(&self, publisher: mpsc::Sender<Question>) {
        self.tell(ToRouter::Publisher(publisher)).await;
    }

    /// Answers a question of [`ask_states_of`](Self::ask_states_of): the payloads of nodes that have a state, as they are
    /// after every event that was [published](Self::publish) before.
    pub async fn tell_states(&self, ticket: Ticket, states: Vec<(String, Bytes)>) {
        self.tell(ToRouter::States { ticket, states }).await;
    }

    /// A user is in another team, has another role or is none any more, as the policy knows by now: subscriptions that
    /// it may not have end at once.
    pub async fn rights_changed(&self, user: String) {
        self.tell(ToRouter::RightsChanged { user }).await;
    }

    /// Makes nodes of the product that are not there yet.
    pub async fn create_nodes(&self, nodes: Vec<String>) {
        self.tell(ToRouter::CreateNodes { nodes }).await;
    }

    /// Sets the presence of the service user: whether the web service is up.
    pub async fn set_service_presence(&self, available: bool) {
        self.tell(ToRouter::ServicePresence { available }).await;
    }

    /// Users with an available session; nobody where the router is gone.
    pub async fn users_present(&self) -> UsersPresent {
        let (answer, answered) = oneshot::channel();
        self.tell(ToRouter::Count(answer)).await;
        answered.await.unwrap_or_default()
    }

    /// What becomes of sessions from now on. Whoever does not keep up misses the oldest and is told how many.
    pub fn stories(&self) -> broadcast::Receiver<Arc<Story>> {
        self.context.stories.subscribe()
    }

    /// How long each BOSH session has not been heard of, by full JIDs.
    pub async fn silences(&self) -> Vec<(String, Duration)> {
        let mut all = Vec::new();
        for shard in &*self.shards {
            let (reply, told) = oneshot::channel();
            if shard.send(ToShard::Silences(reply)).await.is_ok()
                && let Ok(told) = told.await
            {
                all.extend(told);
            }
        }
        all
    }

    /// Makes sessions of an earlier run known, oldest first, so that clients that still hold their ids are told
    /// what became of them.
    pub fn remember(&self, graves: impl IntoIterator<Item = Grave>) {
        graves.into_iter().for_each(|grave| self.context.bury(grave, None));
    }

    /// The handler of http-bind requests.
    pub fn http_bind(&self) -> HttpBind {
        HttpBind::new(self.context.clone(), self.shards.clone())
    }

    /// The handler of WebSocket requests.
    pub fn websocket(&self) -> WebSocket {
        WebSocket::new(self.context.clone())
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

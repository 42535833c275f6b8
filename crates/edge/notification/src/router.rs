//! Who is where: addresses, presence, publish-subscribe. One task, one owner.

pub(crate) mod capabilities;
mod keep;
mod numbers;
mod obstacles;
mod presence;
mod pubsub;
mod relay;

pub use numbers::{Question, Ticket};
pub(crate) use relay::Letter;

use crate::displacements::{Displacements, Verdict};
use crate::keeper::Keeper;
use crate::limits::BROADCAST_PAUSE;
use crate::outlet::{Ending, Outlet, ToSession};
use crate::resources::{Availability, Change, Resources, UsersPresent};
use crate::service::{Context, Presence};
use ::pubsub::Service;
use bytes::Bytes;
use obstacles::Obstacles;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use xmpp::payload::{Ability, Request, Submission};
use xmpp::{BareJid, Condition, FullJid, Head};

/// What the router is told.
pub(crate) enum ToRouter {
    /// A session wants an address.
    Bind { user: String, resource: Option<String>, outlet: Outlet, key: u64 },
    /// A session's own presence; `None` when it takes it back.
    Presence { key: u64, availability: Option<Box<Availability>> },
    /// A session is over.
    Gone { key: u64 },
    /// A request that a session cannot answer alone.
    Request { key: u64, jid: FullJid, head: Head, request: Request },
    /// What a client says it can do, when it is asked.
    Ability { key: u64, ability: Option<Box<Ability>> },
    /// An owner's decision about a subscriber.
    Authorization { jid: FullJid, head: Box<Head>, form: Box<Submission> },
    /// A user's rights are others than before.
    RightsChanged { user: String },
    /// A stanza for somebody else.
    Relay { key: u64, letter: Box<Letter> },
    /// A stanza that its receiver had no room for, or did not get before its session ended.
    Undelivered { sender: FullJid, head: Box<Head>, condition: Condition },
    /// Nodes of the product, which there may be already.
    CreateNodes { nodes: Vec<String> },
    /// An event for a node.
    Publish { node: String, payload: Bytes },
    /// Whom to ask for the state of the product's nodes.
    Publisher(mpsc::Sender<Question>),
    /// What the publisher says of their state.
    States { ticket: Ticket, states: Vec<(String, Bytes)> },
    /// Who is there?
    Count(oneshot::Sender<UsersPresent>),
    /// Whether the web service is up.
    ServicePresence { available: bool },
    /// The service stops: every session is told.
    Shutdown,
}

pub(crate) struct Router {
    context: Arc<Context>,
    resources: Resources,
    displacements: Displacements,
    pubsub: Service,
    /// The web service's presence, on its way to everyone.
    announcement: Option<presence::Announcement>,
    capabilities: capabilities::Known,
    keeper: Option<Arc<dyn Keeper>>,
    publisher: Option<mpsc::Sender<Question>>,
    /// Requests that wait for the publisher, by the session's key: one of each at a time.
    waiting: BTreeMap<u64, numbers::Waiting>,
    obstacles: Obstacles,
    service_available: bool,
    to_floor: mpsc::Sender<Presence>,
    /// Changes that found no room in the floor's mailbox: the newest of each user.
    late: BTreeMap<String, bool>,
}

impl Router {
    pub(crate) fn new(
        context: Arc<Context>,
        pubsub: Service,
        keeper: Option<Arc<dyn Keeper>>,
        to_floor: mpsc::Sender<Presence>,
    ) -> Self {
        Self {
            context,
            resources: Resources::default(),
            displacements: Displacements::default(),
            pubsub,
            announcement: None,
            capabilities: capabilities::Known::default(),
            keeper,
            publisher: None,
            waiting: BTreeMap::new(),
            obstacles: Obstacles::default(),
            service_available: false,
            to_floor,
            late: BTreeMap::new(),
        }
    }

    pub(crate) async fn run(mut self, mut mailbox: mpsc::Receiver<ToRouter>) {
        let to_floor = self.to_floor.clone();
        loop {
            tokio::select! {
                message = mailbox.recv() => match message {
                    Some(message) => {
                        self.handle(message).await;
                        self.send_out(&mailbox).await;
                    }
                    None => return,
                },
                () = timeout(self.until_timeout()) => {
                    self.pubsub.handle_timeout(jiff::Timestamp::now());
                    self.send_out(&mailbox).await;
                }
                () = tokio::time::sleep(BROADCAST_PAUSE), if self.has_waiting() => {
                    self.send_out(&mailbox).await;
                }
                Ok(place) = to_floor.reserve(), if !self.late.is_empty() => {
                    if let Some((user, available)) = self.late.pop_first() {
                        place.send(Presence { user, available });
                    }
                }
            }
        }
    }

    async fn handle(&mut self, message: ToRouter) {
        match message {
            ToRouter::Bind { user, resource, outlet, key } => self.bind(user, resource, outlet, key).await,
            ToRouter::Presence { key, availability } => {
                self.own_presence(key, availability.map(|availability| *availability)).await;
            }
            ToRouter::Gone { key } => {
                self.waiting.remove(&key);
                if let Some((gone, change)) = self.resources.remove(key) {
                    self.resource_gone(gone, change).await;
                }
            }
            ToRouter::Relay { key, letter } => self.relay(key, *letter).await,
            ToRouter::Undelivered { sender, head, condition } => {
                self.bounce(&sender, &head, condition).await;
            }
            ToRouter::Request { key, jid, head, request: Request::Numbers(request) } => {
                self.numbers(key, jid, head, *request).await;
            }
            ToRouter::Request { key, jid, head, request } => {
                let Some(outlet) = self.resources.outlet(key).cloned() else { return };
                let answer = self.answer(&jid, &head, request);
                // a publisher that is subscribed hears that it may publish before what it published, unless the
                // answer is a promise that waits for the disk
                match self.keep() {
                    None => outlet.send(ToSession::Deliver(answer.into())).await,
                    Some(kept) => keep::answer_when(kept, outlet, answer, &jid, &head),
                }
            }
            ToRouter::Ability { key, ability } => {
                self.told_ability(key, ability.map(|ability| *ability)).await;
            }
            ToRouter::Authorization { jid, head, form } => self.authorization(&jid, &head, &form).await,
            ToRouter::RightsChanged { user } => {
                if let Ok(user) = BareJid::new(&format!("{user}@{}", self.context.config.domain)) {
                    self.pubsub.handle_rights_changed(&user);
                }
            }
            ToRouter::CreateNodes { nodes } => {
                for node in nodes {
                    if self.pubsub.create(&node).is_err() {
                        tracing::error!(node, "not a name for a node");
                    }
                }
            }
            ToRouter::Publish { node, payload } => self.publish(&node, &payload),
            ToRouter::Publisher(publisher) => self.publisher = Some(publisher),
            ToRouter::States { ticket, states } => self.states(ticket, states).await,
            ToRouter::ServicePresence { available } => self.service_presence(available),
            ToRouter::Count(answer) => {
                // whoever asked may have given up
                let _ = answer.send(self.resources.users_present(&self.context.config.service_user));
            }
            ToRouter::Shutdown => {
                // what happened before is told before
                while self.has_waiting() {
                    self.send_slice(true).await;
                    self.announce_slice(true).await;
                }
                for resource in self.resources.all() {
                    resource.outlet.send(ToSession::End(Ending::SHUTDOWN)).await;
                }
            }
        }
    }

    async fn bind(&mut self, user: String, resource: Option<String>, outlet: Outlet, key: u64) {
        let of_our_choice = || format!("{:016x}", rand::random::<u64>());
        let bare = BareJid::new(&format!("{user}@{}", self.context.config.domain));
        let wanted = resource.unwrap_or_else(of_our_choice);
        let jid = bare.and_then(|bare| bare.with_resource_str(&wanted));
        let Ok(mut jid) = jid else {
            return outlet.send(ToSession::Bound(Err(Condition::BadRequest.into()))).await;
        };
        let mut ending = Ending::CONFLICT;
        if self.resources.find(&jid).is_some() {
            match self.displacements.handle(Instant::now(), &jid) {
                Verdict::Displace => {}
                Verdict::DisplaceInLoop => ending = Ending::DISPLACEMENT_LOOP,
                Verdict::OtherResource => {
                    let Ok(other) = jid.to_bare().with_resource_str(&of_our_choice()) else { return };
                    self.context.metrics.displacement_loop_resources.inc();
                    tracing::warn!(%jid, resource = %other.resource(), "two clients take one address from each other: the newer one got another resource, so that both work");
                    jid = other;
                }
            }
        }
        let per_user_max = self.context.config.limits.resources_per_user_max;
        match self.resources.insert(jid.clone(), outlet.clone(), key, per_user_max) {
            Ok(None) => {}
            Ok(Some((older, change))) => {
                let reason = ending.reason;
                tracing::info!(%jid, %reason, "signed in elsewhere with the same resource: the older session ends");
                older.outlet.send(ToSession::End(ending)).await;
                self.resource_gone(older, change).await;
            }
            Err(error) => {
                self.note_obstacle(&error);
                return outlet.send(ToSession::Bound(Err(error))).await;
            }
        }
        outlet.send(ToSession::Bound(Ok(jid))).await;
    }

    /// Subscriptions follow presence, and the floor is told of a user's first resource and of the last one's end.
    fn presence_changed(&mut self, user: &BareJid, change: Change) {
        let available = match change {
            Change::None => return,
            Change::Came => {
                self.pubsub.make_defaults(user);
                true
            }
            Change::Went => {
                self.pubsub.drop_defaults(user);
                false
            }
        };
        let user = user.node().map_or("", |node| node.as_str()).to_owned();
        if !self.late.is_empty() {
            self.late.insert(user, available);
        } else if let Err(mpsc::error::TrySendError::Full(late)) =
            self.to_floor.try_send(Presence { user, available })
        {
            self.late.insert(late.user, late.available);
        }
    }
}

/// Resolves after a time, or never.
async fn timeout(after: Option<Duration>) {
    match after {
        Some(after) => tokio::time::sleep(after).await,
        None => std::future::pending().await,
    }
}

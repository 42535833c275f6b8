//! Who is where: addresses, presence, publish-subscribe. One task, one owner.

mod presence;
mod relay;

pub(crate) use relay::Letter;

use crate::displacements::{Displacements, Verdict};
use crate::outlet::{Ending, Outlet, ToSession};
use crate::resources::{Availability, Change, Resources};
use crate::service::{Context, Presence};
use bytes::Bytes;
use pubsub::{Delivery, Service};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;
use xmpp::payload::{self, PubsubRequest, Request};
use xmpp::{BareJid, Condition, FullJid, Head, Jid, StanzaError, ns, reply};

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
    /// A stanza for somebody else.
    Relay { key: u64, letter: Box<Letter> },
    /// A stanza that its receiver had no room for, or did not get before its session ended.
    Undelivered { sender: FullJid, head: Box<Head>, condition: Condition },
    /// An event for a node.
    Publish { node: String, payload: Bytes },
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
    service_available: bool,
    to_floor: mpsc::Sender<Presence>,
    /// Changes that found no room in the floor's mailbox: the newest of each user.
    late: BTreeMap<String, bool>,
}

impl Router {
    pub(crate) fn new(context: Arc<Context>, pubsub: Service, to_floor: mpsc::Sender<Presence>) -> Self {
        Self {
            context,
            resources: Resources::default(),
            displacements: Displacements::default(),
            pubsub,
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
                        // nobody keeps them: what is made on request ends with the server
                        while self.pubsub.poll_change().is_some() {}
                    }
                    None => return,
                },
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
                if let Some((gone, change)) = self.resources.remove(key) {
                    self.resource_gone(gone, change).await;
                }
            }
            ToRouter::Relay { key, letter } => self.relay(key, *letter).await,
            ToRouter::Undelivered { sender, head, condition } => {
                self.bounce(&sender, &head, condition).await;
            }
            ToRouter::Request { key, jid, head, request } => {
                let Some(outlet) = self.resources.outlet(key).cloned() else { return };
                let (answer, deliveries) = self.answer(&jid, &head, request);
                // a publisher that is subscribed hears that it may publish before what it published
                outlet.send(ToSession::Deliver(answer.into())).await;
                self.send_out(deliveries).await;
            }
            ToRouter::Publish { node, payload } => self.publish(&node, &payload).await,
            ToRouter::ServicePresence { available } => self.service_presence(available).await,
            ToRouter::Shutdown => {
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
        match self.resources.insert(jid.clone(), outlet.clone(), key) {
            Ok(None) => {}
            Ok(Some((older, change))) => {
                let reason = ending.reason;
                tracing::info!(%jid, %reason, "signed in elsewhere with the same resource: the older session ends");
                older.outlet.send(ToSession::End(ending)).await;
                self.resource_gone(older, change).await;
            }
            Err(error) => return outlet.send(ToSession::Bound(Err(error))).await,
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

    async fn publish(&mut self, node: &str, payload: &[u8]) {
        match self.pubsub.publish(node, payload) {
            Ok(deliveries) => {
                self.context.metrics.publications.inc();
                self.send_out(deliveries).await;
            }
            Err(error) => tracing::error!(node, ?error, "an event has no node"),
        }
    }

    async fn send_out(&self, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            let stanza = bosh::Stanza::new(delivery.head, delivery.tail);
            for resource in self.resources.receivers(&delivery.to) {
                self.context.metrics.deliveries.inc();
                resource.outlet.send(ToSession::Deliver(stanza.clone())).await;
            }
        }
    }

    /// The answer to a request, and what is to be delivered because of it.
    fn answer(&mut self, jid: &FullJid, head: &Head, request: Request) -> (Bytes, Vec<Delivery>) {
        let to = Some(jid.as_str());
        let answer = match request {
            Request::DiscoInfo(node) => self.disco_info(head, jid, node).map(alone),
            Request::DiscoItems(node) => self.disco_items(head, jid, node).map(alone),
            Request::Pubsub(PubsubRequest::Publish { node, item, payload }) => {
                self.publish_for(head, jid, &node, item, &payload)
            }
            Request::Pubsub(request) => self.pubsub_request(head, jid, request).map(alone),
            _ => Err(Condition::ServiceUnavailable.into()),
        };
        answer.unwrap_or_else(|error| alone(reply::error(head, to, error)))
    }

    fn publish_for(
        &mut self,
        head: &Head,
        jid: &FullJid,
        node: &str,
        item: Option<String>,
        payload: &[u8],
    ) -> Result<(Bytes, Vec<Delivery>), StanzaError> {
        let (item, deliveries) = self.pubsub.publish_for(&jid.clone().into(), node, item, payload)?;
        self.context.metrics.publications.inc();
        let answer = |writer: &mut xml::Writer| payload::published(writer, node, &item);
        Ok((reply::result(head, Some(jid.as_str()), answer), deliveries))
    }

    fn disco_info(&self, head: &Head, jid: &FullJid, node: Option<String>) -> Result<Bytes, StanzaError> {
        let leaf = match &node {
            Some(node) if !self.pubsub.has_node(node) => return Err(Condition::ItemNotFound.into()),
            Some(_) => "leaf",
            None => "service",
        };
        let features: &[_] = match node {
            Some(_) => &[ns::PUBSUB],
            None => &[
                ns::DISCO_INFO,
                ns::DISCO_ITEMS,
                ns::PUBSUB,
                "http://jabber.org/protocol/pubsub#access-open",
                "http://jabber.org/protocol/pubsub#create-nodes",
                "http://jabber.org/protocol/pubsub#publish",
                "http://jabber.org/protocol/pubsub#subscribe",
                "http://jabber.org/protocol/pubsub#retrieve-subscriptions",
                "http://jabber.org/protocol/pubsub#auto-subscribe",
            ],
        };
        Ok(reply::result(head, Some(jid.as_str()), |writer| {
            payload::disco_info(writer, node.as_deref(), &[("pubsub", leaf, "")], features);
        }))
    }

    fn disco_items(&self, head: &Head, jid: &FullJid, node: Option<String>) -> Result<Bytes, StanzaError> {
        let nodes = match &node {
            Some(node) if !self.pubsub.has_node(node) => return Err(Condition::ItemNotFound.into()),
            Some(_) => Vec::new(),
            None => self.pubsub.visible_nodes(&jid.to_bare()),
        };
        let items: Vec<_> = nodes.iter().map(|node| (self.pubsub.address(), Some(node.as_str()))).collect();
        Ok(reply::result(head, Some(jid.as_str()), |writer| {
            payload::disco_items(writer, node.as_deref(), &items);
        }))
    }

    fn pubsub_request(
        &mut self,
        head: &Head,
        jid: &FullJid,
        request: PubsubRequest,
    ) -> Result<Bytes, StanzaError> {
        let to = Some(jid.as_str());
        let requester = Jid::from(jid.clone());
        match request {
            PubsubRequest::Subscribe { node, jid } => {
                let subscription = self.pubsub.subscribe(&requester, &node, &jid)?;
                Ok(reply::result(head, to, |writer| payload::subscribed(writer, &subscription)))
            }
            PubsubRequest::Unsubscribe { node, jid, subid } => {
                self.pubsub.unsubscribe(&requester, &node, &jid, subid.as_deref())?;
                Ok(reply::empty_result(head, to))
            }
            PubsubRequest::Subscriptions { node } => {
                let subscriptions = self.pubsub.subscriptions(&jid.to_bare(), node.as_deref());
                Ok(reply::result(head, to, |writer| {
                    payload::subscriptions(writer, node.as_deref(), &subscriptions);
                }))
            }
            PubsubRequest::Create { node } => {
                self.pubsub.create_open(jiff::Timestamp::now(), &requester, &node)?;
                Ok(reply::empty_result(head, to))
            }
            // it has deliveries, and a way of its own
            PubsubRequest::Publish { .. } => Err(Condition::FeatureNotImplemented.into()),
        }
    }
}

/// An answer from which nothing else follows.
fn alone(answer: Bytes) -> (Bytes, Vec<Delivery>) {
    (answer, Vec::new())
}

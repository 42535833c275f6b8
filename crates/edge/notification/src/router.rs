//! Who is where: addresses, presence, publish-subscribe. One task, one owner.

use crate::outlet::{Ending, Outlet, ToSession};
use crate::resources::{Change, Resources};
use crate::service::{Context, Presence};
use bytes::Bytes;
use pubsub::Service;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;
use xml::{Layout, Writer};
use xmpp::payload::{self, PubsubRequest, Request};
use xmpp::{BareJid, Condition, FullJid, Head, Jid, StanzaError, ns, reply};

/// What the router is told.
pub(crate) enum ToRouter {
    /// A session wants an address.
    Bind { user: String, resource: Option<String>, outlet: Outlet, key: u64 },
    /// A session's own presence.
    Presence { key: u64, available: bool },
    /// A session is over.
    Gone { key: u64 },
    /// A request that a session cannot answer alone.
    Request { key: u64, jid: FullJid, head: Head, request: Request },
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
    pubsub: Service,
    service_available: bool,
    to_floor: mpsc::Sender<Presence>,
    /// Changes that found no room in the floor's mailbox: the newest of each user.
    late: BTreeMap<String, bool>,
}

impl Router {
    pub(crate) fn new(context: Arc<Context>, pubsub: Service, to_floor: mpsc::Sender<Presence>) -> Self {
        let resources = Resources::default();
        Self { context, resources, pubsub, service_available: false, to_floor, late: BTreeMap::new() }
    }

    pub(crate) async fn run(mut self, mut mailbox: mpsc::Receiver<ToRouter>) {
        let to_floor = self.to_floor.clone();
        loop {
            tokio::select! {
                message = mailbox.recv() => match message {
                    Some(message) => self.handle(message).await,
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
            ToRouter::Presence { key, available } => self.presence(key, available).await,
            ToRouter::Gone { key } => {
                if let Some((jid, change)) = self.resources.remove(key) {
                    self.presence_changed(&jid.to_bare(), change);
                }
            }
            ToRouter::Request { key, jid, head, request } => {
                let Some(outlet) = self.resources.outlet(key).cloned() else { return };
                let answer = self.answer(&jid, &head, request);
                outlet.send(ToSession::Deliver(answer.into())).await;
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
        let resource = resource.unwrap_or_else(|| format!("{:016x}", rand::random::<u64>()));
        let jid = BareJid::new(&format!("{user}@{}", self.context.config.domain))
            .and_then(|bare| bare.with_resource_str(&resource));
        let Ok(jid) = jid else {
            return outlet.send(ToSession::Bound(Err(Condition::BadRequest.into()))).await;
        };
        match self.resources.insert(jid.clone(), outlet.clone(), key) {
            Ok(None) => {}
            Ok(Some((older, change))) => {
                tracing::info!(%jid, "signed in elsewhere with the same resource: the older session ends");
                older.send(ToSession::End(Ending::CONFLICT)).await;
                self.presence_changed(&jid.to_bare(), change);
            }
            Err(error) => return outlet.send(ToSession::Bound(Err(error))).await,
        }
        outlet.send(ToSession::Bound(Ok(jid))).await;
    }

    async fn presence(&mut self, key: u64, available: bool) {
        let Some((jid, outlet, change)) = self.resources.set_available(key, available) else { return };
        let user = jid.to_bare();
        self.presence_changed(&user, change);
        let type_ = if available { None } else { Some("unavailable") };
        for resource in self.resources.available(&user) {
            let own = presence(jid.as_str(), resource.jid.as_str(), type_);
            resource.outlet.send(ToSession::Deliver(own.into())).await;
        }
        if available && self.service_available {
            let service = self.service_presence_for(jid.as_str(), true);
            outlet.send(ToSession::Deliver(service.into())).await;
        }
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
        self.context.metrics.publications.inc();
        let deliveries = match self.pubsub.publish(node, payload) {
            Ok(deliveries) => deliveries,
            Err(error) => return tracing::error!(node, ?error, "an event has no node"),
        };
        for delivery in deliveries {
            let stanza = bosh::Stanza::new(delivery.head, delivery.tail);
            for resource in self.resources.receivers(&delivery.to) {
                self.context.metrics.deliveries.inc();
                resource.outlet.send(ToSession::Deliver(stanza.clone())).await;
            }
        }
    }

    async fn service_presence(&mut self, available: bool) {
        if std::mem::replace(&mut self.service_available, available) == available {
            return;
        }
        for resource in self.resources.all().filter(|resource| resource.available) {
            let presence = self.service_presence_for(resource.jid.as_str(), available);
            resource.outlet.send(ToSession::Deliver(presence.into())).await;
        }
    }

    fn service_presence_for(&self, to: &str, available: bool) -> Bytes {
        let config = &self.context.config;
        let from = format!("{user}@{}/{user}", config.domain, user = config.service_user);
        presence(&from, to, if available { None } else { Some("unavailable") })
    }

    fn answer(&mut self, jid: &FullJid, head: &Head, request: Request) -> Bytes {
        let to = Some(jid.as_str());
        let answer = match request {
            Request::DiscoInfo(node) => self.disco_info(head, jid, node),
            Request::DiscoItems(node) => self.disco_items(head, jid, node),
            Request::Pubsub(request) => self.pubsub_request(head, jid, request),
            _ => Err(Condition::ServiceUnavailable.into()),
        };
        answer.unwrap_or_else(|error| reply::error(head, to, error))
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
        }
    }
}

fn presence(from: &str, to: &str, type_: Option<&str>) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("presence").attribute("xmlns", ns::CLIENT).attribute("from", from).attribute("to", to);
    if let Some(type_) = type_ {
        writer.attribute("type", type_);
    }
    writer.finish().0.into()
}

//! The service: what it holds, and where its parts are.

mod affiliations;
mod approval;
mod ask;
mod broadcast;
mod configure;
mod durable;
mod interests;
mod items;
mod listing;
mod missed;
mod node;
mod notify;
mod options;
mod presence;
mod publish;
mod recover;
mod restore;
mod retract;
mod subscribe;
mod waves;

use interests::Interests;
pub use presence::Defaults;
pub use recover::Position;
use waves::Waves;

use crate::expiry::{Expiries, Expiring};
use crate::limits::Limits;
use crate::log::{Life, Log};
use crate::node::Node;
use crate::user::User;
use crate::{Change, Ids, Policy, Record};
use jid::{BareJid, Jid};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use xmpp::payload::{PubsubAnswer, PubsubRequest};
use xmpp::{Condition, StanzaError};

/// A publish-subscribe service at one address.
pub struct Service {
    address: String,
    nodes: BTreeMap<String, Node>,
    /// Those that were made over XMPP and that everybody finds by looking.
    listed: BTreeSet<String>,
    interests: Interests,
    /// How many of the nodes were made over XMPP.
    created: usize,
    /// Bytes of all kept items.
    kept_bytes: usize,
    users: BTreeMap<BareJid, User>,
    expiries: Expiries,
    log: Log,
    ids: Ids,
    limits: Limits,
    policy: Box<dyn Policy>,
    waves: Waves,
    /// Nodes that are no more, as long as events of theirs are on their way.
    departed: BTreeMap<Life, Node>,
    /// The time of day, as of the last input that told it.
    clock: Timestamp,
    /// Somebody has asked for numbers in this run.
    is_followed: bool,
    changes: VecDeque<Change>,
}

impl Service {
    /// A service without nodes, at this address (`pubsub.example.com`).
    pub fn new(address: impl Into<String>, policy: Box<dyn Policy>, ids: Ids) -> Self {
        Self {
            address: address.into(),
            nodes: BTreeMap::new(),
            listed: BTreeSet::new(),
            interests: Interests::default(),
            created: 0,
            kept_bytes: 0,
            users: BTreeMap::new(),
            expiries: Expiries::default(),
            log: Log::default(),
            ids,
            limits: Limits::default(),
            policy,
            waves: Waves::default(),
            departed: BTreeMap::new(),
            clock: Timestamp::UNIX_EPOCH,
            is_followed: false,
            changes: VecDeque::new(),
        }
    }

    /// The same with other limits.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The service's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A request of a client, answered. `now` is the time of day.
    ///
    /// # Errors
    /// What XEP-0060 names for the request; then nothing has changed.
    pub fn handle_request(
        &mut self,
        now: Timestamp,
        requester: &Jid,
        request: PubsubRequest,
    ) -> Result<PubsubAnswer, StanzaError> {
        self.clock = now;
        let user = requester.to_bare();
        match request {
            PubsubRequest::Subscribe { node, jid, options } => {
                self.subscribe(now, requester, &node, &jid, options.as_ref()).map(PubsubAnswer::Subscribed)
            }
            PubsubRequest::Unsubscribe { node, jid, subid } => {
                self.unsubscribe(requester, &node, &jid, subid.as_deref())
            }
            PubsubRequest::Options { node, jid, subid } => self.options(&user, node, jid, subid.as_deref()),
            PubsubRequest::SetOptions { node, jid, subid, options } => {
                self.set_options(now, &user, (&node, &jid, subid.as_deref()), options.as_ref())
            }
            PubsubRequest::DefaultOptions { node } => self.default_options(node),
            PubsubRequest::Items { node, max_items, subid, ids, set } => {
                self.items(&user, node, items::Wanted { max_items, subid, ids, set })
            }
            PubsubRequest::Subscriptions { node, set } => self.own_subscriptions(&user, node, set),
            PubsubRequest::Affiliations { node, set } => self.own_affiliations(&user, node, set),
            PubsubRequest::Publish { node, item, options } => {
                self.publish_for(now, &user, node, item, options.as_ref())
            }
            PubsubRequest::Retract { node, notify, ids } => self.retract(&user, &node, notify, &ids),
            PubsubRequest::Create { node, configuration } => {
                self.create_for(now, &user, node, configuration.as_ref())
            }
            PubsubRequest::Configuration { node } => self.configuration(&user, node),
            PubsubRequest::Configure { node, configuration } => {
                self.configure(now, &user, &node, configuration.as_ref())
            }
            PubsubRequest::DefaultConfiguration => Ok(Self::default_configuration()),
            PubsubRequest::Delete { node, redirect } => self.delete(&user, &node, redirect.as_deref()),
            PubsubRequest::Purge { node } => self.purge(&user, &node),
            PubsubRequest::NodeSubscriptions { node, set } => self.node_subscriptions(&user, node, set),
            PubsubRequest::SetSubscriptions { node, subscriptions } => {
                self.set_subscriptions(&user, &node, subscriptions)
            }
            PubsubRequest::NodeAffiliations { node, set } => self.node_affiliations(&user, node, set),
            PubsubRequest::SetAffiliations { node, affiliations } => {
                self.set_affiliations(&user, &node, affiliations)
            }
        }
    }

    /// Leases and items whose time has come to an end do so.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.clock = now;
        while let Some(due) = self.expiries.pop_due(now) {
            match due {
                Expiring::Subscription { node, user, subid } => self.lease_ended(now, &node, &user, &subid),
                Expiring::Items { node } => self.expire_items(now, &node),
            }
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.expiries.next()
    }

    /// The next change that must survive a restart, in order. To be asked after each mutation until there is none.
    pub fn poll_change(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    fn put(&mut self, record: Record) {
        self.changes.push_back(Change::Put(record));
    }

    fn find(&self, node: &str) -> Result<&Node, StanzaError> {
        self.nodes.get(node).ok_or_else(|| Condition::ItemNotFound.into())
    }

    fn forget_if_empty(&mut self, user: &BareJid) {
        if self.users.get(user).is_some_and(User::is_empty) {
            self.users.remove(user);
        }
    }
}

/// The name by which the policy knows a user.
pub(crate) fn name(user: &BareJid) -> &str {
    user.node().map_or("", |node| node.as_str())
}

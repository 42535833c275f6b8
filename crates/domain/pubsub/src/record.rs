//! What survives a restart: plain data, given out in the order in which it became true.
//!
//! The service gives out [`Change`]s through [`Service::poll_change`](crate::Service::poll_change); whoever keeps them
//! hands the [`Record`]s that are left back to [`Service::restore`](crate::Service::restore) at the next start.
//!
//! **What is durable.** Nodes that users and service accounts create over XMPP, with their affiliations, subscriptions
//! and retained items. The product's own nodes are made again at each start from the configuration
//! ([`Service::create`](crate::Service::create)): of them only what subscribers asked for is durable, so a
//! [`SubscriptionRecord`] may name a node that has no [`NodeRecord`]. Default subscriptions follow presence and are
//! never recorded.
//!
//! **Event numbers.** A retained item has its number in the node, and numbers go on behind the highest one restored.
//! The counter is no record of its own: an event is delivered before its change is on disk, so after a crash numbers
//! that subscribers have seen could be given out again. The epoch, which is new at each start, tells them apart.
//!
//! Removal cascades: with a node everything of it goes ([`Change::NodeDeleted`]), and no change tells of the parts.

use crate::configuration::{Affiliation, Configuration, SubscriptionOptions, SubscriptionState};
use bytes::Bytes;
use jid::{BareJid, Jid};
use jiff::Timestamp;

/// A node (XEP-0060 §4). Key: `name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRecord {
    /// Its name: any characters that XML allows, at most
    /// [`NODE_BYTES_MAX`](crate::limits::NODE_BYTES_MAX) bytes; compared byte by byte.
    pub name: String,
    /// Who created it. Owners are affiliations.
    pub creator: BareJid,
    /// When.
    pub created: Timestamp,
    /// How it behaves. It has serde: store it as one text.
    pub configuration: Configuration,
}

/// What someone is to a node. Key: `node`, `user`. Never [`Affiliation::None`]: that is its removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffiliationRecord {
    /// The node's name.
    pub node: String,
    /// Who.
    pub user: BareJid,
    /// What.
    pub affiliation: Affiliation,
}

/// A subscription that was asked for. Key: `node`, `subid`; a user may have several to one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRecord {
    /// The node's name. It may be one of the product's, without a [`NodeRecord`].
    pub node: String,
    /// Whose: events go to this address.
    pub jid: Jid,
    /// Its id, unique in the node.
    pub subid: String,
    /// `Subscribed` or `Pending`.
    pub state: SubscriptionState,
    /// What the subscriber chose. It has serde: store it as one text.
    pub options: SubscriptionOptions,
    /// When the lease ends (`pubsub#expire`).
    pub expires: Option<Timestamp>,
}

/// A retained item. Key: `node`, `id`; published again with the same id it is replaced and gets a new `sequence`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRecord {
    /// The node's name.
    pub node: String,
    /// Its id, unique in the node.
    pub id: String,
    /// Who published it; `None` for the server itself.
    pub publisher: Option<BareJid>,
    /// One element that stands alone, as UTF-8; empty for an item without payload.
    pub payload: Bytes,
    /// Its number in the node: later publications have higher ones. The order in which items are restored.
    pub sequence: u64,
    /// When.
    pub published: Timestamp,
}

/// One thing that survives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A node.
    Node(NodeRecord),
    /// An affiliation.
    Affiliation(AffiliationRecord),
    /// A subscription.
    Subscription(SubscriptionRecord),
    /// A retained item.
    Item(ItemRecord),
}

/// A durable change. Applying the same one twice changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The record is there, or replaces the one with the same key.
    Put(Record),
    /// The node is gone, and everything of it.
    NodeDeleted {
        /// Its name.
        node: String,
    },
    /// Someone has no affiliation with a node any more.
    AffiliationRemoved {
        /// The node's name.
        node: String,
        /// Who.
        user: BareJid,
    },
    /// A subscription has ended.
    SubscriptionRemoved {
        /// The node's name.
        node: String,
        /// Its id.
        subid: String,
    },
    /// Items are gone: taken back, expired, or displaced by newer ones.
    ItemsRemoved {
        /// The node's name.
        node: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Every item is gone.
    Purged {
        /// The node's name.
        node: String,
    },
}

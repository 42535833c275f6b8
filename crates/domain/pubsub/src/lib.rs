//! Publish-subscribe (XEP-0060), without transports and without rules of its own about who may do what:
//! a [`Policy`] is passed in.
//!
//! Requests come in through [`Service::handle_request`], events of the product through [`Service::publish`]. What is
//! to be sent because of them comes out of [`Service::poll_delivery`], what must survive a restart out of
//! [`Service::poll_change`].
//!
//! A publication is encoded once: the tail of the message is shared, and each subscriber costs one small head.

mod access;
mod configuration;
mod delivery;
mod event;
mod expiry;
pub mod features;
mod form;
mod items;
pub mod limits;
mod log;
mod node;
mod policy;
mod record;
mod service;
mod user;

pub use configuration::{
    AccessModel, Affiliation, Configuration, NotificationType, PublishModel, SendLast, Show,
    SubscriptionOptions, SubscriptionState,
};
pub use delivery::{Delivery, Ids, Reach};
pub use limits::Limits;
pub use log::{Event, Life, Lost};
pub use node::Shows;
pub use policy::Policy;
pub use record::{AffiliationRecord, Change, ItemRecord, NodeRecord, Record, SubscriptionRecord};
pub use service::{Defaults, Position, Service};

/// What is true of the product's nodes, as their publisher says: the payload of an item by the node's name, `None` for a
/// node that has no state to tell.
pub type States = std::collections::BTreeMap<String, Option<bytes::Bytes>>;
pub use xmpp::payload::{NumbersAnswer, NumbersRequest, PubsubAnswer, PubsubRequest, Subscription};

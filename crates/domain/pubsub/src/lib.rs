//! Publish-subscribe (XEP-0060), without transports and without rules of its own about who may do what:
//! a [`Policy`] is passed in.
//!
//! A publication is encoded once: [`Service::publish`] makes the shared tail of the message, and each subscriber
//! costs one small head.

mod configuration;
mod delivery;
pub mod limits;
mod policy;
mod record;
mod service;

pub use configuration::{
    AccessModel, Affiliation, Configuration, NotificationType, PublishModel, SendLast, Show,
    SubscriptionOptions, SubscriptionState,
};
pub use delivery::{Delivery, Ids};
pub use policy::Policy;
pub use record::{AffiliationRecord, Change, ItemRecord, NodeRecord, Record, SubscriptionRecord};
pub use service::{Defaults, Service};
pub use xmpp::payload::Subscription;

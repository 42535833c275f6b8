//! Publish-subscribe (XEP-0060), without transports and without rules of its own about who may do what:
//! a [`Policy`] is passed in.
//!
//! A publication is encoded once: [`Service::publish`] makes the shared tail of the message, and each subscriber
//! costs one small head.

mod delivery;
pub mod limits;
mod policy;
mod service;

pub use delivery::{Delivery, Ids};
pub use policy::Policy;
pub use service::{Defaults, Service};
pub use xmpp::payload::Subscription;

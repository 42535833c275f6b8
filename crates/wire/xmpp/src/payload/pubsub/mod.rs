//! XEP-0060: what subscribers, publishers and owners ask, and what they are answered.

mod answer;
mod owner;
mod request;

pub use answer::{Affiliated, Item, PubsubAnswer, Scope, Subscription};
pub(super) use owner::owner_request;
pub(super) use request::pubsub_request;

use super::form::Submitted;
use super::result_set::ResultSet;
use crate::Jid;
use bytes::Bytes;

/// What may be asked. Forms are as they were filled in: what their fields mean is the service's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PubsubRequest {
    /// XEP-0060 §6.1.
    Subscribe {
        /// To which node.
        node: String,
        /// Who is to be subscribed.
        jid: Jid,
        /// Options in the same step (§6.3.7).
        options: Option<Submitted>,
    },
    /// XEP-0060 §6.2.
    Unsubscribe {
        /// From which node.
        node: String,
        /// Whose subscription.
        jid: Jid,
        /// Which of several.
        subid: Option<String>,
    },
    /// XEP-0060 §6.3.2.
    Options {
        /// Of the subscription to which node.
        node: String,
        /// Whose subscription.
        jid: Jid,
        /// Which of several.
        subid: Option<String>,
    },
    /// XEP-0060 §6.3.5.
    SetOptions {
        /// Of the subscription to which node.
        node: String,
        /// Whose subscription.
        jid: Jid,
        /// Which of several.
        subid: Option<String>,
        /// The options; `None` to leave them as they are.
        options: Option<Submitted>,
    },
    /// XEP-0060 §6.4: the options that a new subscription has.
    DefaultOptions {
        /// The node, if only one.
        node: Option<String>,
    },
    /// XEP-0060 §6.5.
    Items {
        /// Of which node.
        node: String,
        /// How many at most, the newest (§6.5.7).
        max_items: Option<u32>,
        /// As the subscriber of which of several subscriptions.
        subid: Option<String>,
        /// These only (§6.5.8).
        ids: Vec<String>,
        /// Which page (§6.5.4).
        set: Option<ResultSet>,
    },
    /// XEP-0060 §5.6, of one node or of all.
    Subscriptions {
        /// The node, if only one.
        node: Option<String>,
        /// Which page (XEP-0059).
        set: Option<ResultSet>,
    },
    /// XEP-0060 §5.7, with one node or with all.
    Affiliations {
        /// The node, if only one.
        node: Option<String>,
        /// Which page (XEP-0059).
        set: Option<ResultSet>,
    },
    /// XEP-0060 §7.1, one item.
    Publish {
        /// To which node.
        node: String,
        /// The item; none for an event without payload that is not kept.
        item: Option<Publication>,
        /// What the node must be like (§7.1.5).
        options: Option<Submitted>,
    },
    /// XEP-0060 §7.2.
    Retract {
        /// From which node.
        node: String,
        /// Whether subscribers are to hear of it; `None` leaves it to the node.
        notify: Option<bool>,
        /// The ids of the items.
        ids: Vec<String>,
    },
    /// XEP-0060 §8.1.
    Create {
        /// Its name; none for one that we make up (§8.1.2).
        node: Option<String>,
        /// Its configuration (§8.1.3).
        configuration: Option<Submitted>,
    },
    /// XEP-0060 §8.2.2.
    Configuration {
        /// Of which node.
        node: String,
    },
    /// XEP-0060 §8.2.4.
    Configure {
        /// Which node.
        node: String,
        /// The configuration; `None` to leave it as it is.
        configuration: Option<Submitted>,
    },
    /// XEP-0060 §8.3: the configuration that a new node has.
    DefaultConfiguration,
    /// XEP-0060 §8.4.
    Delete {
        /// Which node.
        node: String,
        /// Where its subscribers find the same.
        redirect: Option<String>,
    },
    /// XEP-0060 §8.5.
    Purge {
        /// Which node.
        node: String,
    },
    /// XEP-0060 §8.8.1.
    NodeSubscriptions {
        /// Of which node.
        node: String,
        /// Which page (XEP-0059).
        set: Option<ResultSet>,
    },
    /// XEP-0060 §8.8.2.
    SetSubscriptions {
        /// Of which node.
        node: String,
        /// Whose, the state wanted as the owner spelt it, which of several.
        subscriptions: Vec<(Jid, String, Option<String>)>,
    },
    /// XEP-0060 §8.9.1.
    NodeAffiliations {
        /// With which node.
        node: String,
        /// Which page (XEP-0059).
        set: Option<ResultSet>,
    },
    /// XEP-0060 §8.9.2.
    SetAffiliations {
        /// With which node.
        node: String,
        /// Whose, and the affiliation wanted as the owner spelt it.
        affiliations: Vec<(Jid, String)>,
    },
}

/// One item on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Its id, when the publisher has chosen one.
    pub id: Option<String>,
    /// Its content: one element that stands alone, and its namespace.
    pub payload: Option<(Bytes, String)>,
}

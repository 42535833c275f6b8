//! XEP-0060, the subscriber's requests.

use crate::{Condition, Jid, StanzaError, ns};
use xml::{Node, Writer};

/// What a subscriber may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PubsubRequest {
    /// XEP-0060 §6.1.
    Subscribe {
        /// To which node.
        node: String,
        /// Who is to be subscribed.
        jid: Jid,
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
    /// XEP-0060 §5.6, of one node or of all.
    Subscriptions {
        /// The node, if only one.
        node: Option<String>,
    },
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// To which node.
    pub node: String,
    /// Whose.
    pub jid: Jid,
    /// Its identifier (XEP-0060 §6.1.6).
    pub subid: String,
}

pub(super) fn pubsub_request(type_: &str, payload: Node<'_, '_>) -> Result<PubsubRequest, StanzaError> {
    let bad = StanzaError::from(Condition::BadRequest);
    let action = payload.children().find(Node::is_element).ok_or(bad)?;
    let node = action.attribute("node").map(str::to_owned);
    match (type_, action.tag_name().name()) {
        ("set", "subscribe") => {
            Ok(PubsubRequest::Subscribe { node: node.ok_or_else(nodeid_required)?, jid: jid(action)? })
        }
        ("set", "unsubscribe") => Ok(PubsubRequest::Unsubscribe {
            node: node.ok_or_else(nodeid_required)?,
            jid: jid(action)?,
            subid: action.attribute("subid").map(str::to_owned),
        }),
        ("get", "subscriptions") => Ok(PubsubRequest::Subscriptions { node }),
        _ => Err(Condition::FeatureNotImplemented.into()),
    }
}

fn nodeid_required() -> StanzaError {
    StanzaError::pubsub(Condition::BadRequest, "nodeid-required")
}

fn jid(action: Node<'_, '_>) -> Result<Jid, StanzaError> {
    let text =
        action.attribute("jid").ok_or_else(|| StanzaError::pubsub(Condition::BadRequest, "jid-required"))?;
    Jid::new(text).map_err(|_| StanzaError::pubsub(Condition::BadRequest, "invalid-jid"))
}

/// The answer to a subscription (XEP-0060 §6.1.2). ExpertFlow takes it only with a literal
/// `subscription="subscribed"`.
pub fn subscribed(writer: &mut Writer, subscription: &Subscription) {
    writer.open("pubsub").attribute("xmlns", ns::PUBSUB);
    write_subscription(writer, subscription);
    writer.close();
}

/// The answer to a question for subscriptions (XEP-0060 §5.6.2).
pub fn subscriptions(writer: &mut Writer, node: Option<&str>, subscriptions: &[Subscription]) {
    writer.open("pubsub").attribute("xmlns", ns::PUBSUB).open("subscriptions");
    if let Some(node) = node {
        writer.attribute("node", node);
    }
    for subscription in subscriptions {
        write_subscription(writer, subscription);
    }
    writer.close().close();
}

fn write_subscription(writer: &mut Writer, subscription: &Subscription) {
    writer
        .open("subscription")
        .attribute("node", &subscription.node)
        .attribute("jid", &subscription.jid.to_string())
        .attribute("subid", &subscription.subid)
        .attribute("subscription", "subscribed")
        .close();
}

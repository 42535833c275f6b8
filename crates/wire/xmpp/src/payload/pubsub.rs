//! XEP-0060: what subscribers and publishers ask.

use super::excerpt::excerpt;
use crate::{Condition, Jid, StanzaError, ns};
use bytes::Bytes;
use xml::{Node, Writer};

/// What a subscriber or a publisher may ask.
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
    /// XEP-0060 §8.1, with the open access model: there is no other.
    Create {
        /// Its name.
        node: String,
    },
    /// XEP-0060 §7.1, one item.
    Publish {
        /// To which node.
        node: String,
        /// The item's id, when the publisher has chosen one.
        item: Option<String>,
        /// The item's content: one element that stands alone.
        payload: Bytes,
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
        ("set", "create") => {
            // a node without a name would be an instant node (§8.1.2): we make none up
            let node =
                node.ok_or_else(|| StanzaError::pubsub(Condition::NotAcceptable, "nodeid-required"))?;
            is_open(payload)?;
            Ok(PubsubRequest::Create { node })
        }
        ("set", "publish") => publish(node.ok_or_else(nodeid_required)?, action),
        _ => Err(Condition::FeatureNotImplemented.into()),
    }
}

/// Whether a node's configuration asks for no other access model than `open` (XEP-0060 §4.5). Its other fields are
/// wishes that we need not grant.
fn is_open(payload: Node<'_, '_>) -> Result<(), StanzaError> {
    let mut fields = payload.descendants().filter(|node| node.has_tag_name((ns::DATA_FORM, "field")));
    let Some(field) = fields.find(|field| field.attribute("var") == Some("pubsub#access_model")) else {
        return Ok(());
    };
    match xml::child_text(field, "value").as_deref().map(str::trim) {
        Some("open") => Ok(()),
        _ => Err(StanzaError::pubsub(Condition::NotAcceptable, "unsupported-access-model")),
    }
}

fn publish(node: String, action: Node<'_, '_>) -> Result<PubsubRequest, StanzaError> {
    let bad = |condition| StanzaError::pubsub(Condition::BadRequest, condition);
    let mut items = action.children().filter(Node::is_element);
    let item = items.next().ok_or_else(|| bad("item-required"))?;
    if items.next().is_some() || item.tag_name().name() != "item" {
        return Err(Condition::BadRequest.into());
    }
    let mut payloads = item.children().filter(Node::is_element);
    let payload = payloads.next().ok_or_else(|| bad("payload-required"))?;
    if payloads.next().is_some() {
        return Err(bad("invalid-payload"));
    }
    let item = item.attribute("id").filter(|id| !id.is_empty()).map(str::to_owned);
    Ok(PubsubRequest::Publish { node, item, payload: excerpt(payload, ns::PUBSUB_EVENT).into() })
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

/// The answer to a publication (XEP-0060 §7.1.2).
pub fn published(writer: &mut Writer, node: &str, item: &str) {
    writer.open("pubsub").attribute("xmlns", ns::PUBSUB).open("publish").attribute("node", node);
    writer.open("item").attribute("id", item).close().close().close();
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

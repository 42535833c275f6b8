//! Reading requests of subscribers and publishers (namespace `pubsub`).

use super::{Publication, PubsubRequest};
use crate::payload::excerpt::excerpt;
use crate::payload::form::{Submission, Submitted};
use crate::payload::result_set::ResultSet;
use crate::{Condition, Jid, StanzaError, ns};
use xml::Node;

/// Reads `<pubsub/>`. `type_` is the IQ's.
pub(in crate::payload) fn pubsub_request(
    type_: &str,
    payload: Node<'_, '_>,
) -> Result<PubsubRequest, StanzaError> {
    let action = payload.children().find(Node::is_element).ok_or(Condition::BadRequest)?;
    let name = |what: &Node<'_, '_>| what.attribute("node").filter(|n| !n.is_empty()).map(str::to_owned);
    let node = name(&action);
    let required = || node.clone().ok_or_else(|| bad("nodeid-required"));
    let subid = || action.attribute("subid").map(str::to_owned);
    match (type_, action.tag_name().name()) {
        ("set", "subscribe") => {
            let options = form_in(payload, "options").map_err(|()| bad("invalid-options"))?.flatten();
            Ok(PubsubRequest::Subscribe { node: required()?, jid: jid(action)?, options })
        }
        ("set", "unsubscribe") => {
            Ok(PubsubRequest::Unsubscribe { node: required()?, jid: jid(action)?, subid: subid() })
        }
        ("get", "options") => {
            Ok(PubsubRequest::Options { node: required()?, jid: jid(action)?, subid: subid() })
        }
        ("set", "options") => {
            let options = form_of(action).map_err(|()| bad("invalid-options"))?;
            let options = options.ok_or_else(|| bad("invalid-options"))?;
            Ok(PubsubRequest::SetOptions { node: required()?, jid: jid(action)?, subid: subid(), options })
        }
        ("get", "default") => Ok(PubsubRequest::DefaultOptions { node }),
        ("get", "subscriptions") => Ok(PubsubRequest::Subscriptions { node, set: ResultSet::read(payload)? }),
        ("get", "affiliations") => Ok(PubsubRequest::Affiliations { node, set: ResultSet::read(payload)? }),
        ("get", "items") => items(required()?, payload, action),
        ("set", "create") => {
            let form = form_in(payload, "configure").map_err(|()| Condition::BadRequest)?;
            Ok(PubsubRequest::Create { node, configuration: form.flatten() })
        }
        ("set", "publish") => {
            let form = form_in(payload, "publish-options").map_err(|()| Condition::BadRequest)?;
            publish(required()?, action, form.flatten())
        }
        ("set", "retract") => retract(required()?, action),
        _ => Err(Condition::FeatureNotImplemented.into()),
    }
}

fn items(node: String, payload: Node<'_, '_>, action: Node<'_, '_>) -> Result<PubsubRequest, StanzaError> {
    let number = |text: &str| text.parse().map_err(|_| StanzaError::from(Condition::BadRequest));
    let max_items = action.attribute("max_items").map(number).transpose()?;
    let subid = action.attribute("subid").map(str::to_owned);
    let set = ResultSet::read(payload)?;
    Ok(PubsubRequest::Items { node, max_items, subid, ids: ids(action)?, set })
}

fn retract(node: String, action: Node<'_, '_>) -> Result<PubsubRequest, StanzaError> {
    let notify = match action.attribute("notify") {
        None => None,
        Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        Some(_) => return Err(Condition::BadRequest.into()),
    };
    let ids = ids(action)?;
    if ids.is_empty() {
        return Err(bad("item-required"));
    }
    Ok(PubsubRequest::Retract { node, notify, ids })
}

fn ids(action: Node<'_, '_>) -> Result<Vec<String>, StanzaError> {
    let items = action.children().filter(|child| child.has_tag_name((ns::PUBSUB, "item")));
    let id = |item: Node<'_, '_>| {
        item.attribute("id")
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| bad("item-required"))
    };
    items.map(id).collect()
}

fn publish(
    node: String,
    action: Node<'_, '_>,
    options: Option<Submitted>,
) -> Result<PubsubRequest, StanzaError> {
    let mut items = action.children().filter(Node::is_element);
    let Some(item) = items.next() else { return Ok(PubsubRequest::Publish { node, item: None, options }) };
    if items.next().is_some() || item.tag_name().name() != "item" {
        return Err(Condition::BadRequest.into());
    }
    let mut payloads = item.children().filter(Node::is_element);
    let payload = payloads.next();
    if payloads.next().is_some() {
        return Err(bad("invalid-payload"));
    }
    let payload = payload.map(|payload| {
        let namespace = payload.tag_name().namespace().unwrap_or("").to_owned();
        (excerpt(payload).into(), namespace)
    });
    let id = item.attribute("id").filter(|id| !id.is_empty()).map(str::to_owned);
    Ok(PubsubRequest::Publish { node, item: Some(Publication { id, payload }), options })
}

/// The form in a second child of `<pubsub/>`; `Some(None)` when it was cancelled or is empty.
pub(super) fn form_in(payload: Node<'_, '_>, name: &str) -> Result<Option<Option<Submitted>>, ()> {
    let mut found = payload.children().filter(|child| child.is_element() && child.tag_name().name() == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(());
    }
    first.map(|element| Ok(form_of(element)?.flatten())).transpose()
}

/// The form in an element; `None` when there is none, `Some(None)` when it was cancelled.
pub(super) fn form_of(element: Node<'_, '_>) -> Result<Option<Option<Submitted>>, ()> {
    let mut forms = element.children().filter(Node::is_element);
    let Some(form) = forms.next() else { return Ok(None) };
    if forms.next().is_some() {
        return Err(());
    }
    match Submission::read(form) {
        Ok(Submission::Submit(submitted)) => Ok(Some(Some(submitted))),
        Ok(Submission::Cancel) => Ok(Some(None)),
        Err(_) => Err(()),
    }
}

pub(super) fn bad(condition: &'static str) -> StanzaError {
    StanzaError::pubsub(Condition::BadRequest, condition)
}

pub(super) fn jid(element: Node<'_, '_>) -> Result<Jid, StanzaError> {
    let text = element.attribute("jid").ok_or_else(|| bad("jid-required"))?;
    Jid::new(text).map_err(|_| bad("invalid-jid"))
}

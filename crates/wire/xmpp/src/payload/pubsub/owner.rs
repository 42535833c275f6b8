//! Reading requests of owners (namespace `pubsub#owner`).

use super::PubsubRequest;
use super::request::{bad, form_of, jid};
use crate::payload::result_set::ResultSet;
use crate::{Condition, StanzaError, ns};
use xml::Node;

/// Reads `<pubsub/>`. `type_` is the IQ's.
pub(in crate::payload) fn owner_request(
    type_: &str,
    payload: Node<'_, '_>,
) -> Result<PubsubRequest, StanzaError> {
    // a page is asked for beside it
    let is_action = |child: &Node<'_, '_>| child.is_element() && !child.has_tag_name((ns::RESULT_SET, "set"));
    let mut actions = payload.children().filter(is_action);
    let action = actions.next().ok_or(Condition::BadRequest)?;
    if actions.next().is_some() {
        return Err(Condition::BadRequest.into());
    }
    let node = action.attribute("node").filter(|node| !node.is_empty()).map(str::to_owned);
    let required = || node.ok_or_else(|| bad("nodeid-required"));
    match (type_, action.tag_name().name()) {
        ("get", "configure") => Ok(PubsubRequest::Configuration { node: required()? }),
        ("set", "configure") => {
            let form = form_of(action).map_err(|()| Condition::BadRequest)?;
            let configuration = form.ok_or(Condition::BadRequest)?;
            Ok(PubsubRequest::Configure { node: required()?, configuration })
        }
        ("get", "default") => Ok(PubsubRequest::DefaultConfiguration),
        ("set", "delete") => {
            let mut children = action.children().filter(Node::is_element);
            let redirect = children.find(|child| child.tag_name().name() == "redirect");
            let uri = redirect.map(|redirect| redirect.attribute("uri").filter(|uri| !uri.is_empty()));
            let redirect = uri.map(|uri| uri.map(str::to_owned).ok_or(Condition::BadRequest)).transpose()?;
            Ok(PubsubRequest::Delete { node: required()?, redirect })
        }
        ("set", "purge") => Ok(PubsubRequest::Purge { node: required()? }),
        ("get", "subscriptions") => {
            Ok(PubsubRequest::NodeSubscriptions { node: required()?, set: ResultSet::read(payload)? })
        }
        ("get", "affiliations") => {
            Ok(PubsubRequest::NodeAffiliations { node: required()?, set: ResultSet::read(payload)? })
        }
        ("set", "subscriptions") => {
            let read = |entry: Node<'_, '_>| {
                let state = entry.attribute("subscription").ok_or(Condition::BadRequest)?;
                let subid = entry.attribute("subid").map(str::to_owned);
                Ok((jid(entry)?, state.to_owned(), subid))
            };
            let subscriptions = entries(action, "subscription", read)?;
            Ok(PubsubRequest::SetSubscriptions { node: required()?, subscriptions })
        }
        ("set", "affiliations") => {
            let read = |entry: Node<'_, '_>| {
                let affiliation = entry.attribute("affiliation").ok_or(Condition::BadRequest)?;
                Ok((jid(entry)?, affiliation.to_owned()))
            };
            let affiliations = entries(action, "affiliation", read)?;
            Ok(PubsubRequest::SetAffiliations { node: required()?, affiliations })
        }
        _ => Err(Condition::FeatureNotImplemented.into()),
    }
}

/// The entries of a list, of which there must be one at least and nothing else.
fn entries<T>(
    action: Node<'_, '_>,
    name: &str,
    read: impl Fn(Node<'_, '_>) -> Result<T, StanzaError>,
) -> Result<Vec<T>, StanzaError> {
    let elements = action.children().filter(Node::is_element);
    let read_named = |entry: Node<'_, '_>| {
        if entry.tag_name().name() == name { read(entry) } else { Err(Condition::BadRequest.into()) }
    };
    let entries: Vec<T> = elements.map(read_named).collect::<Result<_, _>>()?;
    if entries.is_empty() { Err(Condition::BadRequest.into()) } else { Ok(entries) }
}

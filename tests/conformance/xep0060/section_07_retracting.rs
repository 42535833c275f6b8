//! Taking an item back.

use crate::case::{Case, Outcome, case};
use crate::client::entity::{fresh_node, granted, ids, refused};
use crate::client::{Entity, ns};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(a_retracted_item_is_gone, "7.2.2", "Result; the item is no longer told"),
    case!(a_retraction_is_told, "7.2.2.1", "`<retract id=''/>` to the subscribers"),
    case!(a_stranger_does_not_retract, "7.2.3.1", "forbidden, and the item stays"),
    case!(a_publisher_retracts_its_own_item, "7.2.2", "The publisher of an item may take it back"),
    case!(retracting_from_no_node_is_not_found, "7.2.3.2", "No such node: item-not-found"),
    case!(retracting_needs_a_node, "7.2.3.3", "No `node`: bad-request, nodeid-required"),
    case!(retracting_needs_an_item, "7.2.3.4", "No item, or one without id: bad-request, item-required"),
    case!(an_unknown_item_cannot_be_retracted, "7.2.3.4", "No such item: item-not-found"),
];

/// An owner, a subscriber, and a node.
fn subscribed(subject: &Subject) -> (Entity, Entity, String) {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(user.subscribe(&node));
    (owner, user, node)
}

fn a_retracted_item_is_gone(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    granted(owner.publish(&node, "one"));
    granted(owner.publish(&node, "two"));
    granted(owner.retract(&node, "one"));
    assert_eq!(ids(&granted(owner.items(&node))), ["two"]);
    Ok(())
}

fn a_retraction_is_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject);
    granted(owner.publish(&node, "one"));
    user.event(&node);
    granted(owner.retract(&node, "one"));
    let event = user.event(&node);
    let retracted = event.find("retract").unwrap_or_else(|| panic!("{event}"));
    assert!(retracted.ns == ns::PUBSUB_EVENT && retracted.attr("id") == Some("one"), "{event}");
    Ok(())
}

fn a_stranger_does_not_retract(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject);
    granted(owner.publish(&node, "one"));
    refused(&user.retract(&node, "one"), "forbidden", "");
    assert_eq!(ids(&granted(owner.items(&node))), ["one"]);
    Ok(())
}

fn a_publisher_retracts_its_own_item(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject);
    granted(owner.affiliate(&node, &user.bare(), "publisher"));
    granted(user.publish(&node, "mine"));
    granted(user.retract(&node, "mine"));
    assert!(ids(&granted(owner.items(&node))).is_empty());
    Ok(())
}

fn retracting_from_no_node_is_not_found(subject: &Subject) -> Outcome {
    refused(&Entity::owner(subject).retract(&fresh_node(), "one"), "item-not-found", "");
    Ok(())
}

fn retracting_needs_a_node(subject: &Subject) -> Outcome {
    refused(
        &Entity::owner(subject).set("<retract><item id='i'/></retract>"),
        "bad-request",
        "nodeid-required",
    );
    Ok(())
}

fn retracting_needs_an_item(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    for inside in ["", "<item/>"] {
        let answer = owner.set(&format!("<retract node='{node}'>{inside}</retract>"));
        refused(&answer, "bad-request", "item-required");
    }
    Ok(())
}

fn an_unknown_item_cannot_be_retracted(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    refused(&owner.retract(&node, "never-published"), "item-not-found", "");
    Ok(())
}

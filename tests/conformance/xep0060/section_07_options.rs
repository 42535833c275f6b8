//! Options of a publication: all of them are preconditions.

use super::section_07_publishing::subscribed;
use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{form, fresh_node, granted, item, refused};
use crate::client::{Element, Entity};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(a_condition_of_the_publisher_holds, "7.1.5", "publish-options that the node meets: published"),
    case!(
        a_condition_that_fails_refuses_the_item,
        "7.1.5",
        "conflict, precondition-not-met; nothing is published"
    ),
    case!(
        an_option_that_is_not_known_refuses_the_item,
        "7.1.5",
        "A field that is not registered: an error, and nothing is published"
    ),
    case!(
        options_configure_the_node_that_is_made,
        "7.1.5",
        "publish-options and auto-create: the new node has that configuration"
    ),
];

fn publish_if(who: &mut Entity, node: &str, fields: &[(&str, &str)]) -> Element {
    let options = form("http://jabber.org/protocol/pubsub#publish-options", fields);
    let item = item("conditional", "words");
    who.set(&format!("<publish node='{node}'>{item}</publish><publish-options>{options}</publish-options>"))
}

const NO_CONDITIONS: &str = "it does not announce publish-options";

fn a_condition_of_the_publisher_holds(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    if !owner.offers("publish-options") {
        return not_offered(NO_CONDITIONS);
    }
    granted(publish_if(&mut owner, &node, &[("access_model", "open"), ("persist_items", "1")]));
    user.event(&node);
    Ok(())
}

fn a_condition_that_fails_refuses_the_item(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    if !owner.offers("publish-options") {
        return not_offered(NO_CONDITIONS);
    }
    let answer = publish_if(&mut owner, &node, &[("access_model", "whitelist")]);
    refused(&answer, "conflict", "precondition-not-met");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn an_option_that_is_not_known_refuses_the_item(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    if !owner.offers("publish-options") {
        return not_offered(NO_CONDITIONS);
    }
    let answer = publish_if(&mut owner, &node, &[("made_up_for_a_test", "1")]);
    assert_eq!(answer.attr("type"), Some("error"), "{answer}");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn options_configure_the_node_that_is_made(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("publish-options") || !owner.offers("auto-create") {
        return not_offered("it does not announce both publish-options and auto-create");
    }
    let node = fresh_node();
    granted(publish_if(&mut owner, &node, &[("access_model", "whitelist"), ("persist_items", "1")]));
    refused(&Entity::user(subject).subscribe(&node), "not-allowed", "closed-node");
    Ok(())
}

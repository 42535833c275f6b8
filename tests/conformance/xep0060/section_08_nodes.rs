//! Nodes: made, configured, emptied, deleted.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{NODE_CONFIG, field, fresh_node, granted, ids, refused, values};
use crate::client::{Element, Entity, ns};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(a_node_is_made, "8.1.2", "With the default configuration; its maker owns it"),
    case!(a_node_is_made_and_configured, "8.1.3", "The form in the request is the new node's configuration"),
    case!(a_node_that_is_there_is_a_conflict, "8.1.1", "conflict, and the node stays as it is"),
    case!(a_node_without_a_name_gets_one, "8.1.1", "Instant nodes: the result tells the name"),
    case!(
        a_node_with_senseless_configuration_is_not_made,
        "8.1.3",
        "A value outside its kind: an error, and no node"
    ),
    case!(
        a_configuration_is_told_in_a_form,
        "8.2.2",
        "`<configure node=''/>`: a form of type `form`, its kind named"
    ),
    case!(a_configuration_is_for_owners, "8.2.3.1", "Others: forbidden"),
    case!(a_configuration_belongs_to_a_node, "8.2.3.2", "No `node`: bad-request, nodeid-required"),
    case!(a_configuration_of_no_node_is_not_found, "8.2.3.4", "No such node: item-not-found"),
    case!(a_change_is_kept, "8.2.5.1", "What is submitted is told afterwards; what is not stays"),
    case!(
        a_senseless_change_is_refused_whole,
        "8.2.5.2",
        "A bad value beside a good one: an error, and neither is taken"
    ),
    case!(
        as_many_items_as_there_may_be_are_kept,
        "8.2.4",
        "config-node-max: max_items `max` keeps more than any other number, and says how many or `max`"
    ),
    case!(a_change_may_be_given_up, "8.2.4", "A form of type cancel: nothing changes"),
    case!(strangers_do_not_configure, "8.2.3.1", "A submitted form of another: forbidden"),
    case!(a_change_is_told_to_subscribers, "8.2.5.3", "notify_config: `<configuration node=''/>`"),
    case!(the_default_configuration_is_told, "8.3.2", "`<default/>` in the owner's namespace: a form"),
    case!(a_deleted_node_is_gone, "8.4.2", "Result; then item-not-found"),
    case!(a_deletion_is_told, "8.4.2", "`<delete node=''/>` to the subscribers"),
    case!(a_deletion_may_name_the_new_place, "8.4.2", "`<redirect uri=''/>` goes to the subscribers"),
    case!(strangers_do_not_delete, "8.4.3.1", "forbidden"),
    case!(no_node_cannot_be_deleted, "8.4.3.2", "No such node: item-not-found"),
    case!(a_deleted_name_is_a_new_node, "8.4.2", "Made again: no items, no subscriptions of the old one"),
    case!(a_purged_node_is_empty, "8.5.2", "Result; no items are left"),
    case!(a_purge_is_told, "8.5.2", "`<purge node=''/>` to the subscribers"),
    case!(strangers_do_not_purge, "8.5.3.1", "forbidden, and the items stay"),
    case!(
        what_keeps_nothing_is_not_purged,
        "8.5.3.3",
        "persist_items false: feature-not-implemented, persistent-items"
    ),
    case!(no_node_cannot_be_purged, "8.5.3.4", "No such node: item-not-found"),
];

fn a_node_is_made(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = fresh_node();
    granted(owner.set(&format!("<create node='{node}'/>")));
    granted(owner.owner_get(&format!("<configure node='{node}'/>")));
    granted(Entity::user(subject).info(&node));
    Ok(())
}

fn told(who: &mut Entity, node: &str, name: &str) -> Vec<String> {
    values(&granted(who.owner_get(&format!("<configure node='{node}'/>"))), &format!("pubsub#{name}"))
}

fn a_node_is_made_and_configured(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("title", "Made so"), ("access_model", "whitelist"), ("max_items", "7")]);
    assert_eq!(told(&mut owner, &node, "title"), ["Made so"]);
    assert_eq!(told(&mut owner, &node, "access_model"), ["whitelist"]);
    assert_eq!(told(&mut owner, &node, "max_items"), ["7"]);
    Ok(())
}

fn a_node_that_is_there_is_a_conflict(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("title", "first")]);
    refused(&owner.create_named(&node, &[("title", "second")]), "conflict", "");
    assert_eq!(told(&mut owner, &node, "title"), ["first"]);
    Ok(())
}

fn a_node_without_a_name_gets_one(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("instant-nodes") {
        return not_offered("it does not announce instant-nodes");
    }
    let made = [(); 2].map(|()| {
        let answer = granted(owner.set("<create/>"));
        answer.find("create").and_then(|c| c.attr("node")).unwrap_or_else(|| panic!("{answer}")).to_owned()
    });
    assert_ne!(made[0], made[1]);
    granted(owner.publish(&made[0], "one"));
    Ok(())
}

fn a_node_with_senseless_configuration_is_not_made(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    for wrong in [("access_model", "by-mood"), ("max_items", "many"), ("persist_items", "perhaps")] {
        let node = fresh_node();
        let answer = owner.create_named(&node, &[wrong]);
        assert!(answer.stanza_error().is_some(), "{wrong:?}: {answer}");
        refused(&owner.info(&node), "item-not-found", "");
    }
    Ok(())
}

fn a_configuration_is_told_in_a_form(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let answer = granted(owner.owner_get(&format!("<configure node='{node}'/>")));
    assert_eq!(answer.find("configure").and_then(|c| c.attr("node")), Some(node.as_str()), "{answer}");
    assert_eq!(answer.find("x").and_then(|x| x.attr("type")), Some("form"), "{answer}");
    assert_eq!(values(&answer, "FORM_TYPE"), [NODE_CONFIG], "{answer}");
    let access = field(&answer, "pubsub#access_model").unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(access.attr("type"), Some("list-single"), "{answer}");
    assert!(access.find("option").is_some(), "{answer}");
    Ok(())
}

fn a_configuration_is_for_owners(subject: &Subject) -> Outcome {
    let node = Entity::owner(subject).create(&[]);
    refused(&Entity::user(subject).owner_get(&format!("<configure node='{node}'/>")), "forbidden", "");
    Ok(())
}

fn a_configuration_belongs_to_a_node(subject: &Subject) -> Outcome {
    refused(&Entity::owner(subject).owner_get("<configure/>"), "bad-request", "nodeid-required");
    Ok(())
}

fn a_configuration_of_no_node_is_not_found(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    refused(&owner.owner_get(&format!("<configure node='{}'/>", fresh_node())), "item-not-found", "");
    refused(&owner.configure(&fresh_node(), &[("title", "t")]), "item-not-found", "");
    Ok(())
}

fn a_change_is_kept(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("title", "before")]);
    granted(owner.configure(&node, &[("max_items", "3"), ("deliver_payloads", "0")]));
    assert_eq!(told(&mut owner, &node, "max_items"), ["3"]);
    assert!(["0", "false"].contains(&told(&mut owner, &node, "deliver_payloads")[0].as_str()));
    assert_eq!(told(&mut owner, &node, "title"), ["before"]);
    Ok(())
}

fn a_senseless_change_is_refused_whole(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("title", "before")]);
    for wrong in [("access_model", "by-mood"), ("max_items", "many"), ("persist_items", "perhaps")] {
        let answer = owner.configure(&node, &[("title", "after"), wrong]);
        assert!(answer.stanza_error().is_some(), "{wrong:?}: {answer}");
        assert_eq!(told(&mut owner, &node, "title"), ["before"], "{wrong:?}");
    }
    Ok(())
}

fn as_many_items_as_there_may_be_are_kept(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("config-node-max") {
        return not_offered("it does not announce config-node-max");
    }
    let node = owner.create(&[("max_items", "2")]);
    granted(owner.configure(&node, &[("max_items", "max")]));
    let told = told(&mut owner, &node, "max_items");
    let is_many = |told: &String| told == "max" || told.parse::<u32>().is_ok_and(|count| count >= 20);
    assert!(told.len() == 1 && told.iter().all(is_many), "{told:?}");
    for number in 0..20 {
        granted(owner.publish(&node, &format!("i{number}")));
    }
    assert_eq!(ids(&granted(owner.items(&node))).len(), 20);
    Ok(())
}

fn a_change_may_be_given_up(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("title", "before")]);
    let given_up = "<x xmlns='jabber:x:data' type='cancel'/>";
    granted(owner.owner_set(&format!("<configure node='{node}'>{given_up}</configure>")));
    assert_eq!(told(&mut owner, &node, "title"), ["before"]);
    Ok(())
}

fn strangers_do_not_configure(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("title", "before")]);
    refused(&Entity::user(subject).configure(&node, &[("title", "after")]), "forbidden", "");
    assert_eq!(told(&mut owner, &node, "title"), ["before"]);
    Ok(())
}

/// An owner, a subscriber, and a node.
fn subscribed(subject: &Subject, fields: &[(&str, &str)]) -> (Entity, Entity, String) {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(fields);
    granted(user.subscribe(&node));
    (owner, user, node)
}

fn a_change_is_told_to_subscribers(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    if !owner.configures(&node, "notify_config") {
        return not_offered("no option `notify_config`");
    }
    granted(owner.configure(&node, &[("notify_config", "1")]));
    granted(owner.configure(&node, &[("title", "after")]));
    let event = user.event(&node);
    assert!(event.find("configuration").is_some(), "{event}");
    Ok(())
}

fn the_default_configuration_is_told(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("retrieve-default") {
        return not_offered("it does not announce retrieve-default");
    }
    let answer = granted(owner.owner_get("<default/>"));
    assert!(answer.find("default").is_some_and(|d| d.ns == ns::PUBSUB_OWNER), "{answer}");
    assert_eq!(values(&answer, "FORM_TYPE"), [NODE_CONFIG], "{answer}");
    Ok(())
}

fn delete(who: &mut Entity, node: &str, inside: &str) -> Element {
    who.owner_set(&format!("<delete node='{node}'>{inside}</delete>"))
}

fn a_deleted_node_is_gone(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    granted(delete(&mut owner, &node, ""));
    refused(&owner.items(&node), "item-not-found", "");
    refused(&owner.info(&node), "item-not-found", "");
    Ok(())
}

fn a_deletion_is_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    granted(delete(&mut owner, &node, ""));
    let event = user.event(&node);
    assert!(event.find("delete").is_some(), "{event}");
    let left = granted(user.get("<subscriptions/>"));
    assert!(!left.to_string().contains(&format!("'{node}'")), "{left}");
    Ok(())
}

fn a_deletion_may_name_the_new_place(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    let uri = "xmpp:pubsub.localhost?;node=elsewhere";
    granted(delete(&mut owner, &node, &format!("<redirect uri='{uri}'/>")));
    let event = user.event(&node);
    match event.find("redirect") {
        Some(redirect) => assert_eq!(redirect.attr("uri"), Some(uri), "{event}"),
        None => return not_offered("it passes no new place on"),
    }
    Ok(())
}

fn strangers_do_not_delete(subject: &Subject) -> Outcome {
    let (_, mut user, node) = subscribed(subject, &[]);
    refused(&delete(&mut user, &node, ""), "forbidden", "");
    granted(user.info(&node));
    Ok(())
}

fn no_node_cannot_be_deleted(subject: &Subject) -> Outcome {
    refused(&delete(&mut Entity::owner(subject), &fresh_node(), ""), "item-not-found", "");
    Ok(())
}

fn a_deleted_name_is_a_new_node(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    granted(owner.publish(&node, "old"));
    user.message("the old item", |message| message.find("item").is_some());
    granted(delete(&mut owner, &node, ""));
    granted(owner.create_named(&node, &[]));
    assert!(ids(&granted(owner.items(&node))).is_empty());
    user.message("the deletion", |message| message.find("delete").is_some());
    granted(owner.publish(&node, "new"));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn purge(who: &mut Entity, node: &str) -> Element {
    who.owner_set(&format!("<purge node='{node}'/>"))
}

fn a_purged_node_is_empty(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    granted(owner.publish(&node, "one"));
    granted(owner.publish(&node, "two"));
    granted(purge(&mut owner, &node));
    assert!(ids(&granted(owner.items(&node))).is_empty());
    Ok(())
}

fn a_purge_is_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    granted(owner.publish(&node, "one"));
    user.event(&node);
    granted(purge(&mut owner, &node));
    let event = user.event(&node);
    assert!(event.find("purge").is_some(), "{event}");
    Ok(())
}

fn strangers_do_not_purge(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    granted(owner.publish(&node, "one"));
    refused(&purge(&mut user, &node), "forbidden", "");
    assert_eq!(ids(&granted(owner.items(&node))), ["one"]);
    Ok(())
}

fn what_keeps_nothing_is_not_purged(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("persist_items", "0")]);
    let answer = purge(&mut owner, &node);
    refused(&answer, "feature-not-implemented", "unsupported");
    let named = crate::client::entity::of_pubsub_error(&answer);
    assert_eq!(named.and_then(|named| named.attr("feature")), Some("persistent-items"), "{answer}");
    Ok(())
}

fn no_node_cannot_be_purged(subject: &Subject) -> Outcome {
    refused(&purge(&mut Entity::owner(subject), &fresh_node()), "item-not-found", "");
    Ok(())
}

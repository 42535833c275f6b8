//! Publishing.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{fresh_node, granted, ids, item, refused};
use crate::client::{Element, Entity};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(
        the_items_id_is_told_to_its_publisher,
        "7.1.2",
        "The result has the node and the item's id, chosen or made"
    ),
    case!(ids_that_are_made_differ, "7.1.2", "The service's own ids are unique"),
    case!(
        an_event_carries_the_payload,
        "7.1.2.1",
        "`<event><items node=''><item id=''>payload`, from the service"
    ),
    case!(an_event_may_come_without_payload, "7.1.2.2", "deliver_payloads false: the id alone"),
    case!(
        events_may_be_switched_off,
        "16.4.4",
        "deliver_notifications false: the item is kept, no event comes"
    ),
    case!(the_same_id_replaces_the_item, "12.8", "Publishing with an id that is there overwrites it"),
    case!(
        the_same_id_from_two_at_once_is_one_item,
        "12.8",
        "Two publishers, one id: each is told, one item is left"
    ),
    case!(more_items_than_kept_push_out_the_oldest, "16.4.4", "max_items: the newest are kept"),
    case!(
        a_node_that_keeps_nothing_tells_still,
        "4.3",
        "persist_items false: the event comes, nothing is kept"
    ),
    case!(a_stranger_does_not_publish, "7.1.3.1", "forbidden, and no event"),
    case!(a_publisher_publishes, "4.1", "Affiliation publisher: may"),
    case!(a_member_does_not_publish, "4.1", "Affiliation member: may not"),
    case!(anyone_publishes_where_the_model_is_open, "16.4.4", "publish_model open: everybody may"),
    case!(
        subscribers_publish_where_the_model_says_so,
        "16.4.4",
        "publish_model subscribers: they may, others may not"
    ),
    case!(publishing_to_no_node_is_not_found, "7.1.3.3", "No such node, and none is made: item-not-found"),
    case!(
        publishing_may_make_the_node,
        "7.1.4",
        "auto-create: the node is there after it, and its publisher owns it"
    ),
    case!(publishing_needs_a_node, "7.1.1", "No `node`: an error"),
    case!(a_payload_is_one_element, "7.1.3.5", "Two elements in an item: bad-request, invalid-payload"),
    case!(
        a_payload_is_required,
        "7.1.3.6",
        "No payload where payloads are delivered: bad-request, payload-required",
        "the clause names `payload-required` for an item without payload; `item-required` is for a request without item"
    ),
    case!(an_item_is_required, "7.1.3.6", "No item where items are kept: bad-request, item-required"),
    case!(
        a_large_payload_is_refused,
        "7.1.3.4",
        "Past max_payload_size: not-acceptable, payload-too-big; no event"
    ),
];

fn published(answer: &Element) -> String {
    let item = answer.find("item").unwrap_or_else(|| panic!("no item: {answer}"));
    item.attr("id").unwrap_or_else(|| panic!("no id: {answer}")).to_owned()
}

fn publish_unnamed(who: &mut Entity, node: &str) -> Element {
    who.set(&format!("<publish node='{node}'>{}</publish>", item("", "words")))
}

fn the_items_id_is_told_to_its_publisher(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let answer = granted(owner.publish(&node, "mine"));
    assert_eq!(published(&answer), "mine");
    assert_eq!(answer.find("publish").and_then(|p| p.attr("node")), Some(node.as_str()), "{answer}");
    let made = published(&granted(publish_unnamed(&mut owner, &node)));
    assert!(ids(&granted(owner.items(&node))).contains(&made), "{made}");
    Ok(())
}

fn ids_that_are_made_differ(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let made = [(); 2].map(|()| published(&granted(publish_unnamed(&mut owner, &node))));
    assert_ne!(made[0], made[1]);
    Ok(())
}

/// An owner, a subscriber, and a node.
pub(super) fn subscribed(subject: &Subject, fields: &[(&str, &str)]) -> (Entity, Entity, String) {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(fields);
    granted(user.subscribe(&node));
    (owner, user, node)
}

fn an_event_carries_the_payload(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    granted(owner.publish(&node, "one"));
    let event = user.event(&node);
    assert_eq!(event.attr("from"), Some("pubsub.localhost"), "{event}");
    assert_ne!(event.attr("type"), Some("error"), "{event}");
    let items = event.find("items").unwrap_or_else(|| panic!("{event}"));
    assert!(items.children.len() == 1 && items.children[0].attr("id") == Some("one"), "{event}");
    let entry = items.children[0].child("urn:example:conformance", "entry");
    assert_eq!(entry.map(|entry| entry.text.as_str()), Some("one"), "{event}");
    Ok(())
}

fn an_event_may_come_without_payload(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[("deliver_payloads", "0")]);
    granted(owner.publish(&node, "one"));
    let event = user.event(&node);
    let item = event.find("item").unwrap_or_else(|| panic!("{event}"));
    assert!(item.attr("id") == Some("one") && item.children.is_empty(), "{event}");
    Ok(())
}

fn events_may_be_switched_off(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[("deliver_notifications", "0")]);
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    assert_eq!(ids(&granted(user.items(&node))), ["one"]);
    Ok(())
}

fn the_same_id_replaces_the_item(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    for words in ["first", "second"] {
        granted(owner.set(&format!("<publish node='{node}'>{}</publish>", item("same", words))));
    }
    let answer = granted(owner.items(&node));
    assert_eq!(ids(&answer), ["same"], "{answer}");
    assert_eq!(answer.find("entry").map(|entry| entry.text.as_str()), Some("second"), "{answer}");
    Ok(())
}

fn the_same_id_from_two_at_once_is_one_item(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "publisher"));
    std::thread::scope(|scope| {
        for who in [&mut owner, &mut user] {
            let node = &node;
            scope.spawn(move || {
                for _ in 0..10 {
                    let answer = who.publish(node, "same");
                    // a server may hold an item for its first publisher's alone
                    match answer.stanza_error() {
                        Some((_, condition)) => assert_eq!(condition, "forbidden", "{answer}"),
                        None => assert_eq!(published(&answer), "same", "{answer}"),
                    }
                }
            });
        }
    });
    assert_eq!(ids(&granted(owner.items(&node))), ["same"]);
    Ok(())
}

fn more_items_than_kept_push_out_the_oldest(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("max_items", "2")]);
    for id in ["one", "two", "three"] {
        granted(owner.publish(&node, id));
    }
    let mut kept = ids(&granted(owner.items(&node)));
    kept.sort_unstable();
    assert_eq!(kept, ["three", "two"]);
    Ok(())
}

fn a_node_that_keeps_nothing_tells_still(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[("persist_items", "0")]);
    granted(owner.publish(&node, "one"));
    user.event(&node);
    let answer = owner.items(&node);
    if answer.attr("type") == Some("result") {
        assert!(ids(&answer).is_empty(), "{answer}");
    } else {
        refused(&answer, "feature-not-implemented", "unsupported");
    }
    Ok(())
}

fn a_stranger_does_not_publish(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    refused(&Entity::user(subject).publish(&node, "one"), "forbidden", "");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn a_publisher_publishes(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    let mut publisher = Entity::user(subject);
    granted(owner.affiliate(&node, &publisher.bare(), "publisher"));
    granted(publisher.publish(&node, "one"));
    user.event(&node);
    Ok(())
}

fn a_member_does_not_publish(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "member"));
    refused(&user.publish(&node, "one"), "forbidden", "");
    Ok(())
}

fn anyone_publishes_where_the_model_is_open(subject: &Subject) -> Outcome {
    let (_, mut user, node) = subscribed(subject, &[("publish_model", "open")]);
    granted(Entity::user(subject).publish(&node, "one"));
    user.event(&node);
    Ok(())
}

fn subscribers_publish_where_the_model_says_so(subject: &Subject) -> Outcome {
    let (_, mut user, node) = subscribed(subject, &[("publish_model", "subscribers")]);
    granted(user.publish(&node, "one"));
    refused(&Entity::user(subject).publish(&node, "two"), "forbidden", "");
    Ok(())
}

fn publishing_to_no_node_is_not_found(subject: &Subject) -> Outcome {
    let mut user = Entity::user(subject);
    let makes = user.offers("auto-create");
    let answer = user.publish(&fresh_node(), "one");
    // who may not create a node hears either of the two
    match answer.stanza_error() {
        None => assert!(makes, "{answer}"),
        Some((_, condition)) => assert!(["item-not-found", "forbidden"].contains(&condition), "{answer}"),
    }
    Ok(())
}

fn publishing_may_make_the_node(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("auto-create") {
        return not_offered("it does not announce auto-create");
    }
    let node = fresh_node();
    granted(owner.publish(&node, "one"));
    granted(owner.owner_get(&format!("<configure node='{node}'/>")));
    assert_eq!(ids(&granted(owner.items(&node))), ["one"]);
    Ok(())
}

fn publishing_needs_a_node(subject: &Subject) -> Outcome {
    let answer = Entity::owner(subject).set(&format!("<publish>{}</publish>", item("one", "one")));
    assert!(answer.stanza_error().is_some(), "{answer}");
    Ok(())
}

fn a_payload_is_one_element(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    let two = "<item id='i'><a xmlns='urn:example:a'/><b xmlns='urn:example:b'/></item>";
    let answer = owner.set(&format!("<publish node='{node}'>{two}</publish>"));
    refused(&answer, "bad-request", "invalid-payload");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn a_payload_is_required(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    let answer = owner.set(&format!("<publish node='{node}'><item id='i'/></publish>"));
    refused(&answer, "bad-request", "payload-required");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn an_item_is_required(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    let answer = owner.set(&format!("<publish node='{node}'/>"));
    refused(&answer, "bad-request", "item-required");
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn a_large_payload_is_refused(subject: &Subject) -> Outcome {
    let (mut owner, mut user, node) = subscribed(subject, &[]);
    if !owner.configures(&node, "max_payload_size") {
        return not_offered("no limit on payloads that can be set");
    }
    granted(owner.configure(&node, &[("max_payload_size", "1000")]));
    let big = item("big", &"x".repeat(2_000));
    let answer = owner.set(&format!("<publish node='{node}'>{big}</publish>"));
    refused(&answer, "not-acceptable", "payload-too-big");
    // the change of the limit may have been told
    granted(owner.publish(&node, "small"));
    let next = user.message("an item", |message| message.find("item").is_some());
    assert_eq!(next.find("item").and_then(|item| item.attr("id")), Some("small"), "{next}");
    Ok(())
}

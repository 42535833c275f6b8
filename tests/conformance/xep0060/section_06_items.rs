//! Items, asked for.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{SERVICE, fresh_node, granted, ids, refused};
use crate::client::{Element, Entity, ns};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(all_items_are_told, "6.5.3", "Every retained item with its id and payload"),
    case!(an_empty_node_has_an_empty_list, "6.5.3", "No items: an empty `<items/>`"),
    case!(the_most_recent_items_are_told, "6.5.7", "`max_items`: the newest, so many"),
    case!(a_particular_item_is_told, "6.5.8", "By its id: that item"),
    case!(several_particular_items_are_told, "6.5.8", "By their ids: those items"),
    case!(an_unknown_item_is_not_among_the_answer, "6.5.8", "An unknown id: left out, or item-not-found"),
    case!(items_of_no_node_are_not_found, "6.5.9.11", "No such node: item-not-found"),
    case!(items_of_a_whitelist_are_not_for_strangers, "6.5.9.8", "not-allowed, closed-node"),
    case!(items_are_not_for_outcasts, "6.5.9.10", "Outcast: forbidden"),
    case!(
        items_of_friends_are_not_for_strangers,
        "6.5.9.6",
        "Access model presence: not-authorized, presence-subscription-required"
    ),
    case!(
        items_of_an_authorizing_node_are_for_its_subscribers,
        "6.5.9.3",
        "Access model authorize, not subscribed: an error"
    ),
    case!(
        items_with_a_wrong_subscription_are_refused,
        "6.5.9.2",
        "A wrong SubID: not-acceptable, invalid-subid"
    ),
    case!(
        items_of_a_publisher_are_not_for_publish_only,
        "4.1",
        "Affiliation publish-only: publishes, and does not read"
    ),
    case!(
        a_long_list_comes_in_pages,
        "6.5.4",
        "XEP-0059: `max`, then `after` the last, until the count is reached"
    ),
    case!(a_page_may_be_the_last_one, "6.5.4", "XEP-0059 §2.5: an empty `<before/>` asks for the last page"),
    case!(
        a_page_after_nothing_known_is_not_found,
        "6.5.4",
        "XEP-0059 §2.2: an unknown `after`: item-not-found"
    ),
    case!(the_count_alone_may_be_asked_for, "6.5.4", "XEP-0059 §2.7: `max` 0: no items, only the count"),
];

fn filled(subject: &Subject, fields: &[(&str, &str)], count: usize) -> (Entity, String) {
    let mut owner = Entity::owner(subject);
    let node = owner.create(fields);
    for number in 1..=count {
        granted(owner.publish(&node, &format!("i{number}")));
    }
    (owner, node)
}

fn sorted(answer: &Element) -> Vec<String> {
    let mut ids = ids(answer);
    ids.sort_unstable();
    ids
}

fn all_items_are_told(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 3);
    let answer = granted(Entity::user(subject).items(&node));
    assert_eq!(sorted(&answer), ["i1", "i2", "i3"], "{answer}");
    let items = answer.find("items").unwrap();
    assert_eq!(items.attr("node"), Some(node.as_str()), "{answer}");
    for item in &items.children {
        let entry = item.child("urn:example:conformance", "entry").unwrap_or_else(|| panic!("{item}"));
        assert_eq!(Some(entry.text.as_str()), item.attr("id"), "{item}");
    }
    Ok(())
}

fn an_empty_node_has_an_empty_list(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 0);
    let answer = granted(Entity::user(subject).items(&node));
    assert!(ids(&answer).is_empty(), "{answer}");
    Ok(())
}

fn the_most_recent_items_are_told(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 4);
    let answer = granted(Entity::user(subject).get(&format!("<items node='{node}' max_items='2'/>")));
    assert_eq!(sorted(&answer), ["i3", "i4"], "{answer}");
    Ok(())
}

fn a_particular_item_is_told(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 3);
    let answer = granted(Entity::user(subject).get(&format!("<items node='{node}'><item id='i2'/></items>")));
    assert_eq!(ids(&answer), ["i2"], "{answer}");
    Ok(())
}

fn several_particular_items_are_told(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 3);
    let wanted = format!("<items node='{node}'><item id='i3'/><item id='i1'/></items>");
    let answer = granted(Entity::user(subject).get(&wanted));
    assert_eq!(sorted(&answer), ["i1", "i3"], "{answer}");
    Ok(())
}

fn an_unknown_item_is_not_among_the_answer(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 1);
    let answer = Entity::user(subject).get(&format!("<items node='{node}'><item id='other'/></items>"));
    match answer.attr("type") {
        Some("result") => assert!(ids(&answer).is_empty(), "{answer}"),
        _ => refused(&answer, "item-not-found", ""),
    }
    Ok(())
}

fn items_of_no_node_are_not_found(subject: &Subject) -> Outcome {
    refused(&Entity::user(subject).items(&fresh_node()), "item-not-found", "");
    Ok(())
}

fn items_of_a_whitelist_are_not_for_strangers(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[("access_model", "whitelist")], 1);
    refused(&Entity::user(subject).items(&node), "not-allowed", "closed-node");
    Ok(())
}

fn items_are_not_for_outcasts(subject: &Subject) -> Outcome {
    let (mut owner, node) = filled(subject, &[], 1);
    if !owner.offers("outcast-affiliation") {
        return not_offered("it does not announce outcast-affiliation");
    }
    let mut user = Entity::user(subject);
    granted(owner.affiliate(&node, &user.bare(), "outcast"));
    refused(&user.items(&node), "forbidden", "");
    Ok(())
}

fn items_of_friends_are_not_for_strangers(subject: &Subject) -> Outcome {
    if !Entity::user(subject).offers("access-presence") {
        return not_offered("it does not announce access-presence");
    }
    let (_, node) = filled(subject, &[("access_model", "presence")], 1);
    refused(&Entity::user(subject).items(&node), "not-authorized", "presence-subscription-required");
    Ok(())
}

fn items_of_an_authorizing_node_are_for_its_subscribers(subject: &Subject) -> Outcome {
    if !Entity::user(subject).offers("access-authorize") {
        return not_offered("it does not announce access-authorize");
    }
    let (_, node) = filled(subject, &[("access_model", "authorize")], 1);
    let answer = Entity::user(subject).items(&node);
    assert!(answer.stanza_error().is_some(), "{answer}");
    Ok(())
}

fn items_with_a_wrong_subscription_are_refused(subject: &Subject) -> Outcome {
    let (_, node) = filled(subject, &[], 1);
    let mut user = Entity::user(subject);
    let answer = granted(user.subscribe(&node));
    if answer.find("subscription").and_then(|s| s.attr("subid")).is_none() {
        return not_offered("its subscriptions have no ids");
    }
    let answer = user.get(&format!("<items node='{node}' subid='not-this-one'/>"));
    refused(&answer, "not-acceptable", "invalid-subid");
    Ok(())
}

fn items_of_a_publisher_are_not_for_publish_only(subject: &Subject) -> Outcome {
    let (mut owner, node) = filled(subject, &[], 1);
    if !owner.offers("publish-only-affiliation") {
        return not_offered("it does not announce publish-only-affiliation");
    }
    let mut user = Entity::user(subject);
    granted(owner.affiliate(&node, &user.bare(), "publish-only"));
    granted(user.publish(&node, "mine"));
    let answer = user.items(&node);
    assert!(answer.stanza_error().is_some(), "{answer}");
    assert!(user.subscribe(&node).stanza_error().is_some());
    Ok(())
}

/// A page of a node with 5 items, or `None` if the subject has no result sets for items.
fn page(who: &mut Entity, node: &str, set: &str) -> Option<Element> {
    let info = granted(who.info(""));
    let query = info.find("query").unwrap();
    let announced = query.children.iter().any(|child| child.attr("var") == Some(ns::RSM));
    announced.then(|| {
        let inside = format!("<items node='{node}'/><set xmlns='{}'>{set}</set>", ns::RSM);
        who.ask(SERVICE, "get", &format!("<pubsub xmlns='{}'>{inside}</pubsub>", ns::PUBSUB))
    })
}

const NO_PAGES: &str = "it does not announce result sets";

fn told(answer: &Element, name: &str) -> String {
    let set = answer.find("set").unwrap_or_else(|| panic!("no set: {answer}"));
    set.find(name).unwrap_or_else(|| panic!("no {name}: {answer}")).text.clone()
}

fn a_long_list_comes_in_pages(subject: &Subject) -> Outcome {
    let (mut owner, node) = filled(subject, &[], 5);
    let mut seen = Vec::new();
    let mut after = String::new();
    for expected in [2, 2, 1] {
        let Some(answer) = page(&mut owner, &node, &format!("<max>2</max>{after}")) else {
            return not_offered(NO_PAGES);
        };
        let answer = granted(answer);
        assert_eq!(ids(&answer).len(), expected, "{answer}");
        assert_eq!(told(&answer, "count"), "5", "{answer}");
        seen.extend(ids(&answer));
        after = format!("<after>{}</after>", told(&answer, "last"));
    }
    seen.sort_unstable();
    assert_eq!(seen, ["i1", "i2", "i3", "i4", "i5"]);
    Ok(())
}

fn a_page_may_be_the_last_one(subject: &Subject) -> Outcome {
    let (mut owner, node) = filled(subject, &[], 5);
    let Some(first) = page(&mut owner, &node, "<max>2</max>") else { return not_offered(NO_PAGES) };
    let last = granted(page(&mut owner, &node, "<max>2</max><before/>").unwrap());
    assert_eq!(ids(&last).len(), 2, "{last}");
    assert_eq!(told(&last, "last"), *ids(&last).last().unwrap(), "{last}");
    assert!(ids(&first).iter().all(|id| !ids(&last).contains(id)), "{first} {last}");
    Ok(())
}

fn a_page_after_nothing_known_is_not_found(subject: &Subject) -> Outcome {
    let (mut owner, node) = filled(subject, &[], 2);
    let Some(answer) = page(&mut owner, &node, "<max>2</max><after>never-heard-of</after>") else {
        return not_offered(NO_PAGES);
    };
    refused(&answer, "item-not-found", "");
    Ok(())
}

fn the_count_alone_may_be_asked_for(subject: &Subject) -> Outcome {
    let (mut owner, node) = filled(subject, &[], 3);
    let Some(answer) = page(&mut owner, &node, "<max>0</max>") else { return not_offered(NO_PAGES) };
    let answer = granted(answer);
    assert_eq!(told(&answer, "count"), "3", "{answer}");
    assert!(answer.find("items").is_none_or(|items| items.children.is_empty()), "{answer}");
    Ok(())
}

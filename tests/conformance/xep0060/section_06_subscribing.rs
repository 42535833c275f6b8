//! Subscribing and ceasing to.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{fresh_node, granted, of_pubsub_error, refused};
use crate::client::{Element, Entity};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(a_subscription_is_told_in_the_answer, "6.1.2", "Result with node, JID and `subscribed`"),
    case!(a_bare_address_may_be_subscribed, "6.1.2", "The requester's bare JID may be subscribed"),
    case!(the_subscribed_address_gets_the_events, "6.1.2", "Full JID: that resource, not another"),
    case!(a_bare_address_reaches_every_resource, "6.1.2", "Bare JID: the available resources"),
    case!(nobody_subscribes_another, "6.1.3.1", "JIDs do not match: bad-request, invalid-jid"),
    case!(a_subscription_to_no_node_is_not_found, "6.1.3.12", "No such node: item-not-found"),
    case!(a_subscription_needs_a_node, "6.1.1", "No `node`: an error"),
    case!(a_subscription_needs_an_address, "6.1.1", "No `jid`: bad-request"),
    case!(an_outcast_cannot_subscribe, "6.1.3.8", "Outcast: forbidden"),
    case!(
        a_stranger_cannot_subscribe_to_a_whitelist,
        "6.1.3.4",
        "Not on the whitelist: not-allowed, closed-node"
    ),
    case!(a_member_subscribes_to_a_whitelist, "6.1.3.4", "A member of a whitelist node may subscribe"),
    case!(
        who_is_no_friend_of_the_owner_is_refused,
        "6.1.3.2",
        "Access model presence: not-authorized, presence-subscription-required"
    ),
    case!(
        who_is_not_in_the_owners_group_is_refused,
        "6.1.3.3",
        "Access model roster: not-authorized, not-in-roster-group"
    ),
    case!(
        a_request_for_approval_is_pending,
        "6.1.4",
        "Access model authorize: `pending` is the answer, and no event comes"
    ),
    case!(
        a_pending_request_is_not_repeated,
        "6.1.3.7",
        "Asked again: not-authorized, pending-subscription, or still pending"
    ),
    case!(a_second_subscription_has_an_id_of_its_own, "6.1.6", "Multiple subscriptions: each with its SubID"),
    case!(
        each_of_several_subscriptions_notifies,
        "12.1",
        "The SubID of the subscription comes with its notification (SHIM)"
    ),
    case!(
        the_last_item_comes_with_the_subscription,
        "6.1.7",
        "send_last_published_item on_sub: the newest item, at once"
    ),
    case!(the_end_of_a_subscription_ends_the_events, "6.2.2", "Unsubscribed: nothing comes any more"),
    case!(
        the_end_of_one_of_several_names_it,
        "6.2.3.1",
        "Several subscriptions, no SubID: bad-request, subid-required"
    ),
    case!(who_is_not_subscribed_cannot_end_it, "6.2.3.2", "unexpected-request, not-subscribed"),
    case!(nobody_ends_anothers_subscription, "6.2.3.3", "Another's subscription: forbidden"),
    case!(there_is_no_subscription_to_no_node, "6.2.3.4", "Unsubscribing from no node: item-not-found"),
    case!(a_wrong_subscription_id_is_refused, "6.2.3.5", "not-acceptable, invalid-subid"),
];

fn a_subscription_is_told_in_the_answer(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let answer = granted(user.subscribe(&node));
    let made = answer.find("subscription").unwrap_or_else(|| panic!("{answer}"));
    let told = (made.attr("node"), made.attr("jid"), made.attr("subscription"));
    assert_eq!(told, (Some(node.as_str()), Some(user.jid().as_str()), Some("subscribed")), "{answer}");
    Ok(())
}

fn subscribe_bare(who: &mut Entity, node: &str) -> Element {
    let bare = who.bare();
    who.set(&format!("<subscribe node='{node}' jid='{bare}'/>"))
}

fn a_bare_address_may_be_subscribed(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(subscribe_bare(&mut user, &node));
    granted(owner.publish(&node, "one"));
    user.event(&node);
    Ok(())
}

fn two_resources(subject: &Subject) -> [Entity; 2] {
    let name = subject.user();
    ["one", "two"].map(|resource| Entity::of(crate::client::Tcp::sign_in_as(subject, &name, resource)))
}

fn the_subscribed_address_gets_the_events(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let [mut one, mut two] = two_resources(subject);
    let node = owner.create(&[]);
    granted(one.subscribe(&node));
    granted(owner.publish(&node, "one"));
    let event = one.event(&node);
    assert_eq!(event.attr("to"), Some(one.jid().as_str()), "{event}");
    two.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn a_bare_address_reaches_every_resource(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let [mut one, mut two] = two_resources(subject);
    let node = owner.create(&[]);
    granted(subscribe_bare(&mut one, &node));
    granted(owner.publish(&node, "one"));
    one.event(&node);
    two.event(&node);
    Ok(())
}

fn nobody_subscribes_another(subject: &Subject) -> Outcome {
    let (mut owner, mut user, other) = (Entity::owner(subject), Entity::user(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let answer = user.set(&format!("<subscribe node='{node}' jid='{}'/>", other.bare()));
    refused(&answer, "bad-request", "invalid-jid");
    Ok(())
}

fn a_subscription_to_no_node_is_not_found(subject: &Subject) -> Outcome {
    refused(&Entity::user(subject).subscribe(&fresh_node()), "item-not-found", "");
    Ok(())
}

fn a_subscription_needs_a_node(subject: &Subject) -> Outcome {
    let mut user = Entity::user(subject);
    let answer = user.set(&format!("<subscribe jid='{}'/>", user.bare()));
    assert!(answer.stanza_error().is_some(), "{answer}");
    Ok(())
}

fn a_subscription_needs_an_address(subject: &Subject) -> Outcome {
    let node = Entity::owner(subject).create(&[]);
    refused(&Entity::user(subject).set(&format!("<subscribe node='{node}'/>")), "bad-request", "");
    Ok(())
}

fn an_outcast_cannot_subscribe(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("outcast-affiliation") {
        return not_offered("it does not announce outcast-affiliation");
    }
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "outcast"));
    refused(&user.subscribe(&node), "forbidden", "");
    Ok(())
}

fn a_stranger_cannot_subscribe_to_a_whitelist(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[("access_model", "whitelist")]);
    refused(&Entity::user(subject).subscribe(&node), "not-allowed", "closed-node");
    Ok(())
}

fn a_member_subscribes_to_a_whitelist(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("member-affiliation") {
        return not_offered("it does not announce member-affiliation");
    }
    let node = owner.create(&[("access_model", "whitelist")]);
    granted(owner.affiliate(&node, &user.bare(), "member"));
    granted(user.subscribe(&node));
    granted(owner.publish(&node, "one"));
    user.event(&node);
    Ok(())
}

fn who_is_no_friend_of_the_owner_is_refused(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("access-presence") {
        return not_offered("it does not announce access-presence");
    }
    let node = owner.create(&[("access_model", "presence")]);
    refused(&Entity::user(subject).subscribe(&node), "not-authorized", "presence-subscription-required");
    Ok(())
}

fn who_is_not_in_the_owners_group_is_refused(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("access-roster") {
        return not_offered("it does not announce access-roster");
    }
    let node = owner.create(&[("access_model", "roster"), ("roster_groups_allowed", "Friends")]);
    refused(&Entity::user(subject).subscribe(&node), "not-authorized", "not-in-roster-group");
    Ok(())
}

fn a_request_for_approval_is_pending(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("access-authorize") {
        return not_offered("it does not announce access-authorize");
    }
    let node = owner.create(&[("access_model", "authorize")]);
    let answer = granted(user.subscribe(&node));
    assert_eq!(answer.find("subscription").and_then(|s| s.attr("subscription")), Some("pending"), "{answer}");
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn a_pending_request_is_not_repeated(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("access-authorize") {
        return not_offered("it does not announce access-authorize");
    }
    let node = owner.create(&[("access_model", "authorize")]);
    granted(user.subscribe(&node));
    let again = user.subscribe(&node);
    match again.attr("type") {
        Some("result") => {
            assert_eq!(
                again.find("subscription").and_then(|s| s.attr("subscription")),
                Some("pending"),
                "{again}"
            );
        }
        _ => refused(&again, "not-authorized", "pending-subscription"),
    }
    Ok(())
}

/// Two subscriptions of one address to one node; `None` when the service has only one for each.
fn twice(owner: &mut Entity, user: &mut Entity, node: &str) -> Option<[String; 2]> {
    if !owner.offers("multi-subscribe") {
        return None;
    }
    let subid = |answer: Element| granted(answer).find("subscription")?.attr("subid").map(str::to_owned);
    let first = subid(user.subscribe(node))?;
    // XEP-0060 §6.1.6: a request with other options is another subscription
    let jid = user.jid();
    let options =
        crate::client::entity::form(crate::client::entity::SUBSCRIBE_OPTIONS, &[("show-values", "online")]);
    let second =
        subid(user.set(&format!("<subscribe node='{node}' jid='{jid}'/><options>{options}</options>")))?;
    Some([first, second])
}

const ONLY_ONE: &str = "it does not announce multi-subscribe";

fn a_second_subscription_has_an_id_of_its_own(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let Some([first, second]) = twice(&mut owner, &mut user, &node) else { return not_offered(ONLY_ONE) };
    assert_ne!(first, second);
    let answer = granted(user.get(&format!("<subscriptions node='{node}'/>")));
    for subid in [first, second] {
        let list = answer.find("subscriptions").unwrap();
        assert!(list.children.iter().any(|s| s.attr("subid") == Some(&subid)), "{subid}: {answer}");
    }
    Ok(())
}

fn each_of_several_subscriptions_notifies(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let Some(subids) = twice(&mut owner, &mut user, &node) else { return not_offered(ONLY_ONE) };
    granted(owner.publish(&node, "one"));
    // §12.1: one notification with both, or one for each
    let mut named = Vec::new();
    while named.len() < 2 {
        let event = user.event(&node);
        let headers = event.find("headers").unwrap_or_else(|| panic!("no headers: {event}"));
        named.extend(
            headers.children.iter().filter(|h| h.attr("name") == Some("SubID")).map(|h| h.text.clone()),
        );
    }
    for subid in subids {
        assert!(named.contains(&subid), "{subid}: {named:?}");
    }
    Ok(())
}

fn the_last_item_comes_with_the_subscription(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[("send_last_published_item", "on_sub")]);
    granted(owner.publish(&node, "older"));
    granted(owner.publish(&node, "newest"));
    granted(user.subscribe(&node));
    let event = user.event(&node);
    assert_eq!(event.find("item").and_then(|item| item.attr("id")), Some("newest"), "{event}");
    Ok(())
}

fn the_end_of_a_subscription_ends_the_events(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(user.subscribe(&node));
    granted(user.unsubscribe(&node));
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    refused(&user.unsubscribe(&node), "unexpected-request", "not-subscribed");
    Ok(())
}

fn the_end_of_one_of_several_names_it(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let Some([first, second]) = twice(&mut owner, &mut user, &node) else { return not_offered(ONLY_ONE) };
    refused(&user.unsubscribe(&node), "bad-request", "subid-required");
    let jid = user.jid();
    granted(user.set(&format!("<unsubscribe node='{node}' jid='{jid}' subid='{first}'/>")));
    let left = granted(user.get(&format!("<subscriptions node='{node}'/>")));
    let left = left.find("subscriptions").unwrap();
    assert!(left.children.len() == 1 && left.children[0].attr("subid") == Some(&second), "{left}");
    Ok(())
}

fn who_is_not_subscribed_cannot_end_it(subject: &Subject) -> Outcome {
    let node = Entity::owner(subject).create(&[]);
    refused(&Entity::user(subject).unsubscribe(&node), "unexpected-request", "not-subscribed");
    Ok(())
}

fn nobody_ends_anothers_subscription(subject: &Subject) -> Outcome {
    let (mut owner, mut user, mut other) =
        (Entity::owner(subject), Entity::user(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(other.subscribe(&node));
    let answer = user.set(&format!("<unsubscribe node='{node}' jid='{}'/>", other.jid()));
    refused(&answer, "forbidden", "");
    granted(owner.publish(&node, "one"));
    other.event(&node);
    Ok(())
}

fn there_is_no_subscription_to_no_node(subject: &Subject) -> Outcome {
    refused(&Entity::user(subject).unsubscribe(&fresh_node()), "item-not-found", "");
    Ok(())
}

fn a_wrong_subscription_id_is_refused(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let answer = granted(user.subscribe(&node));
    if answer.find("subscription").and_then(|s| s.attr("subid")).is_none() {
        return not_offered("its subscriptions have no ids");
    }
    let jid = user.jid();
    let answer = user.set(&format!("<unsubscribe node='{node}' jid='{jid}' subid='not-this-one'/>"));
    refused(&answer, "not-acceptable", "invalid-subid");
    assert!(of_pubsub_error(&answer).is_some());
    Ok(())
}

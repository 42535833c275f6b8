//! Who is subscribed to a node, who may be, and who has which part in it.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{SERVICE, fresh_node, granted, refused, values};
use crate::client::{Element, Entity, ns};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(an_owner_is_asked_for_approval, "8.6", "A form `subscribe_authorization` with node and subscriber"),
    case!(
        an_approval_subscribes,
        "8.6",
        "`pubsub#allow` true: subscribed, the subscriber is told, events come"
    ),
    case!(a_denial_is_told, "8.6", "`pubsub#allow` false: the subscriber is told, and is not subscribed"),
    case!(nobody_else_approves, "8.6", "An approval by another changes nothing"),
    case!(pending_requests_are_told_again, "8.7", "The ad-hoc command get-pending: the form comes once more"),
    case!(an_owner_sees_all_subscriptions, "8.8.1", "Each with its JID and state"),
    case!(subscriptions_are_for_owners, "8.8.1.3", "Others: forbidden"),
    case!(subscriptions_of_no_node_are_not_found, "8.8.1.3", "No such node: item-not-found"),
    case!(an_owner_subscribes_somebody, "8.8.2", "`subscribed`: events come"),
    case!(an_owner_ends_a_subscription, "8.8.2", "`none`: events come no more"),
    case!(
        a_change_of_a_subscription_is_told,
        "8.8.4",
        "notify_sub, or always: the subscriber learns of the new state"
    ),
    case!(others_do_not_change_subscriptions, "8.8.2.3", "forbidden, and nothing changes"),
    case!(an_owner_sees_all_affiliations, "8.9.1", "Itself as owner, others with what they have"),
    case!(affiliations_are_for_owners, "8.9.1.3", "Others: forbidden"),
    case!(affiliations_of_no_node_are_not_found, "8.9.1.3", "No such node: item-not-found"),
    case!(an_affiliation_is_changed, "8.9.2", "Told afterwards"),
    case!(only_changes_need_be_named, "8.9.2", "Those who are not named keep what they have"),
    case!(an_affiliation_is_taken_away, "8.9.2", "`none`: no longer in the list"),
    case!(others_do_not_change_affiliations, "8.9.2.3", "forbidden, and nothing changes"),
    case!(a_second_owner_owns, "8.9.2", "Another owner configures and deletes"),
    case!(
        an_unknown_affiliation_is_refused,
        "8.9.2.3",
        "A word that is no affiliation: an error, and nothing changes"
    ),
    case!(
        who_becomes_an_outcast_is_unsubscribed,
        "4.1",
        "Outcast: the subscription ends, events come no more",
        "an outcast is \"disallowed from interacting with the node in any way\"; both go on sending"
    ),
];

const AUTHORIZATION: &str = "http://jabber.org/protocol/pubsub#subscribe_authorization";

/// An owner, somebody who waits for approval, and a node; `None` without approvals.
fn waiting(subject: &Subject) -> Option<(Entity, Entity, String)> {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("access-authorize") {
        return None;
    }
    let node = owner.create(&[("access_model", "authorize")]);
    granted(user.subscribe(&node));
    Some((owner, user, node))
}

const WITHOUT: &str = "it does not announce access-authorize";

fn request(owner: &mut Entity, node: &str) -> Element {
    owner.message("the request for approval", |message| {
        values(message, "FORM_TYPE") == [AUTHORIZATION] && values(message, "pubsub#node") == [node]
    })
}

fn decide(who: &mut Entity, asked: &Element, allow: &str) {
    let mut fields = format!("<field var='FORM_TYPE' type='hidden'><value>{AUTHORIZATION}</value></field>");
    for name in ["pubsub#subid", "pubsub#node", "pubsub#subscriber_jid"] {
        for value in values(asked, name) {
            fields.push_str(&format!("<field var='{name}'><value>{value}</value></field>"));
        }
    }
    fields.push_str(&format!("<field var='pubsub#allow' type='boolean'><value>{allow}</value></field>"));
    let form = format!("<x xmlns='jabber:x:data' type='submit'>{fields}</x>");
    who.tcp.send(&format!("<message to='{SERVICE}' id='decision'>{form}</message>"));
}

/// Waits until the subscriber is told of a new state of its subscription.
fn state(user: &mut Entity, node: &str) -> String {
    let told = user.message("the new state", |message| {
        message.find("subscription").is_some_and(|s| s.attr("node") == Some(node))
    });
    told.find("subscription").and_then(|s| s.attr("subscription")).unwrap_or_default().to_owned()
}

fn an_owner_is_asked_for_approval(subject: &Subject) -> Outcome {
    let Some((mut owner, user, node)) = waiting(subject) else { return not_offered(WITHOUT) };
    let asked = request(&mut owner, &node);
    let subscriber = values(&asked, "pubsub#subscriber_jid");
    assert!(subscriber == [user.jid()] || subscriber == [user.bare()], "{asked}");
    assert_eq!(values(&asked, "pubsub#allow").len(), 1, "{asked}");
    Ok(())
}

fn an_approval_subscribes(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = waiting(subject) else { return not_offered(WITHOUT) };
    let asked = request(&mut owner, &node);
    decide(&mut owner, &asked, "1");
    assert_eq!(state(&mut user, &node), "subscribed");
    granted(owner.publish(&node, "one"));
    user.message("the item", |message| message.find("item").is_some());
    Ok(())
}

fn a_denial_is_told(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = waiting(subject) else { return not_offered(WITHOUT) };
    let asked = request(&mut owner, &node);
    decide(&mut owner, &asked, "0");
    assert_eq!(state(&mut user, &node), "none");
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn nobody_else_approves(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = waiting(subject) else { return not_offered(WITHOUT) };
    let asked = request(&mut owner, &node);
    decide(&mut user, &asked, "1");
    user.tcp.is_alive();
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

fn pending_requests_are_told_again(subject: &Subject) -> Outcome {
    let Some((mut owner, user, node)) = waiting(subject) else { return not_offered(WITHOUT) };
    if !owner.offers("get-pending") {
        return not_offered("it does not announce get-pending");
    }
    request(&mut owner, &node);
    let command =
        "xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/pubsub#get-pending'";
    let answer = granted(owner.ask(SERVICE, "set", &format!("<command {command} action='execute'/>")));
    assert!(answer.to_string().contains(&node), "the nodes with pending requests are offered: {answer}");
    let session = answer.find("command").and_then(|c| c.attr("sessionid")).unwrap_or_default().to_owned();
    let fields = format!(
        "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field>\
         <field var='pubsub#node'><value>{node}</value></field>"
    );
    let form = format!("<x xmlns='jabber:x:data' type='submit'>{fields}</x>");
    granted(owner.ask(
        SERVICE,
        "set",
        &format!("<command {command} sessionid='{session}' action='execute'>{form}</command>"),
    ));
    let again = request(&mut owner, &node);
    assert!(values(&again, "pubsub#subscriber_jid")[0].starts_with(&user.bare()), "{again}");
    Ok(())
}

fn people(answer: &Element, list: &str, word: &str) -> Vec<(String, String)> {
    let list = answer.find(list).unwrap_or_else(|| panic!("{answer}"));
    assert!(list.ns == ns::PUBSUB_OWNER, "{answer}");
    let attr = |e: &Element, name: &str| e.attr(name).unwrap_or_default().to_owned();
    list.children.iter().map(|e| (attr(e, "jid"), attr(e, word))).collect()
}

fn subscriptions(who: &mut Entity, node: &str) -> Element {
    who.owner_get(&format!("<subscriptions node='{node}'/>"))
}

fn subscribed_people(who: &mut Entity, node: &str) -> Vec<(String, String)> {
    people(&granted(subscriptions(who, node)), "subscriptions", "subscription")
}

fn set_subscription(who: &mut Entity, node: &str, jid: &str, state: &str) -> Element {
    let one = format!("<subscription jid='{jid}' subscription='{state}'/>");
    who.owner_set(&format!("<subscriptions node='{node}'>{one}</subscriptions>"))
}

fn an_owner_sees_all_subscriptions(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    let node = owner.create(&[]);
    let mut expected = Vec::new();
    for _ in 0..2 {
        let mut user = Entity::user(subject);
        granted(user.subscribe(&node));
        expected.push((user.jid(), "subscribed".to_owned()));
    }
    let mut seen = subscribed_people(&mut owner, &node);
    seen.sort_unstable();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    Ok(())
}

fn subscriptions_are_for_owners(subject: &Subject) -> Outcome {
    let node = Entity::owner(subject).create(&[]);
    refused(&subscriptions(&mut Entity::user(subject), &node), "forbidden", "");
    Ok(())
}

fn subscriptions_of_no_node_are_not_found(subject: &Subject) -> Outcome {
    refused(&subscriptions(&mut Entity::owner(subject), &fresh_node()), "item-not-found", "");
    Ok(())
}

fn an_owner_subscribes_somebody(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[("access_model", "whitelist")]);
    granted(set_subscription(&mut owner, &node, &user.jid(), "subscribed"));
    granted(owner.publish(&node, "one"));
    user.message("the item", |message| message.find("item").is_some());
    Ok(())
}

fn an_owner_ends_a_subscription(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(user.subscribe(&node));
    granted(set_subscription(&mut owner, &node, &user.jid(), "none"));
    assert_eq!(subscribed_people(&mut owner, &node), []);
    granted(owner.publish(&node, "one"));
    let other = owner.create(&[]);
    granted(user.subscribe(&other));
    granted(owner.publish(&other, "sentinel"));
    let next = user.message("an item", |message| message.find("item").is_some());
    assert_eq!(next.find("items").and_then(|items| items.attr("node")), Some(other.as_str()), "{next}");
    Ok(())
}

fn a_change_of_a_subscription_is_told(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("subscription-notifications") {
        return not_offered("it does not announce subscription-notifications");
    }
    let node = owner.create(&[]);
    if owner.configures(&node, "notify_sub") {
        granted(owner.configure(&node, &[("notify_sub", "1")]));
    }
    granted(user.subscribe(&node));
    granted(set_subscription(&mut owner, &node, &user.jid(), "none"));
    while state(&mut user, &node) != "none" {}
    Ok(())
}

fn others_do_not_change_subscriptions(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let jid = user.jid();
    refused(&set_subscription(&mut user, &node, &jid, "subscribed"), "forbidden", "");
    assert_eq!(subscribed_people(&mut owner, &node), []);
    Ok(())
}

fn affiliations(who: &mut Entity, node: &str) -> Element {
    who.owner_get(&format!("<affiliations node='{node}'/>"))
}

fn affiliated(who: &mut Entity, node: &str) -> Vec<(String, String)> {
    people(&granted(affiliations(who, node)), "affiliations", "affiliation")
}

fn an_owner_sees_all_affiliations(subject: &Subject) -> Outcome {
    let (mut owner, user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "publisher"));
    let seen = affiliated(&mut owner, &node);
    assert!(seen.contains(&(owner.bare(), "owner".into())), "{seen:?}");
    assert!(seen.contains(&(user.bare(), "publisher".into())), "{seen:?}");
    Ok(())
}

fn affiliations_are_for_owners(subject: &Subject) -> Outcome {
    let node = Entity::owner(subject).create(&[]);
    refused(&affiliations(&mut Entity::user(subject), &node), "forbidden", "");
    Ok(())
}

fn affiliations_of_no_node_are_not_found(subject: &Subject) -> Outcome {
    refused(&affiliations(&mut Entity::owner(subject), &fresh_node()), "item-not-found", "");
    Ok(())
}

fn an_affiliation_is_changed(subject: &Subject) -> Outcome {
    let (mut owner, user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    for affiliation in ["publisher", "member", "outcast", "publish-only"] {
        if !owner.offers(&format!("{affiliation}-affiliation")) {
            continue;
        }
        granted(owner.affiliate(&node, &user.bare(), affiliation));
        let seen = affiliated(&mut owner, &node);
        assert!(seen.contains(&(user.bare(), affiliation.into())), "{affiliation}: {seen:?}");
    }
    Ok(())
}

fn only_changes_need_be_named(subject: &Subject) -> Outcome {
    let (mut owner, one, other) = (Entity::owner(subject), Entity::user(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &one.bare(), "publisher"));
    granted(owner.affiliate(&node, &other.bare(), "member"));
    let seen = affiliated(&mut owner, &node);
    assert!(
        seen.contains(&(one.bare(), "publisher".into())) && seen.contains(&(other.bare(), "member".into())),
        "{seen:?}"
    );
    Ok(())
}

fn an_affiliation_is_taken_away(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "publisher"));
    granted(owner.affiliate(&node, &user.bare(), "none"));
    let seen = affiliated(&mut owner, &node);
    assert!(seen.iter().all(|(jid, affiliation)| *jid != user.bare() || affiliation == "none"), "{seen:?}");
    refused(&user.publish(&node, "one"), "forbidden", "");
    Ok(())
}

fn others_do_not_change_affiliations(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let own = user.bare();
    refused(&user.affiliate(&node, &own, "owner"), "forbidden", "");
    assert!(affiliated(&mut owner, &node).iter().all(|(jid, _)| *jid != own));
    Ok(())
}

fn a_second_owner_owns(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    granted(owner.affiliate(&node, &user.bare(), "owner"));
    granted(user.configure(&node, &[("title", "of the second")]));
    granted(user.owner_set(&format!("<delete node='{node}'/>")));
    Ok(())
}

fn an_unknown_affiliation_is_refused(subject: &Subject) -> Outcome {
    let (mut owner, user) = (Entity::owner(subject), Entity::user(subject));
    let node = owner.create(&[]);
    let answer = owner.affiliate(&node, &user.bare(), "friend");
    assert!(answer.stanza_error().is_some(), "{answer}");
    assert!(affiliated(&mut owner, &node).iter().all(|(jid, _)| *jid != user.bare()));
    Ok(())
}

fn who_becomes_an_outcast_is_unsubscribed(subject: &Subject) -> Outcome {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("outcast-affiliation") {
        return not_offered("it does not announce outcast-affiliation");
    }
    let node = owner.create(&[]);
    granted(user.subscribe(&node));
    granted(owner.affiliate(&node, &user.bare(), "outcast"));
    granted(owner.publish(&node, "one"));
    let other = owner.create(&[]);
    granted(user.subscribe(&other));
    granted(owner.publish(&other, "sentinel"));
    let next = user.message("an item", |message| message.find("item").is_some());
    assert_eq!(next.find("items").and_then(|items| items.attr("node")), Some(other.as_str()), "{next}");
    Ok(())
}

//! Options of a subscription.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::{SUBSCRIBE_OPTIONS, field, form, fresh_node, granted, refused, values};
use crate::client::{Element, Entity};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(
        options_are_told_in_a_form,
        "6.3.3",
        "`<options/>`: a form of type `form` with the subscription's options"
    ),
    case!(options_are_set_and_told, "6.3.5", "A submitted form changes the subscription"),
    case!(options_may_come_with_the_subscription, "6.3.7", "Subscribe and configure in one request"),
    case!(options_of_another_are_not_told, "6.3.4.1", "Another's subscription: forbidden"),
    case!(options_need_a_subscription, "6.3.4.2", "unexpected-request, not-subscribed"),
    case!(options_need_an_address, "6.3.4.3", "No `jid`: bad-request, jid-required"),
    case!(options_of_no_node_are_not_found, "6.3.4.7", "No such node: item-not-found"),
    case!(options_of_a_wrong_id_are_refused, "6.3.4.5", "not-acceptable, invalid-subid"),
    case!(
        options_that_make_no_sense_are_refused,
        "6.3.6.2",
        "bad-request, invalid-options; nothing has changed"
    ),
    case!(default_options_are_told, "6.4.2", "`<default/>`: the options that a new subscription gets"),
    case!(no_delivery_is_an_option, "16.4.2", "`deliver` false: nothing comes"),
    case!(
        delivery_may_follow_presence,
        "12.3",
        "`show-values`: only while the subscriber's show is one of them"
    ),
    case!(
        a_subscription_with_an_end_ends,
        "12.18",
        "`expire`: the lease is told, and is over when its time comes"
    ),
    case!(an_end_that_is_past_is_refused, "12.18", "`expire` in the past: bad-request, invalid-options"),
];

const WITHOUT: &str = "it does not announce subscription-options";

/// An owner, a subscriber and a node; `None` without options of subscriptions.
fn subscribed(subject: &Subject) -> Option<(Entity, Entity, String)> {
    let (mut owner, mut user) = (Entity::owner(subject), Entity::user(subject));
    if !owner.offers("subscription-options") {
        return None;
    }
    let node = owner.create(&[]);
    granted(user.subscribe(&node));
    Some((owner, user, node))
}

fn options(who: &mut Entity, node: &str) -> Element {
    let jid = who.jid();
    who.get(&format!("<options node='{node}' jid='{jid}'/>"))
}

fn set_options(who: &mut Entity, node: &str, fields: &[(&str, &str)]) -> Element {
    let jid = who.jid();
    let form = form(SUBSCRIBE_OPTIONS, fields);
    who.set(&format!("<options node='{node}' jid='{jid}'>{form}</options>"))
}

/// Whether the options of this subscription have such a field.
fn has(who: &mut Entity, node: &str, name: &str) -> bool {
    field(&granted(options(who, node)), &format!("pubsub#{name}")).is_some()
}

fn is_true(values: &[String]) -> bool {
    matches!(values, [value] if value == "1" || value == "true")
}

fn options_are_told_in_a_form(subject: &Subject) -> Outcome {
    let Some((_, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let answer = granted(options(&mut user, &node));
    let told = answer.find("options").unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(
        (told.attr("node"), told.attr("jid")),
        (Some(node.as_str()), Some(user.jid().as_str())),
        "{answer}"
    );
    assert_eq!(answer.find("x").and_then(|x| x.attr("type")), Some("form"), "{answer}");
    assert_eq!(values(&answer, "FORM_TYPE"), [SUBSCRIBE_OPTIONS], "{answer}");
    Ok(())
}

/// A yes-or-no option that there is: `include_body` for those who have little else.
fn a_switch(user: &mut Entity, node: &str) -> Option<&'static str> {
    ["deliver", "include_body", "digest"].into_iter().find(|name| has(user, node, name))
}

fn options_are_set_and_told(subject: &Subject) -> Outcome {
    let Some((_, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let Some(name) = a_switch(&mut user, &node) else { return not_offered("no option that is on or off") };
    for value in ["0", "1", "0"] {
        granted(set_options(&mut user, &node, &[(name, value)]));
        let told = values(&granted(options(&mut user, &node)), &format!("pubsub#{name}"));
        assert_eq!(is_true(&told), value == "1", "{name} {told:?}");
    }
    Ok(())
}

fn options_may_come_with_the_subscription(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let Some(name) = a_switch(&mut user, &node) else { return not_offered("no option that is on or off") };
    let jid = user.jid();
    for value in ["1", "0"] {
        let (another, form) = (owner.create(&[]), form(SUBSCRIBE_OPTIONS, &[(name, value)]));
        granted(user.set(&format!("<subscribe node='{another}' jid='{jid}'/><options>{form}</options>")));
        let told = values(&granted(options(&mut user, &another)), &format!("pubsub#{name}"));
        assert_eq!(is_true(&told), value == "1", "{name} {told:?}");
    }
    Ok(())
}

fn options_of_another_are_not_told(subject: &Subject) -> Outcome {
    let Some((_, user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let answer = Entity::user(subject).get(&format!("<options node='{node}' jid='{}'/>", user.jid()));
    refused(&answer, "forbidden", "");
    Ok(())
}

fn options_need_a_subscription(subject: &Subject) -> Outcome {
    let Some((_, _, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    refused(&options(&mut Entity::user(subject), &node), "unexpected-request", "not-subscribed");
    Ok(())
}

fn options_need_an_address(subject: &Subject) -> Outcome {
    let Some((_, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    refused(&user.get(&format!("<options node='{node}'/>")), "bad-request", "jid-required");
    Ok(())
}

fn options_of_no_node_are_not_found(subject: &Subject) -> Outcome {
    let Some((_, mut user, _)) = subscribed(subject) else { return not_offered(WITHOUT) };
    refused(&options(&mut user, &fresh_node()), "item-not-found", "");
    Ok(())
}

fn options_of_a_wrong_id_are_refused(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, _)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let node = owner.create(&[]);
    let answer = granted(user.subscribe(&node));
    if answer.find("subscription").and_then(|s| s.attr("subid")).is_none() {
        return not_offered("its subscriptions have no ids");
    }
    let jid = user.jid();
    let answer = user.get(&format!("<options node='{node}' jid='{jid}' subid='not-this-one'/>"));
    refused(&answer, "not-acceptable", "invalid-subid");
    Ok(())
}

fn options_that_make_no_sense_are_refused(subject: &Subject) -> Outcome {
    let Some((_, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let Some(name) = a_switch(&mut user, &node) else { return not_offered("no option that is on or off") };
    granted(set_options(&mut user, &node, &[(name, "1")]));
    refused(&set_options(&mut user, &node, &[(name, "perhaps")]), "bad-request", "invalid-options");
    let told = values(&granted(options(&mut user, &node)), &format!("pubsub#{name}"));
    assert!(is_true(&told), "{told:?}");
    Ok(())
}

fn default_options_are_told(subject: &Subject) -> Outcome {
    let Some((_, mut user, _)) = subscribed(subject) else { return not_offered(WITHOUT) };
    let answer = user.get("<default/>");
    if let Some((_, "feature-not-implemented")) = answer.stanza_error() {
        return not_offered("it does not tell the default options");
    }
    assert_eq!(values(&granted(answer), "FORM_TYPE"), [SUBSCRIBE_OPTIONS]);
    Ok(())
}

fn no_delivery_is_an_option(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    if !has(&mut user, &node, "deliver") {
        return not_offered("no option `deliver`");
    }
    granted(set_options(&mut user, &node, &[("deliver", "0")]));
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    granted(set_options(&mut user, &node, &[("deliver", "1")]));
    granted(owner.publish(&node, "two"));
    user.event(&node);
    Ok(())
}

fn delivery_may_follow_presence(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    if !has(&mut user, &node, "show-values") {
        return not_offered("no option `show-values`");
    }
    granted(set_options(&mut user, &node, &[("show-values", "chat")]));
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    user.tcp.send("<presence><show>chat</show></presence>");
    user.tcp.is_alive();
    granted(owner.publish(&node, "two"));
    user.event(&node);
    Ok(())
}

/// XEP-0082, so many seconds from now.
fn in_seconds(seconds: i64) -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds))
        .round(jiff::Unit::Second)
        .unwrap()
        .to_string()
}

const NO_LEASES: &str = "it does not announce leased-subscription";

fn a_subscription_with_an_end_ends(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    if !owner.offers("leased-subscription") {
        return not_offered(NO_LEASES);
    }
    granted(set_options(&mut user, &node, &[("expire", &in_seconds(3))]));
    granted(owner.publish(&node, "one"));
    user.event(&node);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let answer = granted(user.get(&format!("<subscriptions node='{node}'/>")));
        if answer.find("subscriptions").unwrap().children.is_empty() {
            break;
        }
        assert!(std::time::Instant::now() < end, "the lease does not end: {answer}");
        std::thread::sleep(std::time::Duration::from_millis(250));
    }
    granted(owner.publish(&node, "two"));
    // the end itself may be told (§12.18): that is no item
    let other = owner.create(&[]);
    granted(user.subscribe(&other));
    granted(owner.publish(&other, "sentinel"));
    let next = user.message("an event with an item", |message| message.find("item").is_some());
    assert_eq!(next.find("items").and_then(|items| items.attr("node")), Some(other.as_str()), "{next}");
    Ok(())
}

fn an_end_that_is_past_is_refused(subject: &Subject) -> Outcome {
    let Some((mut owner, mut user, node)) = subscribed(subject) else { return not_offered(WITHOUT) };
    if !owner.offers("leased-subscription") {
        return not_offered(NO_LEASES);
    }
    refused(
        &set_options(&mut user, &node, &[("expire", &in_seconds(-60))]),
        "bad-request",
        "invalid-options",
    );
    Ok(())
}

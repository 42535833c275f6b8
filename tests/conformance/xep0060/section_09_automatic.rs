//! Events without a subscription that anybody asked for: by presence and interest.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::entity::granted;
use crate::client::{Element, Entity, Tcp, ns};
use crate::subject::Subject;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};

pub(crate) const CASES: &[Case] = &[
    case!(
        who_sees_the_owners_presence_is_subscribed_by_its_own,
        "9.1",
        "auto-subscribe: access model presence, and a contact that is interested: its presence is enough"
    ),
    case!(
        what_began_with_presence_ends_with_it,
        "9.1",
        "presence-subscribe: no events while unavailable, and again without a request afterwards"
    ),
    case!(
        interest_in_capabilities_brings_events,
        "9.2",
        "node+notify among the capabilities of a presence: events without a subscription, to that resource"
    ),
    case!(
        capabilities_without_interest_bring_none,
        "9.2",
        "No node+notify: no events of a node without a subscription"
    ),
];

/// What stands for these features (XEP-0115 §5.1).
fn ver(features: &[&str]) -> String {
    let hashed: String = features.iter().map(|feature| format!("{feature}<")).collect();
    BASE64_STANDARD.encode(Sha1::digest(hashed))
}

fn word(features: &[&str]) -> String {
    let ver = ver(features);
    format!("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:example' ver='{ver}'/>")
}

/// A user comes with these features, in their order, and answers what its word for them stands for (XEP-0115 §6.2).
fn with_features(subject: &Subject, features: &[&str]) -> Entity {
    let mut user = Entity::user(subject);
    let ver = ver(features);
    user.tcp.send(&format!("<presence>{}</presence>", word(features)));
    let is_question = |e: &Element| e.name == "iq" && e.attr("type") == Some("get");
    let question = user.tcp.wait_for("a question for the capabilities", is_question);
    let query = question.child(ns::DISCO_INFO, "query").expect("disco#info");
    let node = format!("urn:example#{ver}");
    assert_eq!(query.attr("node"), Some(node.as_str()), "{question}");
    let (id, from) = (question.attr("id").unwrap(), question.attr("from").unwrap());
    let features: String = features.iter().map(|feature| format!("<feature var='{feature}'/>")).collect();
    let query = format!("<query xmlns='{}' node='{node}'>{features}</query>", ns::DISCO_INFO);
    user.tcp.send(&format!("<iq type='result' id='{id}' to='{from}'>{query}</iq>"));
    // whatever is published from now on, the service has the answer
    granted(user.info(""));
    user
}

const NO_FILTER: &str = "its publish-subscribe service does not announce filtered-notifications";

fn interest_in_capabilities_brings_events(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("filtered-notifications") {
        return not_offered(NO_FILTER);
    }
    let node = owner.create(&[]);
    let mut user = with_features(subject, &[&format!("{node}+notify")]);
    granted(owner.publish(&node, "one"));
    let event = user.event(&node);
    assert_eq!(event.attr("to"), Some(user.jid().as_str()), "{event}");
    Ok(())
}

fn capabilities_without_interest_bring_none(subject: &Subject) -> Outcome {
    let mut owner = Entity::owner(subject);
    if !owner.offers("filtered-notifications") {
        return not_offered(NO_FILTER);
    }
    let node = owner.create(&[]);
    let mut user = with_features(subject, &[&format!("{node}/other+notify"), "urn:example:feature"]);
    granted(owner.publish(&node, "one"));
    user.hears_nothing_of(&node, &mut owner);
    Ok(())
}

/// An owner whose presence users see, if the service announces this and the means to tell one's interest.
fn seen_owner(subject: &Subject, feature: &str) -> Option<Entity> {
    let mut owner = Entity::of(Tcp::sign_in_as(subject, &subject.seen_owner(), feature));
    (owner.offers(feature) && owner.offers("filtered-notifications")).then_some(owner)
}

fn who_sees_the_owners_presence_is_subscribed_by_its_own(subject: &Subject) -> Outcome {
    let Some(mut owner) = seen_owner(subject, "auto-subscribe") else {
        return not_offered(
            "its publish-subscribe service does not announce auto-subscribe with filtered-notifications",
        );
    };
    let node = owner.create(&[("access_model", "presence")]);
    let mut user = with_features(subject, &[&format!("{node}+notify")]);
    granted(owner.publish(&node, "one"));
    user.event(&node);
    // to a list that it is not on it is not subscribed by its presence
    let closed = owner.create(&[("access_model", "whitelist")]);
    let mut other = with_features(subject, &[&format!("{closed}+notify")]);
    granted(owner.publish(&closed, "one"));
    other.hears_nothing_of(&closed, &mut owner);
    Ok(())
}

fn what_began_with_presence_ends_with_it(subject: &Subject) -> Outcome {
    let Some(mut owner) = seen_owner(subject, "presence-subscribe") else {
        return not_offered(
            "its publish-subscribe service does not announce presence-subscribe with filtered-notifications",
        );
    };
    let node = owner.create(&[("access_model", "presence")]);
    let features = [format!("{node}+notify")];
    let features: Vec<&str> = features.iter().map(String::as_str).collect();
    let mut user = with_features(subject, &features);
    granted(owner.publish(&node, "one"));
    user.event(&node);
    user.tcp.send("<presence type='unavailable'/>");
    user.tcp.is_alive();
    granted(user.info(""));
    granted(owner.publish(&node, "two"));
    // the service knows what the word stands for
    user.tcp.send(&format!("<presence>{}</presence>", word(&features)));
    granted(user.info(""));
    granted(owner.publish(&node, "three"));
    let event = user.event(&node);
    assert_eq!(event.find("item").and_then(|item| item.attr("id")), Some("three"), "{event}");
    Ok(())
}

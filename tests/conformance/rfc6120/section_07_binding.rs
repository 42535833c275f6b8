//! Resource binding.

use crate::case::{Case, Outcome, case};
use crate::client::{Tcp, ns};
use crate::subject::{DOMAIN, Subject};

pub(crate) const CASES: &[Case] = &[
    case!(binding_is_offered_after_sign_in, "7.4", "`<bind/>` is among the features"),
    case!(a_resource_of_choice_is_bound, "7.7", "The resource that the client asked for"),
    case!(
        a_resource_is_made_for_a_client_without_one,
        "7.6",
        "The server makes a resource when none is named"
    ),
    case!(resources_that_are_made_differ, "7.6", "Made resources are unique"),
    case!(the_address_is_made_of_the_user_that_signed_in, "7.6.1", "The JID is `user@domain/resource`"),
    case!(two_resources_of_one_user_live_side_by_side, "7.2", "Several resources of one account"),
    case!(
        a_resource_that_is_taken_is_settled,
        "7.7.2.2",
        "conflict: another resource, the older closed, or an error"
    ),
    case!(
        an_impossible_resource_is_a_bad_request,
        "7.7.2.1",
        "bad-request for a resource that cannot be processed"
    ),
    case!(nothing_is_routed_before_binding, "7.1", "Before binding no stanzas to others"),
    case!(binding_twice_is_refused, "7.3.2", "A second bind on a stream is an error, or another resource"),
];

fn binding_is_offered_after_sign_in(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::authenticated(subject, &subject.user());
    assert!(features.child(ns::BIND, "bind").is_some(), "{features}");
    Ok(())
}

fn a_resource_of_choice_is_bound(subject: &Subject) -> Outcome {
    let user = subject.user();
    let tcp = Tcp::sign_in_as(subject, &user, "desk 7");
    assert_eq!(tcp.jid, format!("{user}@{DOMAIN}/desk 7"));
    Ok(())
}

const EMPTY: &str = "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";

fn made(subject: &Subject, user: &str) -> (Tcp, String) {
    let (mut tcp, _) = Tcp::authenticated(subject, user);
    let bound = tcp.iq("bind", EMPTY);
    let jid = bound.find("jid").unwrap_or_else(|| panic!("{bound}")).text.clone();
    (tcp, jid)
}

fn a_resource_is_made_for_a_client_without_one(subject: &Subject) -> Outcome {
    let (_tcp, jid) = made(subject, &subject.user());
    assert!(jid.split_once('/').is_some_and(|(_, resource)| !resource.is_empty()), "{jid}");
    Ok(())
}

fn resources_that_are_made_differ(subject: &Subject) -> Outcome {
    let user = subject.user();
    let ((_one, first), (_other, second)) = (made(subject, &user), made(subject, &user));
    assert_ne!(first, second);
    Ok(())
}

fn the_address_is_made_of_the_user_that_signed_in(subject: &Subject) -> Outcome {
    let user = subject.user();
    let (_tcp, jid) = made(subject, &user);
    assert!(jid.starts_with(&format!("{user}@{DOMAIN}/")), "{jid}");
    Ok(())
}

fn two_resources_of_one_user_live_side_by_side(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut one = Tcp::sign_in_as(subject, &user, "one");
    let mut other = Tcp::sign_in_as(subject, &user, "other");
    one.is_alive();
    other.is_alive();
    Ok(())
}

fn a_resource_that_is_taken_is_settled(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut older = Tcp::sign_in_as(subject, &user, "same");
    let (mut newer, _) = Tcp::authenticated(subject, &user);
    newer.send(&crate::client::bind("same"));
    let answer = newer.wait_for("an answer", |element| element.has_id("bind"));
    let jid = answer.find("jid").map(|jid| jid.text.clone());
    if jid.as_deref() == Some(older.jid.as_str()) {
        older.ends_with(&["conflict"]);
        newer.is_alive();
        return Ok(());
    }
    older.is_alive();
    assert!(jid.is_some() || answer.stanza_error() == Some(("cancel", "conflict")), "{answer}");
    Ok(())
}

fn an_impossible_resource_is_a_bad_request(subject: &Subject) -> Outcome {
    let (mut tcp, _) = Tcp::authenticated(subject, &subject.user());
    // 1,023 bytes are the most (RFC 7622 §3.1).
    let answer = tcp.iq("bind", &crate::client::bind(&"x".repeat(1_100)));
    assert_eq!(answer.stanza_error(), Some(("modify", "bad-request")), "{answer}");
    Ok(())
}

fn nothing_is_routed_before_binding(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let (mut tcp, _) = Tcp::authenticated(subject, &subject.user());
    tcp.send(&crate::client::message(&other.jid, "too-early"));
    tcp.send(EMPTY);
    let mut sure = Tcp::sign_in(subject).present();
    sure.send(&crate::client::message(&other.jid, "in-time"));
    let first = other.wait_for("a message", |element| element.name == "message");
    assert!(first.has_id("in-time"), "{first}");
    Ok(())
}

fn binding_twice_is_refused(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("bind", &crate::client::bind("second"));
    assert!(answer.attr("type") == Some("error") || answer.find("jid").is_some(), "{answer}");
    tcp.is_alive();
    Ok(())
}

//! XMPP over BOSH.

use crate::case::{Case, Document, Outcome, case, not_offered};
use crate::client::bosh::{body, end};
use crate::client::{Bosh, Element, auth_plain, ns, ping};
use crate::subject::{DOMAIN, Subject};

pub(crate) const DOCUMENT: Document =
    Document { name: "XEP-0206", title: "XMPP Over BOSH", sections: &[CASES] };

const CASES: &[Case] = &[
    case!(the_version_of_xmpp_is_told, "3", "`xmpp:version` is in the first answer, or soon after"),
    case!(the_features_come_with_the_first_answers, "3", "`<stream:features/>` comes as soon as it is there"),
    case!(features_offer_no_starttls, "3", "TLS belongs to HTTP: no STARTTLS"),
    case!(
        a_restart_brings_new_features,
        "4",
        "`xmpp:restart='true'` opens a new stream; its features are answered"
    ),
    case!(a_restart_needs_no_sign_in_again, "4", "The new stream is the signed-in one: bind is offered"),
    case!(
        a_misspelt_namespace_of_restart_is_understood,
        "4",
        "`urn:xmpp:bosh`, as old clients misspell it (not in the document)"
    ),
    case!(a_client_that_names_no_version_is_served, "2", "`xmpp:version` may be missing"),
    case!(restartlogic_may_be_told, "3", "`xmpp:restartlogic='true'` tells that restarts work"),
    case!(a_wrong_password_leaves_the_session_alive, "4", "A failed sign-in may be repeated in the session"),
    case!(an_encrypted_link_may_be_told, "3", "`secure` tells that the link to the server is safe"),
    case!(
        stanzas_are_in_the_namespace_of_clients,
        "4",
        "Stanzas of the server are qualified by `jabber:client`"
    ),
    case!(a_stream_error_names_its_condition, "5", "remote-stream-error holds a copy of the stream error"),
    case!(stanzas_before_sign_in_are_not_served, "4", "Nothing is routed before sign-in"),
];

fn features(session: &mut Bosh<'_>) -> Element {
    let first = session.terms.child(ns::STREAMS, "features").cloned();
    first.unwrap_or_else(|| session.wait_for("features", "", |element| element.is(ns::STREAMS, "features")))
}

fn the_version_of_xmpp_is_told(subject: &Subject) -> Outcome {
    let session = Bosh::open(subject);
    assert_eq!(session.terms.attr_ns(ns::XBOSH, "version"), Some("1.0"), "{}", session.terms);
    Ok(())
}

fn the_features_come_with_the_first_answers(subject: &Subject) -> Outcome {
    let features = features(&mut Bosh::open(subject));
    assert!(
        features.child(ns::SASL, "mechanisms").is_some_and(|list| !list.children.is_empty()),
        "{features}"
    );
    Ok(())
}

fn features_offer_no_starttls(subject: &Subject) -> Outcome {
    let features = features(&mut Bosh::open(subject));
    assert!(features.find("starttls").is_none(), "{features}");
    Ok(())
}

fn a_restart_brings_new_features(subject: &Subject) -> Outcome {
    let mut session = Bosh::open(subject);
    session.authenticate(&subject.user());
    let features = session.restart();
    assert!(features.child(ns::SASL, "mechanisms").is_none(), "{features}");
    Ok(())
}

fn a_restart_needs_no_sign_in_again(subject: &Subject) -> Outcome {
    let mut session = Bosh::open(subject);
    session.authenticate(&subject.user());
    let features = session.restart();
    assert!(features.child(ns::BIND, "bind").is_some(), "{features}");
    Ok(())
}

fn a_misspelt_namespace_of_restart_is_understood(subject: &Subject) -> Outcome {
    let mut session = Bosh::open(subject);
    session.authenticate(&subject.user());
    let answer = session.ask(&format!("x:restart='true' to='{DOMAIN}' xmlns:x='urn:xmpp:bosh'"), "");
    assert!(body(&answer).child(ns::STREAMS, "features").is_some(), "{}", answer.text());
    Ok(())
}

fn a_client_that_names_no_version_is_served(subject: &Subject) -> Outcome {
    let mut session = Bosh::create(subject, &[("xmpp:version", crate::client::bosh::OMIT)]);
    features(&mut session);
    Ok(())
}

fn restartlogic_may_be_told(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.attr_ns(ns::XBOSH, "restartlogic") {
        None => not_offered("no `xmpp:restartlogic`"),
        Some(value) => {
            assert!(["true", "1"].contains(&value), "{value}");
            Ok(())
        }
    }
}

fn a_wrong_password_leaves_the_session_alive(subject: &Subject) -> Outcome {
    let mut session = Bosh::open(subject);
    features(&mut session);
    let user = subject.user();
    let failure = session
        .wait_for("the failure", &auth_plain(&user, "wrong"), |element| element.is(ns::SASL, "failure"));
    assert!(failure.child(ns::SASL, "not-authorized").is_some(), "{failure}");
    session.authenticate(&user);
    Ok(())
}

fn an_encrypted_link_may_be_told(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.attr("secure") {
        None => not_offered("no `secure`"),
        Some(value) => {
            assert!(["true", "1"].contains(&value), "{value}");
            Ok(())
        }
    }
}

fn stanzas_are_in_the_namespace_of_clients(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let answer = session.wait_for("the answer", &ping("p"), |element| element.has_id("p"));
    assert!(answer.is(ns::CLIENT, "iq"), "{answer}");
    Ok(())
}

fn a_stream_error_names_its_condition(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut root = body(&session.ask("", "<note xmlns='jabber:client'/>"));
    if root.attr("type").is_none() {
        root = body(&session.ask("", ""));
    }
    assert_eq!(root.attr("condition"), Some("remote-stream-error"), "{root}");
    assert!(
        root.children.iter().any(|child| child.is(ns::STREAMS, "error") || child.ns == ns::STREAM_ERRORS),
        "{root}"
    );
    Ok(())
}

fn stanzas_before_sign_in_are_not_served(subject: &Subject) -> Outcome {
    let mut session = Bosh::open(subject);
    features(&mut session);
    let answer = session.ask("", &ping("early"));
    let root = body(&answer);
    let served = root.children.iter().any(|c| c.has_id("early") && c.attr("type") == Some("result"));
    assert!(!served, "{root}");
    assert!(end(&answer).is_some() || !root.children.is_empty(), "told: {root}");
    Ok(())
}

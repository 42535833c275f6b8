//! Instant messaging and presence: what a session needs of it.

use crate::case::{Case, Document, Outcome, case};
use crate::client::{Tcp, message};
use crate::subject::{DOMAIN, Subject};
use std::time::Duration;

pub(crate) const DOCUMENT: Document = Document {
    name: "RFC 6121",
    title: "Extensible Messaging and Presence Protocol (XMPP): Instant Messaging and Presence",
    sections: &[CASES],
};

const CASES: &[Case] = &[
    case!(the_roster_is_answered, "2.1.3", "`jabber:iq:roster` get: a result with the query"),
    case!(the_first_presence_comes_back, "4.2.2", "The own resources get the initial presence"),
    case!(
        other_resources_of_the_user_learn_of_a_new_one,
        "4.2.2",
        "Presence goes to the user's other resources"
    ),
    case!(a_lost_connection_is_unavailable_presence, "4.5.2", "The end of a session is told for it"),
    case!(directed_presence_reaches_its_target, "4.6.1", "Directed presence is delivered"),
    case!(
        a_message_to_a_full_address_reaches_that_resource,
        "8.5.3.1",
        "Full JID with a session: delivered there"
    ),
    case!(
        a_message_to_a_bare_address_reaches_the_available_resource,
        "8.5.2.1.1",
        "Bare JID, type chat: delivered"
    ),
    case!(
        a_resource_of_negative_priority_gets_no_messages_for_the_bare_address,
        "8.5.2.1.1",
        "Negative priority: never for the bare JID"
    ),
    case!(
        a_message_carries_the_full_address_of_its_sender,
        "8.1.2",
        "`from` is stamped by the server (RFC 6120 §8.1.2.1)"
    ),
    case!(
        a_message_to_nobody_is_answered_by_an_error,
        "8.5.1",
        "No such user: service-unavailable, or silence"
    ),
    case!(an_error_message_is_never_answered, "8.5.1", "Never an error for an error"),
    case!(an_iq_to_a_full_address_reaches_that_resource, "8.5.3.1", "IQ for a session is routed to it"),
    case!(
        an_iq_to_a_full_address_that_is_gone_is_an_error,
        "8.5.3.2.3",
        "No such resource: service-unavailable"
    ),
    case!(
        an_iq_for_another_bare_address_is_answered_by_the_server,
        "8.5.2.1.3",
        "The server answers for the user"
    ),
];

fn the_roster_is_answered(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    for attributes in ["", " ver=''"] {
        let answer =
            tcp.iq("r", &format!("<iq type='get' id='r'><query xmlns='jabber:iq:roster'{attributes}/></iq>"));
        assert_eq!(answer.attr("type"), Some("result"), "{answer}");
        assert!(answer.child("jabber:iq:roster", "query").is_some(), "{answer}");
    }
    Ok(())
}

fn the_first_presence_comes_back(subject: &Subject) -> Outcome {
    Tcp::sign_in(subject).present();
    Ok(())
}

fn other_resources_of_the_user_learn_of_a_new_one(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut one = Tcp::sign_in_as(subject, &user, "one").present();
    let mut other = Tcp::sign_in_as(subject, &user, "other").present();
    one.wait_for("the other's presence", |e| e.name == "presence" && e.attr("from") == Some(&other.jid));
    other.wait_for("the older one's presence", |e| e.name == "presence" && e.attr("from") == Some(&one.jid));
    Ok(())
}

fn a_lost_connection_is_unavailable_presence(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut one = Tcp::sign_in_as(subject, &user, "one").present();
    let other = Tcp::sign_in_as(subject, &user, "other").present();
    let jid = other.jid.clone();
    other.cut();
    one.wait_for("the departure", |e| e.attr("from") == Some(&jid) && e.attr("type") == Some("unavailable"));
    Ok(())
}

fn directed_presence_reaches_its_target(subject: &Subject) -> Outcome {
    let mut one = Tcp::sign_in(subject).present();
    let mut other = Tcp::sign_in(subject).present();
    one.send(&format!("<presence to='{}'><status>here</status></presence>", other.jid));
    let presence = other.wait_for("it", |e| e.name == "presence" && e.attr("from") == Some(&one.jid));
    assert_eq!(presence.find("status").map(|status| status.text.as_str()), Some("here"), "{presence}");
    Ok(())
}

fn a_message_to_a_full_address_reaches_that_resource(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut one = Tcp::sign_in_as(subject, &user, "one").present();
    let mut other = Tcp::sign_in_as(subject, &user, "other").present();
    let mut writer = Tcp::sign_in(subject).present();
    writer.send(&(message(&one.jid, "for-one") + &message(&other.jid, "for-other")));
    one.wait_for("its message", |e| e.has_id("for-one"));
    let first = other.wait_for("a message", |e| e.name == "message");
    assert!(first.has_id("for-other"), "{first}");
    Ok(())
}

fn bare(jid: &str) -> &str {
    jid.split('/').next().unwrap_or(jid)
}

fn a_message_to_a_bare_address_reaches_the_available_resource(subject: &Subject) -> Outcome {
    let mut one = Tcp::sign_in(subject).present();
    let mut writer = Tcp::sign_in(subject).present();
    writer.send(&message(bare(&one.jid), "m"));
    one.wait_for("the message", |e| e.has_id("m"));
    Ok(())
}

fn a_resource_of_negative_priority_gets_no_messages_for_the_bare_address(subject: &Subject) -> Outcome {
    let mut one = Tcp::sign_in(subject);
    let jid = one.jid.clone();
    one.send("<presence><priority>-1</priority></presence>");
    one.wait_for("its own presence", |e| e.name == "presence" && e.attr("from") == Some(&jid));
    let mut writer = Tcp::sign_in(subject).present();
    writer.send(&message(bare(&one.jid), "bare"));
    writer.send(&message(&one.jid, "full"));
    let first = one.wait_for("a message", |e| e.name == "message");
    assert!(first.has_id("full"), "{first}");
    Ok(())
}

fn a_message_carries_the_full_address_of_its_sender(subject: &Subject) -> Outcome {
    let mut one = Tcp::sign_in(subject).present();
    let mut writer = Tcp::sign_in(subject).present();
    writer.send(&message(&one.jid, "m"));
    let message = one.wait_for("the message", |e| e.has_id("m"));
    assert_eq!(message.attr("from"), Some(writer.jid.as_str()), "{message}");
    Ok(())
}

fn a_message_to_nobody_is_answered_by_an_error(subject: &Subject) -> Outcome {
    let mut writer = Tcp::sign_in(subject).present();
    writer.send(&message(&format!("nobody-here@{DOMAIN}"), "m"));
    writer.send(&crate::client::ping("p"));
    let next = writer.wait_for("an answer", |e| e.has_id("m") || e.has_id("p"));
    if next.has_id("m") {
        assert_eq!(next.stanza_error(), Some(("cancel", "service-unavailable")), "{next}");
    }
    Ok(())
}

fn an_error_message_is_never_answered(subject: &Subject) -> Outcome {
    let mut writer = Tcp::sign_in(subject).present();
    writer.send(&format!(
        "<message type='error' id='m' to='nobody-here@{DOMAIN}'><body>words</body></message>"
    ));
    writer.is_alive();
    loop {
        match writer.hear_within(Duration::from_secs(1)) {
            crate::client::tcp::Heard::Element(element) => assert!(!element.has_id("m"), "{element}"),
            _ => return Ok(()),
        }
    }
}

fn an_iq_to_a_full_address_reaches_that_resource(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut one = Tcp::sign_in_as(subject, &user, "one").present();
    let mut other = Tcp::sign_in_as(subject, &user, "other").present();
    one.send(&format!("<iq type='get' id='q' to='{}'><q xmlns='urn:example:question'/></iq>", other.jid));
    let question = other.wait_for("the question", |e| e.has_id("q"));
    assert!(question.find("q").is_some(), "{question}");
    other.send(&format!("<iq type='result' id='q' to='{}'><a xmlns='urn:example:question'/></iq>", one.jid));
    let answer = one.wait_for("the answer", |e| e.has_id("q"));
    assert!(answer.attr("type") == Some("result") && answer.find("a").is_some(), "{answer}");
    Ok(())
}

fn an_iq_to_a_full_address_that_is_gone_is_an_error(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject).present();
    let to = format!("{}/gone", bare(&tcp.jid));
    let answer = tcp.iq("q", &format!("<iq type='get' id='q' to='{to}'><ping xmlns='urn:xmpp:ping'/></iq>"));
    assert_eq!(answer.stanza_error(), Some(("cancel", "service-unavailable")), "{answer}");
    Ok(())
}

fn an_iq_for_another_bare_address_is_answered_by_the_server(subject: &Subject) -> Outcome {
    let other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject).present();
    let to = bare(&other.jid);
    let answer =
        tcp.iq("q", &format!("<iq type='get' id='q' to='{to}'><q xmlns='urn:example:question'/></iq>"));
    assert_eq!(answer.stanza_error(), Some(("cancel", "service-unavailable")), "{answer}");
    Ok(())
}

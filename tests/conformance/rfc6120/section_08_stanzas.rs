//! Stanzas: attributes, semantics, errors, routing rules.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::{Tcp, message};
use crate::subject::{DOMAIN, Subject};

pub(crate) const CASES: &[Case] = &[
    case!(
        a_request_without_to_is_for_the_own_account,
        "10.3.3",
        "IQ without `to`: the server answers for the account"
    ),
    case!(
        a_message_without_to_is_for_the_own_account,
        "10.3.1",
        "Message without `to`: as if to the own bare JID"
    ),
    case!(the_right_from_is_accepted, "8.1.2.1", "`from` with the full or the bare JID is fine"),
    case!(
        a_false_from_is_refused_or_replaced,
        "8.1.2.1",
        "`from` of somebody else: invalid-from, or stamped anew"
    ),
    case!(the_sender_is_stamped, "8.1.2.1", "The server adds the full JID as `from`"),
    case!(the_id_of_a_request_is_in_its_answer, "8.1.3", "`id` of the answer is that of the request"),
    case!(every_get_and_set_is_answered_once, "8.2.3", "A get or set has exactly one answer"),
    case!(a_request_without_child_is_a_bad_request, "8.2.3", "get and set have exactly one child"),
    case!(a_request_with_two_children_is_a_bad_request, "8.2.3", "get and set have exactly one child"),
    case!(a_request_of_an_unknown_type_is_a_bad_request, "8.2.3", "`type` is one of four"),
    case!(a_result_that_nobody_asked_for_is_not_answered, "8.2.3", "No answer to a result or an error"),
    case!(an_error_has_type_and_condition, "8.3.2", "`<error/>` has a type and one defined condition"),
    case!(an_error_goes_back_to_the_sender, "8.3.1", "`from` and `to` are swapped, `id` kept, type is error"),
    case!(
        an_unknown_payload_is_service_unavailable_or_not_implemented,
        "8.4",
        "Unknown namespace: service-unavailable or feature-not-implemented"
    ),
    case!(an_address_that_is_none_is_jid_malformed, "8.3.3.8", "jid-malformed"),
    case!(an_unknown_remote_domain_is_told, "8.3.3.16", "remote-server-not-found or what says the same"),
    case!(
        the_language_of_the_stream_is_added,
        "8.1.5",
        "A stanza without `xml:lang` is delivered with that of its sender's stream"
    ),
    case!(the_language_is_kept, "8.1.5", "`xml:lang` of a stanza is delivered as it was sent"),
    case!(
        extended_content_is_delivered_as_it_was_sent,
        "8.4",
        "Payloads of unknown namespaces pass between clients"
    ),
    case!(stanzas_keep_their_order, "10.1", "In-order processing between two entities"),
    case!(
        a_stanza_in_another_namespace_is_refused,
        "8",
        "Stanzas are in the content namespace of the stream"
    ),
];

fn a_request_without_to_is_for_the_own_account(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("r", "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    assert_eq!(answer.attr("type"), Some("result"), "{answer}");
    let from = answer.attr("from");
    let bare = tcp.jid.split('/').next();
    assert!(from.is_none() || from == bare || from == Some(&tcp.jid), "{answer}");
    Ok(())
}

fn a_message_without_to_is_for_the_own_account(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject).present();
    tcp.send("<message type='chat' id='self'><body>words</body></message>");
    let message = tcp.wait_for("the message", |element| element.has_id("self"));
    assert_ne!(message.attr("type"), Some("error"), "{message}");
    Ok(())
}

fn the_right_from_is_accepted(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let jid = tcp.jid.clone();
    for from in [jid.as_str(), jid.split('/').next().unwrap()] {
        let answer = tcp.iq(
            "p",
            &format!("<iq type='get' id='p' from='{from}' to='{DOMAIN}'><ping xmlns='urn:xmpp:ping'/></iq>"),
        );
        assert_eq!(answer.attr("type"), Some("result"), "{answer}");
    }
    Ok(())
}

fn a_false_from_is_refused_or_replaced(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject).present();
    let forged = format!(
        "<message from='somebody@{DOMAIN}/else' to='{}' type='chat' id='m'><body>x</body></message>",
        other.jid
    );
    tcp.send(&forged);
    tcp.send(&message(&other.jid, "after"));
    tcp.send(&crate::client::ping("end"));
    if let Some(condition) = tcp.ending_or("end") {
        assert_eq!(condition, "invalid-from");
        return Ok(());
    }
    let first = other.wait_for("a message", |element| element.name == "message");
    assert_eq!(first.attr("from"), Some(tcp.jid.as_str()), "{first}");
    Ok(())
}

fn the_sender_is_stamped(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    tcp.send(&message(&other.jid, "m"));
    let message = other.wait_for("the message", |element| element.has_id("m"));
    assert_eq!(message.attr("from"), Some(tcp.jid.as_str()), "{message}");
    Ok(())
}

fn the_id_of_a_request_is_in_its_answer(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    tcp.iq("x&y", "<iq type='get' id='x&amp;y' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    Ok(())
}

fn every_get_and_set_is_answered_once(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let payloads = [
        "<vCard xmlns='vcard-temp'/>",
        "<query xmlns='jabber:iq:private'><x xmlns='urn:example:private'/></query>",
        "<blocklist xmlns='urn:xmpp:blocking'/>",
        "<query xmlns='jabber:iq:last'/>",
        "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>",
        "<q xmlns='urn:example:unknown'/>",
    ];
    for kind in ["get", "set"] {
        for payload in payloads {
            tcp.send(&format!("<iq type='{kind}' id='q'>{payload}</iq>"));
            tcp.send("<iq type='get' id='end' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
            // The answers of two services may overtake each other.
            let mut answers = 0;
            let mut ended = false;
            while answers == 0 || !ended {
                let element = tcp.wait_for(&format!("an answer to {kind} {payload}"), |e| e.name == "iq");
                answers += usize::from(element.has_id("q"));
                ended |= element.has_id("end");
            }
            assert_eq!(answers, 1, "{kind} {payload}");
        }
    }
    Ok(())
}

fn is_a_bad_request(subject: &Subject, iq: &str) {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("q", iq);
    assert_eq!(answer.stanza_error(), Some(("modify", "bad-request")), "{answer}");
}

fn a_request_without_child_is_a_bad_request(subject: &Subject) -> Outcome {
    is_a_bad_request(subject, "<iq type='get' id='q' to='localhost'/>");
    Ok(())
}

fn a_request_with_two_children_is_a_bad_request(subject: &Subject) -> Outcome {
    is_a_bad_request(
        subject,
        "<iq type='get' id='q' to='localhost'><ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/></iq>",
    );
    Ok(())
}

fn a_request_of_an_unknown_type_is_a_bad_request(subject: &Subject) -> Outcome {
    is_a_bad_request(subject, "<iq type='put' id='q' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    Ok(())
}

fn a_result_that_nobody_asked_for_is_not_answered(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    tcp.send("<iq type='result' id='q' to='localhost'/><iq type='error' id='q' to='localhost'/>");
    tcp.send("<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    let next = tcp.wait_for("an answer", |element| element.name == "iq");
    assert!(next.has_id("p"), "{next}");
    Ok(())
}

const UNKNOWN: &str = "<iq type='get' id='q' to='localhost'><q xmlns='urn:example:unknown'/></iq>";

fn an_error_has_type_and_condition(subject: &Subject) -> Outcome {
    let answer = Tcp::sign_in(subject).iq("q", UNKNOWN);
    let (kind, _) = answer.stanza_error().unwrap_or_else(|| panic!("{answer}"));
    assert!(["auth", "cancel", "continue", "modify", "wait"].contains(&kind), "{answer}");
    Ok(())
}

fn an_error_goes_back_to_the_sender(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("q", UNKNOWN);
    assert_eq!(
        (answer.attr("type"), answer.attr("from"), answer.attr("to")),
        (Some("error"), Some(DOMAIN), Some(tcp.jid.as_str())),
        "{answer}"
    );
    Ok(())
}

fn an_unknown_payload_is_service_unavailable_or_not_implemented(subject: &Subject) -> Outcome {
    let answer = Tcp::sign_in(subject).iq("q", UNKNOWN);
    let (_, condition) = answer.stanza_error().unwrap_or_else(|| panic!("{answer}"));
    assert!(["service-unavailable", "feature-not-implemented"].contains(&condition), "{answer}");
    Ok(())
}

fn an_address_that_is_none_is_jid_malformed(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("q", "<iq type='get' id='q' to='@localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_eq!(answer.stanza_error(), Some(("modify", "jid-malformed")), "{answer}");
    Ok(())
}

fn an_unknown_remote_domain_is_told(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("q", "<iq type='get' id='q' to='nowhere.invalid'><ping xmlns='urn:xmpp:ping'/></iq>");
    let (_, condition) = answer.stanza_error().unwrap_or_else(|| panic!("{answer}"));
    let told =
        ["remote-server-not-found", "service-unavailable", "item-not-found", "not-allowed", "forbidden"];
    assert!(told.contains(&condition), "{answer}");
    Ok(())
}

fn the_language_of_the_stream_is_added(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    tcp.send(&format!("<message to='{}' type='chat' id='m'><body>words</body></message>", other.jid));
    let message = other.wait_for("the message", |element| element.has_id("m"));
    match message.attr_ns("http://www.w3.org/XML/1998/namespace", "lang") {
        Some(lang) => assert_eq!(lang, "en", "{message}"),
        None => return not_offered("a SHOULD that it leaves out"),
    }
    Ok(())
}

fn the_language_is_kept(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    tcp.send(&format!(
        "<message to='{}' type='chat' id='m' xml:lang='cs'><body>slova</body></message>",
        other.jid
    ));
    let message = other.wait_for("the message", |element| element.has_id("m"));
    assert_eq!(message.attr_ns("http://www.w3.org/XML/1998/namespace", "lang"), Some("cs"), "{message}");
    Ok(())
}

fn extended_content_is_delivered_as_it_was_sent(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    tcp.send(&format!(
        "<message to='{}' id='m' type='chat'><body>x</body><a xmlns='urn:example:a' k='&lt;v&gt;'>\
         <b:c xmlns:b='urn:example:b'>t &amp; t</b:c></a></message>",
        other.jid
    ));
    let message = other.wait_for("the message", |element| element.has_id("m"));
    let a = message.child("urn:example:a", "a").unwrap_or_else(|| panic!("{message}"));
    assert_eq!(a.attr("k"), Some("<v>"), "{message}");
    assert_eq!(a.child("urn:example:b", "c").map(|c| c.text.as_str()), Some("t & t"), "{message}");
    Ok(())
}

fn stanzas_keep_their_order(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    let all: String = (0..50).map(|n| message(&other.jid, &format!("m{n}"))).collect();
    tcp.send(&all);
    for n in 0..50 {
        let message = other.wait_for("a message", |element| element.name == "message");
        assert!(message.has_id(&format!("m{n}")), "{n}: {message}");
    }
    Ok(())
}

fn a_stanza_in_another_namespace_is_refused(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    tcp.send("<iq xmlns='jabber:server' type='get' id='q' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    tcp.ends_with(&["invalid-namespace", "unsupported-stanza-type"]);
    Ok(())
}

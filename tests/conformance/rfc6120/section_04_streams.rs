//! Streams: headers, features, closing, errors.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::tcp::{Heard, header};
use crate::client::{Element, Tcp, auth, ns};
use crate::subject::{DOMAIN, Subject};

pub(crate) const CASES: &[Case] = &[
    case!(a_header_is_answered_by_a_header, "4.2", "The receiving entity answers with a header of its own"),
    case!(features_follow_the_header, "4.3.2", "Features follow when the version is 1.0"),
    case!(
        nothing_else_is_mandatory_after_binding_is_done,
        "4.3.2",
        "Features after sign-in are those that are left"
    ),
    case!(
        a_closed_stream_is_closed_by_the_other_side_too,
        "4.4",
        "`</stream:stream>` is answered by the same, then the end"
    ),
    case!(what_was_sent_before_the_close_is_handled, "4.4", "What came before the closing tag is processed"),
    case!(the_header_names_the_server, "4.7.1", "`from` of the answer is the served domain"),
    case!(the_header_has_an_unpredictable_id, "4.7.3", "`id` is unique and unpredictable"),
    case!(a_restart_gets_a_new_id, "4.3.3", "After a restart the id is another"),
    case!(the_language_is_told, "4.7.4", "`xml:lang` is in the header of the answer"),
    case!(the_version_is_told, "4.7.5", "`version` of the answer is at most that of the question"),
    case!(a_header_without_xml_declaration_is_understood, "4.2", "The text declaration is optional (§11.5)"),
    case!(
        another_prefix_for_streams_is_understood_or_named,
        "4.8.5",
        "Other prefixes: served, or bad-namespace-prefix"
    ),
    case!(
        an_error_before_the_header_comes_within_a_stream,
        "4.9.1.2",
        "A stream error during set-up follows a header"
    ),
    case!(
        a_wrong_stream_namespace_is_invalid_namespace,
        "4.9.3.10",
        "invalid-namespace: wrong namespace of the stream"
    ),
    case!(
        a_wrong_content_namespace_is_invalid_namespace,
        "4.9.3.10",
        "invalid-namespace: content that is not served",
        "§4.8.3 says it in so many words. Prosody carries on; ejabberd says invalid-xml, a name of RFC 3920 for another \
         fault."
    ),
    case!(
        an_unknown_domain_is_host_unknown_or_served,
        "4.9.3.6",
        "host-unknown, or the stream of the served domain"
    ),
    case!(
        a_domain_that_is_refused_is_host_unknown,
        "4.9.3.6",
        "host-unknown: where other domains are not served"
    ),
    case!(
        a_domain_that_moved_is_host_gone,
        "4.9.3.5",
        "host-gone: `to` names a domain that is no longer served"
    ),
    case!(
        stanzas_before_sign_in_are_not_authorized,
        "4.9.3.12",
        "not-authorized: data before authentication"
    ),
    case!(what_is_not_well_formed_ends_the_stream, "4.9.3.13", "not-well-formed"),
    case!(
        an_unknown_first_level_element_is_an_unsupported_stanza_type,
        "4.9.3.24",
        "unsupported-stanza-type"
    ),
    case!(
        a_version_of_the_future_is_answered_or_unsupported,
        "4.9.3.25",
        "Higher versions: answered with ours, or unsupported-version"
    ),
    case!(a_conflict_ends_the_older_stream, "4.9.3.3", "conflict: a new stream replaces this one"),
    case!(
        an_error_is_followed_by_the_end_of_the_stream,
        "4.9.1.1",
        "Stream errors are unrecoverable: closing tag, end"
    ),
    case!(words_that_are_no_xml_end_the_stream, "4.9.3.13", "not-well-formed for text that is no XML"),
    case!(keepalives_of_white_space_are_silent, "4.6.1", "White space between stanzas is ignored"),
];

fn first(subject: &Subject, header: &str) -> (Tcp, Element) {
    let mut tcp = Tcp::connect(subject);
    tcp.send(header);
    match tcp.hear() {
        Heard::Header(header) => (tcp, header),
        other => panic!("no header but {other:?}"),
    }
}

fn a_header_is_answered_by_a_header(subject: &Subject) -> Outcome {
    let (_, answer) = first(subject, &header());
    assert!(answer.is(ns::STREAMS, "stream"), "{answer}");
    Ok(())
}

fn features_follow_the_header(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::open(subject);
    assert!(features.is(ns::STREAMS, "features"), "{features}");
    Ok(())
}

fn nothing_else_is_mandatory_after_binding_is_done(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::authenticated(subject, &subject.user());
    assert!(features.child(ns::BIND, "bind").is_some(), "{features}");
    assert!(features.child(ns::SASL, "mechanisms").is_none(), "{features}");
    assert!(features.child(ns::TLS, "starttls").is_none(), "{features}");
    Ok(())
}

fn a_closed_stream_is_closed_by_the_other_side_too(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    tcp.send("</stream:stream>");
    assert_eq!(tcp.ending(), (None, true));
    Ok(())
}

fn what_was_sent_before_the_close_is_handled(subject: &Subject) -> Outcome {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    tcp.send(&(crate::client::message(&other.jid, "last") + "</stream:stream>"));
    other.wait_for("the last message", |element| element.has_id("last"));
    Ok(())
}

fn the_header_names_the_server(subject: &Subject) -> Outcome {
    assert_eq!(first(subject, &header()).1.attr("from"), Some(DOMAIN));
    Ok(())
}

fn the_header_has_an_unpredictable_id(subject: &Subject) -> Outcome {
    let id = || first(subject, &header()).1.attr("id").expect("id").to_owned();
    let (one, other) = (id(), id());
    assert!(one != other && one.len() >= 8, "{one} {other}");
    Ok(())
}

fn a_restart_gets_a_new_id(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect_tls(subject);
    let mut id = || {
        tcp.send(&header());
        let Heard::Header(answer) = tcp.hear() else { panic!("no header") };
        tcp.element();
        answer.attr("id").expect("id").to_owned()
    };
    let before = id();
    let mut signed_in = tcp;
    signed_in.send(&auth(&subject.user()));
    assert!(signed_in.element().is(ns::SASL, "success"));
    signed_in.send(&header());
    let Heard::Header(after) = signed_in.hear() else { panic!("no header") };
    assert_ne!(after.attr("id"), Some(before.as_str()));
    Ok(())
}

fn the_language_is_told(subject: &Subject) -> Outcome {
    let (_, answer) = first(subject, &header());
    let language = answer.attr_ns("http://www.w3.org/XML/1998/namespace", "lang");
    assert!(language.is_some_and(|language| !language.is_empty()), "{answer}");
    Ok(())
}

fn the_version_is_told(subject: &Subject) -> Outcome {
    assert_eq!(first(subject, &header()).1.attr("version"), Some("1.0"));
    Ok(())
}

fn a_header_without_xml_declaration_is_understood(subject: &Subject) -> Outcome {
    first(subject, &header().replace("<?xml version='1.0'?>", ""));
    Ok(())
}

fn another_prefix_for_streams_is_understood_or_named(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    tcp.send(&header().replace("stream:stream", "s:stream").replace("xmlns:stream", "xmlns:s"));
    let mut named = None;
    loop {
        match tcp.hear() {
            Heard::Header(_) => {}
            Heard::Element(element) if element.is(ns::STREAMS, "features") => return Ok(()),
            Heard::Element(element) => named = Some(element),
            _ => break,
        }
    }
    let error = named.expect("served or refused by name");
    assert!(error.find("bad-namespace-prefix").is_some(), "{error}");
    Ok(())
}

fn an_error_before_the_header_comes_within_a_stream(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    tcp.send("<?xml version='1.0'?><note xmlns='urn:example:other'>");
    let Heard::Header(header) = tcp.hear() else { panic!("no header before the error") };
    assert!(header.is(ns::STREAMS, "stream"), "{header}");
    let (condition, closed) = tcp.ending();
    assert!(condition.is_some() && closed, "{condition:?}");
    Ok(())
}

fn a_wrong_stream_namespace_is_invalid_namespace(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    tcp.send(&header().replace(ns::STREAMS, "urn:example:other"));
    tcp.ends_with(&["invalid-namespace"]);
    Ok(())
}

fn a_wrong_content_namespace_is_invalid_namespace(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    tcp.send(&header().replace("'jabber:client'", "'urn:example:other'"));
    tcp.ends_with(&["invalid-namespace", "bad-namespace-prefix"]);
    Ok(())
}

fn opened_to(subject: &Subject, domain: &str) -> Tcp {
    let mut tcp = Tcp::connect(subject);
    tcp.send(&header().replace("to='localhost'", &format!("to='{domain}'")));
    tcp
}

fn a_domain_that_is_refused_is_host_unknown(subject: &Subject) -> Outcome {
    let Some(strict) = subject.with_setting("xmpp.refuse_other_domains=true") else {
        return not_offered("other domains are served always or never");
    };
    opened_to(&strict, "nowhere.example").ends_with(&["host-unknown"]);
    let Heard::Header(answer) = opened_to(&strict, "192.0.2.1").hear() else { panic!("no header") };
    assert_eq!(answer.attr("from"), Some(DOMAIN));
    Ok(())
}

fn a_domain_that_moved_is_host_gone(subject: &Subject) -> Outcome {
    let Some(moved) = subject.with_setting("xmpp.former_domains=old.example") else {
        return not_offered("no former domain can be named");
    };
    opened_to(&moved, "old.example").ends_with(&["host-gone"]);
    Ok(())
}

fn an_unknown_domain_is_host_unknown_or_served(subject: &Subject) -> Outcome {
    let mut tcp = opened_to(subject, "nowhere.example");
    let Heard::Header(answer) = tcp.hear() else { panic!("no header") };
    if answer.attr("from") != Some(DOMAIN) {
        tcp.ends_with(&["host-unknown"]);
        return Ok(());
    }
    match tcp.hear() {
        Heard::Element(features) if features.is(ns::STREAMS, "features") => Ok(()),
        Heard::Element(error) => {
            assert!(error.find("host-unknown").is_some(), "{error}");
            Ok(())
        }
        other => panic!("neither features nor an error: {other:?}"),
    }
}

fn stanzas_before_sign_in_are_not_authorized(subject: &Subject) -> Outcome {
    let (mut tcp, _) = Tcp::open_tls(subject);
    tcp.send(&crate::client::ping("early"));
    tcp.ends_with(&["not-authorized"]);
    Ok(())
}

fn what_is_not_well_formed_ends_the_stream(subject: &Subject) -> Outcome {
    for wrong in ["<iq type='get'><q></iq>", "<presence><a b='1' b='2'/></presence>", "<presence a=b/>"] {
        let mut tcp = Tcp::sign_in(subject);
        tcp.send(wrong);
        tcp.ends_with(&["not-well-formed", "bad-format"]);
    }
    Ok(())
}

fn an_unknown_first_level_element_is_an_unsupported_stanza_type(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    tcp.send("<note><to>you</to></note>");
    tcp.ends_with(&["unsupported-stanza-type"]);
    Ok(())
}

fn a_version_of_the_future_is_answered_or_unsupported(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    tcp.send(&header().replace("version='1.0' xml:lang", "version='2.0' xml:lang"));
    let Heard::Header(answer) = tcp.hear() else { panic!("no header") };
    if answer.attr("version") != Some("1.0") {
        tcp.ends_with(&["unsupported-version"]);
    }
    Ok(())
}

fn a_conflict_ends_the_older_stream(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut older = Tcp::sign_in_as(subject, &user, "same");
    let mut newer = Tcp::sign_in_as(subject, &user, "same");
    if older.jid == newer.jid {
        older.ends_with(&["conflict"]);
    } else {
        older.is_alive();
    }
    newer.is_alive();
    Ok(())
}

fn an_error_is_followed_by_the_end_of_the_stream(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    tcp.send("<note/>");
    let (condition, closed) = tcp.ending();
    assert!(condition.is_some() && closed);
    assert!(matches!(tcp.hear(), Heard::End), "the connection is closed too");
    Ok(())
}

fn words_that_are_no_xml_end_the_stream(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    tcp.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let (condition, _) = tcp.ending();
    // Closing without a word is allowed for what is no stream at all.
    let expected = ["not-well-formed", "bad-format", "xml-not-well-formed"];
    assert!(condition.as_deref().is_none_or(|condition| expected.contains(&condition)), "{condition:?}");
    Ok(())
}

fn keepalives_of_white_space_are_silent(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    for _ in 0..3 {
        tcp.send(" \n");
    }
    tcp.is_alive();
    Ok(())
}

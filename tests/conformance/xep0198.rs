//! Stream management: acknowledgements and resumption.

use crate::case::{Case, Document, Outcome, case, not_offered};
use crate::client::{Element, Tcp, WebSocket, message, ns, ping};
use crate::subject::Subject;

pub(crate) const DOCUMENT: Document =
    Document { name: "XEP-0198", title: "Stream Management", sections: &[CASES] };

const CASES: &[Case] = &[
    case!(stream_management_is_offered_after_sign_in, "2", "`<sm/>` is among the features after sign-in"),
    case!(it_is_not_offered_before_sign_in, "2", "`<sm/>` is not offered before sign-in"),
    case!(it_is_enabled_after_binding, "3", "`<enable/>` is answered by `<enabled/>`"),
    case!(enabling_before_binding_fails, "3", "Before binding: `<failed/>` with unexpected-request"),
    case!(enabling_twice_is_refused, "3", "Only once: `<failed/>`, or the stream ends"),
    case!(resumption_has_an_identifier, "3", "With `resume='true'`: `id`, and `max` if there is a limit"),
    case!(
        a_request_for_acknowledgement_is_answered,
        "4",
        "`<r/>` is answered by `<a/>` with the count of stanzas"
    ),
    case!(only_stanzas_count, "4", "`<r/>` and `<a/>` are not counted"),
    case!(the_server_asks_for_acknowledgement, "4", "The server sends `<r/>` for what it sent"),
    case!(
        too_high_an_acknowledgement_ends_the_stream,
        "4",
        "`h` above what was sent: undefined-condition with handled-count-too-high"
    ),
    case!(a_broken_stream_is_resumed, "5", "`<resume/>` on a new stream is answered by `<resumed/>`"),
    case!(the_count_survives, "5", "`<resumed/>` has the count of the old stream"),
    case!(
        what_was_not_acknowledged_is_sent_again,
        "5",
        "Stanzas that were not acknowledged come after `<resumed/>`"
    ),
    case!(what_came_meanwhile_is_delivered, "5", "Nothing sent while the stream was broken is lost"),
    case!(what_was_acknowledged_is_not_sent_again, "5", "Acknowledged stanzas do not come again"),
    case!(
        a_stream_that_still_looks_alive_is_resumed,
        "5",
        "The old connection gets a conflict, the new one the session"
    ),
    case!(the_address_survives, "5", "A resumed stream needs no binding"),
    case!(
        an_unknown_stream_cannot_be_resumed,
        "5",
        "Unknown `previd`: `<failed/>` with item-not-found; the client may bind"
    ),
    case!(another_user_cannot_resume, "5", "Only the same user may resume: `<failed/>`"),
    case!(a_closed_stream_cannot_be_resumed, "7", "A stream that was closed is over"),
    case!(
        a_stream_that_is_over_is_told_with_its_count,
        "5",
        "`<failed/>` may tell with `h` how many stanzas were handled before the end"
    ),
    case!(a_websocket_is_resumed, "5", "The same on WebSocket"),
];

fn sm() -> String {
    format!("xmlns='{}'", ns::SM)
}

/// A bound session with stream management on; the answer to `<enable/>`.
fn enabled(subject: &Subject, user: &str) -> Option<(Tcp, Element)> {
    let (mut tcp, features) = Tcp::authenticated(subject, user);
    features.child(ns::SM, "sm")?;
    tcp.bind("managed");
    tcp.send(&format!("<enable {} resume='true'/>", sm()));
    let answer = tcp.wait_for("enabled", |element| element.ns == ns::SM);
    assert_eq!(answer.name, "enabled", "{answer}");
    Some((tcp, answer))
}

const WHY: &str = "no `<sm/>` in the features";

/// How many stanzas the server says it handled.
fn handled(tcp: &mut Tcp) -> u64 {
    tcp.send(&format!("<r {}/>", sm()));
    tcp.wait_for("an acknowledgement", |element| element.is(ns::SM, "a")).number("h").unwrap()
}

fn stream_management_is_offered_after_sign_in(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::authenticated(subject, &subject.user());
    if features.child(ns::SM, "sm").is_none() { not_offered(WHY) } else { Ok(()) }
}

fn it_is_not_offered_before_sign_in(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::open_tls(subject);
    assert!(features.child(ns::SM, "sm").is_none(), "{features}");
    Ok(())
}

fn it_is_enabled_after_binding(subject: &Subject) -> Outcome {
    let Some((mut tcp, _)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    tcp.is_alive();
    Ok(())
}

fn enabling_before_binding_fails(subject: &Subject) -> Outcome {
    let (mut tcp, features) = Tcp::authenticated(subject, &subject.user());
    if features.child(ns::SM, "sm").is_none() {
        return not_offered(WHY);
    }
    tcp.send(&format!("<enable {}/>", sm()));
    let answer = tcp.element();
    assert!(answer.is(ns::SM, "failed"), "{answer}");
    assert!(answer.child(ns::STANZA_ERRORS, "unexpected-request").is_some(), "{answer}");
    Ok(())
}

fn enabling_twice_is_refused(subject: &Subject) -> Outcome {
    let Some((mut tcp, _)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    tcp.send(&format!("<enable {}/>", sm()));
    let answer = tcp.wait_for("a refusal", |element| element.name == "failed" || element.name == "error");
    assert!(answer.is(ns::SM, "failed") || answer.is(ns::STREAMS, "error"), "{answer}");
    Ok(())
}

fn resumption_has_an_identifier(subject: &Subject) -> Outcome {
    let Some((_, answer)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    assert!(answer.attr("id").is_some_and(|id| !id.is_empty()), "{answer}");
    assert!(["true", "1"].contains(&answer.attr("resume").unwrap_or_default()), "{answer}");
    assert!(answer.number("max").is_none_or(|max| max > 0), "{answer}");
    Ok(())
}

fn a_request_for_acknowledgement_is_answered(subject: &Subject) -> Outcome {
    let Some((mut tcp, _)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    assert_eq!(handled(&mut tcp), 0);
    tcp.send(&(ping("a") + &ping("b")));
    assert_eq!(handled(&mut tcp), 2);
    Ok(())
}

fn only_stanzas_count(subject: &Subject) -> Outcome {
    let Some((mut tcp, _)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    tcp.send(&format!("<a {} h='0'/> ", sm()));
    assert_eq!((handled(&mut tcp), handled(&mut tcp)), (0, 0));
    Ok(())
}

fn the_server_asks_for_acknowledgement(subject: &Subject) -> Outcome {
    let Some((mut tcp, _)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    for n in 0..30 {
        tcp.send(&ping(&format!("p{n}")));
    }
    tcp.wait_for("a request", |element| element.is(ns::SM, "r"));
    Ok(())
}

fn too_high_an_acknowledgement_ends_the_stream(subject: &Subject) -> Outcome {
    let Some((mut tcp, _)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    tcp.send(&format!("<a {} h='1000'/>", sm()));
    tcp.ends_with(&["undefined-condition"]);
    Ok(())
}

/// Resumes on a new connection; returns the answer.
fn resume(subject: &Subject, user: &str, id: &str, seen: u64) -> (Tcp, Element) {
    let (mut tcp, _) = Tcp::authenticated(subject, user);
    tcp.send(&format!("<resume {} previd='{id}' h='{seen}'/>", sm()));
    let answer = tcp.wait_for("an answer to resume", |element| element.ns == ns::SM && element.name != "r");
    (tcp, answer)
}

fn a_broken_stream_is_resumed(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    tcp.cut();
    let id = answer.attr("id").unwrap();
    let (mut tcp, answer) = resume(subject, &user, id, 0);
    assert_eq!((answer.name.as_str(), answer.attr("previd")), ("resumed", Some(id)), "{answer}");
    tcp.is_alive();
    Ok(())
}

fn the_count_survives(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((mut tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    tcp.send(&(ping("a") + &ping("b") + &ping("c")));
    tcp.wait_for("the last answer", |element| element.has_id("c"));
    tcp.cut();
    let (mut tcp, answer) = resume(subject, &user, answer.attr("id").unwrap(), 3);
    assert_eq!((answer.name.as_str(), answer.number("h")), ("resumed", Some(3)), "{answer}");
    tcp.send(&ping("d"));
    assert_eq!(handled(&mut tcp), 4);
    Ok(())
}

fn what_was_not_acknowledged_is_sent_again(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((mut tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    tcp.send(&(ping("a") + &ping("b")));
    tcp.wait_for("the last answer", |element| element.has_id("b"));
    tcp.cut();
    let (mut tcp, _) = resume(subject, &user, answer.attr("id").unwrap(), 1);
    let next = tcp.wait_for("a stanza", |element| element.ns == ns::CLIENT);
    assert!(next.has_id("b"), "{next}");
    Ok(())
}

/// Another user's session that writes to this one's address.
fn write(subject: &Subject, to: &str, ids: &[&str]) {
    let mut other = Tcp::sign_in(subject).present();
    for id in ids {
        other.send(&message(to, id));
    }
    other.is_alive();
}

fn what_came_meanwhile_is_delivered(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    let mut tcp = tcp.present();
    // What has come so far is counted by asking for one thing more; the server resends at most that.
    tcp.is_alive();
    let jid = tcp.jid.clone();
    tcp.cut();
    write(subject, &jid, &["m1", "m2"]);
    let (mut tcp, answer) = resume(subject, &user, answer.attr("id").unwrap(), 0);
    assert_eq!(answer.name, "resumed", "{answer}");
    tcp.wait_for("the first message", |element| element.has_id("m1"));
    tcp.wait_for("the second message", |element| element.has_id("m2"));
    Ok(())
}

fn what_was_acknowledged_is_not_sent_again(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((mut tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    tcp.send(&(ping("a") + &ping("b")));
    tcp.wait_for("the last answer", |element| element.has_id("b"));
    tcp.send(&format!("<a {} h='2'/>", sm()));
    handled(&mut tcp);
    tcp.cut();
    let (mut tcp, _) = resume(subject, &user, answer.attr("id").unwrap(), 2);
    tcp.send(&ping("c"));
    let next = tcp.wait_for("a stanza", |element| element.ns == ns::CLIENT);
    assert!(next.has_id("c"), "{next}");
    Ok(())
}

fn a_stream_that_still_looks_alive_is_resumed(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((mut old, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    let (mut new, answer) = resume(subject, &user, answer.attr("id").unwrap(), 0);
    assert_eq!(answer.name, "resumed", "{answer}");
    new.is_alive();
    let (condition, _) = old.ending();
    assert!(condition.is_none_or(|condition| condition == "conflict"));
    Ok(())
}

fn the_address_survives(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    let jid = tcp.jid.clone();
    tcp.cut();
    let (mut tcp, _) = resume(subject, &user, answer.attr("id").unwrap(), 0);
    let answer = tcp.iq("p", &ping("p"));
    assert_eq!(answer.attr("to"), Some(jid.as_str()), "{answer}");
    Ok(())
}

fn an_unknown_stream_cannot_be_resumed(subject: &Subject) -> Outcome {
    let user = subject.user();
    if enabled(subject, &user).is_none() {
        return not_offered(WHY);
    }
    let (mut tcp, answer) = resume(subject, &user, "no-such-stream", 0);
    assert!(
        answer.name == "failed" && answer.child(ns::STANZA_ERRORS, "item-not-found").is_some(),
        "{answer}"
    );
    tcp.bind("after");
    tcp.is_alive();
    Ok(())
}

fn another_user_cannot_resume(subject: &Subject) -> Outcome {
    let Some((tcp, answer)) = enabled(subject, &subject.user()) else { return not_offered(WHY) };
    tcp.cut();
    let (_, answer) = resume(subject, &subject.user(), answer.attr("id").unwrap(), 0);
    assert_eq!(answer.name, "failed", "{answer}");
    Ok(())
}

fn a_closed_stream_cannot_be_resumed(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((mut tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    tcp.send("</stream:stream>");
    tcp.ending();
    let (_, answer) = resume(subject, &user, answer.attr("id").unwrap(), 0);
    assert_eq!(answer.name, "failed", "{answer}");
    Ok(())
}

fn a_stream_that_is_over_is_told_with_its_count(subject: &Subject) -> Outcome {
    let user = subject.user();
    let Some((mut tcp, answer)) = enabled(subject, &user) else { return not_offered(WHY) };
    tcp.send(&(ping("a") + &ping("b")));
    assert_eq!(handled(&mut tcp), 2);
    tcp.send("</stream:stream>");
    tcp.ending();
    let (_, answer) = resume(subject, &user, answer.attr("id").unwrap(), 0);
    match answer.number("h") {
        Some(h) => assert_eq!(h, 2, "{answer}"),
        None => return not_offered("ended sessions are not remembered, or not told of"),
    }
    Ok(())
}

fn a_websocket_is_resumed(subject: &Subject) -> Outcome {
    let user = subject.user();
    let (mut websocket, features) = WebSocket::authenticated(subject, &user);
    if features.child(ns::SM, "sm").is_none() {
        return not_offered(WHY);
    }
    websocket.send(&crate::client::bind("managed"));
    websocket.wait_for("the bound address", |element| element.has_id("bind"));
    websocket.send(&format!("<enable {} resume='true'/>", sm()));
    let answer = websocket.wait_for("enabled", |element| element.is(ns::SM, "enabled"));
    websocket.send(&ping("unread"));
    websocket.wait_for("an answer", |element| element.has_id("unread"));
    drop(websocket);
    let (mut websocket, _) = WebSocket::authenticated(subject, &user);
    websocket.send(&format!("<resume {} previd='{}' h='0'/>", sm(), answer.attr("id").unwrap()));
    websocket.wait_for("resumed", |element| element.is(ns::SM, "resumed"));
    websocket.wait_for("what was not acknowledged", |element| element.has_id("unread"));
    Ok(())
}

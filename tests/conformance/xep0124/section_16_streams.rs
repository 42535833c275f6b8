//! Several streams in one session.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::bosh::{body, end};
use crate::client::{Bosh, Element, auth, bind, ns, ping};
use crate::subject::{DOMAIN, Subject};
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[
    case!(the_first_stream_has_a_name, "16.2", "`stream` in the first answer names the first stream"),
    case!(
        a_server_without_streams_ignores_the_wish_for_another,
        "16.3",
        "Without support, a request for a stream is a normal empty request"
    ),
    case!(
        another_stream_gets_a_name_of_its_own,
        "16.3",
        "`to` with `sid` opens a stream; its name is answered"
    ),
    case!(
        the_terms_are_not_told_again_for_another_stream,
        "16.3",
        "That answer has no `sid`, `requests`, `polling`, `hold`, `inactivity`, `maxpause`, `ver`, `wait`"
    ),
    case!(each_stream_has_a_sign_in_of_its_own, "16.4", "Payloads belong to the stream that `stream` names"),
    case!(
        answers_name_the_stream_of_their_payloads,
        "16.4",
        "With several streams, answers with payloads name theirs"
    ),
    case!(payloads_without_stream_go_to_all, "16.4", "Without `stream`, payloads go over all open streams"),
    case!(an_unknown_stream_is_not_found, "16.4", "An unknown stream name: item-not-found"),
    case!(one_stream_may_be_closed_alone, "16.5", "`terminate` with `stream` closes that stream only"),
    case!(the_last_stream_ends_the_session, "16.5", "Closing the last stream terminates the session"),
    case!(a_termination_without_stream_closes_all, "16.5", "`terminate` without `stream` ends the session"),
];

const WHY: &str = "no `stream` in the first answer";

/// A session whose first stream is signed in, if it has names for streams.
fn named(subject: &Subject) -> Option<(Bosh<'_>, String)> {
    let session = Bosh::open(subject);
    let name = session.terms.attr("stream")?.to_owned();
    let mut session = session;
    session.authenticate(&subject.user());
    session.restart_and_bind("first");
    Some((session, name))
}

/// Opens another stream, not signed in; returns its name and the answer that told it.
fn another(session: &mut Bosh<'_>) -> (String, Element) {
    let end = Instant::now() + Duration::from_secs(15);
    let attributes = format!("to='{DOMAIN}' xml:lang='en' xmpp:version='1.0' xmlns:xmpp='{}'", ns::XBOSH);
    let mut root = body(&session.ask(&attributes, ""));
    loop {
        if let Some(name) = root.attr("stream") {
            return (name.to_owned(), root);
        }
        assert!(Instant::now() < end && root.attr("type").is_none(), "no name for the new stream: {root}");
        root = body(&session.ask("", ""));
    }
}

/// Signs the stream in and binds; returns the address.
fn sign_in(session: &mut Bosh<'_>, stream: &str, user: &str) -> String {
    let on = format!("stream='{stream}'");
    let (answer, _) = ask_until(session, &on, &auth(user), |element| element.is(ns::SASL, "success"));
    assert_eq!(answer.attr("stream"), Some(stream), "{answer}");
    let restart = format!("{on} xmpp:restart='true' to='{DOMAIN}' xmlns:xmpp='{}'", ns::XBOSH);
    ask_until(session, &restart, "", |element| element.is(ns::STREAMS, "features"));
    let (_, bound) = ask_until(session, &on, &bind("another"), |element| element.has_id("bind"));
    bound.find("jid").unwrap().text.clone()
}

/// Asks, then polls; returns the root and the element that was wanted.
fn ask_until(
    session: &mut Bosh<'_>,
    attributes: &str,
    inside: &str,
    wanted: impl Fn(&Element) -> bool,
) -> (Element, Element) {
    let end = Instant::now() + Duration::from_secs(15);
    let mut root = body(&session.ask(attributes, inside));
    loop {
        if let Some(found) = root.children.iter().find(|child| wanted(child)) {
            return (root.clone(), found.clone());
        }
        assert!(Instant::now() < end && root.attr("type").is_none(), "it did not come: {root}");
        root = body(&session.ask("", ""));
    }
}

fn the_first_stream_has_a_name(subject: &Subject) -> Outcome {
    let (one, other) = (Bosh::open(subject).terms, Bosh::open(subject).terms);
    let (Some(one), Some(other)) = (one.attr("stream"), other.attr("stream")) else {
        return not_offered(WHY);
    };
    assert!(!one.is_empty() && one != other, "{one} {other}");
    Ok(())
}

fn a_server_without_streams_ignores_the_wish_for_another(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let answer = body(&session.ask(&format!("to='{DOMAIN}' xml:lang='en'"), ""));
    assert_eq!(answer.attr("type"), None, "{answer}");
    if session.terms.attr("stream").is_some() {
        // It supports them: the next cases ask what became of the wish.
        return Ok(());
    }
    assert!(answer.children.is_empty() && answer.attr("stream").is_none(), "{answer}");
    session.is_alive();
    Ok(())
}

fn another_stream_gets_a_name_of_its_own(subject: &Subject) -> Outcome {
    let Some((mut session, first)) = named(subject) else { return not_offered(WHY) };
    let (second, _) = another(&mut session);
    let (third, _) = another(&mut session);
    assert!(first != second && second != third && first != third, "{first} {second} {third}");
    Ok(())
}

fn the_terms_are_not_told_again_for_another_stream(subject: &Subject) -> Outcome {
    let Some((mut session, _)) = named(subject) else { return not_offered(WHY) };
    let (_, answer) = another(&mut session);
    for name in ["sid", "requests", "polling", "hold", "inactivity", "maxpause", "ver", "wait"] {
        assert_eq!(answer.attr(name), None, "{name}: {answer}");
    }
    Ok(())
}

fn each_stream_has_a_sign_in_of_its_own(subject: &Subject) -> Outcome {
    let Some((mut session, _)) = named(subject) else { return not_offered(WHY) };
    let (second, _) = another(&mut session);
    let user = subject.user();
    let jid = sign_in(&mut session, &second, &user);
    assert!(jid.starts_with(&format!("{user}@")) && jid != session.jid, "{jid}");
    Ok(())
}

fn answers_name_the_stream_of_their_payloads(subject: &Subject) -> Outcome {
    let Some((mut session, first)) = named(subject) else { return not_offered(WHY) };
    let (second, _) = another(&mut session);
    sign_in(&mut session, &second, &subject.user());
    for stream in [&first, &second, &first] {
        let (root, _) = ask_until(&mut session, &format!("stream='{stream}'"), &ping("p"), |e| e.has_id("p"));
        assert_eq!(root.attr("stream"), Some(stream.as_str()), "{root}");
    }
    Ok(())
}

fn payloads_without_stream_go_to_all(subject: &Subject) -> Outcome {
    let Some((mut session, first)) = named(subject) else { return not_offered(WHY) };
    let (second, _) = another(&mut session);
    sign_in(&mut session, &second, &subject.user());
    let mut streams = Vec::new();
    let mut root = body(&session.ask("", &ping("all")));
    while streams.len() < 2 {
        assert_eq!(root.attr("type"), None, "{root}");
        if root.children.iter().any(|child| child.has_id("all")) {
            streams.push(root.attr("stream").unwrap_or(&first).to_owned());
        }
        root = body(&session.ask("", ""));
    }
    streams.sort();
    let mut both = [first, second];
    both.sort();
    assert_eq!(streams, both);
    Ok(())
}

fn an_unknown_stream_is_not_found(subject: &Subject) -> Outcome {
    let Some((mut session, _)) = named(subject) else { return not_offered(WHY) };
    another(&mut session);
    let answer = session.ask("stream='no-such-stream'", &ping("p"));
    assert_eq!(end(&answer).as_deref(), Some("item-not-found"), "{}", answer.text());
    Ok(())
}

fn one_stream_may_be_closed_alone(subject: &Subject) -> Outcome {
    let Some((mut session, first)) = named(subject) else { return not_offered(WHY) };
    let (second, _) = another(&mut session);
    session.ask(&format!("type='terminate' stream='{second}'"), "");
    ask_until(&mut session, &format!("stream='{first}'"), &ping("p"), |e| e.has_id("p"));
    Ok(())
}

fn the_last_stream_ends_the_session(subject: &Subject) -> Outcome {
    let Some((mut session, first)) = named(subject) else { return not_offered(WHY) };
    let (second, _) = another(&mut session);
    session.ask(&format!("type='terminate' stream='{second}'"), "");
    session.ask(&format!("type='terminate' stream='{first}'"), "");
    let after = session.ask("", "");
    assert!(end(&after).is_some(), "{}", after.text());
    Ok(())
}

fn a_termination_without_stream_closes_all(subject: &Subject) -> Outcome {
    let Some((mut session, _)) = named(subject) else { return not_offered(WHY) };
    another(&mut session);
    session.ask("type='terminate'", "");
    let after = session.ask("", "");
    assert!(end(&after).is_some(), "{}", after.text());
    Ok(())
}

//! Payloads in both directions, and how long an answer waits for them.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{WAIT_SECS, body};
use crate::client::{Bosh, Tcp, message, ping};
use crate::subject::Subject;
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[
    case!(payloads_of_one_request_are_handled_in_order, "8", "The content is forwarded in order"),
    case!(
        payloads_of_many_requests_are_handled_in_order,
        "8",
        "The content of requests is forwarded in rid order"
    ),
    case!(
        an_empty_request_is_held_until_its_wait_is_over,
        "8",
        "No answer before there is a payload, or `wait` is over"
    ),
    case!(
        an_answer_with_nothing_to_say_is_an_empty_body,
        "8",
        "The empty answer is an empty `<body/>` with 200"
    ),
    case!(a_payload_ends_the_wait, "8", "Payloads are returned as soon as possible"),
    case!(no_more_requests_are_held_than_agreed, "8", "At most `hold` requests are kept waiting"),
    case!(answers_come_in_the_order_of_rids, "8", "Requests are answered in rid order"),
    case!(
        a_request_with_payloads_is_held_like_an_empty_one,
        "8",
        "Empty requests wait as those with payloads do"
    ),
    case!(several_payloads_wait_for_one_answer, "8", "All that waits comes in the next answers, in order"),
    case!(characters_of_all_planes_survive, "7.2", "Bodies are UTF-8"),
    case!(a_long_stanza_survives, "8", "Payloads of 40 kB pass both ways"),
];

fn payloads_of_one_request_are_handled_in_order(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let all: String = (0..5).map(|n| ping(&format!("p{n}"))).collect();
    let mut ids = Vec::new();
    let mut answer = session.ask("", &all);
    loop {
        ids.extend(body(&answer).children.iter().filter_map(|c| c.attr("id").map(str::to_owned)));
        if ids.len() >= 5 {
            break;
        }
        answer = session.ask("", "");
    }
    assert_eq!(ids, ["p0", "p1", "p2", "p3", "p4"]);
    Ok(())
}

fn payloads_of_many_requests_are_handled_in_order(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut first = session.next("", &ping("one"));
    let mut second = session.next("", &ping("two"));
    let both = first.answer().text() + &second.answer().text();
    let (one, two) = (both.find("one"), both.find("two"));
    assert!(one.is_some() && (two.is_none() || one < two), "{both}");
    Ok(())
}

fn an_empty_request_is_held_until_its_wait_is_over(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let begin = Instant::now();
    let answer = body(&session.ask("", ""));
    let held = begin.elapsed();
    assert_eq!(answer.attr("type"), None, "{answer}");
    assert!(held >= Duration::from_millis(WAIT_SECS * 1000 - 300), "answered after {held:?}: {answer}");
    assert!(held <= Duration::from_millis(WAIT_SECS * 1000 + 2000), "answered after {held:?}");
    Ok(())
}

fn an_answer_with_nothing_to_say_is_an_empty_body(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "1")]);
    let answer = body(&session.ask("", ""));
    assert!(answer.children.is_empty() && answer.attr("type").is_none(), "{answer}");
    Ok(())
}

/// Two sessions: the second writes to the first.
fn pair(subject: &Subject) -> (Bosh<'_>, Tcp) {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    let jid = session.jid.clone();
    session.wait_for("its own presence", "<presence xmlns='jabber:client'/>", |e| {
        e.name == "presence" && e.attr("from") == Some(&jid)
    });
    (session, Tcp::sign_in(subject).present())
}

fn a_payload_ends_the_wait(subject: &Subject) -> Outcome {
    let (mut session, mut other) = pair(subject);
    // What else the sign-in brought may come first.
    let end = Instant::now() + Duration::from_secs(12);
    let mut held = session.next("", "");
    while let Some(answer) = held.answer_within(Duration::from_secs(1)) {
        assert!(Instant::now() < end, "it never becomes quiet: {}", answer.text());
        held = session.next("", "");
    }
    let begin = Instant::now();
    other.send(&message(&session.jid, "m1"));
    let answer = held.answer();
    assert!(answer.text().contains("words of m1"), "{}", answer.text());
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    Ok(())
}

fn no_more_requests_are_held_than_agreed(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    let mut first = session.next("", "");
    assert!(first.answer_within(Duration::from_millis(700)).is_none(), "one is held");
    let _second = session.next("", "<presence xmlns='jabber:client'/>");
    assert!(
        first.answer_within(Duration::from_secs(10)).is_some(),
        "with `hold` 1 the older one is answered"
    );
    Ok(())
}

fn answers_come_in_the_order_of_rids(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "6")]);
    let mut first = session.next("", "");
    let mut second = session.next("", &ping("one"));
    let first = first.answer_within(Duration::from_secs(5)).expect("the older one is answered first");
    if !first.text().contains("one") {
        let second = second.answer();
        assert!(second.text().contains("one"), "{}", second.text());
    }
    Ok(())
}

fn a_request_with_payloads_is_held_like_an_empty_one(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    // A message of type error is never answered (RFC 6120 §8.3.1).
    let silent = format!("<message xmlns='jabber:client' type='error' to='{}x'/>", session.jid);
    let mut held = session.next("", &silent);
    let early = held.answer_within(Duration::from_secs(1));
    assert!(early.is_none(), "{}", early.unwrap().text());
    Ok(())
}

fn several_payloads_wait_for_one_answer(subject: &Subject) -> Outcome {
    let (mut session, mut other) = pair(subject);
    for n in 0..6 {
        other.send(&message(&session.jid, &format!("m{n}")));
    }
    other.is_alive();
    let mut words = Vec::new();
    while words.len() < 6 {
        let answer = body(&session.ask("", ""));
        assert_eq!(answer.attr("type"), None, "{answer}");
        words.extend(answer.children.iter().filter_map(|c| c.find("body").map(|b| b.text.clone())));
    }
    assert_eq!(words, (0..6).map(|n| format!("words of m{n}")).collect::<Vec<_>>());
    Ok(())
}

fn characters_of_all_planes_survive(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let id = "ä\u{20ac}\u{1F600}\u{4e2d}";
    session.wait_for("the answer", &ping(id), |element| element.has_id(id));
    Ok(())
}

fn a_long_stanza_survives(subject: &Subject) -> Outcome {
    let (mut session, mut other) = pair(subject);
    let words = "0123456789".repeat(4_000);
    let to = session.jid.clone();
    other.send(&format!("<message to='{to}' type='chat'><body>{words}</body></message>"));
    let message = session.wait_for("the message", "", |element| element.name == "message");
    assert_eq!(message.find("body").map(|body| body.text.len()), Some(words.len()));
    let back = format!(
        "<message xmlns='jabber:client' to='{}' type='chat'><body>{words}</body></message>",
        other.jid
    );
    session.ask("", &back);
    let message = other.wait_for("the message", |element| element.name == "message");
    assert_eq!(message.find("body").map(|body| body.text.len()), Some(words.len()));
    Ok(())
}

//! The end that the client wishes.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{body, end};
use crate::client::{Bosh, Tcp, message};
use crate::subject::Subject;
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    case!(a_termination_is_answered, "13", "The answer has status 200, and no condition"),
    case!(a_terminated_session_is_gone, "13", "After the answer the session does not exist"),
    case!(every_held_request_is_answered_at_the_end, "13", "No request is left open"),
    case!(payloads_of_a_termination_are_forwarded, "13", "Payloads of the termination are forwarded"),
    case!(others_see_the_presence_of_a_termination, "13", "A graceful logoff: the presence ends"),
];

fn a_termination_is_answered(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let answer = session.ask("type='terminate'", "<presence type='unavailable' xmlns='jabber:client'/>");
    assert_eq!(body(&answer).attr("condition"), None, "{}", answer.text());
    Ok(())
}

fn a_terminated_session_is_gone(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    session.ask("type='terminate'", "");
    let answer = session.ask("", "");
    assert!(end(&answer).is_some(), "{}", answer.text());
    Ok(())
}

fn every_held_request_is_answered_at_the_end(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    let mut last = session.next("type='terminate'", "");
    assert!(last.answer_within(Duration::from_secs(10)).is_some(), "the termination");
    assert!(held.answer_within(Duration::from_secs(10)).is_some(), "the held request");
    Ok(())
}

fn payloads_of_a_termination_are_forwarded(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut other = Tcp::sign_in(subject).present();
    session.ask("type='terminate'", &message(&other.jid, "last"));
    other.wait_for("the last message", |element| element.has_id("last"));
    Ok(())
}

fn others_see_the_presence_of_a_termination(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut other = Tcp::sign_in_as(subject, &user, "watch").present();
    let mut session = Bosh::sign_in_with(subject, &user, "leaves", &[]);
    session.ask("", "<presence xmlns='jabber:client'/>");
    let jid = session.jid.clone();
    other.wait_for("the arrival", |e| e.attr("from") == Some(&jid) && e.attr("type").is_none());
    session.ask("type='terminate'", "<presence type='unavailable' xmlns='jabber:client'/>");
    other
        .wait_for("the departure", |e| e.attr("from") == Some(&jid) && e.attr("type") == Some("unavailable"));
    Ok(())
}

//! Acknowledgements of requests and of answers.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::bosh::body;
use crate::client::{Bosh, ping};
use crate::subject::Subject;
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    case!(
        an_answer_acknowledges_the_requests_behind_it,
        "9.1",
        "`ack` of an answer is the highest rid up to which all have come"
    ),
    case!(
        an_answer_to_the_newest_request_has_no_ack,
        "9.1",
        "No `ack` if it would be the rid that is answered"
    ),
    case!(no_ack_comes_unannounced, "9.1", "`ack` is in later answers only if it was in the first"),
    case!(
        a_lost_answer_is_reported,
        "9.2",
        "An `ack` that is behind may be answered at once with `report` and `time`"
    ),
    case!(
        nothing_is_reported_when_nothing_is_lost,
        "9.2",
        "`report` is for answers that were not acknowledged"
    ),
    case!(
        an_answer_is_kept_until_it_is_acknowledged,
        "14.3",
        "With acknowledgements, answers may be kept until they are acknowledged"
    ),
];

fn an_answer_acknowledges_the_requests_behind_it(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "6")]);
    if session.terms.attr("ack").is_none() {
        return not_offered("no `ack` in the first answer");
    }
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    let higher = session.rid;
    let _next = session.next("", "");
    let answer = body(&held.answer());
    assert_eq!(answer.number("ack"), Some(higher), "{answer}");
    Ok(())
}

fn an_answer_to_the_newest_request_has_no_ack(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    if session.terms.attr("ack").is_none() {
        return not_offered("no `ack` in the first answer");
    }
    let answer = body(&session.ask("", &ping("one")));
    assert_eq!(answer.attr("ack"), None, "{answer}");
    Ok(())
}

fn no_ack_comes_unannounced(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "6")]);
    let announced = session.terms.attr("ack").is_some();
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    let _next = session.next("", "");
    let answer = body(&held.answer());
    assert_eq!(answer.attr("ack").is_some(), announced, "{answer}");
    Ok(())
}

fn a_lost_answer_is_reported(subject: &Subject) -> Outcome {
    let mut session = Bosh::create(subject, &[("ack", "1"), ("wait", "6")]);
    session.authenticate(&subject.user());
    session.restart_and_bind("r");
    let lost = session.rid;
    session.ask("", &ping("lost"));
    std::thread::sleep(Duration::from_millis(1_500));
    let mut next = session.next(&format!("ack='{}'", lost - 1), "");
    let Some(answer) = next.answer_within(Duration::from_secs(5)) else {
        return not_offered("the answer waits as always");
    };
    let answer = body(&answer);
    if answer.attr("report").is_none() {
        return not_offered("no `report`");
    }
    assert_eq!(answer.number("report"), Some(lost), "{answer}");
    let time = answer.number("time").expect("time");
    assert!((1_400..30_000).contains(&time), "milliseconds since the lost answer: {time}");
    Ok(())
}

fn nothing_is_reported_when_nothing_is_lost(subject: &Subject) -> Outcome {
    let mut session = Bosh::create(subject, &[("ack", "1"), ("wait", "2")]);
    session.authenticate(&subject.user());
    session.restart_and_bind("r");
    std::thread::sleep(Duration::from_millis(1_500));
    // A client that has all answers need not say so.
    for attributes in [String::new(), format!("ack='{}'", session.rid)] {
        let answer = body(&session.ask(&attributes, ""));
        assert_eq!((answer.attr("report"), answer.attr("type")), (None, None), "{answer}");
    }
    Ok(())
}

fn an_answer_is_kept_until_it_is_acknowledged(subject: &Subject) -> Outcome {
    let mut session = Bosh::create(subject, &[("ack", "1")]);
    session.authenticate(&subject.user());
    session.restart_and_bind("r");
    let lost = session.rid;
    let behind = format!("ack='{}'", lost - 1);
    let original = session.ask(&behind, &ping("p0"));
    for n in 1..5 {
        session.ask(&behind, &ping(&format!("p{n}")));
    }
    let again = session.at(lost, &behind, &ping("p0")).answer();
    if body(&again).attr("type") == Some("terminate") {
        return not_offered("as many answers are kept as without acknowledgements");
    }
    assert_eq!(again.text(), original.text());
    Ok(())
}

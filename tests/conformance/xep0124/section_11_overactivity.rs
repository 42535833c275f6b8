//! Too many requests.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{body, end};
use crate::client::{Bosh, ping};
use crate::subject::Subject;
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    case!(
        a_busy_loop_of_empty_requests_is_stopped,
        "11",
        "Empty requests at shorter intervals than `polling`, with others held: policy-violation",
        "A SHOULD that guards against a client in a loop. Prosody tells `polling` and does not enforce it; ejabberd \
         enforces it in polling sessions only."
    ),
    case!(requests_with_payloads_may_come_at_any_rate, "11", "Only empty requests can be too frequent"),
    case!(
        one_more_request_may_end_the_session,
        "11",
        "One more request is allowed if it terminates the session"
    ),
];

fn a_busy_loop_of_empty_requests_is_stopped(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    let mut held = session.next("", "");
    for _ in 0..20 {
        let next = session.next("", "");
        let answer = held.answer_within(Duration::from_secs(10)).expect("the older one is answered");
        if let Some(condition) = end(&answer) {
            assert_eq!(condition, "policy-violation", "{}", answer.text());
            return Ok(());
        }
        held = next;
    }
    panic!("20 empty requests in a row, and nobody minds");
}

fn requests_with_payloads_may_come_at_any_rate(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    for n in 0..20 {
        let answer = body(&session.ask("", &ping(&format!("p{n}"))));
        assert_eq!(answer.attr("type"), None, "{answer}");
    }
    Ok(())
}

fn one_more_request_may_end_the_session(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    let mut held = session.next("", "");
    let mut last = session.next("type='terminate'", "");
    assert_ne!(end(&held.answer()).as_deref(), Some("policy-violation"));
    let answer = last.answer();
    assert!(end(&answer).is_none_or(|condition| condition.is_empty()), "{}", answer.text());
    Ok(())
}

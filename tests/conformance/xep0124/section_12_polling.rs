//! Sessions in which nothing is held.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{assert_ends, body};
use crate::client::{Bosh, ping};
use crate::subject::Subject;
use std::thread::sleep;
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[
    case!(with_a_wait_of_0_nothing_is_held, "12", "`wait='0'` makes a polling session"),
    case!(
        with_a_hold_of_0_nothing_is_held,
        "12",
        "`hold='0'` makes a polling session",
        "\"'wait' and/or 'hold'\": either is enough (§7.1, §12). Both hold a request all the same unless `wait` is 0 too."
    ),
    case!(
        a_polling_session_may_be_silent_for_longer,
        "12",
        "`inactivity` is raised by more than `polling` in a polling session",
        "A SHOULD; otherwise a client that polls at the shortest interval has little room. Both tell all sessions the \
         same."
    ),
    case!(
        empty_polls_in_a_hurry_are_a_policy_violation,
        "12",
        "Two empty requests within `polling`, the first answered with nothing: policy-violation",
        "Prosody tells `polling` and does not enforce it; ejabberd counts requests with payloads too, and ends the session \
         at its sign-in."
    ),
    case!(polls_with_payloads_may_hurry, "12", "Only empty requests can be too frequent"),
    case!(polls_at_the_agreed_interval_are_served, "12", "Empty requests every `polling` seconds are fine"),
];

fn polling<'s>(subject: &'s Subject, attribute: &str) -> Bosh<'s> {
    Bosh::sign_in_with_polls(subject, &[(attribute, "0")])
}

fn nothing_is_held(subject: &Subject, attribute: &str) {
    let mut session = polling(subject, attribute);
    let begin = Instant::now();
    let answer = body(&session.ask("", ""));
    assert_eq!(answer.attr("type"), None, "{answer}");
    assert!(begin.elapsed() < Duration::from_millis(3_500), "{:?}", begin.elapsed());
}

fn with_a_wait_of_0_nothing_is_held(subject: &Subject) -> Outcome {
    nothing_is_held(subject, "wait");
    Ok(())
}

fn with_a_hold_of_0_nothing_is_held(subject: &Subject) -> Outcome {
    nothing_is_held(subject, "hold");
    Ok(())
}

fn a_polling_session_may_be_silent_for_longer(subject: &Subject) -> Outcome {
    let usual = Bosh::open(subject).terms;
    let polling = Bosh::create(subject, &[("wait", "0")]).terms;
    let (usual, longer) = (usual.number("inactivity").unwrap(), polling.number("inactivity").unwrap());
    assert!(longer > usual + polling.number("polling").unwrap_or(0), "{longer} beside {usual}");
    Ok(())
}

fn empty_polls_in_a_hurry_are_a_policy_violation(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with_polls(subject, &[("wait", "0"), ("hold", "0")]);
    let polls = session.terms.number("polling").expect("polling");
    sleep(Duration::from_secs(polls));
    let first = body(&session.ask("", ""));
    assert!(first.children.is_empty() && first.attr("type").is_none(), "{first}");
    assert_ends(session.next("", ""), "policy-violation");
    Ok(())
}

fn polls_with_payloads_may_hurry(subject: &Subject) -> Outcome {
    let mut session = polling(subject, "wait");
    for n in 0..10 {
        let answer = body(&session.ask("", &ping(&format!("p{n}"))));
        assert_eq!(answer.attr("type"), None, "{answer}");
    }
    Ok(())
}

fn polls_at_the_agreed_interval_are_served(subject: &Subject) -> Outcome {
    let mut session = polling(subject, "wait");
    let polls = session.terms.number("polling").expect("polling");
    for _ in 0..3 {
        sleep(Duration::from_millis(polls * 1000 + 50));
        let answer = body(&session.ask("", ""));
        assert_eq!(answer.attr("type"), None, "{answer}");
    }
    Ok(())
}

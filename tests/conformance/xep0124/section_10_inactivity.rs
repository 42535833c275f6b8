//! How long a session may be without a request, and pauses.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::bosh::{assert_ends, body};
use crate::client::{Bosh, Tcp, message};
use crate::subject::{INACTIVITY_SECS, MAXPAUSE_SECS, Subject};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[
    case!(a_silent_session_is_terminated, "10", "Silence beyond `inactivity` ends the session"),
    case!(a_session_within_its_inactivity_lives, "10", "Up to `inactivity` the client may be silent"),
    case!(a_held_request_is_a_sign_of_life, "10", "Inactivity counts while no request is held"),
    case!(a_pause_is_answered_at_once, "10", "A pause request and all held requests are answered at once"),
    case!(the_answer_to_a_pause_carries_no_payload, "10", "The answer to a pause must not contain payloads"),
    case!(a_pause_extends_the_inactivity, "10", "A pause raises the inactivity to the requested time"),
    case!(the_pause_ends_with_the_next_request, "10", "The next request sets the inactivity back"),
    case!(a_pause_may_shorten_the_inactivity, "10", "A pause may be shorter than `inactivity`"),
    case!(a_pause_beyond_maxpause_is_not_granted, "10", "Pauses are granted up to `maxpause`"),
];

fn a_silent_session_is_terminated(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    sleep(subject.longer_than_inactivity());
    session.is_gone();
    Ok(())
}

fn a_session_within_its_inactivity_lives(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    for _ in 0..2 {
        sleep(Duration::from_secs(u64::from(INACTIVITY_SECS) - 3));
        session.is_alive();
    }
    Ok(())
}

fn a_held_request_is_a_sign_of_life(subject: &Subject) -> Outcome {
    let wait = (u64::from(INACTIVITY_SECS) + 4).to_string();
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", &wait)]);
    let begin = Instant::now();
    assert_eq!(body(&session.ask("", "")).attr("type"), None);
    assert!(begin.elapsed() > Duration::from_secs(u64::from(INACTIVITY_SECS)), "{:?}", begin.elapsed());
    session.is_alive();
    Ok(())
}

fn pausing(subject: &Subject) -> Option<Bosh<'_>> {
    let session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    session.terms.attr("maxpause").is_some().then_some(session)
}

fn a_pause_is_answered_at_once(subject: &Subject) -> Outcome {
    let Some(mut session) = pausing(subject) else { return not_offered("no `maxpause`") };
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    let pause = session.next("pause='10'", "");
    for mut request in [held, pause] {
        let answer = request.answer_within(Duration::from_secs(10)).expect("answered at once");
        assert_eq!(body(&answer).attr("type"), None, "{}", answer.text());
    }
    session.is_alive();
    Ok(())
}

fn the_answer_to_a_pause_carries_no_payload(subject: &Subject) -> Outcome {
    let Some(mut session) = pausing(subject) else { return not_offered("no `maxpause`") };
    let jid = session.jid.clone();
    session
        .wait_for("its own presence", "<presence xmlns='jabber:client'/>", |e| e.attr("from") == Some(&jid));
    let mut other = Tcp::sign_in(subject).present();
    // Between two requests a message comes, and then a pause.
    other.send(&message(&session.jid, "m1"));
    other.is_alive();
    let answer = body(&session.ask("pause='10'", ""));
    assert!(answer.children.is_empty(), "{answer}");
    session.wait_for("the message", "", |element| element.has_id("m1"));
    Ok(())
}

fn a_pause_extends_the_inactivity(subject: &Subject) -> Outcome {
    let Some(mut session) = pausing(subject) else { return not_offered("no `maxpause`") };
    session.ask(&format!("pause='{MAXPAUSE_SECS}'"), "");
    sleep(Duration::from_secs(u64::from(INACTIVITY_SECS) + 3));
    session.is_alive();
    Ok(())
}

fn the_pause_ends_with_the_next_request(subject: &Subject) -> Outcome {
    let Some(mut session) = pausing(subject) else { return not_offered("no `maxpause`") };
    session.ask(&format!("pause='{MAXPAUSE_SECS}'"), "");
    session.is_alive();
    sleep(subject.longer_than_inactivity());
    session.is_gone();
    Ok(())
}

fn a_pause_may_shorten_the_inactivity(subject: &Subject) -> Outcome {
    let Some(mut session) = pausing(subject) else { return not_offered("no `maxpause`") };
    session.ask("pause='2'", "");
    sleep(Duration::from_secs(u64::from(INACTIVITY_SECS) - 2));
    session.is_gone();
    Ok(())
}

fn a_pause_beyond_maxpause_is_not_granted(subject: &Subject) -> Outcome {
    let Some(mut session) = pausing(subject) else { return not_offered("no `maxpause`") };
    let answer = body(&session.ask("pause='100000'", ""));
    if answer.attr("type") == Some("terminate") {
        assert_eq!(answer.attr("condition"), Some("policy-violation"));
        return Ok(());
    }
    sleep(Duration::from_secs(u64::from(MAXPAUSE_SECS) + 4));
    assert_ends(session.next("", ""), "item-not-found");
    Ok(())
}

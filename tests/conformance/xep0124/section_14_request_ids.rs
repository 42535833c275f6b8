//! Request IDs: order, window, repeats.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{assert_bad_request, assert_ends, body, creation, end, post};
use crate::client::{Bosh, Tcp, message, ping};
use crate::subject::Subject;
use std::time::Duration;

/// The largest rid.
const RID_MAX: u64 = (1 << 53) - 1;

pub(crate) const CASES: &[Case] = &[
    case!(a_session_may_count_up_to_the_highest_rid, "14.1", "rids go up to 9007199254740991"),
    case!(
        a_rid_above_the_highest_is_refused,
        "14.1",
        "A rid never exceeds 9007199254740991",
        "The rule is the client's; a server that lets it pass meets clients that count in doubles, where 2^53 and \
         2^53+1 are one number. Both servers take the rid."
    ),
    case!(
        a_rid_that_is_no_number_is_refused,
        "14.1",
        "A rid is a positive integer",
        "Words, nothing, a negative number, a fraction and 26 digits; both take some of these for a number."
    ),
    case!(
        requests_that_overtake_each_other_are_put_in_order,
        "14.2",
        "Payloads are forwarded and requests answered in rid order"
    ),
    case!(the_last_rid_of_the_window_is_taken, "14.2", "The window is as large as `requests`"),
    case!(a_rid_beyond_the_window_ends_the_session, "14.2", "Beyond the window: item-not-found"),
    case!(nothing_is_left_of_a_session_that_skipped, "14.2", "The session is terminated"),
    case!(a_repeated_request_gets_the_same_answer, "14.3", "A known rid gets the buffered copy"),
    case!(
        as_many_answers_are_kept_as_requests_allowed,
        "14.3",
        "The buffer holds as many answers as `requests`"
    ),
    case!(an_answer_that_is_no_longer_kept_is_not_found, "14.3", "Not in the buffer: item-not-found"),
    case!(payloads_of_a_repeat_are_not_forwarded_again, "14.3", "A repeat is answered from the buffer only"),
    case!(
        another_request_with_a_known_rid_is_not_executed,
        "14.3",
        "A repeat is an exact copy: another body never takes effect"
    ),
    case!(a_held_request_may_be_repeated, "14.3", "A request whose connection broke may be sent again"),
    case!(
        what_comes_while_the_connection_is_broken_is_not_lost,
        "14.3",
        "A repeat gets what the broken connection did not"
    ),
    case!(an_answer_lost_on_its_way_can_be_fetched, "14.3", "A lost answer with payloads is in the buffer"),
];

fn a_session_may_count_up_to_the_highest_rid(subject: &Subject) -> Outcome {
    let mut session = Bosh::create_at(subject, RID_MAX - 2, &[]);
    for _ in 0..2 {
        let failed =
            body(&session.ask("", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='NONE-SUCH'/>"));
        assert_eq!(failed.attr("type"), None, "{failed}");
    }
    assert_eq!(session.rid, RID_MAX + 1);
    Ok(())
}

fn a_rid_above_the_highest_is_refused(subject: &Subject) -> Outcome {
    assert_bad_request(post(subject, &creation(RID_MAX + 1, &[])));
    Ok(())
}

fn a_rid_that_is_no_number_is_refused(subject: &Subject) -> Outcome {
    for rid in ["one", "", "-5", "1.5", "99999999999999999999999999"] {
        let text = creation(1_000, &[]).replace("rid='1000'", &format!("rid='{rid}'"));
        assert_bad_request(post(subject, &text));
    }
    Ok(())
}

fn requests_that_overtake_each_other_are_put_in_order(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut second = session.at(session.rid + 1, "", &ping("two"));
    assert!(second.answer_within(Duration::from_millis(700)).is_none(), "it waits for the first");
    let mut first = session.at(session.rid, "", &ping("one"));
    let both = first.answer().text() + &second.answer().text();
    let (one, two) = (both.find("one"), both.find("two"));
    assert!(one.is_some() && one < two, "{both}");
    session.rid += 2;
    session.is_alive();
    Ok(())
}

fn the_last_rid_of_the_window_is_taken(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let requests = session.requests();
    let mut last = session.at(session.rid + requests - 1, "", &ping("last"));
    assert!(last.answer_within(Duration::from_millis(700)).is_none(), "it waits for those between");
    let between: Vec<_> =
        (0..requests - 1).map(|n| session.at(session.rid + n, "", &ping("between"))).collect();
    for mut connection in between {
        assert_eq!(end(&connection.answer()), None);
    }
    assert_eq!(end(&last.answer()), None);
    session.rid += requests;
    session.is_alive();
    Ok(())
}

fn a_rid_beyond_the_window_ends_the_session(subject: &Subject) -> Outcome {
    let session = Bosh::sign_in(subject);
    assert_ends(session.at(session.rid + session.requests() + 1, "", ""), "item-not-found");
    Ok(())
}

fn nothing_is_left_of_a_session_that_skipped(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    session.at(session.rid + 1_000, "", "").answer();
    let answer = session.ask("", &ping("one"));
    assert!(end(&answer).is_some(), "{}", answer.text());
    Ok(())
}

fn a_repeated_request_gets_the_same_answer(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let original = session.ask("", &ping("one"));
    let again = session.at(session.rid - 1, "", &ping("one")).answer();
    assert_eq!(again.text(), original.text());
    session.is_alive();
    Ok(())
}

fn as_many_answers_are_kept_as_requests_allowed(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let requests = session.requests();
    let first = session.rid;
    let originals: Vec<String> =
        (0..requests).map(|n| session.ask("", &ping(&format!("p{n}"))).text()).collect();
    for (rid, n, original) in (first..).zip(0..).zip(&originals).map(|((rid, n), o)| (rid, n, o)) {
        let again = session.at(rid, "", &ping(&format!("p{n}"))).answer();
        assert_eq!(&again.text(), original, "the answer to rid {rid} of {}", session.rid - 1);
    }
    Ok(())
}

fn an_answer_that_is_no_longer_kept_is_not_found(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let first = session.rid;
    for n in 0..12 {
        session.ask("", &ping(&format!("p{n}")));
    }
    assert_ends(session.at(first, "", &ping("p0")), "item-not-found");
    Ok(())
}

fn payloads_of_a_repeat_are_not_forwarded_again(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut other = Tcp::sign_in(subject).present();
    let twice = message(&other.jid, "once") + &ping("p");
    session.ask("", &twice);
    session.at(session.rid - 1, "", &twice).answer();
    session.ask("", &(message(&other.jid, "after") + &ping("q")));
    let mut ids = Vec::new();
    while ids.last().is_none_or(|id| id != "after") {
        ids.extend(other.element().attr("id").map(str::to_owned));
    }
    assert_eq!(ids.iter().filter(|id| *id == "once").count(), 1, "{ids:?}");
    Ok(())
}

fn another_request_with_a_known_rid_is_not_executed(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    session.ask("", &ping("one"));
    let answer = session.at(session.rid - 1, "", &ping("another")).answer();
    assert!(!answer.text().contains("another"), "{}", answer.text());
    if let Some(condition) = end(&answer) {
        assert_eq!(condition, "item-not-found");
    }
    Ok(())
}

fn a_held_request_may_be_repeated(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "6")]);
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    drop(held);
    let answer = session.at(session.rid - 1, "", "").answer();
    assert_eq!(end(&answer), None, "{}", answer.text());
    session.is_alive();
    Ok(())
}

fn what_comes_while_the_connection_is_broken_is_not_lost(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "10")]);
    let jid = session.jid.clone();
    session
        .wait_for("its own presence", "<presence xmlns='jabber:client'/>", |e| e.attr("from") == Some(&jid));
    let mut other = Tcp::sign_in(subject).present();
    let mut held = session.next("", "");
    while held.answer_within(Duration::from_millis(700)).is_some() {
        held = session.next("", "");
    }
    drop(held);
    other.send(&message(&session.jid, "m1"));
    other.is_alive();
    let again = session.at(session.rid - 1, "", "").answer();
    if !again.text().contains("m1") {
        assert_eq!(end(&again), None, "{}", again.text());
        session.wait_for("the message", "", |element| element.has_id("m1"));
    }
    Ok(())
}

fn an_answer_lost_on_its_way_can_be_fetched(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut lost = session.next("", &ping("one"));
    // The answer is on its way, and nobody reads it.
    std::thread::sleep(Duration::from_millis(300));
    lost.write(b"");
    drop(lost);
    let again = session.at(session.rid - 1, "", &ping("one")).answer();
    if !again.text().contains("one") {
        assert_eq!(end(&again), None, "{}", again.text());
        session.wait_for("the answer", "", |element| element.has_id("one"));
    }
    Ok(())
}

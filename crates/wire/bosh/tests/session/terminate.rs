//! Ends: XEP-0124 §13, §17.

use crate::pair::{
    EMPTY, Pair, RID, carrying, creation_with, message, poll, request, stanza, terminated, with_ack,
};
use aplomb_bosh::{Answer, Condition, Policy, Reason, Version};

const GOODBYE: &str = r#"<body xmlns="http://jabber.org/protocol/httpbind" type="terminate"></body>"#;
const CONFLICT: &str =
    r#"<stream:error><conflict xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>"#;

fn terminate(rid: u64, payload: &str) -> String {
    request(rid, r#"type="terminate""#, payload)
}

fn conflict() -> String {
    format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams" type="terminate" condition="remote-stream-error">{CONFLICT}</body>"#
    )
}

#[test]
fn the_last_stanza_of_a_client_that_leaves_is_delivered_and_all_requests_are_answered() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    let leaving = pair.request(&terminate(RID + 2, &message("unavailable")));
    assert_eq!(pair.delivered, [message("unavailable")]);
    assert_eq!(pair.answer(held), Some(with_ack(EMPTY, RID + 2)));
    assert_eq!(pair.answer(leaving).as_deref(), Some(GOODBYE));
    assert_eq!(pair.ended, Some(Reason::ClientTerminate));
}

#[test]
fn what_still_waits_is_given_to_a_client_that_leaves() {
    let mut pair = Pair::new();
    pair.send("event");
    let leaving = pair.request(&terminate(RID + 1, ""));
    let expected = GOODBYE.replace("></body>", &format!(">{}</body>", message("event")));
    assert_eq!(pair.answer(leaving), Some(expected));
}

#[test]
fn a_client_that_did_not_hear_the_goodbye_hears_it_again() {
    let mut pair = Pair::new();
    pair.request(&terminate(RID + 1, ""));
    assert_eq!(pair.request_after_the_end(&terminate(RID + 1, "")), GOODBYE);
    assert_eq!(pair.farewell(), GOODBYE);
}

#[test]
fn an_end_from_our_side_tells_the_request_that_is_held() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.terminate(Reason::Superseded, Some(CONFLICT));
    assert_eq!(pair.answer(held), Some(conflict()));
    assert_eq!(pair.status(held), Some(200));
    assert_eq!(pair.ended, Some(Reason::Superseded));
}

#[test]
fn an_end_from_our_side_while_nothing_is_held_is_told_when_the_client_comes() {
    let mut pair = Pair::new();
    pair.terminate(Reason::Superseded, Some(CONFLICT));
    assert_eq!(pair.ended, Some(Reason::Superseded));
    assert_eq!(pair.farewell(), conflict());
    assert_eq!(pair.request_after_the_end(&poll(RID + 1)), conflict());
}

#[test]
fn stanzas_sent_before_the_end_arrive_before_the_error() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.session.send(pair.now, message("last").into());
    pair.terminate(Reason::StreamError, Some(CONFLICT));
    assert_eq!(pair.answer(held), Some(conflict().replace(CONFLICT, &(message("last") + CONFLICT))));
}

#[test]
fn a_shutdown_needs_no_stream_error() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.terminate(Reason::Shutdown, None);
    assert_eq!(pair.answer(held), Some(terminated("system-shutdown")));
}

#[test]
fn a_session_can_be_refused_in_its_creation_response() {
    let mut pair = Pair::fresh(&crate::pair::creation(), &Policy::default());
    pair.terminate(Reason::Shutdown, None);
    assert_eq!(pair.answer(pair.first()), Some(terminated("system-shutdown")));
    assert_eq!(pair.ended, Some(Reason::Shutdown));
}

#[test]
fn the_first_end_counts() {
    let mut pair = Pair::new();
    pair.session.terminate(pair.now, Reason::Superseded, None);
    pair.session.terminate(pair.now, Reason::Shutdown, None);
    pair.drain();
    assert_eq!(pair.ended, Some(Reason::Superseded));
}

#[test]
fn nothing_comes_out_of_a_session_that_is_over() {
    let mut pair = Pair::new();
    pair.terminate(Reason::Shutdown, None);
    pair.send("event");
    pair.session.terminate(pair.now, Reason::Superseded, None);
    pair.session.handle_timeout(pair.now);
    assert_eq!(pair.session.poll_output(), None);
    assert_eq!(pair.session.pending(), 0);
}

#[test]
fn old_clients_are_told_by_status() {
    for attributes in ["", r#"ver="1.5""#] {
        let mut pair = Pair::with(&creation_with(attributes), &Policy::default());
        let held = pair.request(&poll(RID + 1));
        let beyond = pair.request(&poll(RID + 9));
        assert_eq!((pair.status(beyond), pair.answer(beyond).as_deref()), (Some(404), Some("")));
        assert_eq!(pair.status(held), Some(404));
    }
}

#[test]
fn an_end_without_a_condition_of_its_own_is_told_with_what_it_is() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.terminate(Reason::SignInTimeout, Some("<late/>"));
    let told = pair.answer(held).unwrap();
    assert!(
        told.contains(r#" condition="undefined-condition""#) && told.contains("<late/></body>"),
        "{told}"
    );
}

#[test]
fn old_clients_are_told_by_body_what_has_no_status() {
    let mut pair = Pair::with(&creation_with(""), &Policy::default());
    let held = pair.request(&poll(RID + 1));
    pair.terminate(Reason::Shutdown, None);
    assert_eq!((pair.status(held), pair.answer(held)), (Some(200), Some(terminated("system-shutdown"))));
}

#[test]
fn the_three_statuses_of_old_clients() {
    let old = Some(Version { major: 1, minor: 5 });
    for (condition, status) in
        [(Condition::BadRequest, 400), (Condition::PolicyViolation, 403), (Condition::ItemNotFound, 404)]
    {
        assert_eq!(Answer::refusal(condition, old).status, status);
        assert_eq!(Answer::refusal(condition, None).status, status);
        assert_eq!(Answer::refusal(condition, Some(Version::CURRENT)).status, 200);
    }
}

#[test]
fn a_request_without_a_session_is_told_so_in_a_body() {
    assert_eq!(Answer::unknown_session().to_vec(), terminated("item-not-found").as_bytes());
    assert_eq!(Answer::bad_request().to_vec(), terminated("bad-request").as_bytes());
    assert_eq!(Answer::refusal(Condition::HostUnknown, None).to_vec(), terminated("host-unknown").as_bytes());
}

#[test]
fn a_stanza_that_answers_the_last_one_still_leaves() {
    let mut pair = Pair::new();
    pair.reply = Some("result");
    let held = pair.request(&poll(RID + 1));
    pair.request(&terminate(RID + 2, &message("query")));
    assert_eq!(pair.answer(held), Some(with_ack(&carrying(&["result"]), RID + 2)));
}

#[test]
fn a_session_that_goes_on_says_no_farewell() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 1, "up"));
    assert_eq!((pair.session.farewell(), pair.session.reason()), (None, None));
}

#[test]
fn a_client_that_came_to_the_wrong_place_is_told_the_right_one() {
    let answer = Answer::see_other_uri("https://cc.example:7443/http-bind/?a&b", Some(Version::CURRENT));
    let expected = terminated("see-other-uri").replace(
        "></body>",
        r#" xmlns:stream="http://etherx.jabber.org/streams"><uri>https://cc.example:7443/http-bind/?a&amp;b</uri></body>"#,
    );
    let text = String::from_utf8(answer.to_vec()).unwrap();
    assert!(text.contains(r#" type="terminate" condition="see-other-uri""#), "{text}");
    assert!(text.ends_with("<uri>https://cc.example:7443/http-bind/?a&amp;b</uri></body>"), "{text}");
    assert_eq!(text.len(), expected.len());
}

#[test]
fn every_reason_has_a_name_of_its_own_and_a_condition_of_the_clause() {
    let told = [
        (Reason::ClientTerminate, None),
        (Reason::Inactivity, Some("item-not-found")),
        (Reason::RidOutOfWindow, Some("item-not-found")),
        (Reason::RidForgotten, Some("item-not-found")),
        (Reason::RidReused, Some("item-not-found")),
        (Reason::KeyMismatch, Some("item-not-found")),
        (Reason::UnknownStream, Some("item-not-found")),
        (Reason::BadRequest, Some("bad-request")),
        (Reason::Overactivity, Some("policy-violation")),
        (Reason::PauseTooLong, Some("policy-violation")),
        (Reason::QueueOverflow, Some("policy-violation")),
        (Reason::Superseded, Some("remote-stream-error")),
        (Reason::StreamError, Some("remote-stream-error")),
        (Reason::CredentialExpired, Some("remote-stream-error")),
        (Reason::DisplacementLoop, Some("remote-stream-error")),
        (Reason::TransportLost, Some("remote-connection-failed")),
        (Reason::SeeOtherUri, Some("see-other-uri")),
        (Reason::SignInTimeout, Some("undefined-condition")),
        (Reason::HostUnknown, Some("host-unknown")),
        (Reason::HostGone, Some("host-gone")),
        (Reason::ImproperAddressing, Some("improper-addressing")),
        (Reason::Shutdown, Some("system-shutdown")),
        (Reason::InternalError, Some("internal-server-error")),
    ];
    for (reason, condition) in told {
        assert_eq!(reason.condition().map(Condition::as_str), condition, "{reason}");
    }
    let names: std::collections::BTreeSet<_> = told.iter().map(|(reason, _)| reason.as_str()).collect();
    assert_eq!(names.len(), told.len());
}

//! Pauses: XEP-0124 §10.

use crate::pair::{EMPTY, Pair, RID, carrying, poll, request, terminated, with_ack};
use aplomb_bosh::Reason;

fn pause(rid: u64, secs: u32) -> String {
    request(rid, &format!(r#"pause="{secs}""#), "")
}

#[test]
fn a_pause_releases_all_requests_and_lengthens_the_silence_allowed() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    let pausing = pair.request(&pause(RID + 2, 120));
    assert_eq!(pair.answer(held), Some(with_ack(EMPTY, RID + 2)));
    assert_eq!(pair.answer(pausing).as_deref(), Some(EMPTY));
    pair.pass_secs(119);
    assert_eq!(pair.ended, None);
    pair.pass_secs(1);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn the_next_request_ends_the_pause() {
    let mut pair = Pair::new();
    pair.request(&pause(RID + 1, 200));
    pair.pass_secs(100);
    pair.request(&poll(RID + 2));
    pair.pass_secs(30 + 60);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn the_response_to_a_pause_carries_nothing_even_when_something_waits() {
    let mut pair = Pair::new();
    pair.send("event");
    let pausing = pair.request(&pause(RID + 1, 100));
    assert_eq!(pair.answer(pausing).as_deref(), Some(EMPTY));
    let next = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

#[test]
fn a_pause_may_also_shorten_the_silence_allowed() {
    let mut pair = Pair::new();
    pair.request(&pause(RID + 1, 10));
    pair.pass_secs(10);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn the_longest_pause_is_granted_and_a_longer_one_ends_the_session() {
    let mut pair = Pair::new();
    pair.request(&pause(RID + 1, 300));
    assert_eq!(pair.ended, None);
    let longer = pair.request(&pause(RID + 2, 301));
    assert_eq!(pair.answer(longer), Some(terminated("policy-violation")));
    assert_eq!(pair.ended, Some(Reason::PauseTooLong));
}

#[test]
fn a_poll_right_after_a_pause_is_not_too_soon() {
    let mut pair =
        Pair::with(&crate::pair::creation_with(r#"hold="0" ver="1.9""#), &aplomb_bosh::Policy::default());
    pair.request(&pause(RID + 1, 100));
    pair.request(&poll(RID + 2));
    assert_eq!(pair.ended, None);
}

#[test]
fn responses_to_pauses_do_not_push_out_those_that_carried_something() {
    let mut pair = Pair::new();
    pair.send("event");
    pair.request(&poll(RID + 1));
    pair.request(&pause(RID + 2, 100));
    pair.request(&pause(RID + 3, 100));
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), Some(carrying(&["event"])));
}

#[test]
fn a_client_that_does_nothing_but_pause_has_a_bounded_number_of_responses_kept() {
    let mut pair = Pair::new();
    for rid in 1..=100 {
        pair.request(&pause(RID + rid, 100));
    }
    pair.request(&pause(RID + 96, 100));
    assert_eq!(pair.ended, Some(Reason::RidForgotten));
}

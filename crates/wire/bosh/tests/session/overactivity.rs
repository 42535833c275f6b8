//! Clients in too much of a hurry: XEP-0124 §11, §12.

use crate::pair::{EMPTY, Pair, RID, creation_with, poll, stanza, terminated};
use aplomb_bosh::{Policy, Reason, limits};
use std::time::Duration;

fn polling() -> Pair {
    Pair::with(&creation_with(r#"hold="0" wait="30" ver="1.9""#), &Policy::default())
}

#[test]
fn a_polling_client_that_comes_back_too_soon_is_ended() {
    let mut pair = polling();
    pair.request(&poll(RID + 1));
    pair.pass_secs(4);
    let soon = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(soon), Some(terminated("policy-violation")));
    assert_eq!(pair.ended, Some(Reason::Overactivity));
}

#[test]
fn a_polling_client_may_come_back_after_the_interval_less_what_the_network_shakes_it() {
    let mut pair = polling();
    for rid in 1..=10 {
        let answer = pair.request(&poll(RID + rid));
        assert_eq!(pair.answer(answer).as_deref(), Some(EMPTY));
        pair.pass(Duration::from_secs(5) - limits::POLLING_LEEWAY);
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn a_polling_client_may_come_back_at_once_when_it_got_something() {
    let mut pair = polling();
    pair.send("event");
    pair.request(&poll(RID + 1));
    pair.request(&poll(RID + 2));
    assert_eq!(pair.ended, None);
}

#[test]
fn a_polling_client_may_send_stanzas_as_fast_as_it_likes() {
    let mut pair = polling();
    for rid in 1..=20 {
        pair.request(&stanza(RID + rid, "up"));
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn a_client_that_polls_in_a_busy_loop_is_ended() {
    let mut pair = Pair::new();
    let tolerated = u64::from(limits::RAPID_POLLS_MAX);
    for rid in 1..=1 + tolerated {
        pair.request(&poll(RID + rid));
    }
    assert_eq!(pair.ended, None);
    let last = pair.request(&poll(RID + 2 + tolerated));
    assert_eq!(pair.answer(last), Some(terminated("policy-violation")));
    assert_eq!(pair.ended, Some(Reason::Overactivity));
}

#[test]
fn polls_between_stanzas_are_no_busy_loop() {
    let mut pair = Pair::new();
    for rid in (1..=60).step_by(3) {
        pair.request(&stanza(RID + rid, "up"));
        pair.request(&poll(RID + rid + 1));
        pair.request(&poll(RID + rid + 2));
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn polls_that_are_answered_at_once_are_no_busy_loop() {
    let mut pair = Pair::new();
    for rid in 1..=100 {
        pair.request(&poll(RID + rid));
        pair.send("event");
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn a_short_wait_is_no_busy_loop() {
    let mut pair = Pair::with(&creation_with(r#"hold="1" wait="1" ver="1.9""#), &Policy::default());
    for rid in 1..=30 {
        pair.request(&poll(RID + rid));
        pair.pass_secs(1);
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn repeats_are_no_busy_loop() {
    let mut pair = Pair::new();
    for _ in 0..50 {
        pair.request(&poll(RID + 1));
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn more_requests_at_once_than_granted_end_the_session() {
    // With two held and two missing, three more would be five connections where three are granted.
    let policy = Policy { hold_max: 2, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="2" wait="30" ver="1.9""#), &policy);
    pair.request(&poll(RID + 1));
    pair.request(&stanza(RID + 2, "up"));
    pair.request(&stanza(RID + 4, "up"));
    assert_eq!(pair.ended, None);
    let fourth = pair.request(&stanza(RID + 5, "up"));
    assert_eq!(pair.answer(fourth), Some(terminated("policy-violation")));
    assert_eq!(pair.ended, Some(Reason::Overactivity));
}

//! Requests that overtake each other: XEP-0124 §14.2.

use crate::pair::{
    EMPTY, Pair, RID, carrying, creation_with, message, poll, repeat, stanza, terminated, with_ack,
};
use aplomb_bosh::{Policy, Reason};
use std::time::Duration;

#[test]
fn stanzas_are_delivered_in_rid_order_when_requests_overtake_each_other() {
    let mut pair = Pair::new();
    let second = pair.request(&stanza(RID + 2, "second"));
    assert_eq!((pair.delivered.len(), pair.answer(second)), (0, None));
    let first = pair.request(&stanza(RID + 1, "first"));
    assert_eq!(pair.delivered, [message("first"), message("second")]);
    assert!(pair.answer(first).is_some(), "one is held, so the older one is answered");
    assert_eq!(pair.answer(second), None);
}

#[test]
fn responses_are_in_rid_order_when_requests_overtake_each_other() {
    let mut pair = Pair::new();
    let second = pair.request(&poll(RID + 2));
    pair.send("event");
    assert_eq!(pair.answer(second), None, "what came early waits for its turn");
    let first = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(first), Some(with_ack(&carrying(&["event"]), RID + 2)));
    assert_eq!(pair.answer(second), None);
}

#[test]
fn several_stanzas_in_one_body_keep_their_order() {
    let mut pair = Pair::new();
    let three = ["a", "b", "c"].map(message).concat();
    pair.request(&crate::pair::request(RID + 1, "", &three));
    assert_eq!(pair.delivered, ["a", "b", "c"].map(message));
}

#[test]
fn a_rid_above_the_window_ends_the_session() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    let beyond = pair.request(&poll(RID + 4));
    assert_eq!(pair.answer(beyond), Some(terminated("item-not-found")));
    assert_eq!(pair.answer(held), Some(terminated("item-not-found")));
    assert_eq!(pair.ended, Some(Reason::RidOutOfWindow));
}

#[test]
fn the_highest_rid_of_the_window_is_inside() {
    let mut pair = Pair::new();
    pair.request(&poll(RID + 2));
    assert_eq!(pair.ended, None);
}

#[test]
fn a_terminate_may_be_one_rid_above_the_window() {
    let mut pair = Pair::new();
    pair.request(&poll(RID + 2));
    pair.request(&crate::pair::request(RID + 3, r#"type="terminate""#, ""));
    assert_eq!(pair.ended, None, "its turn has not come");
    pair.request(&poll(RID + 1));
    assert_eq!(pair.ended, Some(Reason::ClientTerminate));
}

#[test]
fn a_request_that_came_early_may_lose_its_connection_and_still_count() {
    let mut pair = Pair::new();
    let second = pair.request(&stanza(RID + 2, "second"));
    pair.close(second);
    pair.request(&stanza(RID + 1, "first"));
    assert_eq!(pair.delivered, [message("first"), message("second")]);
    let again = pair.request(&stanza(RID + 2, "second"));
    assert_eq!(pair.delivered.len(), 2, "the repeat delivers nothing twice");
    pair.send("event");
    assert_eq!(pair.answer(again), Some(carrying(&["event"])));
}

#[test]
fn an_early_request_that_comes_twice_is_told_to_repeat_on_both_connections() {
    let mut pair = Pair::new();
    let older = pair.request(&stanza(RID + 2, "second"));
    let newer = pair.request(&stanza(RID + 2, "second"));
    assert_eq!(
        pair.answer(older),
        Some(repeat(RID)),
        "not an empty response: it would be taken for the answer"
    );
    assert_eq!(pair.answer(newer), pair.answer(older));
    pair.request(&poll(RID + 1));
    assert_eq!(pair.delivered, [message("second")]);
}

#[test]
fn a_request_that_came_early_is_told_to_repeat_when_its_wait_is_over() {
    let mut pair = Pair::new();
    let early = pair.request(&stanza(RID + 2, "second"));
    pair.pass(Duration::from_millis(29_999));
    assert_eq!(pair.answer(early), None);
    pair.pass(Duration::from_millis(1));
    assert_eq!(pair.answer(early), Some(repeat(RID)), "a recoverable error, XEP-0124 §17.3");
    let lost = pair.request(&stanza(RID + 1, "first"));
    let again = pair.request(&stanza(RID + 2, "second"));
    assert_eq!(pair.delivered, [message("first"), message("second")]);
    assert!(pair.answer(lost).is_some());
    assert_eq!(pair.answer(again).as_deref(), Some(EMPTY));
}

#[test]
fn a_client_that_takes_the_recoverable_error_for_an_answer_loses_nothing() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 2, "second"));
    pair.pass_secs(30);
    pair.request(&stanza(RID + 1, "first"));
    pair.send("event");
    let next = pair.request(&poll(RID + 3));
    assert_eq!(pair.delivered, [message("first"), message("second")]);
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

#[test]
fn an_early_request_of_a_client_that_asked_for_no_wait_is_held_for_a_moment() {
    let mut pair = Pair::with(&creation_with(r#"hold="1" wait="0" ver="1.9""#), &Policy::default());
    let leaving = pair.request(&crate::pair::request(RID + 2, r#"type="terminate""#, ""));
    assert_eq!(pair.answer(leaving), None);
    pair.request(&stanza(RID + 1, "last"));
    assert_eq!((pair.ended, pair.delivered.len()), (Some(Reason::ClientTerminate), 1));
}

#[test]
fn an_early_rid_with_another_body_is_refused() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 2, "one"));
    let other = pair.request(&stanza(RID + 2, "other"));
    assert_eq!(pair.answer(other), Some(terminated("item-not-found")));
    assert_eq!((pair.ended, pair.delivered.len()), (Some(Reason::RidReused), 0));
}

#[test]
fn a_gap_that_is_never_filled_ends_with_the_inactivity_period() {
    let mut pair = Pair::new();
    pair.request(&poll(RID + 2));
    pair.pass_secs(30 + 59);
    assert_eq!(pair.ended, None, "told to repeat after 30 s, then silent for 59 s");
    pair.pass_secs(1);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn the_window_grows_with_the_requests_that_are_held() {
    let policy = Policy { hold_max: 3, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="3" wait="30" ver="1.9""#), &policy);
    for rid in [4, 3, 2] {
        pair.request(&stanza(RID + rid, &rid.to_string()));
    }
    pair.request(&stanza(RID + 1, "1"));
    assert_eq!(pair.delivered, ["1", "2", "3", "4"].map(message));
    assert_eq!(pair.session.parked(), 3);
}

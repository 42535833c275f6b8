//! Requests that come again: XEP-0124 §14.3.

use crate::pair::{EMPTY, Pair, RID, carrying, creation_with, message, poll, stanza, terminated, with_ack};
use aplomb_bosh::{Policy, Reason};

#[test]
fn a_repeated_request_gets_the_same_response_again() {
    let mut pair = Pair::new();
    pair.request(&poll(RID + 1));
    pair.send("event");
    pair.pass_secs(7);
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), Some(carrying(&["event"])));
    let and_again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(and_again), Some(carrying(&["event"])));
}

#[test]
fn the_same_response_has_the_acknowledgement_it_had() {
    let mut pair = Pair::new();
    let first = pair.request(&poll(RID + 1));
    pair.request(&stanza(RID + 2, "up"));
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), pair.answer(first));
}

#[test]
fn an_empty_response_is_kept_like_any_other() {
    let mut pair = Pair::new();
    pair.request(&poll(RID + 1));
    pair.pass_secs(30);
    pair.send("event");
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again).as_deref(), Some(EMPTY), "the event is for the next rid");
    let next = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

#[test]
fn a_stanza_that_comes_twice_is_delivered_once() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 1, "up"));
    pair.request(&stanza(RID + 1, "up"));
    assert_eq!(pair.delivered, [message("up")]);
}

#[test]
fn responses_are_kept_for_the_whole_window() {
    let mut pair = Pair::new();
    for rid in 1..=3 {
        pair.request(&poll(RID + rid));
        pair.send(&rid.to_string());
    }
    let second = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(second), Some(carrying(&["2"])));
    let third = pair.request(&poll(RID + 3));
    assert_eq!(pair.answer(third), Some(carrying(&["3"])));
    let first = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(first), Some(terminated("item-not-found")));
    assert_eq!(pair.ended, Some(Reason::RidForgotten));
}

#[test]
fn a_rid_below_the_first_is_not_found() {
    let mut pair = Pair::new();
    let below = pair.request(&poll(RID - 1));
    assert_eq!(pair.answer(below), Some(terminated("item-not-found")));
}

#[test]
fn a_repeat_of_the_held_request_is_answered_like_the_request() {
    let mut pair = Pair::new();
    let older = pair.request(&poll(RID + 1));
    pair.pass_secs(20);
    let newer = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(older).as_deref(), Some(EMPTY));
    assert_eq!(pair.answer(newer), pair.answer(older), "whichever the client reads");
    pair.send("event");
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), pair.answer(older), "and so it stays");
    let next = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

#[test]
fn what_is_held_before_a_repeated_request_is_answered_before_it() {
    let policy = Policy { hold_max: 2, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="2" wait="30" ver="1.9""#), &policy);
    let first = pair.request(&poll(RID + 1));
    let second = pair.request(&stanza(RID + 2, "up"));
    let again = pair.request(&stanza(RID + 2, "up"));
    assert_eq!(pair.answer(first), Some(with_ack(EMPTY, RID + 2)));
    assert_eq!((pair.answer(second).as_deref(), pair.answer(again).as_deref()), (Some(EMPTY), Some(EMPTY)));
}

#[test]
fn what_answers_a_request_that_was_answered_for_its_repeat_comes_with_the_next() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 1, "query"));
    let newer = pair.request(&stanza(RID + 1, "query"));
    pair.send("result");
    assert_eq!(pair.answer(newer).as_deref(), Some(EMPTY));
    let next = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(next), Some(carrying(&["result"])));
}

#[test]
fn a_held_request_whose_connection_was_cut_is_held_again_when_it_is_repeated() {
    let mut pair = Pair::new();
    let cut = pair.request(&stanza(RID + 1, "up"));
    pair.close(cut);
    pair.send("event");
    let again = pair.request(&stanza(RID + 1, "up"));
    assert_eq!(pair.answer(again), Some(carrying(&["event"])));
    assert_eq!((pair.answer(cut), pair.delivered.len()), (None, 1));
}

#[test]
fn a_request_that_was_cut_and_overtaken_is_answered_with_nothing() {
    let mut pair = Pair::new();
    let cut = pair.request(&poll(RID + 1));
    pair.close(cut);
    let next = pair.request(&poll(RID + 2));
    let late = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(late).as_deref(), Some(EMPTY));
    pair.send("event");
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

#[test]
fn a_rid_that_comes_again_with_another_body_is_refused() {
    let mut pair = Pair::new();
    let held = pair.request(&stanza(RID + 1, "one"));
    let other = pair.request(&stanza(RID + 1, "other"));
    assert_eq!(pair.answer(other), Some(terminated("item-not-found")));
    assert_eq!(pair.answer(held), Some(terminated("item-not-found")));
    assert_eq!(pair.delivered, [message("one")]);
    assert_eq!(pair.ended, Some(Reason::RidReused));
}

#[test]
fn an_answered_rid_that_comes_again_with_another_body_is_refused() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 1, "one"));
    pair.send("event");
    let other = pair.request(&stanza(RID + 1, "other"));
    assert_eq!(pair.answer(other), Some(terminated("item-not-found")));
    assert_eq!(pair.delivered, [message("one")]);
}

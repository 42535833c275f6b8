//! Requests behind one another on one connection: XEP-0124 §11.

use crate::pair::{EMPTY, Pair, RID, poll, repeat, stanza};

#[test]
fn a_request_with_another_behind_it_is_answered_at_once() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.behind(held);
    assert_eq!(pair.answer(held).as_deref(), Some(EMPTY));
    let next = pair.request(&stanza(RID + 2, "up"));
    assert_eq!((pair.answer(next), pair.delivered.len()), (None, 1));
    assert_eq!(pair.ended, None, "the client was not too quick");
}

#[test]
fn what_comes_after_the_answer_is_for_the_request_behind() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.behind(held);
    pair.send("event");
    let next = pair.request(&poll(RID + 2));
    assert!(pair.answer(next).unwrap().contains("event"));
}

#[test]
fn an_early_request_that_stands_in_the_way_is_to_be_repeated() {
    let mut pair = Pair::new();
    let early = pair.request(&stanza(RID + 2, "second"));
    pair.behind(early);
    assert_eq!(pair.answer(early), Some(repeat(RID)));
    pair.request(&stanza(RID + 1, "first"));
    let again = pair.request(&stanza(RID + 2, "second"));
    assert_eq!(pair.delivered.len(), 2, "neither is lost, neither comes twice");
    pair.send("event");
    assert!(pair.answer(again).is_some());
}

#[test]
fn a_request_that_was_answered_or_is_unknown_changes_nothing() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.send("event");
    pair.behind(held);
    pair.behind(aplomb_bosh::RequestId(99));
    assert_eq!(pair.ended, None);
}

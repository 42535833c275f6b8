//! Holding requests: XEP-0124 §8, §9.1.

use crate::pair::{EMPTY, Pair, RID, carrying, creation_with, poll, stanza, with_ack};
use aplomb_bosh::{Policy, Stanza};
use bytes::Bytes;
use std::time::Duration;

#[test]
fn a_request_without_news_is_held_for_the_wait_and_then_answered_with_57_bytes() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.pass(Duration::from_millis(29_999));
    assert_eq!(pair.answer(held), None);
    pair.pass(Duration::from_millis(1));
    assert_eq!(pair.answer(held).as_deref(), Some(EMPTY));
    assert_eq!(EMPTY.len(), 57);
}

#[test]
fn a_stanza_leaves_at_once_with_the_request_that_is_held() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.send("event");
    assert_eq!(pair.answer(held), Some(carrying(&["event"])));
    assert_eq!(pair.session.pending(), 0);
}

#[test]
fn head_and_tail_are_written_one_after_the_other_and_not_copied() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    let tail = Bytes::from_static(b"<event/></message>");
    pair.session.send(pair.now, Stanza::new("<message id=\"1\">", tail.clone()));
    let Some(aplomb_bosh::Output::Respond { request, answer }) = pair.session.poll_output() else {
        panic!("a held request is answered")
    };
    assert_eq!(request, held);
    assert_eq!(answer.segments[2].as_ptr(), tail.as_ptr());
    assert_eq!(answer.len(), answer.to_vec().len());
    assert_eq!(
        answer.to_vec(),
        br#"<body xmlns="http://jabber.org/protocol/httpbind"><message id="1"><event/></message></body>"#
    );
}

#[test]
fn stanzas_that_come_between_two_requests_leave_together_with_the_next() {
    let mut pair = Pair::new();
    pair.send("a");
    pair.send("b");
    let next = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(next), Some(carrying(&["a", "b"])));
}

#[test]
fn a_second_request_releases_the_first() {
    let mut pair = Pair::new();
    let first = pair.request(&poll(RID + 1));
    let second = pair.request(&stanza(RID + 2, "up"));
    assert_eq!(pair.answer(first), Some(with_ack(EMPTY, RID + 2)));
    assert_eq!(pair.answer(second), None);
}

#[test]
fn what_answers_a_stanza_while_it_is_delivered_leaves_with_the_released_request() {
    let mut pair = Pair::new();
    pair.reply = Some("result");
    let first = pair.request(&poll(RID + 1));
    let second = pair.request(&stanza(RID + 2, "query"));
    assert_eq!(pair.answer(first), Some(with_ack(&carrying(&["result"]), RID + 2)));
    assert_eq!(pair.answer(second), None);
}

#[test]
fn an_old_client_gets_no_acknowledgements() {
    let mut pair = Pair::with(&creation_with(r#"wait="30" hold="1" ver="1.5""#), &Policy::default());
    let first = pair.request(&poll(RID + 1));
    pair.request(&stanza(RID + 2, "up"));
    assert_eq!(pair.answer(first).as_deref(), Some(EMPTY));
}

#[test]
fn the_oldest_of_two_held_requests_carries_the_stanza() {
    let policy = Policy { hold_max: 2, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="2" wait="30" ver="1.9""#), &policy);
    let first = pair.request(&poll(RID + 1));
    let second = pair.request(&poll(RID + 2));
    assert_eq!(pair.session.parked(), 2);
    pair.send("event");
    assert_eq!(pair.answer(first), Some(with_ack(&carrying(&["event"]), RID + 2)));
    assert_eq!(pair.answer(second), None);
}

#[test]
fn each_request_is_held_for_its_own_wait() {
    let policy = Policy { hold_max: 2, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="2" wait="30" ver="1.9""#), &policy);
    let first = pair.request(&poll(RID + 1));
    pair.pass_secs(10);
    let second = pair.request(&poll(RID + 2));
    pair.pass_secs(20);
    assert_eq!((pair.answer(first).is_some(), pair.answer(second)), (true, None));
    pair.pass_secs(10);
    assert_eq!(pair.answer(second).as_deref(), Some(EMPTY));
}

#[test]
fn a_polling_session_holds_nothing() {
    for attributes in [r#"hold="0" wait="30" ver="1.9""#, r#"hold="1" wait="0" ver="1.9""#] {
        let mut pair = Pair::with(&creation_with(attributes), &Policy::default());
        let first = pair.request(&poll(RID + 1));
        assert_eq!(pair.answer(first).as_deref(), Some(EMPTY), "{attributes}");
        pair.send("event");
        pair.pass_secs(6);
        let second = pair.request(&poll(RID + 2));
        assert_eq!(pair.answer(second), Some(carrying(&["event"])), "{attributes}");
    }
}

#[test]
fn a_stanza_waits_for_the_next_request_when_the_held_one_is_cut() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.close(held);
    pair.send("event");
    assert_eq!(pair.answer(held), None);
    let next = pair.request(&stanza(RID + 2, "up"));
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

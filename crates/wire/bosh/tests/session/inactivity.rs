//! Silence: XEP-0124 §10.

use crate::pair::{Pair, RID, poll, stanza, terminated};
use aplomb_bosh::{Policy, Reason};
use std::time::Duration;

#[test]
fn a_client_that_is_silent_for_the_period_is_gone() {
    let mut pair = Pair::new();
    pair.pass(Duration::from_millis(59_999));
    assert_eq!(pair.ended, None);
    pair.pass(Duration::from_millis(1));
    assert_eq!(pair.ended, Some(Reason::Inactivity));
    assert_eq!(pair.session.poll_timeout(), None);
}

#[test]
fn the_period_counts_from_the_last_response_and_not_from_the_last_request() {
    let mut pair = Pair::new();
    pair.pass_secs(50);
    pair.request(&poll(RID + 1));
    pair.pass_secs(30 + 59);
    assert_eq!(pair.ended, None, "held for 30 s, then silent for 59 s");
    pair.pass_secs(1);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn it_does_not_count_while_a_request_is_held() {
    let policy = Policy { inactivity_secs: 5, ..Policy::default() };
    let mut pair = Pair::with(&crate::pair::creation(), &policy);
    pair.request(&poll(RID + 1));
    pair.pass_secs(29);
    assert_eq!(pair.ended, None);
}

#[test]
fn a_stanza_for_a_silent_client_does_not_keep_it_alive() {
    let mut pair = Pair::new();
    pair.pass_secs(40);
    pair.send("event");
    pair.pass_secs(20);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn it_counts_from_the_cut_when_the_connection_of_the_held_request_breaks() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.pass_secs(10);
    pair.close(held);
    pair.pass_secs(59);
    assert_eq!(pair.ended, None);
    pair.pass_secs(1);
    assert_eq!(pair.ended, Some(Reason::Inactivity));
}

#[test]
fn closing_a_connection_that_was_answered_changes_nothing() {
    let mut pair = Pair::new();
    pair.pass_secs(30);
    let deadline = pair.session.poll_timeout();
    pair.close(pair.first());
    assert_eq!(pair.session.poll_timeout(), deadline);
}

#[test]
fn a_repeated_request_is_a_sign_of_life() {
    let mut pair = Pair::new();
    pair.request(&stanza(RID + 1, "up"));
    pair.send("event");
    pair.pass_secs(50);
    pair.request(&stanza(RID + 1, "up"));
    pair.pass_secs(59);
    assert_eq!(pair.ended, None);
}

#[test]
fn a_client_that_comes_after_the_end_is_told_that_there_is_no_session() {
    let mut pair = Pair::new();
    pair.pass_secs(60);
    assert_eq!(pair.farewell(), terminated("item-not-found"));
    let late = pair.request_after_the_end(&poll(RID + 1));
    assert_eq!(late, terminated("item-not-found"));
}

#[test]
fn the_longest_gap_is_the_longest_time_with_no_request_open() {
    let mut pair = Pair::new();
    pair.pass_secs(3);
    pair.request(&poll(RID + 1));
    pair.pass_secs(30 + 45);
    pair.request(&poll(RID + 2));
    pair.pass_secs(29);
    pair.request(&stanza(RID + 3, "up"));
    assert_eq!(pair.session.longest_gap(), Duration::from_secs(45));
    assert_eq!(pair.session.last_seen(), pair.start + Duration::from_secs(3 + 75 + 29));
}

#[test]
fn time_that_runs_backwards_does_no_harm() {
    let mut pair = Pair::new();
    pair.pass_secs(30);
    let held = pair.request(&poll(RID + 1));
    pair.now = pair.start;
    pair.send("event");
    pair.request(&poll(RID + 2));
    assert!(pair.answer(held).is_some());
    assert_eq!(pair.session.last_seen(), pair.start + Duration::from_secs(30));
}

//! Responses that the client acknowledges: XEP-0124 §9.2, §14.3.

use crate::pair::{EMPTY, Pair, RID, carrying, creation_with, poll, request, terminated, with_ack};
use aplomb_bosh::{Policy, Reason, limits};
use std::time::Duration;

fn acknowledging() -> Pair {
    Pair::with(&creation_with(r#"hold="1" ver="1.9" wait="30" ack="1""#), &Policy::default())
}

/// A poll that says up to which rid responses were read.
fn ack(rid: u64, up_to: u64) -> String {
    request(rid, &format!(r#"ack="{up_to}""#), "")
}

fn reported(report: u64, time_ms: u64) -> String {
    EMPTY.replacen('>', &format!(r#" report="{report}" time="{time_ms}">"#), 1)
}

#[test]
fn a_response_that_seems_lost_is_reported_with_its_age() {
    let mut pair = acknowledging();
    pair.request(&poll(RID + 1));
    pair.send("event");
    pair.pass(Duration::from_millis(1_852));
    let next = pair.request(&ack(RID + 2, RID));
    assert_eq!(pair.answer(next), Some(reported(RID + 1, 1_852)), "at once, not after the wait");
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), Some(carrying(&["event"])), "so the client can ask for it again");
}

#[test]
fn a_report_leaves_with_what_waits() {
    let mut pair = acknowledging();
    pair.request(&poll(RID + 1));
    pair.send("lost");
    pair.pass_secs(2);
    pair.send("event");
    let next = pair.request(&ack(RID + 2, RID));
    let expected = carrying(&["event"]).replacen('>', &format!(r#" report="{}" time="2000">"#, RID + 1), 1);
    assert_eq!(pair.answer(next), Some(expected));
}

#[test]
fn a_report_leaves_with_the_oldest_request_beside_the_acknowledgement() {
    let mut pair = acknowledging();
    pair.request(&poll(RID + 1));
    pair.send("lost");
    let held = pair.request(&poll(RID + 2));
    pair.pass_secs(5);
    pair.request(&request(RID + 3, &format!(r#"ack="{RID}""#), ""));
    let expected =
        EMPTY.replacen('>', &format!(r#" ack="{}" report="{}" time="5000">"#, RID + 3, RID + 1), 1);
    assert_eq!(pair.answer(held), Some(expected));
}

#[test]
fn a_response_that_crossed_the_request_on_the_way_is_not_reported() {
    let mut pair = acknowledging();
    pair.request(&poll(RID + 1));
    pair.send("event");
    pair.pass(limits::REPORT_AFTER - Duration::from_millis(1));
    let next = pair.request(&ack(RID + 2, RID));
    assert_eq!(pair.answer(next), None);
}

#[test]
fn nothing_is_reported_when_all_was_read() {
    let mut pair = acknowledging();
    pair.request(&poll(RID + 1));
    pair.send("event");
    pair.pass_secs(10);
    let next = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(next), None, "to leave the acknowledgement out is to acknowledge all");
    pair.pass_secs(30);
    let explicit = pair.request(&ack(RID + 3, RID + 2));
    assert_eq!(pair.answer(explicit), None);
}

#[test]
fn responses_that_were_acknowledged_are_not_kept() {
    let mut pair = acknowledging();
    pair.request(&poll(RID + 1));
    pair.send("event");
    pair.request(&ack(RID + 2, RID + 1));
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), Some(terminated("item-not-found")));
    assert_eq!(pair.ended, Some(Reason::RidForgotten));
}

#[test]
fn responses_that_were_not_acknowledged_are_kept_beyond_the_window() {
    let mut pair = acknowledging();
    for rid in 1..=6 {
        pair.request(&ack(RID + rid, RID));
        pair.send(&rid.to_string());
    }
    let again = pair.request(&ack(RID + 1, RID));
    assert_eq!(pair.answer(again), Some(carrying(&["1"])));
}

#[test]
fn the_number_of_responses_kept_for_a_client_that_acknowledges_nothing_is_bounded() {
    let mut pair = acknowledging();
    let last = limits::UNACKNOWLEDGED_MAX as u64 + 1;
    for rid in 1..=last {
        pair.request(&ack(RID + rid, RID));
        pair.send("event");
    }
    pair.request(&ack(RID + 2, RID));
    assert_eq!(pair.ended, None);
    pair.request(&ack(RID + 1, RID));
    assert_eq!(pair.ended, Some(Reason::RidForgotten));
}

#[test]
fn a_client_that_announces_acknowledgements_and_writes_none_has_as_many_kept_as_others() {
    let mut pair = acknowledging();
    for rid in 1..=3 {
        pair.request(&poll(RID + rid));
        pair.send(&rid.to_string());
    }
    let second = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(second), Some(carrying(&["2"])));
    pair.request(&poll(RID + 1));
    assert_eq!(pair.ended, Some(Reason::RidForgotten));
}

#[test]
fn an_acknowledgement_means_nothing_when_it_was_not_announced() {
    let mut pair = Pair::new();
    pair.request(&poll(RID + 1));
    pair.send("event");
    pair.pass_secs(5);
    let next = pair.request(&ack(RID + 2, RID + 1));
    assert_eq!(pair.answer(next), None);
    let again = pair.request(&poll(RID + 1));
    assert_eq!(pair.answer(again), Some(carrying(&["event"])), "still kept");
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_does_no_harm() {
    for up_to in [0, RID + 1_000, u64::MAX] {
        let mut pair = acknowledging();
        let held = pair.request(&ack(RID + 1, up_to));
        let next = pair.request(&ack(RID + 2, up_to));
        assert_eq!(pair.answer(held), Some(with_ack(EMPTY, RID + 2)), "{up_to}");
        pair.send("event");
        assert_eq!(pair.answer(next), Some(carrying(&["event"])), "{up_to}");
    }
}

#[test]
fn a_polling_client_is_still_told_to_slow_down_when_it_acknowledges() {
    let mut pair = Pair::with(&creation_with(r#"hold="0" ver="1.9" ack="1""#), &Policy::default());
    pair.request(&ack(RID + 1, RID));
    pair.pass_secs(1);
    pair.request(&ack(RID + 2, RID + 1));
    assert_eq!(pair.ended, Some(Reason::Overactivity));
}

//! Bounds, and what happens beyond them.

use crate::pair::{Pair, RID, creation, message, poll, terminated};
use aplomb_bosh::{Policy, Reason, Stanza, limits};

fn narrow() -> Policy {
    Policy { pending_stanzas_max: 3, pending_bytes_max: 200, ..Policy::default() }
}

#[test]
fn as_many_stanzas_as_granted_wait_and_one_more_ends_the_session() {
    let mut pair = Pair::with(&creation(), &narrow());
    for name in ["1", "2", "3"] {
        pair.send(name);
    }
    assert_eq!((pair.ended, pair.session.pending()), (None, 3));
    pair.send("4");
    assert_eq!((pair.ended, pair.session.pending()), (Some(Reason::QueueOverflow), 0));
    assert_eq!(pair.farewell(), terminated("policy-violation"));
}

#[test]
fn as_many_bytes_as_granted_wait_and_one_more_ends_the_session() {
    let mut pair = Pair::with(&creation(), &narrow());
    pair.send_stanza(Stanza::new("h".repeat(100), "t".repeat(100)));
    assert_eq!(pair.ended, None);
    pair.send_stanza(Stanza::from("x"));
    assert_eq!(pair.ended, Some(Reason::QueueOverflow));
}

#[test]
fn what_was_taken_makes_room_again() {
    let mut pair = Pair::with(&creation(), &narrow());
    for rid in 1..=20 {
        pair.send("a");
        pair.send("b");
        pair.request(&poll(RID + rid));
    }
    assert_eq!(pair.ended, None);
}

#[test]
fn a_policy_beyond_reason_is_cut_to_it() {
    let policy = Policy {
        wait_secs_max: u32::MAX,
        wait_secs_default: u32::MAX,
        hold_max: u32::MAX,
        inactivity_secs: u32::MAX,
        polling_secs: u32::MAX,
        maxpause_secs: u32::MAX,
        ..Policy::default()
    };
    let creation = crate::pair::creation_with(r#"wait="4294967295" hold="4294967295" ver="1.9""#);
    let mut pair = Pair::with(&creation, &policy);
    let response = pair.answer(pair.first()).unwrap();
    assert!(response.contains(&format!(r#" hold="{}""#, limits::HOLD_MAX)), "{response}");
    assert!(response.contains(&format!(r#" wait="{}""#, limits::PERIOD_SECS_MAX)), "{response}");
    pair.request(&crate::pair::request(RID + 1, r#"pause="4294967295""#, &message("up")));
    assert_eq!(pair.ended, None);
    assert!(pair.session.poll_timeout().is_some());
}

#[test]
fn rids_count_up_to_their_largest_and_no_further() {
    let creation = creation().replace(&RID.to_string(), &limits::RID_MAX.to_string());
    let mut pair = Pair::with(&creation, &Policy::default());
    let beyond = pair.request(&poll(limits::RID_MAX + 1));
    assert_eq!(pair.answer(beyond), Some(terminated("bad-request")));
    assert_eq!(pair.ended, Some(Reason::BadRequest));
}

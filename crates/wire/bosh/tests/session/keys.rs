//! Key sequences: XEP-0124 §15.

use crate::pair::{Pair, RID, create, creation_with, message, request, terminated};
use aplomb_bosh::{Condition, Policy, Reason};
use sha1::{Digest, Sha1};

/// A client's sequence: the last is sent first.
fn sequence(seed: &str, length: usize) -> Vec<String> {
    let hash = |text: &String| {
        Some(Sha1::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    };
    std::iter::successors(Some(seed.to_owned()), hash).skip(1).take(length).collect()
}

fn protected(keys: &mut Vec<String>) -> Pair {
    let first = keys.pop().unwrap();
    Pair::with(
        &creation_with(&format!(r#"ver="1.9" wait="30" hold="1" newkey="{first}""#)),
        &Policy::default(),
    )
}

fn with_key(rid: u64, key: &str, name: &str) -> String {
    request(rid, &format!(r#"key="{key}""#), &message(name))
}

/// The session has ended as it does when a stranger sends a request.
fn assert_refused(pair: &Pair, answer: Option<String>) {
    assert_eq!(answer, Some(terminated("item-not-found")));
    assert_eq!(pair.ended, Some(Reason::KeyMismatch));
}

#[test]
fn requests_with_the_next_key_are_taken() {
    let mut keys = sequence("a seed", 10);
    let mut pair = protected(&mut keys);
    for rid in 1..=9 {
        pair.request(&with_key(RID + rid, &keys.pop().unwrap(), "up"));
    }
    assert_eq!((pair.ended, pair.delivered.len()), (None, 9));
}

#[test]
fn a_wrong_key_ends_the_session_and_nothing_of_the_request_is_processed() {
    let mut keys = sequence("a seed", 10);
    let mut pair = protected(&mut keys);
    let held = pair.request(&with_key(RID + 1, &keys.pop().unwrap(), "up"));
    let other = sequence("another seed", 1).remove(0);
    let injected = pair.request(&with_key(RID + 2, &other, "injected"));
    assert_refused(&pair, pair.answer(injected));
    assert_eq!(pair.answer(held), Some(terminated("item-not-found")));
    assert_eq!(pair.delivered, [message("up")]);
}

#[test]
fn a_key_that_was_used_does_not_open_again() {
    let mut keys = sequence("a seed", 10);
    let mut pair = protected(&mut keys);
    let used = keys.pop().unwrap();
    pair.request(&with_key(RID + 1, &used, "up"));
    let injected = pair.request(&with_key(RID + 2, &used, "injected"));
    assert_refused(&pair, pair.answer(injected));
}

#[test]
fn a_request_without_a_key_is_refused_whatever_it_asks() {
    for attributes in ["", r#"type="terminate""#, r#"pause="10""#, r#"xmpp:restart="true""#, r#"key="""#] {
        let mut pair = protected(&mut sequence("a seed", 10));
        let injected = pair.request(&request(RID + 1, attributes, ""));
        assert_refused(&pair, pair.answer(injected));
        assert_eq!(pair.restarts, 0);
    }
}

#[test]
fn a_sequence_is_followed_by_another() {
    let mut keys = sequence("a seed", 2);
    let mut pair = protected(&mut keys);
    let mut more = sequence("another seed", 3);
    let switch = format!(r#"key="{}" newkey="{}""#, keys.pop().unwrap(), more.pop().unwrap());
    pair.request(&request(RID + 1, &switch, ""));
    pair.request(&with_key(RID + 2, &more.pop().unwrap(), "a"));
    pair.request(&with_key(RID + 3, &more.pop().unwrap(), "b"));
    assert_eq!((pair.ended, pair.delivered.len()), (None, 2));
}

#[test]
fn a_new_sequence_needs_the_key_of_the_old_one() {
    let mut pair = protected(&mut sequence("a seed", 5));
    let mut mine = sequence("mine", 5);
    let takeover = format!(r#"key="{}" newkey="{}""#, "0".repeat(40), mine.pop().unwrap());
    let injected = pair.request(&request(RID + 1, &takeover, ""));
    assert_refused(&pair, pair.answer(injected));
}

#[test]
fn keys_are_checked_in_rid_order_when_requests_overtake_each_other() {
    let mut keys = sequence("a seed", 5);
    let mut pair = protected(&mut keys);
    let (first, second) = (keys.pop().unwrap(), keys.pop().unwrap());
    pair.request(&with_key(RID + 2, &second, "second"));
    pair.request(&with_key(RID + 1, &first, "first"));
    assert_eq!(pair.delivered, [message("first"), message("second")]);
    assert_eq!(pair.ended, None);
}

#[test]
fn a_repeat_has_the_key_it_had() {
    let mut keys = sequence("a seed", 5);
    let mut pair = protected(&mut keys);
    let once = with_key(RID + 1, &keys.pop().unwrap(), "up");
    pair.request(&once);
    pair.request(&once);
    pair.request(&with_key(RID + 2, &keys.pop().unwrap(), "next"));
    assert_eq!((pair.ended, pair.delivered.len()), (None, 2));
}

#[test]
fn a_sequence_may_begin_later_and_counts_from_then_on() {
    let mut pair = Pair::new();
    let mut keys = sequence("a seed", 3);
    pair.request(&request(RID + 1, &format!(r#"newkey="{}""#, keys.pop().unwrap()), ""));
    pair.request(&with_key(RID + 2, &keys.pop().unwrap(), "up"));
    assert_eq!(pair.ended, None);
    let injected = pair.request(&request(RID + 3, "", ""));
    assert_refused(&pair, pair.answer(injected));
}

#[test]
fn a_key_means_nothing_to_a_session_without_a_sequence() {
    let mut pair = Pair::new();
    pair.request(&with_key(RID + 1, "anything", "a"));
    pair.request(&request(RID + 2, "", &message("b")));
    assert_eq!((pair.ended, pair.delivered.len()), (None, 2));
}

#[test]
fn what_is_no_hash_begins_no_sequence() {
    for newkey in ["", "x", "ca393b51"] {
        let refusal =
            create(&creation_with(&format!(r#"newkey="{newkey}""#)), &Policy::default()).unwrap_err();
        assert_eq!(refusal.condition, Condition::BadRequest, "{newkey:?}");
        let mut pair = Pair::new();
        let later = pair.request(&request(RID + 1, &format!(r#"newkey="{newkey}""#), ""));
        assert_refused(&pair, pair.answer(later));
    }
}

//! Counting what has arrived (XEP-0198 §4), with time as the test likes it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic and look at the clock")]

use aplomb_xmpp::limits::{ACK_DELAY, ACK_REQUEST_EVERY, Unacknowledged};
use aplomb_xmpp::payload::{self, Management, Resumption};
use aplomb_xmpp::{Acks, Condition, Stanza, StreamError};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn unacked(acks: &Acks<u32>) -> Vec<u32> {
    acks.unacked().copied().collect()
}

#[test]
fn what_is_acknowledged_is_forgotten_and_the_rest_is_kept_in_order() {
    let now = Instant::now();
    let mut acks = Acks::default();
    (1..=5).for_each(|n| acks.sent(now, n, 1).unwrap());
    assert_eq!(acks.handle_ack(now, 2).unwrap(), [1, 2]);
    assert_eq!(acks.handle_ack(now, 2).unwrap(), [], "the same count again is no news");
    assert_eq!(unacked(&acks), [3, 4, 5]);
}

#[test]
fn both_counts_go_on_at_zero_behind_the_largest_number() {
    let now = Instant::now();
    let mut acks = Acks::starting_at(u32::MAX);
    (1..=3).for_each(|n| acks.sent(now, n, 1).unwrap());
    assert_eq!(acks.handle_ack(now, 1).unwrap(), [1, 2]);
    acks.handle_stanza();
    acks.handle_stanza();
    assert_eq!(acks.handled(), 1);
}

#[test]
fn a_count_of_more_than_was_sent_is_an_error_that_names_both() {
    let now = Instant::now();
    let mut acks = Acks::starting_at(u32::MAX);
    acks.sent(now, 1, 1).unwrap();
    let error = acks.handle_ack(now, 1).unwrap_err();
    assert_eq!(error, StreamError::HandledCountTooHigh { h: 1, sent: 0 });
    let text = String::from_utf8(error.to_bytes().to_vec()).unwrap();
    assert!(text.contains("<undefined-condition") && text.contains("send-count=\"0\""), "{text}");
    // an earlier count than the last one is, modulo 2^32, one far too high
    assert!(acks.handle_ack(now, u32::MAX - 1).is_err());
}

#[test]
fn what_is_not_acknowledged_is_bounded_by_number_and_by_bytes() {
    let now = Instant::now();
    let limits = Unacknowledged { stanzas_max: 3, bytes_max: 10, ..Unacknowledged::default() };
    let mut acks = Acks::new(limits);
    (0..limits.stanzas_max).for_each(|_| acks.sent(now, 0, 1).unwrap());
    assert!(matches!(acks.sent(now, 0, 1), Err(StreamError::PolicyViolation(_))));
    let mut acks = Acks::new(limits);
    acks.sent(now, 0, limits.bytes_max).unwrap();
    assert!(acks.sent(now, 0, 1).is_err());
    acks.handle_ack(now, 1).unwrap();
    acks.sent(now, 0, 1).unwrap();
}

#[test]
fn an_acknowledgement_is_asked_for_after_a_number_of_stanzas_or_a_time_and_never_twice() {
    let now = Instant::now();
    let mut acks = Acks::default();
    assert_eq!(acks.poll_timeout(), None);
    acks.sent(now, 0, 1).unwrap();
    assert!(!acks.poll_request(now));
    assert_eq!(acks.poll_timeout(), Some(now + ACK_DELAY));
    assert!(acks.poll_request(now + ACK_DELAY));
    (0..ACK_REQUEST_EVERY).for_each(|_| acks.sent(now, 0, 1).unwrap());
    assert!(!acks.poll_request(now + ACK_DELAY * 2), "one is on its way");
    acks.handle_ack(now, 1).unwrap();
    assert!(acks.poll_request(now), "so many are enough");
}

#[test]
fn a_connection_that_does_not_answer_a_request_is_dead_after_a_time() {
    let now = Instant::now();
    let answer = Duration::from_secs(7);
    let mut acks = Acks::new(Unacknowledged { answer, ..Unacknowledged::default() });
    acks.sent(now, 0, 1).unwrap();
    let asked = now + ACK_DELAY;
    assert!(acks.poll_request(asked));
    assert_eq!(acks.poll_timeout(), Some(asked + answer));
    assert!(!acks.is_overdue(asked + answer - Duration::from_millis(1)));
    assert!(acks.is_overdue(asked + answer));
    acks.handle_resumed(asked);
    assert!(!acks.is_overdue(asked + answer), "another connection has its own time");
}

#[test]
fn the_elements_are_read_and_written_as_the_xep_has_them() {
    let read = |text: &str| Management::read(&Stanza::parse(text.as_bytes()).unwrap());
    let sm = "xmlns='urn:xmpp:sm:3'";
    assert_eq!(
        read(&format!("<enable {sm} resume='1' max='30'/>")),
        Ok(Management::Enable { resume: true, max_secs: Some(30) })
    );
    assert_eq!(read(&format!("<enable {sm}/>")), Ok(Management::Enable { resume: false, max_secs: None }));
    assert_eq!(read(&format!("<r {sm}/>")), Ok(Management::Request));
    assert_eq!(read(&format!("<a {sm} h='4294967295'/>")), Ok(Management::Answer { h: u32::MAX }));
    let resume = Management::Resume { previd: "x".into(), h: 7 };
    assert_eq!(read(&format!("<resume {sm} previd='x' h='7'/>")), Ok(resume));
    for bad in ["<a {}/>", "<a {} h='-1'/>", "<a {} h='4294967296'/>", "<resume {} h='1'/>"] {
        assert_eq!(read(&bad.replace("{}", sm)), Err(StreamError::BadFormat), "{bad}");
    }
    assert_eq!(read(&format!("<enabled {sm}/>")), Err(StreamError::UnsupportedStanzaType));

    let resumption = Resumption { id: "a&b".into(), max_secs: 60, location: Some("[::1]:5222".into()) };
    assert_eq!(
        payload::management_enabled(Some(&resumption)),
        "<enabled xmlns=\"urn:xmpp:sm:3\" resume=\"true\" id=\"a&amp;b\" max=\"60\" location=\"[::1]:5222\"></enabled>"
    );
    let failed = payload::management_failed(Condition::ItemNotFound, None);
    assert!(failed.starts_with(b"<failed xmlns=\"urn:xmpp:sm:3\"><item-not-found"));
}

proptest! {
    /// Whatever is sent, acknowledged and cut: the client's stanzas are those that were sent, in order, once each.
    #[test]
    fn over_any_number_of_cut_connections_nothing_is_lost_and_nothing_comes_twice(
        start in any::<u32>(),
        connections in prop::collection::vec((0..40_u32, 0..60_usize, any::<bool>()), 1..12),
    ) {
        let now = Instant::now();
        let mut acks = Acks::starting_at(start);
        let (mut sent, mut seen) = (0, Vec::new());
        for (new, arrive, acknowledged) in connections {
            // on the wire: what is sent again, then what is new, cut after `arrive`
            let mut wire: Vec<_> = acks.unacked().copied().collect();
            for _ in 0..new {
                acks.sent(now, sent, 1).unwrap();
                wire.push(sent);
                sent += 1;
            }
            wire.truncate(arrive);
            seen.extend(wire);
            let h = start.wrapping_add(seen.len() as u32);
            if acknowledged {
                acks.handle_ack(now, h).unwrap();
            }
            // the next connection begins with the client's count
            acks.handle_ack(now, h).unwrap();
            acks.handle_resumed(now);
        }
        seen.extend(acks.unacked());
        prop_assert_eq!(seen, (0..sent).collect::<Vec<_>>());
    }
}

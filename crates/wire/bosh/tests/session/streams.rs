//! Several streams in one session: XEP-0124 §16.

use crate::pair::{
    EMPTY, FEATURES, Pair, RID, carrying, creation_with, message, poll, request, stanza, terminated,
};
use aplomb_bosh::{Policy, Reason, StreamId, limits};
use bytes::Bytes;

const FIRST: &str = "a1b2c3d4-1";
const SECOND: &str = "a1b2c3d4-2";
const CONFLICT: &str =
    r#"<stream:error><conflict xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>"#;

fn opening(rid: u64) -> String {
    request(rid, r#"to="cc.example" xml:lang="en" xmpp:version="1.0""#, "")
}

fn on(stream: &str, rid: u64, name: &str) -> String {
    request(rid, &format!(r#"stream="{stream}""#), &message(name))
}

/// What the client reads for these stanzas of a stream.
fn carrying_on(stream: &str, names: &[&str]) -> String {
    carrying(names).replacen('>', &format!(r#" stream="{stream}">"#), 1)
}

/// A session with two streams. The next rid is `RID + 2`.
fn two() -> (Pair, StreamId) {
    let mut pair = Pair::new();
    pair.features = Some(FEATURES);
    pair.request(&opening(RID + 1));
    let second = pair.opened[0];
    (pair, second)
}

#[test]
fn the_response_to_an_opening_names_the_stream_and_holds_its_features() {
    let mut pair = Pair::new();
    pair.features = Some(FEATURES);
    let added = pair.request(&opening(RID + 1));
    let expected = format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams" stream="{SECOND}" from="cc.example" secure="true" xmlns:xmpp="urn:xmpp:xbosh" xmpp:version="1.0" xmpp:restartlogic="true">{FEATURES}</body>"#
    );
    assert_eq!(pair.answer(added), Some(expected));
    assert_eq!(pair.session.streams(), 2);
}

#[test]
fn an_opening_is_answered_at_once_even_without_features() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    let added = pair.request(&opening(RID + 2));
    assert!(!pair.answer(held).unwrap().contains("stream"), "the one before is released first");
    assert!(pair.answer(added).unwrap().contains(&format!(r#" stream="{SECOND}""#)));
}

#[test]
fn a_repeated_opening_opens_one_stream() {
    let mut pair = Pair::new();
    let once = pair.request(&opening(RID + 1));
    let again = pair.request(&opening(RID + 1));
    assert_eq!(pair.answer(once), pair.answer(again));
    assert_eq!(pair.opened.len(), 1);
}

#[test]
fn openings_are_no_busy_loop() {
    let mut pair = Pair::new();
    for rid in 1..=3 {
        pair.request(&opening(RID + rid));
    }
    assert_eq!((pair.ended, pair.opened.len()), (None, 3));
}

#[test]
fn a_stanza_goes_to_the_stream_that_is_named() {
    let (mut pair, second) = two();
    pair.request(&on(SECOND, RID + 2, "b"));
    pair.request(&on(FIRST, RID + 3, "a"));
    assert_eq!(pair.delivered, [message("b"), message("a")]);
    assert_eq!(pair.delivered_on, [second, StreamId::FIRST]);
}

#[test]
fn a_stanza_without_a_name_goes_to_all_streams() {
    let (mut pair, second) = two();
    pair.request(&stanza(RID + 2, "presence"));
    assert_eq!(pair.delivered_on, [StreamId::FIRST, second]);
}

#[test]
fn a_response_holds_payload_of_one_stream_and_names_it() {
    let (mut pair, second) = two();
    pair.send("1a");
    pair.session.send_to(pair.now, second, message("2a").into());
    pair.send("1b");
    let first = pair.request(&poll(RID + 2));
    let next = pair.request(&poll(RID + 3));
    assert_eq!(pair.answer(first), Some(carrying_on(FIRST, &["1a", "1b"])));
    assert_eq!(pair.answer(next), Some(carrying_on(SECOND, &["2a"])));
}

#[test]
fn an_empty_response_names_no_stream() {
    let (mut pair, _) = two();
    let held = pair.request(&poll(RID + 2));
    pair.pass_secs(30);
    assert_eq!(pair.answer(held).as_deref(), Some(EMPTY));
}

#[test]
fn with_one_stream_nothing_is_named() {
    let mut pair = Pair::new();
    let held = pair.request(&on(FIRST, RID + 1, "up"));
    pair.send("event");
    assert_eq!(pair.answer(held), Some(carrying(&["event"])));
    assert_eq!(pair.delivered_on, [StreamId::FIRST]);
}

#[test]
fn a_stream_is_restarted_by_its_name() {
    let (mut pair, second) = two();
    let attributes = format!(r#"stream="{SECOND}" to="cc.example" xmpp:restart="true""#);
    let restarting = pair.request(&request(RID + 2, &attributes, ""));
    assert_eq!(pair.restarted_on, Some(second));
    pair.session.send_to(pair.now, second, FEATURES.into());
    pair.drain();
    let answer = pair.answer(restarting).unwrap();
    assert!(answer.contains(r#"xmlns:stream="http://etherx.jabber.org/streams""#), "{answer}");
    assert!(answer.contains(&format!(r#" stream="{SECOND}">{FEATURES}"#)), "{answer}");
}

#[test]
fn a_client_may_close_one_stream_and_keep_the_other() {
    let (mut pair, second) = two();
    let held = pair.request(&poll(RID + 2));
    let closing =
        pair.request(&request(RID + 3, &format!(r#"type="terminate" stream="{SECOND}""#), &message("bye")));
    assert_eq!(pair.delivered_on, [second], "what the request holds is for that stream");
    assert_eq!(pair.closed, [(second, Reason::ClientTerminate)]);
    assert!(!pair.answer(held).unwrap().contains("terminate"));
    let goodbye = format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" type="terminate" stream="{SECOND}"></body>"#
    );
    assert_eq!(pair.answer(closing), Some(goodbye));
    pair.request(&on(FIRST, RID + 4, "on"));
    assert_eq!((pair.ended, pair.session.streams()), (None, 1));
}

#[test]
fn the_session_ends_with_its_last_stream() {
    let (mut pair, second) = two();
    pair.request(&request(RID + 2, &format!(r#"type="terminate" stream="{FIRST}""#), ""));
    assert_eq!(pair.closed, [(StreamId::FIRST, Reason::ClientTerminate)]);
    let closing =
        pair.request(&request(RID + 3, &format!(r#"type="terminate" stream="{SECOND}""#), &message("bye")));
    assert_eq!(
        (pair.ended, pair.delivered_on.as_slice()),
        (Some(Reason::ClientTerminate), [second].as_slice())
    );
    assert!(pair.answers_terminate(closing));
}

#[test]
fn a_terminate_without_a_name_ends_all_streams() {
    let (mut pair, second) = two();
    pair.request(&request(RID + 2, r#"type="terminate""#, &message("bye")));
    assert_eq!(pair.ended, Some(Reason::ClientTerminate));
    assert_eq!(pair.delivered_on, [StreamId::FIRST, second]);
}

#[test]
fn an_end_of_one_stream_from_our_side_leaves_the_session() {
    let (mut pair, second) = two();
    let held = pair.request(&poll(RID + 2));
    pair.session.send_to(pair.now, second, message("last").into());
    pair.session.close(pair.now, second, Reason::Superseded, Some(Bytes::from_static(CONFLICT.as_bytes())));
    pair.drain();
    assert_eq!(pair.closed, [(second, Reason::Superseded)]);
    let expected = format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams" type="terminate" condition="remote-stream-error" stream="{SECOND}">{}{CONFLICT}</body>"#,
        message("last")
    );
    assert_eq!(pair.answer(held), Some(expected));
    assert_eq!((pair.ended, pair.session.streams()), (None, 1));
}

#[test]
fn an_end_of_the_only_stream_is_the_end_of_the_session() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    pair.session.close(pair.now, StreamId::FIRST, Reason::Shutdown, None);
    pair.drain();
    assert_eq!(pair.answer(held), Some(terminated("system-shutdown")));
    assert_eq!(pair.ended, Some(Reason::Shutdown));
}

#[test]
fn a_name_that_was_never_given_ends_the_session() {
    for name in
        ["", "2", "a1b2c3d4-3", "a1b2c3d4-0", "a1b2c3d4-02", "a1b2c3d4-+2", "other-1", "a1b2c3d4-99999999999"]
    {
        let (mut pair, _) = two();
        let lost = pair.request(&on(name, RID + 2, "up"));
        assert_eq!(pair.answer(lost), Some(terminated("item-not-found")), "{name:?}");
        assert_eq!((pair.ended, pair.delivered.len()), (Some(Reason::UnknownStream), 0));
    }
}

#[test]
fn what_comes_for_a_stream_that_was_just_closed_is_passed_over() {
    let (mut pair, second) = two();
    pair.session.close(pair.now, second, Reason::StreamError, None);
    pair.drain();
    pair.request(&on(SECOND, RID + 2, "too late"));
    pair.session.send_to(pair.now, second, message("too late").into());
    pair.drain();
    assert_eq!((pair.ended, pair.delivered.len(), pair.session.pending()), (None, 0, 0));
}

#[test]
fn a_name_on_an_empty_request_is_ignored() {
    let (mut pair, _) = two();
    pair.request(&request(RID + 2, r#"stream="nobody""#, ""));
    assert_eq!(pair.ended, None);
}

#[test]
fn one_stream_more_than_granted_is_refused_and_the_others_live() {
    let policy = Policy { streams_max: 2, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="1" wait="30" ver="1.9""#), &policy);
    pair.request(&opening(RID + 1));
    let third = pair.request(&opening(RID + 2));
    let answer = pair.answer(third).unwrap();
    assert!(
        answer.contains(r#" type="terminate" condition="policy-violation" stream="a1b2c3d4-3""#),
        "{answer}"
    );
    assert_eq!((pair.ended, pair.opened.len(), pair.session.streams()), (None, 1, 2));
}

#[test]
fn a_client_that_opens_streams_and_reads_nothing_is_ended() {
    let mut pair = Pair::new();
    for rid in (1..100).step_by(2) {
        let early = pair.request(&opening(RID + rid + 1));
        pair.close(early);
        pair.request(&opening(RID + rid));
        if pair.ended.is_some() {
            break;
        }
    }
    assert_eq!((pair.ended, pair.opened.len()), (Some(Reason::Overactivity), 3));
}

#[test]
fn a_policy_of_many_streams_is_cut_to_what_a_session_can_bear() {
    let policy = Policy { streams_max: u32::MAX, ..Policy::default() };
    let mut pair = Pair::with(&creation_with(r#"hold="1" wait="30" ver="1.9""#), &policy);
    for rid in 1..=30 {
        pair.request(&opening(RID + rid));
    }
    assert_eq!(pair.session.streams(), limits::STREAMS_MAX as usize);
}

#[test]
fn a_session_of_one_stream_by_policy_takes_no_notice_of_others() {
    let policy = Policy { streams_max: 1, ..Policy::default() };
    for (attributes, policy) in [(r#"hold="1" wait="30" ver="1.9""#, policy), ("", Policy::default())] {
        let mut pair = Pair::with(&creation_with(attributes), &policy);
        assert!(!pair.answer(pair.first()).unwrap().contains(" stream="));
        let held = pair.request(&opening(RID + 1));
        assert_eq!(pair.answer(held), None, "an ordinary empty request");
        pair.request(&on("nobody", RID + 2, "up"));
        assert_eq!((pair.ended, pair.opened.len(), pair.delivered.len()), (None, 0, 1), "{attributes}");
    }
}

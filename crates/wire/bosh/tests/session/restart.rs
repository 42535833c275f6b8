//! Stream restarts: XEP-0206 §5.

use crate::pair::{EMPTY, FEATURES, Pair, RID, body, carrying, poll, request, with_ack};
use aplomb_bosh::{Output, RequestId, Stanza, StreamId};

const RESTARTED: &str =
    r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams">"#;

fn restart(rid: u64) -> String {
    request(rid, r#"to="cc.example" xml:lang="en-US" xmpp:restart="true""#, "")
}

#[test]
fn the_new_features_answer_the_restart() {
    let mut pair = Pair::new();
    let restarting = pair.request(&restart(RID + 1));
    assert_eq!(pair.restarts, 1);
    pair.send_stanza(Stanza::from(FEATURES));
    assert_eq!(pair.answer(restarting), Some(format!("{RESTARTED}{FEATURES}</body>")));
}

#[test]
fn the_owner_learns_the_domain_and_the_language() {
    let mut pair = Pair::new();
    pair.session.handle_request(pair.now, body(&restart(RID + 1)), RequestId(9));
    assert_eq!(
        pair.session.poll_output(),
        Some(Output::Restart {
            stream: StreamId::FIRST,
            to: Some("cc.example".into()),
            lang: Some("en-US".into())
        })
    );
}

#[test]
fn the_request_held_before_is_released_without_the_features() {
    let mut pair = Pair::new();
    let held = pair.request(&poll(RID + 1));
    let restarting = pair.request(&restart(RID + 2));
    assert_eq!(pair.answer(held).as_deref(), Some(EMPTY));
    pair.send_stanza(Stanza::from(FEATURES));
    assert_eq!(pair.answer(restarting), Some(format!("{RESTARTED}{FEATURES}</body>")));
}

#[test]
fn features_that_are_slow_leave_with_a_later_request_and_their_prefix() {
    let mut pair = Pair::new();
    let restarting = pair.request(&restart(RID + 1));
    let next = pair.request(&poll(RID + 2));
    assert_eq!(pair.answer(restarting), Some(with_ack(EMPTY, RID + 2)));
    pair.send_stanza(Stanza::from(FEATURES));
    assert_eq!(pair.answer(next), Some(format!("{RESTARTED}{FEATURES}</body>")));
}

#[test]
fn only_the_response_with_the_features_declares_the_prefix() {
    let mut pair = Pair::new();
    pair.request(&restart(RID + 1));
    pair.send_stanza(Stanza::from(FEATURES));
    let next = pair.request(&poll(RID + 2));
    pair.send("event");
    assert_eq!(pair.answer(next), Some(carrying(&["event"])));
}

#[test]
fn a_restart_that_comes_twice_restarts_once() {
    let mut pair = Pair::new();
    pair.request(&restart(RID + 1));
    pair.send_stanza(Stanza::from(FEATURES));
    let again = pair.request(&restart(RID + 1));
    assert_eq!(pair.restarts, 1);
    assert_eq!(pair.answer(again), Some(format!("{RESTARTED}{FEATURES}</body>")));
}

#[test]
fn all_spellings_of_yes_and_no_are_understood() {
    for (value, restarts) in [("true", 1), ("1", 1), ("false", 0), ("0", 0)] {
        let mut pair = Pair::new();
        pair.request(&request(RID + 1, &format!(r#"xmpp:restart="{value}""#), ""));
        assert_eq!(pair.restarts, restarts, "{value}");
    }
}

#[test]
fn a_restart_attribute_without_its_namespace_is_none() {
    let mut pair = Pair::new();
    pair.request(&request(RID + 1, r#"restart="true""#, ""));
    assert_eq!(pair.restarts, 0);
}

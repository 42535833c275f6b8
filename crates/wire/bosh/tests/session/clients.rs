//! Requests as real clients write them. Strophe, StanzaJS, Tsung and JabberWerx differ in what they ask for, and
//! JabberWerx reads answers as text.

use crate::pair::{EMPTY, FEATURES, Pair, RID, SID, carrying, message, request};
use aplomb_bosh::{Policy, Stanza};

const STROPHE: &str = r#"<body rid="RID" xmlns="http://jabber.org/protocol/httpbind" to="cc.example" xml:lang="en" wait="60" hold="1" content="text/xml; charset=utf-8" ver="1.6" xmpp:version="1.0" xmlns:xmpp="urn:xmpp:xbosh"/>"#;
const STANZAJS: &str = r#"<body xmlns="http://jabber.org/protocol/httpbind" rid="RID" to="cc.example" ver="1.6" wait="60" hold="2" xml:lang="en" xmlns:xmpp="urn:xmpp:xbosh" xmpp:version="1.0"/>"#;
const TSUNG: &str = r#"<body content='text/xml; charset=utf-8' hold='1' to='cc.example' rid='RID' route='xmpp:cc.example:5222' secure='true' ver='1.8' wait='30' xml:lang='en' xmlns='http://jabber.org/protocol/httpbind' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>"#;
const JABBERWERX: &str = r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" xml:lang="en-us" xmpp:version="1.0" ver="1.9" rid="RID" wait="30" hold="1" to="cc.example" from="1001001@cc.example"/>"#;

fn begin(creation: &str) -> (Pair, String) {
    let mut pair = Pair::fresh(&creation.replace("RID", &RID.to_string()), &Policy::default());
    pair.session.send(pair.now, Stanza::from(FEATURES));
    pair.drain();
    let answer = pair.answer(pair.first()).unwrap();
    (pair, answer)
}

#[test]
fn every_client_gets_a_session_from_its_first_body() {
    for (creation, version, wait) in
        [(STROPHE, "1.6", 60), (STANZAJS, "1.6", 60), (TSUNG, "1.8", 30), (JABBERWERX, "1.9", 30)]
    {
        let (pair, answer) = begin(creation);
        for attribute in
            [format!(r#"sid="{SID}""#), format!(r#"ver="{version}""#), format!(r#"wait="{wait}""#)]
        {
            assert!(answer.contains(&format!(" {attribute} ")), "{attribute}: {answer}");
        }
        assert!(answer.contains(r#" hold="1" "#) && answer.contains(r#" requests="2" "#), "{answer}");
        assert_eq!(pair.content_type(pair.first()), None);
    }
}

#[test]
fn answers_can_be_read_as_text() {
    let (mut pair, answer) = begin(JABBERWERX);
    assert!(
        answer.starts_with(r#"<body xmlns="http://jabber.org/protocol/httpbind""#),
        "no declaration, no prefix"
    );
    assert!(answer.contains("<stream:features>") && answer.contains("xmlns:stream="), "{answer}");
    let restart = pair.request(&request(RID + 1, r#"to="cc.example" xmpp:restart="true""#, ""));
    pair.send_stanza(Stanza::from(FEATURES));
    assert!(pair.answer(restart).unwrap().contains("><stream:features>"));
}

#[test]
fn a_client_that_repeats_a_request_three_times_gets_its_answer_each_time() {
    let (mut pair, _) = begin(JABBERWERX);
    let two = message("iq") + &message("presence");
    pair.request(&request(RID + 1, "", &two));
    pair.send("result");
    for _ in 0..3 {
        let again = pair.request(&request(RID + 1, "", &two));
        assert_eq!(pair.answer(again), Some(carrying(&["result"])));
    }
    assert_eq!(pair.delivered.len(), 2);
}

#[test]
fn a_client_that_keeps_two_requests_held_is_served_with_one() {
    let (mut pair, _) = begin(STANZAJS);
    let first = pair.request(&crate::pair::poll(RID + 1));
    let second = pair.request(&crate::pair::poll(RID + 2));
    assert!(pair.answer(first).unwrap().starts_with(EMPTY.trim_end_matches("></body>")));
    pair.send("event");
    assert_eq!(pair.answer(second), Some(carrying(&["event"])));
}

#[test]
fn a_rid_may_begin_at_two_to_the_32() {
    let rid = 1_u64 << 32;
    let mut pair = Pair::with(&STROPHE.replace("RID", &rid.to_string()), &Policy::default());
    let next = pair.request(&crate::pair::stanza(rid + 1, "up"));
    assert_eq!((pair.answer(next), pair.delivered.len()), (None, 1));
}

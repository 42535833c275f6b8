//! Making a session: XEP-0124 §7, XEP-0206 §3, §4.

use crate::pair::{FEATURES, Pair, RID, body, create, creation, creation_with};
use aplomb_bosh::{Condition, Policy, Stanza, Version};

fn opening(attributes: &str) -> String {
    opening_under(attributes, &Policy::default())
}

fn opening_under(attributes: &str, policy: &Policy) -> String {
    let pair = Pair::with(&creation_with(attributes), policy);
    pair.answer(pair.first()).unwrap()
}

#[test]
fn features_given_before_the_first_drain_leave_in_the_creation_response() {
    let mut pair = Pair::fresh(&creation(), &Policy::default());
    pair.session.send(pair.now, Stanza::from(FEATURES));
    pair.drain();
    let expected = format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams" from="cc.example" authid="a1b2c3d4" sid="a1b2c3d4" secure="true" requests="2" inactivity="60" polling="5" wait="30" hold="1" ack="{RID}" maxpause="300" ver="1.9" stream="a1b2c3d4-1" charsets="UTF-8" xmlns:xmpp="urn:xmpp:xbosh" xmpp:version="1.0" xmpp:restartlogic="true">{FEATURES}</body>"#
    );
    assert_eq!(pair.answer(pair.first()), Some(expected));
    assert_eq!(pair.status(pair.first()), Some(200));
}

#[test]
fn features_that_come_later_leave_with_the_next_request() {
    let mut pair = Pair::new();
    pair.session.send(pair.now, Stanza::from(FEATURES));
    pair.drain();
    let next = pair.request(&crate::pair::poll(RID + 1));
    assert!(pair.answer(next).unwrap().contains(FEATURES));
}

#[test]
fn wait_is_cut_to_the_policy() {
    assert!(opening(r#"wait="30" ver="1.6""#).contains(r#" wait="30""#));
    assert!(opening(r#"wait="3600" ver="1.6""#).contains(r#" wait="60""#));
    assert!(opening(r#"wait="99999999999999999999999" ver="1.6""#).contains(r#" wait="60""#));
    let policy = Policy { wait_secs_default: 20, ..Policy::default() };
    assert!(opening_under(r#"ver="1.6""#, &policy).contains(r#" wait="20""#));
}

#[test]
fn hold_is_cut_to_the_policy_and_requests_is_one_more() {
    for (asked, hold, requests) in [("1", 1, 2), ("2", 1, 2), ("99999999999", 1, 2), ("0", 0, 1)] {
        let response = opening(&format!(r#"hold="{asked}" ver="1.6""#));
        assert!(response.contains(&format!(r#" hold="{hold}""#)), "{asked}: {response}");
        assert!(response.contains(&format!(r#" requests="{requests}""#)), "{asked}: {response}");
    }
}

#[test]
fn a_polling_session_may_be_silent_for_longer_by_more_than_the_interval() {
    for attributes in [r#"hold="0" ver="1.6""#, r#"hold="1" wait="0" ver="1.6""#] {
        assert!(opening(attributes).contains(r#" inactivity="71" polling="5""#), "{attributes}");
    }
}

#[test]
fn the_version_is_the_lower_of_both_by_number() {
    for (theirs, answered) in
        [("1.6", "1.6"), ("1.9", "1.9"), ("1.11", "1.11"), ("1.30", "1.11"), ("2.0", "1.11")]
    {
        let response = opening(&format!(r#"ver="{theirs}""#));
        assert!(response.contains(&format!(r#" ver="{answered}""#)), "{theirs}: {response}");
    }
}

#[test]
fn an_old_client_is_not_told_what_it_does_not_know() {
    for attributes in ["", r#"ver="1.5""#] {
        let response = opening(attributes);
        for name in [" hold=", " ack=", " maxpause=", " ver=", " stream=", " accept=", " charsets="] {
            assert!(!response.contains(name), "{attributes}: {response}");
        }
    }
}

#[test]
fn a_client_that_does_not_name_an_xmpp_version_gets_none() {
    let creation = creation().replace(r#"xmpp:version="1.0""#, "");
    let pair = Pair::with(&creation, &Policy::default());
    assert!(!pair.answer(pair.first()).unwrap().contains("xmpp:version"));
}

#[test]
fn the_misspelt_namespace_of_the_seed_is_understood() {
    let creation = creation().replace("urn:xmpp:xbosh", "urn:xmpp:bosh");
    assert_eq!(body(&creation).xmpp_version.as_deref(), Some("1.0"));
}

#[test]
fn what_the_client_says_is_escaped_when_it_is_said_back() {
    let creation = creation().replace("cc.example", "&quot;&lt;x&gt;&amp;");
    let pair = Pair::with(&creation, &Policy::default());
    assert!(pair.answer(pair.first()).unwrap().contains(r#" from="&quot;&lt;x&gt;&amp;""#));
}

#[test]
fn an_unreadable_rid_makes_no_session() {
    for rid in ["", "x", "-1", "1.5", "0x10", "9007199254740992", "99999999999999999999999999"] {
        let refusal = create(&creation().replace(&RID.to_string(), rid), &Policy::default()).unwrap_err();
        assert_eq!(refusal.condition, Condition::BadRequest, "{rid:?}");
    }
    let without = creation().replace(&format!(r#"rid="{RID}""#), "");
    assert_eq!(create(&without, &Policy::default()).unwrap_err().condition, Condition::BadRequest);
}

#[test]
fn the_largest_rid_is_two_to_the_53_less_one() {
    let creation = creation().replace(&RID.to_string(), "9007199254740991");
    assert_eq!(create(&creation, &Policy::default()).unwrap().last_rid(), 9_007_199_254_740_991);
}

#[test]
fn a_creation_without_a_domain_is_refused() {
    for creation in [creation().replace("cc.example", ""), creation().replace(r#"to="cc.example""#, "")] {
        let refusal = create(&creation, &Policy::default()).unwrap_err();
        assert_eq!(refusal.condition, Condition::ImproperAddressing);
        assert_eq!(refusal.version, Some(Version { major: 1, minor: 9 }));
        assert_eq!(refusal.answer().status, 200);
    }
}

#[test]
fn a_creation_that_terminates_is_refused() {
    let refusal = create(&creation_with(r#"type="terminate" ver="1.6""#), &Policy::default()).unwrap_err();
    assert_eq!(refusal.condition, Condition::BadRequest);
}

#[test]
fn an_old_client_is_refused_by_status() {
    let creation =
        format!(r#"<body xmlns="http://jabber.org/protocol/httpbind" to="cc.example" rid="{}"/>"#, "x");
    let answer = create(&creation, &Policy::default()).unwrap_err().answer();
    assert_eq!((answer.status, answer.len()), (400, 0));
}

#[test]
fn the_content_codings_of_requests_are_told_if_there_are_any() {
    assert!(!opening(r#"ver="1.6""#).contains(" accept="));
    let policy = Policy { accept: Some("gzip"), ..Policy::default() };
    assert!(opening_under(r#"ver="1.6""#, &policy).contains(r#" accept="gzip""#));
}

#[test]
fn the_responses_have_the_content_type_that_the_client_asked_for() {
    let mut pair =
        Pair::with(&creation_with(r#"content="text/html; charset=utf-8" ver="1.9""#), &Policy::default());
    assert_eq!(pair.content_type(pair.first()).as_deref(), Some("text/html; charset=utf-8"));
    let held = pair.request(&crate::pair::poll(RID + 1));
    pair.send("event");
    assert_eq!(pair.content_type(held).as_deref(), Some("text/html; charset=utf-8"));
    let again = pair.request(&crate::pair::poll(RID + 1));
    assert_eq!(pair.content_type(again).as_deref(), Some("text/html; charset=utf-8"));
    let beyond = pair.request(&crate::pair::poll(RID + 9));
    assert_eq!(pair.content_type(beyond).as_deref(), Some("text/html; charset=utf-8"));
}

#[test]
fn the_usual_content_type_needs_no_keeping() {
    for attributes in ["", r#"content="text/xml; charset=utf-8""#, r#"content="text/xml; charset=UTF-8""#] {
        let pair = Pair::with(&creation_with(attributes), &Policy::default());
        assert_eq!(pair.content_type(pair.first()), None, "{attributes}");
    }
}

#[test]
fn a_content_type_that_no_response_can_have_is_refused() {
    for content in ["", "text", "text/xml; charset=utf-16", "text/xml&#13;&#10;Set-Cookie: a=b"] {
        let refusal =
            create(&creation_with(&format!(r#"content="{content}""#)), &Policy::default()).unwrap_err();
        assert_eq!(refusal.condition, Condition::BadRequest, "{content:?}");
    }
}

#[test]
fn what_only_a_proxy_to_many_servers_needs_is_passed_over() {
    opening(
        r#"ver="1.6" route="xmpp:elsewhere.example:5222" secure="true" from="agent@cc.example" xml:lang="de""#,
    );
}

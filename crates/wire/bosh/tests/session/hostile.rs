//! Requests that are not what they should be.

use crate::pair::{Pair, RID, body, creation, poll, request, terminated};
use aplomb_bosh::{Body, BodyError, Condition, Reason};
use bytes::Bytes;

fn refused(xml: &[u8]) -> BodyError {
    let error = Body::parse(&Bytes::copy_from_slice(xml), &xml::Limits::CLIENT).unwrap_err();
    assert_eq!(error.condition(), Condition::BadRequest);
    error
}

#[test]
fn what_is_not_one_strict_document_is_refused() {
    let open = r#"<body xmlns="http://jabber.org/protocol/httpbind" sid="a" rid="1">"#;
    for inside in ["\u{1}", "&#1;", "<a>", "<!-- c -->", "<?p i?>", "&undefined;", "</body><body>"] {
        assert!(
            matches!(refused(format!("{open}{inside}</body>").as_bytes()), BodyError::Xml(_)),
            "{inside:?}"
        );
    }
    for document in [
        &b""[..],
        b"not xml",
        b"\xff\xfe<\x00",
        b"<!DOCTYPE body [<!ENTITY a 'b'>]><body xmlns='http://jabber.org/protocol/httpbind'/>",
    ] {
        assert!(matches!(refused(document), BodyError::Xml(_)));
    }
}

#[test]
fn what_is_larger_than_the_limits_is_refused() {
    let open = r#"<body xmlns="http://jabber.org/protocol/httpbind">"#;
    let long = format!("{open}{}</body>", " ".repeat(1024 * 1024));
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=''")).collect();
    let wide = format!("<body{attributes}/>");
    let deep = format!("{open}{}{}</body>", "<a>".repeat(2_000), "</a>".repeat(2_000));
    for document in [long, wide, deep] {
        assert!(matches!(refused(document.as_bytes()), BodyError::Xml(_)));
    }
}

#[test]
fn another_root_is_refused() {
    for document in [
        "<body/>",
        "<body xmlns='jabber:client'/>",
        "<message xmlns='http://jabber.org/protocol/httpbind'/>",
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>",
    ] {
        assert_eq!(refused(document.as_bytes()), BodyError::NotBody);
    }
}

#[test]
fn values_that_cannot_be_read_are_refused_by_name() {
    for attribute in ["wait", "hold", "pause", "ack", "ver", "type"] {
        for value in ["", "x", "-1", "1 2"] {
            let xml = request(RID + 1, &format!(r#"{attribute}="{value}""#), "");
            let BodyError::Attribute { name, .. } = refused(xml.as_bytes()) else {
                panic!("{attribute}={value:?} is refused for its value")
            };
            assert_eq!(name, attribute);
        }
    }
    let xml = request(RID + 1, r#"xmpp:restart="perhaps""#, "");
    assert!(matches!(refused(xml.as_bytes()), BodyError::Attribute { name: "xmpp:restart", .. }));
}

#[test]
fn text_between_stanzas_is_refused_and_white_space_is_not() {
    assert_eq!(refused(request(RID, "", "text").as_bytes()), BodyError::Text);
    assert_eq!(refused(request(RID, "", "<a/>text").as_bytes()), BodyError::Text);
    assert_eq!(refused(request(RID, "", "<![CDATA[text]]>").as_bytes()), BodyError::Text);
    assert_eq!(refused(request(RID, "", "\u{a0}").as_bytes()), BodyError::Text);
    assert_eq!(body(&request(RID, "", " \r\n\t<a/>\n")).payload.len(), 1);
}

#[test]
fn a_request_without_a_readable_rid_ends_the_session() {
    for rid in [r#"rid="""#, r#"rid="x""#, r#"rid="-1""#, ""] {
        let mut pair = Pair::new();
        let held = pair.request(&poll(RID + 1));
        let bad = pair.request(&poll(RID + 2).replace(&format!(r#"rid="{}""#, RID + 2), rid));
        assert_eq!(pair.answer(bad), Some(terminated("bad-request")), "{rid:?}");
        assert_eq!(pair.answer(held), Some(terminated("bad-request")));
        assert_eq!(pair.ended, Some(Reason::BadRequest));
    }
}

#[test]
fn passwords_and_sids_do_not_show_in_debug_output() {
    let secret = "AGFnZW50MQBzZWNyZXQ=";
    let auth = format!(r#"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl">{secret}</auth>"#);
    let xml = request(RID + 1, "", &auth);
    assert!(!format!("{:?}", body(&xml)).contains(secret));
    let mut pair = Pair::new();
    pair.session.send(pair.now, secret.into());
    pair.session.poll_output();
    pair.session.handle_request(pair.now, body(&xml), aplomb_bosh::RequestId(1));
    let shown = format!("{:?}", pair.session);
    assert!(!shown.contains(secret) && !shown.contains(crate::pair::SID), "{shown}");
    while let Some(output) = pair.session.poll_output() {
        assert!(!format!("{output:?}").contains(secret), "{output:?}");
    }
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "drain poll_output")]
fn forgetting_to_drain_is_caught_in_a_debug_build() {
    let mut pair = Pair::fresh(&creation(), &aplomb_bosh::Policy::default());
    pair.session.handle_timeout(pair.now);
}

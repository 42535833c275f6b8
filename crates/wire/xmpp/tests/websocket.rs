//! RFC 7395 §3: what a message may be, and how ours look.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_xmpp::websocket::{close, open, read, stand_alone};
use aplomb_xmpp::{Frame, Header, Stanza, StreamError};
use bytes::Bytes;

fn read_text(text: &'static str) -> Result<Frame, StreamError> {
    read(Bytes::from_static(text.as_bytes()), &xml::Limits::CLIENT)
}

#[test]
fn open_is_a_header_whatever_its_prefix() {
    let header = Header {
        to: Some("localhost".into()),
        from: None,
        version: Some("1.0".into()),
        lang: Some("ja".into()),
    };
    for text in [
        "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0' xml:lang='ja'/>",
        "<f:open xmlns:f='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0' xml:lang='ja'></f:open>",
    ] {
        assert_eq!(read_text(text), Ok(Frame::Header(header.clone())));
    }
}

#[test]
fn close_is_the_end() {
    assert_eq!(read_text("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"), Ok(Frame::Close));
}

#[test]
fn anything_else_is_a_stanza_even_one_that_speaks_of_framing() {
    for text in [
        "<presence xmlns='jabber:client'/>",
        "<message xmlns='jabber:client'><body>urn:ietf:params:xml:ns:xmpp-framing</body></message>",
    ] {
        assert_eq!(read_text(text), Ok(Frame::Stanza(Bytes::from_static(text.as_bytes()))));
    }
}

#[test]
fn what_is_no_single_element_is_told_so() {
    let cases = [
        ("", StreamError::NotWellFormed),
        (" ", StreamError::NotWellFormed),
        (" <presence xmlns='jabber:client'/>", StreamError::NotWellFormed),
        ("hello", StreamError::NotWellFormed),
        (
            "<?xml version='1.0'?><open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
            StreamError::RestrictedXml,
        ),
        ("<!-- --><open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", StreamError::RestrictedXml),
        ("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'>", StreamError::NotWellFormed),
        ("<opened xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", StreamError::InvalidNamespace),
        ("<stream:stream xmlns='jabber:client' to='localhost'>", StreamError::InvalidNamespace),
        ("</stream:stream>", StreamError::InvalidNamespace),
    ];
    for (text, error) in cases {
        assert_eq!(read_text(text), Err(error), "{text}");
    }
}

#[test]
fn ours_escape_what_they_are_given() {
    let text = String::from_utf8(open("a\"b", "7").to_vec()).unwrap();
    assert!(text.contains("a&quot;b") && text.contains("version=\"1.0\""), "{text}");
    let text = String::from_utf8(close(Some("wss://b.example/ws/?a&b")).to_vec()).unwrap();
    assert!(text.contains("see-other-uri=\"wss://b.example/ws/?a&amp;b\""), "{text}");
    assert!(!String::from_utf8(close(None).to_vec()).unwrap().contains("see-other-uri"));
}

#[test]
fn only_elements_with_the_stream_prefix_get_its_declaration() {
    let features = stand_alone(b"<stream:features><a/></stream:features>").unwrap();
    assert_eq!(
        features,
        &b"<stream:features xmlns:stream=\"http://etherx.jabber.org/streams\"><a/></stream:features>"[..]
    );
    let empty = stand_alone(b"<stream:features/>").unwrap();
    Stanza::parse(&empty).unwrap();
    Stanza::parse(&stand_alone(&StreamError::Conflict.to_bytes()).unwrap()).unwrap();
    assert_eq!(stand_alone(b"<presence xmlns=\"jabber:client\"/>"), None);
}

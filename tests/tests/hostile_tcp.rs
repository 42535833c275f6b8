//! Bad input on the XMPP port: a stream error (RFC 6120 §4.9), a closed connection, a line in the log; nobody else
//! notices.

use aplomb_tests::tcp::{HEADER, Tcp};
use aplomb_tests::{Bystander, Server, many_attributes};

/// What the server says before it closes, after `bytes` on a connection in the given state.
fn answer(mut client: Tcp, bytes: &[u8]) -> String {
    client.send(bytes);
    client.read_to_close()
}

fn ended_with(conditions: &[&str], said: &str) {
    assert!(said.contains("<stream:error"), "a stream error: {said}");
    assert!(
        conditions.iter().any(|condition| said.contains(&format!("<{condition}"))),
        "{conditions:?}: {said}"
    );
    assert!(said.trim_end().ends_with("</stream:stream>"), "the stream is closed: {said}");
}

#[test]
fn what_is_not_an_xmpp_stream_is_ended() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let header = |attributes: &str| format!("<stream:stream {attributes}>");
    let cases: [(&str, String, &[&str]); 6] = [
        ("not XML", "GET / HTTP/1.1\r\n\r\n".to_owned(), &["not-well-formed"]),
        ("a DTD", format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{HEADER}"), &["restricted-xml", "not-well-formed"]),
        (
            "another stream namespace",
            header("xmlns='jabber:client' xmlns:stream='urn:example' version='1.0' to='localhost'"),
            &["invalid-namespace"],
        ),
        (
            "another content namespace",
            header(
                "xmlns='urn:example' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='localhost'",
            ),
            &["invalid-namespace"],
        ),
        (
            "SASL before the stream",
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>".to_owned(),
            &["invalid-namespace", "bad-format", "not-well-formed", "policy-violation"],
        ),
        (
            "20,000 attributes",
            header(&format!(
                "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'{}",
                many_attributes(20_000)
            )),
            &["policy-violation"],
        ),
    ];
    for (what, bytes, conditions) in cases {
        println!("{what}");
        ended_with(conditions, &answer(Tcp::new(&server), bytes.as_bytes()));
        bystander.is_still_served();
    }
    server.log_line(&["WARN", "the client's stream was ended", "fault"]);
}

#[test]
fn what_is_not_a_stanza_ends_an_open_stream() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let cases: [(&str, String, &[&str]); 7] = [
        ("a forbidden character", "<presence>\u{1}</presence>".to_owned(), &["not-well-formed"]),
        ("a reference to one", "<presence>&#1;</presence>".to_owned(), &["not-well-formed"]),
        ("a comment", "<!-- no --><presence/>".to_owned(), &["restricted-xml", "not-well-formed"]),
        ("a wrong end tag", "<presence></message>".to_owned(), &["not-well-formed"]),
        (
            "a second stream header",
            HEADER.trim_start_matches("<?xml version='1.0'?>").to_owned(),
            &["unsupported-stanza-type"],
        ),
        ("a stanza before sign-in", "<presence xmlns='jabber:client'/>".to_owned(), &["not-authorized"]),
        (
            "a stanza of one mebibyte",
            format!("<presence xmlns='jabber:client'><status>{}</status></presence>", "x".repeat(1 << 20)),
            &["policy-violation", "not-authorized"],
        ),
    ];
    for (what, bytes, conditions) in cases {
        println!("{what}");
        ended_with(conditions, &answer(Tcp::open(&server), bytes.as_bytes()));
        bystander.is_still_served();
    }
    server.log_line(&["WARN", "the client's stream was ended", "fault"]);
}

#[test]
fn silence_and_a_cut_connection_hurt_nobody() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let silent = Tcp::new(&server);
    drop(Tcp::open(&server));
    let mut half = Tcp::new(&server);
    half.send(&HEADER.as_bytes()[..40]);
    drop(half);

    bystander.is_still_served();

    drop(silent);
}

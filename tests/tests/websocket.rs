//! XMPP over WebSocket: the handshake (RFC 6455 §4), frames and ends (RFC 7395).

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::websocket::{OPEN, WebSocket, handshake};
use aplomb_tests::{Bystander, Rest, Server, eventually, http};
use std::io::{Read, Write};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

const CLOSE: &str = "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\"></close>";

fn root_name(text: &str) -> (String, String) {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let name = document.root_element().tag_name();
    (name.namespace().unwrap_or_default().to_owned(), name.name().to_owned())
}

/// The error's condition, if the texts are an error and `<close/>`.
fn condition(texts: &[String]) -> String {
    let [.., error, close] = texts else { panic!("an error and a close: {texts:?}") };
    assert_eq!(root_name(error), ("http://etherx.jabber.org/streams".into(), "error".into()));
    assert_eq!(close, CLOSE);
    let document = roxmltree::Document::parse(error).unwrap();
    document.root_element().first_element_child().unwrap().tag_name().name().to_owned()
}

#[test]
fn the_sub_protocol_is_asked_for_and_echoed() {
    let server = Server::start();
    for path in ["/ws/", "/ws"] {
        let offer = [("Sec-WebSocket-Protocol", "chat, xmpp")];
        let (_, answer) = handshake(&server, path, &offer).map_err(|answer| panic!("{answer:?}")).unwrap();
        assert_eq!(answer.headers()["sec-websocket-protocol"], "xmpp");
    }
    for offer in [&[][..], &[("Sec-WebSocket-Protocol", "chat")]] {
        assert_eq!(handshake(&server, "/ws/", offer).unwrap_err().status(), 400);
    }
}

#[test]
fn a_request_that_is_no_handshake_is_told_what_is_missing() {
    let server = Server::start();
    let address = server.address("ws_plain");
    let upgrade = [
        ("Connection", "keep-alive, Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Protocol", "xmpp"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let old = [&upgrade[..], &[("Sec-WebSocket-Version", "8")]].concat();
    let without_key = [&upgrade[..3], &[("Sec-WebSocket-Version", "13")]].concat();
    let plain = http::request(&address, "GET", "/ws/", &[], b"");
    assert_eq!((plain.status, plain.header("upgrade")), (426, Some("websocket")));
    assert!(plain.body.contains("RFC 7395"), "{}", plain.body);
    let refused = http::request(&address, "GET", "/ws/", &old, b"");
    assert_eq!((refused.status, refused.header("sec-websocket-version")), (426, Some("13")));
    assert_eq!(http::request(&address, "GET", "/ws/", &without_key, b"").status, 400);
    assert_eq!(http::request(&address, "POST", "/ws/", &upgrade, b"").status, 405);
}

#[test]
fn pages_of_other_hosts_are_refused_unless_listed() {
    let server = Server::with(&["bosh.cors_origins=https://crm.example"]);
    let port = server.address("rest_plain").rsplit_once(':').unwrap().1.to_owned();
    let status = |origin: &str| {
        let headers = [("Sec-WebSocket-Protocol", "xmpp"), ("Origin", origin)];
        handshake(&server, "/ws/", &headers)
            .map_or_else(|answer| answer.status(), |(_, answer)| answer.status())
    };
    assert_eq!(status("https://crm.example"), 101);
    assert_eq!(status(&format!("http://localhost:{port}")), 101, "the desktop's own page");
    assert_eq!(status("https://evil.example"), 403);
    assert_eq!(status("null"), 403);
}

#[test]
fn each_frame_stands_alone() {
    let server = Server::start();
    let mut client = WebSocket::new(&server);
    let open = client.exchange(OPEN);
    assert_eq!(root_name(&open), ("urn:ietf:params:xml:ns:xmpp-framing".into(), "open".into()));
    let document = roxmltree::Document::parse(&open).unwrap();
    let attribute = |name| document.root_element().attribute(name).map(str::to_owned);
    assert_eq!(attribute("from").as_deref(), Some("localhost"));
    assert_eq!(attribute("version").as_deref(), Some("1.0"));
    assert!(attribute("id").is_some_and(|id| !id.is_empty()));
    let features = client.text();
    assert_eq!(root_name(&features), ("http://etherx.jabber.org/streams".into(), "features".into()));

    let mut client = WebSocket::sign_in(&server, "1001004", "alone");
    Rest::new(&server, "1001004").sign_in("1001004", "2004");
    loop {
        let text = client.text();
        assert_eq!(root_name(&text).0, "jabber:client", "{text}");
        if text.contains("NOT_READY") {
            break;
        }
    }
}

#[test]
fn a_close_is_answered_with_a_close() {
    let server = Server::start();
    let mut client = WebSocket::sign_in(&server, "1001004", "leaves");
    client.send("<presence xmlns='jabber:client' type='unavailable'/>");
    client.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    let (texts, code) = client.to_the_end();
    assert_eq!((texts.last().map(String::as_str), code), (Some(CLOSE), Some(1000)));
    server.log_line(&["a session ended", "websocket", "client-terminate"]);
}

#[test]
fn an_end_from_our_side_is_an_error_and_a_close() {
    let server = Server::start();
    let mut older = WebSocket::sign_in(&server, "1001004", "same");
    let _newer = WebSocket::sign_in(&server, "1001004", "same");
    let (texts, code) = older.to_the_end();
    assert_eq!((condition(&texts).as_str(), code), ("conflict", Some(1000)));
}

#[test]
fn what_is_no_frame_of_xmpp_ends_the_stream() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let long = format!("<message xmlns='jabber:client'><body>{}</body></message>", "x".repeat(65 * 1024));
    let laughs =
        "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><message xmlns='jabber:client'>&b;</message>";
    let cases = [
        (Message::text("hello"), "not-well-formed", 1000),
        (
            Message::text("<presence xmlns='jabber:client'/><presence xmlns='jabber:client'/>"),
            "not-well-formed",
            1000,
        ),
        (Message::text("<presence xmlns='jabber:client'>"), "not-well-formed", 1000),
        (Message::text("<message xmlns='jabber:client'>\u{1}</message>"), "not-well-formed", 1000),
        (Message::text("<stream:stream xmlns='jabber:client' to='localhost'>"), "invalid-namespace", 1000),
        (Message::text(laughs), "restricted-xml", 1000),
        (Message::binary(OPEN.as_bytes().to_vec()), "bad-format", 1003),
        (Message::text(long), "policy-violation", 1009),
        (Message::text(deep), "policy-violation", 1009),
    ];
    for (message, expected, code) in cases {
        let shown = format!("{message:?}").chars().take(80).collect::<String>();
        let mut client = WebSocket::open(&server);
        client.send_message(message);
        let (texts, closed) = client.to_the_end();
        assert_eq!((condition(&texts).as_str(), closed), (expected, Some(code)), "{shown}");
    }
    bystander.is_still_served();
}

#[test]
fn a_first_frame_that_is_not_open_ends_the_stream() {
    let server = Server::start();
    let mut client = WebSocket::new(&server);
    client.send("<presence xmlns='jabber:client'/>");
    let (texts, _) = client.to_the_end();
    assert!(texts[0].starts_with("<open"), "our own open comes first: {texts:?}");
    assert_eq!(condition(&texts), "bad-format");
}

#[test]
fn text_that_is_no_utf_8_and_frames_without_mask_end_the_connection() {
    let server = Server::start();
    let mut client = WebSocket::open(&server);
    let invalid = Frame::message(vec![b'<', 0xFF, b'>'], OpCode::Data(Data::Text), true);
    client.send_message(Message::Frame(invalid));
    let (texts, code) = client.to_the_end();
    assert_eq!((condition(&texts).as_str(), code), ("not-well-formed", Some(1007)));

    let mut client = WebSocket::open(&server);
    client.stream().write_all(b"\x81\x02hi").unwrap();
    assert_eq!(client.to_the_end().1, Some(1002));
}

#[test]
fn a_stanza_may_come_in_pieces() {
    let server = Server::start();
    let mut client = WebSocket::sign_in(&server, "1001004", "pieces");
    let ping = "<iq xmlns='jabber:client' type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>";
    let (first, rest) = ping.split_at(20);
    let piece = |text: &str, data, last| {
        Message::Frame(Frame::message(text.as_bytes().to_vec(), OpCode::Data(data), last))
    };
    client.send_message(piece(first, Data::Text, false));
    client.send_message(piece(rest, Data::Continue, true));
    while !client.text().contains("p1") {}
}

#[test]
fn a_silent_client_is_asked_and_one_that_answers_stays() {
    let server = Server::with(&["websocket.ping_secs=1"]);
    let mut answers = WebSocket::sign_in(&server, "1001004", "answers");
    let mut pings = 0;
    while pings < 3 {
        match answers.message() {
            Some(Message::Ping(_)) => pings += 1,
            Some(Message::Text(_)) => {}
            other => panic!("the connection stays: {other:?}"),
        }
    }

    let _silent = WebSocket::sign_in(&server, "1001005", "silent");
    server.log_line(&["a session ended", "1001005@localhost/silent", "transport-lost"]);
}

#[test]
fn clients_are_sent_elsewhere_when_the_operator_says_so() {
    let server = Server::with(&["websocket.see_other_uri=wss://other.example/ws/"]);
    let mut client = WebSocket::new(&server);
    client.send(OPEN);
    let (texts, code) = client.to_the_end();
    assert_eq!(code, Some(1000));
    let close = roxmltree::Document::parse(texts.last().unwrap()).unwrap();
    assert_eq!(close.root_element().attribute("see-other-uri"), Some("wss://other.example/ws/"));
    server.log_line(&["a session ended", "see-other-uri"]);
}

#[test]
fn the_answer_to_the_handshake_is_written_as_every_client_reads_it() {
    let server = Server::start();
    let mut stream = http::connect(&server.address("ws_plain"));
    let request = "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    // Tsung compares the phrase, and wants a space behind each colon
    assert_eq!(lines.next(), Some("HTTP/1.1 101 Switching Protocols"));
    assert!(lines.clone().all(|line| line.contains(": ")), "{head}");
    // RFC 6455 §1.3 has this pair
    assert!(lines.any(|line| line.ends_with(": s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")), "{head}");
}

#[test]
fn a_websocket_counts_as_a_connection_of_its_address_until_it_ends() {
    let server = Server::with(&["listen.connections_per_address_max=1"]);
    let mut only = WebSocket::open(&server);
    let refused = || {
        let mut stream = http::connect(&server.address("ws_plain"));
        let _ = stream.write_all(b"GET /ws/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
        !matches!(stream.read(&mut [0; 64]), Ok(1..))
    };
    assert!(refused());
    only.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    only.to_the_end();
    eventually("room again", Duration::from_secs(5), || (!refused()).then_some(()));
}

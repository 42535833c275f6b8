//! XML that is made to hurt, in full size, from a client that has signed in, on every transport: the right error, a
//! named end, bounded memory, and nobody else notices.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::bosh::{HTTPBIND, attribute};
use aplomb_tests::{Bosh, Bystander, Server, Tcp, WebSocket, http};
use std::io::Write;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

const AGENT: &str = "1001001";
const PLAIN_TCP: &str = "xmpp.allow_plain_tcp=true";

/// What all of this together may cost, in bytes.
const MEMORY: u64 = 64 * 1024 * 1024;

/// Name, bytes, and the conditions of the stream's end; which one depends on what is noticed first.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    conditions: &'static [&'static str],
    /// The condition of `<body/>`.
    bosh: &'static str,
}

/// Ten entities, each ten times the one before: 3 × 10^9 characters.
fn billion_laughs() -> String {
    let entities: String =
        (1..10).map(|n| format!("<!ENTITY lol{n} '{}'>", format!("&lol{};", n - 1).repeat(10))).collect();
    format!(
        "<!DOCTYPE lolz [<!ENTITY lol0 'lol'>{entities}]><message xmlns='jabber:client'><body>&lol9;</body></message>"
    )
}

fn cases() -> Vec<Case> {
    let message =
        |inside: &[u8]| [b"<message xmlns='jabber:client'><body>", inside, b"</body></message>"].concat();
    vec![
        Case {
            name: "billion laughs",
            bytes: billion_laughs().into_bytes(),
            conditions: &["restricted-xml"],
            bosh: "bad-request",
        },
        Case {
            name: "nesting 15,000 deep",
            bytes: "<a>".repeat(15_000).into_bytes(),
            conditions: &["policy-violation", "not-well-formed"],
            bosh: "bad-request",
        },
        Case {
            name: "nesting 100,000 deep",
            bytes: ("<a>".repeat(100_000) + &"</a>".repeat(100_000)).into_bytes(),
            conditions: &["policy-violation"],
            bosh: "policy-violation",
        },
        Case {
            name: "a stanza of 16 MiB",
            bytes: message(&vec![b'x'; 16 << 20]),
            conditions: &["policy-violation"],
            bosh: "policy-violation",
        },
        Case {
            name: "UTF-8 that is none",
            bytes: message(&[b'a', 0xC3, 0x28, 0xFF]),
            conditions: &["not-well-formed"],
            bosh: "bad-request",
        },
        Case { name: "NUL", bytes: message(b"a\0b"), conditions: &["not-well-formed"], bosh: "bad-request" },
    ]
}

/// A session is ended with one of these conditions, as told to the client and in the journal.
fn ended(server: &Server, resource: &str, said: &str, conditions: &[&str]) {
    let told = conditions.iter().find(|condition| said.contains(&format!("<{condition}")));
    let told = told.unwrap_or_else(|| panic!("one of {conditions:?}: {said}"));
    server.tombstone(&[resource, "\"stream-error\"", told]);
}

/// The forbidden character of one of the cases is counted with the element it stood in.
fn is_counted(server: &Server) {
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let counted = r#"aplomb_forbidden_characters_total{source="xmpp",field="body"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
}

fn within_memory(server: &Server, before: u64) {
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < MEMORY, "{} KiB more than before", grown / 1024);
}

#[test]
fn over_tcp_it_ends_the_stream() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut bystander = Bystander::new(&server);
    let before = server.resident_bytes();
    for (n, case) in cases().iter().enumerate() {
        println!("{}", case.name);
        let resource = format!("tcp-{n}");
        let mut client = Tcp::sign_in(&server, AGENT, &resource);
        client.send(&case.bytes);
        let said = client.read_to_close();
        assert!(said.ends_with("</stream:stream>"), "{said}");
        ended(&server, &resource, &said, case.conditions);
        bystander.is_still_served();
    }
    is_counted(&server);
    within_memory(&server, before);
}

#[test]
fn over_websocket_it_ends_the_stream() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let before = server.resident_bytes();
    for (n, case) in cases().into_iter().enumerate() {
        println!("{}", case.name);
        let resource = format!("websocket-{n}");
        let mut client = WebSocket::sign_in(&server, AGENT, &resource);
        client.send_message(Message::Frame(Frame::message(case.bytes, OpCode::Data(Data::Text), true)));
        let (texts, _) = client.to_the_end();
        ended(&server, &resource, &texts.concat(), case.conditions);
        bystander.is_still_served();
    }
    is_counted(&server);
    within_memory(&server, before);
}

#[test]
fn over_bosh_it_is_refused_and_belongs_to_no_session() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let mut session = Bosh::sign_in(&server, AGENT, "bosh");
    let before = server.resident_bytes();
    for case in cases() {
        println!("{}", case.name);
        let tag = format!("<body xmlns='{HTTPBIND}' sid='{}' rid='{}'>", session.sid, session.rid);
        let body = match case.name {
            // a document type stands before the root
            "billion laughs" => case.bytes,
            _ => [tag.as_bytes(), &case.bytes, b"</body>"].concat(),
        };
        let answer = session.post(&body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(attribute(&answer.body, "condition").as_deref(), Some(case.bosh), "{}", answer.body);
        server.log_line(&["WARN", "the client's request was refused", case.bosh]);
        // what cannot be read names no session
        assert_eq!(attribute(&session.send("").body, "type"), None);
        bystander.is_still_served();
    }
    is_counted(&server);
    within_memory(&server, before);
}

#[test]
fn a_stanza_may_be_as_long_as_the_operator_says_and_no_longer() {
    let server = Server::with(&[PLAIN_TCP, "limits.stanza_bytes_max=20000"]);
    let stanza = |bytes: usize| {
        let [begin, end] =
            ["<message xmlns='jabber:client' to='1001002@localhost'><body>", "</body></message>"];
        format!("{begin}{}{end}", "x".repeat(bytes - begin.len() - end.len()))
    };
    let (fits, too_long) = (stanza(19_000), stanza(20_001));

    let mut client = Tcp::sign_in(&server, AGENT, "tcp");
    client.send(format!("{fits}<iq type='get' id='after'><ping xmlns='urn:xmpp:ping'/></iq>").as_bytes());
    client.read_past("id=\"after\"");
    client.stream().write_all(too_long.as_bytes()).unwrap();
    assert!(client.read_to_close().contains("<policy-violation"));

    let mut client = WebSocket::sign_in(&server, AGENT, "websocket");
    client.send(&fits);
    client.send(&too_long);
    assert!(client.to_the_end().0.concat().contains("<policy-violation"));

    let mut client = Bosh::sign_in(&server, AGENT, "bosh");
    assert_eq!(attribute(&client.send(&fits).body, "type"), None);
    let refused = client.send(&too_long);
    assert_eq!(attribute(&refused.body, "condition").as_deref(), Some("policy-violation"));
}

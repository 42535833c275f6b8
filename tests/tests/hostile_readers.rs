//! Clients that take more than they read: each is ended with a named reason, costs bounded memory, and holds up nobody.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::bosh::HTTPBIND;
use aplomb_tests::publisher::{PLAIN_TCP, flood};
use aplomb_tests::{Bosh, Bystander, Server, Tcp, WebSocket, eventually, http};
use std::io::Write;
use std::time::Duration;

const AGENT: &str = "1001001";
const NODE: &str = "/finesse/api/User/1001001";

/// More than the kernel takes for a connection that nobody reads from (about 10 MB), and more than may wait.
const STANZAS: usize = 2_500;
const BYTES: usize = 12_000;

/// That much for a session of the agent, while somebody else is served. In full size, and with the memory it takes:
/// `crates/edge/notification/tests/overflow.rs`.
fn flooded(server: &Server, resource: &str) {
    let mut bystander = Bystander::new(server);
    std::thread::scope(|scope| {
        let flood = scope.spawn(|| flood(server, NODE, STANZAS, BYTES));
        while !flood.is_finished() {
            bystander.is_still_served();
        }
        flood.join().unwrap();
    });
    server.tombstone(&[AGENT, resource, "\"queue-overflow\""]);
    bystander.is_still_served();
}

#[test]
fn a_tcp_client_that_does_not_read_is_ended() {
    let server = Server::with(&[PLAIN_TCP]);
    let _client = Tcp::sign_in(&server, AGENT, "slow-tcp");
    flooded(&server, "slow-tcp");
}

#[test]
fn a_websocket_client_that_does_not_read_is_ended() {
    let server = Server::with(&[PLAIN_TCP]);
    let _client = WebSocket::sign_in(&server, AGENT, "slow-websocket");
    flooded(&server, "slow-websocket");
}

#[test]
fn a_bosh_client_that_never_polls_again_is_ended_by_what_waits_for_it() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut client = Bosh::sign_in(&server, AGENT, "slow-bosh");
    flooded(&server, "slow-bosh");
    let late = client.send("").body;
    assert!(late.contains("policy-violation") && late.contains("queue-overflow"), "{late}");
}

#[test]
fn a_bosh_client_that_polls_and_does_not_read_the_answers_is_ended_by_what_waits_for_it() {
    let server = Server::with(&[PLAIN_TCP]);
    let session = Bosh::sign_in(&server, AGENT, "blind-bosh");
    let mut connection = http::connect(&server.address("bosh_plain"));
    // one behind the other on one connection, each with something in it, so that none is too frequent
    let requests = (0..400).map(|n| {
        let (sid, rid) = (&session.sid, session.rid + n);
        let body = format!(
            "<body xmlns='{HTTPBIND}' sid='{sid}' rid='{rid}'><presence xmlns='jabber:client'/></body>"
        );
        format!(
            "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    });
    let requests: String = requests.collect();
    connection.write_all(requests.as_bytes()).unwrap();
    flooded(&server, "blind-bosh");
}

/// What was sent stays in the kernel's buffers, which are full, and hyper waits to write more: nobody but the kernel
/// notices.
#[test]
fn a_bosh_connection_that_takes_nothing_is_cut_and_its_session_has_a_named_end() {
    let settings =
        ["limits.unacknowledged_secs=1", "bosh.inactivity_secs=5", "bosh.pending_bytes_max=67108864"];
    let server = Server::with(&[&[PLAIN_TCP][..], &settings].concat());
    let session = Bosh::sign_in(&server, AGENT, "stuck-bosh");
    let before = server.resident_bytes();
    let mut connection = http::connect(&server.address("bosh_plain"));
    let mut bystander = Bystander::new(&server);
    let mut publisher = Tcp::bound(&server, "finesse", "publisher");
    let text = "x".repeat(60_000);
    // each request takes the event that was published before it, into buffers that nobody empties
    for n in 0..400 {
        let item = format!("<item id='i{n}'><flood xmlns='urn:x:flood'>{text}</flood></item>");
        let publish = format!("<publish node='{NODE}'>{item}</publish>");
        let pubsub = format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{publish}</pubsub>");
        publisher.send(format!("<iq type='set' id='p' to='pubsub.localhost'>{pubsub}</iq>").as_bytes());
        publisher.read_past("</iq>");
        let body = format!("<body xmlns='{HTTPBIND}' sid='{}' rid='{}'/>", session.sid, session.rid + n);
        let head = format!("POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}", body.len());
        if write!(connection, "{head}\r\n\r\n{body}").is_err() {
            break;
        }
    }
    bystander.is_still_served();
    server.tombstone(&[AGENT, "stuck-bosh", "\"inactivity\""]);
    // whose connection it was hears of it when it says something
    eventually("the connection is cut", Duration::from_secs(30), || connection.write_all(b"P").err());
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < 64 * 1024 * 1024, "{} KiB more than before", grown / 1024);
    bystander.is_still_served();
}

#[test]
fn a_session_that_waits_for_its_client_keeps_so_much_and_no_more() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut client = Tcp::bound(&server, AGENT, "resumable");
    client.send(b"<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    client.read_to("</enabled>");
    client.send(b"<presence/>");
    drop(client);
    server.log_line(&["its session waits for the client", AGENT]);
    flooded(&server, "resumable");
}

#[test]
fn a_write_that_does_not_end_ends_the_connection() {
    // few enough that they do not overflow, and more bytes than the kernel takes
    let server = Server::with(&[PLAIN_TCP, "limits.write_secs=1", "limits.pending_bytes_max=67108864"]);
    let _tcp = Tcp::sign_in(&server, AGENT, "stuck-tcp");
    let _websocket = WebSocket::sign_in(&server, AGENT, "stuck-websocket");
    let mut bystander = Bystander::new(&server);
    flood(&server, NODE, 700, 60_000);
    server.tombstone(&[AGENT, "stuck-tcp", "\"transport-lost\""]);
    server.tombstone(&[AGENT, "stuck-websocket", "\"transport-lost\""]);
    bystander.is_still_served();
}

#[test]
fn a_bosh_client_that_never_polls_again_is_ended_by_its_silence() {
    let server = Server::with(&["bosh.inactivity_secs=2"]);
    let mut client = Bosh::sign_in(&server, AGENT, "silent");
    server.tombstone(&[AGENT, "silent", "\"inactivity\""]);
    let late = client.send("").body;
    assert!(late.contains("item-not-found") && late.contains("inactivity"), "{late}");
}

//! Connections that only take room: too many, half open, never getting to the point. Each is closed in its time, with
//! its name in the log or the journal, and others are served meanwhile.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::bosh::{HTTPBIND, attribute};
use aplomb_tests::tcp::HEADER;
use aplomb_tests::websocket::OPEN;
use aplomb_tests::{Bosh, Bystander, Server, Tcp, WebSocket, eventually, http};
use socket2::{Domain, Socket, Type};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const PLAIN_TCP: &str = "xmpp.allow_plain_tcp=true";
const MANY: usize = 10_000;

/// Longest time that something with a limit of one second may take on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// A connection from another address of this machine than the other tests use.
fn connect_from(source: [u8; 4], address: &str) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((source, 0)).into()).unwrap();
    let port = address.rsplit_once(':').unwrap().1.parse().unwrap();
    socket.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into()).unwrap();
    socket.into()
}

/// Whether the other side has closed, without waiting.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    match stream.read(&mut [0; 512]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    }
}

/// Whether the server closes within [`SOON`], and what it said before.
fn said_before_closing(mut stream: TcpStream) -> String {
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut said = Vec::new();
    match stream.read_to_end(&mut said) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("still open after {SOON:?}"),
        _ => String::from_utf8_lossy(&said).into_owned(),
    }
}

/// Waits until so many connections were given up for that reason, by the metrics.
fn so_many_are_given_up(server: &Server, reason: &str, count: u64) {
    eventually(&format!("{count} are given up as {reason}"), SOON, || {
        (given_up(server, reason) == count).then_some(())
    });
}

fn given_up(server: &Server, reason: &str) -> u64 {
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let sample = format!("aplomb_connections_given_up_total{{reason=\"{reason}\"}} ");
    let count = metrics.lines().find_map(|line| line.strip_prefix(&sample));
    count.map_or(0, |count| count.parse().unwrap())
}

fn room_for_many() {
    let allowed = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(allowed > MANY as u64 + 500, "this test needs {MANY} open files, and may have {allowed}");
}

#[test]
fn of_ten_thousand_connections_from_one_address_so_many_are_taken_as_may_be() {
    const TAKEN: usize = 300;
    room_for_many();
    let server = Server::with(&[
        &format!("listen.connections_per_address_max={TAKEN}"),
        "limits.request_head_secs=600",
    ]);
    let mut bystander = Bystander::new(&server);
    let before = server.resident_bytes();
    let address = server.address("bosh_plain");
    let mut flood = Vec::new();
    while flood.len() < MANY {
        flood.extend((0..MANY / 10).map(|_| connect_from([127, 0, 0, 2], &address)));
        bystander.is_still_served();
    }
    eventually("the others are closed", SOON, || {
        let closed = flood.iter_mut().filter_map(|stream| is_closed(stream).then_some(())).count();
        assert!(closed <= MANY - TAKEN, "{closed} were closed");
        (closed == MANY - TAKEN).then_some(())
    });
    server.log_line(&["WARN", "too many connections from one address", "127.0.0.2"]);
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < 32 * 1024 * 1024, "{} KiB more than before", grown / 1024);
    bystander.is_still_served();
}

/// The first request of a BOSH session.
fn creation() -> String {
    format!(
        "<body xmlns='{HTTPBIND}' rid='1000' to='localhost' wait='2' hold='1' ver='1.6' xmpp:version='1.0' \
         xmlns:xmpp='urn:xmpp:xbosh'/>"
    )
}

/// Begins a session from this address; the answer's body.
fn begin_from(source: [u8; 4], address: &str) -> String {
    let (mut stream, body) = (connect_from(source, address), creation());
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let length = body.len();
    let head = format!(
        "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn is_refused(answer: &str) -> bool {
    let is_violation = attribute(answer, "condition").as_deref() == Some("policy-violation");
    assert_eq!(
        is_violation,
        attribute(answer, "sid").is_none(),
        "a session, or the reason why not: {answer}"
    );
    is_violation
}

#[test]
fn of_many_sessions_of_one_address_that_never_sign_in_so_many_begin_as_may_be() {
    const BEGUN: usize = 60;
    let server = Server::with(&[
        &format!("limits.bosh_sign_ins_per_address_max={BEGUN}"),
        "limits.sign_in_secs=3600",
        "bosh.inactivity_secs=3600",
    ]);
    let mut bystander = Bystander::new(&server);
    let address = server.address("bosh_plain");
    let refused: Vec<bool> =
        (0..3 * BEGUN).map(|_| is_refused(&begin_from([127, 0, 0, 2], &address))).collect();
    assert_eq!(refused.iter().position(|refused| *refused), Some(BEGUN));
    assert!(refused[BEGUN..].iter().all(|refused| *refused));
    server.log_line(&["WARN", "too many sessions of one address", "127.0.0.2"]);
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let counted = format!("_refused_total{{limit=\"bosh_sign_ins_per_address_max\"}} {}", 2 * BEGUN);
    assert!(metrics.contains(&counted), "{counted}: {metrics}");
    bystander.is_still_served();
    assert!(!is_refused(&begin_from([127, 0, 0, 3], &address)), "another address");
    Bosh::sign_in(&server, "1001002", "beside");
}

#[test]
fn who_signs_in_or_gives_up_makes_room_for_the_next_of_its_address() {
    let server = Server::with(&[
        "limits.bosh_sign_ins_per_address_max=1",
        "limits.sign_in_secs=3600",
        "bosh.inactivity_secs=3600",
    ]);
    let begin = || Bosh::new(&server).post(creation().as_bytes()).body;
    let first = Bosh::open(&server);
    assert!(is_refused(&begin()));
    let _signed_in = first.signed_in("1001001", "first");
    let mut second = Bosh::open(&server);
    assert!(is_refused(&begin()));
    second.body("type='terminate'", "");
    eventually("there is room again", SOON, || (!is_refused(&begin())).then_some(()));
}

#[test]
fn ten_thousand_connections_that_say_nothing_are_given_up() {
    room_for_many();
    let server = Server::with(&["limits.request_head_secs=3"]);
    let mut bystander = Bystander::new(&server);
    let before = server.resident_bytes();
    let address = server.address("bosh_plain");
    let mut flood = Vec::new();
    while flood.len() < MANY {
        flood.extend((0..MANY / 10).map(|_| connect_from([127, 0, 0, 2], &address)));
        bystander.is_still_served();
    }
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < 256 * 1024 * 1024, "{} KiB more than before", grown / 1024);
    eventually("all of them are closed", Duration::from_secs(30), || {
        flood.retain_mut(|stream| !is_closed(stream));
        flood.is_empty().then_some(())
    });
    server.log_line(&["a connection was given up", "127.0.0.2", "silent"]);
    bystander.is_still_served();
}

#[test]
fn a_head_that_comes_drop_by_drop_is_given_up() {
    let server = Server::with(&["limits.request_head_secs=1"]);
    let mut bystander = Bystander::new(&server);
    for listener in ["bosh_plain", "rest_plain"] {
        let mut slow = http::connect(&server.address(listener));
        slow.write_all(b"POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\n").unwrap();
        let begun = Instant::now();
        let mut n = 0;
        eventually("the server gives up", SOON, || {
            n += 1;
            let dripped = slow.write_all(format!("X-{n}: drop\r\n").as_bytes());
            (dripped.is_err() || is_closed(&mut slow)).then_some(())
        });
        assert!(begun.elapsed() >= Duration::from_secs(1), "{listener}: not before its time");
        bystander.is_still_served();
    }
    server.log_line(&["a connection was given up", "127.0.0.1", "slow-head"]);
    so_many_are_given_up(&server, "slow-head", 2);
}

#[test]
fn a_connection_with_http2_that_asks_for_nothing_is_given_up_and_one_that_has_no_more_to_ask_is_no_fault() {
    let server = Server::with(&["limits.request_head_secs=1"]);
    let mut silent = http::connect(&server.address("bosh_plain"));
    // the client's preface with empty settings (RFC 9113 §3.4)
    silent.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    said_before_closing(silent);
    server.log_line(&["a connection was given up", "silent"]);
    let mut asked = http::connect(&server.address("rest_plain"));
    asked.write_all(b"GET /finesse/api/SystemInfo HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert!(said_before_closing(asked).starts_with("HTTP/1.1 "));
    assert_eq!((given_up(&server, "silent"), given_up(&server, "slow-head")), (1, 0));
}

#[test]
fn a_body_that_comes_drop_by_drop_is_given_up() {
    let server = Server::with(&["limits.request_body_secs=1"]);
    let mut bystander = Bystander::new(&server);
    let session = Bosh::open(&server);
    let mut slow = http::connect(&server.address("bosh_plain"));
    let body = format!("<body xmlns='{HTTPBIND}' sid='{}' rid='{}'>", session.sid, session.rid);
    let head = format!("POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n{body}");
    slow.write_all(head.as_bytes()).unwrap();
    let drip = std::thread::spawn({
        let mut slow = slow.try_clone().unwrap();
        move || {
            while slow.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(20))
            }
        }
    });
    slow.set_read_timeout(Some(SOON)).unwrap();
    let mut answer = vec![0; 4_096];
    let count = slow.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(answer.contains("condition=\"policy-violation\""), "{answer}");
    slow.shutdown(Shutdown::Both).unwrap();
    drip.join().unwrap();
    server.log_line(&["WARN", "the client's request was refused", "did not arrive in time"]);
    // it named no session that anybody could know of
    assert_eq!(attribute(&session.clone().send("").body, "type"), None);
    bystander.is_still_served();
}

#[test]
fn a_tls_handshake_that_does_not_end_is_given_up() {
    let server = Server::with(&["limits.tls_handshake_secs=1"]);
    let mut bystander = Bystander::new(&server);
    // a record of 512 bytes with a ClientHello, of which only the beginning comes
    let hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3];
    for listener in ["bosh", "rest", "xmpp_tls"] {
        let mut half = http::connect(&server.address(listener));
        half.write_all(&hello).unwrap();
        let silent = http::connect(&server.address(listener));
        assert_eq!(said_before_closing(half), "", "{listener}");
        assert_eq!(said_before_closing(silent), "", "{listener}");
        bystander.is_still_served();
    }
    server.log_line(&["TLS handshake failed", "listen.xmpp_tls"]);
    so_many_are_given_up(&server, "tls-handshake", 6);

    let mut starttls = Tcp::open(&server);
    starttls.send(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    starttls.read_to("</proceed>");
    starttls.send(&hello);
    assert_eq!(starttls.read_to_close(), "");
    server.log_line(&["TLS handshake failed", "peer="]);
    so_many_are_given_up(&server, "tls-handshake", 7);
    bystander.is_still_served();
}

#[test]
fn a_client_that_does_not_come_to_sign_in_is_told_so_and_let_go() {
    let server = Server::with(&["limits.sign_in_secs=1"]);
    let mut silent = Tcp::new(&server);
    let mut opened = Tcp::open(&server);
    let mut websocket = WebSocket::new(&server);
    websocket.exchange(OPEN);
    let silent = silent.read_to_close();
    assert!(silent.contains("<connection-timeout") && silent.ends_with("</stream:stream>"), "{silent}");
    assert!(opened.read_to_close().contains("<connection-timeout"));
    assert!(websocket.to_the_end().0.concat().contains("<connection-timeout"));
    server.log_line(&["a session ended", "tcp", "sign-in-timeout", "connection-timeout"]);
    server.log_line(&["a session ended", "websocket", "sign-in-timeout", "connection-timeout"]);
    let mut bosh = Bosh::open(&server);
    let told = eventually("the session that only polls is ended", SOON, || {
        Some(bosh.send("").body).filter(|body| attribute(body, "type").is_some())
    });
    assert_eq!(attribute(&told, "condition").as_deref(), Some("undefined-condition"), "{told}");
    assert!(told.contains("<sign-in-timeout xmlns="), "{told}");
    server.log_line(&["a BOSH session ended", "sign-in-timeout"]);
}

#[test]
fn a_stream_that_stops_in_the_middle_of_its_header_is_let_go() {
    let server = Server::with(&["limits.sign_in_secs=1"]);
    let mut client = Tcp::new(&server);
    client.send(&HEADER.as_bytes()[..50]);
    assert!(client.read_to_close().contains("<connection-timeout"));
}

#[test]
fn a_poll_whose_connection_is_half_closed_is_not_answered_into_the_void() {
    let server = Server::with(&["bosh.wait_secs_max=30"]);
    let mut session = Bosh::sign_in(&server, "1001001", "half");
    let mut half = http::connect(&server.address("bosh_plain"));
    let body = format!("<body xmlns='{HTTPBIND}' sid='{}' rid='{}'/>", session.sid, session.rid);
    let head =
        format!("POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    half.write_all((head + &body).as_bytes()).unwrap();
    half.shutdown(Shutdown::Write).unwrap();
    let mut other = Bosh::sign_in(&server, "1001002", "writer");
    other.send(&format!(
        "<message xmlns='jabber:client' type='chat' to='{}' id='kept'><body>x</body></message>",
        session.jid
    ));
    let said = said_before_closing(half);
    // either way it comes once: to whoever still reads, or with the repeat
    let repeated = session.send("").body;
    assert!(said.contains("id='kept'") || repeated.contains("id='kept'"), "{said}; {repeated}");
}

#[test]
fn a_websocket_that_answers_no_ping_is_gone() {
    let server = Server::with(&["websocket.ping_secs=1", PLAIN_TCP, "xmpp.resume_secs=0"]);
    let _silent = WebSocket::sign_in(&server, "1001001", "half-open");
    server.tombstone(&["1001001", "half-open", "\"transport-lost\""]);
}

//! HTTP around BOSH (XEP-0124 §3, §11; RFC 9110, RFC 9112), over real sockets.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::bosh::{HTTPBIND, attribute};
use aplomb_tests::{Server, eventually, http};
use flate2::read::{GzDecoder, GzEncoder};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A keep-alive connection on which answers are read one by one.
struct Connection(BufReader<TcpStream>);

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Connection {
    fn new(server: &Server) -> Self {
        Self(BufReader::new(http::connect(&server.address("bosh_plain"))))
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    fn head(&mut self) -> (u16, String) {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut head).unwrap(), 0, "closed within {head:?}");
        }
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_ascii_lowercase())
    }

    fn answer(&mut self) -> Answer {
        let (status, head) = self.head();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        self.0.read_exact(&mut body).unwrap();
        Answer { status, head, body }
    }
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn post(body: &str) -> Vec<u8> {
    post_with("", body.as_bytes())
}

fn post_with(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A session that holds its polls for a minute.
fn session(connection: &mut Connection) -> (String, u64) {
    let rid = 7_000;
    connection.send(&post(&format!(
        "<body xmlns='{HTTPBIND}' rid='{rid}' to='localhost' wait='60' hold='1' ver='1.11' \
         xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>"
    )));
    let answer = connection.answer();
    (attribute(answer.text(), "sid").unwrap(), rid)
}

fn poll(sid: &str, rid: u64) -> Vec<u8> {
    post(&format!("<body xmlns='{HTTPBIND}' sid='{sid}' rid='{rid}'/>"))
}

#[test]
fn two_requests_in_one_write_both_reach_the_session() {
    let server = Server::start();
    let mut connection = Connection::new(&server);
    let (sid, rid) = session(&mut connection);
    let end = post(&format!("<body xmlns='{HTTPBIND}' type='terminate' sid='{sid}' rid='{}'/>", rid + 2));
    let begun = Instant::now();
    connection.send(&[poll(&sid, rid + 1), end].concat());
    assert!(connection.answer().text().contains("</body>"));
    assert_eq!(attribute(connection.answer().text(), "type").as_deref(), Some("terminate"));
    assert!(begun.elapsed() < Duration::from_secs(20), "not when the poll's wait is over");
}

#[test]
fn a_request_behind_a_parked_poll_releases_it() {
    let server = Server::start();
    let mut connection = Connection::new(&server);
    let (sid, rid) = session(&mut connection);
    connection.send(&poll(&sid, rid + 1));
    // nothing tells from outside that the poll is parked; either order must do
    for n in 2..=6 {
        connection.send(&poll(&sid, rid + n));
        let answer = connection.answer();
        assert_eq!((answer.status, attribute(answer.text(), "type")), (200, None), "{}", answer.text());
    }
    // the first byte of a next request is enough
    connection.send(b"P");
    assert_eq!(connection.answer().status, 200);
}

#[test]
fn polls_of_two_sessions_behind_one_another_do_not_wait_for_each_other() {
    let server = Server::start();
    let mut connection = Connection::new(&server);
    let (one, rid) = session(&mut connection);
    let (other, _) = session(&mut connection);
    connection.send(&[poll(&one, rid + 1), poll(&other, rid + 1), poll(&one, rid + 2)].concat());
    assert_eq!(connection.answer().status, 200);
    assert_eq!(connection.answer().status, 200);
}

#[test]
fn a_client_that_asks_first_is_told_to_continue() {
    let server = Server::start();
    let mut connection = Connection::new(&server);
    let body = format!("<body xmlns='{HTTPBIND}' rid='1' to='localhost' wait='1' hold='1' ver='1.11'/>");
    let request = post_with("Expect: 100-continue\r\n", body.as_bytes());
    let (head, body) = request.split_at(request.len() - body.len());
    connection.send(head);
    assert_eq!(connection.head().0, 100);
    connection.send(body);
    assert_eq!(connection.answer().status, 200);
}

#[test]
fn a_head_or_a_body_that_never_ends_is_given_up() {
    let server = Server::start();
    let mut slow = Connection::new(&server);
    slow.send(b"POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    let mut rest = String::new();
    slow.0.read_to_string(&mut rest).unwrap();
    assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 408"), "{rest}");
}

#[test]
fn one_address_has_so_many_connections_and_no_more() {
    let server = Server::with(&["listen.connections_per_address_max=3"]);
    let kept: Vec<_> = (0..3)
        .map(|_| {
            let mut connection = Connection::new(&server);
            session(&mut connection);
            connection
        })
        .collect();
    let refused = || {
        let mut connection = http::connect(&server.address("bosh_plain"));
        let _ = connection.write_all(b"GET /http-bind/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
        !matches!(connection.read(&mut [0; 64]), Ok(1..))
    };
    assert!(refused());
    server.log_line(&["too many connections from one address"]);
    drop(kept);
    eventually("room again", Duration::from_secs(5), || (!refused()).then_some(()));
}

#[test]
fn a_browser_is_told_what_this_is_with_and_without_the_slash() {
    let server = Server::start();
    let address = server.address("bosh_plain");
    let creation = format!("<body xmlns='{HTTPBIND}' rid='1' to='localhost' wait='1' hold='1' ver='1.11'/>");
    for path in ["/http-bind", "/http-bind/"] {
        let page = http::request(&address, "GET", path, &[], b"");
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(page.body.contains("XEP-0124") && page.body.contains("XEP-0206"), "{}", page.body);
        assert_eq!(
            http::request(&address, "PUT", path, &[], b"").header("allow"),
            Some("GET, HEAD, OPTIONS, POST")
        );
        let session = http::request(&address, "POST", path, &[], creation.as_bytes());
        assert!(attribute(&session.body, "sid").is_some(), "{}", session.body);
    }
}

#[test]
fn pages_of_listed_origins_may_ask_and_remember_that_for_a_day() {
    let server = Server::with(&["bosh.cors_origins=https://crm.example"]);
    let address = server.address("bosh_plain");
    let ask = |method: &str, path: &str, origin: &str| {
        let headers = [("Origin", origin), ("Access-Control-Request-Method", "POST")];
        http::request(&address, method, path, &headers, b"")
    };
    for path in ["/http-bind/", "/http-bind"] {
        let answer = ask("OPTIONS", path, "https://crm.example");
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://crm.example"));
        assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
        assert!(answer.header("access-control-allow-headers").unwrap().contains("Content-Type"));
        assert_eq!(answer.header("access-control-max-age"), Some("86400"));
        assert_eq!(ask("OPTIONS", path, "https://evil.example").header("access-control-allow-origin"), None);
        let page = ask("GET", path, "https://crm.example");
        assert!(page.status == 200 && page.body.contains("XEP-0124"), "{}", page.body);
        let other = ask("DELETE", path, "https://crm.example");
        assert_eq!((other.status, other.header("allow")), (405, Some("GET, HEAD, OPTIONS, POST")));
    }
}

#[test]
fn a_long_answer_is_compressed_for_those_who_accept_it() {
    let server = Server::with(&["bosh.gzip_bytes_min=64"]);
    let mut connection = Connection::new(&server);
    let create = format!(
        "<body xmlns='{HTTPBIND}' rid='9' to='localhost' wait='5' hold='1' ver='1.11' xmpp:version='1.0' \
         xmlns:xmpp='urn:xmpp:xbosh'/>"
    );
    connection.send(&post_with("Accept-Encoding: gzip, deflate\r\n", create.as_bytes()));
    let answer = connection.answer();
    assert!(answer.head.contains("content-encoding: gzip"), "{}", answer.head);
    assert!(answer.head.contains("vary: accept-encoding"), "{}", answer.head);
    let mut text = String::new();
    GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap();
    let sid = attribute(&text, "sid").unwrap();
    assert_eq!(attribute(&text, "accept").as_deref(), Some("gzip"));

    // what was announced is read
    let end = format!("<body xmlns='{HTTPBIND}' type='terminate' sid='{sid}' rid='10'/>");
    let mut packed = Vec::new();
    GzEncoder::new(end.as_bytes(), flate2::Compression::default()).read_to_end(&mut packed).unwrap();
    connection.send(&post_with("Content-Encoding: gzip\r\n", &packed));
    let answer = connection.answer();
    assert!(!answer.head.contains("content-encoding"), "not asked for: {}", answer.head);
    assert_eq!(attribute(answer.text(), "type").as_deref(), Some("terminate"));
}

#[test]
fn the_empty_answer_is_never_compressed() {
    let server = Server::start();
    let mut connection = Connection::new(&server);
    let (sid, rid) = session(&mut connection);
    let body = format!("<body xmlns='{HTTPBIND}' sid='{sid}' rid='{}'/>", rid + 1);
    connection.send(&post_with("Accept-Encoding: gzip\r\n", body.as_bytes()));
    connection.send(b"G");
    assert_eq!(connection.answer().body.len(), 57);
}

#[test]
fn host_meta_names_where_to_connect() {
    let server = Server::start();
    let address = server.address("bosh_plain");
    let xml =
        http::request(&address, "GET", "/.well-known/host-meta", &[("Origin", "https://any.example")], b"");
    assert_eq!(xml.header("content-type"), Some("application/xrd+xml"));
    assert_eq!(xml.header("access-control-allow-origin"), Some("*"));
    let document = roxmltree::Document::parse(&xml.body).unwrap();
    let links: Vec<(String, String)> = document
        .root_element()
        .children()
        .filter(|node| node.is_element())
        .map(|link| (link.attribute("rel").unwrap().to_owned(), link.attribute("href").unwrap().to_owned()))
        .collect();
    let bosh = "urn:xmpp:alt-connections:xbosh".to_owned();
    let websocket = "urn:xmpp:alt-connections:websocket".to_owned();
    for name in ["bosh", "bosh_plain"] {
        assert!(links.contains(&(bosh.clone(), server.ready(name).to_owned())), "{links:?}");
    }
    for name in ["ws", "ws_plain"] {
        assert!(links.contains(&(websocket.clone(), server.ready(name).to_owned())), "{links:?}");
    }
    let json = http::request(&address, "GET", "/.well-known/host-meta.json", &[], b"");
    assert_eq!(json.header("content-type"), Some("application/json"));
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    let same: Vec<(String, String)> = json["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| (link["rel"].as_str().unwrap().to_owned(), link["href"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(same, links);
}

#[test]
fn a_client_that_begins_with_http_2_in_the_clear_is_answered_in_it() {
    let server = Server::start();
    let mut stream = http::connect(&server.address("bosh_plain"));
    // the preface and an empty SETTINGS frame (RFC 9113 §3.4, §6.5)
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).unwrap();
    assert_eq!((frame[3], &frame[5..]), (4, &[0, 0, 0, 0][..]), "SETTINGS on stream 0: {frame:?}");
    // nothing is asked for: the connection is not kept
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
}

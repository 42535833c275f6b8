//! HTTP/1.1 by hand, one request a connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long an answer may take: longer than any wait that a test asks for.
const ANSWER_SECS_MAX: u64 = 45;

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// For example 202.
    pub status: u16,
    /// The words after the status, for example `Accepted`.
    pub reason: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Response {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Connects with time-outs on both directions.
pub fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
    stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECS_MAX))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(ANSWER_SECS_MAX))).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends one request and reads the whole answer.
pub fn request(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let mut stream = connect(address);
    stream.write_all(head.as_bytes()).unwrap();
    // A server that refuses a large body may answer and close before it has read all of it.
    let sent = stream.write_all(body);
    let mut answer = Vec::new();
    let received = stream.read_to_end(&mut answer);
    assert!(!answer.is_empty(), "{method} {path}: no answer; sending: {sent:?}, receiving: {received:?}");
    parse(&answer)
}

fn parse(answer: &[u8]) -> Response {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.split("\r\n");
    let mut status = lines.next().unwrap_or_default().splitn(3, ' ').skip(1);
    let code = status.next().and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    Response {
        status: code.unwrap_or_else(|| panic!("not an HTTP answer: {head}")),
        reason: status.next().unwrap_or_default().to_owned(),
        headers,
        body: if chunked { dechunk(body) } else { body.to_owned() },
    }
}

fn dechunk(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        body.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    body
}

//! HTTP/1.1 by hand.

use super::tls::secure;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long an answer may take: longer than any wait that a case asks for.
const ANSWER_MAX: Duration = Duration::from_secs(25);

/// A connection, perhaps with an answer on its way.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// Names and values.
type Headers = Vec<(String, String)>;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    headers: Headers,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// An answer of which only the head was read.
    pub(crate) fn of_head(head: &[u8]) -> Self {
        let (status, headers, _) = parse_head(head)
            .unwrap_or_else(|| panic!("not an HTTP answer: {:?}", String::from_utf8_lossy(head)));
        Self { status, headers, body: Vec::new() }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request on a connection of its own.
pub(crate) fn send(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Connection {
    let mut connection = Connection::open(address);
    connection.request(method, path, headers, body);
    connection
}

/// Sends one request under TLS and reads its answer.
pub(crate) fn exchange_under_tls(address: &str, method: &str, path: &str, body: &[u8]) -> Response {
    let stream = TcpStream::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
    stream.set_read_timeout(Some(ANSWER_MAX)).unwrap();
    let mut secured = secure(stream);
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/xml; charset=utf-8\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    secured.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut received = Vec::new();
    // some end the connection without the end of TLS
    let _ = secured.read_to_end(&mut received);
    let answer = parse(&received, true).map(|(response, _)| response);
    answer.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(&received)))
}

impl Connection {
    pub(crate) fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
        stream.set_nodelay(true).unwrap();
        Self { stream, received: Vec::new() }
    }

    /// Sends a request; the connection stays open for more.
    pub(crate) fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        self.write(&[head.as_bytes(), body].concat());
    }

    /// Sends bytes of choice. A server that has closed already is no fault of the case.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Waits for the answer.
    pub(crate) fn answer(&mut self) -> Response {
        self.answer_within(ANSWER_MAX)
            .unwrap_or_else(|| panic!("no answer within {} s", ANSWER_MAX.as_secs()))
    }

    /// The answer, if it comes in time.
    pub(crate) fn answer_within(&mut self, limit: Duration) -> Option<Response> {
        let end = Instant::now() + limit;
        loop {
            if let Some((response, length)) = parse(&self.received, false) {
                self.received.drain(..length);
                return Some(response);
            }
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.set_read_timeout(Some(left)).unwrap();
            let mut buffer = [0; 16 * 1024];
            match self.stream.read(&mut buffer) {
                Ok(0) => return self.last_answer(),
                Ok(count) => self.received.extend_from_slice(&buffer[..count]),
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return None,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.last_answer(),
            }
        }
    }

    /// An answer whose length is told by the end of the connection.
    fn last_answer(&mut self) -> Option<Response> {
        let answer = parse(&self.received, true);
        let text = String::from_utf8_lossy(&self.received);
        let (response, _) = answer.unwrap_or_else(|| panic!("closed without an answer: {text:?}"));
        self.received.clear();
        Some(response)
    }
}

/// The status and the headers of an answer, and the length of both.
fn parse_head(bytes: &[u8]) -> Option<(u16, Headers, usize)> {
    let head_length = find(bytes, b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..head_length]);
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some((status, headers, head_length))
}

/// The first answer of `bytes` and its length; `at_end` when nothing more will come.
fn parse(bytes: &[u8], at_end: bool) -> Option<(Response, usize)> {
    let (status, headers, head_length) = parse_head(bytes)?;
    if status == 100 {
        let (response, length) = parse(&bytes[head_length..], at_end)?;
        return Some((response, head_length + length));
    }
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let rest = &bytes[head_length..];
    let (body, length) = if header("transfer-encoding") == Some("chunked") {
        dechunk(rest)?
    } else if let Some(length) = header("content-length") {
        let length: usize = length.parse().ok()?;
        (rest.get(..length)?.to_vec(), length)
    } else if status == 101 || status == 204 {
        (Vec::new(), 0)
    } else if at_end {
        (rest.to_vec(), rest.len())
    } else {
        return None;
    };
    Some((Response { status, headers, body }, head_length + length))
}

fn dechunk(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let line = find(&bytes[at..], b"\r\n")?;
        let size = std::str::from_utf8(&bytes[at..at + line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        at += line + 2;
        let chunk = bytes.get(at..at + size + 2)?;
        at += size + 2;
        if size == 0 {
            return Some((body, at));
        }
        body.extend_from_slice(&chunk[..size]);
    }
}

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

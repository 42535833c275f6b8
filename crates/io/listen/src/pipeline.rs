//! Seeing that another request has come behind the one that is being answered.
//!
//! HTTP/1.1 answers the requests of a connection in their order (RFC 9112 §9.3.2), and hyper takes up a request when
//! the one before it is answered. A poll that is held back would so hold back what its client has just sent behind
//! it, for as long as it is held. The connection's bytes are watched for where requests begin; what they mean stays
//! hyper's business, so that a mistake here costs time at most.

use crate::given_up::Reason;
use crate::socket::Socket;
use futures_util::task::AtomicWaker;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest header line that is looked at; `Content-Length` and `Transfer-Encoding` are shorter.
const LINE_BYTES_MAX: usize = 64;

/// Requests that have begun to arrive on one connection.
#[derive(Default)]
struct Seen {
    requests: AtomicU32,
    /// Of these, taken up.
    taken: AtomicU32,
    waiting: AtomicWaker,
}

/// What a request can know of those behind it on the same connection.
#[derive(Clone)]
pub struct Behind {
    seen: Option<Arc<Seen>>,
    /// This request is the connection's nth.
    number: u32,
}

impl Behind {
    /// For connections whose requests do not wait for each other.
    pub const NEVER: Self = Self { seen: None, number: 0 };

    /// Ends when another request has begun to arrive. Only one request of a connection may wait at a time; with
    /// HTTP/1.1 no other is possible.
    pub async fn wait(&self) {
        poll_fn(|cx| {
            let Some(seen) = &self.seen else { return Poll::Pending };
            seen.waiting.register(cx.waker());
            if seen.requests.load(Ordering::Acquire) > self.number { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// Counts the requests of one connection as they are taken up.
pub(crate) struct Order(Arc<Seen>);

impl Order {
    pub(crate) fn next(&self) -> Behind {
        let number = self.0.taken.fetch_add(1, Ordering::Relaxed) + 1;
        Behind { seen: Some(self.0.clone()), number }
    }

    /// What a connection is to be told of on which no request's head came in time: nothing if it merely has no more to
    /// ask.
    pub(crate) fn overdue(&self) -> Option<Reason> {
        let (begun, taken) = (self.0.requests.load(Ordering::Acquire), self.0.taken.load(Ordering::Relaxed));
        match (begun, taken) {
            (0, 0) => Some(Reason::Silent),
            _ => (begun > taken).then_some(Reason::SlowHead),
        }
    }
}

/// A socket whose incoming requests are counted.
pub(crate) struct Watched {
    socket: Socket,
    seen: Arc<Seen>,
    requests: Requests,
}

impl Watched {
    pub(crate) fn new(socket: Socket) -> (Self, Order) {
        let seen = Arc::<Seen>::default();
        let order = Order(seen.clone());
        (Self { socket, seen, requests: Requests::default() }, order)
    }

    pub(crate) fn into_socket(self) -> Socket {
        self.socket
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buf);
        let begun = self.requests.take(&buf.filled()[before..]);
        if begun > 0 {
            self.seen.requests.fetch_add(begun, Ordering::AcqRel);
            self.seen.waiting.wake();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

/// Where in a request the connection's bytes are.
enum At {
    /// Before a request's first byte.
    Start,
    Head,
    /// So many bytes of the body are to come.
    Body(u64),
    /// A body whose end is not known from its head: requests behind it are not seen.
    Unknown,
}

/// Finds the beginnings of requests in a connection's bytes.
struct Requests {
    at: At,
    /// The header line under way, as far as it is looked at.
    line: Vec<u8>,
    /// Length of the body, as the head says.
    body_bytes: u64,
    chunked: bool,
}

impl Default for Requests {
    fn default() -> Self {
        Self { at: At::Start, line: Vec::new(), body_bytes: 0, chunked: false }
    }
}

impl Requests {
    /// How many requests begin in these bytes.
    fn take(&mut self, mut bytes: &[u8]) -> u32 {
        let mut begun = 0;
        while !bytes.is_empty() {
            match self.at {
                At::Unknown => break,
                At::Start => {
                    // empty lines before a request mean nothing (RFC 9112 §2.2)
                    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                    bytes = &bytes[blank..];
                    if !bytes.is_empty() {
                        begun += 1;
                        (self.body_bytes, self.chunked, self.at) = (0, false, At::Head);
                    }
                }
                At::Head => bytes = self.head(bytes),
                At::Body(rest) => {
                    let taken = rest.min(bytes.len() as u64);
                    bytes = &bytes[taken as usize..];
                    self.at = if taken == rest { At::Start } else { At::Body(rest - taken) };
                }
            }
        }
        begun
    }

    /// Takes bytes up to the end of a line.
    fn head<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr(b'\n', bytes);
        let part = &bytes[..end.unwrap_or(bytes.len())];
        let Some(end) = end else {
            let room = LINE_BYTES_MAX.saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            return &[];
        };
        if self.line.is_empty() {
            self.line(part);
        } else {
            let mut line = std::mem::take(&mut self.line);
            let room = LINE_BYTES_MAX.saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            self.line(&line);
        }
        &bytes[end + 1..]
    }

    fn line(&mut self, line: &[u8]) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            self.at = match self.body_bytes {
                _ if self.chunked => At::Unknown,
                0 => At::Start,
                bytes => At::Body(bytes),
            };
        } else if let Some(value) = header(line, b"content-length:") {
            match std::str::from_utf8(value).map(|text| text.trim().parse()) {
                Ok(Ok(bytes)) => self.body_bytes = bytes,
                // hyper refuses it
                _ => self.at = At::Unknown,
            }
        } else if header(line, b"transfer-encoding:").is_some() {
            self.chunked = true;
        }
    }
}

fn header<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: &[u8] = b"POST /http-bind/ HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n<body/>";
    const GET: &[u8] = b"GET /http-bind/ HTTP/1.1\r\nHost: a\r\n\r\n";

    #[test]
    fn requests_are_counted_however_their_bytes_arrive() {
        let bytes = [POST, GET, b"\r\n", POST, POST].concat();
        for size in [1, 2, 3, 7, 50, 64, 65, 100, bytes.len()] {
            let mut requests = Requests::default();
            let begun: u32 = bytes.chunks(size).map(|chunk| requests.take(chunk)).sum();
            assert_eq!(begun, 4, "in pieces of {size} bytes");
        }
    }

    #[test]
    fn the_first_byte_of_a_request_is_enough() {
        let mut requests = Requests::default();
        assert_eq!(requests.take(POST), 1);
        assert_eq!(requests.take(b"P"), 1);
        assert_eq!(requests.take(b"OST"), 0);
    }

    #[test]
    fn what_stands_in_a_body_is_no_request() {
        let mut requests = Requests::default();
        let body = GET.repeat(3);
        let head = format!("POST / HTTP/1.1\r\ncontent-length:{}\r\n\r\n", body.len());
        assert_eq!(requests.take(head.as_bytes()), 1);
        assert_eq!(requests.take(&body), 0);
        assert_eq!(requests.take(GET), 1);
    }

    #[test]
    fn behind_a_chunked_body_nothing_is_seen() {
        let mut requests = Requests::default();
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n";
        assert_eq!(requests.take(chunked), 1);
        assert_eq!(requests.take(POST), 0);
    }

    #[test]
    fn a_long_line_takes_no_room() {
        let mut requests = Requests::default();
        requests.take(b"GET / HTTP/1.1\r\nCookie: ");
        for _ in 0..1_000 {
            requests.take(&[b'a'; 100]);
        }
        assert!(requests.line.capacity() <= 2 * LINE_BYTES_MAX);
        assert_eq!(requests.take(b"\r\n\r\nG"), 1);
    }
}

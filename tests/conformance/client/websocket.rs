//! WebSocket (RFC 6455) and XMPP on it (RFC 7395) by hand.

use super::element::Element;
use super::http::{self, Response};
use super::{auth, bind, ns};
use crate::subject::{DOMAIN, Subject};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const ANSWER_MAX: Duration = Duration::from_secs(15);

/// The key of RFC 6455 §1.3 and what a server makes of it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
pub(crate) const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// A connection after the handshake.
#[derive(Debug)]
pub(crate) struct WebSocket {
    socket: TcpStream,
    received: Vec<u8>,
    /// The address after binding.
    pub(crate) jid: String,
}

/// What the server says next.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    Text(String),
    Other(u8, Vec<u8>),
    /// The end of the connection.
    End,
    /// Nothing in time.
    Silence,
}

/// `<open/>`.
pub(crate) fn open() -> String {
    format!("<open xmlns='{}' to='{DOMAIN}' version='1.0' xml:lang='en'/>", ns::FRAMING)
}

/// The handshake alone.
pub(crate) fn handshake(subject: &Subject, protocol: Option<&str>) -> (Response, WebSocket) {
    let address = &subject.at.websocket;
    assert!(!address.is_empty(), "the subject has no WebSocket listener");
    let mut socket = TcpStream::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
    socket.set_nodelay(true).unwrap();
    let protocol = protocol.map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n")).unwrap_or_default();
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {DOMAIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n{protocol}\r\n",
        subject.at.websocket_path
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut websocket = WebSocket { socket, received: Vec::new(), jid: String::new() };
    let end = Instant::now() + ANSWER_MAX;
    let length = loop {
        if let Some(at) = http::find(&websocket.received, b"\r\n\r\n") {
            break at + 4;
        }
        let count = websocket.receive(end.saturating_duration_since(Instant::now()));
        assert!(matches!(count, Some(1..)), "no answer to the handshake");
    };
    let head: Vec<u8> = websocket.received.drain(..length).collect();
    (Response::of_head(&head), websocket)
}

impl WebSocket {
    /// A connection with the sub-protocol agreed.
    pub(crate) fn connect(subject: &Subject) -> Self {
        let (response, websocket) = handshake(subject, Some("xmpp"));
        assert_eq!(response.status, 101);
        websocket
    }

    /// A stream with its features.
    pub(crate) fn open(subject: &Subject) -> (Self, Element) {
        let mut websocket = Self::connect(subject);
        let features = websocket.start();
        (websocket, features)
    }

    /// Signed in, with the features of the stream after it.
    pub(crate) fn authenticated(subject: &Subject, user: &str) -> (Self, Element) {
        let (mut websocket, _) = Self::open(subject);
        websocket.send(&auth(user));
        let answer = websocket.element();
        assert!(answer.is(ns::SASL, "success"), "{answer}");
        let features = websocket.start();
        (websocket, features)
    }

    /// A bound session of a user whom no other case uses.
    pub(crate) fn sign_in(subject: &Subject) -> Self {
        let (mut websocket, _) = Self::authenticated(subject, &subject.user());
        websocket.send(&bind("conformance"));
        let bound = websocket.wait_for("the bound address", |element| element.has_id("bind"));
        websocket.jid = bound.find("jid").unwrap_or_else(|| panic!("{bound}")).text.clone();
        websocket
    }

    /// Sends `<open/>`; returns the features.
    pub(crate) fn start(&mut self) -> Element {
        self.send(&open());
        let answer = self.element();
        assert!(answer.is(ns::FRAMING, "open"), "{answer}");
        let features = self.element();
        assert!(features.is(ns::STREAMS, "features"), "{features}");
        features
    }

    /// A text message.
    pub(crate) fn send(&mut self, text: &str) {
        self.send_frame(0x80 | TEXT, text.as_bytes());
    }

    /// A frame: `first` is its first byte. Masked with zeros, which is allowed to the ear and easy on the eye.
    pub(crate) fn send_frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            short @ 0..126 => frame.push(0x80 | u8::try_from(short).unwrap()),
            long => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(long).unwrap().to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend_from_slice(payload);
        // A server that has closed already is no fault of the case.
        let _ = self.socket.write_all(&frame);
    }

    /// The next message or control frame; pings are answered and passed on.
    pub(crate) fn hear(&mut self) -> Frame {
        self.hear_within(ANSWER_MAX)
    }

    pub(crate) fn hear_within(&mut self, limit: Duration) -> Frame {
        let end = Instant::now() + limit;
        let mut message = Vec::new();
        loop {
            while let Some((first, payload)) = self.take() {
                match first & 0x0f {
                    TEXT | 0 => {
                        message.extend(payload);
                        if first & 0x80 != 0 {
                            return Frame::Text(String::from_utf8(message).expect("text is UTF-8"));
                        }
                    }
                    PING => self.send_frame(0x80 | PONG, &payload),
                    other => return Frame::Other(other, payload),
                }
            }
            match self.receive(end.saturating_duration_since(Instant::now())) {
                None => return Frame::Silence,
                Some(0) => return Frame::End,
                Some(_) => {}
            }
        }
    }

    fn take(&mut self) -> Option<(u8, Vec<u8>)> {
        let (first, second) = (*self.received.first()?, *self.received.get(1)?);
        assert_eq!(second & 0x80, 0, "a server does not mask (RFC 6455 §5.1)");
        let (length, start) = match second {
            126 => (usize::from(u16::from_be_bytes(self.received.get(2..4)?.try_into().ok()?)), 4),
            127 => {
                (usize::try_from(u64::from_be_bytes(self.received.get(2..10)?.try_into().ok()?)).ok()?, 10)
            }
            short => (usize::from(short), 2),
        };
        let payload = self.received.get(start..start + length)?.to_vec();
        self.received.drain(..start + length);
        Some((first, payload))
    }

    /// Bytes read; 0 at the end, none when nothing came.
    fn receive(&mut self, limit: Duration) -> Option<usize> {
        if limit.is_zero() {
            return None;
        }
        self.socket.set_read_timeout(Some(limit)).unwrap();
        let mut buffer = [0; 16 * 1024];
        match self.socket.read(&mut buffer) {
            Ok(count) => {
                self.received.extend_from_slice(&buffer[..count]);
                Some(count)
            }
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
            Err(_) => Some(0),
        }
    }

    /// The next message as an element.
    pub(crate) fn element(&mut self) -> Element {
        match self.hear() {
            Frame::Text(text) => {
                Element::parse(&text).unwrap_or_else(|e| panic!("not one whole element: {e}"))
            }
            other => panic!("not an element: {other:?}"),
        }
    }

    pub(crate) fn wait_for(&mut self, what: &str, wanted: impl Fn(&Element) -> bool) -> Element {
        let mut seen = Vec::new();
        loop {
            match self.hear() {
                Frame::Text(text) => {
                    assert!(text.starts_with('<'), "{text:?}");
                    let element = Element::parse(&text).unwrap_or_else(|e| panic!("{e}"));
                    if wanted(&element) {
                        return element;
                    }
                    seen.push(text);
                }
                other => panic!("{what} did not come but {other:?}; before it: {seen:#?}"),
            }
        }
    }

    pub(crate) fn is_alive(&mut self) {
        self.send(&super::ping("alive"));
        self.wait_for("the answer to a ping", |element| element.has_id("alive"));
    }

    /// Reads until the close frame or the end; returns the texts before it and whether there was a close frame.
    pub(crate) fn ending(&mut self) -> (Vec<Element>, bool) {
        let mut texts = Vec::new();
        loop {
            match self.hear() {
                Frame::Text(text) => texts.push(Element::parse(&text).unwrap_or_else(|e| panic!("{e}"))),
                Frame::Other(CLOSE, _) => return (texts, true),
                Frame::Other(..) => {}
                Frame::End => return (texts, false),
                Frame::Silence => panic!("the connection did not end; said: {texts:?}"),
            }
        }
    }
}

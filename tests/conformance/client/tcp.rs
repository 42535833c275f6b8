//! XMPP over TCP by hand.

use super::element::Element;
use super::splitter::{Piece, take};
use super::tls::{Secured, secure};
use super::{auth, bind, ns};
use crate::subject::{DOMAIN, Subject};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a server may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(15);

/// A connection with one stream after another on it.
#[derive(Debug)]
pub(crate) struct Tcp {
    socket: Socket,
    /// Bytes that are not yet whole characters.
    bytes: Vec<u8>,
    text: String,
    /// The start tag of the server's stream, to read its elements with.
    header: String,
    /// The address after binding.
    pub(crate) jid: String,
}

#[derive(Debug)]
enum Socket {
    Plain(TcpStream),
    Tls(Box<Secured>),
    /// Between the two.
    None,
}

/// What the server says next.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    /// The start tag of its stream, as an empty element.
    Header(Element),
    Element(Element),
    /// The end tag of its stream.
    Close,
    /// The end of the connection.
    End,
    /// Nothing in time.
    Silence,
}

/// A stream header with the usual attributes.
pub(crate) fn header() -> String {
    format!(
        "<?xml version='1.0'?><stream:stream to='{DOMAIN}' version='1.0' xml:lang='en' xmlns='jabber:client' \
         xmlns:stream='{}'>",
        ns::STREAMS
    )
}

impl Tcp {
    /// Connects to the port with STARTTLS and says nothing.
    pub(crate) fn connect(subject: &Subject) -> Self {
        Self::of(Socket::Plain(dial(&subject.at.tcp)))
    }

    /// Connects to the port with TLS from the first byte and says nothing.
    pub(crate) fn connect_tls(subject: &Subject) -> Self {
        Self::of(Socket::Tls(Box::new(secure(dial(&subject.at.tls)))))
    }

    fn of(socket: Socket) -> Self {
        Self { socket, bytes: Vec::new(), text: String::new(), header: String::new(), jid: String::new() }
    }

    /// A stream without TLS whose features were read.
    pub(crate) fn open(subject: &Subject) -> (Self, Element) {
        let mut tcp = Self::connect(subject);
        let features = tcp.start();
        (tcp, features)
    }

    /// A stream under TLS whose features were read.
    pub(crate) fn open_tls(subject: &Subject) -> (Self, Element) {
        let mut tcp = Self::connect_tls(subject);
        let features = tcp.start();
        (tcp, features)
    }

    /// A signed-in and bound session of a user whom no other case uses.
    pub(crate) fn sign_in(subject: &Subject) -> Self {
        Self::sign_in_as(subject, &subject.user(), "conformance")
    }

    pub(crate) fn sign_in_as(subject: &Subject, user: &str, resource: &str) -> Self {
        let (mut tcp, _) = Self::authenticated(subject, user);
        tcp.bind(resource);
        tcp
    }

    /// Signed in, with the features of the stream after it.
    pub(crate) fn authenticated(subject: &Subject, user: &str) -> (Self, Element) {
        let (mut tcp, _) = Self::open_tls(subject);
        tcp.send(&auth(user));
        let answer = tcp.element();
        assert!(answer.is(ns::SASL, "success"), "{answer}");
        let features = tcp.start();
        (tcp, features)
    }

    pub(crate) fn bind(&mut self, resource: &str) {
        self.send(&bind(resource));
        let bound = self.wait_for("the bound address", |element| element.has_id("bind"));
        self.jid = bound.find("jid").unwrap_or_else(|| panic!("{bound}")).text.clone();
    }

    /// Sends the first presence and waits until it is in.
    pub(crate) fn present(mut self) -> Self {
        self.send("<presence/>");
        let jid = self.jid.clone();
        self.wait_for("its own presence", |e| e.name == "presence" && e.attr("from") == Some(&jid));
        self
    }

    /// Sends a header; returns the features of the answer.
    pub(crate) fn start(&mut self) -> Element {
        self.send(&header());
        match self.hear() {
            Heard::Header(_) => {}
            other => panic!("not a stream header: {other:?}"),
        }
        let features = self.element();
        assert!(features.is(ns::STREAMS, "features"), "{features}");
        features
    }

    /// From plain to TLS, after `<proceed/>`.
    pub(crate) fn secure(&mut self) {
        let Socket::Plain(socket) = std::mem::replace(&mut self.socket, Socket::None) else {
            panic!("under TLS already")
        };
        self.text.clear();
        self.socket = Socket::Tls(Box::new(secure(socket)));
    }

    /// The TLS below; panics without.
    pub(crate) fn tls(&mut self) -> &mut Secured {
        match &mut self.socket {
            Socket::Tls(secured) => secured,
            other => panic!("no TLS: {other:?}"),
        }
    }

    /// Sends. A server that has closed already is no fault of the case.
    pub(crate) fn send(&mut self, text: &str) {
        self.send_bytes(text.as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = match &mut self.socket {
            Socket::Plain(socket) => socket.write_all(bytes),
            Socket::Tls(socket) => socket.write_all(bytes).and_then(|()| socket.flush()),
            Socket::None => Ok(()),
        };
    }

    /// The next piece.
    pub(crate) fn hear(&mut self) -> Heard {
        self.hear_within(ANSWER_MAX)
    }

    pub(crate) fn hear_within(&mut self, limit: Duration) -> Heard {
        let end = Instant::now() + limit;
        loop {
            if let Some(piece) = take(&mut self.text) {
                return self.read_piece(piece);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Heard::Silence;
            }
            match self.receive(left) {
                Ok(0) => return Heard::End,
                Ok(_) => {}
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return Heard::End,
            }
        }
    }

    fn receive(&mut self, limit: Duration) -> std::io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        let count = match &mut self.socket {
            Socket::Plain(socket) => {
                socket.set_read_timeout(Some(limit))?;
                socket.read(&mut buffer)?
            }
            Socket::Tls(socket) => {
                socket.sock.set_read_timeout(Some(limit))?;
                socket.read(&mut buffer)?
            }
            Socket::None => 0,
        };
        self.bytes.extend_from_slice(&buffer[..count]);
        let whole = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text.len(),
            Err(e) => e.valid_up_to(),
        };
        let rest = self.bytes.split_off(whole);
        self.text.push_str(&String::from_utf8_lossy(&self.bytes));
        self.bytes = rest;
        Ok(count)
    }

    fn read_piece(&mut self, piece: Piece) -> Heard {
        match piece {
            Piece::Header(tag) => {
                self.header = tag;
                Heard::Header(Element::parse(&format!("{}</stream:stream>", self.header)).unwrap())
            }
            Piece::Element(text) => {
                let whole = format!("{}{text}</stream:stream>", self.header);
                let mut stream = Element::parse(&whole).unwrap_or_else(|e| panic!("{e}"));
                Heard::Element(stream.children.remove(0))
            }
            Piece::Close => Heard::Close,
        }
    }

    /// The next element; anything else is a failure.
    pub(crate) fn element(&mut self) -> Element {
        match self.hear() {
            Heard::Element(element) => element,
            other => panic!("not an element: {other:?}"),
        }
    }

    /// Skips what comes before the wanted element.
    pub(crate) fn wait_for(&mut self, what: &str, wanted: impl Fn(&Element) -> bool) -> Element {
        let mut seen = Vec::new();
        loop {
            match self.hear() {
                Heard::Element(element) if wanted(&element) => return element,
                Heard::Element(element) => seen.push(element.to_string()),
                other => panic!("{what} did not come but {other:?}; before it: {seen:#?}"),
            }
        }
    }

    /// Sends an IQ and waits for its answer.
    pub(crate) fn iq(&mut self, id: &str, stanza: &str) -> Element {
        self.send(stanza);
        self.wait_for(&format!("the answer to {id}"), |element| element.name == "iq" && element.has_id(id))
    }

    /// Pings, and so shows that the session lives.
    pub(crate) fn is_alive(&mut self) {
        self.iq("alive", &super::ping("alive"));
    }

    /// Reads to the end of the stream; returns the condition of its error, if it had one, and whether the stream was
    /// closed by its end tag.
    pub(crate) fn ending(&mut self) -> (Option<String>, bool) {
        let mut condition = None;
        loop {
            match self.hear() {
                Heard::Element(element) if element.is(ns::STREAMS, "error") => {
                    let named =
                        element.children.iter().find(|c| c.ns == ns::STREAM_ERRORS && c.name != "text");
                    condition = named.map(|named| named.name.clone());
                }
                Heard::Header(_) | Heard::Element(_) => {}
                Heard::Close => return (condition, true),
                Heard::End => return (condition, false),
                Heard::Silence => panic!("the stream did not end"),
            }
        }
    }

    /// Reads to an element with this id, or to the end of the stream, whose condition is returned.
    pub(crate) fn ending_or(&mut self, id: &str) -> Option<String> {
        loop {
            match self.hear() {
                Heard::Element(element) if element.has_id(id) => return None,
                Heard::Element(element) if element.is(ns::STREAMS, "error") => {
                    let named =
                        element.children.iter().find(|c| c.ns == ns::STREAM_ERRORS && c.name != "text");
                    return Some(named.map(|named| named.name.clone()).unwrap_or_default());
                }
                Heard::Element(_) | Heard::Header(_) => {}
                other => return Some(format!("no error before {other:?}")),
            }
        }
    }

    /// Asserts that the stream ends with an error, its end tag, and the end of the connection.
    pub(crate) fn ends_with(&mut self, conditions: &[&str]) {
        let (condition, closed) = self.ending();
        let condition = condition.unwrap_or_default();
        assert!(conditions.contains(&condition.as_str()), "'{condition}' is not one of {conditions:?}");
        assert!(closed, "the stream was not closed by its end tag");
    }

    /// Closes the connection without a word.
    pub(crate) fn cut(self) {
        match self.socket {
            Socket::Plain(socket) => drop(socket),
            Socket::Tls(socket) => drop(socket.sock),
            Socket::None => {}
        }
    }
}

fn dial(address: &str) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap_or_else(|e| panic!("{address}: {e}"));
    socket.set_nodelay(true).unwrap();
    socket
}

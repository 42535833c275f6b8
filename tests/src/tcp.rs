//! XMPP over TCP by hand: bytes out, text in.

use crate::{PASSWORD, Server, http};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A stream header as RFC 6120 §4.2 wants it.
pub const HEADER: &str = "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' \
                          xmlns:stream='http://etherx.jabber.org/streams'>";

/// A connection on the XMPP port.
#[derive(Debug)]
pub struct Tcp(TcpStream);

impl Tcp {
    /// Connects and says nothing.
    pub fn new(server: &Server) -> Self {
        let stream = http::connect(&server.address("xmpp_tcp"));
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self(stream)
    }

    /// Connects, sends the header and reads up to the end of the features.
    pub fn open(server: &Server) -> Self {
        let mut client = Self::new(server);
        client.send(HEADER.as_bytes());
        client.read_to("</stream:features>");
        client
    }

    /// Signs in without TLS, where `xmpp.allow_plain_tcp` lets it, with the demo's password, and binds a resource.
    pub fn bound(server: &Server, user: &str, resource: &str) -> Self {
        Self::bound_with_password(server, user, PASSWORD, resource)
    }

    /// The same with a password of choice.
    pub fn bound_with_password(server: &Server, user: &str, password: &str, resource: &str) -> Self {
        let mut client = Self::authenticated(server, user, password);
        let bind = format!(
            "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <resource>{resource}</resource></bind></iq>"
        );
        client.send(bind.as_bytes());
        let bound = client.read_to("</iq>");
        assert!(bound.contains(&format!("{}@localhost/{resource}", user.to_lowercase())), "{bound}");
        client
    }

    /// Signed in, with the features behind that read, and nothing bound.
    pub fn authenticated(server: &Server, user: &str, password: &str) -> Self {
        let mut client = Self::open(server);
        let plain = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
        client.send(
            format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>")
                .as_bytes(),
        );
        client.read_to("</success>");
        client.send(HEADER.as_bytes());
        client.read_to("</stream:features>");
        client
    }

    /// The same as [`Self::bound`], and available.
    pub fn sign_in(server: &Server, user: &str, resource: &str) -> Self {
        let mut client = Self::bound(server, user, resource);
        client.send(b"<presence/>");
        client
    }

    /// The connection below.
    pub fn stream(&mut self) -> &mut TcpStream {
        &mut self.0
    }

    /// Sends bytes. A server that has closed already is no fault of the test.
    pub fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// Reads until the text ends with `end`.
    pub fn read_to(&mut self, end: &str) -> String {
        let mut text = String::new();
        while !text.trim_end().ends_with(end) {
            let more = self.read();
            assert!(!more.is_empty(), "the server closed before {end}: {text}");
            text.push_str(&more);
        }
        text
    }

    /// Reads until the text holds `part`.
    pub fn read_past(&mut self, part: &str) -> String {
        let mut text = String::new();
        while !text.contains(part) {
            let more = self.read();
            assert!(!more.is_empty(), "the server closed before {part}: {text}");
            text.push_str(&more);
        }
        text
    }

    /// Reads until the server closes.
    pub fn read_to_close(&mut self) -> String {
        let mut text = String::new();
        loop {
            let more = self.read();
            if more.is_empty() {
                return text;
            }
            text.push_str(&more);
        }
    }

    fn read(&mut self) -> String {
        let mut buffer = [0; 4096];
        match self.0.read(&mut buffer) {
            Ok(count) => String::from_utf8_lossy(&buffer[..count]).into_owned(),
            // Closed while bytes of ours were still unread at the other side.
            Err(e) if e.kind() == ErrorKind::ConnectionReset => String::new(),
            Err(e) => panic!("neither an answer nor a close: {e}"),
        }
    }
}

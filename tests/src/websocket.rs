//! XMPP over WebSocket, message by message.

use crate::{PASSWORD, Server, http};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Response};
use tokio_tungstenite::tungstenite::{self, Message, client};

/// `<open/>` to the demo's domain.
pub const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";

/// A connection on the plain listener.
#[derive(Debug)]
pub struct WebSocket(tungstenite::WebSocket<TcpStream>);

/// The server's HTTP answer.
pub type Answer = Response<Option<Vec<u8>>>;

/// The handshake with these headers beside what RFC 6455 wants; an error is the server's HTTP answer.
pub fn handshake(
    server: &Server,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Result<(WebSocket, Answer), Box<Answer>> {
    over(http::connect(&server.address("ws_plain")), server, path, headers)
}

/// The same over a connection of choice.
fn over(
    stream: TcpStream,
    server: &Server,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Result<(WebSocket, Answer), Box<Answer>> {
    let address = server.address("ws_plain");
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    match client(request, stream) {
        Ok((socket, answer)) => Ok((WebSocket(socket), answer)),
        Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => Err(answer),
        Err(error) => panic!("neither a WebSocket nor an answer: {error}"),
    }
}

impl WebSocket {
    /// Connected, with nothing said yet.
    pub fn new(server: &Server) -> Self {
        let answer = handshake(server, "/ws/", &[("Sec-WebSocket-Protocol", "xmpp")]);
        answer.unwrap_or_else(|answer| panic!("no WebSocket: {answer:?}")).0
    }

    /// With the features known and nobody signed in.
    pub fn open(server: &Server) -> Self {
        let mut client = Self::new(server);
        client.exchange(OPEN);
        assert!(client.text().contains("mechanisms"), "the features");
        client
    }

    /// Signed in with the demo's password, bound, present.
    pub fn sign_in(server: &Server, user: &str, resource: &str) -> Self {
        Self::sign_in_with(server, user, PASSWORD, resource)
    }

    /// The same with a password of choice.
    pub fn sign_in_with(server: &Server, user: &str, password: &str, resource: &str) -> Self {
        Self::open(server).signed_in(user, password, resource)
    }

    /// The same with the demo's password, over a connection of choice, of a client that calls itself so.
    pub fn sign_in_over(stream: TcpStream, server: &Server, agent: &str, user: &str, resource: &str) -> Self {
        let headers = [("Sec-WebSocket-Protocol", "xmpp"), ("User-Agent", agent)];
        let answer = over(stream, server, "/ws/", &headers);
        let mut client = answer.unwrap_or_else(|answer| panic!("no WebSocket: {answer:?}")).0;
        client.exchange(OPEN);
        client.text();
        client.signed_in(user, PASSWORD, resource)
    }

    fn signed_in(self, user: &str, password: &str, resource: &str) -> Self {
        let mut client = self;
        let plain = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
        let answer = client.exchange(&format!(
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>"
        ));
        assert!(answer.contains("<success"), "{answer}");
        client.exchange(OPEN);
        client.text();
        let bound = client.exchange(&format!(
            "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <resource>{resource}</resource></bind></iq>"
        ));
        assert!(bound.contains(&format!("{user}@localhost/{resource}")), "{bound}");
        client.send("<presence xmlns='jabber:client'/>");
        client
    }

    /// Sends a text message.
    pub fn send(&mut self, text: &str) {
        self.send_message(Message::text(text));
    }

    /// Sends any message. A server that has closed already is no fault of the test.
    pub fn send_message(&mut self, message: Message) {
        let _ = self.0.send(message);
    }

    /// Sends a text and reads the next one.
    pub fn exchange(&mut self, text: &str) -> String {
        self.send(text);
        self.text()
    }

    /// The next message of any kind; `None` when the connection is over. Pings are answered on the way.
    pub fn message(&mut self) -> Option<Message> {
        match self.0.read() {
            Ok(message) => {
                // what answers it leaves
                let _ = self.0.flush();
                Some(message)
            }
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                panic!("neither a message nor the end")
            }
            Err(_) => None,
        }
    }

    /// The next text.
    pub fn text(&mut self) -> String {
        loop {
            match self.message() {
                Some(Message::Text(text)) => return text.to_string(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("no text: {other:?}"),
            }
        }
    }

    /// Reads to the end: the texts, and the code of the close.
    pub fn to_the_end(&mut self) -> (Vec<String>, Option<u16>) {
        let (mut texts, mut code) = (Vec::new(), None);
        while let Some(message) = self.message() {
            match message {
                Message::Text(text) => texts.push(text.to_string()),
                Message::Close(frame) => code = frame.map(|frame| frame.code.into()),
                _ => {}
            }
        }
        (texts, code)
    }

    /// The connection below.
    pub fn stream(&mut self) -> &mut TcpStream {
        self.0.get_mut()
    }
}

//! A client by hand over WebSocket (RFC 7395).

use super::{PASSWORD, Site};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::{SinkExt, StreamExt};
use listen::Listener;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(10);
pub const SM: &str = "xmlns='urn:xmpp:sm:3'";
const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";

/// A client that signs in over WebSocket.
pub struct Client(WebSocketStream<TcpStream>);

impl Client {
    /// Signed in, with no address yet.
    pub async fn signed_in(address: SocketAddr, user: &str) -> Self {
        let mut request = format!("ws://{address}/ws/").into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("xmpp"));
        let stream = TcpStream::connect(address).await.unwrap();
        let mut client = Self(client_async(request, stream).await.unwrap().0);
        client.open().await;
        let auth = BASE64_STANDARD.encode(format!("\0{user}\0{PASSWORD}"));
        let auth = format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{auth}</auth>");
        assert!(client.ask(&auth).await.starts_with("<success"));
        client.open().await;
        client
    }

    pub async fn open(&mut self) {
        assert!(self.ask(OPEN).await.starts_with("<open"));
        assert!(self.text().await.contains("features"));
    }

    /// Bound and available.
    pub async fn available(address: SocketAddr, user: &str) -> Self {
        let mut client = Self::signed_in(address, user).await;
        client.bind().await;
        assert!(client.ask("<presence xmlns='jabber:client'/>").await.starts_with("<presence"));
        client
    }

    async fn bind(&mut self) {
        let bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind>";
        self.ask(&format!("<iq xmlns='jabber:client' type='set' id='b'>{bind}</iq>")).await;
    }

    /// Bound, with management on and available; the id of its session.
    pub async fn managed(address: SocketAddr, user: &str) -> (Self, String) {
        let mut client = Self::signed_in(address, user).await;
        client.bind().await;
        let enabled = client.ask(&format!("<enable {SM} resume='true'/>")).await;
        let id = value(&enabled, "id").to_owned();
        assert!(client.ask("<presence xmlns='jabber:client'/>").await.starts_with("<presence"));
        (client, id)
    }

    pub async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn text(&mut self) -> String {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("a message").unwrap().unwrap();
            if let Message::Text(text) = message {
                return text.to_string();
            }
        }
    }

    pub async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.text().await
    }

    /// The next stanza.
    pub async fn stanza(&mut self) -> String {
        loop {
            let text = self.text().await;
            if !text.contains("urn:xmpp:sm:3") {
                return text;
            }
        }
    }
}

/// An attribute's value.
pub fn value<'a>(element: &'a str, attribute: &str) -> &'a str {
    let rest = element.split_once(&format!(" {attribute}=\"")).unwrap_or_else(|| panic!("{element}")).1;
    rest.split('"').next().unwrap()
}

/// Serves WebSockets of a site.
pub async fn listen(site: &Site) -> SocketAddr {
    let listener = Listener::bind("test", "127.0.0.1:0", None).await.unwrap();
    let address = listener.local_addr().unwrap();
    let websocket = site.service.websocket();
    tokio::spawn(listener.run(move |socket, peer| {
        let websocket = websocket.clone();
        listen::http::serve(socket, move |request, _| {
            let websocket = websocket.clone();
            async move { websocket.handle(request, peer) }
        })
    }));
    address
}

//! XEP-0198 over WebSocket (RFC 7395): a session goes on over another WebSocket, and over TCP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::Config;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::{SinkExt, StreamExt};
use listen::Listener;
use site::{PASSWORD, Site};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(10);
const SM: &str = "xmlns='urn:xmpp:sm:3'";
const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";

/// A client that signs in over WebSocket.
struct Client(WebSocketStream<TcpStream>);

impl Client {
    /// Signed in, with no address yet.
    async fn signed_in(address: SocketAddr, user: &str) -> Self {
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

    async fn open(&mut self) {
        assert!(self.ask(OPEN).await.starts_with("<open"));
        assert!(self.text().await.contains("features"));
    }

    /// Bound, with management on and available; the id of its session.
    async fn managed(address: SocketAddr, user: &str) -> (Self, String) {
        let mut client = Self::signed_in(address, user).await;
        let bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind>";
        client.ask(&format!("<iq xmlns='jabber:client' type='set' id='b'>{bind}</iq>")).await;
        let enabled = client.ask(&format!("<enable {SM} resume='true'/>")).await;
        let id = value(&enabled, "id").to_owned();
        assert!(client.ask("<presence xmlns='jabber:client'/>").await.starts_with("<presence"));
        (client, id)
    }

    async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    async fn text(&mut self) -> String {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("a message").unwrap().unwrap();
            if let Message::Text(text) = message {
                return text.to_string();
            }
        }
    }

    async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.text().await
    }

    /// The next stanza.
    async fn stanza(&mut self) -> String {
        loop {
            let text = self.text().await;
            if !text.contains("urn:xmpp:sm:3") {
                return text;
            }
        }
    }
}

fn value<'a>(element: &'a str, attribute: &str) -> &'a str {
    let rest = element.split_once(&format!(" {attribute}=\"")).unwrap_or_else(|| panic!("{element}")).1;
    rest.split('"').next().unwrap()
}

async fn start() -> (Site, SocketAddr) {
    let websocket_ping = Duration::from_secs(30);
    let site = Site::start_with(Config { resume_secs: 60, websocket_ping, ..Config::default() }).await;
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
    (site, address)
}

#[tokio::test]
async fn a_session_goes_on_over_another_websocket_where_it_was() {
    let (site, address) = start().await;
    let (client, id) = Client::managed(address, "1").await;
    assert!(site.next_presence().await.available);
    drop(client);
    site.publish("1", "<first/>").await;
    site.publish("1", "<second/>").await;

    let mut client = Client::signed_in(address, "1").await;
    let resumed = client.ask(&format!("<resume {SM} previd='{id}' h='1'/>")).await;

    assert_eq!((value(&resumed, "previd"), value(&resumed, "h")), (id.as_str(), "1"));
    assert!(client.stanza().await.contains("<first/>"));
    assert!(client.stanza().await.contains("<second/>"));
    site.publish("1", "<back/>").await;
    assert!(client.stanza().await.contains("<back/>"));
    assert!(site.presence_is_quiet());
    assert_eq!(site.metric("aplomb_notification_sessions{transport=\"websocket\"}"), 1);
}

#[tokio::test]
async fn a_session_of_a_websocket_goes_on_over_tcp() {
    let (site, address) = start().await;
    let (client, id) = Client::managed(address, "1").await;
    assert!(site.next_presence().await.available);
    drop(client);
    site.publish("1", "<while-away/>").await;

    let mut client = site.signed_in("1").await;
    client.send(&format!("<resume {SM} previd='{id}' h='1'/>")).await;

    assert_eq!(value(&client.next().await, "previd"), id);
    assert!(client.next().await.contains("<while-away/>"));
    assert!(site.presence_is_quiet());
    assert_eq!(site.metric("aplomb_notification_sessions{transport=\"websocket\"}"), 0);
    assert_eq!(site.metric("aplomb_notification_sessions{transport=\"tcp\"}"), 1);
}

#[tokio::test]
async fn a_session_that_was_closed_is_over_and_its_count_is_told() {
    let (_site, address) = start().await;
    let (mut client, id) = Client::managed(address, "1").await;
    client.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>").await;
    while client.text().await != "<close xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\"></close>" {}

    let mut client = Client::signed_in(address, "1").await;
    let failed = client.ask(&format!("<resume {SM} previd='{id}' h='1'/>")).await;

    assert!(failed.starts_with("<failed ") && failed.contains("<item-not-found "), "{failed}");
    assert_eq!(value(&failed, "h"), "1");
}

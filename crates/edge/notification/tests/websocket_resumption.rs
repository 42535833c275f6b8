//! XEP-0198 over WebSocket (RFC 7395): a session goes on over another WebSocket, and over TCP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::Config;
use site::Site;
use site::websocket::{Client, SM, listen, value};
use std::net::SocketAddr;
use std::time::Duration;

async fn start() -> (Site, SocketAddr) {
    let websocket_ping = Duration::from_secs(30);
    let site = Site::start_with(Config { resume_secs: 60, websocket_ping, ..Config::default() }).await;
    let address = listen(&site).await;
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

//! A hundred thousand stanzas for a client that takes none: the session ends by its name, and memory stays bounded.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::{Config, HttpBind};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use listen::{Behind, Peer};
use site::{Client, PASSWORD, Site, websocket};
use std::net::SocketAddr;
use std::time::Duration;

const STANZAS: usize = 100_000;

/// All of them together are a hundred times this, in bytes.
const MEMORY: u64 = 32 * 1024 * 1024;

fn payload() -> String {
    format!("<flood>{}</flood>", "x".repeat(32 * 1024))
}

/// Memory that this process holds, in bytes (Linux).
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

/// Floods the user's session while another user's events arrive one by one.
async fn flood(site: &Site, other: &mut Client) {
    let payload = payload();
    site.publish("1", &payload).await;
    let before = resident_bytes();
    for n in 0..STANZAS {
        site.publish("1", &payload).await;
        if n % 1_000 == 0 {
            site.publish("2", &format!("<event n='{n}'/>")).await;
            assert!(other.next().await.contains(&format!("n='{n}'")));
        }
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < MEMORY, "{} KiB more than before", grown / 1024);
}

/// Sessions that ended by it.
fn overflows(site: &Site, transport: &str) -> u64 {
    let labels = format!("transport=\"{transport}\",reason=\"queue-overflow\"");
    site.metric(&format!("aplomb_notification_sessions_ended_total{{{labels}}}"))
}

/// Requests of a BOSH session, without a connection under them.
struct Bosh {
    http_bind: HttpBind,
    sid: String,
    rid: u64,
}

impl Bosh {
    async fn say(&mut self, attributes: &str, payload: &str) -> String {
        self.rid += 1;
        let sid = if self.sid.is_empty() { String::new() } else { format!("sid='{}'", self.sid) };
        let body = format!(
            "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' {sid} rid='{}' {attributes}>\
             {payload}</body>",
            self.rid
        );
        let request = Request::builder().method(Method::POST).uri("/http-bind/");
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let peer =
            Peer { address: SocketAddr::from(([127, 0, 0, 1], 1)), encrypted: true, tls_exporter: None };
        let answer = self.http_bind.handle(request, peer, Behind::NEVER).await;
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    /// Bound and available.
    async fn available(site: &Site, user: &str) -> Self {
        let mut bosh = Self { http_bind: site.service.http_bind(), sid: String::new(), rid: 0 };
        let created = bosh.say("to='localhost' ver='1.9' wait='30' hold='1' xmpp:version='1.0'", "").await;
        bosh.sid = websocket::value(&created, "sid").to_owned();
        let auth = BASE64_STANDARD.encode(format!("\0{user}\0{PASSWORD}"));
        let auth = format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{auth}</auth>");
        assert!(bosh.say("", &auth).await.contains("<success"));
        bosh.say("xmpp:restart='true'", "").await;
        let bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind>";
        bosh.say("", &format!("<iq xmlns='jabber:client' type='set' id='b'>{bind}</iq>")).await;
        assert!(bosh.say("", "<presence xmlns='jabber:client'/>").await.contains("<presence"));
        bosh
    }
}

#[tokio::test]
async fn a_bosh_client_that_never_polls_again_costs_so_much_and_no_more() {
    let site = Site::start().await;
    let mut other = site.available("2", "desk").await;
    let mut client = Bosh::available(&site, "1").await;
    flood(&site, &mut other).await;
    assert_eq!(overflows(&site, "bosh"), 1);
    let late = client.say("", "").await;
    assert!(late.contains("policy-violation") && late.contains("queue-overflow"), "{late}");
}

#[tokio::test]
async fn a_websocket_that_is_not_read_costs_so_much_and_no_more() {
    let site =
        Site::start_with(Config { websocket_ping: Duration::from_secs(60), ..Config::default() }).await;
    let address = websocket::listen(&site).await;
    let mut other = site.available("2", "desk").await;
    let client = websocket::Client::available(address, "1").await;
    flood(&site, &mut other).await;
    assert_eq!(overflows(&site, "websocket"), 1);
    drop(client);
}

#[tokio::test]
async fn a_client_that_does_not_read_costs_so_much_and_no_more() {
    let site = Site::start().await;
    let mut other = site.available("2", "desk").await;
    let client = site.available("1", "desk").await;
    flood(&site, &mut other).await;
    assert_eq!(overflows(&site, "tcp"), 1);
    drop(client);
}

#[tokio::test]
async fn a_session_that_waits_for_its_client_costs_so_much_and_no_more() {
    let site = Site::start_with(Config { resume_secs: 60, ..Config::default() }).await;
    let mut other = site.available("2", "desk").await;
    let mut client = site.bound("1", "desk").await;
    client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>").await;
    assert!(client.next().await.starts_with("<enabled "));
    client.send("<presence/>").await;
    client.next().await;
    client.cut();
    flood(&site, &mut other).await;
    assert_eq!(overflows(&site, "tcp"), 1);
}

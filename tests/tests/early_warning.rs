//! What may end in disconnections is told before it does: to the supervisors, in the log, as a metric.

use aplomb_tests::publisher::{PLAIN_TCP, flood};
use aplomb_tests::{Bosh, Rest, Server, WebSocket, eventually, http};
use serde_json::Value;
use socket2::{Domain, Socket, Type};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

const AGENT: &str = "1001004";
const SUPERVISOR: &str = "1900001";

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Nobody is signed out by force while a test looks.
const PATIENT: &str = "presence.grace_secs=3600";

/// Clients that do not read answer no pings.
const UNASKED: &str = "websocket.ping_secs=3600";

/// The warnings a supervisor is told, once one of this kind is among them. By then it is in the log and counted, and
/// nobody was signed out.
fn warnings(server: &Server, kind: &str) -> Vec<Value> {
    let supervisor = Rest::new(server, SUPERVISOR);
    let told = eventually(&format!("a warning of {kind}"), Duration::from_secs(60), || {
        let told: Value = serde_json::from_str(&supervisor.get("Warnings").body).ok()?;
        let warnings = told["warnings"].as_array()?.clone();
        warnings.iter().any(|warning| warning["kind"] == kind).then_some(warnings)
    });
    server.log_line(&[&format!("kind=\"{kind}\"")]);
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    assert!(metrics.contains(&format!("aplomb_warnings_total{{kind=\"{kind}\"}}")), "{metrics}");
    assert!(!server.journal().contains("\"forced-logout\""), "{}", server.journal());
    told
}

/// The warning of this kind.
fn warning(server: &Server, kind: &str) -> Value {
    let mut told = warnings(server, kind).into_iter();
    told.find(|warning| warning["kind"] == kind).expect("it was among them")
}

fn text(warning: &Value) -> &str {
    warning["text"].as_str().expect("a text")
}

#[test]
fn a_computers_clock_that_is_wrong_is_told_of_with_its_agent() {
    let server = Server::start();
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    let now = jiff::Timestamp::now();
    agent.send(&format!(
        "<iq xmlns='jabber:client' type='set' to='localhost' id='p'><probe xmlns='urn:aplomb:probe:0' desk='6f1c' \
         number='1' at='{now}' drift='433852' rtt='9' transport='bosh'/></iq>"
    ));
    let warning = warning(&server, "drift");
    assert_eq!(warning["agent"], AGENT);
    assert_eq!(text(&warning), "The computer's clock is -433.9 s off.");
}

#[test]
fn a_desktop_that_does_not_take_what_waits_for_it_is_told_of_before_it_is_lost() {
    let server = Server::with(&[PLAIN_TCP, "bosh.pending_stanzas_max=40", "bosh.inactivity_secs=600"]);
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    flood(&server, &format!("/finesse/api/User/{AGENT}"), 25, 10);
    let warning = warning(&server, "backlog");
    assert_eq!(warning["agent"], AGENT);
    assert!(text(&warning).contains("stanzas wait for the desktop"), "{warning}");
    assert!(!server.journal().contains("queue-overflow"), "{}", server.journal());
}

#[test]
fn a_certificate_near_its_end_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let ends = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date() + jiff::Span::new().days(12);
    let (month, day) = (ends.month().unsigned_abs(), ends.day().unsigned_abs());
    params.not_after = rcgen::date_time_ymd(ends.year().into(), month, day);
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let write = |name: &str, pem: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).expect("a file");
        path.display().to_string()
    };
    let settings = [
        format!("tls.certificate={}", write("server.pem", certificate.pem())),
        format!("tls.key={}", write("server.key", key.serialize_pem())),
    ];
    let server = Server::with(&[&settings[0], &settings[1]]);
    let warning = warning(&server, "certificate");
    let days = text(&warning).strip_prefix("The server's certificate ends in ");
    let days: u32 = days.and_then(|rest| rest.split(' ').next()?.parse().ok()).expect("days");
    // a day may end while the test runs
    assert!((10..=12).contains(&days), "{warning}");
}

#[test]
fn a_disk_with_little_room_is_told_of() {
    let server = Server::with(&["journal.disk_mib_low=1000000000000"]);
    assert!(text(&warning(&server, "disk")).starts_with("The disk of the data directory has "));
    eventually("the disk in the journal", Duration::from_secs(30), || {
        server.journal().contains("\"kind\":\"disk-low\"").then_some(())
    });
}

/// A session from this address of this machine, of a client that calls itself so.
fn session(server: &Server, from: [u8; 4], agent: &str, number: usize) -> WebSocket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((from, 0)).into()).expect("an address of this machine");
    let mut there = server.address("ws_plain").to_socket_addrs().expect("an address");
    let to = there.find(SocketAddr::is_ipv4).expect("an address of its family");
    socket.connect(&to.into()).expect("a connection");
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
    let user = format!("10010{:02}", number % 10 + 1);
    WebSocket::sign_in_over(stream, server, agent, &user, &format!("desk{number}"))
}

const HERE: [u8; 4] = [127, 0, 0, 1];
const BRANCH: [u8; 4] = [127, 0, 1, 1];

#[test]
fn a_site_that_loses_more_than_its_share_is_told_of_and_its_browser_is_not_blamed() {
    let server = Server::with(&[PATIENT, UNASKED]);
    let _stay: Vec<_> = (0..24).map(|n| session(&server, HERE, CHROME, n)).collect();
    let lost: Vec<_> = (24..32).map(|n| session(&server, BRANCH, CHROME, n)).collect();
    drop(lost);
    let told = warnings(&server, "site");
    assert!(!told.iter().any(|warning| warning["kind"] == "browser"), "{told:?}");
    assert!(text(&warning(&server, "site")).starts_with("The network 127.0.1.0/24 lost "), "{told:?}");
}

#[test]
fn a_browser_version_that_loses_more_than_its_share_is_told_of_and_its_site_is_not_blamed() {
    let server = Server::with(&[PATIENT, UNASKED]);
    let _stay: Vec<_> = (0..24).map(|n| session(&server, HERE, FIREFOX, n)).collect();
    let lost: Vec<_> = (24..32).map(|n| session(&server, HERE, CHROME, n)).collect();
    drop(lost);
    let told = warnings(&server, "browser");
    assert!(!told.iter().any(|warning| warning["kind"] == "site"), "{told:?}");
    assert!(text(&warning(&server, "browser")).starts_with("Chrome 129 on Linux lost "), "{told:?}");
}

//! A phone system that sends what it should not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::phone::{Link, Phone};
use aplomb_tests::rest::text_of;
use aplomb_tests::{Bosh, Server, eventually, http};
use std::time::Duration;

const AGENT: &str = "1001003";

/// Agents and supervisors of the demo.
const AGENTS: usize = 22;

/// A server whose link to the phone system is up: it says that it is ready when it is, or after some seconds.
fn start(phone: &Phone) -> (Server, Link) {
    std::thread::scope(|scope| {
        let link = scope.spawn(|| phone.link(AGENTS));
        let server = Server::with(&phone.settings().each_ref().map(String::as_str));
        (server, link.join().unwrap())
    })
}

fn status(server: &Server) -> String {
    let answer = http::request(&server.address("rest_plain"), "GET", "/finesse/api/SystemInfo", &[], b"");
    text_of(&answer.body, "status")
}

fn in_service(server: &Server) {
    eventually("the system is in service", Duration::from_secs(30), || {
        (status(server) == "IN_SERVICE").then_some(())
    });
}

#[test]
fn a_forbidden_character_is_replaced_and_counted_by_its_field() {
    let phone = Phone::new();
    let (server, mut link) = start(&phone);
    in_service(&server);
    let mut session = Bosh::sign_in(&server, AGENT, "desktop");

    link.not_ready(AGENT.as_bytes(), b"20\x0103");

    let event = session.event(&["<state>NOT_READY</state>"]);
    assert_eq!(text_of(&event, "extension"), "20\u{FFFD}03");
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let counted = r#"aplomb_forbidden_characters_total{source="cti",field="AgentExtension"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
    server.log_line(&["WARN", "AgentExtension", AGENT]);
}

#[test]
fn a_message_beyond_the_maximum_ends_the_link_which_then_comes_back() {
    let phone = Phone::new();
    let (server, mut link) = start(&phone);
    in_service(&server);
    let mut session = Bosh::sign_in(&server, AGENT, "desktop");

    link.announce(1 << 20);

    let out = session.event(&["/finesse/api/SystemInfo", "<status>OUT_OF_SERVICE</status>"]);
    assert_eq!(text_of(&out, "lastCTIHeartbeatStatus"), "failure");
    server.log_line(&["1048584", "12500"]);
    let mut link = phone.link(AGENTS);
    session.event(&["/finesse/api/SystemInfo", "<status>IN_SERVICE</status>"]);
    link.not_ready(AGENT.as_bytes(), b"2003");
    session.event(&["<state>NOT_READY</state>", "<extension>2003</extension>"]);
}

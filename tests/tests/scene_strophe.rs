//! Strophe.js in Node, over BOSH and WebSocket with TLS.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn an_agent_on_bosh_sees_what_rest_and_the_phone_system_change() {
    run(&mut Server::start(), Tool::Node, "strophe_bosh.mjs");
}

#[test]
fn an_agent_on_websocket_sees_what_rest_and_the_phone_system_change() {
    run(&mut Server::start(), Tool::Node, "strophe_websocket.mjs");
}

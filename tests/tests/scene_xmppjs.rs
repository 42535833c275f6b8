//! @xmpp/client in Node, over WebSocket with TLS and over TCP with STARTTLS.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn an_agent_sees_what_rest_changes() {
    run(&mut Server::start(), Tool::Node, "xmppjs.mjs");
}

#[test]
fn a_session_outlives_its_connection_over_websocket_and_tcp() {
    run(&mut Server::start(), Tool::Node, "xmppjs_resumption.mjs");
}

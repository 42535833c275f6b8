//! Strophe.js in Node, over BOSH with TLS.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn an_agent_sees_what_rest_and_the_phone_system_change() {
    run(&mut Server::start(), Tool::Node, "strophe_bosh.mjs");
}

//! Node's HTTP/2 client on the TLS listener.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn many_polls_are_parked_on_one_connection() {
    // the client checks that it is told so
    run(&mut Server::with(&["limits.http2_streams_max=123"]), Tool::Node, "http2.mjs");
}

//! slixmpp, a Python client, over TCP with STARTTLS.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn two_resources_and_a_supervisor_see_what_rest_and_the_phone_system_change() {
    run(&mut Server::start(), Tool::Python, "slixmpp_tcp.py");
}

#[test]
fn every_mechanism_signs_in_over_starttls_and_tls() {
    run(&mut Server::start(), Tool::Python, "slixmpp_sign_in.py");
}

#[test]
fn a_session_outlives_its_connection_and_misses_nothing() {
    run(&mut Server::start(), Tool::Python, "slixmpp_resumption.py");
}

#[test]
fn the_plug_in_for_publish_subscribe_finds_all_that_it_knows() {
    run(&mut Server::start(), Tool::Python, "slixmpp_pubsub.py");
}

//! Programs that use the web service and the events, each in its manner, with HTTP and XMPP clients that we did not write.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

fn plays(tool: Tool, script: &str) {
    run(&mut Server::start(), tool, script);
}

#[test]
fn a_page_connects_over_bosh_before_it_signs_in_and_handles_a_call_between_two() {
    plays(Tool::Node, "page_over_bosh.mjs");
}

#[test]
fn a_page_over_websocket_pings_and_takes_what_rings() {
    plays(Tool::Node, "page_over_websocket.mjs");
}

#[test]
fn a_program_knows_people_by_login_name_and_binds_no_resource() {
    plays(Tool::Node, "by_login_name.mjs");
}

#[test]
fn an_administrators_program_makes_what_it_finds_by_its_location() {
    plays(Tool::Node, "administration.mjs");
}

#[test]
fn gadgets_attach_data_to_calls_and_work_on_tasks() {
    plays(Tool::Node, "gadget.mjs");
}

#[test]
fn a_library_finds_its_callbacks_by_request_id_and_source() {
    plays(Tool::Node, "library.mjs");
}

#[test]
fn scripts_consoles_and_cti_clients_find_what_they_need() {
    plays(Tool::Python, "rest_clients.py");
}

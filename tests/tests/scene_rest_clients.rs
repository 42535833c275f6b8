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
fn a_telephone_integration_asks_before_it_sends_and_makes_a_conference() {
    plays(Tool::Node, "telephone_integration.mjs");
}

#[test]
fn a_desktop_reads_the_raw_stream_and_cuts_it_at_messages() {
    plays(Tool::Python, "raw_stream.py");
}

#[test]
fn a_script_works_a_shift_with_reasons_and_its_team() {
    plays(Tool::Python, "shift.py");
}

#[test]
fn a_watcher_finds_leaf_nodes_and_is_told_without_subscribing() {
    plays(Tool::Python, "watcher.py");
}

#[test]
fn a_desk_of_a_suite_comes_back_to_its_call_and_its_supervisor_joins() {
    plays(Tool::Python, "desk_of_a_suite.py");
}

#[test]
fn scripts_consoles_and_cti_clients_find_what_they_need() {
    plays(Tool::Python, "rest_clients.py");
}

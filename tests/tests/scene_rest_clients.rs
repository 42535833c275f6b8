//! HTTP clients that we did not write, in the manner of programs that use the web service.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn scripts_consoles_and_cti_clients_find_what_they_need() {
    run(&mut Server::start(), Tool::Python, "rest_clients.py");
}

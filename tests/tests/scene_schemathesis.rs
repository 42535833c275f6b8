//! schemathesis, a fuzzer that is led by the web service's own description.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn requests_made_from_the_description_never_bring_the_server_into_trouble() {
    run(&mut Server::start(), Tool::Python, "schemathesis_fuzz.py");
}

//! The simulator of the demo, by its command line.

use aplomb_tests::Server;
use std::process::{Command, Output};

fn ctl(server: &Server, words: &str) -> Output {
    let mut command = Command::new(aplomb_tests::server::binary());
    command.args(["sim", "ctl", "--ready-file"]).arg(server.ready_file()).args(words.split(' '));
    command.env_remove("APLOMB_DATA_DIR").output().unwrap()
}

#[test]
fn calls_are_made_from_the_command_line() {
    let server = Server::start();
    let done = ctl(&server, "1001001 signs in");
    assert!(done.status.success(), "{done:?}");
    let rings = String::from_utf8(ctl(&server, "ring 1001001 from 5550142").stdout).unwrap();
    assert!(rings.contains("from 5550142 rings at 2001"), "{rings}");
    assert!(server.simulate("expect 2001 is ringing\n1001001 answers\ncalls").contains("2001 active"));
    let refused = ctl(&server, "1001001 retrieves");
    assert!(!refused.status.success());
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(why.contains("no call at 2001 is held"), "{why}");
}

#[test]
fn the_colleagues_of_the_demo_take_calls_and_people_do_not_get_theirs() {
    let server = Server::start();
    server.simulate("1001001 signs in\n1001001 is ready");
    aplomb_tests::eventually("a colleague talks", std::time::Duration::from_secs(60), || {
        server.simulate("agents").contains("talking").then_some(())
    });
    assert!(server.simulate("expect 1001001 is ready").is_empty());
}

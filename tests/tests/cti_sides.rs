//! A pair of CTI servers: the active side changes, or breaks, while an agent speaks with a customer.

use aplomb_tests::rest::text_of;
use aplomb_tests::{Rest, Server, eventually};
use std::time::Duration;

const AGENT: &str = "1001001";
const SOON: Duration = Duration::from_secs(20);

/// A server with a pair of simulated CTI servers; agent 1001001 speaks with a customer.
fn talking() -> (Server, Rest) {
    let server = Server::with(&[
        "simulator.colleagues=false",
        "simulator.listen_b=127.0.0.1:0",
        "cti.reconnect_waits_secs=[1]",
    ]);
    let rest = Rest::new(&server, AGENT);
    rest.sign_in(AGENT, "2001");
    server.simulate(
        "expect 1001001 is signed in\n1001001 is ready\nring 1001001 from 5550142\n1001001 answers",
    );
    eventually("the agent talks", SOON, || (rest.state(AGENT) == "TALKING").then_some(()));
    (server, rest)
}

fn dialogs(rest: &Rest) -> String {
    rest.get(&format!("User/{AGENT}/Dialogs")).body
}

fn status(rest: &Rest) -> String {
    text_of(&rest.get("SystemInfo").body, "status")
}

#[test]
fn a_graceful_change_of_sides_keeps_the_call() {
    let (server, rest) = talking();
    server.simulate("expect 1001001 is talking");
    eventually("a session stands by", SOON, || {
        (server.simulate("clients").matches("standby").count() == 1).then_some(())
    });
    let before = dialogs(&rest);
    server.simulate("switch");
    eventually("side b is active", SOON, || server.simulate("sides").contains("b  active").then_some(()));
    assert_eq!(status(&rest), "IN_SERVICE", "clients work on");
    assert_eq!(text_of(&dialogs(&rest), "id"), text_of(&before, "id"), "the same call");
    server.simulate("5550142 hangs up");
    eventually("the call's end comes over side b", SOON, || {
        dialogs(&rest).ends_with("<Dialogs></Dialogs>").then_some(())
    });
    eventually("the agent is ready", SOON, || (rest.state(AGENT) == "READY").then_some(()));
}

#[test]
fn what_changed_while_no_side_was_there_is_right_afterwards() {
    let (server, rest) = talking();
    server.simulate("side a down\nside b down");
    eventually("out of service", SOON, || (status(&rest) != "IN_SERVICE").then_some(()));
    server.simulate("5550142 hangs up\n1001001 is not ready 2");
    server.simulate("side a up\nside b up");
    eventually("in service again", SOON, || (status(&rest) == "IN_SERVICE").then_some(()));
    eventually("the call is gone", SOON, || dialogs(&rest).ends_with("<Dialogs></Dialogs>").then_some(()));
    eventually("the state is the new one", SOON, || (rest.state(AGENT) == "NOT_READY").then_some(()));
}

#[test]
fn half_a_message_and_a_lost_connection_are_survived() {
    let (server, rest) = talking();
    server.simulate("unasked\nsend 00000000 0000ffff\nburst 20000");
    server.simulate("1001001 holds");
    eventually("events go on after the burst", SOON, || (rest.state(AGENT) == "HOLD").then_some(()));
    server.simulate("truncate\n1001001 retrieves");
    eventually("the state is right again", SOON, || (rest.state(AGENT) == "TALKING").then_some(()));
    assert!(dialogs(&rest).contains("<state>ACTIVE</state>"));
}

#[test]
fn a_side_that_answers_in_another_version_is_served_in_that_one() {
    let server = Server::with(&["simulator.colleagues=false", "cti.reconnect_waits_secs=[1]"]);
    let rest = Rest::new(&server, AGENT);
    rest.sign_in(AGENT, "2001");
    eventually("signed in", SOON, || (rest.state(AGENT) == "NOT_READY").then_some(()));
    server.simulate("side a speaks 18\ntruncate");
    eventually("in service, as version 18", SOON, || {
        let system = rest.get("SystemInfo").body;
        let is_18 = text_of(&system, "ctiVersion") == "18" && text_of(&system, "status") == "IN_SERVICE";
        is_18.then_some(())
    });
    eventually("the state is known", SOON, || (rest.state(AGENT) == "NOT_READY").then_some(()));
    server.simulate(&format!("{AGENT} is ready"));
    eventually("events are read", SOON, || (rest.state(AGENT) == "READY").then_some(()));
    server.log_line(&["answered as version 18 does, 24 was asked for"]);
}

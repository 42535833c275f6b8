//! Statistics of a queue, from the phone system to everybody who watches it.

use aplomb_tests::{Bosh, Rest, Server, eventually};
use std::time::Duration;

const WATCHER: &str = "1001001";
const AGENT: &str = "1001002";
const CALLER: &str = "5550177";
const QUEUE: &str = "/finesse/api/Queue/1";

#[test]
fn calls_that_wait_and_agents_who_come_are_told_at_the_next_interval() {
    let server = Server::with(&["simulator.colleagues=false", "cti.queue_statistics_secs=1"]);
    let mut session = Bosh::sign_in(&server, WATCHER, "desktop");
    assert!(session.subscribe(QUEUE).contains("subscribed"));
    let rest = Rest::new(&server, WATCHER);
    let shown = || rest.get("Queue/1").body;
    eventually("the first round", Duration::from_secs(20), || {
        shown().contains("<callsInQueue>0</callsInQueue>").then_some(())
    });

    server.simulate(&format!("call from {CALLER} to Support"));
    let update = session.event(&[QUEUE, "<callsInQueue>1</callsInQueue>"]);
    assert!(update.contains("<event>PUT</event>") && update.contains("<name>Support</name>"), "{update}");
    assert!(!update.contains("<startTimeOfLongestCallInQueue></startTimeOfLongestCallInQueue>"), "{update}");
    assert!(shown().contains("<callsInQueue>1</callsInQueue>"), "{}", shown());

    server.simulate(&format!("{AGENT} signs in"));
    session.event(&[QUEUE, "<agentsNotReady>1</agentsNotReady>", "<agentsLoggedOn>1</agentsLoggedOn>"]);
    server.simulate(&format!("{AGENT} is ready\n{AGENT} answers"));
    session.event(&[
        QUEUE,
        "<callsInQueue>0</callsInQueue>",
        "<agentsTalkingInbound>1</agentsTalkingInbound>",
    ]);
}

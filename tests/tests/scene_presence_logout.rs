//! Presence-driven logout, end to end, with the sixty seconds made short.

use aplomb_tests::{Bosh, Rest, Server, eventually};
use std::time::{Duration, Instant};

const AGENT: &str = "1001004";
const EXTENSION: &str = "2004";
const TEAM: &str = "/finesse/api/Team/5000/Users";

/// Seconds without a poll until a session is closed, and from then until the agent is signed out.
const INACTIVITY_SECS: u64 = 2;
const GRACE_SECS: u64 = 3;

fn server() -> Server {
    Server::with(&[
        &format!("bosh.inactivity_secs={INACTIVITY_SECS}"),
        &format!("presence.grace_secs={GRACE_SECS}"),
        // A poll must be answered well within the inactivity that follows it.
        "bosh.wait_secs_max=2",
    ])
}

/// A supervisor who watches the team.
fn supervisor(server: &Server) -> Bosh {
    let mut supervisor = Bosh::sign_in(server, "1900001", "watch");
    let answer = supervisor.subscribe(TEAM);
    assert!(answer.contains("subscribed"), "{answer}");
    supervisor
}

/// A signed-in agent with a session that is not polled any more once this returns.
fn agent(server: &Server) -> Bosh {
    let mut agent = Bosh::sign_in(server, AGENT, "desktop");
    Rest::new(server, AGENT).sign_in(AGENT, EXTENSION);
    agent.event(&["<state>NOT_READY</state>"]);
    agent
}

#[test]
fn an_agent_who_falls_silent_is_signed_out_with_reason_255() {
    let server = server();
    let mut supervisor = supervisor(&server);
    agent(&server);
    let silent = Instant::now();

    let event = supervisor.event(&[AGENT, "<state>LOGOUT</state>"]);

    assert!(event.contains("<code>255</code>"), "{event}");
    let least = Duration::from_secs(GRACE_SECS);
    assert!(silent.elapsed() >= least, "not before the grace is over: {:?}", silent.elapsed());
    assert_eq!(Rest::new(&server, AGENT).state(AGENT), "LOGOUT");
    server.log_line(&["inactivity"]);
}

#[test]
fn an_agent_who_returns_within_the_grace_stays_signed_in() {
    let server = server();
    let mut supervisor = supervisor(&server);
    let gone = agent(&server);
    // The session is closed: the next request on it finds nobody.
    eventually("the silent session is closed", Duration::from_secs(15), || {
        supervisor.send("");
        server.log().contains("inactivity").then_some(())
    });
    assert!(gone.clone().send("").body.contains("item-not-found"), "the old session is gone");

    let mut back = Bosh::sign_in(&server, AGENT, "desktop");
    let end = Instant::now() + Duration::from_secs(2 * (INACTIVITY_SECS + GRACE_SECS));
    while Instant::now() < end {
        assert_eq!(back.send("").status, 200);
    }

    assert_eq!(Rest::new(&server, AGENT).state(AGENT), "NOT_READY");
    drop(supervisor);
}

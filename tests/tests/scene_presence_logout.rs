//! Presence-driven logout, end to end, with the sixty seconds made short.

use aplomb_tests::{Bosh, Rest, Server, eventually};
use std::time::{Duration, Instant};

const AGENT: &str = "1001004";
const EXTENSION: &str = "2004";
const TEAM: &str = "/finesse/api/Team/5000/Users";

/// Seconds without a poll until a session is closed. A busy machine must be able to sign somebody in meanwhile.
const INACTIVITY_SECS: u64 = 10;

/// A server that signs agents out so many seconds after their sessions were closed.
fn server(grace_secs: u64) -> Server {
    Server::with(&[
        &format!("bosh.inactivity_secs={INACTIVITY_SECS}"),
        &format!("presence.grace_secs={grace_secs}"),
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
    let grace = Duration::from_secs(3);
    let server = server(grace.as_secs());
    let mut supervisor = supervisor(&server);
    agent(&server);
    let silent = Instant::now();

    let event = supervisor.event(&[AGENT, "<state>LOGOUT</state>"]);

    assert!(event.contains("<code>255</code>"), "{event}");
    assert!(silent.elapsed() >= grace, "not before the grace is over: {:?}", silent.elapsed());
    assert_eq!(Rest::new(&server, AGENT).state(AGENT), "LOGOUT");
    server.log_line(&["inactivity"]);
}

#[test]
fn an_agent_who_returns_within_the_grace_stays_signed_in() {
    let grace = Duration::from_secs(12);
    let server = server(grace.as_secs());
    let gone = agent(&server);
    // The session is closed: the next request on it finds nobody.
    eventually("the silent session is closed", Duration::from_secs(60), || {
        server.log().contains("inactivity").then_some(())
    });
    assert!(gone.clone().send("").body.contains("item-not-found"), "the old session is gone");

    let mut back = Bosh::sign_in(&server, AGENT, "desktop");
    let end = Instant::now() + grace + Duration::from_secs(2);
    while Instant::now() < end {
        assert_eq!(back.send("").status, 200);
    }

    assert_eq!(Rest::new(&server, AGENT).state(AGENT), "NOT_READY");
}

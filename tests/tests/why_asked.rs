//! Why an agent was disconnected, asked of the running server: by whom, with what traffic, and what was said before.

use aplomb_tests::{Bosh, Rest, Server, eventually};
use serde_json::Value;
use std::time::Duration;

const AGENT: &str = "1001004";
const SUPERVISOR: &str = "1900001";

/// A silent session ends after two seconds.
const SHORT: [&str; 2] = ["bosh.inactivity_secs=2", "bosh.wait_secs_max=2"];

fn asked(rest: &Rest, path: &str) -> Value {
    let answer = rest.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

#[test]
fn a_supervisor_is_told_by_the_running_server_what_the_command_says() {
    let server = Server::with(&SHORT);
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    let supervisor = Rest::new(&server, SUPERVISOR);
    let path = format!("User/{AGENT}/Disconnection");

    let told = eventually("the end", Duration::from_secs(30), || {
        let told = asked(&supervisor, &path);
        (told["verdict"] == "disconnected").then_some(told)
    });

    let out = server.aplomb(&["why", AGENT, "--json"]);
    let printed: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(told["disconnection"], printed["disconnection"]);
    assert_eq!(told["cause"]["not_excluded"], printed["cause"]["not_excluded"]);
    let japanese = asked(&supervisor, &format!("{path}?lang=ja"));
    let how = japanese["cause"]["missing"][0]["how"].as_str().expect("a way");
    assert!(how.chars().any(|c| c > '\u{3000}'), "{how}");
    let page = supervisor.get(&format!("{path}/Page")).body;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg"), "{page}");
    let table = asked(&supervisor, "Disconnections?since=1h");
    assert_eq!(table["disconnections"][0]["agent"], AGENT, "{table}");
}

#[test]
fn an_agent_may_not_ask_and_a_hostile_time_comes_back_as_no_more_than_a_word() {
    let server = Server::start();
    let agent = Rest::new(&server, AGENT);
    for path in
        ["User/1001004/Disconnection", "User/1001005/Disconnection/Page", "Disconnections", "Warnings"]
    {
        assert_eq!(agent.get(path).status, 401, "{path}");
    }
    let odd = Rest::new(&server, "administrator")
        .get(&format!("User/{AGENT}/Disconnection?at=%1b%5b2J%3Cscript%3E"));
    assert_eq!(odd.status, 400);
    assert!(odd.body.contains("expected a time"), "{}", odd.body);
    assert!(!odd.body.contains('\x1b') && !odd.body.contains("<script"), "{}", odd.body);
}

#[test]
fn the_flight_recorder_shows_the_last_requests_and_nothing_of_what_was_in_them() {
    let server = Server::with(&SHORT);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    agent
        .send("<message xmlns='jabber:client' to='1001005@localhost'><body>call 5550123456</body></message>");
    let last = agent.rid - 1;

    let page = eventually("the traffic", Duration::from_secs(30), || {
        let out = server.aplomb(&["why", AGENT, "--traffic"]);
        let page = String::from_utf8(out.stdout).ok()?;
        page.contains("Traffic of the session").then_some(page)
    });

    let lines: Vec<&str> = page.lines().filter(|line| line.contains("the client")).collect();
    assert!(lines.iter().any(|line| line.contains(&last.to_string()) && line.contains("stanza")), "{page}");
    assert!(lines.iter().any(|line| line.contains("to the client") && line.contains("answer")), "{page}");
    assert!(lines[0].contains("create"), "{page}");
    for secret in ["5550123456", "aplomb", "AGFwbG9tYg"] {
        assert!(!lines.iter().any(|line| line.contains(secret)), "{secret}: {page}");
    }
    assert!(!server.journal().contains("5550123456"));
}

#[test]
fn a_session_that_its_client_ends_leaves_no_traffic_and_neither_does_a_server_that_keeps_none() {
    let server = Server::with(&["bosh.inactivity_secs=2", "bosh.wait_secs_max=2", "journal.traffic_max=0"]);
    let _silent = Bosh::sign_in(&server, AGENT, "desktop");
    server.tombstone(&["\"inactivity\"", "desktop"]);
    let out = server.aplomb(&["why", AGENT, "--traffic"]);
    assert!(String::from_utf8(out.stdout).expect("text").contains("No traffic is kept"));
    assert!(!server.journal().contains("\"traffic\""));
}

#[test]
fn a_poll_that_almost_came_too_late_is_a_line_for_the_supervisor_and_a_metric() {
    let server = Server::with(&["bosh.inactivity_secs=4", "bosh.wait_secs_max=1"]);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    let supervisor = Rest::new(&server, SUPERVISOR);
    // a loaded machine may let a poll come too late altogether: then there is another session
    let warning = eventually("a warning", Duration::from_secs(60), || {
        std::thread::sleep(Duration::from_millis(2_900));
        if agent.send("").body.contains("terminate") {
            agent = Bosh::sign_in(&server, AGENT, "desktop");
        }
        let told = asked(&supervisor, "Warnings");
        let mut warnings = told["warnings"].as_array()?.clone().into_iter();
        warnings.find(|warning| warning["kind"] == "late-poll")
    });
    assert_eq!(warning["agent"], AGENT);
    assert!(warning["text"].as_str().is_some_and(|text| text.starts_with("No poll came for")), "{warning}");
    let metrics = aplomb_tests::http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    assert!(metrics.contains("aplomb_warnings_total{kind=\"late-poll\"}"), "{metrics}");
    server.log_line(&["No poll came for", "late-poll"]);
}

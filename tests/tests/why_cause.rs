//! `aplomb why` names the cause: from what the server saw, and from what the desktop told of itself.

use aplomb_tests::{Bosh, Server, eventually};
use serde_json::Value;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

const AGENT: &str = "1001004";

/// A silent session ends after two seconds.
const SHORT: [&str; 2] = ["bosh.inactivity_secs=2", "bosh.wait_secs_max=2"];

/// What `aplomb why` says of the cause, once `is_it` is content with it.
fn cause(server: &Server, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    eventually(what, Duration::from_secs(40), || {
        let out = server.aplomb(&["why", AGENT, "--json"]);
        let answer: Value = serde_json::from_slice(&out.stdout).ok()?;
        last = answer["cause"].clone();
        is_it(&last).then(|| last.clone())
    })
}

/// The silence before it is counted down.
fn has_ended(cause: &Value) -> bool {
    cause["countdowns"].as_array().is_some_and(|countdowns| !countdowns.is_empty())
}

fn named(server: &Server, id: &str) -> Value {
    cause(server, &format!("the cause {id}"), |cause| cause["cause"]["id"] == id)
}

/// The element of `docs/manual/probe.md`, its times so many seconds ago.
fn probe(number: u32, notes: &[(&str, i64, i64)]) -> String {
    let at = |ago: i64| (jiff::Timestamp::now() - jiff::SignedDuration::from_secs(ago)).to_string();
    let notes: String = notes
        .iter()
        .map(|(what, ago, ms)| format!("<note at='{}' what='{what}' ms='{ms}'/>", at(*ago)))
        .collect();
    format!(
        "<iq xmlns='jabber:client' type='set' to='localhost' id='p{number}'><probe xmlns='urn:aplomb:probe:0' \
         desk='6f1c' number='{number}' at='{}' drift='0' rtt='9' transport='bosh'>{notes}</probe></iq>",
        at(0)
    )
}

#[test]
fn a_silence_that_nobody_explains_is_not_known_and_says_what_to_get() {
    let server = Server::with(&SHORT);
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");

    let cause = cause(&server, "an end", has_ended);

    assert_eq!(cause["known"], false, "{cause}");
    assert_eq!(cause["missing"][0]["sight"], "page", "{cause}");
    let left = cause["not_excluded"].to_string();
    assert!(left.contains("\"C1\"") && left.contains("\"C2\"") && !left.contains("\"S1\""), "{left}");
}

#[test]
fn a_computer_that_slept_is_named_by_its_desktops_own_clock() {
    let server = Server::with(&SHORT);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    let acknowledged = agent.send(&probe(1, &[("started", 1, 0)])).body;
    assert!(acknowledged.contains("id=\"p1\"") && acknowledged.contains("type=\"result\""), "{acknowledged}");
    cause(&server, "an end", has_ended);
    // it wakes up, and goes on as if nothing had been
    assert!(agent.send("").body.contains("item-not-found"));
    let mut back = Bosh::sign_in(&server, AGENT, "desktop");
    back.send(&probe(2, &[("asleep", 0, 3_000)]));

    let cause = named(&server, "C1");

    assert_eq!(cause["confidence"], "high", "{cause}");
    let text = cause.to_string();
    for words in ["the computer slept for 3.0 s", "with the next id", "powercfg", "\"probe\""] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(cause["others"]["count"], 0);
}

#[test]
fn probes_without_end_are_refused_and_a_broken_one_is_told_so() {
    let server = Server::start();
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    let broken = agent.send(
        "<iq xmlns='jabber:client' type='set' to='localhost' id='x'><probe xmlns='urn:aplomb:probe:0'/></iq>",
    );
    assert!(broken.body.contains("bad-request"), "{}", broken.body);
    let answers: Vec<String> = (0..12).map(|n| agent.send(&probe(n, &[])).body).collect();
    assert!(answers[0].contains("result"), "{}", answers[0]);
    assert!(answers[11].contains("policy-violation"), "{}", answers[11]);
}

#[test]
fn a_browser_that_was_ended_is_named_by_its_connection_that_closed() {
    let server = Server::with(&SHORT);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    agent.send(&probe(1, &[("started", 0, 0)]));
    let body = format!(
        "<body xmlns='http://jabber.org/protocol/httpbind' sid='{}' rid='{}'/>",
        agent.sid, agent.rid
    );
    let mut poll = TcpStream::connect(server.address("bosh_plain")).expect("a connection");
    write!(
        poll,
        "POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("a poll");
    // a poll that is held shows in nothing; one that is read only after this is cut all the same
    std::thread::sleep(Duration::from_millis(300));
    drop(poll);

    let cause = named(&server, "C17");

    assert_eq!(cause["confidence"], "medium", "nobody heard of the page: {cause}");
    assert!(server.journal().contains("\"kind\":\"poll-cut\""));
}

#[test]
fn what_a_client_did_wrong_is_named_with_high_confidence() {
    for (id, wrong) in [("C18", 50), ("C14", 0)] {
        let server = Server::start();
        let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
        if wrong > 0 {
            agent.rid += wrong;
            agent.send("");
        } else {
            let _other = Bosh::sign_in(&server, AGENT, "desktop");
        }
        let cause = named(&server, id);
        assert_eq!(cause["confidence"], "high", "{cause}");
    }
}

#[test]
fn a_stop_and_a_crash_are_told_apart() {
    let mut server = Server::start();
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    server.terminate();
    assert_eq!(named(&server, "S1")["confidence"], "high");

    server.start_again();
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    let opened = || (server.journal().matches("session-opened").count() == 2).then_some(());
    eventually("the session in the journal", Duration::from_secs(10), opened);
    server.stop();
    assert_eq!(named(&server, "S2")["confidence"], "high");
}

#[test]
fn a_page_a_table_and_both_languages_show_nothing_raw() {
    let server = Server::with(&SHORT);
    let hostile = "evil\u{9b}2J\u{202e}<script>alert(1)</script>&\"'";
    let _client = Bosh::open_as(&server, hostile).signed_in(AGENT, "desktop");
    cause(&server, "an end", has_ended);
    let file = tempfile::NamedTempFile::new().expect("a file");
    let path = file.path().to_str().expect("a path");

    let page = server.aplomb(&["why", AGENT, "--html", path, "--lang", "ja"]);
    let page = String::from_utf8(page.stdout).expect("text");
    let html = std::fs::read_to_string(path).expect("a page");
    let all = server.aplomb(&["why", "--all", "--since", "1h", "--lang", "en"]);
    let all = String::from_utf8(all.stdout).expect("text");

    assert!(page.contains("原因: 不明") && html.contains("lang=\"ja\""), "{page}");
    assert!(all.contains(AGENT) && all.contains("not known"), "{all}");
    assert!(!html.contains("<script") && html.contains("&lt;script"), "{html}");
    for text in [&page, &html, &all] {
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202e}'), "{text:?}");
    }
}

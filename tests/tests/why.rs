//! `aplomb why`, against the real server: silence, crash, restart, hostile names.

use aplomb_tests::scene::{self, Tool};
use aplomb_tests::{Bosh, Rest, Server, eventually};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;

const AGENT: &str = "1001004";
const EXTENSION: &str = "2004";

/// A silent session ends after two seconds, a signed-in agent is signed out two seconds later.
const SHORT: [&str; 3] = ["bosh.inactivity_secs=2", "bosh.wait_secs_max=2", "presence.grace_secs=2"];

/// The answer of `aplomb why` as JSON, once it holds all of `words`.
fn why(server: &Server, agent: &str, words: &[&str]) -> Value {
    eventually(&format!("an answer with {words:?}"), Duration::from_secs(30), || {
        let out = server.aplomb(&["why", agent, "--json"]);
        let answer: Value = serde_json::from_slice(&out.stdout).ok()?;
        let text = answer["answer"].as_str()?;
        words.iter().all(|word| text.contains(word)).then_some(answer)
    })
}

/// Every line of the journal.
fn journal(server: &Server) -> Vec<Value> {
    let text = server.journal();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("a record: {line}")))
        .collect()
}

#[test]
fn an_agent_who_falls_silent_is_told_inactivity_and_the_forced_logout() {
    let server = Server::with(&SHORT);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    Rest::new(&server, AGENT).sign_in(AGENT, EXTENSION);
    agent.event(&["<state>NOT_READY</state>"]);

    let answer = why(&server, "agent4", &["because no poll came for 2", "Forced logout at"]);

    assert_eq!(answer["agent"], AGENT, "found by loginName");
    assert_eq!(answer["verdict"], "disconnected");
    assert_eq!(answer["disconnection"]["reason"], "inactivity");
    let session = &answer["sessions"][0];
    assert_eq!((&session["transport"], &session["resource"]), (&"bosh".into(), &"desktop".into()));
    assert!(session["idle_ms"].as_u64().unwrap() >= 2_000, "{session}");
    assert!(session["longest_gap_ms"].is_u64(), "{session}");
    let tombstone: Value = serde_json::from_str(&server.tombstone(&["\"inactivity\"", "desktop"])).unwrap();
    let at = |name: &str| tombstone[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    let unseen = at("at").duration_since(at("last_seen"));
    assert!(unseen.as_secs() >= 2, "{tombstone}");
    assert_eq!(session["last_rid"], agent.rid - 1);
    assert_eq!(session["requests"], agent.rid - 1_001, "all but the one that made it");
    assert!(session["deliveries"].as_u64().unwrap() >= 2, "{session}");

    let page = server.aplomb(&["why", AGENT]);
    let page = String::from_utf8(page.stdout).unwrap();
    for words in
        ["forced logout sent (reason 255)", "presence gone", "BOSH from 127.0.0.1", "Not back since."]
    {
        assert!(page.contains(words), "{words} is on the page:\n{page}");
    }
    assert!(!page.contains('\x1b'), "no colour in a pipe");

    // what the silent client is told when it wakes up
    let late = agent.send("").body;
    assert!(late.contains("condition=\"item-not-found\""), "{late}");
    assert!(
        late.contains("<ended xmlns=\"urn:aplomb:session-ended:1\" reason=\"inactivity\" at=\""),
        "{late}"
    );
    server.log_line(&["a request for a session that is over", "reason=inactivity"]);
}

#[test]
fn an_agent_who_returns_in_time_is_told_so() {
    let server = Server::with(&["bosh.inactivity_secs=2", "bosh.wait_secs_max=2"]);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    Rest::new(&server, AGENT).sign_in(AGENT, EXTENSION);
    agent.event(&["<state>NOT_READY</state>"]);
    why(&server, AGENT, &["because no poll came for", "Not back since."]);

    let _back = Bosh::sign_in(&server, AGENT, "desktop");

    let answer = why(&server, AGENT, &["Back ", "from the same address"]);
    assert_eq!(answer["disconnection"]["back"]["same_address"], true);
    let returned = || journal(&server).iter().any(|record| record["kind"] == "returned").then_some(());
    eventually("the return in the journal", Duration::from_secs(5), returned);
}

#[test]
fn two_programs_that_displace_each_other_are_named() {
    let server = Server::start();
    // five ends within a minute are a loop, and the next one gets an address of its own
    let sessions: Vec<Bosh> = (0..7).map(|_| Bosh::sign_in(&server, AGENT, "desktop")).collect();
    let jid = |at: usize| sessions[at].jid.as_str();
    assert!(jid(5) == jid(0) && jid(6) != jid(0), "{} {}", jid(5), jid(6));
    eventually("the loop in the story", Duration::from_secs(30), || {
        let out = server.aplomb(&["why", AGENT, "--json"]);
        let answer: Value = serde_json::from_slice(&out.stdout).ok()?;
        let sessions = answer["sessions"].as_array()?;
        let with = |reason: &str| sessions.iter().filter(|session| session["reason"] == reason).count();
        (with("superseded") == 4 && with("displacement-loop") == 1).then_some(())
    });
    let page = server.aplomb(&["why", AGENT]);
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(page.contains("two clients with the same resource kept displacing each other"), "{page}");
}

#[test]
fn after_a_kill_the_journal_is_whole_and_says_that_the_server_died() {
    let mut server = Server::start();
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    let opened = || journal(&server).iter().any(|record| record["kind"] == "session-opened").then_some(());
    eventually("the session in the journal", Duration::from_secs(5), opened);

    server.stop();

    let dead = why(&server, AGENT, &["because the server died without a word", "is not running now"]);
    assert_eq!(dead["server_running"], false);
    assert!(journal(&server).iter().any(|record| record["kind"] == "session-opened"));

    server.start_again();
    server.log_line(&["the run before ended without a word"]);
    let restarted = why(&server, AGENT, &["because the server died without a word"]);
    assert_eq!(restarted["server_running"], true);
    let late = agent.send("").body;
    assert!(
        late.contains("condition=\"item-not-found\"") && late.contains("reason=\"server-died\""),
        "{late}"
    );
}

#[test]
fn a_line_that_a_crash_has_torn_is_skipped_and_the_next_run_writes_on() {
    let mut server = Server::start();
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    why(&server, AGENT, &["Connected now"]);
    let _last = Bosh::sign_in(&server, "1001005", "desktop");
    why(&server, "1001005", &["Connected now"]);
    server.stop();
    server.tear_journal();

    server.start_again();
    let _back = Bosh::sign_in(&server, AGENT, "desktop");

    why(&server, AGENT, &["because the server died", "Back "]);
    let unknown = server.aplomb(&["why", "1001005"]);
    assert_eq!(unknown.status.code(), Some(1), "the torn line is lost");
}

#[test]
fn a_journal_with_garbage_and_lines_of_a_later_version_is_read_around_it() {
    let mut server = Server::start();
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    why(&server, AGENT, &["Connected now"]);
    server.stop();
    let mut garbage = vec![0xFF; 100_000];
    garbage.extend_from_slice(b"\n\0\0\0\n{\"at\":\"not a time\",\"kind\":\"server-stopped\"}\n[]\nnull\n");
    let at = Timestamp::now();
    let later = format!("{{\"at\":\"{at}\",\"kind\":\"of-a-later-version\",\"x\":{{\"y\":[1]}}}}\n");
    let misshaped = format!("{{\"at\":\"{at}\",\"kind\":\"session-ended\",\"session\":7}}\n");
    garbage.extend_from_slice((later + &misshaped).as_bytes());
    server.spoil_journal(&garbage);

    server.start_again();
    let _back = Bosh::sign_in(&server, AGENT, "desktop");

    why(&server, AGENT, &["because the server died without a word", "Back "]);
    let page = server.aplomb(&["why", AGENT]);
    assert!(page.status.success(), "{page:?}");
    let all = server.aplomb(&["why", "--all", "--since", "1h"]);
    assert!(all.status.success() && String::from_utf8_lossy(&all.stdout).contains("(S2)"), "{all:?}");
}

#[test]
fn an_orderly_stop_is_no_crash() {
    let mut server = Server::start();
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    server.terminate();

    let stopped = why(&server, AGENT, &["because the server was stopped"]);
    assert_eq!(stopped["disconnection"]["reason"], "shutdown");
    assert_eq!(journal(&server).last().unwrap()["kind"], "server-stopped");

    server.start_again();
    assert!(!server.log().contains("ended without a word"));
    let late = agent.send("").body;
    assert!(late.contains("reason=\"shutdown\""), "{late}");
}

#[test]
fn a_client_that_breaks_a_rule_is_told_which_and_its_longest_pause_is_known() {
    let server = Server::start();
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    // the pause is what is told of
    std::thread::sleep(Duration::from_secs(1));
    let answer = agent.send("<nonsense xmlns='jabber:client'/>").body;
    assert!(answer.contains("remote-stream-error"), "{answer}");

    let answer = why(&server, AGENT, &["because the client broke a rule of XMPP (unsupported-stanza-type)"]);

    let session = &answer["sessions"][0];
    assert_eq!(session["condition"], "unsupported-stanza-type");
    assert!(session["longest_gap_ms"].as_u64().is_some_and(|gap| gap >= 900), "{session}");
    let late = agent.send("").body;
    assert!(
        late.contains("condition=\"remote-stream-error\"") && late.contains("reason=\"stream-error\""),
        "{late}"
    );
}

#[test]
fn nobody_is_known_to_an_empty_journal_and_a_stranger_to_none() {
    let server = Server::start();
    let unknown = server.aplomb(&["why", "nobody\u{1b}[2J"]);
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said.contains("does not know nobody") && !said.contains('\x1b'), "{said}");

    let empty = server.aplomb_elsewhere(&["why", AGENT]);
    let said = String::from_utf8(empty.stderr).unwrap();
    assert_eq!(empty.status.code(), Some(1));
    assert!(said.contains("is empty"), "{said}");

    let future = server.aplomb(&["why", AGENT, "--at", "2999-01-01"]);
    assert_eq!(future.status.code(), Some(1));
    assert!(String::from_utf8(future.stderr).unwrap().contains("future"));
}

#[test]
fn a_hostile_name_of_a_client_reaches_neither_log_nor_terminal_raw() {
    let server = Server::with(&SHORT);
    // HTTP lets no byte below a space through, but the second table of control characters is not below it
    let hostile = "evil\u{9b}2J\u{9d}0;owned\u{9c}\u{202e}<script>\"quoted\"";
    let client = Bosh::open_as(&server, hostile).signed_in(AGENT, "desktop");
    why(&server, AGENT, &["because no poll came"]);
    drop(client);

    let page = server.aplomb(&["why", AGENT]);
    for text in [String::from_utf8(page.stdout).unwrap(), server.log(), server.journal()] {
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }
    assert!(server.journal().contains("evil\u{fffd}2J"));
}

#[test]
fn refused_sign_ins_are_kept_with_their_reason_and_no_telephone_number_is() {
    let server = Server::start();
    let refused = Bosh::open(&server).auth(AGENT, "wrong").body;
    assert!(refused.contains("not-authorized"), "{refused}");
    let _ = Bosh::open(&server).auth("a password in the wrong field", "wrong");
    assert_eq!(Rest::with_password(&server, "agent4", "wrong").get("User/1001004").status, 401);
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    Rest::new(&server, AGENT).sign_in(AGENT, EXTENSION);
    agent.event(&["<state>NOT_READY</state>"]);
    why(&server, AGENT, &["Connected now"]);

    let records = eventually("all refusals", Duration::from_secs(5), || {
        let records = journal(&server);
        let refusals = records.iter().filter(|record| record["kind"] == "sign-in-refused");
        (refusals.count() == 3).then_some(records)
    });
    let text = server.journal();
    for transport in ["bosh", "rest"] {
        let is_refusal = |record: &&Value| record["user"] == AGENT && record["transport"] == transport;
        let refusal = records.iter().filter(|record| record["kind"] == "sign-in-refused").find(is_refusal);
        assert_eq!(refusal.expect(transport)["why"], "wrong password", "{text}");
    }
    assert!(!text.contains("wrong field"), "a name that is nobody's may be a password: {text}");
    assert!(!text.contains(&format!("\"{EXTENSION}\"")), "{text}");
}

#[test]
fn strophe_gives_up_a_dead_session_and_begins_anew() {
    scene::run(&mut Server::with(&SHORT), Tool::Node, "strophe_dead_session.mjs");
}

//! What befalls the server itself is in its journal, and in the stories of its agents.

use aplomb_tests::{Bosh, Postgres, Rest, Server, eventually, http};
use serde_json::Value;
use std::net::TcpStream;
use std::time::Duration;

const AGENT: &str = "1001004";
const SUPERVISOR: &str = "1900001";

/// Waits until all of these texts are in the agent's story, in this language, each in an event of its own.
fn story_has(server: &Server, language: &str, texts: &[&str]) {
    eventually(&format!("a story with {texts:?}"), Duration::from_secs(60), || {
        let out = server.aplomb(&["why", AGENT, "--json", "--lang", language]);
        let answer: Value = serde_json::from_slice(&out.stdout).ok()?;
        let events = answer["events"].as_array()?;
        let told = |text: &str| {
            events.iter().any(|event| event["text"].as_str().is_some_and(|it| it.contains(text)))
        };
        texts.iter().all(|text| told(text)).then_some(())
    });
}

fn warns_of(server: &Server, kind: &str) {
    let supervisor = Rest::new(server, SUPERVISOR);
    eventually(&format!("a warning of {kind}"), Duration::from_secs(60), || {
        let told: Value = serde_json::from_str(&supervisor.get("Warnings").body).ok()?;
        told["warnings"].as_array()?.iter().any(|warning| warning["kind"] == kind).then_some(())
    });
}

#[test]
fn a_server_that_runs_out_of_file_descriptors_says_so_and_how_many_wait() {
    let server = Server::start();
    let _agent = Bosh::sign_in(&server, AGENT, "desktop");
    server.short_of_files(true);
    let address = server.address("bosh_plain");
    let waiting: Vec<TcpStream> = (0..200).map(|_| http::connect(&address)).collect();

    eventually("both in the journal", Duration::from_secs(60), || {
        let journal = server.journal();
        let kinds = ["\"kind\":\"not-accepted\"", "\"kind\":\"accept-queue\""];
        kinds.iter().all(|kind| journal.contains(kind)).then_some(())
    });

    drop(waiting);
    server.short_of_files(false);
    server.log_line(&["a connection could not be accepted", "listen.notification_plain"]);
    story_has(&server, "en", &["listen.notification_plain got no connection", "waited to be accepted on"]);
    story_has(&server, "ja", &["listen.notification_plain が接続を", "件の接続が受け付け待ち"]);
    warns_of(&server, "accept-failed");
    warns_of(&server, "accept-queue");
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let failures = "aplomb_accept_failures_total{listener=\"listen.notification_plain\"}";
    assert!(metrics.contains(failures), "{metrics}");
}

#[test]
fn a_database_that_goes_and_returns_is_in_the_story_and_what_failed_is_taken_again() {
    let mut cluster = Postgres::start();
    let server = Server::with(&[&format!("store.url={}", cluster.database())]);
    let _session = Bosh::sign_in(&server, AGENT, "desktop");
    let agent = Rest::new(&server, AGENT);
    let send = || {
        let log = "<ClientLog><logData>a line</logData></ClientLog>";
        agent.send("POST", &format!("User/{AGENT}/ClientLog"), log, "").status
    };
    assert_eq!(send(), 202);
    cluster.stop();
    assert_ne!(send(), 202);
    story_has(&server, "en", &["the store failed"]);
    warns_of(&server, "store");

    cluster.start_again();

    story_has(&server, "en", &["the store works again"]);
    story_has(&server, "ja", &["ストア障害", "ストア復旧"]);
    eventually("a client log is kept", Duration::from_secs(30), || (send() == 202).then_some(()));
}

#[test]
fn what_administrators_do_is_in_the_story_whether_over_the_web_service_or_by_a_command() {
    let server = Server::start();
    let _session = Bosh::sign_in(&server, AGENT, "desktop");
    let reason = "<ReasonCode><category>NOT_READY</category><code>77</code><label>Fire drill</label>\
                  <forAll>true</forAll></ReasonCode>";
    let made = Rest::new(&server, "administrator").send("POST", "ReasonCode", reason, "");
    assert!((200..300).contains(&made.status), "{} {}", made.status, made.body);
    let add = ["user", "add", "2000001", "--team", "5000", "--demo"];
    let added = server.aplomb_reads(&add, "a new password\n");
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));

    story_has(
        &server,
        "en",
        &["administrator did POST ReasonCode", "(command line) did create User 2000001"],
    );

    assert!(!server.journal().contains("a new password"));
}

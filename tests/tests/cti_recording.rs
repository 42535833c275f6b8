//! A session with the phone system is recorded, looked at, and played into another server, which then shows the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::server::binary;
use aplomb_tests::{Desk, Rest, Server, eventually};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const AGENT: &str = "1001001";
const CALLER: &str = "5550142";
const SOON: Duration = Duration::from_secs(20);

/// An agent speaks with a customer, who has said something, when the server ends. Returns the files.
fn recorded(folder: &Path) -> Vec<PathBuf> {
    let directory = folder.join("recording");
    let setting = format!("cti.record={}", directory.display());
    let mut server = Server::with(&["simulator.colleagues=false", &setting]);
    let mut agent = Desk::sign_in(&server, AGENT, "2001");
    agent.ready();
    server.simulate(&format!("call from {CALLER} to Support var1=gold"));
    let ringing = agent.part("POST", "ALERTING");
    agent.act(&ringing.id, "ANSWER", "", "");
    agent.user("TALKING");
    server.terminate();
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|e| e == "jsonl")).collect();
    files.sort();
    files
}

/// `aplomb cti replay`, ended with the test, and where it listens.
struct Replay(Child, String);

impl Replay {
    fn of(files: &[PathBuf]) -> Self {
        let mut command = Command::new(binary());
        command.args(["cti", "replay", "--listen", "127.0.0.1:0"]).args(files);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(first.starts_with("1 sessions on 127.0.0.1:"), "{first}");
        Self(child, address)
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_recording_can_be_read_and_another_server_that_plays_it_shows_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let files = recorded(folder.path());

    let shown = Command::new(binary()).args(["cti", "decode"]).arg(&files[0]).output().unwrap();
    let page = String::from_utf8_lossy(&shown.stdout);
    assert!(shown.status.success(), "no byte is left over or missing: {page}");
    for expected in
        ["OPEN_REQ (3)", "SET_AGENT_STATE_REQ (38)", "CALL_DELIVERED_EVENT (9)", "CLOSE_REQ (7)", AGENT]
    {
        assert!(page.contains(expected), "no {expected} in {page}");
    }
    assert!(!page.contains(CALLER) && !page.contains("gold"), "redacted, unless told otherwise");

    let replay = Replay::of(&files);
    let sides = format!("cti.sides={}", replay.1);
    let server = Server::with(&["simulator.listen=off", &sides]);
    let rest = Rest::new(&server, AGENT);
    eventually("the agent talks there too", SOON, || (rest.state(AGENT) == "TALKING").then_some(()));
    let dialogs = eventually("the call is answered", SOON, || {
        let dialogs = rest.get(&format!("User/{AGENT}/Dialogs")).body;
        dialogs.contains("<state>ACTIVE</state>").then_some(dialogs)
    });
    for expected in [
        "<callType>PREROUTE_ACD_IN</callType>",
        "<mediaAddress>2001</mediaAddress>",
        "<state>ACTIVE</state>",
        "<queueName>Support</queueName>",
        "<name>callVariable1</name>",
    ] {
        assert!(dialogs.contains(expected), "no {expected} in {dialogs}");
    }
    assert!(!dialogs.contains(CALLER), "{dialogs}");
}

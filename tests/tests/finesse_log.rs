//! Logs in the original's form: the lines of a presence-driven logout, in their order.

use aplomb_tests::{Bosh, Rest, Server, eventually};
use std::path::{Path, PathBuf};
use std::time::Duration;

const AGENT: &str = "1001003";
const EXTENSION: &str = "2003";

/// Every line of the files whose name begins so.
fn read(directory: &Path, start: &str) -> String {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let named =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start));
    let mut paths: Vec<PathBuf> = paths.filter(named).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect()
}

#[test]
fn a_presence_driven_logout_leaves_the_lines_of_the_original_in_their_order() {
    let directory = tempfile::tempdir().expect("a directory");
    let setting = format!("log.directory={}", directory.path().display());
    let short = ["bosh.inactivity_secs=2", "bosh.wait_secs_max=2", "presence.grace_secs=4"];
    let mut server = Server::with(&[&short[..], &["log.format=finesse", &setting]].concat());
    let mut agent = Bosh::sign_in(&server, AGENT, "desktop");
    Rest::new(&server, AGENT).sign_in(AGENT, EXTENSION);
    agent.event(&["<state>NOT_READY</state>"]);
    let web = directory.path().join("desktop/logs/webservices");

    let expected = [
        "-6-PRESENCE_NOTIFICATION_RECEIVED: %[from=1001003@localhost][type=unavailable]",
        "-6-UNSUBSCRIBE_NODE: %[agent_id=1001003]",
        "%CCBU_Smack Listener Processor (1)-6-AGENT_PRESENCE_MONITOR: ",
        "%CCBU_pool-8-thread-1-6-AGENT_PRESENCE_MONITOR: %[message_string=Agent 1001003",
        "%CCBU_CoreImpl-worker12-6-PRESENCE DRIVEN LOGOUT: %[agent_id=1001003]: ",
        "-6-MESSAGE_TO_CTI_SERVER: %[cti_message=agentstate : 1, workmode : 0, reason code: 255, forceflag :1, \
         agentcapacity: 1, agenttext: 1001003, agentid: 1001003,",
        "agentState=1 (LOGOUT), eventReasonCode=255",
        "-6-XMPP_PUBLISH_ASYNCHRONOUS: %[NodeId=/finesse/api/User/1001003]",
    ];
    let log = eventually("the lines in their order", Duration::from_secs(60), || {
        let log = read(&web, "Desktop-webservices.");
        let mut rest = log.as_str();
        for line in expected {
            rest = rest.split_once(line)?.1;
        }
        Some(log)
    });

    let numbers: Vec<u32> = log.lines().filter_map(|line| line.split(':').next()?.parse().ok()).collect();
    assert_eq!(numbers.len(), log.lines().count(), "every line has its number: {log}");
    assert!(numbers.iter().enumerate().all(|(at, number)| *number as usize == at + 1), "{numbers:?}");
    let decoded =
        log.lines().find(|line| line.contains("agentState=1 (LOGOUT), eventReasonCode=255")).expect("it");
    assert!(
        decoded.contains("msgID=30, timeTracker={\"id\":\"AgentStateEvent\",\"CTI_MSG_RECEIVED\":"),
        "{decoded}"
    );
    for line in log.lines().filter(|line| line.contains("REQUEST_")) {
        assert!(line.contains("REQUEST_URL=/finesse/api/"), "{line}");
    }
    let mut words = log.split(|c: char| !c.is_ascii_alphanumeric());
    assert!(!words.any(|word| word == EXTENSION), "no telephone number: {log}");
    assert!(!log.contains("aplomb"), "no password: {log}");
    let openfire = directory.path().join("desktop/logs/openfire");
    let info = read(&openfire, "info.log");
    let closed =
        "Closing idle session: 1001003@localhost/desktop after inactivity for more than threshold value of 2";
    assert!(
        info.contains(closed) && info.contains("A session is closed for 1001003@localhost/desktop"),
        "{info}"
    );
    let debug = read(&openfire, "debug.log");
    assert!(
        debug.contains("Session was last active ") && debug.contains(" ms ago: 1001003@localhost/desktop"),
        "{debug}"
    );

    server.terminate();
    let info = read(&openfire, "info.log");
    assert!(info.trim_end().ends_with("Openfire stopped"), "{info}");
    assert!(read(&web, "Error-Desktop-webservices.").contains("-3-CTI_CONNECTION_LOST: "));
}

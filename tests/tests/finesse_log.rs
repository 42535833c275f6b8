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

/// `0000001043: 192.0.2.7: Jun 17 2017 00:16:04.630 +0530: %CCBU_thread-6-NAME: %[key=value][key=value]: text`: its number,
/// if the line keeps to the grammar to the last character.
fn number(line: &str) -> Option<u32> {
    let (number, rest) = line.split_once(": ")?;
    let (node, rest) = rest.split_once(": ")?;
    let (at, rest) = rest.split_once(": %CCBU_")?;
    let (head, rest) = rest.split_once(": %[")?;
    let (pairs, text) = rest.rsplit_once("]: ")?;
    let (thread, name) = head.rsplit_once("-6-").or_else(|| head.rsplit_once("-3-"))?;
    let time = jiff::fmt::strtime::parse("%b %d %Y %H:%M:%S%.f %z", at).ok()?.to_timestamp().ok()?;
    let depth = |depth: Option<u32>, c: char| match c {
        '[' => depth?.checked_add(1),
        ']' => depth?.checked_sub(1),
        _ => depth,
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || "_ ".contains(c));
    // between two pairs stands `][`: with a bracket before and one behind, all of them have their partner
    let are_pairs = format!("[{pairs}]").chars().try_fold(0, |open, c| depth(Some(open), c)) == Some(0);
    let is_whole = number.len() == 10
        && node.parse::<std::net::IpAddr>().is_ok()
        && at.len() == "Jun 17 2017 00:16:04.630 +0530".len()
        && jiff::Timestamp::now().duration_since(time).abs() < jiff::SignedDuration::from_hours(1)
        && !thread.is_empty()
        && is_name
        && are_pairs
        && pairs.split("][").all(|pair| pair.contains('='))
        && !text.is_empty();
    is_whole.then(|| number.parse().ok()).flatten()
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

    let numbers: Vec<u32> = log
        .lines()
        .map(|line| number(line).unwrap_or_else(|| panic!("no line of the original's: {line}")))
        .collect();
    assert!(numbers.iter().enumerate().all(|(at, number)| *number as usize == at + 1), "{numbers:?}");
    let decoded =
        log.lines().find(|line| line.contains("agentState=1 (LOGOUT), eventReasonCode=255")).expect("it");
    assert!(
        decoded.contains("msgID=30, timeTracker={\"id\":\"AgentStateEvent\",\"CTI_MSG_RECEIVED\":"),
        "{decoded}"
    );
    assert!(
        decoded.contains("msgName=AgentStateEvent, deploymentType=CCE]][cti_response_time="),
        "{decoded}"
    );
    assert!(decoded.ends_with("]: Decoded Message to Finesse from backend cti server"), "{decoded}");
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

    eventually("the event that nobody hears", Duration::from_secs(30), || {
        let lost = "No session is available so store offline. <message from=\"pubsub.localhost\" to=\"1001003@localhost\"";
        read(&openfire, "debug.log").contains(lost).then_some(())
    });
    let report = "<ClientLog><logData>Mozilla/5.0\na line of the desktop</logData></ClientLog>";
    let sent = Rest::new(&server, AGENT).send("POST", &format!("User/{AGENT}/ClientLog"), report, "");
    assert_eq!(sent.status, 202, "{}", sent.body);
    let number = sent.header("client-log-number").expect("a number").to_owned();
    let folder = directory.path().join("desktop/logs/clientlogs");
    eventually("the client log as a file", Duration::from_secs(30), || {
        let name = std::fs::read_dir(&folder).ok()?.next()?.ok()?.file_name().into_string().ok()?;
        let is_it = name.ends_with(&format!(".{AGENT}.{number}.log")) && name.starts_with("20");
        (is_it && read(&folder, &name) == "Mozilla/5.0\na line of the desktop").then_some(())
    });
    server.terminate();
    let info = read(&openfire, "info.log");
    assert!(info.trim_end().ends_with("Openfire stopped"), "{info}");
    assert!(read(&web, "Error-Desktop-webservices.").contains("-3-CTI_CONNECTION_LOST: "));
}

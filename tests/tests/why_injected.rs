//! Faults are injected into a running demo over real sockets; the rules name them, or say that they do not know.

use aplomb_tests::Server;
use std::path::Path;
use std::process::Output;

/// Short enough to wait for.
const SHORT: [&str; 2] = ["bosh.inactivity_secs=2", "bosh.wait_secs_max=10"];

/// Each fault with the desktop's probe and without; those that end the server come last.
const SAMPLE: [(&str, bool); 20] = [
    ("page-closed", false),
    ("wrong-password", false),
    ("second-sign-in", true),
    ("second-sign-in", false),
    ("request-lost", true),
    ("request-lost", false),
    ("overactivity", false),
    ("slept", true),
    ("slept", false),
    ("tab-frozen", true),
    ("tab-frozen", false),
    ("starved", true),
    ("network-cut", true),
    ("network-cut", false),
    ("reset", true),
    ("reset", false),
    ("browser-killed", true),
    ("browser-killed", false),
    ("paused", false),
    ("cti-lost", false),
];

fn inject(server: &Server, agent: &str, fault: &str, has_probe: bool, case: &Path) -> Output {
    let (ready, case) = (server.ready_file(), case.to_str().expect("a path").to_owned());
    let ready = ready.to_str().expect("a path").to_owned();
    let mut args = vec!["inject", fault, "--agent", agent, "--ready-file", &ready, "--case", &case];
    if has_probe {
        args.push("--probe");
    }
    server.aplomb(&args)
}

#[test]
fn no_injected_fault_is_misnamed_at_high_confidence_and_what_is_not_known_is_left_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::with(&SHORT);
    let faults = SAMPLE.into_iter().chain([("stopped", false), ("killed", false)]);
    for (number, (fault, has_probe)) in faults.enumerate() {
        let case = folder.path().join(format!("{number:02}-{fault}.json"));
        // whose sessions nobody has lost yet
        let agent =
            if fault == "cti-lost" { "1900001".to_owned() } else { format!("10010{:02}", number % 10 + 1) };
        let out = inject(&server, &agent, fault, has_probe, &case);
        assert!(out.status.success(), "{fault}: {}", String::from_utf8_lossy(&out.stderr));
        match fault {
            "cti-lost" => drop(server.simulate("side a up")),
            "stopped" => server.start_again(),
            _ => {}
        }
    }

    let out = server.aplomb(&["inject", "--score", folder.path().to_str().expect("a path")]);

    let matrix = String::from_utf8(out.stdout).expect("text");
    println!("{matrix}");
    assert!(matrix.contains("(0 of them at high confidence)"), "{matrix}");
    assert!(matrix.contains("(0 of them without the true cause among those left)"), "{matrix}");
    let named: usize = matrix
        .lines()
        .find_map(|line| line.split_once(" cases: ")?.1.split_once(" right")?.0.parse().ok())
        .expect("a count");
    // without the desktop's probe a silence cannot be told from another
    let open = SAMPLE
        .iter()
        .filter(|(fault, probe)| !probe && matches!(*fault, "slept" | "tab-frozen" | "network-cut" | "reset"))
        .count();
    assert!(named >= SAMPLE.len() + 2 - open - 1, "{named} named:\n{matrix}");
}

/// Long enough for a client on a busy machine, short enough to wait for.
const PATIENT: [&str; 2] = ["bosh.inactivity_secs=5", "bosh.wait_secs_max=10"];

#[test]
fn faults_of_the_way_are_injected_over_real_connections_and_named() {
    let server = Server::with(&PATIENT);
    let folder = tempfile::tempdir().expect("a folder");
    let faults = ["port-refused", "delayed", "proxy-limit", "reloaded", "paused"];
    for (number, fault) in faults.iter().enumerate() {
        let case = folder.path().join(format!("{fault}.json"));
        let out = inject(&server, &format!("100100{}", number + 1), fault, true, &case);
        assert!(out.status.success(), "{fault}: {}", String::from_utf8_lossy(&out.stderr));
    }
    let out = server.aplomb(&["inject", "--score", folder.path().to_str().expect("a path")]);
    let matrix = String::from_utf8(out.stdout).expect("text");
    assert!(matrix.contains("5 cases: 5 right, 0 wrong"), "{matrix}");
}

#[test]
fn characters_that_xml_forbids_disconnect_nobody() {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("case.json");
    let out = inject(&server, "1001001", "invalid-characters", false, &file);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let case: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).expect("a case")).expect("JSON");
    let facts = case["facts"].as_array().expect("facts");
    assert!(facts.iter().any(|fact| fact["what"] == "session-opened" && fact["of"] == "1001001"), "{case}");
    assert!(!facts.iter().any(|fact| fact["what"] == "session-ended"), "{case}");
    assert!(case["label"].is_null(), "{case}");
}

/// Ends a server that the test did not start itself.
struct Orphan(u64);

impl Drop for Orphan {
    fn drop(&mut self) {
        let _ = std::process::Command::new("kill").args(["-KILL", &self.0.to_string()]).status();
    }
}

#[test]
fn a_restart_ends_in_a_server_that_runs_and_a_case_that_says_stopped() {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a folder");
    let out = inject(&server, "1001001", "restarted", false, &folder.path().join("case.json"));
    let ready: serde_json::Value =
        serde_json::from_slice(&std::fs::read(server.ready_file()).expect("a ready file")).expect("JSON");
    let _orphan = Orphan(ready["pid"].as_u64().expect("a process"));
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_ne!(ready["bosh_plain"], server.ready("bosh_plain"), "it has ports of its own");
    let out = server.aplomb(&["inject", "--score", folder.path().to_str().expect("a path")]);
    let matrix = String::from_utf8(out.stdout).expect("text");
    assert!(matrix.contains("S1") && matrix.contains("1 cases: 1 right, 0 wrong"), "{matrix}");
}

#[test]
fn the_list_names_each_fault_its_cause_and_whether_a_browser_does_it() {
    let server = Server::start();
    let list = String::from_utf8(server.aplomb(&["inject", "--list"]).stdout).expect("text");
    for (fault, cause, browser) in
        [("slept", "C1", "--browser"), ("certificate-untrusted", "C11", "always"), ("paused", "S7", "")]
    {
        let line = list.lines().find(|line| line.starts_with(fault)).expect(fault);
        assert!(line.contains(cause) && line.contains(browser), "{line}");
    }
}

#[test]
fn a_fault_that_cannot_be_injected_says_why() {
    let server = Server::start();
    let out = server.aplomb(&["inject", "slept", "--ready-file", "/nonexistent", "--case", "/dev/null"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("--ready-file"), "{out:?}");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("broken.json"), "{\"version\":9}").expect("a file");
    let out = server.aplomb(&["inject", "--score", folder.path().to_str().expect("a path")]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("version 9"), "{out:?}");
}

//! `aplomb load` against a running server: over each transport everything it publishes arrives once and in order, by its
//! own account and by the shape of its report.
#![allow(clippy::unwrap_used)]

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, interpreter, root};
use aplomb_tests::server::binary;
use serde_json::Value;
use std::process::{Command, Output};

const AGENTS: u64 = 10;

fn load(server: &Server, args: &[&str]) -> Output {
    let mut command = Command::new(binary());
    command.args([
        "load",
        "--json",
        "--sessions",
        "10",
        "--team-size",
        "5",
        "--seconds",
        "1",
        "--rate",
        "50",
    ]);
    command.args(["--scenarios", "one,team,all,paced", "--ready-file"]).arg(server.ready_file()).args(args);
    command.output().unwrap()
}

fn server() -> Server {
    Server::with(&["xmpp.allow_plain_tcp=true"])
}

/// How many agents a publication of the scenario reaches.
fn reach(scenario: &str) -> u64 {
    match scenario {
        "team" => 5,
        "all" => AGENTS,
        _ => 1,
    }
}

#[test]
fn everything_published_arrives_once_over_each_transport() {
    let server = server();
    let ways = [
        &["--transport", "bosh"][..],
        &["--http2", "--http2-streams", "4"],
        &["--transport", "websocket"],
        &["--transport", "tcp"],
    ];
    for way in ways {
        let out = load(&server, way);
        assert!(out.status.success(), "{way:?}: {}", String::from_utf8_lossy(&out.stderr));
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(report["sessions"], AGENTS);
        for row in report["scenarios"].as_array().unwrap() {
            let count = |name: &str| row[name].as_u64().unwrap();
            let scenario = row["scenario"].as_str().unwrap();
            assert!(count("publications") > 0, "{way:?}: {row}");
            assert_eq!(count("deliveries"), count("publications") * reach(scenario), "{way:?}: {row}");
            for wrong in ["lost", "doubled", "out_of_order", "sessions_lost", "refused"] {
                assert_eq!(count(wrong), 0, "{way:?}: {wrong} of {row}");
            }
            assert!(row["server_cpu_s"].as_f64().is_some(), "the server's process is looked at: {row}");
        }
    }
}

#[test]
fn the_report_for_people_is_a_table_with_a_row_for_each_scenario() {
    let server = server();
    let mut command = Command::new(binary());
    command.args(["load", "--sessions", "10", "--team-size", "5", "--seconds", "1", "--rate", "50"]);
    let out =
        command.args(["--scenarios", "one,team", "--ready-file"]).arg(server.ready_file()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    let row = |first: &str| {
        let found = text.lines().find(|line| line.trim_start_matches(['|', ' ']).starts_with(first));
        let cells = found.unwrap_or_else(|| panic!("{first} in {text}")).split('|').map(str::trim);
        cells.map(str::to_owned).collect::<Vec<_>>()
    };
    let head = row("scenario");
    let cell = |scenario: &str, name: &str| {
        let place = head.iter().position(|cell| cell == name).unwrap();
        row(scenario)[place].parse::<u64>().unwrap()
    };
    for (scenario, reach) in [("one", reach("one")), ("team", reach("team"))] {
        assert_eq!(cell(scenario, "delivered"), cell(scenario, "published") * reach, "{text}");
        assert_eq!((cell(scenario, "lost"), cell(scenario, "sessions lost")), (0, 0), "{text}");
    }
}

#[test]
fn who_cannot_sign_in_is_named() {
    let out = load(&server(), &["--first-agent", "7000001"]);
    let error = String::from_utf8_lossy(&out.stderr);
    // several try at a time, and the first to be refused is told
    let named = (7_000_001..=7_000_010).any(|agent| error.contains(&format!("{agent} cannot sign in")));
    assert!(!out.status.success() && named, "{error}");
}

#[test]
fn a_comparison_does_not_hide_the_runs_that_failed() {
    let mut command = Command::new(interpreter(Tool::Python));
    command.arg(root().join("scripts/compare-servers"));
    command.args(["--servers", "aplomb", "--rounds", "2", "--sessions", "1", "--binary", "/bin/false"]);
    let out = command.output().unwrap();
    let (table, log) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(!out.status.success(), "{table}");
    assert!(table.contains("[2 of 2 runs failed]"), "{table}{log}");
    assert!(log.contains("2 runs failed"), "{log}");
}

//! This server: the demo on ports of its own, with the times that all subjects are given.

use super::launch::Process;
use super::{Addresses, INACTIVITY_SECS, Kind, MAXPAUSE_SECS, Subject, USERS};
use serde_json::Value;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Settings of the listeners: any free port of loopback.
const LISTENERS: [&str; 8] = [
    "listen.rest",
    "listen.rest_plain",
    "listen.notification",
    "listen.notification_plain",
    "listen.xmpp_tcp",
    "listen.xmpp_tls",
    "listen.metrics",
    "simulator.listen",
];

pub(super) fn start() -> Subject {
    start_with(&[])
}

pub(super) fn start_with(settings: &[&str]) -> Subject {
    let folder = TempDir::new().unwrap();
    let ready_file = folder.path().join("ready.json");
    let mut command = Command::new(aplomb_tests::server::binary());
    // Settings of the person who runs the cases are not settings of the subject.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("APLOMB_")) {
        command.env_remove(name);
    }
    command.args(["serve", "--demo", "--demo-agents", &USERS.to_string()]);
    command.arg("--data-dir").arg(folder.path().join("data")).arg("--ready-file").arg(&ready_file);
    for setting in LISTENERS {
        command.args(["--set", &format!("{setting}=127.0.0.1:0")]);
    }
    // everybody may own nodes, as with the others
    command.args(["--set", "pubsub.create_nodes=everyone"]);
    command.args(["--set", &format!("bosh.inactivity_secs={INACTIVITY_SECS}")]);
    command.args(["--set", &format!("bosh.maxpause_secs={MAXPAUSE_SECS}")]);
    command.args(["--set", "bosh.script_syntax=true"]);
    for setting in settings {
        command.args(["--set", setting]);
    }
    let mut process = Process::start(folder, &mut command);
    let ready: Value = process.wait_until(Duration::from_secs(60), || {
        serde_json::from_slice(&std::fs::read(&ready_file).ok()?).ok()
    });
    let address = |name: &str| {
        let listed = ready[name].as_str().unwrap_or_default();
        let rest = listed.split_once("://").map_or(listed, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest).to_owned()
    };
    let at = Addresses {
        http: address("bosh_plain"),
        bosh_path: "/http-bind/",
        websocket: address("ws_plain"),
        websocket_path: "/ws/",
        tcp: address("xmpp_tcp"),
        tls: address("xmpp_tls"),
        web: address("rest_plain"),
        https: address("bosh"),
    };
    Subject::new(Kind::Ours, at, process)
}

//! Scenes with clients that we did not write: each a script in `tests/foreign`, run against a server of its own.
//!
//! A script finds the server through its environment (`SCENE_READY`, `SCENE_CA`, `SCENE_PASSWORD`), prints what it
//! sees, and ends with 0 or with the sentence that says what went wrong. A line that begins with `@` asks the harness
//! for something (`@stop`, `@start`) and is answered with `done` on the script's standard input.

use crate::{PASSWORD, Server};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Who runs a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Node, with the packages of `tests/foreign`.
    Node,
    /// Python, from `.tools/python`.
    Python,
}

/// Runs a script to its end and panics if it fails. What it needs is installed by `make setup`; a test without its
/// tools fails and says so, since one that passes without them would say something untrue.
pub fn run(server: &mut Server, tool: Tool, script: &str) {
    let mut command = Command::new(interpreter(tool));
    command.arg(root().join("tests/foreign").join(script));
    command.env("SCENE_READY", server.ready_file()).env("SCENE_CA", server.ca_file());
    command.env("NODE_EXTRA_CA_CERTS", server.ca_file());
    command.env("SCENE_PASSWORD", PASSWORD).env("SCENE_PYTHON", python());
    command.env("SCENE_PICTURES", pictures());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut answers = child.stdin.take().unwrap();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        eprintln!("{script}: {line}");
        match line.as_str() {
            "@stop" => server.stop(),
            "@start" => server.start_again(),
            _ => continue,
        }
        writeln!(answers, "done").unwrap();
    }
    let status = child.wait().unwrap();
    assert!(status.success(), "{script}: {status}; what it said is above");
}

/// Runs a script that needs no server to its end, and panics if it fails.
pub fn run_alone(tool: Tool, script: &str, argument: &Path) {
    let mut command = Command::new(interpreter(tool));
    let status = command.arg(root().join("tests/foreign").join(script)).arg(argument).status().unwrap();
    assert!(status.success(), "{script}: {status}; what it said is above");
}

/// The folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn python() -> PathBuf {
    root().join(".tools/python/bin/python")
}

/// Where the browser leaves its pictures for people.
fn pictures() -> PathBuf {
    let folder = root().join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What runs scripts of this kind.
pub fn interpreter(tool: Tool) -> PathBuf {
    let missing = |what: &str| panic!("{what} is missing: run `make setup`");
    match tool {
        Tool::Python if python().exists() => python(),
        Tool::Python => missing("the Python environment with slixmpp"),
        Tool::Node if !root().join("tests/foreign/node_modules").exists() => {
            missing("tests/foreign/node_modules")
        }
        Tool::Node => {
            let own = root().join(".tools/bin/node");
            if own.exists() { own } else { "node".into() }
        }
    }
}

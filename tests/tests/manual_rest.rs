//! The reference of the web service in the manual: every line that is printed there is run as it is printed, and there is
//! one for every call.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::{Server, http};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a block may need until it succeeds: what one changes may take effect a moment later.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

/// An answer that is not 2xx is a failure; nothing waits for ever.
const PRELUDE: &str =
    "set -eu\ncurl() { command curl --silent --show-error --fail-with-body --max-time 20 \"$@\"; }\n";

#[test]
fn every_call_has_a_line_in_the_manual_that_works_as_printed() {
    let server = Server::start();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let blocks = blocks(&text);
        assert!(blocks.len() > 1, "{} has no blocks of sh", page.display());
        // what a block finds out, those after it use
        let mut found = String::new();
        for block in &blocks {
            run(&server, &format!("{found}{block}"));
            found.extend(block.lines().filter(|line| is_assignment(line)).map(|line| format!("{line}\n")));
        }
    }
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    let description =
        http::request(&server.address("rest_plain"), "GET", "/finesse/api/openapi.json", &[], b"");
    let description: Value = serde_json::from_str(&description.body).unwrap();
    let missing: Vec<String> = calls(&description)
        .filter(|call| !succeeded(&metrics, call))
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert!(missing.is_empty(), "no line of the manual calls these with success: {missing:#?}");
}

/// The pages of the reference: `rest.md`, `rest-….md`.
fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/manual");
    let pages = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = pages
        .filter(|page| {
            let name = page.file_name().unwrap().to_string_lossy();
            name.starts_with("rest") && name.ends_with(".md")
        })
        .collect();
    pages.sort();
    pages
}

/// What stands between the fences of `sh`, without the line that says where the server is.
fn blocks(text: &str) -> Vec<String> {
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks
        .map(|block| {
            block.lines().filter(|line| !line.starts_with("API=")).map(|line| format!("{line}\n")).collect()
        })
        .collect()
}

fn is_assignment(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn run(server: &Server, block: &str) {
    let api = format!("API={}/finesse/api\n", server.ready("rest_plain"));
    let until = Instant::now() + SETTLES_WITHIN;
    loop {
        let out = shell(&format!("{PRELUDE}{api}{block}"));
        if out.status.success() {
            return;
        }
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        assert!(Instant::now() < until, "as printed, this fails:\n{block}\nwith: {said}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn shell(script: &str) -> Output {
    let mut command = Command::new("sh");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Method and path of everything that is described.
fn calls(description: &Value) -> impl Iterator<Item = (String, String)> {
    let paths = description["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        let methods = methods.filter(|key| !["parameters", "servers"].contains(&key.as_str()));
        let base = item["servers"][0]["url"].as_str().unwrap_or("/finesse/api").trim_end_matches('/');
        methods.map(move |method| (method.to_uppercase(), format!("{base}{path}")))
    })
}

fn succeeded(metrics: &str, (method, path): &(String, String)) -> bool {
    let labels = format!("resource=\"{path}\",method=\"{method}\",status=\"2");
    metrics.lines().any(|line| line.starts_with("aplomb_rest_requests_total") && line.contains(&labels))
}

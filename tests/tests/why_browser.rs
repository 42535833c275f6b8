//! Faults of the browser, injected with a real Chromium and the desktop's own page: `aplomb inject --browser`.

use aplomb_tests::Server;

const AGENT: &str = "1001001";

/// A silent client is given up soon, and not because a busy machine stood still for a moment.
const SHORT: [&str; 2] = ["bosh.inactivity_secs=6", "bosh.wait_secs_max=2"];

/// Injects a fault: its case has that label, and the rules name it so.
fn is_named(fault: &str, id: &str) {
    let matrix = scored(fault, id);
    assert!(matrix.contains("1 cases: 1 right, 0 wrong"), "{fault}: {matrix}");
}

/// Injects a fault whose case has that label; returns what the rules make of it, and what was told meanwhile.
fn scored(fault: &str, id: &str) -> String {
    let server = Server::with(&SHORT);
    let folder = tempfile::tempdir().expect("a folder");
    let case = folder.path().join("case.json").to_str().expect("a path").to_owned();
    let ready = server.ready_file().to_str().expect("a path").to_owned();
    let out = server.aplomb(&[
        "inject",
        fault,
        "--browser",
        "--agent",
        AGENT,
        "--ready-file",
        &ready,
        "--case",
        &case,
    ]);
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{fault}: {told}");
    assert!(String::from_utf8_lossy(&out.stdout).starts_with(id), "{fault}: {told}");
    let matrix = server.aplomb(&["inject", "--score", folder.path().to_str().expect("a path")]);
    let matrix = String::from_utf8(matrix.stdout).expect("text");
    format!("{matrix}{told}")
}

#[test]
fn a_computer_that_slept_is_named_by_what_its_desktop_tells_on_waking() {
    is_named("slept", "C1");
}

#[test]
fn an_agent_who_signs_in_at_another_desktop_is_named() {
    is_named("second-sign-in", "C14");
}

#[test]
fn a_browser_that_is_killed_is_named_unless_no_poll_was_open_just_then() {
    let matrix = scored("browser-killed", "C17");
    assert!(matrix.contains(" 0 wrong") && matrix.contains("(0 of them without the true cause"), "{matrix}");
}

#[test]
fn a_tab_that_its_browser_froze_is_named() {
    is_named("tab-frozen", "C5");
}

#[test]
fn a_page_that_was_loaded_anew_is_no_second_sign_in() {
    is_named("reloaded", "C16");
}

#[test]
fn a_certificate_that_the_browser_refuses_is_named_though_nobody_signed_in() {
    is_named("certificate-untrusted", "C11");
}

#[test]
fn without_a_chromium_it_is_said_which_was_looked_for() {
    let server = Server::start();
    let ready = server.ready_file().to_str().expect("a path").to_owned();
    let args = ["inject", "slept", "--browser", "--ready-file", &ready, "--case", "/dev/null"];
    let out = server.aplomb(&[&args[..], &["--chromium", "/nonexistent/chromium"]].concat());
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("/nonexistent/chromium is no program"), "{out:?}");
    let out =
        server.aplomb(&["inject", "killed", "--browser", "--ready-file", &ready, "--case", "/dev/null"]);
    assert!(String::from_utf8_lossy(&out.stderr).contains("no browser can do killed"), "{out:?}");
}

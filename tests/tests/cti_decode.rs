//! `aplomb cti decode` as people call it: what its options do, and when it fails.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::server::binary;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// HEARTBEAT_CONF to request 2.
const HEARTBEAT: &str = "00000004 00000006 00000002";
/// END_CALL_EVENT of call 301 at 2003, as version 24 has it, and as 16 does.
const ENDED_24: &str = "00000019 00000018 00000000 00001388 0011 0000 0000012d 00190005 32303033 00";
const ENDED_16: &str = "00000017 00000018 00000000 00001388 0011 0000 0000012d 1905 32303033 00";
/// The same with tags of two bytes and lengths of one, as Unified CCX from 18 on.
const ENDED_CCX: &str = "00000018 00000018 00000000 00001388 0011 0000 0000012d 001905 32303033 00";

fn decode(options: &str, hex: &str) -> Output {
    let options = options.split_whitespace();
    Command::new(binary()).args(["cti", "decode"]).args(options).args(["--hex", hex]).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What was printed, all of it whole.
fn whole(options: &str, hex: &str) -> String {
    let shown = decode(options, hex);
    let page = text(&shown.stdout);
    assert!(shown.status.success(), "{options}: {page}{}", text(&shown.stderr));
    page
}

/// What was printed and what was complained of.
fn broken(options: &str, hex: &str) -> (String, String) {
    let shown = decode(options, hex);
    assert_eq!(shown.status.code(), Some(1), "{options}: {}", text(&shown.stdout));
    (text(&shown.stdout), text(&shown.stderr))
}

#[test]
fn hex_digits_are_shown_field_by_field_and_the_exit_status_is_0() {
    let page = whole("", &format!("{HEARTBEAT} {ENDED_24}"));
    for expected in
        ["version 24", "at 0: HEARTBEAT_CONF (6), body of 4 bytes", "at 12: END_CALL_EVENT (24)", "2003"]
    {
        assert!(page.contains(expected), "{expected}: {page}");
    }
}

#[test]
fn version_and_widths_decide_how_fields_are_read() {
    for (options, hex) in [
        ("--version 16", ENDED_16),
        ("--version 24", ENDED_24),
        ("--version 16 --tag-width 2 --length-width 2", ENDED_24),
        ("--tag-width 1 --length-width 1", ENDED_16),
        ("--tag-width 2 --length-width 1", ENDED_CCX),
        ("--version 18 --uccx", ENDED_CCX),
    ] {
        let page = whole(options, hex);
        assert!(page.contains("ConnectionDeviceID") && page.contains("2003"), "{options}: {page}");
    }
    for (options, hex) in [("--version 16", ENDED_24), ("", ENDED_16), ("--uccx --version 17", ENDED_CCX)] {
        broken(options, hex);
    }
}

#[test]
fn a_byte_too_many_or_too_few_anywhere_fails_after_all_is_shown() {
    let left_over = "00000005 00000006 00000002 ff";
    let missing = "00000003 00000006 000000";
    let cut = "00000004 00000006 0000";
    for hex in [left_over, missing, cut] {
        let (page, complaint) = broken("", &format!("{HEARTBEAT} {hex}"));
        assert!(page.contains("at 0: HEARTBEAT_CONF"), "what is whole is shown: {page}");
        assert!(complaint.contains("one place is broken"), "{complaint}");
    }
    let (page, complaint) = broken("", &format!("{left_over} {missing} {HEARTBEAT}"));
    assert!(complaint.contains("2 places are broken"), "{complaint}");
    assert!(page.contains("at 24: HEARTBEAT_CONF"), "it goes on behind them: {page}");
    // Nothing is left over of what nobody knows.
    whole("", "00000002 000000c7 abcd");
}

#[test]
fn files_and_standard_input_are_read_and_json_and_redaction_are_options() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bytes");
    // BEGIN_CALL_EVENT of call 301 at 2003 from 5550142
    let begun = "0000002f 00000017 00000000 00001388 0011 0000 0000 0000 0001 0000 0000012d 0000 \
                 00190005 32303033 00 00080008 35353530313432 00";
    let digits: String = begun.split_whitespace().collect();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    std::fs::write(&file, &bytes).unwrap();
    let run = |options: &[&str]| {
        let mut command = Command::new(binary());
        command.args(["cti", "decode"]).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let shown = child.wait_with_output().unwrap();
        assert!(shown.status.success(), "{options:?}: {}", text(&shown.stdout));
        text(&shown.stdout)
    };
    let path = file.to_str().unwrap();
    assert!(run(&[path]).contains("5550142"));
    assert_eq!(run(&[path]), run(&["-"]));
    assert!(!run(&["--redact", path]).contains("5550142"));
    let document: serde_json::Value = serde_json::from_str(&run(&["--json", path])).unwrap();
    assert!(document.to_string().contains("BEGIN_CALL_EVENT"), "{document}");
}

#[test]
fn what_cannot_be_read_at_all_is_a_mistake_of_the_call() {
    for arguments in [&["/nonexistent/file"][..], &["--hex", "0"], &["--version", "0", "--hex", "00"], &[]] {
        let shown = Command::new(binary()).args(["cti", "decode"]).args(arguments).output().unwrap();
        assert!(!shown.status.success() && shown.stdout.is_empty(), "{arguments:?}");
        assert!(!shown.stderr.is_empty(), "{arguments:?}");
    }
}

//! Labelled cases are made, halved by their seed, and scored; a verdict that is wrong at high confidence fails.

use aplomb_tests::server::binary;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn aplomb(args: &[&str]) -> Output {
    Command::new(binary()).args(args).env("COLUMNS", "80").output().expect("the program runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A session that ended for overactivity, which nothing refutes.
fn overactive(label: &str) -> Value {
    let at = "2026-11-22T10:00:00Z";
    let watch = json!({ "sight": "service", "from": "2026-11-22T09:00:00Z", "to": "2026-11-22T11:00:00Z" });
    json!({
        "version": 1, "subject": "1001003", "label": label, "watches": [watch],
        "facts": [{ "at": at, "of": "1001003", "what": "session-ended", "end": "overactivity", "silent_ms": 0 }],
    })
}

fn write(folder: &Path, name: &str, document: &Value) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, document.to_string()).expect("a file");
}

#[test]
fn a_fault_is_made_into_cases_of_two_halves_and_the_halves_are_scored_apart() {
    let folder = folder();
    let cases = text(folder.path());

    let made =
        aplomb(&["inject", "page-closed", "--cases", cases, "--runs", "2", "--seed", "7", "--jobs", "2"]);

    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{said}{}", String::from_utf8_lossy(&made.stderr));
    assert!(said.contains("1 cases to tune the rules with, 1 kept apart (seed 7)"), "{said}");
    for half in ["tune", "kept"] {
        let scored = aplomb(&["why", "--matrix", cases, "--half", half, "--json"]);
        let score: Value = serde_json::from_slice(&scored.stdout).expect("a document");
        assert!(scored.status.success(), "{score}");
        // a machine that stands still for two seconds makes a silence of it: that is not known, and never wrong
        let sum = |one: &Value, other: &Value| one.as_u64().zip(other.as_u64()).map(|(a, b)| a + b);
        assert_eq!(sum(&score["right"], &score["not_known"]), Some(1), "{score}");
        assert_eq!((&score["cases"], &score["causes"][0]["id"]), (&json!(1), &json!("C16")), "{score}");
        let told = &score["verdict_secs"];
        let named = &told["from_the_end_of_the_session"]["cases"];
        assert_eq!(sum(named, &told["never_named"]), Some(1), "when the verdict stood is known: {score}");
    }
    let again = aplomb(&["inject", "page-closed", "--cases", cases]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("made whole"));
}

#[test]
fn a_case_named_wrongly_at_high_confidence_is_listed_and_fails() {
    let folder = folder();
    write(folder.path(), "tune/right.json", &overactive("C20"));
    write(folder.path(), "kept/wrong.json", &overactive("C14"));

    let tune = aplomb(&["why", "--matrix", text(folder.path()), "--half", "tune"]);
    let all = aplomb(&["why", "--matrix", text(folder.path())]);

    assert!(tune.status.success(), "{tune:?}");
    let table = String::from_utf8_lossy(&all.stdout).into_owned();
    assert_eq!(all.status.code(), Some(1), "{table}");
    assert!(table.contains("kept/wrong: C14 taken for C20 (high)"), "{table}");
    assert!(table.contains("2 cases: 1 right, 1 wrong (1 of them at high confidence)"), "{table}");
    assert!(String::from_utf8_lossy(&all.stderr).contains("wrongly at high confidence"), "{all:?}");
}

#[test]
fn what_cannot_be_scored_says_why() {
    let folder = folder();
    let said = || {
        let out = aplomb(&["why", "--matrix", text(folder.path())]);
        assert_eq!(out.status.code(), Some(1), "{out:?}");
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    assert!(said().contains("no cases in it"), "{}", said());
    write(folder.path(), "one.json", &overactive("C20"));
    write(folder.path(), "corpus.json", &json!({ "version": 9 }));
    assert!(said().contains("corpus.json"), "{}", said());
    fs::remove_file(folder.path().join("corpus.json")).expect("a file");
    let mut unlabelled = overactive("C20");
    unlabelled.as_object_mut().expect("an object").remove("label");
    write(folder.path(), "two.json", &unlabelled);
    assert!(said().contains("two.json: a case without a label"), "{}", said());
}

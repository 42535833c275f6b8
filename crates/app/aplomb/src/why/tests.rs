//! The story of made-up journals, as text and JSON.

use super::answer::answer;
use super::evidence::Evidence;
use super::history::{Collector, History};
use super::words::Clock;
use super::{Question, json, page};
use diag::Language;
use diag::render::Reader;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const AGENT: &str = "1001004";

/// A time of 22 November 2026, UTC.
fn time(text: &str) -> Timestamp {
    format!("2026-11-22T{text}Z").parse().unwrap()
}

fn line(at: &str, kind: &str, fields: Value) -> String {
    let mut record = json!({ "at": time(at).to_string(), "kind": kind });
    record.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    record.to_string()
}

fn client(session: &str, address: &str) -> Value {
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36";
    json!({ "session": session, "user": AGENT, "login": "agent4", "resource": "desktop", "transport": "bosh",
            "address": address, "client": agent })
}

fn opened(at: &str, session: &str, address: &str) -> String {
    line(at, "session-opened", client(session, address))
}

fn ended(at: &str, session: &str, reason: &str, more: Value) -> String {
    let mut fields = client(session, "192.0.2.7:40001");
    let end = json!({ "reason": reason, "opened": time("00:02:10").to_string(), "last_seen": time("00:14:50").to_string(),
        "idle_ms": 60_020, "longest_gap_ms": 2_120, "last_rid": 1_074, "requests": 70, "repeats": 0, "deliveries": 12 });
    let all = fields.as_object_mut().unwrap();
    all.extend(end.as_object().unwrap().clone());
    all.extend(more.as_object().unwrap().clone());
    line(at, "session-ended", fields)
}

fn other(at: &str, user: &str) -> String {
    ended(at, user, "inactivity", json!({ "user": user, "login": null }))
}

fn user(more: Value) -> Value {
    let mut fields = json!({ "user": AGENT, "login": "agent4" });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fields
}

/// An agent falls silent, is signed out by force and comes back.
fn silence() -> Vec<String> {
    vec![
        line("00:00:01", "server-started", json!({ "version": "0.1.0", "pid": 7, "died": false })),
        line("00:00:02", "cti-up", json!({ "server": "192.0.2.1:42027" })),
        opened("00:02:11", "a1", "192.0.2.7:40001"),
        opened("00:03:00", "b1", "192.0.2.99:40001").replace(AGENT, "1001005").replace("agent4", "agent5"),
        ended("00:16:04", "a1", "inactivity", json!({})),
        line("00:16:04", "watch-started", user(json!({ "grace_ms": 60_000 }))),
        line("00:17:04", "forced-logout", user(json!({}))),
        line("00:17:04.200", "watch-ended", user(json!({}))),
        opened("00:18:10", "a2", "192.0.2.7:40055"),
    ]
}

fn history(lines: &[String], name: &str, is_running: bool) -> Option<History> {
    let mut collector = Collector::new(name);
    lines.iter().for_each(|line| collector.take(line.as_bytes()));
    collector.finish(is_running)
}

fn question(at: Option<&str>) -> Question {
    let now = time("00:30:00");
    let at = at.map(time);
    Question { name: AGENT.into(), now, at, since: at.unwrap_or(now) - 24.hours() }
}

fn story(lines: &[String], at: Option<&str>, is_running: bool, columns: usize) -> String {
    let history = history(lines, AGENT, is_running).unwrap();
    let question = question(at);
    let clock = Clock::new(TimeZone::UTC, question.moment(), Language::English);
    page::page(&history, &question, &answer(&history, &question), &clock, columns, false)
}

/// The last paragraph, in one line.
fn sentences(lines: &[String], at: Option<&str>) -> String {
    let page = story(lines, at, true, 10_000);
    page.trim_end().rsplit_once("\n\n").unwrap().1.to_owned()
}

#[test]
fn silence_forced_logout_and_return_on_one_page() {
    insta::assert_snapshot!(story(&silence(), Some("00:17:00"), true, 130));
}

#[test]
fn the_page_fits_a_narrow_terminal() {
    let page = story(&silence(), Some("00:17:00"), true, 72);
    insta::assert_snapshot!(page);
    assert!(page.lines().all(|line| line.chars().count() <= 72));
}

#[test]
fn the_document_is_stable() {
    let history = history(&silence(), "AGENT4", true).unwrap();
    let question = question(Some("00:17:00"));
    let clock = Clock::new(TimeZone::UTC, question.moment(), Language::English);
    let text =
        json::document(&history, &question, &answer(&history, &question), &clock, Value::Null).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn without_a_time_the_latest_unwanted_end_is_meant() {
    let mut lines = silence();
    lines.push(ended("00:20:00", "a2", "client-terminate", json!({})));
    assert!(sentences(&lines, None).starts_with("Disconnected at 00:16:04 because no poll came for 60 s."));
}

#[test]
fn an_agent_who_only_signed_off_is_told_so() {
    let lines =
        [opened("00:02:11", "a1", "192.0.2.7:40001"), ended("00:16:04", "a1", "client-terminate", json!({}))];
    assert!(sentences(&lines, None).starts_with("Disconnected at 00:16:04 because the client signed off."));
}

#[test]
fn a_time_with_a_session_and_no_end_nearby_is_no_disconnection() {
    let lines = [opened("00:02:11", "a1", "192.0.2.7:40001")];
    let said = sentences(&lines, Some("00:17:00"));
    assert_eq!(
        said,
        "Connected at 00:17:00, since 00:02:11. No session was lost within ten minutes of that time."
    );
}

#[test]
fn a_time_before_the_first_session_is_told_so() {
    assert_eq!(
        sentences(&silence(), Some("00:02:00")),
        "Not connected then: the first session that is known began at 00:02:11."
    );
}

#[test]
fn those_who_drop_together_have_a_common_cause() {
    let mut lines = silence();
    lines.extend([other("00:16:00", "1001006"), other("00:16:20", "1001007"), other("00:20:00", "1001008")]);
    let said = sentences(&lines, None);
    assert!(said.ends_with("2 other users disconnected within 30 s too: look at what they share, the network and this server."), "{said}");
    assert!(sentences(&silence(), None).contains("Nobody else was disconnected within 30 s"));
}

#[test]
fn a_lost_cti_link_at_that_moment_is_named() {
    let mut lines = silence();
    lines.push(line("00:15:50", "cti-down", json!({ "reason": "no heartbeat" })));
    assert!(sentences(&lines, None).contains("The link to the phone system was lost at 00:15:50."));
}

#[test]
fn a_return_from_elsewhere_is_named_and_one_that_has_not_come_too() {
    let mut lines = silence();
    lines.pop();
    assert!(sentences(&lines, None).contains("Not back since."));
    lines.push(opened("00:18:10", "a2", "[2001:db8::9]:40055"));
    assert!(sentences(&lines, None).contains("Back 00:18:10 from another address, 2001:db8::9."));
}

#[test]
fn sessions_that_died_with_the_server_end_at_its_last_word() {
    let mut lines = silence();
    lines.push(line("00:19:00", "cti-down", json!({ "reason": "no heartbeat" })));
    let dead = story(&lines, None, false, 1_000);
    assert!(dead.contains("Disconnected at 00:19:00 because the server died without a word"), "{dead}");
    assert!(dead.contains("The server is not running now."), "{dead}");
    assert!(!story(&lines, None, true, 130).contains("died"), "a running server holds its sessions");

    lines.push(line("00:25:00", "server-started", json!({ "version": "0.1.0", "pid": 8, "died": true })));
    let restarted = story(&lines, None, true, 1_000);
    assert!(restarted.contains("Disconnected at 00:19:00 because the server died"), "{restarted}");
    assert!(restarted.contains("the run before ended without a word"), "{restarted}");
}

#[test]
fn a_second_session_that_stays_is_named() {
    let mut lines = silence();
    lines.insert(3, opened("00:02:30", "a3", "192.0.2.8:1").replace("\"bosh\"", "\"tcp\""));
    assert!(sentences(&lines, Some("00:16:00")).contains("Another session, opened 00:02:30 on tcp, stayed."));
}

#[test]
fn a_session_whose_beginning_is_forgotten_still_has_its_end() {
    let lines = [ended(
        "00:16:04",
        "a1",
        "transport-lost",
        json!({ "idle_ms": null, "last_rid": null, "longest_gap_ms": null }),
    )];
    let said = sentences(&lines, None);
    assert!(
        said.starts_with("Disconnected at 00:16:04 because the connection broke. Last heard of 00:14:50."),
        "{said}"
    );
}

#[test]
fn an_agent_that_nobody_knows_has_no_story() {
    assert!(history(&silence(), "1009999", true).is_none());
    assert!(history(&[], AGENT, true).is_none());
}

#[test]
fn lines_that_are_no_records_are_passed_over() {
    let mut lines = silence();
    let whole = story(&lines, None, true, 130);
    lines.insert(4, r#"{"at":"2026-11-22T00:1"#.into());
    lines.insert(0, "\u{0}\u{0}\u{0}".into());
    assert_eq!(story(&lines, None, true, 130), whole);
}

#[test]
fn nothing_in_a_journal_reaches_the_terminal_raw() {
    let hostile = "\u{1b}]0;owned\u{7}\u{9b}2J\n\u{202e}";
    let replace = |text: String| {
        let mut record: Value = serde_json::from_str(&text).unwrap();
        for field in ["client", "address", "transport", "resource", "reason", "login", "condition"] {
            if record.get(field).is_some_and(Value::is_string) {
                record[field] = hostile.into();
            }
        }
        record.to_string()
    };
    let lines: Vec<String> = silence().into_iter().map(replace).collect();
    let page = story(&lines, None, true, 100);
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()), "{page:?}");
    assert!(!page.contains('\u{202e}'));
}

#[test]
fn a_japanese_reader_is_told_the_whole_story_in_japanese() {
    let history = history(&silence(), AGENT, true).unwrap();
    let question = question(None);
    let clock = Clock::new(TimeZone::UTC, question.moment(), Language::Japanese);
    let answer = answer(&history, &question);
    let page = page::page(&history, &question, &answer, &clock, 80, false);
    insta::assert_snapshot!(page);
    assert!(page.lines().all(|line| diag::render::width(line) <= 80), "{page}");
    let text = json::document(&history, &question, &answer, &clock, Value::Null).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document["answer"].as_str().unwrap().contains("に強制ログアウト。"), "{document}");
    assert_eq!(document["disconnection"]["because"], "60 s の間ポーリングがなかった");
}

#[test]
fn every_kind_of_record_has_words_in_both_languages_or_none() {
    for kind in KINDS {
        let mut record = json!({ "at": time("00:00:01").to_string(), "kind": kind, "user": AGENT, "session": "a",
            "grace_ms": 1, "too_late": false, "why": "w", "transport": "bosh", "address": "192.0.2.7:1",
            "server": "s", "reason": "r", "status": "S", "held_ms": 1, "silent_ms": 1, "stanzas": 1, "by": "b",
            "action": "a", "fingerprint": "f", "ends": time("00:00:01").to_string(), "listener": "l", "alert": "a",
            "mib": 1, "connections": 1, "count": 1, "version": "1", "pid": 1, "died": true, "error": "e",
            "times": 1, "state": "failing" });
        record["ms"] = 1.into();
        let record: crate::journal::Record = serde_json::from_value(record).unwrap();
        assert_ne!(record.what, crate::journal::What::Unknown, "{kind}");
        let [en, ja] =
            [Language::English, Language::Japanese].map(|it| super::event::event(&record.what, it));
        assert!(!en.is_empty() && !ja.is_empty() && en != ja, "{kind}: {en} {ja}");
    }
}

/// Kinds of records that make a line of the story.
const KINDS: [&str; 25] = [
    "server-started",
    "server-stopped",
    "sign-in-refused",
    "watch-started",
    "returned",
    "watch-ended",
    "forced-logout",
    "forced-logout-deferred",
    "forced-logout-failed",
    "cti-up",
    "cti-down",
    "system-status",
    "poll-cut",
    "poll-gap",
    "late-request",
    "stalled",
    "clock-step",
    "backlog",
    "admin-action",
    "certificate",
    "handshake-refused",
    "disk-low",
    "accept-queue",
    "not-accepted",
    "store-state",
];

/// Names in the first column of a table.
fn named(table: &str) -> BTreeSet<String> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" |"));
    rows.flat_map(|(names, _)| names.split(", ").map(|name| name.trim_matches('`').to_owned())).collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_manual_names_every_field_of_the_document_and_no_other() {
    let manual = include_str!("../../../../../docs/manual/why.md");
    let section = manual.split("\n## ").find(|section| section.starts_with("JSON")).unwrap();
    let (whole, of_cause) = section.split_once("`cause` has:").unwrap();
    let (history, question) = (history(&silence(), AGENT, true).unwrap(), question(None));
    let mut evidence = Evidence::default();
    silence().iter().for_each(|line| evidence.take(line.as_bytes()));
    let case = evidence.case(AGENT, None, Some(question.now));
    let reader = Reader { language: Language::English, zone: TimeZone::UTC, columns: 100, emphasis: false };
    let cause = diag::render::document(&diag::diagnose(&case), &reader);
    assert_eq!(named(of_cause), keys(&cause));
    let clock = Clock::new(TimeZone::UTC, question.moment(), Language::English);
    let text = json::document(&history, &question, &answer(&history, &question), &clock, cause).unwrap();
    assert_eq!(named(whole), keys(&serde_json::from_str(&text).unwrap()));
}

#[test]
fn the_manual_names_every_kind_that_makes_a_line() {
    let manual = include_str!("../../../../../docs/manual/why.md");
    for kind in KINDS {
        assert!(manual.contains(&format!("`{kind}`")), "{kind}");
    }
}

#[test]
fn emphasis_is_for_terminals_only() {
    let history = history(&silence(), AGENT, true).unwrap();
    let question = question(None);
    let clock = Clock::new(TimeZone::UTC, question.moment(), Language::English);
    let answer = answer(&history, &question);
    assert!(page::page(&history, &question, &answer, &clock, 100, true).contains("\x1b[1mDisconnected"));
    assert!(!page::page(&history, &question, &answer, &clock, 100, false).contains('\x1b'));
}

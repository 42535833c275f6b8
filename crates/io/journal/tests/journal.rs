//! The journal on a real disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_journal::limits::{BYTES_MIN, LINE_BYTES_MAX};
use aplomb_journal::{Bounds, Journal, JournalError, Reading, is_being_written, read};
use serde_json::{Value, json};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const DAY: Duration = Duration::from_secs(86_400);
const BOUNDS: Bounds = Bounds { bytes_max: BYTES_MIN, keep: DAY };
const SOON: Duration = Duration::from_secs(20);

fn write(directory: &Path, records: impl IntoIterator<Item = Value>) {
    let journal = Journal::open(directory, BOUNDS).unwrap();
    records.into_iter().for_each(|record| journal.note(&record));
    assert!(journal.close(SOON));
    assert_eq!(journal.dropped(), 0);
}

fn numbers(directory: &Path) -> (Vec<u64>, Reading) {
    let mut numbers = Vec::new();
    let reading = read(directory, |line| {
        let record: Option<Value> = serde_json::from_slice(line).ok();
        numbers.extend(record.and_then(|record| record["n"].as_u64()));
    });
    (numbers, reading.unwrap())
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
    files.sort();
    files
}

#[test]
fn what_was_noted_is_read_in_order_after_a_restart() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), (0..500).map(|n| json!({ "n": n })));
    write(folder.path(), (500..1_000).map(|n| json!({ "n": n })));
    assert_eq!(numbers(folder.path()), ((0..1_000).collect(), Reading { lines: 1_000, skipped: 0 }));
}

#[test]
fn a_journal_that_is_not_there_is_empty() {
    let folder = TempDir::new().unwrap();
    assert_eq!(numbers(&folder.path().join("nothing")), (vec![], Reading::default()));
    assert!(!is_being_written(&folder.path().join("nothing")));
}

#[test]
fn a_torn_last_line_is_skipped_and_tears_no_other() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), [json!({ "n": 1 })]);
    let torn = OpenOptions::new().append(true).open(&files(folder.path())[0]);
    torn.unwrap().write_all(br#"{"n":"#).unwrap();
    assert_eq!(numbers(folder.path()), (vec![1], Reading { lines: 1, skipped: 1 }));

    write(folder.path(), [json!({ "n": 2 })]);

    assert_eq!(numbers(folder.path()).0, [1, 2]);
}

#[test]
fn all_files_together_stay_within_the_bound_and_the_newest_lines_remain() {
    let folder = TempDir::new().unwrap();
    let padding = "x".repeat(1_000);
    let count = 4 * BYTES_MIN / 1_000;
    write(folder.path(), (0..count).map(|n| json!({ "n": n, "padding": padding })));

    let bytes: u64 = files(folder.path()).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(bytes <= BYTES_MIN, "{bytes}");
    assert!(bytes > BYTES_MIN / 2, "no more is forgotten than needed: {bytes}");
    let (numbers, _) = numbers(folder.path());
    assert_eq!(numbers.last(), Some(&(count - 1)));
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "only the oldest are gone");
}

#[test]
fn a_file_whose_last_line_is_too_old_is_forgotten() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("00000001.jsonl"), "{\"n\":1}\n").unwrap();
    let old = File::options().append(true).open(folder.path().join("00000001.jsonl")).unwrap();
    old.set_modified(SystemTime::now() - DAY * 2).unwrap();
    fs::write(folder.path().join("00000002.jsonl"), "{\"n\":2}\n").unwrap();

    write(folder.path(), [json!({ "n": 3 })]);

    assert_eq!(numbers(folder.path()).0, [2, 3]);
}

#[test]
fn a_record_that_is_too_long_is_dropped_and_counted() {
    let folder = TempDir::new().unwrap();
    let journal = Journal::open(folder.path(), BOUNDS).unwrap();
    journal.note(&json!({ "n": 1, "text": "x".repeat(LINE_BYTES_MAX) }));
    journal.note(&json!({ "n": 2 }));
    assert!(journal.close(SOON));
    assert_eq!(journal.dropped(), 1);
    assert_eq!(numbers(folder.path()).0, [2]);
}

#[test]
fn a_line_that_is_too_long_to_be_ours_is_skipped() {
    let folder = TempDir::new().unwrap();
    let long = "x".repeat(3 * LINE_BYTES_MAX);
    fs::write(folder.path().join("00000001.jsonl"), format!("{{\"n\":1}}\n{long}\n{{\"n\":2}}\n")).unwrap();
    assert_eq!(numbers(folder.path()), (vec![1, 2], Reading { lines: 2, skipped: 1 }));
}

#[test]
fn a_second_writer_is_kept_out_and_a_reader_can_tell() {
    let folder = TempDir::new().unwrap();
    let journal = Journal::open(folder.path(), BOUNDS).unwrap();
    assert!(is_being_written(folder.path()));
    assert!(matches!(Journal::open(folder.path(), BOUNDS), Err(JournalError::InUse { .. })));
    assert!(journal.close(SOON));
    assert!(!is_being_written(folder.path()));
    assert!(Journal::open(folder.path(), BOUNDS).is_ok());
}

#[test]
fn what_is_noted_after_the_end_is_dropped_without_waiting() {
    let folder = TempDir::new().unwrap();
    let journal = Journal::open(folder.path(), BOUNDS).unwrap();
    assert!(journal.close(SOON));
    journal.note(&json!({ "n": 1 }));
    assert_eq!(journal.dropped(), 1);
}

#[test]
fn a_directory_that_cannot_be_made_is_the_operators_to_mend() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = Journal::open(&folder.path().join("file/journal"), BOUNDS).unwrap_err();
    assert!(matches!(error, JournalError::Unusable { .. }), "{error}");
}

#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("journal");
    write(&directory, [json!({ "n": 1 })]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&directory), mode(&files(&directory)[0])), (0o700, 0o600));
}

/// As long as the end of a session is, with its traffic.
fn long(n: u64) -> Value {
    json!({ "n": n, "padding": "x".repeat(1_500) })
}

#[test]
fn ten_thousand_ends_in_one_second_are_all_kept_and_nobody_waits() {
    let folder = TempDir::new().unwrap();
    let bounds = Bounds { bytes_max: 64 << 20, keep: DAY };
    let journal = Journal::open(folder.path(), bounds).unwrap();
    (0..10_000).for_each(|n| journal.note(&long(n)));
    assert!(journal.close(SOON));
    assert_eq!(journal.dropped(), 0);
    assert_eq!(numbers(folder.path()).0, (0..10_000).collect::<Vec<_>>());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_drops_and_counts_and_the_next_run_writes_on() {
    let folder = TempDir::new().unwrap();
    let segment = folder.path().join("00000001.jsonl");
    std::os::unix::fs::symlink("/dev/full", &segment).unwrap();
    let journal = Journal::open(folder.path(), BOUNDS).unwrap();
    (0..10_000).for_each(|n| journal.note(&long(n)));
    assert!(journal.close(SOON));
    assert_eq!(journal.dropped(), 10_000);
    fs::remove_file(segment).unwrap();
    write(folder.path(), [json!({ "n": 7 })]);
    assert_eq!(numbers(folder.path()).0, [7]);
}

//! Client logs as files, one each, the oldest of which go.

use super::files::{create, stamp};
use ::store::ClientLogBody;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Files of the directory, as in the original.
pub(super) const FILES_MAX: usize = 25_000;

/// Bytes of the directory, as in the original.
pub(super) const BYTES_MAX: u64 = 100 * 1024 * 1024;

/// Characters of an agent's id in a name.
const AGENT_CHARS_MAX: usize = 64;

/// `2026-11-22T00-16-04.630.1001003.17.log`: when it came, whose, and its number in the store. An archive that the client
/// made is `….zip`.
pub(super) struct ClientLogs {
    directory: PathBuf,
    /// By age, the oldest first.
    files: VecDeque<(PathBuf, u64)>,
    bytes: u64,
    /// Files and bytes.
    bounds: (usize, u64),
}

impl ClientLogs {
    pub(super) fn open(directory: &Path, bounds: (usize, u64)) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let mut files = Vec::new();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            match entry.metadata() {
                Ok(metadata) if metadata.is_file() => files.push((entry.path(), metadata.len())),
                // not ours
                Ok(_) => {}
                // somebody took it away
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        files.sort_unstable();
        let bytes = files.iter().map(|(_, bytes)| bytes).sum();
        Ok(Self { directory: directory.to_owned(), files: files.into(), bytes, bounds })
    }

    /// Writes one, after making room.
    pub(super) fn write(
        &mut self,
        zone: &TimeZone,
        at: Timestamp,
        (agent, number): (&str, u64),
        body: &ClientLogBody,
    ) -> io::Result<()> {
        let (bytes, form) = match body {
            ClientLogBody::Text(text) => (text.as_bytes(), "log"),
            ClientLogBody::Zip(archive) => (&archive[..], "zip"),
        };
        self.make_room(bytes.len() as u64)?;
        // a name of a file, whatever the path of the request was
        let agent: String = agent
            .chars()
            .filter(|c| c.is_alphanumeric() || "-_@".contains(*c))
            .take(AGENT_CHARS_MAX)
            .collect();
        let path = self.directory.join(format!("{}.{agent}.{number}.{form}", stamp(zone, at)));
        create(&path)?.write_all(bytes).inspect_err(|_| {
            // half a log on a full disk is in the way, and would not be counted; it may not be removed either
            let _ = fs::remove_file(&path);
        })?;
        self.bytes += bytes.len() as u64;
        self.files.push_back((path, bytes.len() as u64));
        Ok(())
    }

    fn make_room(&mut self, bytes: u64) -> io::Result<()> {
        let (files_max, bytes_max) = self.bounds;
        while self.files.len() >= files_max || self.bytes + bytes > bytes_max {
            let Some((oldest, freed)) = self.files.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(freed);
            match fs::remove_file(&oldest) {
                // somebody took it away
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn text(text: &str) -> ClientLogBody {
        ClientLogBody::Text(text.to_owned())
    }

    #[test]
    fn the_oldest_go_by_number_and_by_size_also_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let at = |secs: i64| Timestamp::from_second(1_795_286_000 + secs).unwrap();
        let mut logs = ClientLogs::open(directory.path(), (3, 1_000)).unwrap();
        for secs in 0..5 {
            logs.write(&TimeZone::UTC, at(secs), ("1001003", secs as u64), &text("line\n")).unwrap();
        }
        let kept = names(directory.path());
        assert_eq!(kept.len(), 3, "{kept:?}");
        assert_eq!(kept[2], "2026-11-21T18-33-24.000.1001003.4.log");
        assert_eq!(fs::read_to_string(directory.path().join(&kept[2])).unwrap(), "line\n");
        let mut logs = ClientLogs::open(directory.path(), (3, 1_000)).unwrap();
        logs.write(&TimeZone::UTC, at(9), ("1001003", 9), &text(&"x".repeat(991))).unwrap();
        let kept = names(directory.path());
        assert_eq!(kept.len(), 2, "five bytes have room beside 991: {kept:?}");
    }

    #[test]
    fn what_is_no_log_is_left_where_it_is() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("0-of-somebody")).unwrap();
        let mut logs = ClientLogs::open(directory.path(), (1, 1_000)).unwrap();
        for number in 0..3 {
            logs.write(&TimeZone::UTC, Timestamp::UNIX_EPOCH, ("1001003", number), &text("line\n")).unwrap();
        }
        assert_eq!(names(directory.path()), ["0-of-somebody", "1970-01-01T00-00-00.000.1001003.2.log"]);
    }

    #[test]
    fn a_name_stays_in_its_directory_and_an_archive_is_one() {
        let directory = tempfile::tempdir().unwrap();
        let mut logs = ClientLogs::open(directory.path(), (9, 1_000)).unwrap();
        let archive = ClientLogBody::Zip(b"PK\x03\x04".to_vec());
        logs.write(&TimeZone::UTC, Timestamp::UNIX_EPOCH, ("../../e/vil\n", 1), &archive).unwrap();
        assert_eq!(names(directory.path()), ["1970-01-01T00-00-00.000.evil.1.zip"]);
    }
}

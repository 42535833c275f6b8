//! Files that are named, rotated and bounded as the original's.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Bytes of a file of the web services log; then it is compressed.
pub(crate) const WEB_SERVICES_BYTES: u64 = 100 * 1024 * 1024;

/// Bytes of the web services log's directory: the oldest files go first.
pub(crate) const WEB_SERVICES_BYTES_MAX: u64 = 4_500 * 1024 * 1024;

/// Bytes of a file of the notification service.
pub(crate) const NOTIFICATION_BYTES: u64 = 1_024 * 1024;

/// Older files beside the one that is written: `info.log.1` to `info.log.5`.
pub(crate) const NOTIFICATION_BACKUPS: u32 = 5;

/// `Desktop-webservices.2026-11-22T00-16-04.630.startup.log`: the stamp is the time at which it was opened, and only the
/// first of a run says `startup`.
pub(crate) struct Stamped {
    directory: PathBuf,
    prefix: &'static str,
    zone: TimeZone,
    bytes_max: u64,
    directory_bytes_max: u64,
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl Stamped {
    pub(crate) fn open(
        directory: &Path,
        prefix: &'static str,
        zone: TimeZone,
        now: Timestamp,
        (bytes_max, directory_bytes_max): (u64, u64),
    ) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let path = directory.join(name(prefix, &zone, now, ".startup"));
        let file = append(&path)?;
        let directory = directory.to_owned();
        let log = Self { directory, prefix, zone, bytes_max, directory_bytes_max, path, file, bytes: 0 };
        // a server that is started again and again leaves a file each time
        log.forget()?;
        Ok(log)
    }

    /// Writes whole lines, and begins the next file when this one is full.
    pub(crate) fn write(&mut self, now: Timestamp, lines: &str) -> io::Result<()> {
        if self.bytes > 0 && self.bytes + lines.len() as u64 > self.bytes_max {
            let next = self.directory.join(name(self.prefix, &self.zone, now, ""));
            self.file = append(&next)?;
            self.bytes = 0;
            let full = std::mem::replace(&mut self.path, next);
            compress(&full)?;
            self.forget()?;
        }
        self.file.write_all(lines.as_bytes())?;
        self.bytes += lines.len() as u64;
        Ok(())
    }

    /// Removes the oldest files of this name until the rest fits. Their names sort by time.
    fn forget(&self) -> io::Result<()> {
        let mut all: Vec<PathBuf> =
            fs::read_dir(&self.directory)?.flatten().map(|entry| entry.path()).collect();
        all.retain(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(self.prefix) && *path != self.path
        });
        all.sort_unstable();
        let mut room = self.directory_bytes_max;
        for path in all.iter().rev() {
            let bytes = fs::metadata(path)?.len();
            match room.checked_sub(bytes) {
                Some(left) => room = left,
                None => {
                    room = 0;
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    }
}

fn name(prefix: &str, zone: &TimeZone, now: Timestamp, mark: &str) -> String {
    format!("{prefix}.{}{mark}.log", stamp(zone, now))
}

/// `2026-11-22T00-16-04.630`: such names sort by time.
pub(super) fn stamp(zone: &TimeZone, at: Timestamp) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H-%M-%S%.3f").to_string()
}

/// Puts a file into an archive of its own, `….log.zip`, as the original does.
fn compress(path: &Path) -> io::Result<()> {
    let mut archive = path.as_os_str().to_owned();
    archive.push(".zip");
    let entry = path.file_name().unwrap_or_default().to_string_lossy();
    let mut writer = zip::ZipWriter::new(create(Path::new(&archive))?);
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.start_file(entry, options).map_err(io::Error::other)?;
    io::copy(&mut File::open(path)?, &mut writer)?;
    writer.finish().map_err(io::Error::other)?;
    fs::remove_file(path)
}

/// `info.log`, then `info.log.1` and so on: the number grows with the age.
pub(crate) struct Numbered {
    path: PathBuf,
    bytes_max: u64,
    backups: u32,
    file: File,
    bytes: u64,
}

impl Numbered {
    pub(crate) fn open(path: &Path, bytes_max: u64, backups: u32) -> io::Result<Self> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let file = append(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), bytes_max, backups, file, bytes })
    }

    /// Writes whole lines, after making room.
    pub(crate) fn write(&mut self, lines: &str) -> io::Result<()> {
        if self.bytes > 0 && self.bytes + lines.len() as u64 > self.bytes_max {
            for number in (1..self.backups).rev() {
                rename(&self.numbered(number), &self.numbered(number + 1))?;
            }
            rename(&self.path, &self.numbered(1))?;
            self.file = append(&self.path)?;
            self.bytes = 0;
        }
        self.file.write_all(lines.as_bytes())?;
        self.bytes += lines.len() as u64;
        Ok(())
    }

    fn numbered(&self, number: u32) -> PathBuf {
        let mut path = self.path.as_os_str().to_owned();
        path.push(format!(".{number}"));
        path.into()
    }
}

/// A file that is not there yet need not be moved.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

/// For the server's own eyes: the lines name people.
fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o640).open(path)
}

/// For what is written here and there in the file: an archive's head is completed at its end.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).write(true).truncate(true).mode(0o640).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_full_file_is_zipped_and_the_next_is_named_by_the_time_of_its_opening() {
        let directory = tempfile::tempdir().unwrap();
        let at = |secs: i64| Timestamp::from_millisecond(1_795_286_000_000 + secs * 1_000).unwrap();
        let open = Stamped::open(directory.path(), "Desktop-webservices", TimeZone::UTC, at(0), (20, 1_000));
        let mut log = open.unwrap();
        for secs in 0..3 {
            log.write(at(secs), "0123456789\n").unwrap();
        }
        assert_eq!(
            names(directory.path()),
            [
                "Desktop-webservices.2026-11-21T18-33-20.000.startup.log.zip",
                "Desktop-webservices.2026-11-21T18-33-21.000.log.zip",
                "Desktop-webservices.2026-11-21T18-33-22.000.log",
            ]
        );
        let first = File::open(directory.path().join(&names(directory.path())[0])).unwrap();
        let mut archive = zip::ZipArchive::new(first).unwrap();
        let mut text = String::new();
        archive.by_index(0).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "0123456789\n");
    }

    #[test]
    fn the_oldest_files_of_the_same_name_go_when_the_directory_is_full() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("Error-Desktop-webservices.x.log"), [0; 5_000]).unwrap();
        let at = |secs: i64| Timestamp::from_second(1_795_286_000 + secs).unwrap();
        let mut log =
            Stamped::open(directory.path(), "Desktop-webservices", TimeZone::UTC, at(0), (20, 600)).unwrap();
        for secs in 0..20 {
            log.write(at(secs), "0123456789\n").unwrap();
        }
        let names = names(directory.path());
        assert!((2..=6).contains(&names.len()), "{names:?}");
        assert!(names.iter().any(|name| name.contains("18-33-39")), "{names:?}");
        assert!(names[names.len() - 1].starts_with("Error-"), "{names:?}");
    }

    #[test]
    fn a_start_makes_room_too() {
        let directory = tempfile::tempdir().unwrap();
        for day in 1..=9 {
            let name = format!("Desktop-webservices.2026-11-0{day}T00-00-00.000.startup.log");
            fs::write(directory.path().join(name), [0; 100]).unwrap();
        }
        let now = Timestamp::from_second(1_795_286_000).unwrap();
        Stamped::open(directory.path(), "Desktop-webservices", TimeZone::UTC, now, (100, 350)).unwrap();
        let names = names(directory.path());
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names[0].contains("11-07") && names[3].contains("11-21"), "{names:?}");
    }

    #[test]
    fn numbered_files_move_up_and_the_last_one_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("info.log");
        let mut log = Numbered::open(&path, 4, 2).unwrap();
        for line in ["one\n", "two\n", "three\n", "four\n"] {
            log.write(line).unwrap();
        }
        assert_eq!(names(directory.path()), ["info.log", "info.log.1", "info.log.2"]);
        let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!(
            (read("info.log"), read("info.log.1"), read("info.log.2")),
            ("four\n".into(), "three\n".into(), "two\n".into())
        );
    }
}

//! The files of a journal: their names, their order, and when one is full or forgotten.

use crate::Bounds;
use crate::limits::{BYTES_MIN, SEGMENTS};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const EXTENSION: &str = "jsonl";

/// The files that are there, oldest first.
pub(crate) fn list(directory: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let is_ours = path.extension().is_some_and(|extension| extension == EXTENSION);
        let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        if let (true, Some(number)) = (is_ours, number) {
            found.push((number, path));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Where the journal is written, and what was written before.
pub(crate) struct Segments {
    directory: PathBuf,
    bytes_max: u64,
    keep: Duration,
    file: File,
    number: u64,
    bytes: u64,
    started: SystemTime,
    /// The last write stopped in the middle of a line.
    torn: bool,
}

impl Segments {
    /// Goes on with the newest file, after ending a line that a crash has torn.
    pub(crate) fn open(directory: &Path, bounds: Bounds) -> io::Result<Self> {
        let newest = list(directory)?.pop().map_or(1, |(number, _)| number);
        let (file, bytes, torn) = append(directory, newest)?;
        let started = file.metadata()?.created().unwrap_or_else(|_| SystemTime::now());
        let bytes_max = bounds.bytes_max.max(BYTES_MIN);
        let directory = directory.to_owned();
        let mut segments =
            Self { directory, bytes_max, keep: bounds.keep, file, number: newest, bytes, started, torn };
        segments.forget();
        Ok(segments)
    }

    /// Writes whole lines.
    pub(crate) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let is_old = self.started.elapsed().is_ok_and(|age| age > self.keep / SEGMENTS as u32);
        if self.bytes > 0 && (is_old || self.bytes + lines.len() as u64 >= self.bytes_max / SEGMENTS) {
            self.begin_next()?;
        }
        if self.torn {
            self.append(b"\n")?;
        }
        self.append(lines)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // until all of it is written, there may be half a line at the end
        self.torn = true;
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        self.torn = false;
        Ok(())
    }

    fn begin_next(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        let (file, bytes, torn) = append(&self.directory, self.number + 1)?;
        (self.file, self.bytes, self.torn) = (file, bytes, torn);
        (self.number, self.started) = (self.number + 1, SystemTime::now());
        self.forget();
        Ok(())
    }

    /// Removes what is too old or too much. The file being written stays, and has room to grow.
    pub(crate) fn forget(&mut self) {
        let Ok(all) = list(&self.directory) else { return };
        let mut room = self.bytes_max - self.bytes_max / SEGMENTS;
        for (_, path) in all.iter().rev().filter(|(number, _)| *number != self.number) {
            let Ok(metadata) = fs::metadata(path) else { continue };
            let is_old = metadata
                .modified()
                .ok()
                .and_then(|modified| modified.elapsed().ok())
                .is_some_and(|age| age > self.keep);
            room = if is_old { 0 } else { room.saturating_sub(metadata.len()) };
            if room == 0
                && let Err(error) = fs::remove_file(path)
            {
                tracing::warn!(path = %path.display(), %error, "an old part of the journal cannot be removed");
            }
        }
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// Makes the directory, for the server's own eyes: the lines name people and addresses.
pub(crate) fn make_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

pub(crate) fn create_or_open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path)
}

/// Opens a file at its end; says how long it is and whether its last line is torn.
fn append(directory: &Path, number: u64) -> io::Result<(File, u64, bool)> {
    let mut file = create_or_open(&directory.join(format!("{number:08}.{EXTENSION}")))?;
    let bytes = file.metadata()?.len();
    let mut last = [b'\n'];
    if bytes > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok((file, bytes, last != [b'\n']))
}

//! Reading a journal, whether or not a server writes it.

use crate::limits::LINE_BYTES_MAX;
use crate::segments::list;
use crate::writer::LOCK;
use std::fs::{File, TryLockError};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// What a reading met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Whole lines.
    pub lines: u64,
    /// Lines without an end, or longer than any that is written here: torn by a crash, or not ours.
    pub skipped: u64,
}

/// Hands each line to `each`, oldest first, without its end. Lines that are being written meanwhile may or may not
/// come. A directory that is not there is an empty journal.
///
/// # Errors
/// The directory or a file in it cannot be read.
pub fn read(directory: &Path, mut each: impl FnMut(&[u8])) -> io::Result<Reading> {
    let mut reading = Reading::default();
    let segments = match list(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(reading),
        listed => listed?,
    };
    for (_, path) in segments {
        match File::open(path) {
            // the server has just forgotten it
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => read_lines(&mut BufReader::new(opened?), &mut reading, &mut each)?,
        }
    }
    Ok(reading)
}

fn read_lines(
    file: &mut impl BufRead,
    reading: &mut Reading,
    each: &mut impl FnMut(&[u8]),
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if file.by_ref().take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.pop() == Some(b'\n') {
            reading.lines += 1;
            each(&line);
        } else {
            reading.skipped += 1;
            file.skip_until(b'\n')?;
        }
    }
}

/// Whether a process holds the journal open for writing. `false` when that cannot be told.
pub fn is_being_written(directory: &Path) -> bool {
    let Ok(lock) = File::open(directory.join(LOCK)) else { return false };
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

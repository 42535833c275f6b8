//! A journal: JSON objects, one a line, in files that are only ever appended to.
//!
//! * **Bounded.** The journal is spread over a few files. The oldest is removed when all of them together would be
//!   larger than [`Bounds::bytes_max`], or when its last line is older than [`Bounds::keep`].
//! * **Never in the way.** [`Journal::note`] does not wait: lines go to a thread of the journal's own, which writes
//!   those that wait in one piece. What finds no room is dropped and counted.
//! * **Whole after a crash.** A line is in the system's hands as soon as it is written, so a killed process loses
//!   what waited and at most tears its last line. The next start ends a torn line; [`read()`] skips it. A power cut may
//!   lose more: the disk is only waited for when a file is full and when the journal is closed.
//! * **One writer.** A lock file keeps a second server out, and tells a reader whether one is running.
//!
//! What the lines say is the owner's business.

pub mod limits;
mod read;
mod segments;
mod writer;

pub use read::{Reading, is_being_written, read};
pub use writer::Journal;

use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of all files together; at least [`limits::BYTES_MIN`] is taken.
    pub bytes_max: u64,
    /// Files whose last line is older are removed. Lines are kept for this long at least, and up to an eighth
    /// longer.
    pub keep: Duration,
}

/// A journal that cannot be opened.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The operator's disk or permissions are at fault.
    #[error("the journal in {path} cannot be used: {source}")]
    Unusable {
        /// The journal's directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process writes it: two servers share one data directory.
    #[error("the journal in {path} is being written by another process")]
    InUse {
        /// The journal's directory.
        path: PathBuf,
    },
}

//! Bounds, with their reasons.

use std::time::Duration;

/// One line. A record of a session's end is under 1 KiB; what is longer is a mistake and is not written.
pub const LINE_BYTES_MAX: usize = 8 * 1024;

/// Lines that may wait for the disk. When a server stops, all its sessions end within a second; the disk keeps up.
pub const WAITING_LINES_MAX: usize = 16_384;

/// Bytes of one write: lines that wait together are written together.
pub const BATCH_BYTES_MAX: usize = 64 * 1024;

/// Files a journal is spread over; the oldest is forgotten whole.
pub const SEGMENTS: u64 = 8;

/// The least bound on the whole: each file must hold at least one batch.
pub const BYTES_MIN: u64 = SEGMENTS * BATCH_BYTES_MAX as u64;

/// How often a quiet journal looks for files that are too old.
pub const SWEEP: Duration = Duration::from_secs(60);

/// How long a start waits for a reader, or for another server that is just ending, to let go of the lock.
pub const LOCK_WAIT: Duration = Duration::from_millis(500);

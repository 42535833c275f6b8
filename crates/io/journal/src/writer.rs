//! Writing: a handle that never waits, and the thread behind it.

use crate::limits::{BATCH_BYTES_MAX, LINE_BYTES_MAX, LOCK_WAIT, SWEEP, WAITING_LINES_MAX};
use crate::segments::{Segments, create_or_open, make_directory};
use crate::{Bounds, JournalError};
use serde::Serialize;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

pub(crate) const LOCK: &str = "lock";

/// A journal being written. Clones write the same one.
#[derive(Clone, Debug)]
pub struct Journal {
    lines: SyncSender<ToWriter>,
    dropped: Arc<AtomicU64>,
}

enum ToWriter {
    Line(Vec<u8>),
    Close(SyncSender<()>),
}

impl Journal {
    /// Opens or makes the journal in `directory` and starts its thread.
    ///
    /// # Errors
    /// The directory cannot be used, or another process writes this journal.
    pub fn open(directory: &Path, bounds: Bounds) -> Result<Self, JournalError> {
        let unusable = |source| JournalError::Unusable { path: directory.into(), source };
        make_directory(directory).map_err(unusable)?;
        let lock = lock(directory)?;
        let segments = Segments::open(directory, bounds).map_err(unusable)?;
        let (lines, waiting) = sync_channel(WAITING_LINES_MAX);
        let dropped = Arc::new(AtomicU64::new(0));
        let writer = Writer { segments, dropped: dropped.clone(), is_failing: false, _lock: lock };
        let thread = std::thread::Builder::new().name("journal".into());
        thread.spawn(move || writer.run(waiting)).map_err(unusable)?;
        Ok(Self { lines, dropped })
    }

    /// Writes a record, soon. Never waits: a record that finds no room, or is longer than
    /// [`LINE_BYTES_MAX`], is dropped and counted.
    pub fn note(&self, record: &impl Serialize) {
        let is_taken = line(record).is_some_and(|line| self.lines.try_send(ToWriter::Line(line)).is_ok());
        if !is_taken {
            let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
            // told ever more rarely: a disk that is too slow must not fill the log
            if dropped.is_power_of_two() {
                tracing::warn!(dropped, "the journal lacks records that it could not take");
            }
        }
    }

    /// Records that could not be written.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until everything noted before is on the disk, for at most `limit`, and ends the thread. What is noted
    /// afterwards is dropped. Returns whether that was done in time.
    pub fn close(&self, limit: Duration) -> bool {
        let (done, closed) = sync_channel(1);
        let until = Instant::now() + limit;
        // a full mailbox empties itself
        let mut message = ToWriter::Close(done);
        while let Err(error) = self.lines.try_send(message) {
            let std::sync::mpsc::TrySendError::Full(back) = error else { return true };
            if Instant::now() >= until {
                return false;
            }
            message = back;
            std::thread::sleep(Duration::from_millis(1));
        }
        closed.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok()
    }
}

fn line(record: &impl Serialize) -> Option<Vec<u8>> {
    let mut line = serde_json::to_vec(record).ok()?;
    line.push(b'\n');
    (line.len() <= LINE_BYTES_MAX).then_some(line)
}

fn lock(directory: &Path) -> Result<File, JournalError> {
    let unusable = |source| JournalError::Unusable { path: directory.into(), source };
    let lock = create_or_open(&directory.join(LOCK)).map_err(unusable)?;
    let until = Instant::now() + LOCK_WAIT;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                return Err(JournalError::InUse { path: directory.into() });
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

struct Writer {
    segments: Segments,
    dropped: Arc<AtomicU64>,
    is_failing: bool,
    _lock: File,
}

impl Writer {
    fn run(mut self, waiting: Receiver<ToWriter>) {
        loop {
            match waiting.recv_timeout(SWEEP) {
                Ok(first) => {
                    if let Some(done) = self.write_waiting(first, &waiting) {
                        self.report(self.segments.sync(), 0);
                        // before whoever waits hears that it is closed, the lock is let go, so that it may be opened
                        // again, and the mailbox, so that what is noted from now on is counted as dropped
                        drop((self, waiting));
                        let _ = done.send(());
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.segments.forget(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Writes what waits, in batches. Returns whom to tell when the journal is to be closed.
    fn write_waiting(&mut self, first: ToWriter, waiting: &Receiver<ToWriter>) -> Option<SyncSender<()>> {
        let (mut batch, mut lines) = (Vec::new(), 0);
        let mut next = Some(first);
        let mut close = None;
        while let Some(message) = next.take() {
            match message {
                ToWriter::Line(line) => {
                    batch.extend_from_slice(&line);
                    lines += 1;
                }
                ToWriter::Close(done) => {
                    close = Some(done);
                    break;
                }
            }
            if batch.len() + LINE_BYTES_MAX <= BATCH_BYTES_MAX {
                next = waiting.try_recv().ok();
            }
        }
        if lines > 0 {
            let written = self.segments.write(&batch);
            self.report(written, lines);
        }
        close
    }

    /// A full disk is told once, not once a line.
    fn report(&mut self, done: io::Result<()>, lines: u64) {
        match done {
            Ok(()) if self.is_failing => {
                self.is_failing = false;
                tracing::info!("the journal is written again");
            }
            Ok(()) => {}
            Err(error) => {
                self.dropped.fetch_add(lines, Ordering::Relaxed);
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::error!(%error, "the journal cannot be written");
                }
            }
        }
    }
}

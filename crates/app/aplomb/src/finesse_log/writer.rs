//! The thread that writes: nobody who logs ever waits for a disk.

use super::client_logs::{BYTES_MAX, ClientLogs, FILES_MAX};
use super::files::{
    NOTIFICATION_BACKUPS, NOTIFICATION_BYTES, Numbered, Stamped, WEB_SERVICES_BYTES, WEB_SERVICES_BYTES_MAX,
};
use super::line::{self, Event, Severity};
use ::store::ClientLogBody;
use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

/// Lines that may wait for the disk; of more, the rest is left out and counted. A sweep of the largest site fits.
const WAITING_MAX: usize = 32_768;

/// Bytes of client logs that may wait for the disk; one is a line above, and may be of more than a mebibyte.
const CLIENT_LOG_BYTES_MAX: usize = 64 << 20;

/// How long a stopping server waits for the disk.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// One line, before it is one.
pub(super) enum Written {
    Web(Event),
    Info(Timestamp, String),
    Debug(Timestamp, String),
    ClientLog { at: Timestamp, agent: String, number: u64, body: ClientLogBody },
    Close(SyncSender<()>),
}

#[derive(Clone)]
pub(super) struct Writer {
    lines: SyncSender<Written>,
    client_log_bytes: Arc<AtomicUsize>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn open(directory: &Path, node: String, zone: TimeZone) -> anyhow::Result<Self> {
        let files = Files::open(directory, node, zone)
            .with_context(|| format!("cannot write logs in {} (log.directory)", directory.display()))?;
        let (lines, waiting) = sync_channel(WAITING_MAX);
        let client_log_bytes = Arc::new(AtomicUsize::new(0));
        let thread = std::thread::Builder::new().name("finesse-log".into());
        let bytes = client_log_bytes.clone();
        thread.spawn(move || files.run(&waiting, &bytes)).context("no thread for the logs")?;
        Ok(Self { lines, client_log_bytes, dropped: Arc::default() })
    }

    pub(super) fn put(&self, written: Written) {
        let bytes = written.client_log_bytes();
        let has_room =
            self.client_log_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= CLIENT_LOG_BYTES_MAX;
        let is_taken = (bytes == 0 || has_room) && self.lines.try_send(written).is_ok();
        if !is_taken {
            self.client_log_bytes.fetch_sub(bytes, Ordering::Relaxed);
            let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
            // told ever more rarely: a disk that is too slow must not fill the other log
            if dropped.is_power_of_two() {
                tracing::warn!(dropped, "the logs lack lines that they could not take");
            }
        }
    }

    /// Waits until everything put before is written, for a while.
    pub(super) fn close(&self) {
        let (done, closed) = sync_channel(1);
        let until = Instant::now() + CLOSE_WITHIN;
        let mut message = Written::Close(done);
        // a full mailbox empties itself, unless the disk hangs
        while let Err(TrySendError::Full(back)) = self.lines.try_send(message) {
            if Instant::now() >= until {
                tracing::error!("the logs could not be finished in time");
                return;
            }
            message = back;
            std::thread::sleep(Duration::from_millis(1));
        }
        if let Err(RecvTimeoutError::Timeout) =
            closed.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            tracing::error!("the logs could not be finished in time");
        }
    }
}

impl Written {
    /// Of what is no client log nought.
    fn client_log_bytes(&self) -> usize {
        match self {
            Self::ClientLog { body: ClientLogBody::Text(text), .. } => text.len(),
            Self::ClientLog { body: ClientLogBody::Zip(archive), .. } => archive.len(),
            _ => 0,
        }
    }
}

struct Files {
    node: String,
    zone: TimeZone,
    web: Stamped,
    errors: Stamped,
    info: Numbered,
    debug: Numbered,
    client_logs: ClientLogs,
    /// Each file counts on its own.
    web_number: u32,
    error_number: u32,
    is_failing: bool,
}

impl Files {
    fn open(directory: &Path, node: String, zone: TimeZone) -> io::Result<Self> {
        let (web, openfire) =
            (directory.join("desktop/logs/webservices"), directory.join("desktop/logs/openfire"));
        let client_logs = directory.join("desktop/logs/clientlogs");
        let now = Timestamp::now();
        let bounds = (WEB_SERVICES_BYTES, WEB_SERVICES_BYTES_MAX);
        let stamped = |prefix| Stamped::open(&web, prefix, zone.clone(), now, bounds);
        let numbered = |name| Numbered::open(&openfire.join(name), NOTIFICATION_BYTES, NOTIFICATION_BACKUPS);
        Ok(Self {
            web: stamped("Desktop-webservices")?,
            errors: stamped("Error-Desktop-webservices")?,
            info: numbered("info.log")?,
            debug: numbered("debug.log")?,
            client_logs: ClientLogs::open(&client_logs, (FILES_MAX, BYTES_MAX))?,
            node,
            zone,
            web_number: 0,
            error_number: 0,
            is_failing: false,
        })
    }

    fn run(mut self, waiting: &Receiver<Written>, client_log_bytes: &AtomicUsize) {
        while let Ok(written) = waiting.recv() {
            let bytes = written.client_log_bytes();
            let done = match written {
                Written::Web(event) => self.event(&event),
                Written::Info(at, text) => self.info.write(&line::notification(at, &self.zone, &text)),
                Written::Debug(at, text) => self.debug.write(&line::notification(at, &self.zone, &text)),
                Written::ClientLog { at, agent, number, body } => {
                    self.client_logs.write(&self.zone, at, (&agent, number), &body)
                }
                Written::Close(done) => {
                    let _ = done.send(());
                    return;
                }
            };
            client_log_bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.report(done);
        }
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.web_number += 1;
        self.web.write(event.at, &event.line(self.web_number, &self.node, &self.zone))?;
        if event.severity <= Severity::Error {
            self.error_number += 1;
            self.errors.write(event.at, &event.line(self.error_number, &self.node, &self.zone))?;
        }
        Ok(())
    }

    /// A full disk is told once, not once a line.
    fn report(&mut self, done: io::Result<()>) {
        match done {
            Ok(()) => self.is_failing = false,
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::error!(%error, "the logs cannot be written");
                }
            }
        }
    }
}

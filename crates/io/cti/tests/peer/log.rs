//! What the link says, line by line.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs of this thread, until the guard goes.
pub(crate) fn captured() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    (log, tracing::subscriber::set_default(subscriber))
}

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines with these words in them.
    pub(crate) fn lines(&self, words: &str) -> Vec<String> {
        self.text().lines().filter(|line| line.contains(words)).map(str::to_owned).collect()
    }

    /// Waits for so many lines with these words in them.
    pub(crate) async fn wait_for(&self, words: &str, count: usize) -> Vec<String> {
        super::within(words, async {
            loop {
                let lines = self.lines(words);
                if lines.len() >= count {
                    return lines;
                }
                // nothing tells when a line is written; other tasks have their turn
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        })
        .await
    }
}

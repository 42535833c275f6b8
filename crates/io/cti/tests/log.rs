//! What an operator reads.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use peer::{Floor, Peer, config};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_frame_that_is_too_long_makes_one_line_that_names_the_peer_and_what_was_expected() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.client_password = "opensesame".into();
    let mut floor = Floor::start(settings);
    let mut session = peer.accept_and_open().await;
    floor.expect_up().await;
    session.send_bytes(&[0x7F; 100]).await;
    floor.expect_down().await;

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("longest allowed is 12500")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(lines[0].contains("ERROR") && lines[0].contains(&peer.address()), "{text}");
    assert!(!text.contains("opensesame"), "{text}");
}

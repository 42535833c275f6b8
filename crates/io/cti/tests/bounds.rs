//! What the link holds at most. A file of its own: it keeps the processor busy.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use aplomb_cti::limits::INPUTS_MAX;
use floor::CtiInput;
use ged188::message::{BeginCallEvent, NamedVariable};
use peer::{Floor, Peer, config};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A floor that takes nothing: past the bound of what waits for it nothing more is read, and TCP holds the server back.
#[tokio::test]
async fn what_waits_for_a_floor_that_takes_nothing_is_bounded_and_the_server_is_held_back() {
    // More than two systems' socket buffers hold, of messages of a kilobyte.
    const MESSAGES: usize = INPUTS_MAX + 60_000;
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.heartbeat = Duration::from_millis(100);
    // a busy machine reads late what confirms them; what is unread by choice does not count anyway
    settings.heartbeat_misses_max = 600;
    let mut floor = Floor::with_mailbox(settings, 1);
    let session = peer.accept_and_open().await;
    floor.expect_up().await;
    let (mut beats, mut events) = session.split();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let flood = tokio::spawn(async move {
        let named_variables =
            (0..5).map(|n| NamedVariable { name: format!("user.v{n}"), value: "x".repeat(200) }).collect();
        let begun = BeginCallEvent { connection_call_id: 1, named_variables, ..Default::default() };
        for _ in 0..MESSAGES {
            events.send(begun.clone()).await;
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    // Heartbeats go on; when nothing was sent during ten of them, the server is held back. That it does not confirm them is
    // then no sign of its death, and not counted.
    let (mut before, mut missed, mut still) = (0, 0, 0);
    while still < 10 {
        beats.expect_heartbeat().await;
        let now = (sent.load(Ordering::Relaxed), floor.metric("aplomb_cti_heartbeats_missed_total "));
        still = if now == (before, missed) && before > INPUTS_MAX { still + 1 } else { 0 };
        (before, missed) = now;
    }
    assert!(before < MESSAGES, "all {before} messages were taken");
    assert!(!flood.is_finished());
    // What was taken is there in its order, and the link lives.
    for _ in 0..INPUTS_MAX {
        assert!(matches!(floor.input().await, CtiInput::Call(_)));
    }
    beats.expect_heartbeat().await;
    flood.abort();
}

//! In which order the sides are tried, and how long the link waits between: what it says of it in the log, and which
//! side it calls.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use aplomb_cti::{Config, Reconnect};
use ged188::message::{FailureConf, HeartbeatConf};
use ged188::{Message, Status};
use peer::log::{Log, captured};
use peer::{Floor, Peer, config};
use std::time::Duration;

/// The link is called off: the other side's turn.
const SERVER_OFFLINE: Status = Status(15);

const SPREAD_MS: u64 = 5;

/// Two sides, and short waits: a random one of up to 5 ms, 10 ms, 40 ms, 40 ms….
fn pair(a: &Peer, b: &Peer, settled: Duration) -> Config {
    let settings = config(&[&a.address(), &b.address()]);
    let waits = vec![Duration::from_millis(10), Duration::from_millis(40)];
    let reconnect = Reconnect { spread: Duration::from_millis(SPREAD_MS), waits, settled };
    // no session with the other side meanwhile: each call is an attempt
    Config { reconnect, active_standby: false, ..settings }
}

async fn refuse(peer: &Peer) {
    let mut session = peer.accept().await;
    let open = session.expect_open().await;
    session.send(FailureConf::new(open.invoke_id, SERVER_OFFLINE)).await;
    session.expect_end().await;
}

/// The waits so far, once there are so many.
async fn waits_ms(log: &Log, count: usize) -> Vec<u64> {
    let wait = |line: &String| {
        let (_, wait) = line.split_once("wait_ms=").unwrap();
        wait.split_whitespace().next().unwrap().parse().unwrap()
    };
    log.wait_for("waits before it tries again", count).await.iter().map(wait).collect()
}

#[tokio::test]
async fn both_sides_are_tried_then_the_waits_grow_and_the_last_repeats() {
    let (log, _guard) = captured();
    let (a, b) = (Peer::new().await, Peer::new().await);
    let _floor = Floor::start(pair(&a, &b, Duration::from_millis(100)));
    for round in 0..5 {
        // Whoever is not called in its turn waits in vain.
        refuse(&a).await;
        assert_eq!(log.lines("waits before").len(), round, "no wait between the sides");
        refuse(&b).await;
    }
    let waits = waits_ms(&log, 5).await;
    assert!(waits[0] <= SPREAD_MS, "{waits:?}");
    assert_eq!(waits[1..], [10, 40, 40, 40]);
}

#[tokio::test]
async fn after_a_session_that_lasted_its_side_comes_first_and_the_schedule_begins_anew() {
    let (log, _guard) = captured();
    let (a, b) = (Peer::new().await, Peer::new().await);
    let mut settings = pair(&a, &b, Duration::from_millis(100));
    settings.heartbeat = Duration::from_millis(50);
    let mut floor = Floor::start(settings);
    refuse(&a).await;
    refuse(&b).await;
    refuse(&a).await;
    let mut session = b.accept_and_open().await;
    floor.expect_up().await;
    for _ in 0..4 {
        let Some(Message::HeartbeatReq(beat)) = session.next().await else { panic!("no heartbeat") };
        session.send(HeartbeatConf::new(beat.invoke_id)).await;
    }
    drop(session);
    floor.expect_down().await;
    for _ in 0..2 {
        refuse(&b).await;
        refuse(&a).await;
    }
    let waits = waits_ms(&log, 3).await;
    assert!(waits[0] <= SPREAD_MS && waits[1] <= SPREAD_MS, "{waits:?}");
    assert_eq!(waits[2..], [10]);
}

#[tokio::test]
async fn a_session_that_did_not_last_is_an_attempt_like_any_other() {
    let (log, _guard) = captured();
    let (a, b) = (Peer::new().await, Peer::new().await);
    let mut floor = Floor::start(pair(&a, &b, Duration::from_secs(3_600)));
    for expected in 1..=3 {
        refuse(&a).await;
        drop(b.accept_and_open().await);
        floor.expect_up().await;
        floor.expect_down().await;
        waits_ms(&log, expected).await;
    }
    assert_eq!(waits_ms(&log, 3).await[1..], [10, 40]);
}

#[tokio::test]
async fn the_first_wait_is_another_one_for_each_client() {
    let (log, _guard) = captured();
    let peer = Peer::new().await;
    let spread = Duration::from_secs(600);
    let mut floors = Vec::new();
    for client in 1..=8 {
        let settings = config(&[&peer.address()]);
        floors.push(Floor::start(Config {
            reconnect: Reconnect { spread, ..Reconnect::default() },
            ..settings
        }));
        refuse(&peer).await;
        waits_ms(&log, client).await;
    }
    let mut waits = waits_ms(&log, 8).await;
    assert!(waits.iter().all(|wait| *wait <= 600_000), "{waits:?}");
    waits.sort_unstable();
    waits.dedup();
    assert!(waits.len() > 4, "of 600,001 values hardly two are the same: {waits:?}");
}

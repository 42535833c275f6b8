//! What the tests of the whole share: the running server, and plain clients to talk to it with.
//!
//! The clients here are deliberately simple and know nothing of our crates: they write the bytes of the protocols by
//! hand, so that a test can also write wrong ones. Clients that others wrote are in `tests/foreign`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]
#![allow(clippy::print_stderr, reason = "what a failed test prints is the point")]

pub mod bosh;
pub mod bystander;
pub mod desk;
pub mod http;
pub mod phone;
pub mod postgres;
pub mod publisher;
pub mod rest;
pub mod scene;
pub mod server;
pub mod tcp;
pub mod websocket;

pub use bosh::Bosh;
pub use bystander::Bystander;
pub use desk::Desk;
pub use postgres::Postgres;
pub use rest::Rest;
pub use server::Server;
pub use tcp::Tcp;
pub use websocket::WebSocket;

use std::time::{Duration, Instant};

/// The password of all demo users.
pub const PASSWORD: &str = "aplomb";

/// Attributes for one start tag.
pub fn many_attributes(count: usize) -> String {
    (0..count).map(|n| format!(" a{n}='1'")).collect()
}

/// Asks `condition` until it answers, for at most `limit`; panics with `what` when it does not.
pub fn eventually<T>(what: &str, limit: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + limit;
    loop {
        // A machine that pauses: what came true meanwhile counts, so the last look is after the end.
        let is_last = Instant::now() >= end;
        if let Some(answer) = condition() {
            return answer;
        }
        assert!(!is_last, "not within {} s: {what}", limit.as_secs());
        std::thread::sleep(Duration::from_millis(20));
    }
}

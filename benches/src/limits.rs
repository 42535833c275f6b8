//! Bounds, with their reasons.

use std::time::Duration;

/// Longest HTTP response that a client here reads, in bytes: a team of 2,000 agents has 1 MB.
pub const RESPONSE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Agents that sign in at one time. More would only wait for each other.
pub const SIGN_INS_AT_ONCE: usize = 32;

/// Sessions of one run: each is a file descriptor here and one in the server.
pub const SESSIONS_MAX: u32 = 15_000;

/// File descriptors that are not sessions: logs, listeners, libraries.
pub const OTHER_DESCRIPTORS: u64 = 200;

/// Clients that come back at one time after the server's end: what a page's random back-off leaves of all of them.
pub const RETURNS_AT_ONCE: usize = 512;

/// Nodes of a store that is made for a measurement, and of one transaction of its making.
pub const NODES_MAX: u32 = 250_000;
/// See [`NODES_MAX`].
pub const NODES_PER_TRANSACTION: usize = 1_000;

/// Patience with a single step that takes milliseconds; past it the run has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Patience with a held poll: the longest wait a server may grant, and time to spare.
pub const POLL_PATIENCE: Duration = Duration::from_secs(120);

/// Time for the server to start: with thousands of agents it makes their nodes first.
pub const START: Duration = Duration::from_secs(60);

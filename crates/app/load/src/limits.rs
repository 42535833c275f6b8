//! Bounds, with their reasons.

use std::time::Duration;

/// Sessions of one run. With a connection each, open files and the ports of one address end sooner.
pub const SESSIONS_MAX: u32 = 200_000;

/// Agents that sign in at one time: more only queue in the server.
pub const SIGN_INS_AT_ONCE: usize = 32;

/// Requests of the publisher that wait for their answers while it makes nodes.
pub const CREATIONS_AT_ONCE: usize = 64;

/// Time for one step of a sign-in.
pub const SIGN_IN_STEP: Duration = Duration::from_secs(60);

/// Without any delivery for so long what has not arrived counts as lost.
pub const SILENCE: Duration = Duration::from_secs(10);

/// Head or body of one HTTP response, one element of a stream: a server that sends more is wrong or hostile.
pub const INPUT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Text of a notification, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 32 * 1024;

/// One read from a socket, in bytes.
pub const READ_BYTES: usize = 4 * 1024;

/// Seconds of one scenario.
pub const SECONDS_MAX: u64 = 3_600;

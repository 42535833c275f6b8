//! Bounds, with their reasons.

use std::time::Duration;

/// When a user is locked, and for how long: what the operator may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Wrong passwords in a row before the account is locked.
    pub wrong_passwords_max: u32,
    /// How long the lock lasts after the latest try.
    pub lasts: Duration,
}

impl Default for Lock {
    /// As the Finesse guide has it (User: sign-in).
    fn default() -> Self {
        Self { wrong_passwords_max: 5, lasts: Duration::from_secs(5 * 60) }
    }
}

/// How long verified credentials are granted without another argon2 run: the web service's clients send Basic
/// credentials with each request.
pub const VERIFIED_KEPT: Duration = Duration::from_secs(5 * 60);

/// Entries in the memory of verified credentials; the oldest goes first. Above the largest demo, 20,000 agents.
pub const VERIFIED_MAX: usize = 32_768;

/// Names of users that do not exist whose wrong passwords are counted as if they did; the oldest goes first.
pub const STRANGERS_MAX: usize = 4_096;

/// Iterations of a SCRAM verifier: RFC 7677 §4 wants 4,096 at least, and each client pays for them at each sign-in.
pub const ITERATIONS_MIN: u32 = 4_096;

/// The same, at most: a phone needs a second for this many.
pub const ITERATIONS_MAX: u32 = 1_000_000;

/// Salt of a SCRAM verifier, in bytes: less is shared by chance.
pub const SALT_BYTES_MIN: usize = 8;

/// The same, at most: it is sent to everybody who asks.
pub const SALT_BYTES_MAX: usize = 64;

/// Longest SCRAM message of a client, in bytes: names, nonces and proofs are far shorter.
pub const SCRAM_MESSAGE_BYTES_MAX: usize = 2_048;

/// Longest password that is looked at, in bytes: argon2 reads all of it.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

//! Bounds, with their reasons.

use std::time::Duration;

/// Wrong passwords in a row before the account is locked (Finesse guide, User: sign-in).
pub const WRONG_PASSWORDS_MAX: u32 = 5;

/// How long the lock lasts after the latest try (same source).
pub const LOCKED_FOR: Duration = Duration::from_secs(5 * 60);

/// How long verified credentials are granted without another argon2 run: the web service's clients send Basic
/// credentials with each request.
pub const VERIFIED_KEPT: Duration = Duration::from_secs(5 * 60);

/// Entries in the memory of verified credentials; the oldest goes first. Above the largest demo, 20,000 agents.
pub const VERIFIED_MAX: usize = 32_768;

/// Longest password that is looked at, in bytes: argon2 reads all of it.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

//! Bounds, with their reasons.

/// argon2 runs at one time where the operator chooses no other number: each takes a core and some 20 MiB.
pub const RUNS_MAX: usize = 2;

/// Passwords that wait for an argon2 run. Two cores check a hundred a second, and clients wait for a minute.
pub const WAITING_MAX: usize = 4_096;

/// Bytes of a token. Those of the usual providers have one to four thousand.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How far the identity provider's clock may be from ours.
pub const CLOCKS_APART_SECS: u64 = 30;

/// Bytes of a file with an identity provider's keys: a key has one or two thousand with its certificates.
pub const KEY_SET_BYTES_MAX: u64 = 1024 * 1024;

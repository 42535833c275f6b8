//! Bounds, with their reasons.

use std::time::Duration;

/// argon2 runs at one time where the operator chooses no other number: each takes a core and some 20 MiB.
pub const RUNS_MAX: usize = 2;

/// Passwords that wait for an argon2 run. Two cores check a hundred a second, and clients wait for a minute.
pub const WAITING_MAX: usize = 4_096;

/// Bytes of a token. Those of the usual providers have one to four thousand.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How far the identity provider's clock may be from ours.
pub const CLOCKS_APART_SECS: u64 = 30;

/// How long the identity provider may take to answer, redirects included.
pub const PROVIDER_ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Redirects that are followed on the way to the keys.
pub const PROVIDER_REDIRECTS_MAX: u32 = 3;

/// Bytes of an identity provider's keys, or of its discovery document: a key has one or two thousand with its certificates.
pub const KEY_SET_BYTES_MAX: u64 = 1024 * 1024;

//! Bounds, with their reasons.

/// argon2 runs at one time: each takes a core and some 20 MiB.
pub const RUNS_MAX: usize = 2;

/// Passwords that wait for an argon2 run. Two cores check a hundred a second, and clients wait for a minute.
pub const WAITING_MAX: usize = 4_096;

//! Bounds, with their reasons.

/// Length of a node's name in bytes.
pub const NODE_BYTES_MAX: usize = 1_023;

/// Explicit subscriptions of one user to one node: one for each resource of a person who works at several places,
/// and room for those that clients left behind. Past it the oldest gives way.
pub const SUBSCRIPTIONS_PER_USER_AND_NODE_MAX: usize = 16;

/// Explicit subscriptions of one user in all.
pub const SUBSCRIPTIONS_PER_USER_MAX: usize = 1_000;

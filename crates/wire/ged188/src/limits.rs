//! How large things may be before they are refused.

/// The longest message, header included (GED-188, "Message Formats": 12,500 bytes from version 23 on).
/// A longer one means that we are not reading what we think we are reading.
pub const MESSAGE_BYTES_MAX: usize = 12_500;

/// Floating fields in one message. The largest documented list is 99 skill groups of four fields in
/// AGENT_STATE_EVENT; the rest leaves room for what later versions add.
pub const FIELDS_MAX: usize = 1_024;

/// Requests that may wait for their confirmation at once. The server answers in order of its own work, so more
/// outstanding requests bring nothing, and each costs memory and a deadline.
pub const REQUESTS_MAX: usize = 256;

/// Unconfirmed heartbeats that end a session (GED-188, "Heartbeat Message").
pub const HEARTBEAT_MISSES_MAX: u32 = 3;

/// Unconfirmed heartbeats that a session remembers while its owner does not read. Past it the oldest is
/// forgotten, and its confirmation is one that nothing waits for.
pub const HEARTBEATS_UNREAD_MAX: usize = 64;

/// Timed-out requests whose late confirmation is still told from one that nobody asked for.
pub const LATE_MAX: usize = 1_024;

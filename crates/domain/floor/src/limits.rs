//! How much the floor takes on at once.

/// Requests of one agent: the one that waits for its outcome and those behind it. People click a few times at
/// most; more is a program gone wild, and would only pile up time-outs.
pub const REQUESTS_PER_AGENT_MAX: usize = 8;

/// Questions about agents' states outstanding at a time while the floor catches up with the CTI server.
/// Large enough to hide the round trip, small enough not to flood the link's mailbox and the server.
pub const QUERIES_OUTSTANDING_MAX: usize = 64;

/// Bytes of an extension: AgentInstrument of GED-188 holds 64 with its terminator.
pub const EXTENSION_BYTES_MAX: usize = 63;

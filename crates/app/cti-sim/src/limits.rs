//! How much of anything the simulator holds.

/// Connections at once.
pub(crate) const CLIENTS_MAX: usize = 256;

/// Messages that wait for one client. At 110 bytes an event: a megabyte or so for a client that stopped reading,
/// and as many changes as a floor of thousands makes in a minute.
pub(crate) const OUTBOX_MAX: usize = 8_192;

/// Bytes taken from a client's queue and not yet written.
pub(crate) const UNSENT_BYTES_MAX: usize = 64 * 1024;

/// Messages from clients that wait for the hall.
pub(crate) const MAILBOX_MAX: usize = 1_024;

/// Bytes read from a socket in one go.
pub(crate) const READ_BYTES: usize = 16 * 1024;

/// The shortest IdleTimeout that OPEN_REQ may ask for, seconds (GED-188, "Heartbeat Message").
pub(crate) const IDLE_TIMEOUT_SECS_MIN: u32 = 20;

/// Calls at once: as many as a site of 2,000 agents has with as many again in its queues.
pub(crate) const CALLS_MAX: usize = 4_000;

/// Calls at one device (GED-188, "Constants").
pub(crate) const CALLS_PER_DEVICE_MAX: usize = 16;

/// Parties of one call (GED-188, "Constants").
pub(crate) const PARTIES_MAX: usize = 16;

/// Numbers outside whose behaviour was set: more than any script says.
pub(crate) const NUMBERS_MAX: usize = 10_000;

/// The longest script in one request.
pub(crate) const SCRIPT_BYTES_MAX: usize = 256 * 1024;

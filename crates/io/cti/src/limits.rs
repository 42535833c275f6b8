//! How much of anything the link holds.

/// Commands in the mailbox between floor and link.
pub const COMMANDS_MAX: usize = 1_024;

/// Commands taken from the mailbox that wait for the server to answer earlier ones. A floor that asks for every
/// agent's state after a reconnect hands over one command an agent at once, and may wait for us to take them all
/// while we wait for it to take an event; so this must be more than a floor has agents. At about 100 bytes a
/// command it is 13 MB at worst.
pub const BACKLOG_MAX: usize = 131_072;

/// Bytes read from the socket in one go.
pub const READ_BYTES: usize = 16 * 1024;

/// Bytes waiting to be written before further commands wait. Reached only if the server does not read.
pub const UNSENT_BYTES_MAX: usize = 64 * 1024;

/// Fields and agents whose forbidden characters, and types and fields whose strangeness, were logged. Past it
/// they are only counted: a log line each would let the peer fill the disk.
pub const LOGGED_ONCE_MAX: usize = 1_024;

/// Inputs that wait because the floor's mailbox is full, before nothing more is read from the server. It bridges more
/// than a second of 20,000 events; at about 300 bytes an event it is 10 MB, and 400 MB if every one were a message of
/// the largest size, which no server sends.
pub const INPUTS_MAX: usize = 32_768;

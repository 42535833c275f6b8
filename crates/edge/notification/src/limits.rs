//! Bounds, with their reasons.

use std::time::Duration;

/// Messages that may wait for a shard. Shards never wait for a socket, so it drains at the speed of memory.
pub const SHARD_MAILBOX: usize = 16_384;

/// Messages that may wait for the router. A session whose message finds no room is ended rather than waited for.
pub const ROUTER_MAILBOX: usize = 65_536;

/// Stanzas that may wait for one TCP or WebSocket connection: a reader slower than this is ended with
/// `queue-overflow`.
pub const CONNECTION_MAILBOX: usize = 1_024;

/// Stanzas that leave in one write when several wait: a system call for each would cost more than its stanza.
pub const DELIVERIES_PER_WRITE_MAX: usize = 64;

/// Presence changes that may wait for the floor; more are merged per user.
pub const PRESENCE_MAILBOX: usize = 1_024;

/// Sessions of one shard, signed in or not. The slot number has 24 bits in a sid; memory is the nearer bound.
pub const SESSIONS_PER_SHARD_MAX: usize = 200_000;

/// Time for a TCP or WebSocket client to sign in, and a BOSH session without a bound resource to get one.
pub const SIGN_IN: Duration = Duration::from_secs(60);

/// Time for one write to a TCP or WebSocket client, before it counts as gone.
pub const WRITE: Duration = Duration::from_secs(30);

/// Time for the answer to a shutdown to reach clients.
pub const FAREWELL: Duration = Duration::from_secs(1);

/// How long a late request is told how its session ended.
pub const FAREWELL_KEPT: Duration = Duration::from_secs(300);

/// Ended sessions that are remembered for late requests, per shard.
pub const FAREWELLS_MAX: usize = 8_192;

/// Resources of one user at one time.
pub const RESOURCES_PER_USER_MAX: usize = 16;

/// Time for an HTTP request's body to arrive.
pub const REQUEST_BODY: Duration = Duration::from_secs(30);

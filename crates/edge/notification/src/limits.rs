//! Bounds, with their reasons.

use std::time::Duration;
pub use xmpp::limits::{STANZA_BYTES_CEILING, STANZA_BYTES_FLOOR, Unacknowledged};

/// Messages that may wait for a shard. Shards never wait for a socket, so it drains at the speed of memory.
pub const SHARD_MAILBOX: usize = 16_384;

/// Messages that may wait for the router. A session whose message finds no room is ended rather than waited for.
pub const ROUTER_MAILBOX: usize = 65_536;

/// What the operator may choose.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// One stanza or BOSH body of a client; at most [`STANZA_BYTES_CEILING`] bytes.
    pub xml: xml::Limits,
    /// Stanzas that may wait for one TCP or WebSocket connection: a reader slower than this is ended with
    /// `queue-overflow`.
    pub pending_stanzas_max: usize,
    /// Bytes of these.
    pub pending_bytes_max: usize,
    /// Time for a TCP or WebSocket client to sign in, and a BOSH session without a bound resource to get one.
    pub sign_in: Duration,
    /// Time for an HTTP request's body to arrive.
    pub request_body: Duration,
    /// Time for one write to a TCP or WebSocket client, before it counts as gone.
    pub write: Duration,
    /// What a client that acknowledges may leave unacknowledged.
    pub unacknowledged: Unacknowledged,
    /// BOSH sessions at one time, signed in or not.
    pub bosh_sessions_max: usize,
    /// BOSH sessions of one address (for IPv6, of one /64) that have not signed in; 0 for no limit. Over TCP and WebSocket
    /// a session is a connection, which the listener counts; a connection can begin any number of these.
    pub bosh_sign_ins_per_address_max: usize,
    /// Requests and answers of a session that its recorder keeps; sixteen bytes each.
    pub recorded_max: usize,
    /// Resources of one user at one time.
    pub resources_per_user_max: usize,
    /// Of publish-subscribe.
    pub pubsub: pubsub::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            xml: xml::Limits::CLIENT,
            pending_stanzas_max: 1_024,
            pending_bytes_max: 4 * 1024 * 1024,
            sign_in: Duration::from_secs(60),
            request_body: Duration::from_secs(30),
            write: Duration::from_secs(30),
            unacknowledged: Unacknowledged::default(),
            bosh_sessions_max: 200_000,
            bosh_sign_ins_per_address_max: 4_096,
            recorded_max: 32,
            resources_per_user_max: 16,
            pubsub: pubsub::Limits::default(),
        }
    }
}

/// Stanzas that leave in one write when several wait: a system call for each would cost more than its stanza.
pub const DELIVERIES_PER_WRITE_MAX: usize = 64;

/// Presence changes that may wait for the floor; more are merged per user.
pub const PRESENCE_MAILBOX: usize = 1_024;

/// The highest [`Limits::bosh_sessions_max`]: the slot number has 24 bits in a sid. Memory is the nearer bound.
pub const BOSH_SESSIONS_CEILING: usize = 1_000_000;

/// An answer of so many bytes is compressed where it is made, in about a millisecond; a longer one by a thread of its
/// own.
pub const GZIP_AT_ONCE_BYTES_MAX: u64 = 64 * 1024;

/// Read buffer of a WebSocket connection, in bytes: nearly all messages of clients are shorter. It is there from the
/// beginning.
pub const WEBSOCKET_BUFFER_BYTES: usize = 2 * 1024;

/// Time for the answer to a shutdown to reach clients.
pub const FAREWELL: Duration = Duration::from_secs(1);

/// How long a late request is told how its session ended.
pub const FAREWELL_KEPT: Duration = Duration::from_secs(300);

/// How long a late request is told at least why its session ended.
pub const GRAVES_KEPT: Duration = Duration::from_secs(86_400);

/// Ended sessions that are remembered for late requests: some 10 MiB at most.
pub const GRAVES_MAX: usize = 32_768;

/// Lines of the sessions' story that may wait for whoever keeps the books. The oldest are lost when they do not
/// keep up.
pub const STORIES_WAITING: usize = 8_192;

/// One client's presence, in bytes: it is kept as long as its resource is there.
pub const PRESENCE_BYTES_MAX: usize = 4 * 1024;

/// The name of a stream's language, in bytes: it is put into every stanza of the client that names none.
pub const LANG_BYTES_MAX: usize = 64;

/// Refusals for one bound that is reached are told to the operator so often at most; all are counted.
pub const OBSTACLE_TOLD_EVERY: Duration = Duration::from_secs(600);

/// Others that one resource may send its presence to directly: each is told when it goes.
pub const DIRECTED_PRESENCES_MAX: usize = 32;

/// Kinds of clients, by the word for what they can do, that are remembered, and that are being asked.
pub const CAPABILITIES_MAX: usize = 1_024;

/// How long a client may take to say what it can do, before another one of the same kind is asked.
pub const CAPABILITIES_PATIENCE: Duration = Duration::from_secs(30);

/// Stanzas waiting for a client from which on what other users send is refused: nobody can end another user's
/// session by writing to it.
pub const PENDING_WITH_RELAYS_MAX: usize = 256;

/// Other clients whose presence waits for a client that nobody looks at; with more, all of it goes out.
pub const DEFERRED_PRESENCES_MAX: usize = 64;

/// How long a client that has just got its address is sent nothing before it speaks: XEP-0198 is switched on then.
pub const HELD_BACK: Duration = Duration::from_millis(500);

/// How long it is sent nothing behind the answer to that.
pub const HELD_BACK_ENABLED: Duration = Duration::from_millis(50);

/// Messages that wait meanwhile; with more, all of them go out.
pub const HELD_BACK_MAX: usize = 64;

/// Sessions that could be resumed and are over, of which it is remembered how many stanzas they had handled: some 1 MiB.
pub const RESUMPTIONS_OVER_MAX: usize = 8_192;

/// Time for a connection to give up its session to another one of the same client.
pub const CLAIM: Duration = Duration::from_secs(10);

/// Displacements of one address by another session within [`DISPLACEMENT_WINDOW`] that two clients do to each other,
/// and no person does.
pub const DISPLACEMENTS_MAX: usize = 5;

/// See [`DISPLACEMENTS_MAX`]. A loop is over when nobody asked for the address for so long.
pub const DISPLACEMENT_WINDOW: Duration = Duration::from_secs(60);

/// Addresses whose displacements are remembered.
pub const DISPLACED_ADDRESSES_MAX: usize = 4_096;

/// Deliveries that may wait for their turn; with more, they are sent before anything else is looked at.
pub const DELIVERIES_WAITING_MAX: usize = 65_536;

/// Messages waiting for a shard from which on a broadcast to its sessions pauses: what is for one of them is then
/// behind so many, and not behind the whole broadcast.
pub const SHARD_BACKLOG_MAX: usize = 512;

/// How long it pauses: the time in which a shard handles about a tenth of these.
pub const BROADCAST_PAUSE: Duration = Duration::from_millis(1);

/// The part of the inactivity time from which on a gap between polls is told: the next one may be the last.
pub const GAP_NEAR_LIMIT: f64 = 0.67;

/// The part of what may wait for a client from which on it is told: the client may soon be ended for it.
pub const BACKLOG_NEAR_LIMIT: f64 = 0.5;

/// Remarks of one kind about one session are this far apart at least.
pub const REMARKS_APART: Duration = Duration::from_secs(3);

/// Requests for one dead session that are told.
pub const LATE_REQUESTS_TOLD: u8 = 3;

/// Probes of one session are this far apart at least, but for the first [`PROBES_AT_ONCE`].
pub const PROBES_APART: Duration = Duration::from_secs(5);

/// Probes that may come at once: those that waited for a connection, and its own.
pub const PROBES_AT_ONCE: u8 = 8;

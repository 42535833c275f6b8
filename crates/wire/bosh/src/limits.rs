//! Bounds that are not configuration, and the defaults of those that are (see [`crate::Policy`]).

use std::time::Duration;

/// The largest rid: the largest whole number that every client can count to (XEP-0124 §14.1).
pub const RID_MAX: u64 = (1 << 53) - 1;

/// How much earlier than `polling` an empty request may come. A client that waits the exact time is early by
/// the jitter of the network.
pub const POLLING_LEEWAY: Duration = Duration::from_millis(250);

/// How many empty requests in a row may push out another empty one that had been held for less than
/// `polling`. A client that wants two requests held does it once or twice before it notices that we hold only
/// one; one that goes on is a busy loop.
pub const RAPID_POLLS_MAX: u8 = 3;

/// Requests that a session holds open, whatever the policy says: each is a connection.
pub const HOLD_MAX: u32 = 8;

/// Seconds in any period that a client or a policy may name: a day. Keeps sums of times far from overflow.
pub const PERIOD_SECS_MAX: u32 = 86_400;

/// Responses kept for a client that acknowledges them but has not acknowledged these (XEP-0124 §14.3). Each can be
/// as long as [`crate::Policy::pending_bytes_max`].
pub const UNACKNOWLEDGED_MAX: usize = 8;

/// How long ago a response must have left before its missing acknowledgement is reported (§9.2). A request that
/// crosses the response on the way does not acknowledge it either.
pub const REPORT_AFTER: Duration = Duration::from_secs(1);

/// The least time that a request is held which came before one with a lower rid, whatever `wait` says: the other
/// one is on its way.
pub const EARLY_WAIT_MIN: Duration = Duration::from_secs(1);

/// Streams that a session may have open at one time, whatever the policy says: what a client says to none of them it
/// says to all, so each multiplies its work.
pub const STREAMS_MAX: u32 = 16;

/// The longest `content` that is said back in a header of every response.
pub const CONTENT_TYPE_BYTES_MAX: usize = 100;

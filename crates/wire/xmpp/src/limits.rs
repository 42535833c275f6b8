//! Bounds, with their reasons.

use std::time::Duration;

/// One stanza of a client, in bytes, unless the owner of a [`crate::Framer`] chooses another limit. The same as a BOSH
/// body, so that a client meets one limit on every transport.
pub const STANZA_BYTES_MAX: usize = xml::Limits::CLIENT.document_bytes_max;

/// The least that may be chosen (RFC 6120 §13.12).
pub const STANZA_BYTES_FLOOR: usize = 10_000;

/// The most that may be chosen: a stanza is held and parsed as a whole. With what the stream's header declares.
pub const STANZA_BYTES_CEILING: usize = 1024 * 1024;

/// One name, attribute value or run of text, in bytes, before the parser gives up or splits it.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Namespace declarations on the stream header: each is copied to the stanzas that use it.
pub const HEADER_DECLARATIONS_MAX: usize = 16;

/// Stanzas that a client may send ahead while its password is checked or its resource bound.
pub const WAITING_STANZAS_MAX: usize = 32;

/// Failed sign-ins on one stream before it is closed (RFC 6120 §6.4.5 wants 2 to 5 retries).
pub const SASL_FAILURES_MAX: u32 = 5;

/// What a client that acknowledges (XEP-0198) may leave unacknowledged.
#[derive(Clone, Copy, Debug)]
pub struct Unacknowledged {
    /// Stanzas sent and not acknowledged before the session ends.
    pub stanzas_max: usize,
    /// Their bytes, likewise.
    pub bytes_max: usize,
    /// Time for the answer to a request for an acknowledgement, before the connection counts as dead.
    pub answer: Duration,
}

impl Default for Unacknowledged {
    fn default() -> Self {
        // as many as may wait for a BOSH client
        Self { stanzas_max: 1_000, bytes_max: 1024 * 1024, answer: Duration::from_secs(60) }
    }
}

/// Stanzas after which an acknowledgement is asked for at once.
pub const ACK_REQUEST_EVERY: u32 = 16;

/// Time after a stanza when an acknowledgement is asked for in any case: so a connection that died without a word is
/// noticed, and one request serves a burst.
pub const ACK_DELAY: Duration = Duration::from_secs(5);

/// Nodes that one request for missed events may name. Some more would pass the limit on attributes.
pub const NUMBERED_NODES_MAX: usize = 500;

/// Notes in one probe of the desktop: more than come together in a bad minute.
pub const PROBE_NOTES_MAX: usize = 32;

//! Bounds, with their reasons.

use std::time::Duration;

/// One stanza of a client, in bytes, unless the owner of a [`crate::Framer`] chooses another limit. The same as a BOSH
/// body, so that a client meets one limit on every transport.
pub const STANZA_BYTES_MAX: usize = xml::Limits::CLIENT.document_bytes_max;

/// The least that may be chosen (RFC 6120 §13.12).
pub const STANZA_BYTES_FLOOR: usize = 10_000;

/// The most that may be chosen: a stanza is held and parsed as a whole. With what the stream's header declares.
pub const STANZA_BYTES_CEILING: usize = 1024 * 1024;

/// Depth of elements on a stream, the stream element itself included.
pub const DEPTH_MAX: usize = xml::Limits::CLIENT.depth_max;

/// One name, attribute value or run of text, in bytes, before the parser gives up or splits it.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Namespace declarations on the stream header: each is copied to the stanzas that use it.
pub const HEADER_DECLARATIONS_MAX: usize = 16;

/// Stanzas that a client may send ahead while its password is checked or its resource bound.
pub const WAITING_STANZAS_MAX: usize = 32;

/// Failed sign-ins on one stream before it is closed (RFC 6120 §6.4.5 wants 2 to 5 retries).
pub const SASL_FAILURES_MAX: u32 = 5;

/// Stanzas sent and not acknowledged (XEP-0198) before the session ends: as many as may wait for a BOSH client.
pub const UNACKED_STANZAS_MAX: usize = 1_000;

/// Their bytes, likewise.
pub const UNACKED_BYTES_MAX: usize = 1024 * 1024;

/// Stanzas after which an acknowledgement is asked for at once.
pub const ACK_REQUEST_EVERY: u32 = 16;

/// Time after a stanza when an acknowledgement is asked for in any case: so a connection that died without a word is
/// noticed, and one request serves a burst.
pub const ACK_DELAY: Duration = Duration::from_secs(5);

/// Time for the answer, before the connection counts as dead.
pub const ACK_TIMEOUT: Duration = Duration::from_secs(60);

/// Nodes that one request for missed events may name. Some more would pass the limit on attributes.
pub const NUMBERED_NODES_MAX: usize = 500;

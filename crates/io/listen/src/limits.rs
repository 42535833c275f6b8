//! Bounds, with their reasons.

use std::time::Duration;

/// What the operator may choose for a listener.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at one time. A desktop needs one or two; what is above waits in the backlog.
    pub connections_max: usize,
    /// Connections of one address (for IPv6, of one /64) at one time; 0 for no limit of their own.
    pub per_address_max: usize,
    /// Time for a TLS handshake, so that half-open ones do not pile up.
    pub handshake: Duration,
    /// Time for an HTTP request's head (slowloris), and between two requests.
    pub request_head: Duration,
    /// How long sent bytes may stay unacknowledged, or a peer refuse to take more, before the kernel cuts the connection.
    pub unacknowledged: Duration,
    /// Requests of one HTTP/2 connection at one time. A browser has a handful; a proxy in front of many agents has
    /// their parked polls.
    pub http2_streams_max: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        let (handshake, request_head) = (Duration::from_secs(10), Duration::from_secs(10));
        Self {
            connections_max: 110_000,
            per_address_max: 0,
            handshake,
            request_head,
            unacknowledged: Duration::from_secs(60),
            http2_streams_max: 1_024,
        }
    }
}

/// Connections that the kernel holds until they are accepted, if it lets us have so many. When all agents come back at
/// once, those for whom there is no room try again after a second, then after three.
pub const BACKLOG: u32 = 4_096;

/// Read and write buffer of an HTTP connection, in bytes: hyper's own default grows to 400 KiB and stays there.
pub const HTTP_BUFFER_BYTES_MAX: usize = 16 * 1024;

/// The headers of one HTTP/2 request, in bytes.
pub const HTTP2_HEADERS_BYTES_MAX: u32 = 16 * 1024;

/// What a client may send ahead on one HTTP/2 stream, in bytes: as long as a request's body may be.
pub const HTTP2_STREAM_WINDOW_BYTES: u32 = 64 * 1024;

/// What a client may send ahead on all streams of one HTTP/2 connection, in bytes.
pub const HTTP2_CONNECTION_WINDOW_BYTES: u32 = 256 * 1024;

/// Silence on an HTTP/2 connection after which it is asked whether it lives.
pub const HTTP2_ALIVE: Duration = Duration::from_secs(30);

/// How long the answer to that may take.
pub const HTTP2_ANSWERED: Duration = Duration::from_secs(20);

/// Silence before the kernel asks whether the other side is still there.
pub const KEEPALIVE_IDLE: Duration = Duration::from_secs(60);

/// How long to wait when no connection can be taken (out of file descriptors).
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

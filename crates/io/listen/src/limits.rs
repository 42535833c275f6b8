//! Bounds, with their reasons.

use std::time::Duration;

/// Connections of one listener at one time. A desktop needs one or two; what is above waits in the backlog.
pub const CONNECTIONS_MAX: usize = 110_000;

/// Time for a TLS handshake, so that half-open ones do not pile up.
pub const HANDSHAKE: Duration = Duration::from_secs(10);

/// Time for a request's head (slowloris).
pub const REQUEST_HEAD: Duration = Duration::from_secs(10);

/// Read and write buffer of an HTTP connection, in bytes: hyper's own default grows to 400 KiB and stays there.
pub const HTTP_BUFFER_BYTES_MAX: usize = 16 * 1024;

/// Silence before the kernel asks whether the other side is still there.
pub const KEEPALIVE_IDLE: Duration = Duration::from_secs(60);

/// How long to wait when no connection can be taken (out of file descriptors).
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

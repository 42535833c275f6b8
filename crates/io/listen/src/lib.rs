//! Listeners: the accept loop with its limits, TLS, the development certificate, HTTP/1.1 on a connection.
//!
//! Knows nothing of what is served; both edges and the binary use it.

mod accept;
mod certificate;
pub mod http1;
pub mod limits;
mod socket;

pub use accept::{BindError, Listener, Peer};
pub use certificate::{CertificateError, development, for_protocol, from_files};
pub use rustls::ServerConfig;
pub use socket::Socket;

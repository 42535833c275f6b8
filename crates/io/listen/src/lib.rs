//! Listeners: the accept loop with its limits, TLS, the development certificate, HTTP on a connection.
//!
//! Knows nothing of what is served; both edges and the binary use it.

mod accept;
mod binding;
mod by_address;
mod certificate;
mod given_up;
pub mod http;
pub mod limits;
mod pipeline;
mod place;
mod socket;

pub use accept::{BindError, Listener, Peer};
pub use by_address::{ByAddress, Counted, origin};
pub use certificate::{CertificateError, Identity, development, for_protocols, from_files};
pub use given_up::{Metrics, Trouble};
pub use pipeline::Behind;
pub use rustls::ServerConfig;
pub use socket::Socket;

//! What the service is told at its start.

use crate::limits::Limits;
use std::sync::Arc;
use std::time::Duration;

/// Settings of the notification service.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The XMPP domain.
    pub domain: String,
    /// Domains that were served here once: clients that still name one are told that it is gone.
    pub former_domains: Vec<String>,
    /// Whether clients that name any other domain are refused; otherwise they are served, and learn ours.
    pub refuse_other_domains: bool,
    /// The address of the publish-subscribe service.
    pub pubsub_domain: String,
    /// The user whose presence tells clients that the web service is up.
    pub service_user: String,
    /// The terms of BOSH sessions.
    pub bosh: bosh::Policy,
    /// Where clients are sent that would make a BOSH session without TLS; they are taken where this is `None`.
    pub see_other_uri: Option<String>,
    /// Whether a BOSH session is refused whose client names another server in `route`; otherwise that is ignored.
    pub refuse_routes: bool,
    /// Whether BOSH requests may be the query of a GET (XEP-0252).
    pub script_syntax: bool,
    /// Origins whose pages may use http-bind; `*` for any.
    pub cors_origins: Vec<String>,
    /// BOSH answers of at least so many bytes are compressed for clients that accept it; 0 for none.
    pub gzip_bytes_min: u64,
    /// Silence of a WebSocket client after which it is asked whether it lives; as long again without an answer, and
    /// it counts as gone.
    pub websocket_ping: Duration,
    /// Where WebSocket clients are sent instead of being served here.
    pub websocket_see_other_uri: Option<String>,
    /// Whether TCP clients may sign in without TLS. Passwords then cross the network in the clear.
    pub allow_plain_tcp: bool,
    /// The hash of the server's certificate (`tls-server-end-point`, RFC 5929 §4), for SASL's channel binding.
    pub tls_server_end_point: Option<Arc<[u8]>>,
    /// How long a session whose connection is lost waits for its client (XEP-0198); 0 to end with the connection.
    pub resume_secs: u32,
    /// Where clients are to come back, if not where they were: `host:port`.
    pub resume_location: Option<String>,
    /// Shards of BOSH sessions; 0 for one per core.
    pub shards: usize,
    /// How much and how long.
    pub limits: Limits,
}

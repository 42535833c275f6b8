//! The notification service: XMPP over BOSH, WebSocket and TCP, and publish-subscribe.
//!
//! ```text
//! http-bind ─▶ shard: BOSH sessions ────────────┐                         ┌─▶ shard / task ─▶ client
//!                                               ├─▶ router: addresses,    │
//! WebSocket, TCP ─▶ one task a connection ──────┘    presence, pubsub ────┘
//! ```
//!
//! Sessions answer what they can themselves and ask the router for the rest. Neither shards nor the router
//! ever wait for a client's socket. The service knows nothing of contact centres: events come to it as node names
//! and bytes, presence goes from it as user names, and who may subscribe to what is a [`pubsub::Policy`].

pub mod coding;
mod config;
mod connection;
mod detached;
mod displacements;
mod domains;
mod graveyard;
mod host_meta;
mod http_bind;
mod keeper;
pub mod limits;
mod metrics;
mod origin;
mod outlet;
mod recorder;
mod resources;
mod router;
mod service;
mod session;
mod shard;
mod sid;
mod sign_in;
mod story;
mod tcp;
mod tunnel;
mod visit;
mod websocket;
mod wheel;

pub use config::Config;
pub use graveyard::Grave;
pub use host_meta::HostMeta;
pub use http_bind::{HttpBind, Segments, response};
pub use keeper::{Keeper, Kept, Memory};
pub use metrics::{ForbiddenCharacters, Metrics};
pub use recorder::{Passed, Passing};
pub use resources::UsersPresent;
pub use router::{Question, Ticket};
pub use service::{Presence, Service};
pub use story::{Client, Counts, Mark, Opened, Refused, Remark, Sign, Story, Tombstone};
pub use tunnel::Tunnel;
pub use websocket::WebSocket;
pub use xml::printable;
pub use xmpp::payload::{Probe, ProbeNote};

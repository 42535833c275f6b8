//! XMPP values, without sockets.
//!
//! * [`Framer`] cuts a TCP stream into its header and stanzas (RFC 6120 §4, §11);
//! * [`Stanza`] is one stanza read (RFC 6120 §8), [`reply`] writes answers to it;
//! * [`Stream`] negotiates: TLS, SASL, restart, resource binding (RFC 6120 §5–7), for every transport;
//! * [`Relayed`] is a stanza of one client on its way to others, [`Acks`] counts what has arrived (XEP-0198);
//! * [`payload`] holds the requests that an established client makes and the answers we give.

mod acks;
mod framer;
pub mod limits;
pub mod ns;
pub mod payload;
mod relay;
pub mod reply;
pub mod sasl;
mod stanza;
mod stanza_error;
mod stream;
mod stream_error;
pub mod websocket;

pub use acks::Acks;
pub use framer::{Frame, Framer, Header};
pub use jid::{BareJid, FullJid, Jid};
pub use relay::Relayed;
pub use stanza::{Head, Kind, Stanza, field};
pub use stanza_error::{Condition, Obstacle, StanzaError};
pub use stream::{Features, Output, Stream};
pub use stream_error::StreamError;

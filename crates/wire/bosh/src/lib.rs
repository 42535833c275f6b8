//! BOSH (XEP-0124, XEP-0206): the session state machine, without sockets, clock or randomness.
//!
//! Stanzas are opaque bytes here. The owner reads an HTTP request with [`Body::parse`], finds the
//! [`Session`] by [`Body::sid`] (or makes one), makes **one** mutation, and drains:
//!
//! 1. [`Session::create`], [`Session::handle_request`], [`Session::handle_closed`], [`Session::handle_behind`],
//!    [`Session::handle_timeout`], [`Session::send`], [`Session::close`] or [`Session::terminate`];
//! 2. [`Session::poll_output`] until it gives `None` (or [`Output::Ended`], which is always the last);
//! 3. [`Session::poll_timeout`]: when to call `handle_timeout` next.
//!
//! `send` and `terminate` may also be called *while* draining: what answers a delivered stanza then
//! leaves in the same HTTP response. The `handle_*` methods may not; a debug build checks it.
//!
//! A request that belongs to no session is answered by [`Answer::unknown_session`] and
//! [`Answer::bad_request`]; one that belongs to an ended session by [`Session::farewell`].

mod answer;
mod body;
mod condition;
mod content;
mod key;
pub mod limits;
mod output;
mod policy;
mod poll;
mod reason;
mod script;
mod session;
mod standalone;
mod stanza;
mod version;
mod window;

pub use answer::Answer;
pub use body::{Body, BodyError, Kind};
pub use condition::Condition;
pub use content::CONTENT_TYPE;
pub use output::{Output, Refusal, RequestId, StreamId};
pub use policy::Policy;
pub use reason::Reason;
pub use script::{is_script_request, read_script_request};
pub use session::Session;
pub use stanza::Stanza;
pub use version::Version;

/// The namespace of `<body/>` (XEP-0124 §6).
pub const NAMESPACE: &str = "http://jabber.org/protocol/httpbind";

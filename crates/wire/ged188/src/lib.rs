//! GED-188, the CTI server protocol: frames, messages, floating fields, and a client's session.
//!
//! * [`Deframer`] cuts a byte stream into [`Frame`]s; [`Message`] reads and writes them. Everything is big-endian
//!   and unaligned; a message is a fixed part and then floating fields in any order.
//! * [`Dialect`] is what a protocol version changes. Versions 9 to 25 are known, and UCCX's.
//! * [`view`] takes any message apart for people; [`layout`] has the layouts as data, and says what is decided where
//!   sources disagree.
//! * [`client::Client`] is a client's session without sockets or clock. Four kinds of method: getters; `handle_*`
//!   for what comes in; commands ([`client::Client::request`], [`client::Client::close`]); `poll_output` and
//!   `poll_timeout` for what goes out. After each mutation the owner drains `poll_output` and takes the next
//!   deadline.
//!
//! What a peer may get wrong and what follows: a message type or a floating field that is not known is kept and
//! counted; a known message with a broken body is reported and skipped, since its frame says where the next one
//! begins; only a frame longer than the limit ends the session.
//!
#![doc = include_str!("../README.md")]

mod cursor;
mod dialect;
mod error;
mod field;
mod frame;
pub mod layout;
pub mod limits;
pub mod message;
mod number;
mod secret;
mod session;
mod slot;
pub mod tag;
mod value;
pub mod view;

pub use dialect::{Dialect, Width};
pub use error::{DecodeError, EncodeError, Fault, FrameError};
pub use field::{Field, Fields};
pub use frame::{Deframer, Frame};
pub use message::Message;
pub use number::{
    AgentState, CallType, ConnectionIdType, ConsultType, ControlFailure, DeviceType, Disposition, EventCause,
    LineType, LocalConnectionState, Services, Status, SupervisoryAction, SystemEventId,
};
pub use secret::Secret;
pub use session::client;

//! The CTI link: keeps a GED-188 session with one side of a CTI server pair, and speaks the floor's vocabulary.
//!
//! [`start`] spawns one task. It connects, opens a session, keeps the heartbeat, and after a loss tries the sides
//! of the pair in turn with growing waits. What the server says comes out as [`floor::CtiInput`]; what the floor
//! wants goes in as [`floor::CtiCommand`]. Each session begins with [`floor::CtiInput::LinkUp`] and ends with
//! [`floor::CtiInput::LinkDown`].
//!
//! Backpressure: while the floor's mailbox is full the link stops reading, and TCP stops the server. Commands are
//! still taken meanwhile, up to [`limits::BACKLOG_MAX`], so a floor that waits to hand over a command and a link
//! that waits to hand over an event do not wait for each other.

mod backoff;
mod config;
mod connection;
mod floor_side;
mod hygiene;
pub mod limits;
mod link;
mod metrics;
mod translate;

pub use backoff::Backoff;
pub use config::Config;
pub use link::{Link, start};
pub use metrics::{ForbiddenCharacters, Metrics};
pub use translate::report;

//! The CTI link: keeps a GED-188 session with one side of a CTI server pair, and speaks the floor's vocabulary.
//!
//! [`start`] spawns one task. It connects, opens a session, keeps the heartbeat, and after a loss tries the sides
//! of the pair by the published schedule ([`Reconnect`]). What the server says comes out as [`floor::CtiInput`]; what the
//! floor wants goes in as [`floor::CtiCommand`]. Each session begins with [`floor::CtiInput::LinkUp`] and ends with
//! [`floor::CtiInput::LinkDown`], or with the next `LinkUp` when the standby side takes over.
//!
//! [`Interpreter`] is the core of it: bytes on one side, the floor's words on the other, without a socket or a clock.
//!
//! Backpressure: up to [`limits::INPUTS_MAX`] inputs wait for a floor that is behind; past it the link stops reading,
//! and TCP stops the server, while heartbeats go on. Commands are still taken meanwhile, up to
//! [`limits::BACKLOG_MAX`], so a floor that waits to hand over a command and a link that waits to hand over an event
//! do not wait for each other.

mod companion;
mod config;
mod connection;
mod floor_side;
mod hygiene;
mod interpreter;
pub mod limits;
mod link;
mod metrics;
mod record;
mod refusal;
pub mod replay;
mod round;
mod schedule;
mod side;
mod strange;
mod stream;
mod tls;
mod trace;
mod translate;

pub use config::{Config, Flavour};
pub use ged188::Width;
pub use interpreter::{Interpreter, Role, Said};
pub use link::{Link, start};
pub use metrics::{ForbiddenCharacters, Metrics};
pub use record::{Recording, Tap, Way};
pub use schedule::Reconnect;
pub use tls::{TlsError, TlsSettings};
pub use translate::{call_event, opened, queue_report, report};

//! A CTI server to develop against: GED-188 over TCP, agents with devices and states, the rules of Unified CCE.
//!
//! It shares the codec with our own CTI link, but nothing else: the session rules and the agents' rules here are
//! a second reading of the documents, so that a misreading in one place shows as a quarrel between the two.
//!
//! One task owns the agents (hall); each client is a task of its own. Clients reach the hall through a bounded
//! mailbox, the hall reaches a client through a bounded queue: a client that does not read is dropped.

mod args;
mod asked;
mod client;
mod colleagues;
mod config;
mod control;
mod ctl;
mod events;
mod exchange;
mod hall;
mod limits;
mod opening;
mod orders;
mod replies;
mod server;
mod sessions;
mod sides;
mod switchover;
mod tls;

pub use args::{Args, Command, run_command};
pub use config::{Behaviour, Colleagues, Config, SimAgent, SimQueue, SimTeam};
pub use control::{Control, Done};
pub use ctl::{CtlArgs, note_control};
pub use orders::tasks::TaskOrder;
pub use server::Simulator;
pub use sides::Side;
pub use tls::tls;

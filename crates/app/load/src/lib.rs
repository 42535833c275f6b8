//! Many agents at once: signs them in over BOSH, WebSocket or TCP, publishes to them as a service account, checks that
//! every notification arrives once and in order, and says what it cost the server.
//!
//! It knows the wire only, and nothing of ours: so it can be pointed at other servers too, and cannot share a mistake
//! with what it measures. One thread drives it all, so that it fits beside the server on two cores.

mod args;
mod board;
mod bosh;
mod http;
mod http2;
pub mod limits;
mod link;
mod payload;
pub mod process;
mod publisher;
mod report;
mod run;
mod session;
mod splitter;
mod target;
mod tcp;
mod websocket;

pub use args::Args;
pub use run::run_command;

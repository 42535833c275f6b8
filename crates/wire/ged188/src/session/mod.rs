//! Session state machines.

pub mod client;

//! The session, by topic. Time is virtual; see [`pair`].

#![allow(clippy::unwrap_used, reason = "tests, and what they are made of")]

mod acks;
mod behind;
mod clients;
mod create;
mod hold;
mod hostile;
mod inactivity;
mod interleaved;
mod keys;
mod limits;
mod order;
mod overactivity;
mod pair;
mod pause;
mod payload;
mod replay;
mod restart;
mod sequence;
mod streams;
mod terminate;
mod world;

//! Measurements. What they found, and on which machine, is in `docs/benchmarks.md`; `make bench` repeats them.
//!
//! | program | measures |
//! |---|---|
//! | `core` | time and instructions of the core's steps, without sockets ([`scenario`]) |
//! | `heap` | allocations of the same steps, the heap of an idle session, and of what publish-subscribe keeps |
//! | `memory` | resident memory and idle CPU of parked polls, against the release server |
//! | `startup` | time until the server is ready, with many nodes in its store |
//! | `recovery` | time and processor until everybody is back after the server was killed, and knows what is true |
//! | `link` | events a second from socket to notification, and the time to know everything again after a loss |
//! | `rest` | requests a second and processor time of the web service beside a bare axum route; mass sign-in; a large team |
//! | `latency` | from a CTI frame to the byte in the browser's socket, against the release server |
//!
//! Machines are noisy. So: medians of many short rounds in which all steps take turns, instruction counts beside
//! times, CPU seconds beside wall time, and the share of the machine that others took meanwhile.

pub mod bare;
pub mod callgrind;
pub mod cti_server;
pub mod desktop;
pub mod http;
pub mod idle;
pub mod limits;
pub mod machine;
pub mod pubsub_kept;
pub mod rounds;
pub mod scenario;
pub mod server;
pub mod switch;
pub mod table;

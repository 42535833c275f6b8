//! What must survive a restart, in SQLite or in PostgreSQL.
//!
//! ```text
//! pubsub's changes ──▶ Store::keep  ─┐                      ┌─▶ kept: told when the disk has it
//! tasks' changes   ──▶ …keep_tasks  ─┤                      │
//!                                    ├─▶ mailbox ─▶ writer ─┤
//! administration   ──▶ Store::…     ─┘   (bounded)          └─▶ one transaction for all that waited
//! ```
//!
//! One task writes. It takes everything that waits into one transaction, so that many changes share one wait for
//! the disk, and tells each when it is durable. Nothing here is in the path of a notification: whoever publishes
//! does not wait, and whoever is answered waits for its own change only.
//!
//! What is in the database is read once, at the start; the state that the program works with is in memory.

mod audit;
mod backup;
mod client_logs;
mod configured;
mod error;
mod health;
pub mod limits;
mod link;
mod metrics;
mod objects;
mod place;
mod pubsub;
mod schema;
mod sole;
mod store;
mod tasks;
mod team_messages;
mod teams;
mod users;
mod writer;

pub use audit::{By, Entry};
pub use backup::{Contents, restore};
pub use client_logs::{ClientLog, ClientLogBody};
pub use error::StoreError;
pub use health::Health;
pub use metrics::Metrics;
pub use place::Place;
pub use store::{Role, Store};
pub use team_messages::TeamMessage;
pub use teams::Team;
pub use users::{Put, Secrets, User, UserRole};

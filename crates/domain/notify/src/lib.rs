//! Changes of the floor as notifications: the node each goes to and the bytes it carries, and the same objects
//! as bodies of the web service.
//!
//! A change is rendered and escaped once, whatever the number of its subscribers.
//!
//! Two spellings: in a notification the root of an object begins with a small letter (`user`), in a body of
//! the web service with a capital (`User`). The rest is the same, children in alphabetical order as the
//! original has them.

pub mod agent;
pub mod error;
pub mod node;
pub mod reason;
pub mod system;
pub mod team;
mod update;

pub use node::Node;
pub use system::SystemIdentity;

use bytes::Bytes;
use floor::Change;
use update::{Outcome, Update};

/// One publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The node it is published to.
    pub node: String,
    /// The whole `<notification>` element with the escaped `<Update>` in it.
    pub payload: Bytes,
    /// Elements whose text held characters that XML forbids, and how many were replaced.
    pub replaced: Vec<(&'static str, usize)>,
}

/// What a change says to whom.
pub fn notifications(change: &Change, identity: &SystemIdentity) -> Vec<Notification> {
    match change {
        Change::Agent { agent, request_id } => {
            let uri = node::user(agent.id());
            let update = Update { source: &uri, request_id: request_id.as_deref(), outcome: Outcome::Put };
            let user = update.render(uri.clone(), |writer| agent::write(writer, "user", agent));
            let team_users = node::team_users(agent.profile.team);
            let member = update.render(team_users, |writer| agent::write_summary(writer, "user", agent));
            vec![user, member]
        }
        Change::System { system, at } => {
            let uri = node::SYSTEM_INFO;
            let update = Update { source: uri, request_id: None, outcome: Outcome::Put };
            vec![update.render(uri.to_owned(), |writer| {
                system::write(writer, "systemInfo", system, identity, *at);
            })]
        }
        Change::RequestFailed { agent, request_id, error } => {
            let uri = node::user(agent);
            let update = Update { source: &uri, request_id: request_id.as_deref(), outcome: Outcome::Error };
            vec![update.render(uri.clone(), |writer| error::write_notified(writer, error))]
        }
    }
}

//! What is true of a node: for subscribers to whom the events that led there cannot be sent any more.

use crate::limits::STATE_OBJECTS_MAX;
use crate::node::{self, Node};
use crate::update::{Outcome, Update};
use crate::{Notification, SystemIdentity, agent, dialog, queue, system, team};
use floor::{Agent, AgentId, Floor};
use jiff::Timestamp;
use xml::Writer;

/// The state of a node as one update that replaces everything known from it: its `<data>` is what the web service answers
/// at that address, the event is always `PUT`. `None` when the floor knows nothing of the node, or the state is larger
/// than [`STATE_OBJECTS_MAX`].
pub fn state(floor: &Floor, identity: &SystemIdentity, now: Timestamp, node: &str) -> Option<Notification> {
    let put = |source: &str, data: &dyn Fn(&mut Writer)| {
        let update = Update { source, request_id: None, outcome: Outcome::Put };
        Some(update.render(node.to_owned(), data))
    };
    match Node::parse(node)? {
        Node::User(id) => {
            let agent = floor.agent(&AgentId::from(id))?;
            put(node, &|writer| agent::write(writer, "user", agent))
        }
        Node::Dialogs(id) => {
            let agent = floor.agent(&AgentId::from(id))?.id();
            let dialogs: Vec<_> = at_most(floor.dialogs_of(agent))?;
            put(node, &|writer| {
                dialog::write_list(writer, "dialogs", dialogs.iter().map(|dialog| &***dialog));
            })
        }
        Node::UserQueues(id) => {
            let agent = floor.agent(&AgentId::from(id))?.id();
            let queues: Vec<_> = at_most(floor.queues_of(agent))?;
            put(node, &|writer| queue::write_list(writer, queues.iter().copied()))
        }
        Node::Queue(id) => {
            let queue = floor.queue(id)?;
            put(node, &|writer| queue::write(writer, queue))
        }
        Node::TeamUsers(id) => {
            let team = floor.team(id)?;
            let members: Vec<&Agent> = at_most(floor.members(id))?;
            put(&node::team(id), &|writer| {
                team::write(writer, "team", team, members.iter().copied(), identity);
            })
        }
        // not of the floor: whoever missed something reads it at the web service
        Node::ClientLog(_) | Node::DialogsMedia(_) | Node::Media(_) | Node::TeamMessages(_) => None,
        Node::SystemInfo => {
            put(node, &|writer| system::write(writer, "systemInfo", floor.system(), identity, now))
        }
    }
}

/// All of them, unless they are too many.
fn at_most<T>(things: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let things: Vec<T> = things.take(STATE_OBJECTS_MAX + 1).collect();
    (things.len() <= STATE_OBJECTS_MAX).then_some(things)
}

//! Changes of the floor as notifications: the node each goes to and the bytes it carries, and the same objects
//! as bodies of the web service.
//!
//! A change is rendered and escaped once, whatever the number of its subscribers.
//!
//! Two spellings: in a notification the root of an object begins with a small letter (`user`), in a body of
//! the web service with a capital (`User`). The rest is the same, children in alphabetical order as the
//! original has them.

pub mod agent;
pub mod dialog;
pub mod error;
pub mod limits;
pub mod media;
pub mod node;
pub mod queue;
pub mod reason;
mod state;
pub mod system;
pub mod task;
pub mod team;
mod update;

pub use node::Node;
pub use state::state;
pub use system::{Ports, SystemIdentity};

use ::media::TaskEvent;
use bytes::Bytes;
use floor::{AgentId, CallId, Change, Dialog, DialogEvent, RequestError, Told};
use update::{Outcome, Update};
use xml::Writer;

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
            let member =
                update.render(team_users, |writer| agent::write_summary(writer, "user", agent, identity));
            vec![user, member]
        }
        Change::Queue { queue } => {
            let uri = node::queue(queue.profile.id);
            let update = Update { source: &uri, request_id: None, outcome: Outcome::Put };
            vec![update.render(uri.clone(), |writer| queue::write(writer, queue))]
        }
        Change::QueueList { agent, added, queues } => {
            let uri = node::user_queues(agent);
            let outcome = if *added { Outcome::Post } else { Outcome::Delete };
            let update = Update { source: &uri, request_id: None, outcome };
            vec![update.render(uri.clone(), |writer| queue::write_list(writer, queues.iter()))]
        }
        Change::System { system, at } => {
            let uri = node::SYSTEM_INFO;
            let update = Update { source: uri, request_id: None, outcome: Outcome::Put };
            vec![update.render(uri.to_owned(), |writer| {
                system::write(writer, "systemInfo", system, identity, *at);
            })]
        }
        Change::Dialog { dialog, event, told } => of_dialog(dialog, *event, told),
        Change::DialogRequestFailed { agent, call, request_id, error } => {
            vec![of_failure(agent, *call, request_id.as_deref(), error)]
        }
        Change::RequestFailed { agent, request_id, error } => {
            let uri = node::user(agent);
            let update = Update { source: &uri, request_id: request_id.as_deref(), outcome: Outcome::Error };
            vec![update.render(uri.clone(), |writer| error::write_notified(writer, error))]
        }
    }
}

/// What a change of task routing says to whom.
pub fn of_media(change: &::media::Change) -> Notification {
    use ::media::Change;
    match change {
        Change::Media(media) => {
            let source = node::media(&media.agent, media.domain.id);
            let update = Update { source: &source, request_id: None, outcome: Outcome::Put };
            update.render(node::media_list(&media.agent), |writer| media::write(writer, "media", media))
        }
        Change::Task { task, event } => {
            let (outcome, source) = match event {
                TaskEvent::Added => (Outcome::Post, node::media_dialogs(&task.agent, task.domain.id)),
                TaskEvent::Removed => (Outcome::Delete, node::media_dialogs(&task.agent, task.domain.id)),
                TaskEvent::Changed => (Outcome::Put, node::task(task.id)),
            };
            let update = Update { source: &source, request_id: None, outcome };
            let node = node::dialogs_media(&task.agent);
            update.render(node, |writer| match event {
                TaskEvent::Changed => task::write(writer, "dialog", task),
                _ => task::write_list(writer, "dialogs", std::iter::once(&**task)),
            })
        }
        Change::MediaFailed { agent, domain, request_id, fault } => {
            let source = node::media(agent, *domain);
            let update =
                Update { source: &source, request_id: request_id.as_deref(), outcome: Outcome::Error };
            update.render(node::media_list(agent), |writer| media::write_fault(writer, *domain, *fault))
        }
        Change::TaskFailed { agent, domain, task, request_id, fault } => {
            let source = node::task(*task);
            let update =
                Update { source: &source, request_id: request_id.as_deref(), outcome: Outcome::Error };
            update.render(node::dialogs_media(agent), |writer| media::write_fault(writer, *domain, *fault))
        }
    }
}

/// What the web service tells by itself, of things that the floor does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// It came to the collection.
    Added,
    /// It left the collection.
    Removed,
}

/// A thing that came to or left a collection. `source` is its URI, or that of the collection; `data` writes the thing,
/// whose root begins with a small letter.
pub fn announcement(
    node: String,
    source: &str,
    request_id: Option<&str>,
    what: Announced,
    data: impl FnOnce(&mut Writer),
) -> Notification {
    let outcome = match what {
        Announced::Added => Outcome::Post,
        Announced::Removed => Outcome::Delete,
    };
    Update { source, request_id, outcome }.render(node, data)
}

/// A dialog, for each agent who is told.
fn of_dialog(dialog: &Dialog, event: DialogEvent, told: &[Told]) -> Vec<Notification> {
    let outcome = match event {
        DialogEvent::Changed => return of_changed_dialog(dialog, told),
        DialogEvent::Added => || Outcome::Post,
        DialogEvent::Removed => || Outcome::Delete,
    };
    let render = |told: &Told| {
        let uri = node::dialogs(&told.agent);
        let update = Update { source: &uri, request_id: told.request_id.as_deref(), outcome: outcome() };
        update.render(uri.clone(), |writer| dialog::write_list(writer, "dialogs", std::iter::once(dialog)))
    };
    told.iter().map(render).collect()
}

/// The same bytes for everybody, but for the agent whose request it answers.
fn of_changed_dialog(dialog: &Dialog, told: &[Told]) -> Vec<Notification> {
    let source = node::dialog(dialog.id);
    let render = |told: &Told| {
        let update =
            Update { source: &source, request_id: told.request_id.as_deref(), outcome: Outcome::Put };
        update.render(node::dialogs(&told.agent), |writer| dialog::write(writer, "dialog", dialog))
    };
    let mut shared: Option<Notification> = None;
    let mut notifications = Vec::with_capacity(told.len());
    for told in told {
        notifications.push(match (&shared, &told.request_id) {
            (Some(shared), None) => Notification { node: node::dialogs(&told.agent), ..shared.clone() },
            (None, None) => shared.insert(render(told)).clone(),
            (_, Some(_)) => render(told),
        });
    }
    notifications
}

/// A failure of a request about a call goes where the dialogs go.
fn of_failure(
    agent: &AgentId,
    call: Option<CallId>,
    request_id: Option<&str>,
    error: &RequestError,
) -> Notification {
    let node = node::dialogs(agent);
    let source = call.map_or_else(|| node.clone(), node::dialog);
    let update = Update { source: &source, request_id, outcome: Outcome::Error };
    update.render(node, |writer| error::write_notified(writer, error))
}

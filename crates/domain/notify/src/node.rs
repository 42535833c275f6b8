//! Names of nodes: the REST path of the object.

use floor::{AgentId, CallId, QueueId, ReasonCodeId, TeamId};
use media::{DomainId, TaskId};

/// The node of the system.
pub const SYSTEM_INFO: &str = "/finesse/api/SystemInfo";

const USER: &str = "/finesse/api/User/";
const TEAM: &str = "/finesse/api/Team/";
const QUEUE: &str = "/finesse/api/Queue/";

/// The node, and the URI, of an agent.
pub fn user(id: &AgentId) -> String {
    format!("{USER}{id}")
}

/// The node, and the URI, of an agent's dialogs.
pub fn dialogs(id: &AgentId) -> String {
    format!("{USER}{id}/Dialogs")
}

/// The node, and the URI, of an agent's tasks.
pub fn dialogs_media(id: &AgentId) -> String {
    format!("{USER}{id}/Dialogs/Media")
}

/// The node, and the URI, of an agent in all media routing domains.
pub fn media_list(id: &AgentId) -> String {
    format!("{USER}{id}/Media")
}

/// The URI of an agent in a media routing domain.
pub fn media(id: &AgentId, domain: DomainId) -> String {
    format!("{USER}{id}/Media/{domain}")
}

/// The URI of an agent's tasks of one domain.
pub fn media_dialogs(id: &AgentId, domain: DomainId) -> String {
    format!("{USER}{id}/Media/{domain}/Dialogs")
}

/// The URI of a task.
pub fn task(id: TaskId) -> String {
    format!("/finesse/api/Dialog/{id}")
}

/// The URI of a dialog.
pub fn dialog(id: CallId) -> String {
    format!("/finesse/api/Dialog/{id}")
}

/// The node, and the URI, of a queue.
pub fn queue(id: QueueId) -> String {
    format!("{QUEUE}{id}")
}

/// The node of the list of an agent's queues.
pub fn user_queues(id: &AgentId) -> String {
    format!("{USER}{id}/Queues")
}

/// The node of what an agent's desktop sent in.
pub fn client_log(id: &AgentId) -> String {
    format!("{USER}{id}/ClientLog")
}

/// The URI of a team.
pub fn team(id: TeamId) -> String {
    format!("{TEAM}{id}")
}

/// The node of a team's agents.
pub fn team_users(id: TeamId) -> String {
    format!("{TEAM}{id}/Users")
}

/// The node, and the URI, of a team's messages. COMPAT(finesse): no source names the original's node; this is the
/// path that the messages are read at.
pub fn team_messages(id: TeamId) -> String {
    format!("{TEAM}{id}/TeamMessages")
}

/// The URI of a message to teams.
pub fn team_message(id: &str) -> String {
    format!("/finesse/api/TeamMessage/{id}")
}

/// The URI of a reason code; clients take its last segment as the code's id.
pub fn reason_code(id: ReasonCodeId) -> String {
    format!("/finesse/api/ReasonCode/{}", id.0)
}

/// A node that this crate publishes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// An agent.
    User(&'a str),
    /// An agent's dialogs.
    Dialogs(&'a str),
    /// An agent's tasks.
    DialogsMedia(&'a str),
    /// An agent in the media routing domains.
    Media(&'a str),
    /// The list of an agent's queues.
    UserQueues(&'a str),
    /// What an agent's desktop sent in.
    ClientLog(&'a str),
    /// A queue.
    Queue(QueueId),
    /// A team's agents.
    TeamUsers(TeamId),
    /// A team's messages.
    TeamMessages(TeamId),
    /// The system.
    SystemInfo,
}

impl<'a> Node<'a> {
    /// What a node's name means; `None` for names of other make.
    pub fn parse(name: &'a str) -> Option<Self> {
        if name == SYSTEM_INFO {
            return Some(Self::SystemInfo);
        }
        if let Some(id) = name.strip_prefix(USER) {
            let (id, what): (_, fn(&'a str) -> Self) = match id.rsplit_once('/') {
                Some((id, "Dialogs")) => (id, Self::Dialogs),
                Some((id, "Media")) => match id.strip_suffix("/Dialogs") {
                    Some(id) => (id, Self::DialogsMedia),
                    None => (id, Self::Media),
                },
                Some((id, "Queues")) => (id, Self::UserQueues),
                Some((id, "ClientLog")) => (id, Self::ClientLog),
                _ => (id, Self::User),
            };
            return (!id.is_empty() && !id.contains('/')).then(|| what(id));
        }
        if let Some(id) = name.strip_prefix(QUEUE) {
            return number(id).map(|id| Self::Queue(QueueId(id)));
        }
        let (id, what): (_, fn(TeamId) -> Self) = match name.strip_prefix(TEAM)?.split_once('/')? {
            (id, "Users") => (id, Self::TeamUsers),
            (id, "TeamMessages") => (id, Self::TeamMessages),
            _ => return None,
        };
        number(id).map(|id| what(TeamId(id)))
    }
}

/// A number has one spelling: no sign, no leading zeros.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number: &u32| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        assert_eq!(Node::parse(&user(&AgentId::from("4711"))), Some(Node::User("4711")));
        assert_eq!(Node::parse(&dialogs(&AgentId::from("4711"))), Some(Node::Dialogs("4711")));
        assert_eq!(Node::parse(&team_users(TeamId(12))), Some(Node::TeamUsers(TeamId(12))));
        assert_eq!(Node::parse(&dialogs_media(&AgentId::from("4711"))), Some(Node::DialogsMedia("4711")));
        assert_eq!(Node::parse(&media_list(&AgentId::from("4711"))), Some(Node::Media("4711")));
        assert_eq!(Node::parse(&user_queues(&AgentId::from("4711"))), Some(Node::UserQueues("4711")));
        assert_eq!(Node::parse(&client_log(&AgentId::from("4711"))), Some(Node::ClientLog("4711")));
        assert_eq!(Node::parse(&team_messages(TeamId(12))), Some(Node::TeamMessages(TeamId(12))));
        assert_eq!(Node::parse(&queue(QueueId(29_808))), Some(Node::Queue(QueueId(29_808))));
        assert_eq!(Node::parse(SYSTEM_INFO), Some(Node::SystemInfo));
    }

    #[test]
    fn other_names_mean_nothing() {
        let others = [
            "",
            "/finesse/api/User/",
            "/finesse/api/User",
            "/finesse/api/User/1/Queue/2",
            "/finesse/api/User//Queues",
            "/finesse/api/Queue/",
            "/finesse/api/Queue/01",
            "/finesse/api/Queue/x",
            "/finesse/api/User//Dialogs",
            "/finesse/api/User/1/2/Dialogs",
            "/finesse/api/User/1/Dialogs/",
            "/finesse/api/User//Dialogs/Media",
            "/finesse/api/User/1/Queues/Media",
            "/finesse/api/User/1/Media/5001",
            "/finesse/api/User//Media",
            "/finesse/api/Team/1",
            "/finesse/api/Team/1/TeamMessages/2",
            "/finesse/api/Team/x/TeamMessages",
            "/finesse/api/User/1/CompressedClientLog",
            "/finesse/api/Team//Users",
            "/finesse/api/Team/+1/Users",
            "/finesse/api/Team/01/Users",
            "/finesse/api/Team/x/Users",
            "/finesse/api/Team/99999999999/Users",
            "/finesse/api/SystemInfo/",
            "/FINESSE/api/SystemInfo",
        ];
        for name in others {
            assert_eq!(Node::parse(name), None, "{name}");
        }
    }
}

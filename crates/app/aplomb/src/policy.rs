//! Who may subscribe to which of the product's nodes (Finesse guide, subscription management).

use floor::{AgentId, Roster, TeamId};
use notify::{Node, node};
use std::collections::{HashMap, HashSet};

/// The rules of publish-subscribe, from the roster.
pub(crate) struct NodePolicy {
    /// Team of each agent.
    teams: HashMap<AgentId, TeamId>,
    /// Teams of each supervisor.
    supervised: HashMap<AgentId, Vec<TeamId>>,
    /// Names of the teams.
    names: HashMap<TeamId, String>,
    /// Service accounts.
    publishers: HashSet<String>,
}

impl NodePolicy {
    pub(crate) fn new(roster: &Roster, publishers: impl IntoIterator<Item = String>) -> Self {
        let supervisors = roster.agents.iter().filter(|agent| agent.roles.supervisor);
        Self {
            teams: roster.agents.iter().map(|agent| (agent.id.clone(), agent.team)).collect(),
            supervised: supervisors.map(|agent| (agent.id.clone(), agent.supervises.clone())).collect(),
            names: roster.teams.iter().map(|team| (team.id, team.name.clone())).collect(),
            publishers: publishers.into_iter().collect(),
        }
    }

    fn supervises(&self, user: &AgentId, team: TeamId) -> bool {
        self.supervised.get(user).is_some_and(|teams| teams.contains(&team))
    }
}

impl pubsub::Policy for NodePolicy {
    fn may_subscribe(&self, user: &str, node: &str) -> bool {
        let user = AgentId::from(user);
        match Node::parse(node) {
            Some(Node::User(id) | Node::Dialogs(id)) => {
                let agent = AgentId::from(id);
                agent == user || self.teams.get(&agent).is_some_and(|team| self.supervises(&user, *team))
            }
            Some(Node::TeamUsers(team)) => self.supervises(&user, team),
            Some(Node::SystemInfo) => true,
            None => false,
        }
    }

    fn may_publish(&self, user: &str) -> bool {
        self.publishers.contains(user)
    }

    fn default_nodes(&self, user: &str) -> Vec<String> {
        let agent = AgentId::from(user);
        let own = self.teams.contains_key(&agent).then(|| [node::user(&agent), node::dialogs(&agent)]);
        own.into_iter().flatten().chain([node::SYSTEM_INFO.to_owned()]).collect()
    }

    /// Everyone sees the service accounts' presence; their roster's groups are the teams. Users do not see each other.
    fn roster_groups(&self, owner: &str, user: &str) -> Option<Vec<String>> {
        if !self.publishers.contains(owner) {
            return None;
        }
        let agent = AgentId::from(user);
        let supervised = self.supervised.get(&agent).into_iter().flatten();
        let teams = self.teams.get(&agent).into_iter().chain(supervised);
        Some(teams.filter_map(|team| self.names.get(team).cloned()).collect())
    }

    fn visible_nodes(&self, user: &str) -> Vec<String> {
        let teams = self.supervised.get(&AgentId::from(user)).into_iter().flatten();
        let teams = teams.map(|team| node::team_users(*team));
        self.default_nodes(user).into_iter().chain(teams).collect()
    }
}

/// Every node of the product.
pub(crate) fn nodes(roster: &Roster) -> Vec<String> {
    let users = roster.agents.iter().flat_map(|agent| [node::user(&agent.id), node::dialogs(&agent.id)]);
    let teams = roster.teams.iter().map(|team| node::team_users(team.id));
    users.chain(teams).chain([node::SYSTEM_INFO.to_owned()]).collect()
}

//! Who may subscribe to which of the product's nodes (Finesse guide, subscription management).

use crate::config::CreateNodes;
use floor::{AgentId, QueueId, QueueProfile, Roster, TeamId};
use notify::{Node, node};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Where the names of the product's nodes begin.
const OF_THE_PRODUCT: &str = "/finesse/";

/// The rules of publish-subscribe, from the roster.
pub(crate) struct NodePolicy {
    /// Team of each agent.
    teams: HashMap<AgentId, TeamId>,
    /// Teams of each supervisor.
    supervised: HashMap<AgentId, Vec<TeamId>>,
    /// Agents who were there earlier in this run, as their nodes spell them: the nodes stay, and so may their readers.
    former: HashMap<AgentId, BTreeSet<String>>,
    /// Names of the teams.
    names: HashMap<TeamId, String>,
    /// Queues whose statistics are known.
    queues: BTreeSet<QueueId>,
    /// Whether there are media routing domains.
    has_media: bool,
    /// Service accounts, as the XMPP side knows them: in lower case.
    publishers: HashSet<String>,
    /// Who else may create nodes.
    creators: CreateNodes,
}

impl NodePolicy {
    pub(crate) fn new(
        roster: &Roster,
        publishers: impl IntoIterator<Item = String>,
        creators: CreateNodes,
    ) -> Self {
        let supervisors = roster.agents.iter().filter(|agent| agent.roles.supervisor);
        Self {
            teams: roster.agents.iter().map(|agent| (agent.id.clone(), agent.team)).collect(),
            supervised: supervisors.map(|agent| (agent.id.clone(), agent.supervises.clone())).collect(),
            former: HashMap::new(),
            names: roster.teams.iter().map(|team| (team.id, team.name.clone())).collect(),
            queues: BTreeSet::new(),
            has_media: false,
            publishers: publishers.into_iter().map(|user| user.to_lowercase()).collect(),
            creators,
        }
    }

    /// With these queues, that everybody may watch.
    pub(crate) fn with_queues(mut self, queues: &[QueueProfile]) -> Self {
        self.queues = queues.iter().map(|queue| queue.id).collect();
        self
    }

    /// With nodes for media routing domains, if there are any.
    pub(crate) fn with_media(self, has_media: bool) -> Self {
        Self { has_media, ..self }
    }

    /// Remembers the agents of earlier rules who are no more, or are spelled in another way.
    pub(crate) fn remember(&mut self, before: &Self) {
        self.former.clone_from(&before.former);
        for agent in before.teams.keys() {
            if self.teams.get_key_value(agent).is_none_or(|(now, _)| now.as_str() != agent.as_str()) {
                self.former.entry(agent.clone()).or_default().insert(agent.to_string());
            }
        }
    }

    /// Whose rights are others than they were by the rules of before. The name of a team is a roster group, which may
    /// be let in to a node.
    pub(crate) fn changed_since(&self, before: &Self) -> HashSet<String> {
        let is_other = |agent: &&AgentId| {
            self.teams.get(*agent) != before.teams.get(*agent)
                || self.supervised.get(*agent) != before.supervised.get(*agent)
                || self.groups(agent) != before.groups(agent)
        };
        let agents = before.teams.keys().chain(before.supervised.keys());
        let agents = agents.chain(self.teams.keys()).chain(self.supervised.keys());
        let agents = agents.filter(is_other).map(|agent| agent.to_string());
        agents.chain(before.publishers.difference(&self.publishers).cloned()).collect()
    }

    /// The agent of a JID, which is in lower case; the nodes' names have the id as it was given.
    fn known(&self, user: &str) -> Option<&AgentId> {
        self.teams.get_key_value(&AgentId::from(user)).map(|(agent, _)| agent)
    }

    /// The agent of a JID in every spelling that nodes have.
    fn spellings(&self, user: &str) -> Vec<AgentId> {
        let agent = AgentId::from(user);
        let known = self.known(user).cloned();
        let former = self.former.get(&agent).into_iter().flatten();
        let former = former.map(|spelled| AgentId::from(spelled.as_str()));
        let spellings: Vec<AgentId> = known.into_iter().chain(former).collect();
        if spellings.is_empty() { vec![agent] } else { spellings }
    }

    /// The names of an agent's teams.
    fn groups(&self, agent: &AgentId) -> Vec<String> {
        let supervised = self.supervised.get(agent).into_iter().flatten();
        let teams = self.teams.get(agent).into_iter().chain(supervised);
        teams.filter_map(|team| self.names.get(team).cloned()).collect()
    }

    fn supervises(&self, user: &AgentId, team: TeamId) -> bool {
        self.supervised.get(user).is_some_and(|teams| teams.contains(&team))
    }
}

impl pubsub::Policy for NodePolicy {
    fn may_subscribe(&self, user: &str, node: &str) -> bool {
        let user = AgentId::from(user);
        match Node::parse(node) {
            Some(
                Node::User(id)
                | Node::Dialogs(id)
                | Node::DialogsMedia(id)
                | Node::Media(id)
                | Node::UserQueues(id)
                | Node::ClientLog(id),
            ) => {
                let agent = AgentId::from(id);
                agent == user || self.teams.get(&agent).is_some_and(|team| self.supervises(&user, *team))
            }
            Some(Node::TeamUsers(team)) => self.supervises(&user, team),
            Some(Node::TeamMessages(team)) => {
                self.teams.get(&user) == Some(&team) || self.supervises(&user, team)
            }
            Some(Node::SystemInfo) => true,
            // any user, as the guide says
            Some(Node::Queue(id)) => self.queues.contains(&id),
            None => false,
        }
    }

    fn may_publish(&self, user: &str) -> bool {
        self.publishers.contains(user)
    }

    /// Names that look like the product's are for service accounts, and those that are the product's for nobody: an agent
    /// who is made tomorrow must find its node free.
    fn may_create(&self, user: &str, node: &str) -> bool {
        let is_listed = match self.creators {
            CreateNodes::ServiceAccounts => false,
            CreateNodes::ServiceAccountsAndSupervisors => self.supervised.contains_key(&AgentId::from(user)),
            CreateNodes::Everyone => true,
        };
        let may = self.may_publish(user) || is_listed && !node.starts_with(OF_THE_PRODUCT);
        may && Node::parse(node).is_none()
    }

    fn default_nodes(&self, user: &str) -> Vec<String> {
        let own = self.known(user).map(|agent| [node::user(agent), node::dialogs(agent)]);
        let media = self.known(user).filter(|_| self.has_media);
        let media = media.map(|agent| [node::dialogs_media(agent), node::media_list(agent)]);
        let own = own.into_iter().flatten().chain(media.into_iter().flatten());
        own.chain([node::SYSTEM_INFO.to_owned()]).collect()
    }

    /// Everyone sees the service accounts' presence; their roster's groups are the teams. Users do not see each other.
    fn roster_groups(&self, owner: &str, user: &str) -> Option<Vec<String>> {
        if !self.publishers.contains(owner) {
            return None;
        }
        Some(self.groups(&AgentId::from(user)))
    }

    fn nodes_about(&self, user: &str) -> Vec<String> {
        let about = |agent: AgentId| {
            let agent = &agent;
            let others = [node::user_queues(agent), node::client_log(agent)];
            let media = [node::dialogs_media(agent), node::media_list(agent)];
            [node::user(agent), node::dialogs(agent)].into_iter().chain(others).chain(media)
        };
        self.spellings(user).into_iter().flat_map(about).collect()
    }

    fn visible_nodes(&self, user: &str) -> Vec<String> {
        let teams = self.supervised.get(&AgentId::from(user)).into_iter().flatten();
        let teams = teams.flat_map(|team| [node::team_users(*team), node::team_messages(*team)]);
        let queues = self.queues.iter().map(|queue| node::queue(*queue));
        self.default_nodes(user).into_iter().chain(teams).chain(queues).collect()
    }
}

/// Every node of the product.
pub(crate) fn nodes(roster: &Roster, queues: &[QueueProfile], has_media: bool) -> Vec<String> {
    let users = roster
        .agents
        .iter()
        .flat_map(|agent| [node::user(&agent.id), node::dialogs(&agent.id), node::client_log(&agent.id)]);
    let teams =
        roster.teams.iter().flat_map(|team| [node::team_users(team.id), node::team_messages(team.id)]);
    // without queues nobody has a list of them
    let lists = roster.agents.iter().filter(|_| !queues.is_empty()).map(|agent| node::user_queues(&agent.id));
    // and without media routing domains nobody is in one
    let media = roster.agents.iter().filter(|_| has_media);
    let media = media.flat_map(|agent| [node::dialogs_media(&agent.id), node::media_list(&agent.id)]);
    let queues = queues.iter().map(|queue| node::queue(queue.id));
    let of_agents = users.chain(lists).chain(media);
    of_agents.chain(teams).chain(queues).chain([node::SYSTEM_INFO.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use floor::{Profile, Roles, Settings, Team, WrapUp};
    use pubsub::Policy;

    fn profile(id: &str, supervises: Vec<TeamId>) -> Profile {
        Profile {
            id: id.into(),
            login_name: id.into(),
            first_name: "Agent".into(),
            last_name: id.into(),
            team: TeamId(5000),
            roles: Roles { agent: true, supervisor: !supervises.is_empty() },
            supervises,
            settings: Settings { wrap_up_on_incoming: WrapUp::Optional, wrap_up_on_outgoing: None },
            wrap_up_timer_secs: None,
        }
    }

    /// Agent `1`, supervisor `9` of two teams, service account `finesse`.
    fn policy(creators: CreateNodes) -> NodePolicy {
        let team = |id| Team { id: TeamId(id), name: format!("Team {id}") };
        let agents = vec![profile("1", Vec::new()), profile("9", vec![TeamId(5000), TeamId(5001)])];
        let roster = Roster { agents, teams: vec![team(5000), team(5001)], ..Roster::default() };
        NodePolicy::new(&roster, ["finesse".to_owned()], creators)
    }

    #[test]
    fn who_may_create_nodes_is_a_setting_and_the_products_names_are_reserved() {
        for (creators, supervisor, agent) in [
            (CreateNodes::ServiceAccounts, false, false),
            (CreateNodes::ServiceAccountsAndSupervisors, true, false),
            (CreateNodes::Everyone, true, true),
        ] {
            let policy = policy(creators);
            let may = |user| policy.may_create(user, "/mine");
            assert_eq!((may("finesse"), may("9"), may("1")), (true, supervisor, agent));
            assert!(policy.may_create("finesse", "/finesse/api/Own/1"));
            // an agent who is not there yet
            assert!(!policy.may_create("finesse", "/finesse/api/User/4711/Dialogs"));
            assert!(!policy.may_create("9", "/finesse/api/User/2") && !policy.may_create("1", "/finesse/x"));
        }
    }

    #[test]
    fn a_supervisor_subscribes_to_every_team_of_its_own_and_to_their_agents() {
        let policy = policy(CreateNodes::ServiceAccounts);
        for node in ["/finesse/api/Team/5000/Users", "/finesse/api/Team/5001/Users", "/finesse/api/User/1"] {
            assert!(policy.may_subscribe("9", node), "{node}");
        }
        assert!(!policy.may_subscribe("9", "/finesse/api/Team/5002/Users"));
        assert!(!policy.may_subscribe("1", "/finesse/api/Team/5000/Users"));
        assert!(!policy.may_subscribe("1", "/finesse/api/User/9"));
        assert!(policy.may_subscribe("9", "/finesse/api/Team/5001/TeamMessages"));
    }

    #[test]
    fn an_agent_subscribes_to_the_messages_of_its_team_and_to_its_own_client_logs() {
        let policy = policy(CreateNodes::ServiceAccounts);
        assert!(policy.may_subscribe("1", "/finesse/api/Team/5000/TeamMessages"));
        assert!(!policy.may_subscribe("1", "/finesse/api/Team/5001/TeamMessages"));
        assert!(policy.may_subscribe("1", "/finesse/api/User/1/ClientLog"));
        assert!(!policy.may_subscribe("1", "/finesse/api/User/9/ClientLog"));
    }

    #[test]
    fn who_is_new_or_moved_or_gone_or_in_a_renamed_team_has_other_rights() {
        let rules = |agents: &[(&str, u32)], name: &str| {
            let profile =
                |(id, team): &(&str, u32)| Profile { team: TeamId(*team), ..profile(id, Vec::new()) };
            let agents = agents.iter().map(profile).collect();
            let team = |id, name: &str| Team { id: TeamId(id), name: name.to_owned() };
            let teams = vec![team(5000, name), team(5001, "Team 5001")];
            let roster = Roster { agents, teams, ..Roster::default() };
            NodePolicy::new(&roster, [], CreateNodes::ServiceAccounts)
        };
        let before = rules(&[("1", 5000), ("2", 5000), ("3", 5001), ("4", 5001)], "Team 5000");
        let after = rules(&[("1", 5000), ("2", 5001), ("4", 5001), ("5", 5001)], "Team 5000");
        assert_eq!(after.changed_since(&before), HashSet::from(["2", "3", "5"].map(str::to_owned)));
        let renamed = rules(&[("1", 5000), ("2", 5000), ("3", 5001), ("4", 5001)], "Others");
        assert_eq!(renamed.changed_since(&before), HashSet::from(["1", "2"].map(str::to_owned)));
    }

    #[test]
    fn every_node_of_a_user_tells_of_it_even_when_it_is_gone() {
        let policy = policy(CreateNodes::ServiceAccounts);
        for user in ["1", "7"] {
            let about = policy.nodes_about(user);
            for part in ["", "/Dialogs", "/Queues", "/ClientLog", "/Dialogs/Media", "/Media"] {
                assert!(about.contains(&format!("/finesse/api/User/{user}{part}")), "{about:?}");
            }
        }
    }

    #[test]
    fn where_there_is_task_routing_an_agent_hears_of_its_own_tasks() {
        let media = ["/finesse/api/User/1/Dialogs/Media", "/finesse/api/User/1/Media"].map(str::to_owned);
        for has_media in [true, false] {
            let policy = policy(CreateNodes::ServiceAccounts).with_media(has_media);
            let defaults = policy.default_nodes("1");
            assert!(media.iter().all(|node| defaults.contains(node) == has_media), "{defaults:?}");
            assert!(
                media.iter().all(|node| policy.may_subscribe("9", node) && !policy.may_subscribe("2", node))
            );
        }
        let roster = Roster { agents: vec![profile("1", Vec::new())], ..Roster::default() };
        let all = nodes(&roster, &[], true);
        assert!(media.iter().all(|node| all.contains(node) && !nodes(&roster, &[], false).contains(node)));
    }

    #[test]
    fn nodes_have_an_id_with_capitals_as_it_was_given() {
        let roster = Roster { agents: vec![profile("AgentX", Vec::new())], ..Roster::default() };
        let policy = NodePolicy::new(&roster, [], CreateNodes::ServiceAccounts);
        for nodes in [policy.nodes_about("agentx"), policy.default_nodes("agentx")] {
            assert!(nodes.contains(&"/finesse/api/User/AgentX".to_owned()), "{nodes:?}");
        }
    }

    #[test]
    fn the_nodes_of_an_agent_who_is_gone_are_known_as_they_were_spelled() {
        let rules = |ids: &[&str]| {
            let agents = ids.iter().map(|id| profile(id, Vec::new())).collect();
            NodePolicy::new(&Roster { agents, ..Roster::default() }, [], CreateNodes::ServiceAccounts)
        };
        let (first, mut second, mut third) = (rules(&["AgentX"]), rules(&[]), rules(&["AGENTX"]));
        second.remember(&first);
        third.remember(&second);
        assert!(second.nodes_about("agentx").contains(&"/finesse/api/User/AgentX".to_owned()));
        for node in ["/finesse/api/User/AgentX/Dialogs", "/finesse/api/User/AGENTX/Dialogs"] {
            assert!(third.nodes_about("agentx").contains(&node.to_owned()), "{node}");
        }
        assert!(third.default_nodes("agentx").contains(&"/finesse/api/User/AGENTX".to_owned()));
        assert!(!second.default_nodes("agentx").iter().any(|node| node.contains("User")));
    }

    #[test]
    fn the_roster_of_a_service_account_has_the_teams_as_groups() {
        let policy = policy(CreateNodes::ServiceAccounts);
        assert_eq!(policy.roster_groups("finesse", "1"), Some(vec!["Team 5000".to_owned()]));
        assert!(policy.roster_groups("finesse", "9").unwrap().contains(&"Team 5001".to_owned()));
        assert_eq!(policy.roster_groups("9", "1"), None);
    }
}

//! Who and what the simulated contact centre has.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Settings of a simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// `address:port` to listen on; port 0 for any.
    pub listen: String,
    /// The same for side B, if there is one.
    pub listen_b: Option<String>,
    /// TLS from the first byte, on both sides; plain otherwise.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// The peripheral.
    pub peripheral_id: u32,
    /// The agents.
    pub agents: Vec<SimAgent>,
    /// Devices beside the agents' own extensions that one can sign in on.
    pub extra_devices: Vec<String>,
    /// The telephones of extensions that several share, by extension: who signs in there may choose one.
    pub terminals: BTreeMap<String, Vec<String>>,
    /// Queues that calls wait in for agents.
    pub queues: Vec<SimQueue>,
    /// Teams, for clients who supervise them.
    pub teams: Vec<SimTeam>,
    /// How telephones and people behave.
    pub behaviour: Behaviour,
    /// Agents who come and go by themselves.
    pub colleagues: Option<Colleagues>,
    /// How long a client may take to send OPEN_REQ.
    pub open_timeout: Duration,
}

/// An agent of the simulated contact centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimAgent {
    /// The agent's id.
    pub id: String,
    /// The agent's own device.
    pub extension: String,
}

/// A queue (skill group) and its agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimQueue {
    /// SkillGroupNumber.
    pub number: u32,
    /// SkillGroupID.
    pub id: u32,
    /// Its name, by which scripts call it.
    pub name: String,
    /// The number that callers dial.
    pub route_point: String,
    /// Ids of its agents.
    pub agents: Vec<String>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimTeam {
    /// TeamID.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Ids of its agents.
    pub agents: Vec<String>,
    /// Ids of its supervisors; the first is the primary one.
    pub supervisors: Vec<String>,
}

/// How telephones and people behave where a script does not say.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// A routed call that rings so long goes back to its queue, and the agent is made not ready.
    pub ring_no_answer: Duration,
    /// How fast people outside answer.
    pub outside_answers_after: Duration,
    /// How long colleagues wrap a call up.
    pub colleague_wrap_up: Duration,
    /// Whether any party of a conference may be dropped by another.
    pub drop_any_party: bool,
    /// Whether agents may sign in as mobile agents.
    pub mobile_agents: bool,
    /// Seed of the chances.
    pub seed: u64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            ring_no_answer: Duration::from_secs(20),
            outside_answers_after: Duration::from_secs(2),
            colleague_wrap_up: Duration::from_secs(5),
            drop_any_party: true,
            mobile_agents: true,
            seed: 1,
        }
    }
}

/// Agents who sign in when the simulator starts and change between ready and not ready by themselves, so that a
/// newcomer sees the floor move. An agent whom a client signs in is left alone from then on.
#[derive(Clone, Debug)]
pub struct Colleagues {
    /// Their ids.
    pub agents: Vec<String>,
    /// Seed of the chances: the same seed gives the same day.
    pub seed: u64,
    /// The shortest time between two changes of one agent.
    pub interval_min: Duration,
    /// The longest time between two changes of one agent.
    pub interval_max: Duration,
    /// Reason codes of NOT_READY.
    pub reasons: Vec<u16>,
    /// After how long somebody who is no colleague and is ready gets a call; `None`: only when asked for.
    pub call_people_after: Option<Duration>,
}

impl Colleagues {
    /// The named agents, changing every 5 to 40 s.
    pub fn new(agents: Vec<String>, seed: u64) -> Self {
        Self {
            agents,
            seed,
            interval_min: Duration::from_secs(5),
            interval_max: Duration::from_secs(40),
            reasons: vec![1, 2, 3],
            call_people_after: None,
        }
    }
}

/// The first agents stay free for people and tests; the others are the colleagues.
const AGENTS_FREE: usize = 10;

impl Config {
    /// No agents, loopback, any port.
    pub fn empty() -> Self {
        Self {
            listen: "127.0.0.1:0".into(),
            listen_b: None,
            tls: None,
            peripheral_id: 5000,
            agents: Vec::new(),
            extra_devices: Vec::new(),
            terminals: BTreeMap::new(),
            queues: Vec::new(),
            teams: Vec::new(),
            behaviour: Behaviour::default(),
            colleagues: None,
            open_timeout: Duration::from_secs(30),
        }
    }

    /// The demo's contact centre: agents `1001001` upward with extensions `2001` upward, and the supervisors
    /// `1900001` and `1900002` with extensions `1901` and `1902`. Of the agents, those after the tenth are
    /// colleagues if there are to be any.
    pub fn demo(agents: u32, colleagues: bool) -> Self {
        let numbered = |number: u32| SimAgent {
            id: (1_001_000 + number).to_string(),
            extension: (2_000 + number).to_string(),
        };
        let supervisor = |number: u32| SimAgent {
            id: (1_900_000 + number).to_string(),
            extension: (1_900 + number).to_string(),
        };
        let agents: Vec<SimAgent> = (1..=agents).map(numbered).collect();
        let ids = agents.iter().skip(AGENTS_FREE).map(|agent| agent.id.clone()).collect();
        let colleagues = colleagues.then(|| Colleagues::new(ids, 1));
        let (queues, teams) = (demo_queues(&agents), demo_teams(&agents, colleagues.is_some()));
        let agents = agents.into_iter().chain((1..=2).map(supervisor)).collect();
        Self { agents, queues, teams, colleagues, ..Self::empty() }
    }
}

/// Everybody is in Support; every second agent is in Sales too.
fn demo_queues(agents: &[SimAgent]) -> Vec<SimQueue> {
    let queue = |number: u32, name: &str, agents: Vec<String>| SimQueue {
        number,
        id: 5_000 + number,
        name: name.into(),
        route_point: (6_000 + number).to_string(),
        agents,
    };
    let ids: Vec<String> = agents.iter().map(|agent| agent.id.clone()).collect();
    let every_second = ids.iter().skip(1).step_by(2).cloned().collect();
    vec![queue(1, "Support", ids), queue(2, "Sales", every_second)]
}

const TEAM_FIRST: u32 = 5_000;
const AGENTS_PER_TEAM: usize = 50;

/// With colleagues the free agents and the colleagues are spread over two teams; else fifty agents make a team.
fn demo_teams(agents: &[SimAgent], colleagues: bool) -> Vec<SimTeam> {
    let team_of = |index: usize| if colleagues { index % AGENTS_FREE / 5 } else { index / AGENTS_PER_TEAM };
    let count = if colleagues { 2 } else { agents.len().div_ceil(AGENTS_PER_TEAM).max(2) };
    let members = |team: usize| {
        let of_team = agents.iter().enumerate().filter(move |(index, _)| team_of(*index) == team);
        of_team.map(|(_, agent)| agent.id.clone()).collect()
    };
    let supervisors = || vec!["1900001".to_owned(), "1900002".to_owned()];
    let teams = (TEAM_FIRST..).zip(0..count).map(|(id, index)| SimTeam {
        id,
        name: format!("Team {}", index + 1),
        agents: members(index),
        supervisors: supervisors(),
    });
    teams.collect()
}

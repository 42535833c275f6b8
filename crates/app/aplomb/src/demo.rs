//! The demo's settings and people.

use crate::config::{
    Address, Bosh, Calls, Category, Config, Limits, Listen, MediaDomain, Queue, ReasonCode, Role, Simulator,
    Team, User,
};
use crate::user::Secrets;
use accounts::Password;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "aplomb";

/// Agents without `--demo-agents`; the first ten stay free for people.
const AGENTS: u32 = 20;
const FREE: u32 = 10;
const AGENTS_PER_TEAM: u32 = 50;
const FIRST_TEAM: u32 = 5000;
const FIRST_AGENT: u32 = 1_001_001;

/// Defaults of the demo: everything on loopback, the plain listeners open, the simulator on.
pub(crate) fn config(asked: Option<u32>) -> anyhow::Result<Config> {
    // made once: thousands of agents share them
    let secrets = Secrets::of(&Password::new(PASSWORD))?;
    let teams = teams(asked);
    let mut users: Vec<User> = (0..agents(asked)).map(|n| agent(n, asked, &secrets)).collect();
    let supervised: Vec<u32> = teams.iter().map(|team| team.id).collect();
    users.extend((1..=2).map(|n| supervisor(n, &supervised, &secrets)));
    users.push(staff("administrator", Role::Administrator, &secrets));
    users.push(staff("finesse", Role::Service, &secrets));
    let loopback = |port: u16| Address::on(&format!("127.0.0.1:{port}"));
    Ok(Config {
        listen: Listen {
            rest: loopback(8445),
            rest_plain: loopback(8082),
            rest_plain_serves: true,
            notification: loopback(7443),
            notification_plain: loopback(7071),
            xmpp_tcp: loopback(5222),
            xmpp_tls: loopback(5223),
            metrics: loopback(9464),
            // everybody is on this machine, also a thousand simulated agents
            connections_per_address_max: 0,
            ..Listen::default()
        },
        simulator: Simulator { listen: loopback(42027), colleagues: asked.is_none(), ..Simulator::default() },
        calls: Calls { mobile_agents: true, ..Calls::default() },
        bosh: Bosh { cors_origins: vec!["*".into()], ..Bosh::default() },
        // the same for their sessions
        limits: Limits { bosh_sign_ins_per_address_max: 0, ..Limits::default() },
        teams,
        users,
        reason_codes: reason_codes(),
        queues: queues(),
        // thousands of agents are there for calls
        media_domains: if asked.is_none() { media_domains() } else { Vec::new() },
        ..Config::default()
    })
}

/// How many agents there are.
pub(crate) fn agents(asked: Option<u32>) -> u32 {
    asked.unwrap_or(AGENTS)
}

fn teams(agents: Option<u32>) -> Vec<Team> {
    let count = agents.map_or(2, |agents| agents.div_ceil(AGENTS_PER_TEAM).max(2));
    (0..count).map(|n| Team { id: FIRST_TEAM + n, name: format!("Team {}", n + 1) }).collect()
}

/// Without `--demo-agents` the free agents and the colleagues are spread over both teams.
fn agent(n: u32, agents: Option<u32>, secrets: &Secrets) -> User {
    let team = if agents.is_some() { n / AGENTS_PER_TEAM } else { n % FREE / 5 };
    User {
        id: (FIRST_AGENT + n).to_string(),
        login_name: format!("agent{}", n + 1),
        first_name: "Agent".into(),
        last_name: (n + 1).to_string(),
        team: Some(FIRST_TEAM + team),
        roles: vec![Role::Agent],
        supervises: Vec::new(),
        password_hash: secrets.password_hash.clone(),
        scram: secrets.scram.clone(),
    }
}

fn supervisor(n: u32, supervised: &[u32], secrets: &Secrets) -> User {
    User {
        id: (1_900_000 + n).to_string(),
        login_name: format!("supervisor{n}"),
        first_name: "Supervisor".into(),
        last_name: n.to_string(),
        team: Some(FIRST_TEAM + n - 1),
        roles: vec![Role::Agent, Role::Supervisor],
        supervises: supervised.to_vec(),
        password_hash: secrets.password_hash.clone(),
        scram: secrets.scram.clone(),
    }
}

fn staff(name: &str, role: Role, secrets: &Secrets) -> User {
    User {
        id: name.into(),
        login_name: name.into(),
        first_name: String::new(),
        last_name: String::new(),
        team: None,
        roles: vec![role],
        supervises: Vec::new(),
        password_hash: secrets.password_hash.clone(),
        scram: secrets.scram.clone(),
    }
}

/// The simulator's.
fn queues() -> Vec<Queue> {
    let queue = |id, name: &str| Queue { id, name: name.into(), teams: Vec::new() };
    vec![queue(1, "Support"), queue(2, "Sales")]
}

/// A kind of work that calls interrupt, and one that they do not.
fn media_domains() -> Vec<MediaDomain> {
    vec![MediaDomain::named(5001, "Chat", false), MediaDomain::named(5002, "Mail", true)]
}

fn reason_codes() -> Vec<ReasonCode> {
    let code = |id, category, code, label: &str| ReasonCode {
        id,
        category,
        code,
        label: label.into(),
        teams: vec![],
    };
    vec![
        code(1, Category::NotReady, 1, "Break"),
        code(2, Category::NotReady, 2, "Lunch"),
        code(3, Category::NotReady, 3, "Meeting"),
        code(4, Category::NotReady, 4, "Training"),
        code(5, Category::Logout, 1, "End of shift"),
        code(6, Category::Logout, 2, "Moving to another desk"),
    ]
}

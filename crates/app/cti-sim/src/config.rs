//! Who and what the simulated contact centre has.

use std::time::Duration;

/// Settings of a simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// `address:port` to listen on; port 0 for any.
    pub listen: String,
    /// The peripheral.
    pub peripheral_id: u32,
    /// The agents.
    pub agents: Vec<SimAgent>,
    /// Devices beside the agents' own extensions that one can sign in on.
    pub extra_devices: Vec<String>,
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
            peripheral_id: 5000,
            agents: Vec::new(),
            extra_devices: Vec::new(),
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
        let agents = agents.into_iter().chain((1..=2).map(supervisor)).collect();
        Self { agents, colleagues, ..Self::empty() }
    }
}

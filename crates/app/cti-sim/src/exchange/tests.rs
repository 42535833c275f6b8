//! The contact centre without a wire: what is told, in which order.

mod calls;
mod joined;
mod mobile;
mod routed;
mod states;
mod supervised;

use super::snapshot::DeviceCall;
use super::*;
use crate::{SimAgent, SimTeam};
use ged188::AgentState;

/// A contact centre, a clock, and short words for what is told.
struct Stage {
    exchange: Exchange,
    start: Instant,
    now: Instant,
}

/// Agents 1001001 to 1001004 at 2001 to 2004, in Support (6001); a supervisor 1900001 at 1901.
fn stage() -> Stage {
    let agent = |id: u32, extension: u32| SimAgent { id: id.to_string(), extension: extension.to_string() };
    let mut agents: Vec<SimAgent> = (1..=4).map(|n| agent(1_001_000 + n, 2_000 + n)).collect();
    let ids: Vec<String> = agents.iter().map(|agent| agent.id.clone()).collect();
    agents.push(agent(1_900_001, 1_901));
    let support = SimQueue {
        number: 1,
        id: 5_001,
        name: "Support".into(),
        route_point: "6001".into(),
        agents: ids.clone(),
    };
    let team = SimTeam { id: 5_000, name: "Team 1".into(), agents: ids, supervisors: vec!["1900001".into()] };
    let config = Config {
        agents,
        extra_devices: vec!["7001".into()],
        terminals: [("2004".to_owned(), vec!["SEP01".to_owned(), "SEP02".to_owned()])].into(),
        queues: vec![support],
        teams: vec![team],
        ..Config::empty()
    };
    let start = Instant::now();
    Stage { exchange: Exchange::new(&config, start), start, now: start }
}

impl Stage {
    fn order(&mut self, id: &str, state: AgentState, reason: u16) -> Result<(), ControlFailure> {
        let now = self.now;
        self.exchange.set_agent_state(now, Order { state, reason, ..plain(id) })
    }

    /// Signed in at their own extensions, in a state.
    fn with(mut self, numbers: &[u32], state: AgentState) -> Self {
        for number in numbers {
            let id = (1_001_000 + number).to_string();
            self.sign_in(&id, &(2_000 + number).to_string()).unwrap();
            if state == AgentState::AVAILABLE {
                self.pass(Duration::from_secs(1));
                self.order(&id, state, 0).unwrap();
            }
        }
        self.told();
        self
    }

    fn sign_in(&mut self, id: &str, device: &str) -> Result<(), ControlFailure> {
        let now = self.now;
        self.exchange.set_agent_state(now, Order { device: Some(device), ..plain(id) })
    }

    /// A customer calls Support.
    fn calls(&mut self, from: &str) -> u32 {
        let now = self.now;
        let arrival = Arrival { from: from.into(), to: "6001".into(), ..Arrival::default() };
        self.exchange.arrive(now, arrival).unwrap()
    }

    fn answers(&mut self, call: u32, device: &str) {
        let now = self.now;
        self.exchange.answer(now, call, device).unwrap();
    }

    /// A call between a customer and the agent at 2001.
    fn talking(mut self) -> (Self, u32) {
        let call = self.calls("5551001");
        self.answers(call, "2001");
        self.told();
        (self, call)
    }

    /// Lets time pass; what is due happens at its time.
    fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(at) = self.exchange.next_timeout().filter(|at| *at <= until) {
            self.now = at;
            self.exchange.handle_timeout(at);
        }
        self.now = until;
    }

    fn state(&self, id: &str) -> (AgentState, u16) {
        let agent = self.exchange.agents().get(id).unwrap();
        (agent.state, agent.reason)
    }

    /// What was told since the last time, a line each.
    fn told(&mut self) -> Vec<String> {
        self.exchange.take_facts().iter().map(line).collect()
    }

    fn seconds(&self) -> u64 {
        (self.now - self.start).as_secs()
    }
}

fn plain(id: &str) -> Order<'_> {
    let state = AgentState::LOGIN;
    Order {
        agent_id: Some(id),
        device: None,
        terminal: None,
        state,
        work_mode: 0,
        reason: 0,
        forced: 0,
        supervised: false,
    }
}

fn line(fact: &Fact) -> String {
    match fact {
        Fact::Agent(told) => {
            let next = told.next.map(|next| format!(" then {}", next.0)).unwrap_or_default();
            format!("agent {} is {} ({}){next}", told.agent_id, told.state.0, told.reason)
        }
        Fact::Call(call) => {
            let what = match &call.what {
                What::Delivered { alerting } => format!("delivered to {}", alerting.number),
                What::Established { answering } => format!("answered by {}", answering.number),
                What::Announced { agent_id, .. } => format!("announced to {agent_id}"),
                What::Queued { waiting } => format!("queued, {waiting} wait"),
                What::Dequeued { waiting } => format!("dequeued, {waiting} wait"),
                What::Diverted { to } => format!("diverted to {}", to.number),
                What::Conferenced { secondary, added, parties, .. } => {
                    format!(
                        "conferenced with {:?}: {} joins {:?}",
                        short(*secondary),
                        added.number,
                        numbers(parties)
                    )
                }
                What::Transferred { secondary, from, to, parties } => format!(
                    "transferred with {:?} from {} to {}: {:?}",
                    short(*secondary),
                    from.number,
                    to.number,
                    numbers(parties)
                ),
                other => format!("{other:?}").to_lowercase(),
            };
            let cause =
                if call.cause == cause_of_nothing() { String::new() } else { format!(" ({})", call.cause) };
            let id = call.id - CALL_ID_FIRST + 1;
            format!("call {id} {:?} at {}: {what}{cause}", call.call_type, call.connection.number)
        }
    }
}

fn cause_of_nothing() -> u16 {
    fact::cause::NONE
}

fn short(id: Option<u32>) -> Option<u32> {
    id.map(|id| id - CALL_ID_FIRST + 1)
}

fn numbers(endpoints: &[Endpoint]) -> Vec<&str> {
    endpoints.iter().map(|endpoint| endpoint.number.as_str()).collect()
}

//! The simulated contact centre: agents at their telephones, callers, calls, queues. No I/O, no clock, and no chance but
//! that of its seed: the same orders at the same times give the same day.
//!
//! After each order the owner takes [`Exchange::take_facts`] and the next deadline, [`Exchange::next_timeout`].

pub(crate) mod agent;
mod arriving;
pub(crate) mod call;
mod control;
pub(crate) mod data;
mod dialing;
mod endpoint;
pub(crate) mod fact;
mod joining;
mod leaving;
pub(crate) mod mobile;
mod preview;
mod snapshot;
mod states;
mod statistics;
mod supervising;
mod timer;

#[cfg(test)]
mod tests;

pub(crate) use agent::{Agent, Told};
pub(crate) use arriving::Arrival;
pub(crate) use call::{Call, LineState};
pub(crate) use data::CallData;
pub(crate) use endpoint::{Endpoint, EndpointKind};
pub(crate) use fact::{CallFact, Fact, What};
pub(crate) use states::Order;
pub(crate) use statistics::QueueCounts;
pub(crate) use supervising::Supervision;

use crate::config::{Behaviour, SimQueue};
use crate::{Config, limits};
use agent::Agents;
use ged188::ControlFailure;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use timer::{Timer, Timers};

/// Callers of whom nothing is said: numbers that belong to nobody (555-0100 to 555-0199).
pub(crate) const CALLERS: std::ops::Range<u32> = 5_550_100..5_550_200;

/// The first ConnectionCallID; any will do.
const CALL_ID_FIRST: u32 = 16_777_217;

/// How people at telephones outside behave when they are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answering {
    /// They answer after a while.
    After(Duration),
    /// The number is busy.
    Busy,
    /// Nobody answers.
    Never,
    /// There is no such number.
    Unobtainable,
}

/// The contact centre.
#[derive(Debug)]
pub(crate) struct Exchange {
    agents: Agents,
    calls: BTreeMap<u32, Call>,
    queues: Vec<SimQueue>,
    tallies: BTreeMap<u32, statistics::Tally>,
    supervisors: BTreeSet<String>,
    /// Agents who are moved by nobody but the simulator.
    colleagues: BTreeSet<String>,
    /// Numbers outside that do not just answer.
    numbers: BTreeMap<String, Answering>,
    behaviour: Behaviour,
    /// Telephones that share an extension, by extension.
    terminals: BTreeMap<String, Vec<String>>,
    timers: Timers,
    facts: Vec<Fact>,
    last_call_id: u32,
    chance: StdRng,
}

impl Exchange {
    pub(crate) fn new(config: &Config, now: Instant) -> Self {
        let colleagues: BTreeSet<String> =
            config.colleagues.iter().flat_map(|colleagues| colleagues.agents.iter().cloned()).collect();
        let supervisors = config.teams.iter().flat_map(|team| team.supervisors.iter().cloned()).collect();
        let mut agents = Agents::new(&config.agents, &config.extra_devices, now);
        for id in &colleagues {
            if let Some(agent) = agents.get_mut(id) {
                agent.wrap_up = Some(config.behaviour.colleague_wrap_up);
            }
        }
        Self {
            agents,
            calls: BTreeMap::new(),
            queues: config.queues.clone(),
            tallies: BTreeMap::new(),
            supervisors,
            colleagues,
            numbers: BTreeMap::new(),
            behaviour: config.behaviour.clone(),
            terminals: config.terminals.clone(),
            timers: Timers::default(),
            facts: Vec::new(),
            last_call_id: CALL_ID_FIRST - 1,
            chance: StdRng::seed_from_u64(config.behaviour.seed),
        }
    }

    /// What happened since the last time, in its order.
    pub(crate) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.facts)
    }

    /// When something will happen by itself.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Lets happen what is due.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        while let Some(timer) = self.timers.due(now) {
            match timer {
                Timer::RingsOut { call, device, since } => self.rings_out(now, call, &device, since),
                Timer::Answers { call, number } => self.answers(now, call, &number),
                Timer::GivesUp { call, number } => self.gives_up(now, call, &number),
                Timer::HangsUp { call, number } => self.hangs_up(now, call, &number),
                Timer::Holds { call, number } => self.holds(now, call, &number),
                Timer::WrapUpEnds { agent_id, since } => self.wrap_up_ends(now, &agent_id, since),
                Timer::TelephoneAnswers { agent_id, since } => self.telephone_answers(now, &agent_id, since),
                Timer::TelephoneRingsOut { agent_id, since } => self.telephone_fails(now, &agent_id, since),
            }
        }
    }

    /// The agents.
    pub(crate) fn agents(&self) -> &Agents {
        &self.agents
    }

    /// The calls, those of which only wrap-up is left included.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values()
    }

    /// A call.
    pub(crate) fn call(&self, id: u32) -> Option<&Call> {
        self.calls.get(&id)
    }

    /// The queues.
    pub(crate) fn queues(&self) -> &[SimQueue] {
        &self.queues
    }

    /// How the telephones behave.
    pub(crate) fn behaviour_mut(&mut self) -> &mut Behaviour {
        &mut self.behaviour
    }

    /// How somebody outside behaves from now on.
    pub(crate) fn set_number(&mut self, number: &str, answering: Answering) {
        if self.numbers.len() < limits::NUMBERS_MAX || self.numbers.contains_key(number) {
            self.numbers.insert(number.to_owned(), answering);
        }
    }

    /// How long an agent's routed calls are wrapped up; not at all otherwise.
    pub(crate) fn set_wrap_up(&mut self, agent_id: &str, wrap_up: Option<Duration>) {
        if let Some(agent) = self.agents.get_mut(agent_id) {
            agent.wrap_up = wrap_up;
        }
    }

    /// A person takes a colleague's place.
    pub(crate) fn release(&mut self, agent_id: &str) {
        if self.colleagues.remove(agent_id)
            && let Some(agent) = self.agents.get_mut(agent_id)
        {
            agent.wrap_up = None;
        }
    }

    /// Whether an agent is moved by the simulator.
    pub(crate) fn is_colleague(&self, agent_id: &str) -> bool {
        self.colleagues.contains(agent_id)
    }

    fn tell(&mut self, id: u32, connection: &Endpoint, cause: u16, what: What) {
        if let Some(call) = self.calls.get(&id) {
            self.facts.push(Fact::Call(Box::new(CallFact::new(call, connection, cause, what))));
        }
    }

    /// A call that a request names, with the device's end in it.
    fn line(&self, id: u32, device: &str) -> Result<(&Call, LineState), ControlFailure> {
        let call = self.calls.get(&id).ok_or(ControlFailure::INVALID_CSTA_CALL_IDENTIFIER)?;
        let party = call.party(device).ok_or(ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER)?;
        Ok((call, party.state))
    }

    /// Whether somebody takes part in a call.
    pub(crate) fn is_in_a_call(&self, number: &str) -> bool {
        self.calls.values().any(|call| call.party(number).is_some())
    }

    /// The callers who are in no call.
    pub(crate) fn free_callers(&self) -> impl Iterator<Item = String> {
        CALLERS.map(|number| number.to_string()).filter(|number| !self.is_in_a_call(number))
    }

    /// Whether there is a call at a telephone, in whatever state.
    fn has_calls(&self, number: &str) -> bool {
        self.calls.values().any(|call| call.party(number).is_some_and(|party| !party.silent))
    }

    /// Whether a telephone is in use: every call there that is not on hold.
    fn is_engaged(&self, number: &str) -> bool {
        let engaged = |call: &Call| {
            call.party(number).is_some_and(|party| !party.silent && party.state != LineState::Held)
        };
        self.calls.values().any(engaged)
    }

    /// The telephone that is the event's: the one itself if it is one of the house, else that of an agent in the call.
    fn about(&self, id: u32, endpoint: &Endpoint) -> Endpoint {
        let agent = || {
            let parties = self.calls.get(&id)?.parties.iter();
            parties.map(|party| &party.endpoint).find(|endpoint| endpoint.is_agent()).cloned()
        };
        if endpoint.is_agent() { endpoint.clone() } else { agent().unwrap_or_else(|| endpoint.clone()) }
    }

    /// The numbers of everybody in a call.
    fn numbers_in(&self, id: u32) -> Vec<String> {
        let parties = self.calls.get(&id).into_iter().flat_map(|call| call.parties.iter());
        parties.map(|party| party.endpoint.number.clone()).collect()
    }

    fn settle_all(&mut self, now: Instant, numbers: &[String]) {
        for number in numbers {
            self.settle(now, number);
        }
    }

    fn between(&mut self, min: Duration, max: Duration) -> Duration {
        min + max.saturating_sub(min).mul_f64(self.chance.random())
    }
}

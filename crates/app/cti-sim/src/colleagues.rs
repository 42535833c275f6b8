//! Who comes, goes ready and not ready, and gets calls, by chance.

use crate::Colleagues;
use crate::exchange::{Agent, Arrival, Exchange, Order};
use ged188::AgentState;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Time between two calls for colleagues.
const CALL_AFTER: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(10));
/// How long their callers talk.
const TALK: (Duration, Duration) = (Duration::from_secs(8), Duration::from_secs(45));
/// How long their callers wait.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a caller of somebody who is no colleague talks: a newcomer has time to try everything.
const LONG_TALK: Duration = Duration::from_secs(300);
/// How long after a call that could not come the next is tried.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The colleagues' next changes, and the next call for one of them.
#[derive(Debug)]
pub(crate) struct Crowd {
    settings: Colleagues,
    chance: StdRng,
    next: BTreeMap<String, Instant>,
    next_call: Instant,
    /// People who are no colleagues and were called while they were ready: when they may be called again.
    next_for: BTreeMap<String, Instant>,
}

impl Crowd {
    pub(crate) fn new(settings: Colleagues, now: Instant) -> Self {
        let chance = StdRng::seed_from_u64(settings.seed);
        let mut crowd =
            Self { settings, chance, next: BTreeMap::new(), next_call: now, next_for: BTreeMap::new() };
        for agent_id in crowd.settings.agents.clone() {
            let at = now + crowd.interval();
            crowd.next.insert(agent_id, at);
        }
        crowd.next_call = now + crowd.between(CALL_AFTER);
        crowd
    }

    /// Everybody signs in.
    pub(crate) fn arrive(&self, now: Instant, exchange: &mut Exchange) {
        for agent_id in self.next.keys() {
            let device = exchange.agents().get(agent_id).map(|agent| agent.extension.clone());
            let order = Order { device: device.as_deref(), ..order(agent_id, AgentState::LOGIN, 0) };
            if let Err(failure) = exchange.set_agent_state(now, order) {
                tracing::warn!(agent = agent_id, %failure, "a simulated colleague cannot sign in");
            }
        }
    }

    /// When the next change is due.
    pub(crate) fn next(&self, exchange: &Exchange) -> Option<Instant> {
        let call = (!self.next.is_empty()).then_some(self.next_call);
        let person = self.people(exchange).into_iter().map(|(_, due)| due);
        self.next.values().copied().chain(call).chain(person).min()
    }

    /// People who are no colleagues and wait for a call, and when one comes.
    fn people(&self, exchange: &Exchange) -> Vec<(String, Instant)> {
        let waiting = exchange.agents().iter().filter(|agent| agent.state == AgentState::AVAILABLE);
        let people = waiting.filter(|agent| !exchange.is_colleague(&agent.id));
        let due = |agent: &Agent| {
            let due = agent.since + self.settings.call_people_after?;
            let next = self.next_for.get(&agent.id).copied();
            Some((agent.id.clone(), next.map_or(due, |next| next.max(due))))
        };
        people.filter_map(due).collect()
    }

    /// Makes the changes that are due.
    pub(crate) fn handle_timeout(&mut self, now: Instant, exchange: &mut Exchange) {
        self.next.retain(|agent_id, _| exchange.is_colleague(agent_id));
        while let Some(agent_id) = self.due(now) {
            self.change(now, &agent_id, exchange);
        }
        if !self.next.is_empty() && self.next_call <= now {
            self.next_call = now + self.between(CALL_AFTER);
            self.call(now, exchange);
        }
        for (agent_id, _) in self.people(exchange).into_iter().filter(|(_, due)| *due <= now) {
            let again = match self.call_person(now, &agent_id, exchange) {
                Ok(()) => self.settings.call_people_after.unwrap_or(RETRY_AFTER),
                Err(why) => {
                    tracing::debug!(why, agent = agent_id, "a call for a ready agent does not come");
                    RETRY_AFTER
                }
            };
            self.next_for.insert(agent_id, now + again);
        }
    }

    /// Somebody calls the queue of an agent who has been ready for a while, and gets that agent.
    fn call_person(&mut self, now: Instant, agent_id: &str, exchange: &mut Exchange) -> Result<(), String> {
        let of_agent = |queue: &&crate::SimQueue| queue.agents.iter().any(|id| id == agent_id);
        let queue = exchange.queues().iter().find(of_agent).ok_or("no queue has the agent")?;
        let to = queue.route_point.clone();
        let arrival = Arrival {
            from: self.caller(exchange).ok_or("every caller is in a call")?,
            to,
            talk: Some(LONG_TALK),
            patience: Some(PATIENCE),
            only: Some(agent_id.to_owned()),
            ..Arrival::default()
        };
        exchange.arrive(now, arrival).map(drop)
    }

    /// Somebody who is in no call.
    fn caller(&mut self, exchange: &Exchange) -> Option<String> {
        let free: Vec<String> = exchange.free_callers().collect();
        (!free.is_empty()).then(|| free[self.chance.random_range(0..free.len())].clone())
    }

    fn due(&self, now: Instant) -> Option<String> {
        self.next.iter().find(|(_, at)| **at <= now).map(|(agent_id, _)| agent_id.clone())
    }

    /// Ready becomes not ready, and the reverse; who is in a call or wraps one up is left alone.
    fn change(&mut self, now: Instant, agent_id: &str, exchange: &mut Exchange) {
        let at = now + self.interval();
        self.next.insert(agent_id.to_owned(), at);
        let reasons = &self.settings.reasons;
        let (state, reason) = match exchange.agents().get(agent_id).map(|agent| agent.state) {
            Some(AgentState::NOT_READY) => (AgentState::AVAILABLE, 0),
            Some(AgentState::AVAILABLE) if reasons.is_empty() => (AgentState::NOT_READY, 0),
            Some(AgentState::AVAILABLE) => {
                (AgentState::NOT_READY, reasons[self.chance.random_range(0..reasons.len())])
            }
            Some(AgentState::LOGOUT) | None => {
                // Somebody has signed the colleague out.
                self.next.remove(agent_id);
                return;
            }
            Some(_) => return,
        };
        if let Err(failure) = exchange.set_agent_state(now, order(agent_id, state, reason)) {
            tracing::debug!(agent = agent_id, %failure, "a simulated colleague's state is refused");
        }
    }

    /// Somebody calls a queue, and one of the colleagues is to answer.
    fn call(&mut self, now: Instant, exchange: &mut Exchange) {
        let queues = exchange.queues();
        if queues.is_empty() {
            return;
        }
        let to = queues[self.chance.random_range(0..queues.len())].route_point.clone();
        let Some(from) = self.caller(exchange) else { return };
        let arrival = Arrival {
            from,
            to,
            talk: Some(self.between(TALK)),
            patience: Some(PATIENCE),
            background: true,
            ..Arrival::default()
        };
        if let Err(why) = exchange.arrive(now, arrival) {
            tracing::debug!(why, "a call for the colleagues does not come");
        }
    }

    fn interval(&mut self) -> Duration {
        let Colleagues { interval_min, interval_max, .. } = self.settings;
        self.between((interval_min, interval_max))
    }

    fn between(&mut self, (min, max): (Duration, Duration)) -> Duration {
        min + max.saturating_sub(min).mul_f64(self.chance.random())
    }
}

fn order(agent_id: &str, state: AgentState, reason: u16) -> Order<'_> {
    Order {
        agent_id: Some(agent_id),
        device: None,
        state,
        terminal: None,
        work_mode: 0,
        reason,
        forced: 0,
        supervised: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::exchange::{CALLERS, Fact};

    /// A day of the demo: what is told, and when.
    fn day(seed: u64) -> Vec<String> {
        let mut config = Config::demo(14, true);
        config.behaviour.seed = seed;
        let mut settings = config.colleagues.clone().unwrap();
        settings.seed = seed;
        let start = Instant::now();
        let mut exchange = Exchange::new(&config, start);
        let mut crowd = Crowd::new(settings, start);
        crowd.arrive(start, &mut exchange);
        let mut told = Vec::new();
        let mut now = start;
        while now < start + Duration::from_secs(300) {
            let next = [crowd.next(&exchange), exchange.next_timeout()].into_iter().flatten().min().unwrap();
            now = next;
            exchange.handle_timeout(now);
            crowd.handle_timeout(now, &mut exchange);
            let at = now - start;
            told.extend(exchange.take_facts().iter().map(|fact| match fact {
                Fact::Agent(agent) => format!("{at:?} {} {}", agent.agent_id, agent.state),
                Fact::Call(call) => format!("{at:?} {} {:?}", call.id, call.what),
            }));
        }
        told
    }

    #[test]
    fn colleagues_take_calls_hold_them_and_wrap_them_up() {
        let day = day(1);
        for state in ["RESERVED", "TALKING", "HOLD", "WORK_READY", "NOT_READY", "AVAILABLE"] {
            assert!(day.iter().any(|line| line.contains(state)), "{state} in {day:#?}");
        }
        assert!(day.iter().filter(|line| line.ends_with("Ended")).count() > 10, "{day:#?}");
        assert!(!day.iter().any(|line| line.contains("1001001")), "people are left alone");
    }

    #[test]
    fn who_is_ready_for_a_while_is_called_and_who_never_is_is_not() {
        let config = Config::demo(12, true);
        let start = Instant::now();
        let mut exchange = Exchange::new(&config, start);
        let patience = Duration::from_secs(50);
        let mut colleagues = config.colleagues.clone().unwrap();
        colleagues.call_people_after = Some(patience);
        let mut crowd = Crowd::new(colleagues, start);
        for (agent_id, device) in [("1001001", "2001"), ("1001002", "2002")] {
            let order = Order { device: Some(device), ..order(agent_id, AgentState::LOGIN, 0) };
            exchange.set_agent_state(start, order).unwrap();
        }
        exchange.set_agent_state(start, order("1001001", AgentState::AVAILABLE, 0)).unwrap();
        let state = |exchange: &Exchange, id: &str| exchange.agents().get(id).map(|agent| agent.state);
        let mut now = start;
        while state(&exchange, "1001001") == Some(AgentState::AVAILABLE) {
            now = [crowd.next(&exchange), exchange.next_timeout()]
                .into_iter()
                .flatten()
                .min()
                .unwrap()
                .max(now);
            assert!(now <= start + patience, "nobody calls");
            exchange.handle_timeout(now);
            crowd.handle_timeout(now, &mut exchange);
        }
        assert_eq!(now, start + patience);
        assert_eq!(state(&exchange, "1001001"), Some(AgentState::RESERVED));
        assert_eq!(state(&exchange, "1001002"), Some(AgentState::NOT_READY));
    }

    /// So many of the callers wait in a queue for nobody.
    fn occupied(callers: usize) -> (Exchange, Crowd, Instant) {
        let config = Config::demo(12, true);
        let start = Instant::now();
        let mut exchange = Exchange::new(&config, start);
        let mut colleagues = config.colleagues.clone().unwrap();
        (colleagues.call_people_after, colleagues.agents) = (Some(Duration::from_secs(50)), Vec::new());
        for from in CALLERS.take(callers).map(|number| number.to_string()) {
            let (to, only) = (config.queues[0].route_point.clone(), Some("nobody".to_owned()));
            exchange.arrive(start, Arrival { from, to, only, ..Arrival::default() }).unwrap();
        }
        let sign_in = Order { device: Some("2001"), ..order("1001001", AgentState::LOGIN, 0) };
        exchange.set_agent_state(start, sign_in).unwrap();
        exchange.set_agent_state(start, order("1001001", AgentState::AVAILABLE, 0)).unwrap();
        (exchange, Crowd::new(colleagues, start), start)
    }

    fn state(exchange: &Exchange) -> AgentState {
        exchange.agents().get("1001001").unwrap().state
    }

    #[test]
    fn who_calls_is_somebody_who_is_in_no_call() {
        let (mut exchange, mut crowd, start) = occupied(CALLERS.len() - 1);
        let due = crowd.next(&exchange).unwrap();
        assert_eq!(due, start + Duration::from_secs(50));
        crowd.handle_timeout(due, &mut exchange);
        assert_eq!(state(&exchange), AgentState::RESERVED);
    }

    #[test]
    fn a_call_that_cannot_come_is_tried_again_soon() {
        let (mut exchange, mut crowd, start) = occupied(CALLERS.len());
        let mut now = start + Duration::from_secs(50);
        crowd.handle_timeout(now, &mut exchange);
        assert_eq!(state(&exchange), AgentState::AVAILABLE);
        now += RETRY_AFTER;
        assert_eq!(crowd.next(&exchange), Some(now));
        let gone = CALLERS.start.to_string();
        let call = exchange.calls().find(|call| call.party(&gone).is_some()).unwrap().id;
        exchange.hangs_up(now, call, &gone);
        crowd.handle_timeout(now, &mut exchange);
        assert_eq!(state(&exchange), AgentState::RESERVED);
    }

    #[test]
    fn the_same_seed_gives_the_same_day() {
        assert_eq!(day(1), day(1));
        assert_ne!(day(1), day(2));
    }

    #[test]
    fn a_colleague_whose_place_a_person_takes_is_left_alone() {
        let config = Config::demo(11, true);
        let start = Instant::now();
        let mut exchange = Exchange::new(&config, start);
        let mut crowd = Crowd::new(config.colleagues.clone().unwrap(), start);
        crowd.arrive(start, &mut exchange);
        assert!(crowd.next(&exchange).is_some());
        exchange.release("1001011");
        crowd.handle_timeout(start, &mut exchange);
        assert_eq!(crowd.next(&exchange), None);
    }
}

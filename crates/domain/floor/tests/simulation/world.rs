//! The model: a phone system that knows only who is in which call and how, and what it says of each step.

#![allow(dead_code, reason = "the simulation of the link asks for more than that of the floor")]

use crate::scene::calls::{LINE, connection, device, variable};
use crate::scene::id;
use aplomb_floor::*;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers from a seed (splitmix64): the same seed plays the same story everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

/// An agent and the extension.
pub(crate) const AGENTS: [(&str, &str); 3] = [("11", "901"), ("12", "902"), ("71", "971")];

/// A call: who is in it, and how.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) parties: BTreeMap<String, ConnectionState>,
    /// The call that its caller holds meanwhile.
    pub(crate) consults: Option<u32>,
    /// Call variables by number.
    pub(crate) variables: BTreeMap<usize, String>,
    /// ECC variables by name and, of arrays, index.
    pub(crate) ecc: Ecc,
}

/// ECC variables by name and, of arrays, index.
pub(crate) type Ecc = BTreeMap<(String, Option<u8>), String>;

/// What a client wants done to a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wish {
    Answer,
    Hold,
    Retrieve,
    Leave,
}

/// What is so.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) calls: BTreeMap<u32, Call>,
    latest: u32,
    /// Whether an agent without a call is ready.
    ready: BTreeMap<&'static str, bool>,
    /// Why an agent without a call is not ready.
    reasons: BTreeMap<&'static str, u16>,
    /// Who will be not ready after the call because somebody wants it so.
    pending: BTreeSet<&'static str>,
    /// Of whom a client that missed something knows but the state: nothing tells wish and reason before the next event.
    untold: BTreeSet<&'static str>,
    said: BTreeMap<&'static str, (State, u16)>,
}

/// Whether a wish waits for the end of the call.
fn defers(state: State) -> bool {
    matches!(state, State::Talking | State::Hold)
}

fn event(call: u32, at: &str, cause: Cause, what: CallHappened) -> CtiInput {
    CtiInput::Call(CallEvent { connection: connection(call, at), cause, what })
}

fn happened(call: u32, at: &str, what: CallHappened) -> CtiInput {
    event(call, at, Cause::None, what)
}

impl World {
    /// As the scene's office: agent 11 is ready, nobody calls.
    pub(crate) fn new() -> Self {
        let ready: BTreeMap<_, _> = AGENTS.iter().map(|(agent, _)| (*agent, *agent == "11")).collect();
        let state = |ready| if ready { State::Ready } else { State::NotReady };
        let said = ready.iter().map(|(agent, ready)| (*agent, (state(*ready), 0))).collect();
        Self {
            calls: BTreeMap::new(),
            latest: 0,
            ready,
            reasons: BTreeMap::new(),
            pending: BTreeSet::new(),
            untold: BTreeSet::new(),
            said,
        }
    }

    /// The state that somebody wants an agent to be in after the call.
    pub(crate) fn pending(&self, agent: &'static str) -> Option<State> {
        self.pending.contains(agent).then_some(State::NotReady)
    }

    /// Whether a client has been told all of an agent.
    pub(crate) fn is_told(&self, agent: &'static str) -> bool {
        !self.untold.contains(agent)
    }

    /// Clients missed something. The server forgets some wishes that waited, and a call may lose values.
    pub(crate) fn gap(&mut self, dice: &mut Dice) {
        self.untold = AGENTS.iter().map(|(agent, _)| *agent).collect();
        for agent in std::mem::take(&mut self.pending) {
            if dice.one_in(2) {
                self.ready.insert(agent, true);
            } else {
                self.pending.insert(agent);
            }
        }
        for call in self.calls.values_mut() {
            if dice.one_in(2) {
                call.variables.pop_first();
            }
            if dice.one_in(2) {
                call.ecc.pop_last();
            }
        }
    }

    /// The calls with this party, and how it is in them.
    pub(crate) fn calls_at(&self, party: &str) -> Vec<(u32, ConnectionState)> {
        let at = |(call, known): (&u32, &Call)| Some((*call, *known.parties.get(party)?));
        self.calls.iter().filter_map(at).collect()
    }

    /// What an agent does, by the calls.
    pub(crate) fn state(&self, agent: &'static str) -> State {
        let extension = AGENTS.iter().find(|(id, _)| *id == agent).map_or("", |(_, extension)| extension);
        let states: Vec<ConnectionState> =
            self.calls_at(extension).into_iter().map(|(_, state)| state).collect();
        let any = |wanted: &[ConnectionState]| states.iter().any(|state| wanted.contains(state));
        if any(&[ConnectionState::Connect, ConnectionState::Initiate]) {
            State::Talking
        } else if any(&[ConnectionState::Alerting]) {
            State::Reserved
        } else if any(&[ConnectionState::Hold]) {
            State::Hold
        } else if self.ready.get(agent).copied().unwrap_or(false) {
            State::Ready
        } else {
            State::NotReady
        }
    }

    /// The call as a query shows it; `None` when it is over.
    pub(crate) fn snapshot(&self, call: u32) -> Option<CallSnapshot> {
        let known = self.calls.get(&call)?;
        let parties = known.parties.iter().map(|(party, state)| SnapshotParty {
            connection: connection(call, party),
            device: device(party),
            state: *state,
        });
        let call_type = if known.consults.is_some() { CallType::Consult } else { CallType::PrerouteAcdIn };
        let mut data = Box::new(CallData { dialed_number: Some(LINE.into()), ..CallData::default() });
        for (number, value) in &known.variables {
            data.variables[number - 1] = Some(value.clone());
        }
        data.ecc = listed(&known.ecc);
        Some(CallSnapshot { call: CallId(call), call_type, data, parties: parties.collect() })
    }

    /// An event that belongs to nothing: of a call that nobody knows, or that is over.
    pub(crate) fn stray(&self, dice: &mut Dice) -> CtiInput {
        let old = dice.below(self.latest as usize + 1) as u32;
        let is_over = old != 0 && !self.calls.contains_key(&old);
        let call = if is_over { old } else { 900_000 + dice.below(3) as u32 };
        let (_, extension) = AGENTS[dice.below(AGENTS.len())];
        let (somebody, nobody) = (device(extension), device("5550000"));
        let what = match dice.below(6) {
            0 => CallHappened::Ended,
            1 => CallHappened::Cleared,
            2 => CallHappened::Held { holding: somebody },
            3 => {
                let (answering, calling, called) = (somebody, nobody, device(LINE));
                CallHappened::Established { answering, calling, called, queue: None }
            }
            4 => {
                let (new, data) = (connection(call, ""), Box::new(variable(1, "stray")));
                CallHappened::DataUpdated { new, call_type: CallType::Unknown, data }
            }
            _ => CallHappened::ConnectionCleared { releasing: nobody },
        };
        happened(call, extension, what)
    }

    /// One thing happens, if it can; what a CTI server says of it.
    pub(crate) fn step(&mut self, dice: &mut Dice) -> Vec<CtiInput> {
        let (agent, extension) = AGENTS[dice.below(AGENTS.len())];
        let calls = self.calls_at(extension);
        let some_call = (!calls.is_empty()).then(|| calls[dice.below(calls.len().max(1))]);
        let mut said = match (dice.below(10), some_call) {
            (0..=2, None) => self.caller(extension),
            (3, None) => {
                let ready = self.ready.entry(agent).or_default();
                *ready = !*ready;
                self.reasons.insert(agent, [0, 11, 50_001][dice.below(3)]);
                Vec::new()
            }
            (0..=3, Some((call, ConnectionState::Alerting))) => self.answer(call, extension),
            (4, Some((call, ConnectionState::Alerting))) => self.not_answered(call, extension),
            (0..=1, Some((call, ConnectionState::Connect))) => self.hold(call, extension),
            (2..=3, Some((call, ConnectionState::Hold))) => self.retrieve(call, extension),
            (2..=4, Some((call, ConnectionState::Connect))) => self.consult(call, extension, dice),
            (5, Some((call, _))) => self.join(call, true),
            (6, Some((call, _))) => self.join(call, false),
            (7, Some((call, state))) if state != ConnectionState::Alerting => self.leave(call, extension),
            (8, Some((call, _))) => self.caller_leaves(call),
            (9, Some((call, _))) => self.data(call, dice),
            (4, Some(_)) => self.wants(agent),
            _ => Vec::new(),
        };
        let states = self.new_states();
        // States and calls of the same moment come in any order.
        let at = if dice.one_in(2) { 0 } else { said.len() };
        said.splice(at..at, states);
        said
    }

    /// A client's wish for an agent's state is granted.
    pub(crate) fn set_ready(&mut self, agent: &str, ready: bool, reason: u16) -> Vec<CtiInput> {
        let Some((agent, _)) = AGENTS.iter().find(|(id, _)| *id == agent) else { return Vec::new() };
        self.ready.insert(agent, ready);
        self.reasons.insert(agent, reason);
        if defers(self.state(agent)) && !ready {
            self.pending.insert(agent);
        } else {
            self.pending.remove(agent);
        }
        self.new_states()
    }

    /// A client of somebody else wants the agent to be not ready after the call, or takes that back.
    fn wants(&mut self, agent: &'static str) -> Vec<CtiInput> {
        let state = self.state(agent);
        if !defers(state) {
            return Vec::new();
        }
        let wish = !self.pending.remove(agent);
        if wish {
            self.pending.insert(agent);
        }
        self.ready.insert(agent, !wish);
        self.reasons.insert(agent, 0);
        let next = if wish { State::NotReady } else { State::Ready };
        vec![self.state_event(agent, state, Some(next))]
    }

    /// AGENT_STATE_EVENT. `next` is said when given; otherwise when there is something to say.
    fn state_event(&mut self, agent: &'static str, state: State, next: Option<State>) -> CtiInput {
        let (_, extension) = AGENTS.iter().find(|(id, _)| *id == agent).unwrap();
        self.untold.remove(agent);
        CtiInput::AgentState(AgentStateReport {
            agent: id(agent),
            extension: Some((*extension).to_owned()),
            place: PlaceReport::default(),
            state,
            reason: Some(self.reason(agent)).filter(|reason| *reason != 0),
            next: next.or_else(|| self.pending.contains(agent).then_some(State::NotReady)),
            answers: None,
        })
    }

    /// Why an agent is not ready; 0 for no reason and for other states.
    pub(crate) fn reason(&self, agent: &'static str) -> u16 {
        let is_not_ready = self.state(agent) == State::NotReady;
        self.reasons.get(agent).copied().filter(|_| is_not_ready).unwrap_or(0)
    }

    /// A client's wish for a call is granted. Nothing is said when there is nothing to it.
    pub(crate) fn obey(&mut self, wish: Wish, call: u32, at: &str) -> Vec<CtiInput> {
        let state = self.calls_at(at).into_iter().find(|(id, _)| *id == call).map(|(_, state)| state);
        let mut said = match (wish, state) {
            (Wish::Answer, Some(ConnectionState::Alerting)) => self.answer(call, at),
            (Wish::Hold, Some(ConnectionState::Connect)) => self.hold(call, at),
            (Wish::Retrieve, Some(ConnectionState::Hold)) => self.retrieve(call, at),
            (Wish::Leave, Some(state)) if state != ConnectionState::Alerting => self.leave(call, at),
            _ => Vec::new(),
        };
        if !said.is_empty() {
            said.extend(self.new_states());
        }
        said
    }

    fn new_states(&mut self) -> Vec<CtiInput> {
        let mut said = Vec::new();
        for (agent, _) in AGENTS {
            let (state, reason) = (self.state(agent), self.reason(agent));
            if !defers(state) {
                self.pending.remove(agent);
            }
            if self.said.insert(agent, (state, reason)) != Some((state, reason)) {
                said.push(self.state_event(agent, state, None));
            }
        }
        said
    }

    fn begin(&mut self, parties: &[(&str, ConnectionState)], consults: Option<u32>) -> u32 {
        self.latest += 1;
        let parties = parties.iter().map(|(party, state)| ((*party).to_owned(), *state)).collect();
        let gold = consults.is_none().then(|| (1, "gold".to_owned()));
        let variables = gold.into_iter().collect();
        self.calls.insert(self.latest, Call { parties, consults, variables, ecc: Ecc::new() });
        self.latest
    }

    fn caller(&mut self, at: &str) -> Vec<CtiInput> {
        let caller = format!("555{:04}", self.latest + 1);
        let call = self.begin(&[(at, ConnectionState::Alerting), (&caller, ConnectionState::Connect)], None);
        let call_type = CallType::PrerouteAcdIn;
        let begun = CallHappened::Begun { call_type, data: Box::new(variable(1, "gold")) };
        vec![happened(call, "", begun), delivered(call, at, &caller, LINE)]
    }

    fn answer(&mut self, call: u32, at: &str) -> Vec<CtiInput> {
        let Some(known) = self.calls.get_mut(&call) else { return Vec::new() };
        let other = known.parties.keys().find(|party| *party != at).cloned().unwrap_or_default();
        for state in known.parties.values_mut().filter(|state| **state != ConnectionState::Hold) {
            *state = ConnectionState::Connect;
        }
        let called = if known.consults.is_some() { at } else { LINE };
        let (answering, calling, called) = (device(at), device(&other), device(called));
        vec![happened(call, at, CallHappened::Established { answering, calling, called, queue: None })]
    }

    /// A caller goes back to the queue, where no agent sees it, and hangs up there.
    fn not_answered(&mut self, call: u32, at: &str) -> Vec<CtiInput> {
        if self.calls.get(&call).is_none_or(|known| known.consults.is_some()) {
            return Vec::new();
        }
        let diverted = CallHappened::Diverted { diverting: device(at), called: device(LINE) };
        let mut said = vec![event(call, at, Cause::NotAnswered, diverted)];
        said.extend(self.end(call, |party| party != at));
        said
    }

    fn hold(&mut self, call: u32, at: &str) -> Vec<CtiInput> {
        self.set(call, at, ConnectionState::Hold);
        vec![happened(call, at, CallHappened::Held { holding: device(at) })]
    }

    fn retrieve(&mut self, call: u32, at: &str) -> Vec<CtiInput> {
        if self.calls_at(at).len() > 1 {
            return Vec::new();
        }
        self.set(call, at, ConnectionState::Connect);
        vec![happened(call, at, CallHappened::Retrieved { retrieving: device(at) })]
    }

    fn consult(&mut self, call: u32, at: &str, dice: &mut Dice) -> Vec<CtiInput> {
        let (_, other) = AGENTS[dice.below(AGENTS.len())];
        if self.calls_at(at).len() > 1 || !self.calls_at(other).is_empty() {
            return Vec::new();
        }
        let mut said = self.hold(call, at);
        let parties = [(at, ConnectionState::Initiate), (other, ConnectionState::Alerting)];
        let new = self.begin(&parties, Some(call));
        let begun = CallHappened::Begun { call_type: CallType::Consult, data: Box::default() };
        said.push(happened(new, "", begun));
        said.push(happened(new, at, CallHappened::ServiceInitiated { calling: device(at) }));
        let originated = CallHappened::Originated { calling: device(at), called: device(other) };
        said.push(happened(new, at, originated));
        said.push(delivered(new, other, at, other));
        said
    }

    /// An answered consultation ends in a transfer, or in a conference.
    fn join(&mut self, second: u32, transfer: bool) -> Vec<CtiInput> {
        let Some(consultation) = self.calls.get(&second).cloned() else { return Vec::new() };
        let Some(first) = consultation.consults else { return Vec::new() };
        let all = |wanted| consultation.parties.values().all(|state| *state == wanted);
        if !all(ConnectionState::Connect)
            || consultation.parties.len() != 2
            || !self.calls.contains_key(&first)
        {
            return Vec::new();
        }
        let held = |party: &&String| self.calls_at(party).contains(&(first, ConnectionState::Hold));
        let Some(at) = consultation.parties.keys().find(held).cloned() else { return Vec::new() };
        let Some(to) = consultation.parties.keys().find(|party| **party != at).cloned() else {
            return Vec::new();
        };
        self.calls.remove(&second);
        let Some(known) = self.calls.get_mut(&first) else { return Vec::new() };
        if known.parties.contains_key(&to) {
            return Vec::new();
        }
        known.parties.insert(to.clone(), ConnectionState::Connect);
        if transfer {
            known.parties.remove(&at);
        } else {
            known.parties.insert(at.clone(), ConnectionState::Connect);
        }
        let parties: Vec<Connection> = known.parties.keys().map(|party| connection(first, party)).collect();
        let (secondary, from, added) = (connection(second, &at), device(&at), device(&to));
        let joined = if transfer {
            let (transferring, transferred) = (from, added);
            let what =
                CallHappened::Transferred { secondary: Some(secondary), transferring, transferred, parties };
            event(first, &at, Cause::Transfer, what)
        } else {
            let what = CallHappened::Conferenced { secondary, controller: from, added, parties };
            event(first, &at, Cause::Conference, what)
        };
        vec![joined, happened(second, "", CallHappened::Ended)]
    }

    fn leave(&mut self, call: u32, at: &str) -> Vec<CtiInput> {
        let Some(known) = self.calls.get(&call) else { return Vec::new() };
        if known.parties.len() <= 2 {
            return self.end(call, |_| true);
        }
        self.clear(call, at)
    }

    fn caller_leaves(&mut self, call: u32) -> Vec<CtiInput> {
        let Some(known) = self.calls.get(&call) else { return Vec::new() };
        let Some(caller) = known.parties.keys().find(|party| party.starts_with("555")).cloned() else {
            return Vec::new();
        };
        self.leave(call, &caller)
    }

    fn clear(&mut self, call: u32, at: &str) -> Vec<CtiInput> {
        if let Some(known) = self.calls.get_mut(&call) {
            known.parties.remove(at);
        }
        vec![happened(call, at, CallHappened::ConnectionCleared { releasing: device(at) })]
    }

    /// Everybody who is told of leaves, and the call is over.
    fn end(&mut self, call: u32, is_told: impl Fn(&str) -> bool) -> Vec<CtiInput> {
        let Some(known) = self.calls.remove(&call) else { return Vec::new() };
        let told = known.parties.keys().filter(|party| is_told(party));
        let mut said: Vec<CtiInput> = told
            .map(|party| happened(call, party, CallHappened::ConnectionCleared { releasing: device(party) }))
            .collect();
        said.push(happened(call, "", CallHappened::Cleared));
        said.push(happened(call, "", CallHappened::Ended));
        said
    }

    fn data(&mut self, call: u32, dice: &mut Dice) -> Vec<CtiInput> {
        let Some(known) = self.calls.get_mut(&call) else { return Vec::new() };
        let (number, value) = (dice.below(10) + 1, format!("value {}", dice.below(100)));
        let mut data = Box::new(CallData::default());
        if dice.one_in(2) {
            known.variables.insert(number, value.clone());
            *data = variable(number, &value);
        } else {
            let index = dice.one_in(2).then(|| dice.below(3) as u8);
            let name = if index.is_some() { "user.list" } else { "user.step" };
            known.ecc.insert((name.to_owned(), index), value);
            // All of them each time, as from version 22 on, and as nothing before forbids.
            data.ecc = listed(&known.ecc);
        }
        let new = connection(call, "");
        vec![happened(call, "", CallHappened::DataUpdated { new, call_type: CallType::Unknown, data })]
    }

    fn set(&mut self, call: u32, at: &str, state: ConnectionState) {
        if let Some(party) = self.calls.get_mut(&call).and_then(|known| known.parties.get_mut(at)) {
            *party = state;
        }
    }
}

/// ECC variables as messages have them.
fn listed(ecc: &Ecc) -> Vec<EccVariable> {
    let listed = ecc.iter().map(|((name, index), value)| EccVariable {
        name: name.clone(),
        index: *index,
        value: value.clone(),
    });
    listed.collect()
}

fn delivered(call: u32, at: &str, from: &str, to: &str) -> CtiInput {
    let delivered = CallHappened::Delivered {
        alerting: device(at),
        calling: device(from),
        called: device(to),
        state: ConnectionState::Alerting,
        queue: None,
        data: Box::default(),
    };
    happened(call, at, delivered)
}

//! What clients show, by what they were told; compared with what the floor knows and with what is so.

use crate::scene::{Scene, id};
use crate::world::{AGENTS, Ecc, World};
use aplomb_floor::*;
use std::collections::BTreeMap;

/// What an agent's client shows: of each dialog the participants who are in it, how they are, and what they may do. Those
/// who left are told once and forgotten.
type Screen = BTreeMap<CallId, Vec<(String, ParticipantState, Vec<&'static str>)>>;

/// What is shown of an agent: the state, why, and what follows.
type Shown = (State, u16, Option<State>);

/// Everybody's.
pub(crate) struct Screens {
    dialogs: BTreeMap<AgentId, Screen>,
    /// As told last; nobody who was never told of.
    agents: BTreeMap<AgentId, Shown>,
    /// State and reason by what the server said: an answer to a question names no reason.
    heard: BTreeMap<AgentId, (State, u16)>,
}

fn shown_of(agent: &Agent) -> Shown {
    (agent.state, agent.reason.as_ref().map_or(0, |reason| reason.code), agent.pending)
}

fn shown(dialog: &Dialog) -> Vec<(String, ParticipantState, Vec<&'static str>)> {
    let live = dialog.participants.iter().filter(|part| part.state.is_live());
    let part = |part: &Participant| {
        let actions = part.actions.iter().map(|action| action.name()).collect();
        (part.address.as_str().to_owned(), part.state, actions)
    };
    live.map(part).collect()
}

/// What an agent may do in a call (Finesse guide, actions by state), by how the agent is in it and in others.
fn allowed(state: ConnectionState, speaks_elsewhere: bool) -> Vec<&'static str> {
    match state {
        ConnectionState::Alerting => vec!["ANSWER"],
        ConnectionState::Initiate => vec!["DROP", "UPDATE_CALL_DATA"],
        ConnectionState::Hold if speaks_elsewhere => {
            vec!["RETRIEVE", "DROP", "UPDATE_CALL_DATA", "TRANSFER", "CONFERENCE"]
        }
        ConnectionState::Hold => vec!["RETRIEVE", "DROP", "UPDATE_CALL_DATA"],
        _ => vec!["HOLD", "DROP", "UPDATE_CALL_DATA", "CONSULT_CALL", "TRANSFER_SST", "SEND_DTMF"],
    }
}

impl Screens {
    pub(crate) fn new() -> Self {
        let dialogs = AGENTS.iter().map(|(agent, _)| (id(agent), Screen::new())).collect();
        Self { dialogs, agents: BTreeMap::new(), heard: BTreeMap::new() }
    }

    /// The server said this of an agent, or something else.
    pub(crate) fn said(&mut self, input: &CtiInput) {
        let CtiInput::AgentState(report) = input else { return };
        let known = self.heard.get(&report.agent);
        let kept = known.filter(|(state, _)| report.answers.is_some() && *state == report.state);
        let reason = report.reason.or_else(|| kept.map(|(_, reason)| *reason)).unwrap_or(0);
        let reason = if matches!(report.state, State::NotReady | State::Logout) { reason } else { 0 };
        self.heard.insert(report.agent.clone(), (report.state, reason));
    }

    /// Clients add, change and remove what they are told to, and nothing that they do not have.
    pub(crate) fn hear(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Agent { agent, .. } = change {
                self.agents.insert(agent.id().clone(), shown_of(agent));
            }
            let Change::Dialog { dialog, event, told } = change else { continue };
            for told in told {
                let screen = self.dialogs.get_mut(&told.agent).unwrap();
                let had = screen.contains_key(&dialog.id);
                assert_eq!(
                    had,
                    *event != DialogEvent::Added,
                    "{event:?} of {} for {}",
                    dialog.id,
                    told.agent
                );
                match event {
                    DialogEvent::Removed => drop(screen.remove(&dialog.id)),
                    _ => drop(screen.insert(dialog.id, shown(dialog))),
                }
            }
        }
    }

    /// What the floor knows and what clients show is what is so.
    pub(crate) fn check(&self, scene: &Scene, world: &World) {
        for (agent, extension) in AGENTS {
            self.check_agent(agent, shown_of(scene.agent(agent)), world);
            let dialogs: Screen =
                scene.floor.dialogs_of(&id(agent)).map(|dialog| (dialog.id, shown(dialog))).collect();
            assert_eq!(
                self.dialogs[&id(agent)],
                dialogs,
                "what agent {agent} was told is not what the floor knows"
            );
            let there = world.calls_at(extension);
            let known: Vec<u32> = dialogs.keys().map(|call| call.0).collect();
            let calls: Vec<u32> = there.iter().map(|(call, _)| *call).collect();
            assert_eq!(known, calls, "dialogs of agent {agent}");
            for (call, state) in &there {
                let part = dialogs[&CallId(*call)].iter().find(|(address, ..)| address == extension);
                let states: &[ParticipantState] = match state {
                    ConnectionState::Alerting => &[ParticipantState::Alerting],
                    ConnectionState::Hold => &[ParticipantState::Held],
                    ConnectionState::Initiate => &[ParticipantState::Initiating, ParticipantState::Initiated],
                    _ => &[ParticipantState::Active],
                };
                let Some((_, known, actions)) = part else { panic!("{extension} is not in call {call}") };
                assert!(states.contains(known), "{extension} in call {call}: {known:?}, {state:?}");
                let speaks =
                    |(other, how): &(u32, ConnectionState)| other != call && *how == ConnectionState::Connect;
                let allowed = allowed(*state, there.iter().any(speaks));
                assert_eq!(*actions, allowed, "of {extension} in call {call}, {state:?}");
            }
        }
        for (call, there) in &world.calls {
            let Some(dialog) = scene.floor.dialog(CallId(*call)) else { continue };
            let variables = dialog.media.variables.iter();
            let known: BTreeMap<usize, String> =
                variables.map(|known| (usize::from(known.number), known.value.clone())).collect();
            assert_eq!(known, there.variables, "variables of call {call}");
            let ecc = dialog.media.ecc.iter().cloned();
            let ecc: Ecc = ecc.map(|known| ((known.name, known.index), known.value)).collect();
            assert_eq!(ecc, there.ecc, "ECC variables of call {call}");
        }
        let (known, there) = (scene.floor.call_count(), world.calls.len());
        assert!(known <= there, "{known} calls are kept, {there} exist");
    }

    fn check_agent(&self, agent: &'static str, known: Shown, world: &World) {
        let (state, reason, pending) = known;
        assert_eq!(state, world.state(agent), "of agent {agent}");
        if let Some(told) = self.agents.get(&id(agent)) {
            assert_eq!(*told, known, "what was told of agent {agent} is not what the floor knows");
        }
        if let Some(heard) = self.heard.get(&id(agent)) {
            assert_eq!((state, reason), *heard, "why agent {agent} is so");
        }
        if world.is_told(agent) {
            assert_eq!((reason, pending), (world.reason(agent), world.pending(agent)), "of agent {agent}");
        } else {
            assert!(pending.is_none() || pending == world.pending(agent), "{pending:?} of agent {agent}");
        }
    }
}

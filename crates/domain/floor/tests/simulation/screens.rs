//! What clients show, by what they were told; compared with what the floor knows and with what is so.

use crate::scene::{Scene, id};
use crate::world::{AGENTS, World};
use aplomb_floor::*;
use std::collections::BTreeMap;

/// Calls that the floor hears of by events that belong to nothing.
pub(crate) const STRANGERS: usize = 3;

/// What an agent's client shows: of each dialog the participants who are in it, how they are, and what they may do. Those
/// who left are told once and forgotten.
type Screen = BTreeMap<CallId, Vec<(String, ParticipantState, Vec<&'static str>)>>;

/// Everybody's.
pub(crate) struct Screens(BTreeMap<AgentId, Screen>);

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
        Self(AGENTS.iter().map(|(agent, _)| (id(agent), Screen::new())).collect())
    }

    /// Clients add, change and remove what they are told to, and nothing that they do not have.
    pub(crate) fn hear(&mut self, changes: &[Change]) {
        for change in changes {
            let Change::Dialog { dialog, event, told } = change else { continue };
            for told in told {
                let screen = self.0.get_mut(&told.agent).unwrap();
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
            assert_eq!(scene.agent(agent).state, world.state(agent), "of agent {agent}");
            let dialogs: Screen =
                scene.floor.dialogs_of(&id(agent)).map(|dialog| (dialog.id, shown(dialog))).collect();
            assert_eq!(
                self.0[&id(agent)],
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
        }
        // Of a stranger that is not over the floor may hold on to the number: its END may still come.
        let (known, there) = (scene.floor.call_count(), world.calls.len() + STRANGERS);
        assert!(known <= there, "{known} calls are kept, {there} exist");
    }
}

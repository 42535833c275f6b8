//! The floor against a model: random stories of calls and agents, with events that come twice, events about
//! strangers, and gaps of the link in which things happen unseen. After each step that leaves no question open,
//! what the floor knows, and what clients were told, is what is so.
//!
//! `APLOMB_SIMULATION_SEEDS=100000` plays more stories, `APLOMB_SIMULATION_SEED=17` one, step by step.

#![allow(clippy::unwrap_used, reason = "a test may fail here")]

#[path = "../scene/mod.rs"]
mod scene;
mod screens;
mod world;

use aplomb_floor::*;
use scene::Scene;
use scene::calls::{connection, office};
use screens::Screens;
use world::{AGENTS, Dice, World};

const SEEDS: u64 = 1_000;
const STEPS: usize = 60;

struct Story {
    scene: Scene,
    world: World,
    dice: Dice,
    screens: Screens,
    /// What the floor heard, for one story by itself.
    log: Option<Vec<String>>,
}

impl Story {
    fn new(seed: u64) -> Self {
        let mut scene = office();
        scene.forget();
        Self { scene, world: World::new(), dice: Dice(seed), screens: Screens::new(), log: None }
    }

    fn hears(&mut self, input: CtiInput) {
        if let Some(log) = &mut self.log {
            log.push(format!("{input:?}"));
        }
        self.screens.said(&input);
        self.scene.cti(input);
        self.screens.hear(&std::mem::take(&mut self.scene.changes));
    }

    fn step(&mut self) {
        match self.dice.below(12) {
            0 => self.gap(),
            1 => self.stranger(),
            _ => {
                let said = self.world.step(&mut self.dice);
                self.tell(said);
            }
        }
        self.answer_all();
        self.screens.check(&self.scene, &self.world);
    }

    /// What the server says; now and then twice.
    fn tell(&mut self, said: Vec<CtiInput>) {
        for input in said {
            if self.dice.one_in(6) {
                self.hears(input.clone());
            }
            self.hears(input);
        }
    }

    fn stranger(&mut self) {
        let stray = self.world.stray(&mut self.dice);
        self.hears(stray);
    }

    /// The link is gone for some steps; then the floor asks, and hears of new things between the answers.
    fn gap(&mut self) {
        self.hears(CtiInput::LinkDown { reason: "a gap".into() });
        for _ in 0..self.dice.below(8) {
            drop(self.world.step(&mut self.dice));
        }
        self.world.gap(&mut self.dice);
        self.scene.link_up();
        self.screens.hear(&std::mem::take(&mut self.scene.changes));
        self.answer_all();
        assert_eq!(self.scene.floor.system().status, Status::InService, "all is known again");
    }

    /// Whatever the floor asks, with more happening between the answers.
    fn answer_all(&mut self) {
        while !self.scene.commands.is_empty() {
            let question = self.scene.commands.remove(0);
            let answer = self.answer(question);
            self.hears(answer);
            if self.dice.one_in(4) {
                let said = self.world.step(&mut self.dice);
                self.tell(said);
            }
        }
    }

    fn answer(&self, question: CtiCommand) -> CtiInput {
        match question {
            CtiCommand::QueryAgentState { token, agent } => {
                let known = AGENTS.iter().find(|(id, _)| *id == agent.as_str());
                let state = known.map_or(State::Logout, |(id, _)| self.world.state(id));
                let extension = known.map(|(_, extension)| (*extension).to_owned());
                let answers = Some(token);
                CtiInput::AgentState(AgentStateReport {
                    agent,
                    extension,
                    place: PlaceReport::default(),
                    state,
                    reason: None,
                    next: None,
                    answers,
                })
            }
            CtiCommand::SnapshotDevice { token, instrument } => {
                let calls =
                    self.world.calls_at(instrument.as_str()).into_iter().map(|(call, state)| DeviceCall {
                        connection: connection(call, instrument.as_str()),
                        state,
                        monitored: MonitorStatus::None,
                    });
                CtiInput::DeviceSnapshot { token, calls: calls.collect() }
            }
            CtiCommand::SnapshotCall { token, connection } => match self.world.snapshot(connection.call.0) {
                Some(snapshot) => CtiInput::CallSnapshot { token, snapshot },
                None => {
                    let name = "CF_INVALID_CSTA_CALL_IDENTIFIER";
                    CtiInput::Failed {
                        token,
                        failure: CtiFailure::Refused { code: 11, name, peripheral_error: 0 },
                    }
                }
            },
            other => panic!("nobody ordered {other:?}"),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "how many stories a test plays is its caller's choice")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn play(seed: u64, aloud: bool) -> Result<(), String> {
    let mut story = Story::new(seed);
    story.log = aloud.then(Vec::new);
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for _ in 0..STEPS {
            story.step();
        }
    }));
    #[allow(clippy::print_stdout, reason = "asked for by hand")]
    story.log.iter().flatten().for_each(|line| println!("{line}"));
    told.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

#[test]
fn stories_with_gaps_and_repeats_end_as_the_model_says() {
    if let Some(seed) = asked("APLOMB_SIMULATION_SEED") {
        play(seed, true).unwrap();
        return;
    }
    let seeds = asked("APLOMB_SIMULATION_SEEDS").unwrap_or(SEEDS);
    let wrong: Vec<String> = (0..seeds)
        .filter_map(|seed| play(seed, false).err().map(|why| format!("seed {seed}: {why}")))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {seeds} stories went wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
}

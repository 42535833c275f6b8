//! One story: what happens, on which side of which link, and what must be so after each step.

use crate::scene::{LUNCH, Scene, not_ready, ready};
use crate::screens::Screens;
use crate::server::Server;
use crate::words;
use crate::world::{AGENTS, Dice, World};
use aplomb_cti::{Config, Flavour, Interpreter, Metrics, Role, Said};
use aplomb_floor::*;
use ged188::Dialect;
use ged188::message::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A connection: our end and the server's.
struct Side {
    session: Interpreter,
    server: Server,
}

pub(crate) struct Story {
    scene: Scene,
    world: World,
    dice: Dice,
    screens: Screens,
    config: Arc<Config>,
    active: Option<Side>,
    standby: Option<Side>,
    /// The request ids of clients, with the number of outcomes each had.
    wishes: BTreeMap<String, usize>,
    log: Option<Vec<String>>,
}

impl Story {
    pub(crate) fn new(seed: u64, aloud: bool) -> Self {
        let sides = vec!["a.example:42027".to_owned(), "b.example:43027".to_owned()];
        // Every eighth phone system is one of Unified CCX.
        let flavour = if seed % 8 == 7 { Flavour::Uccx } else { Flavour::Cce };
        let mut story = Self {
            scene: Scene::with(crate::scene::small_roster()),
            world: World::new(),
            dice: Dice(seed),
            screens: Screens::new(),
            config: Arc::new(Config { sides, flavour, ..Config::default() }),
            active: None,
            standby: None,
            wishes: BTreeMap::new(),
            log: aloud.then(Vec::new),
        };
        story.connect();
        story.check();
        story
    }

    pub(crate) fn log(&self) -> impl Iterator<Item = &String> {
        self.log.iter().flatten()
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            log.push(line());
        }
    }

    pub(crate) fn step(&mut self) {
        match self.dice.below(24) {
            0 => self.connection_breaks(),
            1 => self.messages_are_lost(),
            2 => self.server_talks_nonsense(),
            3 => self.server_falls_silent(),
            4 => self.sides_change(),
            5 | 6 => self.noise(),
            7 => self.stranger(),
            8..=11 => self.wish(),
            12 => self.time_passes(Duration::from_secs(5)),
            _ => {
                let said = self.world.step(&mut self.dice);
                self.tell(&said);
            }
        }
        self.settle();
        self.check();
    }

    /// Whatever was still open has its outcome.
    pub(crate) fn end(&mut self) {
        self.time_passes(Duration::from_secs(60));
        self.check();
        let without: Vec<&String> =
            self.wishes.iter().filter(|(_, count)| **count == 0).map(|(id, _)| id).collect();
        assert!(without.is_empty(), "no outcome for {without:?}");
    }

    fn check(&self) {
        assert_eq!(self.scene.floor.system().status, Status::InService);
        self.screens.check(&self.scene, &self.world);
    }

    /// What the server says; now and then twice, and sometimes with fields that nobody knows.
    fn tell(&mut self, said: &[CtiInput]) {
        for input in said {
            self.note(|| format!("said {input:?}"));
            let Some(side) = &mut self.active else { continue };
            for _ in 0..=usize::from(self.dice.one_in(6)) {
                side.server.say(words::event(input));
            }
        }
    }

    fn stranger(&mut self) {
        let stray = self.world.stray(&mut self.dice);
        self.tell(&[stray]);
    }

    /// Messages that change nothing.
    fn noise(&mut self) {
        let Some(Side { server, .. }) = &mut self.active else { return };
        let width = server.dialect.tag_width.bytes() + server.dialect.length_width.bytes();
        match self.dice.below(5) {
            // a type that nobody knows
            0 => server.say_frame(9_000 + self.dice.below(9) as u32, &[7; 40]),
            // a fixed part that is too short: AGENT_STATE_EVENT, CALL_ESTABLISHED_EVENT
            1 => server.say_frame([30, 10][self.dice.below(2)], &vec![0; self.dice.below(24)]),
            // a field whose length runs past the end
            2 => {
                let mut body = vec![0; 16];
                body.extend(std::iter::repeat_n(0xF0, width));
                server.say_frame(24, &body);
            }
            // answers to nothing
            3 => server.say(SetAgentStateConf::new(70_000 + self.dice.below(9) as u32)),
            _ => server.say(QueryAgentStateConf { invoke_id: 80_000, ..QueryAgentStateConf::default() }),
        }
        self.note(|| "noise".to_owned());
    }

    /// Somebody wants something, in the middle of everything.
    fn wish(&mut self) {
        let (agent, extension) = AGENTS[self.dice.below(AGENTS.len())];
        let request = format!("r{}", self.wishes.len());
        let call = self.world.calls_at(extension).first().copied();
        let taken = match call {
            Some((call, state)) if self.dice.one_in(2) => {
                let act = match (state, self.dice.below(2)) {
                    (ConnectionState::Alerting, _) => Act::Answer,
                    (ConnectionState::Hold, 0) => Act::Retrieve,
                    (_, 0) => Act::Hold,
                    _ => Act::Drop,
                };
                self.scene.act(agent, call, act, &request).is_ok()
            }
            _ => {
                let action = [ready(), not_ready(None), not_ready(Some(LUNCH))][self.dice.below(3)].clone();
                self.scene.ask(agent, action, &request).is_ok()
            }
        };
        self.note(|| format!("{request} of {agent}, taken: {taken}"));
        if taken {
            self.wishes.insert(request, 0);
        }
    }

    /// In the middle of a message, perhaps; things happen that nobody hears of.
    fn connection_breaks(&mut self) {
        self.note(|| "the connection breaks".to_owned());
        let said = self.world.step(&mut self.dice);
        self.tell(&said);
        if let Some(side) = &mut self.active {
            let cut = self.dice.below(side.server.unread.len() + 1);
            side.session.handle_bytes(self.scene.now().instant, &side.server.unread[..cut]);
            side.session.handle_closed();
        }
        self.hear();
        self.unseen();
        self.connect();
    }

    /// Some of what the server says never comes; the connection ends soon after.
    fn messages_are_lost(&mut self) {
        for _ in 0..self.dice.below(3) + 1 {
            let said = self.world.step(&mut self.dice);
            let kept = said.into_iter().filter(|_| self.dice.one_in(2)).collect::<Vec<_>>();
            self.tell(&kept);
        }
        self.settle();
        self.connection_breaks();
    }

    /// A length that no message has: nothing after it can be read.
    fn server_talks_nonsense(&mut self) {
        self.note(|| "nonsense".to_owned());
        if let Some(side) = &mut self.active {
            side.server.unread.extend_from_slice(&[0xFF; 8]);
        }
        self.settle();
        assert!(self.active.is_none(), "a session goes on after nonsense");
        self.unseen();
        self.connect();
    }

    /// Nothing is heard until the heartbeats are given up.
    fn server_falls_silent(&mut self) {
        self.note(|| "silence".to_owned());
        if let Some(side) = &mut self.active {
            side.server.mute = true;
        }
        let said = self.world.step(&mut self.dice);
        drop(said);
        for _ in 0..30 {
            self.time_passes(Duration::from_secs(1));
        }
        assert!(self.active.is_none(), "a session outlives its heartbeats");
        self.connect();
    }

    /// The standby becomes the active side. What the old one had not said yet is lost.
    fn sides_change(&mut self) {
        self.note(|| "the sides change".to_owned());
        if self.standby.is_none() {
            self.standby = Some(self.open(24, true));
        }
        let mut next = self.standby.take().unwrap();
        next.server.say(StandbyActiveEventMsg::default());
        let said = self.world.step(&mut self.dice);
        self.tell(&said);
        if let Some(mut old) = self.active.take() {
            old.session.leave();
        }
        assert_eq!(self.until_role(&mut next), Role::Active);
        self.world.gap(&mut self.dice);
        self.scene.cti(next.session.link_up());
        assert_eq!(self.scene.floor.system().status, Status::InService, "clients work on");
        self.active = Some(next);
    }

    fn unseen(&mut self) {
        for _ in 0..self.dice.below(6) {
            drop(self.world.step(&mut self.dice));
        }
    }

    /// A new connection at the version that this server speaks, and all that follows from it.
    fn connect(&mut self) {
        let version = [9, 12, 14, 17, 19, 20, 22, 23, 24][self.dice.below(9)];
        let side = self.open(version, false);
        self.note(|| format!("connected at version {version}"));
        self.world.gap(&mut self.dice);
        self.scene.cti(side.session.link_up());
        self.active = Some(side);
        self.settle();
    }

    fn open(&mut self, version: u32, standby: bool) -> Side {
        let (now, server) = (self.scene.now().instant, Arc::from("a.example:42027"));
        let session = Interpreter::new(now, self.config.clone(), Metrics::default(), server, version);
        let dialect = match self.config.flavour {
            Flavour::Cce => Dialect::cce(version),
            Flavour::Uccx => Dialect::uccx(version),
        };
        let mut side = Side { session, server: Server::new(dialect, standby) };
        let role = self.until_role(&mut side);
        assert_eq!(role, if standby { Role::Standby } else { Role::Active });
        side
    }

    /// What the link does before the floor hears of a session.
    fn until_role(&mut self, side: &mut Side) -> Role {
        loop {
            match side.session.poll_output() {
                Some(Said::Became(role)) => return role,
                Some(Said::Send(bytes)) => side.server.read(&bytes),
                Some(other) => panic!("{other:?} before a session"),
                None => {
                    let bytes = std::mem::take(&mut side.server.unread);
                    assert!(!bytes.is_empty(), "a server that says nothing");
                    side.session.handle_bytes(self.scene.now().instant, &bytes);
                }
            }
        }
    }

    fn time_passes(&mut self, time: Duration) {
        let mut left = time;
        while !left.is_zero() {
            let some = left.min(Duration::from_secs(1));
            self.scene.pass(some);
            left -= some;
            let now = self.scene.now().instant;
            for side in self.active.iter_mut().chain(&mut self.standby) {
                if side.session.poll_timeout().is_some_and(|at| at <= now) {
                    side.session.handle_timeout(now);
                }
            }
            self.keep_standby();
            self.settle();
        }
    }

    fn keep_standby(&mut self) {
        let Some(side) = &mut self.standby else { return };
        while let Some(Said::Send(bytes)) = side.session.poll_output() {
            side.server.read(&bytes);
        }
        let bytes = std::mem::take(&mut side.server.unread);
        side.session.handle_bytes(self.scene.now().instant, &bytes);
        while side.session.poll_output().is_some() {}
    }

    /// Until nobody has anything to say: orders go out, answers come, and between them more happens.
    fn settle(&mut self) {
        loop {
            self.hear();
            self.order();
            self.hear();
            let Some(Side { session, server }) = &mut self.active else { break };
            let answered = server.answer_one(&mut self.world, &mut self.dice);
            let whole = server.unread.len();
            if whole == 0 && !answered {
                break;
            }
            // In pieces as the network likes, not as messages end.
            let piece = if self.dice.one_in(2) { whole } else { self.dice.below(whole + 1) };
            let bytes: Vec<u8> = server.unread.drain(..piece).collect();
            session.handle_bytes(self.scene.now().instant, &bytes);
            if self.dice.one_in(20) {
                let said = self.world.step(&mut self.dice);
                self.tell(&said);
            }
        }
        self.hear();
        if self.active.is_none() {
            self.order();
        }
    }

    /// Passes the floor's commands on, as the link does.
    fn order(&mut self) {
        while !self.scene.commands.is_empty() {
            let now = self.scene.now().instant;
            let token = self.scene.commands[0].token();
            let failure = match &mut self.active {
                Some(side) if !side.session.has_room() => return,
                Some(side) => side.session.command(now, self.scene.commands.remove(0)).err(),
                None => {
                    self.scene.commands.remove(0);
                    Some(CtiFailure::LinkDown)
                }
            };
            if let Some(failure) = failure {
                self.scene.cti(CtiInput::Failed { token, failure });
            }
        }
    }

    /// What the session says goes to the server and to the floor, and from there to the clients.
    fn hear(&mut self) {
        while let Some(said) = self.active.as_mut().and_then(|side| side.session.poll_output()) {
            match said {
                Said::Send(bytes) => self.active.iter_mut().for_each(|side| side.server.read(&bytes)),
                Said::Tell(input) => {
                    self.note(|| format!("heard {input:?}"));
                    self.screens.said(&input);
                    self.scene.cti(input);
                }
                Said::Ended(reason) => {
                    self.note(|| format!("ended: {reason}"));
                    self.active = None;
                    self.scene.cti(CtiInput::LinkDown { reason: reason.to_string() });
                }
                Said::Became(role) => panic!("became {role:?} again"),
            }
        }
        let changes = std::mem::take(&mut self.scene.changes);
        self.screens.hear(&changes);
        changes.iter().for_each(|change| self.outcome(change));
    }

    fn outcome(&mut self, change: &Change) {
        let ids: Vec<&String> = match change {
            Change::Agent { request_id, .. } | Change::RequestFailed { request_id, .. } => {
                request_id.iter().collect()
            }
            Change::Dialog { told, .. } => told.iter().filter_map(|told| told.request_id.as_ref()).collect(),
            Change::DialogRequestFailed { request_id, .. } => request_id.iter().collect(),
            _ => Vec::new(),
        };
        for id in ids {
            let Some(count) = self.wishes.get_mut(id) else { continue };
            *count += 1;
            assert_eq!(*count, 1, "the outcome of {id} is told again");
        }
    }
}

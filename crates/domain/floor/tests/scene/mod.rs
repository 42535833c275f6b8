//! A small floor with a hand-made clock and a scripted CTI server.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of the scene")]
#![allow(clippy::unwrap_used, reason = "a test may fail here")]
#![allow(
    clippy::disallowed_methods,
    reason = "an Instant has no other origin; the scene's time is counted from it"
)]

pub mod calls;

use aplomb_floor::*;
use jiff::Timestamp;
use std::time::{Duration, Instant};

pub const LUNCH: ReasonCodeId = ReasonCodeId(1);
pub const DONE: ReasonCodeId = ReasonCodeId(2);
pub const OTHER_TEAM_ONLY: ReasonCodeId = ReasonCodeId(3);
pub const SYSTEM_FIRST: ReasonCodeId = ReasonCodeId(100);

pub struct Scene {
    pub floor: Floor,
    start: Instant,
    elapsed: Duration,
    pub changes: Vec<Change>,
    pub commands: Vec<CtiCommand>,
    pub notes: Vec<Note>,
}

pub fn id(id: &str) -> AgentId {
    AgentId::from(id)
}

fn profile(login: &str, team: u32, supervises: &[u32]) -> Profile {
    Profile {
        id: id(login),
        login_name: format!("Name{login}"),
        first_name: "Agent".into(),
        last_name: login.into(),
        team: TeamId(team),
        roles: Roles { agent: true, supervisor: !supervises.is_empty() },
        supervises: supervises.iter().copied().map(TeamId).collect(),
        settings: Settings {
            wrap_up_on_incoming: WrapUp::Optional,
            wrap_up_on_outgoing: Some(WrapUp::NotAllowed),
        },
        wrap_up_timer_secs: None,
    }
}

fn reason(id: ReasonCodeId, category: ReasonCategory, code: u16, teams: &[u32]) -> ReasonCode {
    ReasonCode {
        id,
        category,
        code,
        label: format!("Reason {code}"),
        for_all: teams.is_empty(),
        teams: teams.iter().copied().map(TeamId).collect(),
        system_code: false,
    }
}

pub fn roster(agents: impl IntoIterator<Item = Profile>) -> Roster {
    let mut reason_codes = vec![
        reason(LUNCH, ReasonCategory::NotReady, 11, &[]),
        reason(DONE, ReasonCategory::Logout, 21, &[]),
        reason(OTHER_TEAM_ONLY, ReasonCategory::NotReady, 31, &[8]),
    ];
    reason_codes.extend(cce_system_reason_codes(SYSTEM_FIRST));
    Roster {
        teams: vec![
            Team { id: TeamId(7), name: "Seven".into() },
            Team { id: TeamId(8), name: "Eight".into() },
        ],
        agents: agents.into_iter().collect(),
        reason_codes,
    }
}

/// Agents 11, 12 (team 7) and 21 (team 8), supervisor 71 of team 7 (who works in team 7).
pub fn small_roster() -> Roster {
    roster([profile("11", 7, &[]), profile("12", 7, &[]), profile("21", 8, &[]), profile("71", 7, &[7])])
}

pub fn crowd(size: usize) -> Roster {
    roster((0..size).map(|number| profile(&format!("a{number:04}"), 7, &[])))
}

impl Scene {
    pub fn with(roster: Roster) -> Self {
        Self::with_policy(roster, Policy::default())
    }

    pub fn with_policy(roster: Roster, policy: Policy) -> Self {
        Self {
            floor: Floor::new(roster, policy),
            start: Instant::now(),
            elapsed: Duration::ZERO,
            changes: Vec::new(),
            commands: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// In service, everybody signed out.
    pub fn open() -> Self {
        Self::open_with(small_roster(), Policy::default())
    }

    pub fn open_with(roster: Roster, policy: Policy) -> Self {
        let mut scene = Self::with_policy(roster, policy);
        scene.link_up();
        scene.answer_queries(State::Logout);
        assert_eq!(scene.floor.system().status, Status::InService);
        scene.forget();
        scene
    }

    /// As [`Scene::open`], with agent 11 in this state on extension 901 since the start.
    pub fn with_agent(state: State) -> Self {
        let mut scene = Self::open();
        scene.reports("11", state, "901", None);
        scene.forget();
        scene
    }

    pub fn now(&self) -> Now {
        let wall = Timestamp::from_second(1_800_000_000).unwrap() + self.elapsed;
        Now { instant: self.start + self.elapsed, wall }
    }

    pub fn forget(&mut self) {
        self.changes.clear();
        self.commands.clear();
        self.notes.clear();
    }

    pub fn forget_changes(&mut self) {
        self.changes.clear();
    }

    fn drain(&mut self) {
        while let Some(output) = self.floor.poll_output() {
            match output {
                Output::Change(change) => self.changes.push(change),
                Output::Cti(command) => self.commands.push(command),
                Output::Note(note) => self.notes.push(note),
            }
        }
    }

    pub fn cti(&mut self, input: CtiInput) {
        self.floor.handle_cti(self.now(), input);
        self.drain();
    }

    pub fn link_up(&mut self) {
        self.cti(CtiInput::LinkUp {
            version: 24,
            peripheral_id: 77,
            heartbeat_secs: 5,
            server: "cti.example:42027".into(),
        });
    }

    pub fn link_down(&mut self) {
        self.cti(CtiInput::LinkDown { reason: "the peer closed".into() });
    }

    /// Answers all questions, also those that the answers bring about.
    pub fn answer_queries(&mut self, state: State) {
        self.answer_queries_by(|_| state);
    }

    pub fn answer_queries_by(&mut self, state: impl Fn(&AgentId) -> State) {
        while let Some(question) = self.next_question() {
            match question {
                CtiCommand::QueryAgentState { token, agent } => {
                    let state = state(&agent);
                    let extension = state.is_signed_in().then(|| "901".to_owned());
                    let answers = Some(token);
                    let report = AgentStateReport {
                        agent,
                        extension,
                        place: PlaceReport::default(),
                        state,
                        reason: None,
                        next: None,
                        answers,
                    };
                    self.cti(CtiInput::AgentState(report));
                }
                // Nobody is in a call.
                other => self.cti(CtiInput::DeviceSnapshot { token: other.token(), calls: Vec::new() }),
            }
        }
    }

    /// Takes the next question about an agent or a device off the list.
    pub fn next_question(&mut self) -> Option<CtiCommand> {
        let is_question = |command: &CtiCommand| {
            matches!(command, CtiCommand::QueryAgentState { .. } | CtiCommand::SnapshotDevice { .. })
        };
        let at = self.commands.iter().position(is_question)?;
        Some(self.commands.remove(at))
    }

    /// An AGENT_STATE_EVENT.
    pub fn reports(&mut self, agent: &str, state: State, extension: &str, reason: Option<u16>) {
        let extension = (!extension.is_empty()).then(|| extension.to_owned());
        self.report(agent, extension, state, reason, None);
    }

    /// An AGENT_STATE_EVENT that may name the state that follows.
    pub fn reports_next(&mut self, agent: &str, state: State, next: Option<State>) {
        self.report(agent, None, state, None, next);
    }

    fn report(
        &mut self,
        agent: &str,
        extension: Option<String>,
        state: State,
        reason: Option<u16>,
        next: Option<State>,
    ) {
        let agent = id(agent);
        let answers = None;
        self.cti(CtiInput::AgentState(AgentStateReport {
            agent,
            extension,
            place: PlaceReport::default(),
            state,
            reason,
            next,
            answers,
        }));
    }

    pub fn ask(&mut self, agent: &str, action: Action, request_id: &str) -> Result<(), Refusal> {
        self.ask_as(agent, agent, action, request_id)
    }

    pub fn ask_as(
        &mut self,
        actor: &str,
        agent: &str,
        action: Action,
        request_id: &str,
    ) -> Result<(), Refusal> {
        let request_id = (!request_id.is_empty()).then(|| request_id.to_owned());
        let request = Request { actor: id(actor), agent: id(agent), action, request_id };
        let outcome = self.floor.request(self.now(), request);
        self.drain();
        outcome
    }

    /// The only order since the last look.
    pub fn order(&mut self) -> SetAgentState {
        let orders = self.orders();
        assert_eq!(orders.len(), 1, "{orders:?}");
        orders[0].clone()
    }

    /// The orders since the last look.
    pub fn orders(&mut self) -> Vec<SetAgentState> {
        let is_order = |command: &CtiCommand| match command {
            CtiCommand::SetAgentState(order) => Some(order.clone()),
            _ => None,
        };
        let orders = self.commands.iter().filter_map(is_order).collect();
        self.commands.retain(|command| is_order(command).is_none());
        orders
    }

    pub fn confirm(&mut self, order: &SetAgentState) {
        self.cti(CtiInput::Confirmed { token: order.token });
    }

    pub fn refuse(&mut self, order: &SetAgentState, code: u32, name: &'static str) {
        let failure = CtiFailure::Refused { code, name, peripheral_error: 0 };
        self.cti(CtiInput::Failed { token: order.token, failure });
    }

    pub fn presence(&mut self, agent: &str, available: bool) {
        self.floor.handle_presence(self.now(), &id(agent), available);
        self.drain();
    }

    /// Lets time pass without telling the floor.
    pub fn sleep(&mut self, time: Duration) {
        self.elapsed += time;
    }

    pub fn wake(&mut self) {
        self.floor.handle_timeout(self.now());
        self.drain();
    }

    /// Lets time pass, with the floor woken at each of its deadlines.
    pub fn pass(&mut self, time: Duration) {
        let end = self.elapsed + time;
        while let Some(at) = self.floor.poll_timeout().filter(|at| *at <= self.start + end) {
            self.elapsed = self.elapsed.max(at - self.start);
            self.wake();
        }
        self.elapsed = end;
    }

    pub fn agent(&self, agent: &str) -> &Agent {
        self.floor.agent(&id(agent)).unwrap()
    }

    /// The states published since the last look, each with the request it answers.
    pub fn published(&mut self) -> Vec<(State, Option<String>)> {
        let published = self.changes.iter().filter_map(|change| match change {
            Change::Agent { agent, request_id } => Some((agent.state, request_id.clone())),
            _ => None,
        });
        let published = published.collect();
        self.changes.clear();
        published
    }

    /// The failures published since the last look: request, type, CTI name.
    pub fn failures(&mut self) -> Vec<(Option<String>, &'static str, String)> {
        let failures = self.changes.iter().filter_map(|change| match change {
            Change::RequestFailed { request_id, error, .. } => {
                Some((request_id.clone(), error.error_type, error.error_message.clone()))
            }
            _ => None,
        });
        let failures = failures.collect();
        self.changes.clear();
        failures
    }

    pub fn noted(&self, name: &str) -> usize {
        self.notes.iter().filter(|note| note.name() == name).count()
    }
}

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn ready() -> Action {
    Action::SetState { state: State::Ready, reason: None }
}

pub fn not_ready(reason: Option<ReasonCodeId>) -> Action {
    Action::SetState { state: State::NotReady, reason }
}

pub fn sign_in() -> Action {
    Action::SignIn(SignIn {
        extension: "901".into(),
        password: Some("open sesame".into()),
        place: Place::default(),
    })
}

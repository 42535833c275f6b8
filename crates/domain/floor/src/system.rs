//! The system: the link to the CTI server, and the catching up after it came up.

use crate::dialog::{Address, Connection, Snapshots, Stray};
use crate::floor::Purpose;
use crate::limits::QUERIES_OUTSTANDING_MAX;
use crate::{
    AgentId, AgentStateReport, Change, CtiCommand, CtiFailure, Floor, Note, Now, PlaceReport, State, Token,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// The system at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// Whether clients can work.
    pub status: Status,
    /// Why not, for people; empty when in service.
    pub status_reason: String,
    /// How the last heartbeat of the CTI link went.
    pub last_heartbeat: Heartbeat,
    /// When one last went well.
    pub last_heartbeat_at: Option<Timestamp>,
    /// The CTI session, also the last one when there is none now.
    pub cti: Option<Cti>,
    /// Whether there is one now.
    pub is_linked: bool,
}

/// What is known of a CTI session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cti {
    /// Protocol version.
    pub version: u32,
    /// The peripheral.
    pub peripheral_id: u32,
    /// Seconds between heartbeats.
    pub heartbeat_secs: u32,
    /// `host:port` of the server.
    pub server: String,
    /// Since when.
    pub opened_at: Timestamp,
}

/// Whether clients can work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// The link is up and every agent's state has been asked for.
    InService,
    /// Not so.
    #[default]
    OutOfService,
}

impl Status {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::InService => "IN_SERVICE",
            Self::OutOfService => "OUT_OF_SERVICE",
        }
    }
}

/// How the last heartbeat went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Heartbeat {
    /// It was answered, or the session has just been opened.
    Success,
    /// It was not answered when the next was due, or there is no session.
    #[default]
    Failure,
}

impl Heartbeat {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// Asking for every agent's state, then for the calls at their devices, then what those calls are.
#[derive(Debug, Default)]
pub(crate) struct CatchUp {
    to_ask: VecDeque<Question>,
    outstanding: BTreeMap<Token, (Instant, Question)>,
    asked: usize,
    changed: usize,
    stage: Stage,
    pub(crate) snapshots: Snapshots,
}

/// What is asked for. The next stage waits for all answers of the one before.
#[derive(Clone, Copy, Debug, Default)]
enum Stage {
    #[default]
    Agents,
    Devices,
    Calls,
}

/// What is asked for after the link came up.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    /// An agent's state.
    Agent(AgentId),
    /// The calls at an extension.
    Device(Address),
    /// A call.
    Call(Connection),
}

impl Floor {
    /// The system.
    pub fn system(&self) -> &System {
        &self.system
    }

    pub(crate) fn in_service(&self) -> bool {
        self.system.status == Status::InService
    }

    pub(crate) fn link_up(&mut self, now: Now, cti: Cti) {
        self.drop_what_the_link_owes();
        self.system.cti = Some(cti);
        self.system.is_linked = true;
        self.system.last_heartbeat = Heartbeat::Success;
        self.system.last_heartbeat_at = Some(now.wall);
        // Without a gap before it the standby side has taken over: clients work on, and what they see is still so but for
        // what happened in between, which the answers tell.
        if !self.in_service() {
            self.system.status_reason = "Asking the CTI server for the state of every agent".to_owned();
        }
        let to_ask = self.records.keys().cloned().map(Question::Agent).collect();
        self.dialogs.link_session += 1;
        self.doubt_pending_states();
        self.catch_up = Some(CatchUp { to_ask, ..CatchUp::default() });
        self.continue_catching_up(now);
    }

    pub(crate) fn link_down(&mut self, now: Now, reason: &str) {
        self.drop_what_the_link_owes();
        let was_in_service = self.in_service();
        self.system.status = Status::OutOfService;
        self.system.is_linked = false;
        self.system.status_reason = format!("No link to the CTI server: {reason}");
        self.system.last_heartbeat = Heartbeat::Failure;
        self.forget_statistics();
        if was_in_service {
            self.publish_system(now);
        }
    }

    pub(crate) fn heartbeat_confirmed(&mut self, now: Now) {
        self.system.last_heartbeat = Heartbeat::Success;
        self.system.last_heartbeat_at = Some(now.wall);
    }

    /// Not published: clients that look for the cause of a silence ask for it.
    pub(crate) fn heartbeat_missed(&mut self) {
        self.system.last_heartbeat = Heartbeat::Failure;
    }

    fn drop_what_the_link_owes(&mut self) {
        if let Some(catch_up) = self.catch_up.take() {
            for (token, (deadline, _)) in catch_up.outstanding {
                self.forget_outcome(token, deadline);
            }
        }
        self.fail_all_requests();
        self.fail_all_call_orders();
        self.drop_strays();
        self.forced_logouts_lost();
    }

    /// Asks on, and goes in service when all have been asked for. Clients hear of what changed in the order of the
    /// stages: what agents do, calls that are over, calls that are there.
    fn continue_catching_up(&mut self, now: Now) {
        self.ask_on(now);
        while let Some(stage) = self.catch_up.as_mut().and_then(CatchUp::next_stage) {
            let questions = match stage {
                Stage::Agents => Vec::new(),
                Stage::Devices => self.devices_to_ask(),
                Stage::Calls => self.calls_to_ask(now),
            };
            if let Some(catch_up) = &mut self.catch_up {
                catch_up.to_ask.extend(questions);
            }
            self.ask_on(now);
        }
        if let Some(done) = self.catch_up.take_if(|catch_up| catch_up.outstanding.is_empty()) {
            self.note(Note::CaughtUp { asked: done.asked, changed: done.changed });
            self.system.status = Status::InService;
            self.system.status_reason.clear();
            self.publish_system(now);
            self.force_overdue_logouts(now);
        }
    }

    fn ask_on(&mut self, now: Now) {
        let deadline = now.instant + self.policy.request_timeout;
        while let Some(question) = self.catch_up.as_mut().and_then(CatchUp::next) {
            let token = self.next_token();
            if let Some(catch_up) = &mut self.catch_up {
                catch_up.outstanding.insert(token, (deadline, question.clone()));
            }
            self.expect_outcome(token, Purpose::Query, deadline);
            self.put_out(match question {
                Question::Agent(agent) => CtiCommand::QueryAgentState { token, agent },
                Question::Device(instrument) => CtiCommand::SnapshotDevice { token, instrument },
                Question::Call(connection) => CtiCommand::SnapshotCall { token, connection },
            });
        }
    }

    /// The question that a token stands for.
    pub(crate) fn question(&self, token: Token) -> Option<Question> {
        let (_, question) = self.catch_up.as_ref()?.outstanding.get(&token)?;
        Some(question.clone())
    }

    /// The answer to a question came, one way or another.
    pub(crate) fn question_settled(&mut self, now: Now, token: Token, changed: bool) {
        let Some(catch_up) = &mut self.catch_up else { return };
        if let Some((deadline, _)) = catch_up.outstanding.remove(&token) {
            catch_up.changed += usize::from(changed);
            self.forget_outcome(token, deadline);
            self.continue_catching_up(now);
        }
    }

    pub(crate) fn query_answered(&mut self, now: Now, token: Token, report: AgentStateReport) {
        let changed = self.take_report(now, report);
        self.question_settled(now, token, changed);
    }

    /// The server would not or could not tell.
    pub(crate) fn query_failed(&mut self, now: Now, token: Token, failure: &CtiFailure) {
        match self.question(token) {
            Some(Question::Agent(agent)) => self.state_not_told(now, token, &agent, failure),
            Some(question) => self.snapshot_failed(now, token, &question, failure),
            None => self.stray_answered(now, token, Stray::NotTold(failure.clone())),
        }
    }

    /// A server that knows no such agent has it signed out; otherwise what was known before stays.
    fn state_not_told(&mut self, now: Now, token: Token, agent: &AgentId, failure: &CtiFailure) {
        let why = crate::agent::failure_text(failure);
        self.note(Note::StateNotTold { agent: agent.clone(), why });
        let refused = matches!(failure, CtiFailure::Refused { .. });
        let changed = refused
            && self.take_report(
                now,
                AgentStateReport {
                    agent: agent.clone(),
                    extension: None,
                    place: PlaceReport::default(),
                    state: State::Logout,
                    reason: None,
                    next: None,
                    answers: Some(token),
                },
            );
        self.question_settled(now, token, changed);
    }

    /// Tells of the system as it is, when something has changed that the floor does not know.
    pub fn tell_system(&mut self, now: Now) {
        self.publish_system(now);
    }

    fn publish_system(&mut self, now: Now) {
        let system = Box::new(self.system.clone());
        self.publish(Change::System { system, at: now.wall });
    }
}

impl CatchUp {
    fn next(&mut self) -> Option<Question> {
        if self.outstanding.len() >= QUERIES_OUTSTANDING_MAX {
            return None;
        }
        let question = self.to_ask.pop_front()?;
        self.asked += usize::from(matches!(question, Question::Agent(_)));
        Some(question)
    }

    /// The stage after this one, which has all its answers.
    fn next_stage(&mut self) -> Option<Stage> {
        let next = match self.stage {
            Stage::Agents => Stage::Devices,
            Stage::Devices => Stage::Calls,
            Stage::Calls => return None,
        };
        if !self.outstanding.is_empty() {
            return None;
        }
        self.stage = next;
        Some(next)
    }
}

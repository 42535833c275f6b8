//! The floor itself.

use crate::agent::Record;
use crate::dialog::{CallId, Dialogs};
use crate::system::{CatchUp, Cti};
use crate::{
    AgentId, Change, Connection, CtiCommand, CtiFailure, CtiInput, Note, Now, Output, Policy, Queue, QueueId,
    ReasonCode, Roster, System, Team, TeamId, Token, WrapUpReason,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

/// The contact-centre floor. One owner; see the crate's documentation for the four kinds of method.
#[derive(Debug)]
pub struct Floor {
    pub(crate) policy: Policy,
    pub(crate) teams: BTreeMap<TeamId, Arc<Team>>,
    pub(crate) reasons: Vec<Arc<ReasonCode>>,
    pub(crate) wrap_up_reasons: Vec<WrapUpReason>,
    pub(crate) records: BTreeMap<AgentId, Record>,
    /// loginName in lower case.
    pub(crate) login_names: BTreeMap<String, AgentId>,
    pub(crate) system: System,
    pub(crate) catch_up: Option<CatchUp>,
    pub(crate) watch_generation: u64,
    pub(crate) dialogs: Dialogs,
    pub(crate) queues: BTreeMap<QueueId, Queue>,
    last_token: u64,
    /// Commands whose outcome is awaited.
    expected: BTreeMap<Token, Purpose>,
    timers: BTreeSet<(Instant, Timer)>,
    outputs: VecDeque<Output>,
}

/// What a command was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Something is asked for after the link came up.
    Query,
    /// Somebody's request to change an agent.
    Request(AgentId),
    /// Presence-driven logout.
    ForcedLogout(AgentId),
    /// Somebody's request about a call.
    Call,
}

/// What a deadline is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A command's outcome.
    Outcome(Token),
    /// An agent's return, in this generation of its watch.
    Watch(AgentId, u64),
    /// The end of a call in which nobody is left.
    Call(CallId),
    /// An agent's leaving of a call, or wrap-up after it.
    Viewing(CallId, AgentId),
}

impl Floor {
    /// A floor where everybody is signed out as far as is known, out of service until the CTI link is up.
    pub fn new(roster: Roster, policy: Policy) -> Self {
        let teams: BTreeMap<TeamId, Arc<Team>> =
            roster.teams.into_iter().map(|team| (team.id, Arc::new(team))).collect();
        let mut records = BTreeMap::new();
        let mut login_names = BTreeMap::new();
        for profile in roster.agents {
            let unlisted = || Arc::new(Team { id: profile.team, name: String::new() });
            let team = teams.get(&profile.team).cloned().unwrap_or_else(unlisted);
            let supervises = profile.supervises.iter().filter_map(|id| teams.get(id).cloned()).collect();
            login_names.insert(profile.login_name.to_lowercase(), profile.id.clone());
            records.insert(profile.id.clone(), Record::new(Arc::new(profile), team, supervises));
        }
        Self {
            policy,
            teams,
            reasons: roster.reason_codes.into_iter().map(Arc::new).collect(),
            wrap_up_reasons: Vec::new(),
            records,
            login_names,
            system: System { status_reason: "No link to the CTI server yet".to_owned(), ..System::default() },
            catch_up: None,
            watch_generation: 0,
            dialogs: Dialogs::default(),
            queues: BTreeMap::new(),
            last_token: 0,
            expected: BTreeMap::new(),
            timers: BTreeSet::new(),
            outputs: VecDeque::new(),
        }
    }

    /// Something from the CTI link.
    pub fn handle_cti(&mut self, now: Now, input: CtiInput) {
        match input {
            CtiInput::LinkUp { version, peripheral_id, heartbeat_secs, server } => {
                let opened_at = now.wall;
                self.link_up(now, Cti { version, peripheral_id, heartbeat_secs, server, opened_at });
            }
            CtiInput::LinkDown { reason } => self.link_down(now, &reason),
            CtiInput::HeartbeatConfirmed => self.heartbeat_confirmed(now),
            CtiInput::HeartbeatMissed => self.heartbeat_missed(),
            CtiInput::AgentState(report) => match report.answers {
                Some(token) => self.query_answered(now, token, report),
                None => {
                    self.take_report(now, report);
                }
            },
            CtiInput::Call(event) => self.take_call_event(now, event),
            CtiInput::DeviceSnapshot { token, calls } => self.device_answered(now, token, calls),
            CtiInput::CallSnapshot { token, snapshot } => self.call_answered(now, token, snapshot),
            CtiInput::Queue(report) => self.take_queue_report(now, report),
            CtiInput::Confirmed { token } => self.confirmed(now, token, None),
            CtiInput::Placed { token, connection } => self.confirmed(now, token, Some(connection)),
            CtiInput::Failed { token, failure } => self.failed(now, token, &failure),
        }
    }

    /// Time has come to a deadline, or passed it.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some((_, timer)) = self.timers.first().filter(|(at, _)| *at <= now.instant).cloned() {
            self.timers.pop_first();
            match timer {
                Timer::Outcome(token) => self.failed(now, token, &CtiFailure::TimedOut),
                Timer::Watch(id, generation) => self.watch_expired(now, &id, generation),
                Timer::Call(id) => self.call_timed_out(now, id),
                Timer::Viewing(id, _) => self.settle(now, id),
            }
        }
    }

    /// The next thing to do. Drain it after each mutation.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`Floor::handle_timeout`] next.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.first().map(|(at, _)| *at)
    }

    fn confirmed(&mut self, now: Now, token: Token, placed: Option<Connection>) {
        match self.expected.get(&token).cloned() {
            Some(Purpose::Request(id)) => self.request_confirmed(now, &id),
            Some(Purpose::Call) => self.call_order_confirmed(now, token, placed),
            // The event of a forced logout and the answer to a question carry all that matters.
            Some(Purpose::ForcedLogout(_) | Purpose::Query) => {}
            // An event may overtake the confirmation and settle the command.
            None => {}
        }
    }

    fn failed(&mut self, now: Now, token: Token, failure: &CtiFailure) {
        match self.expected.get(&token).cloned() {
            Some(Purpose::Request(id)) => self.request_failed(now, &id, failure),
            Some(Purpose::ForcedLogout(id)) => self.forced_logout_failed(now, &id, failure),
            Some(Purpose::Query) => self.query_failed(now, token, failure),
            Some(Purpose::Call) => self.call_order_failed(now, token, failure),
            None => self.note(Note::LateOutcome),
        }
    }

    pub(crate) fn next_token(&mut self) -> Token {
        self.last_token += 1;
        Token(self.last_token)
    }

    pub(crate) fn expect_outcome(&mut self, token: Token, purpose: Purpose, by: Instant) {
        self.expected.insert(token, purpose);
        self.start_timer(by, Timer::Outcome(token));
    }

    pub(crate) fn forget_outcome(&mut self, token: Token, by: Instant) {
        self.expected.remove(&token);
        self.stop_timer(by, Timer::Outcome(token));
    }

    pub(crate) fn start_timer(&mut self, at: Instant, timer: Timer) {
        self.timers.insert((at, timer));
    }

    pub(crate) fn stop_timer(&mut self, at: Instant, timer: Timer) {
        self.timers.remove(&(at, timer));
    }

    pub(crate) fn publish(&mut self, change: Change) {
        self.outputs.push_back(Output::Change(change));
    }

    pub(crate) fn put_out(&mut self, command: CtiCommand) {
        self.outputs.push_back(Output::Cti(command));
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.outputs.push_back(Output::Note(note));
    }
}

//! The floor itself.

use crate::agent::Record;
use crate::system::{CatchUp, Cti};
use crate::{
    AgentId, Change, CtiCommand, CtiFailure, CtiInput, Note, Now, Output, Policy, ReasonCode, Roster, System,
    Team, TeamId, Token,
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
    pub(crate) records: BTreeMap<AgentId, Record>,
    /// loginName in lower case.
    pub(crate) login_names: BTreeMap<String, AgentId>,
    pub(crate) system: System,
    pub(crate) catch_up: Option<CatchUp>,
    pub(crate) watch_generation: u64,
    last_token: u64,
    /// Commands whose outcome is awaited.
    expected: BTreeMap<Token, (AgentId, Purpose)>,
    timers: BTreeSet<(Instant, Timer)>,
    outputs: VecDeque<Output>,
}

/// What a command was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An agent's state is asked for.
    Query,
    /// Somebody's request.
    Request,
    /// Presence-driven logout.
    ForcedLogout,
}

/// What a deadline is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A command's outcome.
    Outcome(Token),
    /// An agent's return, in this generation of its watch.
    Watch(AgentId, u64),
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
            records,
            login_names,
            system: System { status_reason: "No link to the CTI server yet".to_owned(), ..System::default() },
            catch_up: None,
            watch_generation: 0,
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
            CtiInput::AgentState(report) => match report.answers {
                Some(token) => self.query_answered(now, token, report),
                None => {
                    self.take_report(now, report);
                }
            },
            // Dialogs are on their way; until then calls are not followed.
            CtiInput::Call(_) | CtiInput::DeviceSnapshot { .. } | CtiInput::CallSnapshot { .. } => {}
            CtiInput::Confirmed { token } | CtiInput::Placed { token, .. } => self.confirmed(now, token),
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

    fn confirmed(&mut self, now: Now, token: Token) {
        match self.expected.get(&token).cloned() {
            Some((id, Purpose::Request)) => self.request_confirmed(now, &id),
            // The event of a forced logout and the answer to a question carry all that matters.
            Some((_, Purpose::ForcedLogout | Purpose::Query)) => {}
            // An event may overtake the confirmation and settle the command.
            None => {}
        }
    }

    fn failed(&mut self, now: Now, token: Token, failure: &CtiFailure) {
        match self.expected.get(&token).cloned() {
            Some((id, Purpose::Request)) => self.request_failed(now, &id, failure),
            Some((id, Purpose::ForcedLogout)) => self.forced_logout_failed(now, &id, failure),
            Some((id, Purpose::Query)) => self.query_failed(now, token, &id, failure),
            None => self.note(Note::LateOutcome),
        }
    }

    pub(crate) fn next_token(&mut self) -> Token {
        self.last_token += 1;
        Token(self.last_token)
    }

    pub(crate) fn expect_outcome(&mut self, token: Token, agent: AgentId, purpose: Purpose, by: Instant) {
        self.expected.insert(token, (agent, purpose));
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

//! One agent's lines of the journal, put together again.

use crate::journal::{Brief, Ended, Record, SERVER_DIED, Session, What};
use jiff::Timestamp;
use std::collections::HashMap;

/// One session.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) session: Session,
    pub(super) opened: Timestamp,
    pub(super) end: End,
}

#[derive(Clone, Debug)]
pub(super) enum End {
    Open,
    Ended(Timestamp, Box<Ended>),
    /// The server died with the session; it was last heard of then.
    ServerDied(Timestamp),
}

impl Life {
    pub(super) fn ended(&self) -> Option<Timestamp> {
        match &self.end {
            End::Open => None,
            End::Ended(at, _) | End::ServerDied(at) => Some(*at),
        }
    }

    /// The name of the reason of its end.
    pub(super) fn reason(&self) -> Option<&str> {
        match &self.end {
            End::Open => None,
            End::Ended(_, ended) => Some(&ended.reason),
            End::ServerDied(_) => Some(SERVER_DIED),
        }
    }

    pub(super) fn tombstone(&self) -> Option<&Ended> {
        match &self.end {
            End::Ended(_, ended) => Some(ended),
            _ => None,
        }
    }

    pub(super) fn is_open_at(&self, at: Timestamp) -> bool {
        self.opened <= at && self.ended().is_none_or(|ended| ended > at)
    }
}

/// What is known of one agent, and of the server meanwhile.
#[derive(Debug, Default)]
pub(super) struct History {
    /// loginId.
    pub(super) user: String,
    pub(super) login: Option<String>,
    /// By their beginning.
    pub(super) lives: Vec<Life>,
    /// Watches and refused sign-ins of the agent; server, CTI link and system. Oldest first.
    pub(super) events: Vec<Record>,
    /// Unwanted ends of other users' sessions: when, whose.
    pub(super) others: Vec<(Timestamp, String)>,
    /// The first record of the journal.
    pub(super) begins: Timestamp,
    pub(super) is_running: bool,
}

/// Takes the journal's lines, oldest first.
pub(super) struct Collector<'a> {
    name: &'a str,
    user: Option<String>,
    history: History,
    /// Places of open sessions among the lives.
    open: HashMap<String, usize>,
    is_up: bool,
    first: Option<Timestamp>,
    last: Timestamp,
}

impl<'a> Collector<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        let history = History::default();
        let last = Timestamp::UNIX_EPOCH;
        Self { name, user: None, history, open: HashMap::new(), is_up: false, first: None, last }
    }

    /// A line of the journal; what is no record is passed over.
    pub(super) fn take(&mut self, line: &[u8]) {
        let Some(brief) = Brief::parse(line) else { return };
        self.first.get_or_insert(brief.at);
        let is_session = matches!(&*brief.kind, "session-opened" | "session-ended");
        if is_session && !self.is_asked(brief.user.as_deref(), brief.login.as_deref()) {
            let is_unwanted =
                brief.kind == "session-ended" && brief.reason.as_deref() != Some("client-terminate");
            if let (Some(user), true) = (brief.user, is_unwanted) {
                self.history.others.push((brief.at, user.into_owned()));
            }
        } else if let Some(record) = Record::parse(line) {
            self.take_record(record);
        }
        self.last = self.last.max(brief.at);
    }

    fn take_record(&mut self, Record { at, what }: Record) {
        match what {
            What::SessionOpened(session) => {
                self.open.insert(session.session.clone(), self.history.lives.len());
                self.history.lives.push(Life { session, opened: at, end: End::Open });
            }
            What::SessionEnded(ended) => self.take_end(at, ended),
            What::Unknown => {}
            what => self.take_event(Record { at, what }),
        }
    }

    fn take_end(&mut self, at: Timestamp, ended: Box<Ended>) {
        match self.open.remove(&ended.session.session) {
            Some(index) => self.history.lives[index].end = End::Ended(at, ended),
            // its beginning is forgotten
            None => {
                let (session, opened) = (ended.session.clone(), ended.opened);
                self.history.lives.push(Life { session, opened, end: End::Ended(at, ended) });
            }
        }
    }

    fn take_event(&mut self, record: Record) {
        match &record.what {
            What::ServerStarted { .. } => {
                self.bury_open();
                self.is_up = true;
            }
            What::ServerStopped => self.is_up = false,
            What::SignInRefused { user, login, .. } if !self.is_asked(user.as_deref(), login.as_deref()) => {
                return;
            }
            What::PollCut { user, .. } | What::PollGap { user, .. } | What::Backlog { user, .. }
                if self.user.as_deref() != Some(user.as_str()) =>
            {
                return;
            }
            What::LateRequest { session, .. }
                if !self.history.lives.iter().any(|life| life.session.session == *session) =>
            {
                return;
            }
            What::Probe(_) | What::UnknownSession { .. } => return,
            What::WatchStarted { user, login, .. }
            | What::Returned { user, login, .. }
            | What::WatchEnded { user, login }
            | What::ForcedLogout { user, login }
            | What::ForcedLogoutDeferred { user, login }
            | What::ForcedLogoutFailed { user, login, .. }
                if !self.is_asked(Some(user), login.as_deref()) =>
            {
                return;
            }
            _ => {}
        }
        self.history.events.push(record);
    }

    /// Whatever is still open has died with its server, which was last heard of then.
    fn bury_open(&mut self) {
        for (_, index) in self.open.drain() {
            self.history.lives[index].end = End::ServerDied(self.last);
        }
    }

    fn is_asked(&mut self, user: Option<&str>, login: Option<&str>) -> bool {
        let Some(user) = user else { return false };
        let is_asked = match &self.user {
            Some(known) => known == user,
            None => user == self.name || login.is_some_and(|login| login.eq_ignore_ascii_case(self.name)),
        };
        if is_asked && self.user.is_none() {
            self.user = Some(user.to_owned());
            self.history.login = login.map(str::to_owned);
        }
        is_asked
    }

    /// `None` when nothing is known of the agent.
    pub(super) fn finish(mut self, is_running: bool) -> Option<History> {
        let user = self.user.take()?;
        if self.is_up && !is_running {
            self.bury_open();
        }
        let mut history = self.history;
        history.user = user;
        history.lives.sort_by_key(|life| life.opened);
        history.events.sort_by_key(|record| record.at);
        history.begins = self.first.unwrap_or_default();
        history.is_running = is_running;
        Some(history)
    }
}

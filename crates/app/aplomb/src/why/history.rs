//! One agent's lines of the journal, put together again.

use crate::journal::{Ended, Record, SERVER_DIED, Session, What};
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
        if let Some(record) = Record::parse(line) {
            self.take_record(record);
        }
    }

    fn take_record(&mut self, record: Record) {
        let at = record.at;
        self.first.get_or_insert(at);
        match record.what {
            What::SessionOpened(session) if self.is_asked(session.user.as_ref(), session.login.as_ref()) => {
                self.open.insert(session.session.clone(), self.history.lives.len());
                self.history.lives.push(Life { session, opened: at, end: End::Open });
            }
            What::SessionEnded(ended)
                if self.is_asked(ended.session.user.as_ref(), ended.session.login.as_ref()) =>
            {
                self.take_end(at, ended);
            }
            What::SessionEnded(ended) => {
                let is_unwanted = ended.reason != "client-terminate";
                if let (Some(user), true) = (ended.session.user, is_unwanted) {
                    self.history.others.push((at, user));
                }
            }
            What::SessionOpened(_) | What::Unknown => {}
            what => self.take_event(Record { at, what }),
        }
        self.last = self.last.max(at);
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
            What::SignInRefused { user, login, .. } if !self.is_asked(user.as_ref(), login.as_ref()) => {
                return;
            }
            What::WatchStarted { user, login, .. }
            | What::Returned { user, login, .. }
            | What::WatchEnded { user, login }
            | What::ForcedLogout { user, login }
            | What::ForcedLogoutDeferred { user, login }
            | What::ForcedLogoutFailed { user, login, .. }
                if !self.is_asked(Some(user), login.as_ref()) =>
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

    fn is_asked(&mut self, user: Option<&String>, login: Option<&String>) -> bool {
        let Some(user) = user else { return false };
        let is_asked = match &self.user {
            Some(known) => known == user,
            None => user == self.name || login.is_some_and(|login| login.eq_ignore_ascii_case(self.name)),
        };
        if is_asked && self.user.is_none() {
            self.user = Some(user.clone());
            self.history.login = login.cloned();
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

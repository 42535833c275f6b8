//! One session, spoken in GED-188 with the server and in the floor's words with the floor. No socket, no clock: the
//! link's connection drives it, and tests and tools can drive it likewise.

use crate::hygiene::Hygiene;
use crate::round::Rounds;
use crate::strange::Strange;
use crate::translate::{agent, call, queue, standby, system};
use crate::{Config, Metrics, trace};
use bytes::Bytes;
use floor::{AgentId, CallId, CtiCommand, CtiFailure, CtiInput, QueueId, Token};
use ged188::client::{Client, Counters, Output, Reason, RequestError};
use ged188::{Message, Status};
use std::sync::Arc;
use std::time::Instant;

/// STANDBY_ACTIVE_EVENT_MSG: a standby server has become the active one.
const STANDBY_ACTIVE: u32 = 277;

/// SessionType of OPEN_CONF: the server is a standby.
const SESSION_STANDBY: u16 = 2;

/// What a request in the session was for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// An agent's state was to change.
    Set(Token),
    /// An agent's state was asked for.
    Query(Token, AgentId),
    /// Something was to happen to a call.
    Order(Token),
    /// The calls at a device were asked for.
    Device(Token),
    /// A call was asked for.
    Call(Token, CallId),
    /// A queue's statistics were asked for.
    Queue(QueueId),
}

impl Asked {
    /// Pairs the outcome with a command of the floor; `None` for what the link asks by itself.
    fn token(&self) -> Option<Token> {
        match self {
            Self::Queue(_) => None,
            Self::Set(token)
            | Self::Query(token, _)
            | Self::Order(token)
            | Self::Device(token)
            | Self::Call(token, _) => Some(*token),
        }
    }
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// OPEN_REQ is under way.
    Opening,
    /// The server takes requests and sends events.
    Active,
    /// The server waits for its turn: heartbeats only.
    Standby,
}

/// What the owner has to do or to know.
#[derive(Debug)]
pub enum Said {
    /// Write these bytes to the server.
    Send(Bytes),
    /// The session opened as this, or the standby became the active one. What follows is for the floor.
    Became(Role),
    /// The floor is to know this.
    Tell(CtiInput),
    /// The session is over; nothing follows.
    Ended(Reason),
}

/// One session with one server.
pub struct Interpreter {
    config: Arc<Config>,
    metrics: Metrics,
    server: Arc<str>,
    version: u32,
    role: Role,
    session: Client<Asked>,
    counted: Counters,
    rounds: Rounds,
    strange: Strange,
    hygiene: Hygiene,
    standby_ready: bool,
}

impl Interpreter {
    /// Begins a session at this version on a connection that was just made: OPEN_REQ is the first output.
    pub fn new(now: Instant, config: Arc<Config>, metrics: Metrics, server: Arc<str>, version: u32) -> Self {
        Self {
            session: Client::new(now, config.session(version)),
            rounds: Rounds::new(config.queues.clone(), config.queue_interval, now),
            strange: Strange::new(server.clone()),
            hygiene: Hygiene::new(metrics.clone()),
            role: Role::Opening,
            counted: Counters::default(),
            standby_ready: false,
            config,
            metrics,
            server,
            version,
        }
    }

    /// `host:port` of the server.
    pub fn server(&self) -> &Arc<str> {
        &self.server
    }

    /// The protocol version that was asked for.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// How far the session has come.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What the floor is told when the session is an active one.
    pub fn link_up(&self) -> CtiInput {
        system::link_up(&self.config, self.version, &self.server)
    }

    /// Whether [`Interpreter::command`] can be taken now.
    pub fn has_room(&self) -> bool {
        self.session.has_room()
    }

    /// Takes what the server sent.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        self.session.handle_bytes(now, bytes);
    }

    /// The connection is gone.
    pub fn handle_closed(&mut self) {
        self.session.handle_closed();
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.session.handle_timeout(now);
    }

    /// When to call [`Interpreter::handle_timeout`] or, for an active session, [`Interpreter::ask_for_queues`];
    /// `None` when it is over.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let queues = self.rounds.due().filter(|_| self.role == Role::Active);
        self.session.poll_timeout().map(|own| queues.map_or(own, |due| due.min(own)))
    }

    /// Tells whether the owner reads what the server sends; see [`Client::set_listening`].
    pub fn set_listening(&mut self, listening: bool) {
        self.session.set_listening(listening);
    }

    /// Tells whether the other side has a standby session of ours: then this one may go into maintenance.
    pub fn set_standby_ready(&mut self, ready: bool) {
        self.standby_ready = ready;
    }

    /// Passes an order or a question of the floor to the server.
    ///
    /// # Errors
    /// What the floor is to be told when the server will never see it.
    pub fn command(&mut self, now: Instant, command: CtiCommand) -> Result<(), CtiFailure> {
        if let CtiCommand::SetAgentState(order) = &command
            && order.place.terminal.is_some()
            && !self.config.knows_terminals(self.version)
        {
            // Left out, the calls would ring at another telephone than the agent has chosen.
            return Err(agent::no_terminals());
        }
        let (asked, request) = self.request(command);
        trace::sent(&self.server, &request);
        self.session.request(now, asked, &request).map_err(|error| match error {
            RequestError::Encode(error) => {
                tracing::warn!(server = &*self.server, %error, "an order does not fit the CTI protocol");
                agent::unsendable(&error)
            }
            _ => CtiFailure::LinkDown,
        })
    }

    fn request(&self, command: CtiCommand) -> (Asked, Message) {
        let Config { peripheral_id, flavour, .. } = *self.config;
        match command {
            CtiCommand::SetAgentState(order) => {
                let request = agent::set_request(&order, peripheral_id, flavour);
                (Asked::Set(order.token), Message::from(request))
            }
            CtiCommand::QueryAgentState { token, agent } => {
                let request = agent::query_request(&agent, peripheral_id, flavour);
                (Asked::Query(token, agent), Message::from(request))
            }
            CtiCommand::Call(order) => (Asked::Order(order.token), call::request(&order, peripheral_id)),
            CtiCommand::SnapshotDevice { token, instrument } => {
                (Asked::Device(token), call::device_request(&instrument, peripheral_id))
            }
            CtiCommand::SnapshotCall { token, connection } => {
                (Asked::Call(token, connection.call), call::call_request(&connection, peripheral_id))
            }
        }
    }

    /// Asks for the queues whose time has come. The floor's commands go first.
    pub fn ask_for_queues(&mut self, now: Instant) {
        while self.session.has_room()
            && let Some(queue) = self.rounds.next(now)
        {
            let request = queue::request(queue, self.config.peripheral_id);
            // four numbers: it always fits, and there is room
            let _ = self.session.request(now, Asked::Queue(queue), &request);
        }
    }

    /// Tells the server that nothing more will be asked of this side (active/standby).
    pub fn leave(&mut self) {
        let _ = self.session.tell(&standby::stopping_requests());
    }

    /// Says good-bye.
    pub fn close(&mut self, now: Instant) {
        self.session.close(now, Status::NO_ERROR);
    }

    /// The next thing to do or to know. Drain it after each mutation.
    pub fn poll_output(&mut self) -> Option<Said> {
        while let Some(output) = self.session.poll_output() {
            if let Some(said) = self.said(output) {
                return Some(said);
            }
        }
        let counters = self.session.counters();
        self.metrics.add(std::mem::replace(&mut self.counted, counters), counters);
        None
    }

    fn said(&mut self, output: Output<Asked>) -> Option<Said> {
        let input = match output {
            Output::Send(bytes) => return Some(Said::Send(bytes)),
            Output::Ended(reason) => return Some(Said::Ended(reason)),
            Output::Opened(conf) => {
                self.role = Role::Active;
                if conf.session_type == SESSION_STANDBY && self.config.knows_standby(self.version) {
                    self.role = Role::Standby;
                }
                system::log_opened(&conf, self.version, self.role, &self.server);
                return Some(Said::Became(self.role));
            }
            Output::Received(message) if message.kind() == STANDBY_ACTIVE => {
                tracing::info!(server = &*self.server, "the standby CTI server has become the active one");
                self.role = Role::Active;
                return Some(Said::Became(Role::Active));
            }
            Output::Received(message) => self.received(&message),
            Output::Confirmed { tag, message } => self.confirmed(tag, &message),
            Output::Failed { tag, failure } => match tag.token() {
                Some(token) => Some(CtiInput::Failed { token, failure: agent::failure(failure) }),
                None => {
                    self.strange.log_unanswered(&tag, &failure);
                    None
                }
            },
            Output::HeartbeatConfirmed => Some(CtiInput::HeartbeatConfirmed),
            missed @ Output::HeartbeatMissed { .. } => {
                self.strange.log(&missed);
                Some(CtiInput::HeartbeatMissed)
            }
            output => {
                self.strange.log(&output);
                None
            }
        };
        input.map(Said::Tell)
    }

    fn received(&mut self, message: &Message) -> Option<CtiInput> {
        self.strange.log_unknown(message);
        trace::received(&self.server, message);
        if let Some(answer) = standby::answer(message, self.standby_ready, &self.server) {
            // It always fits, and the session is open.
            let _ = self.session.tell(&answer);
        }
        match message {
            Message::AgentStateEvent(event) => {
                agent::report(event, &mut self.hygiene).map(CtiInput::AgentState)
            }
            Message::SystemEvent(event) => {
                system::log_event(event, &self.server);
                None
            }
            message => {
                let has_whole_ecc = self.config.updates_have_whole_ecc(self.version);
                call::event_at(message, has_whole_ecc, &mut self.hygiene).map(CtiInput::Call)
            }
        }
    }

    fn confirmed(&mut self, asked: Asked, message: &Message) -> Option<CtiInput> {
        self.strange.log_unknown(message);
        trace::received(&self.server, message);
        let hygiene = &mut self.hygiene;
        let input = match (asked, message) {
            (Asked::Query(token, agent), Message::QueryAgentStateConf(conf)) => {
                CtiInput::AgentState(agent::answer(conf, agent, token, hygiene))
            }
            (Asked::Device(token), Message::SnapshotDeviceConf(conf)) => {
                CtiInput::DeviceSnapshot { token, calls: call::device(conf, hygiene) }
            }
            (Asked::Call(token, asked), Message::SnapshotCallConf(conf)) => {
                CtiInput::CallSnapshot { token, snapshot: call::call(conf, asked, hygiene) }
            }
            (Asked::Queue(queue), Message::QuerySkillGroupStatisticsConf(conf)) => {
                CtiInput::Queue(queue::report(conf, queue))
            }
            (asked, message) => return asked.token().map(|token| call::answer(message, token, hygiene)),
        };
        Some(input)
    }
}

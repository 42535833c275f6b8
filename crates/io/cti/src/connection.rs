//! One connection and its session: wait for socket, mailbox or deadline; make one mutation; drain; write.

mod open;
mod strange;

pub(crate) use open::connect;

use crate::floor_side::{FloorSide, Happened};
use crate::hygiene::Hygiene;
use crate::record::Tape;
use crate::round::Rounds;
use crate::stream::{Moved, Stream};
use crate::translate::{agent, call, queue, system};
use crate::{Config, Metrics, limits};
use bytes::{Buf, BytesMut};
use floor::{AgentId, CallId, CtiCommand, CtiFailure, CtiInput, QueueId, Token};
use ged188::client::{Client, Counters, Output, Reason, RequestError};
use ged188::{Message, Status};
use std::sync::Arc;
use strange::Strange;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep_until};

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

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// OPEN_REQ is under way.
    Opening,
    /// The server takes requests and sends events.
    Active,
    /// The server waits for its turn: heartbeats only.
    Standby,
}

/// How the serving of a connection ended.
pub(crate) enum End {
    /// The session is over.
    Ended(Reason),
    /// The link was told to stop, and the session is closed.
    Stopped(Reason),
    /// The standby side has become the active one and this one is left.
    Replaced(Box<Connection>),
}

/// One connection.
pub(crate) struct Connection {
    config: Arc<Config>,
    metrics: Metrics,
    server: Arc<str>,
    version: u32,
    role: Role,
    stream: Stream,
    session: Client<Asked>,
    counted: Counters,
    received: Box<[u8]>,
    unsent: BytesMut,
    since: Option<Instant>,
    ended: Option<Reason>,
    stopping: bool,
    rounds: Rounds,
    tape: Option<Tape>,
    strange: Strange,
}

impl Connection {
    fn new(config: Arc<Config>, metrics: Metrics, server: Arc<str>, version: u32, stream: Stream) -> Self {
        Self {
            session: Client::new(Instant::now().into_std(), config.session(version)),
            tape: tape(&config, &server, version),
            rounds: Rounds::new(config.queues.clone(), config.queue_interval, Instant::now()),
            config,
            metrics,
            strange: Strange::new(server.clone()),
            server,
            version,
            role: Role::Opening,
            stream,
            counted: Counters::default(),
            received: vec![0; limits::READ_BYTES].into(),
            unsent: BytesMut::new(),
            since: None,
            ended: None,
            stopping: false,
        }
    }

    /// `host:port` of the server.
    pub(crate) fn server(&self) -> &Arc<str> {
        &self.server
    }

    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    /// Since when the session is open.
    pub(crate) fn since(&self) -> Option<Instant> {
        self.since
    }

    /// Works until the session is open or over, or a standby has become active: that is, until the role changes.
    pub(crate) async fn until_role_changes(&mut self) -> Result<Role, Reason> {
        let role = self.role;
        loop {
            self.drain(None);
            if let Some(reason) = self.ended.take() {
                self.hang_up(&reason);
                return Err(reason);
            }
            if self.role != role {
                return Ok(self.role);
            }
            self.wait(None).await;
        }
    }

    /// Serves the floor over an active session until it ends, or until another connection takes its place.
    pub(crate) async fn serve(
        &mut self,
        floor: &mut FloorSide,
        hygiene: &mut Hygiene,
        companion: &mut crate::companion::Slot,
    ) -> End {
        loop {
            self.take_commands(floor);
            self.ask_for_queues();
            self.drain(Some((&mut *floor, &mut *hygiene, companion.is_ready())));
            if let Some(reason) = self.ended.take() {
                self.hang_up(&reason);
                return if self.stopping { End::Stopped(reason) } else { End::Ended(reason) };
            }
            tokio::select! {
                () = self.wait(Some(floor)) => {}
                next = companion.handover(), if !self.stopping => return End::Replaced(next),
            }
        }
    }

    /// Tells the server that nothing more will be asked of this side (active/standby), and writes what is unsent.
    pub(crate) async fn leave(mut self, within: std::time::Duration) {
        let stopping = crate::translate::standby::stopping_requests();
        let _ = self.session.tell(&stopping);
        self.drain(None);
        let write = async {
            self.stream.write_all(&self.unsent).await?;
            self.stream.flush().await
        };
        let _ = tokio::time::timeout(within, write).await;
        tracing::info!(server = &*self.server, "CTI link leaves this side: the other is active now");
    }

    /// Waits until something happens, and lets the session know. Dropping the wait loses nothing.
    async fn wait(&mut self, floor: Option<&mut FloorSide>) {
        // Heartbeats go on while the floor is too far behind for us to read.
        let serving = floor.is_some() && !self.stopping;
        let listening = self.stopping || floor.as_ref().is_none_or(|floor| floor.has_room());
        self.session.set_listening(listening);
        let deadline = self.session.poll_timeout().map_or_else(Instant::now, Instant::from_std);
        let queues_due = self.rounds.due().filter(|_| serving);
        let deadline = queues_due.map_or(deadline, |due| due.min(deadline));
        let progress = async {
            match floor {
                Some(floor) => floor.progress().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            happened = progress, if serving => if let Happened::Stop = happened {
                self.stopping = true;
                self.session.close(Instant::now().into_std(), Status::NO_ERROR);
            },
            moved = self.stream.moved(listening.then_some(&mut self.received), &self.unsent) => match moved {
                Ok(Moved::Read(0)) | Err(_) => self.session.handle_closed(),
                Ok(Moved::Read(bytes)) => {
                    if let Some(tape) = &mut self.tape {
                        tape.received(&self.received[..bytes]);
                    }
                    self.session.handle_bytes(Instant::now().into_std(), &self.received[..bytes]);
                }
                Ok(Moved::Wrote(bytes)) => self.unsent.advance(bytes),
            },
            () = sleep_until(deadline) => self.session.handle_timeout(Instant::now().into_std()),
        }
    }

    /// GED-188, "Connection Management": the connection is reset, not closed, unless the two agreed on the end.
    fn hang_up(&self, reason: &Reason) {
        if reason.wants_reset() {
            self.stream.reset_on_drop();
        }
    }

    /// Passes commands to the session as far as it has room.
    fn take_commands(&mut self, floor: &mut FloorSide) {
        while !self.stopping && self.session.has_room() && self.unsent.len() < limits::UNSENT_BYTES_MAX {
            let Some(command) = floor.next_command() else { return };
            let token = command.token();
            let Err(failure) = self.ask(command) else { continue };
            floor.tell(CtiInput::Failed { token, failure });
        }
    }

    /// Asks for the queues whose time has come. The floor's commands go first.
    fn ask_for_queues(&mut self) {
        let now = Instant::now();
        while !self.stopping
            && self.session.has_room()
            && let Some(queue) = self.rounds.next(now)
        {
            let request = queue::request(queue, self.config.peripheral_id);
            // four numbers: it always fits, and there is room
            let _ = self.session.request(now.into_std(), Asked::Queue(queue), &request);
        }
    }

    fn ask(&mut self, command: CtiCommand) -> Result<(), CtiFailure> {
        let peripheral_id = self.config.peripheral_id;
        let (asked, request) = match command {
            CtiCommand::SetAgentState(order) => {
                let request = agent::set_request(&order, peripheral_id);
                (Asked::Set(order.token), Message::from(request))
            }
            CtiCommand::QueryAgentState { token, agent } => {
                let request = agent::query_request(&agent, peripheral_id);
                (Asked::Query(token, agent), Message::from(request))
            }
            CtiCommand::Call(order) => (Asked::Order(order.token), call::request(&order, peripheral_id)),
            CtiCommand::SnapshotDevice { token, instrument } => {
                (Asked::Device(token), call::device_request(&instrument, peripheral_id))
            }
            CtiCommand::SnapshotCall { token, connection } => {
                (Asked::Call(token, connection.call), call::call_request(&connection, peripheral_id))
            }
        };
        crate::trace::sent(&self.server, &request);
        self.session.request(Instant::now().into_std(), asked, &request).map_err(|error| match error {
            RequestError::Encode(error) => {
                tracing::warn!(server = &*self.server, %error, "an order does not fit the CTI protocol");
                agent::unsendable(&error)
            }
            _ => CtiFailure::LinkDown,
        })
    }

    /// Does what the session wants done.
    ///
    /// Without a floor it stops where the role changes: what follows is for the floor.
    fn drain(&mut self, mut floor: Option<(&mut FloorSide, &mut Hygiene, bool)>) {
        let role = self.role;
        while (floor.is_some() || self.role == role)
            && let Some(output) = self.session.poll_output()
        {
            let input = match output {
                Output::Send(bytes) => {
                    if let Some(tape) = &mut self.tape {
                        tape.sent(&bytes);
                    }
                    self.unsent.extend_from_slice(&bytes);
                    continue;
                }
                Output::Ended(reason) => {
                    self.ended = Some(reason);
                    continue;
                }
                Output::Opened(conf) => {
                    self.since = Some(Instant::now());
                    self.role = Role::Active;
                    if conf.session_type == SESSION_STANDBY && self.config.knows_standby(self.version) {
                        self.role = Role::Standby;
                    }
                    system::log_opened(&conf, self.version, self.role, &self.server);
                    continue;
                }
                Output::Received(message) if message.kind() == STANDBY_ACTIVE => {
                    tracing::info!(
                        server = &*self.server,
                        "the standby CTI server has become the active one"
                    );
                    self.role = Role::Active;
                    continue;
                }
                Output::Received(message) => match &mut floor {
                    Some((_, hygiene, standby_ready)) => self.received(&message, hygiene, *standby_ready),
                    None => None,
                },
                Output::Confirmed { tag, message } => {
                    floor.as_mut().and_then(|(_, hygiene, _)| self.confirmed(tag, &message, hygiene))
                }
                Output::Failed { tag, failure } => match tag.token() {
                    Some(token) => Some(CtiInput::Failed { token, failure: agent::failure(failure) }),
                    None => {
                        self.strange.log_unanswered(&tag, &failure);
                        continue;
                    }
                },
                Output::HeartbeatConfirmed => Some(CtiInput::HeartbeatConfirmed),
                output => {
                    self.strange.log(&output);
                    continue;
                }
            };
            // A link that is told to stop has nobody to tell.
            if let Some(input) = input.filter(|_| !self.stopping)
                && let Some((floor, _, _)) = &mut floor
            {
                floor.tell(input);
            }
        }
        let counters = self.session.counters();
        self.metrics.add(std::mem::replace(&mut self.counted, counters), counters);
    }

    fn received(
        &mut self,
        message: &Message,
        hygiene: &mut Hygiene,
        standby_ready: bool,
    ) -> Option<CtiInput> {
        self.strange.log_unknown(message);
        crate::trace::received(&self.server, message);
        if let Some(answer) = crate::translate::standby::answer(message, standby_ready, &self.server) {
            // It always fits, and the session is open.
            let _ = self.session.tell(&answer);
        }
        match message {
            Message::AgentStateEvent(event) => agent::report(event, hygiene).map(CtiInput::AgentState),
            Message::SystemEvent(event) => {
                system::log_event(event, &self.server);
                None
            }
            message => call::event(message, hygiene).map(CtiInput::Call),
        }
    }

    fn confirmed(&mut self, asked: Asked, message: &Message, hygiene: &mut Hygiene) -> Option<CtiInput> {
        self.strange.log_unknown(message);
        crate::trace::received(&self.server, message);
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

fn tape(config: &Config, server: &str, version: u32) -> Option<Tape> {
    let recording = config.record.clone()?;
    let position = config.sides.iter().position(|side| side == server).unwrap_or_default();
    let side = (b'A'..=b'Z').nth(position).map_or('Z', char::from);
    Some(Tape::new(recording, side, config.dialect(version), config.record_key))
}

//! One connection and its session: wait for socket, mailbox or deadline; make one mutation; drain; write.

use crate::floor_side::{FloorSide, Happened};
use crate::hygiene::Hygiene;
use crate::translate::{agent, system};
use crate::{Config, Metrics, limits};
use bytes::BytesMut;
use floor::{AgentId, CtiCommand, CtiFailure, CtiInput, Token};
use ged188::client::{Client, Counters, Output, Reason, RequestError};
use ged188::{DecodeError, Message, Status, message, tag};
use std::collections::BTreeSet;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Instant, sleep_until};

/// What a request in the session was for.
#[derive(Debug)]
enum Asked {
    Set(Token),
    Query(Token, AgentId),
}

/// How a connection ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Why, for people.
    pub(crate) reason: String,
    /// When the session opened, if it did.
    pub(crate) open_since: Option<Instant>,
    /// Whether the link was told to stop.
    pub(crate) stopped: bool,
}

/// One connection.
pub(crate) struct Connection<'a> {
    config: &'a Config,
    metrics: &'a Metrics,
    server: &'a str,
    session: Client<Asked>,
    counted: Counters,
    received: BytesMut,
    unsent: BytesMut,
    open_since: Option<Instant>,
    ended: Option<Reason>,
    stopped: bool,
    /// What was logged: (message type, field).
    strange: BTreeSet<(u32, u16)>,
}

impl<'a> Connection<'a> {
    pub(crate) fn new(config: &'a Config, metrics: &'a Metrics, server: &'a str) -> Self {
        Self {
            config,
            metrics,
            server,
            session: Client::new(Instant::now().into_std(), config.session()),
            counted: Counters::default(),
            received: BytesMut::with_capacity(limits::READ_BYTES),
            unsent: BytesMut::new(),
            open_since: None,
            ended: None,
            stopped: false,
            strange: BTreeSet::new(),
        }
    }

    pub(crate) async fn run(
        mut self,
        stream: TcpStream,
        floor: &mut FloorSide,
        hygiene: &mut Hygiene,
    ) -> Outcome {
        let (mut reader, mut writer) = stream.into_split();
        let reason = loop {
            self.take_commands(floor);
            self.drain(floor, hygiene);
            if let Some(reason) = self.ended.take() {
                break reason;
            }
            self.wait(&mut reader, &mut writer, floor).await;
        };
        if reason.wants_reset() {
            // GED-188, "Connection Management": the connection is reset, not closed. If it cannot be, it is gone.
            let _ = reader.as_ref().set_zero_linger();
        }
        Outcome { reason: reason.to_string(), open_since: self.open_since, stopped: self.stopped }
    }

    /// Waits until something happens, and lets the session know.
    async fn wait(&mut self, reader: &mut OwnedReadHalf, writer: &mut OwnedWriteHalf, floor: &mut FloorSide) {
        // While the floor has not taken everything we neither read nor let heartbeats time out for want of reading.
        let listening = floor.has_taken_all() || self.stopped;
        let deadline = self.session.poll_timeout().map_or_else(Instant::now, Instant::from_std);
        self.received.clear();
        self.received.reserve(limits::READ_BYTES);
        tokio::select! {
            happened = floor.progress(), if !self.stopped => if let Happened::Stop = happened {
                self.stopped = true;
                self.session.close(Instant::now().into_std(), Status::NO_ERROR);
            },
            read = reader.read_buf(&mut self.received), if listening => match read {
                Ok(1..) => self.session.handle_bytes(Instant::now().into_std(), &self.received),
                Ok(0) | Err(_) => self.session.handle_closed(),
            },
            wrote = writer.write_buf(&mut self.unsent), if !self.unsent.is_empty() => {
                if wrote.is_err() {
                    self.session.handle_closed();
                }
            }
            () = sleep_until(deadline), if listening => {
                self.session.handle_timeout(Instant::now().into_std());
            }
        }
    }

    /// Passes commands to the session as far as it has room; without a session they fail.
    fn take_commands(&mut self, floor: &mut FloorSide) {
        if self.open_since.is_none() {
            return floor.fail_commands();
        }
        while !self.stopped && self.session.has_room() && self.unsent.len() < limits::UNSENT_BYTES_MAX {
            let Some(command) = floor.next_command() else { return };
            let token = command.token();
            let Err(failure) = self.ask(command) else { continue };
            floor.tell(CtiInput::Failed { token, failure });
        }
    }

    fn ask(&mut self, command: CtiCommand) -> Result<(), CtiFailure> {
        let peripheral_id = self.config.peripheral_id;
        let (asked, request) = match command {
            CtiCommand::SetAgentState(order) => {
                let request = agent::set_request(&order, peripheral_id);
                tracing::debug!(server = self.server, ?request, "to the CTI server");
                (Asked::Set(order.token), Message::from(request))
            }
            CtiCommand::QueryAgentState { token, agent } => {
                let request = agent::query_request(&agent, peripheral_id);
                (Asked::Query(token, agent), Message::from(request))
            }
            // Calls are not translated yet.
            CtiCommand::Call(_) | CtiCommand::SnapshotDevice { .. } | CtiCommand::SnapshotCall { .. } => {
                return Err(CtiFailure::LinkDown);
            }
        };
        self.session.request(Instant::now().into_std(), asked, &request).map_err(|error| match error {
            RequestError::Encode(error) => {
                tracing::warn!(server = self.server, %error, "an order does not fit the CTI protocol");
                agent::unsendable(&error)
            }
            _ => CtiFailure::LinkDown,
        })
    }

    /// Does what the session wants done.
    fn drain(&mut self, floor: &mut FloorSide, hygiene: &mut Hygiene) {
        while let Some(output) = self.session.poll_output() {
            let input = match output {
                Output::Send(bytes) => {
                    self.unsent.extend_from_slice(&bytes);
                    None
                }
                Output::Ended(reason) => {
                    self.ended = Some(reason);
                    None
                }
                Output::Opened(conf) => {
                    self.open_since = Some(Instant::now());
                    self.metrics.set_up(true);
                    system::log_opened(&conf, self.config, self.server);
                    Some(system::link_up(self.config, self.server))
                }
                Output::Received(message) => self.received(&message, hygiene),
                Output::Confirmed { tag, message } => Some(self.confirmed(tag, &message, hygiene)),
                Output::Failed { tag: Asked::Set(token) | Asked::Query(token, _), failure } => {
                    Some(CtiInput::Failed { token, failure: agent::failure(failure) })
                }
                Output::HeartbeatConfirmed => Some(CtiInput::HeartbeatConfirmed),
                Output::HeartbeatMissed { unanswered } => {
                    tracing::warn!(server = self.server, unanswered, "the CTI server confirms no heartbeat");
                    None
                }
                Output::Malformed { kind, why } => {
                    self.log_malformed(kind, &why);
                    None
                }
                Output::Late { kind, invoke_id } => {
                    let message = message::describe(kind);
                    tracing::warn!(
                        server = self.server,
                        message,
                        invoke_id,
                        "a confirmation came after its request had timed out; nothing follows from it"
                    );
                    None
                }
                Output::Unexpected { kind } => {
                    let message = message::describe(kind);
                    tracing::debug!(server = self.server, message, "nothing waits for this CTI message");
                    None
                }
            };
            // A link that is told to stop has nobody to tell.
            if let Some(input) = input.filter(|_| !self.stopped) {
                floor.tell(input);
            }
        }
        let counters = self.session.counters();
        self.metrics.add(std::mem::replace(&mut self.counted, counters), counters);
    }

    fn received(&mut self, message: &Message, hygiene: &mut Hygiene) -> Option<CtiInput> {
        self.log_strange(message);
        match message {
            Message::AgentStateEvent(event) => {
                tracing::debug!(server = self.server, ?event, "from the CTI server");
                agent::report(event, hygiene).map(CtiInput::AgentState)
            }
            Message::SystemEvent(event) => {
                system::log_event(event, self.server);
                None
            }
            _ => None,
        }
    }

    fn confirmed(&mut self, asked: Asked, message: &Message, hygiene: &mut Hygiene) -> CtiInput {
        self.log_strange(message);
        match (asked, message) {
            (Asked::Query(token, agent), Message::QueryAgentStateConf(conf)) => {
                CtiInput::AgentState(agent::answer(conf, agent, token, hygiene))
            }
            (Asked::Set(token) | Asked::Query(token, _), _) => CtiInput::Confirmed { token },
        }
    }

    /// Whether this is the first of its kind in this session, and worth a line.
    fn is_news(&mut self, kind: u32, field: u16) -> bool {
        self.strange.len() < limits::LOGGED_ONCE_MAX && self.strange.insert((kind, field))
    }

    fn log_strange(&mut self, message: &Message) {
        let kind = message.kind();
        if let Message::Unknown(unknown) = message
            && self.is_news(kind, 0)
        {
            let body_bytes = unknown.body.len();
            tracing::info!(server = self.server, kind, body_bytes, "a CTI message type that we do not know");
        }
        for field in message.unknown_fields().iter() {
            if self.is_news(kind, field.tag) {
                let (message, field) = (message::describe(kind), tag::describe(field.tag));
                tracing::info!(server = self.server, message, field, "a floating field that we do not know");
            }
        }
    }

    fn log_malformed(&mut self, kind: u32, why: &DecodeError) {
        if self.is_news(kind, 0) {
            let message = message::describe(kind);
            tracing::warn!(server = self.server, message, %why, "the CTI server sent a broken message; skipped");
        }
    }
}

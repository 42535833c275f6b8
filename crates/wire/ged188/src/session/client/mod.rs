//! A client's session: open, heartbeat, requests and their confirmations, close.

mod heartbeat;
mod output;
mod outstanding;
mod pairing;
mod request;
mod settings;

pub use output::{Counters, Failure, Output, Reason};
pub use request::RequestError;
pub use settings::Settings;

use crate::cursor::HEADER_BYTES;
use crate::message::{CloseReq, FailureConf, FailureStatus, HeartbeatReq, OpenConf, OpenReq};
use crate::{Deframer, EncodeError, Frame, Message, Status};
use bytes::{Bytes, BytesMut};
use heartbeat::Heartbeat;
use outstanding::{Outstanding, Waiting};
use std::collections::VecDeque;
use std::time::Instant;

/// MessageType of OPEN_CONF.
const OPEN_CONF: u32 = 4;

#[derive(Debug)]
enum State {
    Opening { invoke_id: u32, deadline: Instant },
    Open,
    Closing { invoke_id: u32, deadline: Instant },
    Ended,
}

/// A client's session. `T` is the owner's name for a request.
#[derive(Debug)]
pub struct Client<T> {
    settings: Settings,
    state: State,
    deframer: Deframer,
    heartbeat: Option<Heartbeat>,
    outstanding: Outstanding<T>,
    invoke_id_last: u32,
    outputs: VecDeque<Output<T>>,
    counters: Counters,
    listening: bool,
}

impl<T> Client<T> {
    /// Begins a session on a connection that was just made: OPEN_REQ is the first output.
    pub fn new(now: Instant, settings: Settings) -> Self {
        let deadline = now + settings.open_timeout;
        let mut client = Self {
            state: State::Opening { invoke_id: 1, deadline },
            deframer: Deframer::new(settings.message_bytes_max),
            heartbeat: None,
            outstanding: Outstanding::new(),
            invoke_id_last: 1,
            outputs: VecDeque::new(),
            counters: Counters::default(),
            listening: true,
            settings,
        };
        let open = OpenReq {
            invoke_id: 1,
            version: client.settings.dialect.version,
            idle_timeout_secs: client.settings.idle_timeout_secs(),
            ..client.settings.open.clone()
        };
        if let Err(error) = client.send(&open.into()) {
            client.end(Reason::OpenReq(error));
        }
        client
    }

    /// What the session has seen.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Whether a request would be taken now.
    pub fn has_room(&self) -> bool {
        matches!(self.state, State::Open) && self.outstanding.len() < self.settings.requests_max
    }

    /// The next thing to do or to know.
    pub fn poll_output(&mut self) -> Option<Output<T>> {
        self.outputs.pop_front()
    }

    /// When [`Client::handle_timeout`] wants to be called; `None` when the session is over.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let own = match self.state {
            State::Ended => return None,
            State::Opening { deadline, .. } | State::Closing { deadline, .. } => Some(deadline),
            State::Open => self.heartbeat.as_ref().map(Heartbeat::next),
        };
        let requests = self.outstanding.next_deadline().filter(|_| self.listening);
        own.into_iter().chain(requests).min()
    }

    /// Tells whether the owner reads what the server sends. While it does not, heartbeats go on, but one without a
    /// confirmation says nothing about the server, and requests do not time out.
    pub fn set_listening(&mut self, listening: bool) {
        if std::mem::replace(&mut self.listening, listening) != listening
            && let Some(heartbeat) = &mut self.heartbeat
        {
            heartbeat.excuse();
        }
    }

    /// Takes what the server sent.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &[u8]) {
        self.deframer.push(bytes);
        while !matches!(self.state, State::Ended) {
            match self.deframer.next_frame() {
                Ok(Some(frame)) => self.handle_frame(now, &frame),
                Ok(None) => break,
                Err(error) => self.end(error.into()),
            }
        }
    }

    /// The connection is gone.
    pub fn handle_closed(&mut self) {
        let inside_message = self.deframer.is_inside_message();
        self.end(Reason::ConnectionLost { inside_message });
    }

    /// Time has passed. Calls before the deadline do nothing.
    pub fn handle_timeout(&mut self, now: Instant) {
        while self.listening
            && let Some(tag) = self.outstanding.expire(now)
        {
            self.outputs.push_back(Output::Failed { tag, failure: Failure::TimedOut });
        }
        match self.state {
            State::Opening { deadline, .. } if deadline <= now => {
                self.end(Reason::OpenTimedOut(self.settings.open_timeout));
            }
            State::Closing { deadline, .. } if deadline <= now => self.end(Reason::CloseUnanswered),
            State::Open if self.heartbeat.as_ref().is_some_and(|heartbeat| heartbeat.next() <= now) => {
                self.beat(now);
            }
            _ => {}
        }
    }

    /// Sends a request; the session gives it its InvokeID. Its outcome comes as [`Output::Confirmed`] or
    /// [`Output::Failed`] with the tag.
    pub fn request(&mut self, now: Instant, tag: T, message: &Message) -> Result<(), RequestError> {
        if !matches!(self.state, State::Open) {
            return Err(RequestError::NotOpen);
        }
        if !self.has_room() {
            return Err(RequestError::TooMany { max: self.settings.requests_max });
        }
        let kind = message.kind();
        let confirmed_by = pairing::confirmed_by(kind).ok_or(RequestError::NoRequest { kind })?;
        let mut bytes = BytesMut::from(message.encode(self.settings.dialect)?);
        let invoke_id = self.next_invoke_id();
        // InvokeID is the first field of every request.
        if let Some(place) = bytes.get_mut(HEADER_BYTES..HEADER_BYTES + 4) {
            place.copy_from_slice(&invoke_id.to_be_bytes());
        }
        self.put_out(bytes.freeze());
        let deadline = now + self.settings.request_timeout;
        self.outstanding.insert(invoke_id, deadline, Waiting { tag, confirmed_by });
        Ok(())
    }

    /// Sends a message that nothing confirms.
    pub fn tell(&mut self, message: &Message) -> Result<(), RequestError> {
        if !matches!(self.state, State::Open) {
            return Err(RequestError::NotOpen);
        }
        Ok(self.send(message)?)
    }

    /// Says good-bye with CLOSE_REQ; the session ends when the server confirms or the time is over.
    pub fn close(&mut self, now: Instant, status: Status) {
        match self.state {
            State::Opening { .. } => self.end(Reason::Closed),
            State::Open => {
                let invoke_id = self.next_invoke_id();
                // Two fixed numbers: it always fits.
                let _ = self.send(&CloseReq::new(invoke_id, status).into());
                self.state = State::Closing { invoke_id, deadline: now + self.settings.close_timeout };
            }
            State::Closing { .. } | State::Ended => {}
        }
    }

    fn handle_frame(&mut self, now: Instant, frame: &Frame) {
        self.counters.frames_in += 1;
        if let Some(answered) = self.answered_as(frame) {
            let asked = self.settings.dialect.version;
            return self.end(Reason::AnsweredAs { answered, asked });
        }
        match Message::decode(frame, self.settings.dialect) {
            Ok(message) => {
                self.counters.unknown_types += u64::from(matches!(message, Message::Unknown(_)));
                self.counters.unknown_fields += message.unknown_fields().len() as u64;
                self.handle_message(now, frame, message);
            }
            Err(why) => {
                self.counters.malformed += 1;
                if self.is_opening() && frame.kind == OPEN_CONF {
                    // Nothing else will come, and nothing can be done without it.
                    return self.end(Reason::OpenConf(why));
                }
                self.outputs.push_back(Output::Malformed { kind: frame.kind, why });
            }
        }
    }

    /// The version in whose manner the server has answered OPEN_REQ, if it is not ours.
    fn answered_as(&self, frame: &Frame) -> Option<u32> {
        let is_answer = self.is_opening() && frame.kind == OPEN_CONF;
        if is_answer { OpenConf::version_like(&frame.body, self.settings.dialect) } else { None }
    }

    fn handle_message(&mut self, now: Instant, frame: &Frame, message: Message) {
        match message {
            Message::OpenConf(conf) => self.handle_open_conf(now, *conf),
            Message::FailureConf(conf) => self.handle_failure_conf(&conf),
            Message::ControlFailureConf(ref conf) => {
                let (failure, peripheral_error) = (conf.failure, conf.peripheral_error);
                self.handle_refusal(conf.invoke_id, Failure::Control { failure, peripheral_error }, &message);
            }
            Message::FailureEvent(event) => self.end(Reason::FailureEvent(event.status)),
            Message::HeartbeatConf(ref conf) => {
                match self.heartbeat.as_mut().filter(|heartbeat| heartbeat.is_waiting_for(conf.invoke_id)) {
                    Some(heartbeat) => {
                        heartbeat.confirmed(conf.invoke_id);
                        self.outputs.push_back(Output::HeartbeatConfirmed);
                    }
                    None => self.unexpected(&message),
                }
            }
            Message::CloseConf(ref conf) => match self.state {
                State::Closing { invoke_id, .. } if invoke_id == conf.invoke_id => self.end(Reason::Closed),
                _ => self.unexpected(&message),
            },
            message if is_answer(&message) => self.handle_confirmation(frame, message),
            message if self.is_opening() || is_clients_own(message.kind()) => self.unexpected(&message),
            message => self.outputs.push_back(Output::Received(message)),
        }
    }

    fn is_opening(&self) -> bool {
        matches!(self.state, State::Opening { .. })
    }

    fn handle_open_conf(&mut self, now: Instant, conf: OpenConf) {
        match self.state {
            State::Opening { invoke_id, .. } if invoke_id == conf.invoke_id => {
                self.state = State::Open;
                self.heartbeat = self.settings.heartbeat.map(|interval| Heartbeat::new(now, interval));
                self.outputs.push_back(Output::Opened(conf));
            }
            _ => self.unexpected(&conf.into()),
        }
    }

    /// FAILURE_CONF refuses the session, a heartbeat, or a request. While opening there is nothing else that it
    /// could mean, whatever its id: a server that does not speak our version may not have read ours.
    fn handle_failure_conf(&mut self, conf: &FailureConf) {
        let (id, status) = (conf.invoke_id, conf.status);
        if self.is_opening() {
            self.end(Reason::Refused(status));
        } else if self.heartbeat.as_ref().is_some_and(|heartbeat| heartbeat.is_waiting_for(id)) {
            self.end(Reason::HeartbeatRefused(status));
        } else if matches!(self.state, State::Closing { invoke_id, .. } if invoke_id == id) {
            self.end(Reason::Closed);
        } else {
            let failure = match status {
                FailureStatus::Status(status) => Failure::Status(status),
                FailureStatus::Control { failure, peripheral_error } => {
                    Failure::Control { failure, peripheral_error }
                }
            };
            self.handle_refusal(id, failure, &conf.clone().into());
        }
    }

    fn handle_confirmation(&mut self, frame: &Frame, message: Message) {
        let Some(invoke_id) = frame.body.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes)) else {
            return self.unexpected(&message);
        };
        match self.outstanding.confirm(invoke_id, message.kind()) {
            Some(tag) => self.outputs.push_back(Output::Confirmed { tag, message }),
            None => self.unasked(invoke_id, &message),
        }
    }

    fn handle_refusal(&mut self, invoke_id: u32, failure: Failure, message: &Message) {
        match self.outstanding.remove(invoke_id) {
            Some(tag) => self.outputs.push_back(Output::Failed { tag, failure }),
            None => self.unasked(invoke_id, message),
        }
    }

    /// An answer to nothing that waits: to a request that was given up, or to none at all.
    fn unasked(&mut self, invoke_id: u32, message: &Message) {
        if self.outstanding.was_given_up(invoke_id) {
            self.counters.late += 1;
            self.outputs.push_back(Output::Late { kind: message.kind(), invoke_id });
        } else {
            self.unexpected(message);
        }
    }

    fn unexpected(&mut self, message: &Message) {
        self.counters.unexpected += 1;
        self.outputs.push_back(Output::Unexpected { kind: message.kind() });
    }

    fn beat(&mut self, now: Instant) {
        if !self.listening
            && let Some(heartbeat) = &mut self.heartbeat
        {
            heartbeat.excuse();
        }
        let unanswered = self.heartbeat.as_ref().map_or(0, Heartbeat::unanswered);
        if unanswered > 0 {
            self.counters.heartbeats_missed += 1;
            self.outputs.push_back(Output::HeartbeatMissed { unanswered });
        }
        if unanswered >= self.settings.heartbeat_misses_max {
            return self.end(Reason::HeartbeatsMissed(unanswered));
        }
        let invoke_id = self.next_invoke_id();
        // One fixed number: it always fits.
        let _ = self.send(&HeartbeatReq::new(invoke_id).into());
        if let Some(heartbeat) = &mut self.heartbeat {
            heartbeat.sent(now, invoke_id);
        }
    }

    /// The next id that nothing waits for. The bounded number of waiting requests ends the search.
    fn next_invoke_id(&mut self) -> u32 {
        loop {
            self.invoke_id_last = self.invoke_id_last.wrapping_add(1);
            let id = self.invoke_id_last;
            let beats = self.heartbeat.as_ref().is_some_and(|heartbeat| heartbeat.is_waiting_for(id));
            if !beats && !self.outstanding.contains(id) {
                return id;
            }
        }
    }

    fn send(&mut self, message: &Message) -> Result<(), EncodeError> {
        let bytes = message.encode(self.settings.dialect)?;
        self.put_out(bytes);
        Ok(())
    }

    fn put_out(&mut self, bytes: Bytes) {
        self.counters.frames_out += 1;
        self.outputs.push_back(Output::Send(bytes));
    }

    fn end(&mut self, reason: Reason) {
        if matches!(self.state, State::Ended) {
            return;
        }
        self.state = State::Ended;
        self.heartbeat = None;
        while let Some(tag) = self.outstanding.pop() {
            self.outputs.push_back(Output::Failed { tag, failure: Failure::Ended });
        }
        self.outputs.push_back(Output::Ended(reason));
    }
}

/// Whether a message answers a request. Of the two of type 240 one is an event.
fn is_answer(message: &Message) -> bool {
    pairing::is_confirmation(message.kind()) && !matches!(message, Message::CallAttributeChangeEvent(_))
}

/// Whether only a client sends messages of this type.
const fn is_clients_own(kind: u32) -> bool {
    matches!(kind, 3 | 5 | 7 | 279 | 281) || pairing::confirmed_by(kind).is_some()
}

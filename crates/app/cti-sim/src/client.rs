//! One client's connection: cutting messages, opening, heartbeats, silence, closing. What is about agents goes to
//! the hall.

use crate::hall::ToHall;
use crate::sessions::Newcomer;
use crate::sides::{Opening, Side, SideState};
use crate::{Config, asked, limits, opening};
use bytes::{Bytes, BytesMut};
use ged188::message::{self, CloseConf, FailureConf, FailureEvent, HeartbeatConf, OpenReq};
use ged188::{Deframer, Dialect, Frame, Message, Status};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

/// How long a client may take to read our last words.
const FAREWELL: Duration = Duration::from_secs(1);

/// MessageType of OPEN_REQ.
const OPEN_REQ: u32 = 3;

/// What a connection is made of.
pub(crate) struct Client {
    id: u64,
    peer: SocketAddr,
    side: Side,
    state: watch::Receiver<SideState>,
    config: Arc<Config>,
    hall: mpsc::Sender<ToHall>,
    kick: Arc<Notify>,
    /// Given to the hall when the session opens.
    outbox: Option<mpsc::Sender<Bytes>>,
    dialect: Option<Dialect>,
    /// How long the client may be silent.
    patience: Option<Duration>,
    deadline: Option<Instant>,
    closing: bool,
    deframer: Deframer,
    received: BytesMut,
    unsent: BytesMut,
}

impl Client {
    pub(crate) fn new(
        id: u64,
        peer: SocketAddr,
        side: Side,
        state: watch::Receiver<SideState>,
        config: Arc<Config>,
        hall: mpsc::Sender<ToHall>,
    ) -> Self {
        let patience = Some(config.open_timeout);
        Self {
            id,
            peer,
            side,
            state,
            hall,
            config,
            kick: Arc::default(),
            outbox: None,
            dialect: None,
            patience,
            deadline: None,
            closing: false,
            deframer: Deframer::new(ged188::limits::MESSAGE_BYTES_MAX),
            received: BytesMut::new(),
            unsent: BytesMut::new(),
        }
    }

    /// Serves the connection to its end.
    pub(crate) async fn run(mut self, stream: impl AsyncRead + AsyncWrite) {
        tracing::debug!(peer = %self.peer, "a CTI client connects");
        let (outbox, from_hall) = mpsc::channel(limits::OUTBOX_MAX);
        self.outbox = Some(outbox);
        self.heard();
        self.serve(stream, from_hall).await;
        if self.dialect.is_some() {
            let _ = self.hall.send(ToHall::Left { client: self.id }).await;
        }
        tracing::debug!(peer = %self.peer, "a CTI client is gone");
    }

    async fn serve(&mut self, stream: impl AsyncRead + AsyncWrite, mut from_hall: mpsc::Receiver<Bytes>) {
        let kick = self.kick.clone();
        let mut state = self.state.clone();
        let (mut reader, mut writer) = split(stream);
        while !(self.closing && self.unsent.is_empty()) {
            let SideState { up, paused, .. } = *state.borrow_and_update();
            if !up {
                return;
            }
            if paused {
                tokio::select! {
                    () = kick.notified() => return,
                    changed = state.changed() => if changed.is_err() { return },
                }
                self.heard();
                continue;
            }
            let room = self.unsent.len() < limits::UNSENT_BYTES_MAX;
            let deadline = self.deadline;
            self.received.clear();
            self.received.reserve(limits::READ_BYTES);
            tokio::select! {
                () = kick.notified() => {
                    // What was said before still goes out.
                    while let Ok(bytes) = from_hall.try_recv() {
                        self.unsent.extend_from_slice(&bytes);
                    }
                    let _ = timeout(FAREWELL, writer.write_all_buf(&mut self.unsent)).await;
                    return;
                }
                changed = state.changed() => if changed.is_err() { return },
                bytes = from_hall.recv(), if room && !self.closing => match bytes {
                    Some(bytes) => self.unsent.extend_from_slice(&bytes),
                    None => self.close(),
                },
                wrote = writer.write_buf(&mut self.unsent), if !self.unsent.is_empty() => {
                    if wrote.is_err() {
                        return;
                    }
                }
                read = reader.read_buf(&mut self.received), if room && !self.closing => match read {
                    Ok(1..) => self.read().await,
                    Ok(0) | Err(_) => return,
                },
                () = wait_until(deadline) => {
                    if self.closing {
                        return;
                    }
                    tracing::info!(peer = %self.peer, silent_secs = ?self.patience, "a CTI client is silent; closed");
                    self.say(FailureEvent::new(Status::TIMEOUT));
                    self.close();
                }
            }
        }
        let _ = writer.shutdown().await;
    }

    /// The client has spoken.
    fn heard(&mut self) {
        self.deadline = self.patience.map(|patience| Instant::now() + patience);
    }

    /// Nothing more is read; what is still to be written is, if the client takes it.
    fn close(&mut self) {
        self.closing = true;
        self.deadline = Some(Instant::now() + FAREWELL);
    }

    fn say(&mut self, message: impl Into<Message>) {
        let message = message.into();
        // Failures and confirmations have no floating fields, so before the session is open any dialect will do.
        match message.encode(self.dialect.unwrap_or(Dialect::cce(24))) {
            Ok(bytes) => self.unsent.extend_from_slice(&bytes),
            Err(error) => {
                tracing::error!(peer = %self.peer, %error, "cannot write {}", message::describe(message.kind()))
            }
        }
    }

    async fn read(&mut self) {
        self.heard();
        self.deframer.push(&self.received);
        while !self.closing {
            match self.deframer.next_frame() {
                Ok(Some(frame)) => self.handle(&frame).await,
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(peer = %self.peer, %error, "a CTI client sends no CTI; closed");
                    self.say(FailureEvent::new(Status::INVALID_MESSAGE_LENGTH));
                    self.close();
                }
            }
        }
    }

    async fn handle(&mut self, frame: &Frame) {
        match self.dialect {
            Some(dialect) => self.handle_open(frame, dialect).await,
            None if self.state.borrow().opening == Opening::Silent => {}
            None if frame.kind == OPEN_REQ => {
                if let Err(status) = self.open(frame).await {
                    tracing::info!(peer = %self.peer, %status, "OPEN_REQ is refused");
                    self.say(FailureConf::new(invoke_id(frame), status));
                    self.close();
                }
            }
            None => self.say(FailureConf::new(invoke_id(frame), Status::SESSION_NOT_OPEN)),
        }
    }

    async fn open(&mut self, frame: &Frame) -> Result<(), Status> {
        let bad = |_| Status::BAD_MESSAGE_FORMAT;
        let version = OpenReq::version_of(&frame.body).map_err(bad)?;
        if !opening::VERSIONS.contains(&version) {
            return Err(Status::INVALID_VERSION);
        }
        let dialect = Dialect::cce(version);
        let Message::OpenReq(open) = Message::decode(frame, dialect).map_err(bad)? else {
            return Err(Status::BAD_MESSAGE_FORMAT);
        };
        let opening = self.state.borrow().opening;
        if let Opening::Refused(status) = opening {
            return Err(status);
        }
        let granted = opening::check(&open, &self.config)?;
        let dialect = match opening {
            Opening::Version(version) => Dialect::cce(version),
            _ => dialect,
        };
        let Some(outbox) = self.outbox.take() else { return Err(Status::SESSION_ALREADY_OPEN) };
        let idle = Some(open.idle_timeout_secs).filter(|secs| *secs != OpenReq::NO_IDLE_TIMEOUT);
        self.patience = idle.map(|secs| Duration::from_secs(secs.into()));
        self.heard();
        self.dialect = Some(dialect);
        let (peer, side, open, kick) = (self.peer, self.side, *open, self.kick.clone());
        let newcomer = Newcomer { peer, side, dialect, granted, open, outbox, kick };
        self.tell_hall(ToHall::Opened { client: self.id, newcomer: Box::new(newcomer) }).await;
        Ok(())
    }

    async fn handle_open(&mut self, frame: &Frame, dialect: Dialect) {
        let refuse = |status| FailureConf::new(invoke_id(frame), status);
        match Message::decode(frame, dialect) {
            Ok(Message::HeartbeatReq(beat)) => self.say(HeartbeatConf::new(beat.invoke_id)),
            Ok(Message::CloseReq(close)) => {
                self.say(CloseConf::new(close.invoke_id));
                self.close();
            }
            Ok(Message::OpenReq(_)) => self.say(refuse(Status::SESSION_ALREADY_OPEN)),
            Ok(message) if asked::head(&message).is_some() || is_about_sides(&message) => {
                self.tell_hall(ToHall::Asked { client: self.id, message: Box::new(message) }).await;
            }
            Ok(message) => {
                tracing::info!(peer = %self.peer, "a CTI client sends {}", message::describe(message.kind()));
                self.say(refuse(Status::INVALID_MSG_TYPE_FOR_VERSION));
            }
            Err(why) => {
                let message = message::describe(frame.kind);
                tracing::warn!(peer = %self.peer, message, %why, "a CTI client sends a broken message");
                self.say(refuse(Status::BAD_MESSAGE_FORMAT));
            }
        }
    }

    async fn tell_hall(&mut self, message: ToHall) {
        if self.hall.send(message).await.is_err() {
            self.close();
        }
    }
}

/// Answers to what the server asks when the active side changes.
fn is_about_sides(message: &Message) -> bool {
    matches!(message, Message::ActiveMaintenanceRespMsg(_) | Message::StoppingRequestsToThisSideInd(_))
}

/// What a refusal names: every request begins with its InvokeID.
fn invoke_id(frame: &Frame) -> u32 {
    frame.body.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

async fn wait_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

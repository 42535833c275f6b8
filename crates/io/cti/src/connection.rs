//! One connection and its session: wait for socket, mailbox or deadline; make one mutation; drain; write.

mod open;

pub(crate) use open::connect;

use crate::floor_side::{FloorSide, Happened};
use crate::record::Tape;
use crate::stream::{Moved, Stream};
use crate::{Config, Interpreter, Metrics, Role, Said, limits};
use bytes::{Buf, BytesMut};
use floor::CtiInput;
use ged188::client::Reason;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep_until};

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
    interpreter: Interpreter,
    stream: Stream,
    received: Box<[u8]>,
    unsent: BytesMut,
    since: Option<Instant>,
    ended: Option<Reason>,
    stopping: bool,
    tape: Option<Tape>,
}

impl Connection {
    fn new(config: Arc<Config>, metrics: Metrics, server: Arc<str>, version: u32, stream: Stream) -> Self {
        Self {
            tape: tape(&config, &server, version),
            interpreter: Interpreter::new(now(), config, metrics, server, version),
            stream,
            received: vec![0; limits::READ_BYTES].into(),
            unsent: BytesMut::new(),
            since: None,
            ended: None,
            stopping: false,
        }
    }

    /// The session on it.
    pub(crate) fn session(&self) -> &Interpreter {
        &self.interpreter
    }

    /// `host:port` of the server.
    pub(crate) fn server(&self) -> &Arc<str> {
        self.interpreter.server()
    }

    /// Since when the session is open.
    pub(crate) fn since(&self) -> Option<Instant> {
        self.since
    }

    /// Works until the session is open or over, or a standby has become active: that is, until the role changes.
    pub(crate) async fn until_role_changes(&mut self) -> Result<Role, Reason> {
        loop {
            let became = self.drain_until_role_changes();
            if let Some(reason) = self.ended.take() {
                self.hang_up(&reason);
                return Err(reason);
            }
            if let Some(role) = became {
                return Ok(role);
            }
            self.wait(None).await;
        }
    }

    /// Serves the floor over an active session until it ends, or until another connection takes its place.
    pub(crate) async fn serve(
        &mut self,
        floor: &mut FloorSide,
        companion: &mut crate::companion::Slot,
    ) -> End {
        loop {
            self.take_commands(floor);
            if !self.stopping {
                self.interpreter.ask_for_queues(now());
            }
            self.interpreter.set_standby_ready(companion.is_ready());
            self.drain(floor);
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
        self.interpreter.leave();
        self.drain_until_role_changes();
        let write = async {
            self.stream.write_all(&self.unsent).await?;
            self.stream.flush().await
        };
        let _ = tokio::time::timeout(within, write).await;
        tracing::info!(server = &**self.server(), "CTI link leaves this side: the other is active now");
    }

    /// Waits until something happens, and lets the session know. Dropping the wait loses nothing.
    async fn wait(&mut self, floor: Option<&mut FloorSide>) {
        // Heartbeats go on while the floor is too far behind for us to read.
        let serving = floor.is_some() && !self.stopping;
        let listening = self.stopping || floor.as_ref().is_none_or(|floor| floor.has_room());
        self.interpreter.set_listening(listening);
        let deadline = self.interpreter.poll_timeout().map_or_else(Instant::now, Instant::from_std);
        let progress = async {
            match floor {
                Some(floor) => floor.progress().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            happened = progress, if serving => if let Happened::Stop = happened {
                self.stopping = true;
                self.interpreter.close(now());
            },
            moved = self.stream.moved(listening.then_some(&mut self.received), &self.unsent) => match moved {
                Ok(Moved::Read(0)) | Err(_) => self.interpreter.handle_closed(),
                Ok(Moved::Read(bytes)) => {
                    if let Some(tape) = &mut self.tape {
                        tape.received(&self.received[..bytes]);
                    }
                    self.interpreter.handle_bytes(now(), &self.received[..bytes]);
                }
                Ok(Moved::Wrote(bytes)) => self.unsent.advance(bytes),
            },
            () = sleep_until(deadline) => self.interpreter.handle_timeout(now()),
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
        while !self.stopping && self.interpreter.has_room() && self.unsent.len() < limits::UNSENT_BYTES_MAX {
            let Some(command) = floor.next_command() else { return };
            let token = command.token();
            let Err(failure) = self.interpreter.command(now(), command) else { continue };
            floor.tell(CtiInput::Failed { token, failure });
        }
    }

    /// Does what the session wants done, and stops where its role changes: what follows is for the floor.
    fn drain_until_role_changes(&mut self) -> Option<Role> {
        while let Some(said) = self.interpreter.poll_output() {
            match said {
                Said::Became(role) => {
                    self.since.get_or_insert_with(Instant::now);
                    return Some(role);
                }
                said => self.obey(said, None),
            }
        }
        None
    }

    /// Does what the session wants done.
    fn drain(&mut self, floor: &mut FloorSide) {
        while let Some(said) = self.interpreter.poll_output() {
            self.obey(said, Some(floor));
        }
    }

    fn obey(&mut self, said: Said, floor: Option<&mut FloorSide>) {
        match said {
            Said::Send(bytes) => {
                if let Some(tape) = &mut self.tape {
                    tape.sent(&bytes);
                }
                self.unsent.extend_from_slice(&bytes);
            }
            Said::Ended(reason) => self.ended = Some(reason),
            // A link that is told to stop has nobody to tell.
            Said::Tell(input) if !self.stopping => {
                if let Some(floor) = floor {
                    floor.tell(input);
                }
            }
            Said::Tell(_) | Said::Became(_) => {}
        }
    }
}

/// Now, as the cores count it.
fn now() -> std::time::Instant {
    Instant::now().into_std()
}

fn tape(config: &Config, server: &str, version: u32) -> Option<Tape> {
    let recording = config.record.clone()?;
    let position = config.sides.iter().position(|side| side == server).unwrap_or_default();
    let side = (b'A'..=b'Z').nth(position).map_or('Z', char::from);
    Some(Tape::new(recording, side, config.dialect(version), config.record_key))
}

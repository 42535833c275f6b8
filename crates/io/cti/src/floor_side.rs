//! The link's two mailboxes, and what waits to go through them.

use crate::limits;
use floor::{CtiCommand, CtiFailure, CtiInput};
use std::collections::VecDeque;
use tokio::sync::{mpsc, watch};

/// The floor is gone, or wants the link to close. There is nothing left to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stop;

/// The side of the link that faces the floor.
#[derive(Debug)]
pub(crate) struct FloorSide {
    to_floor: mpsc::Sender<CtiInput>,
    commands: mpsc::Receiver<CtiCommand>,
    stop: watch::Receiver<bool>,
    inputs: VecDeque<CtiInput>,
    backlog: VecDeque<CtiCommand>,
}

/// What happened at the floor's side.
pub(crate) enum Happened {
    /// An input was handed over, or a command is in the backlog.
    Progress,
    /// The link is to close.
    Stop,
}

impl FloorSide {
    pub(crate) fn new(
        to_floor: mpsc::Sender<CtiInput>,
        commands: mpsc::Receiver<CtiCommand>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { to_floor, commands, stop, inputs: VecDeque::new(), backlog: VecDeque::new() }
    }

    /// Queues what the floor is to know.
    pub(crate) fn tell(&mut self, input: CtiInput) {
        self.inputs.push_back(input);
    }

    /// Whether more may be read from the server for it. Not so while the floor is far behind.
    pub(crate) fn has_room(&self) -> bool {
        self.inputs.len() < limits::INPUTS_MAX
    }

    /// The next command, in order.
    pub(crate) fn next_command(&mut self) -> Option<CtiCommand> {
        self.backlog.pop_front()
    }

    /// Without a session every command fails, as far as the floor takes the news.
    pub(crate) fn fail_commands(&mut self) {
        while self.inputs.len() < limits::BACKLOG_MAX
            && let Some(command) = self.next_command()
        {
            let token = command.token();
            self.tell(CtiInput::Failed { token, failure: CtiFailure::LinkDown });
        }
    }

    /// Waits for the floor to take an input or to hand over a command. Dropping the wait loses nothing.
    pub(crate) async fn progress(&mut self) -> Happened {
        tokio::select! {
            changed = self.stop.changed() => {
                if changed.is_err() || *self.stop.borrow() { Happened::Stop } else { Happened::Progress }
            }
            permit = self.to_floor.reserve(), if !self.inputs.is_empty() => match permit {
                Ok(permit) => {
                    if let Some(input) = self.inputs.pop_front() {
                        permit.send(input);
                    }
                    Happened::Progress
                }
                Err(_) => Happened::Stop,
            },
            command = self.commands.recv(), if self.backlog.len() < limits::BACKLOG_MAX => match command {
                Some(command) => {
                    self.backlog.push_back(command);
                    Happened::Progress
                }
                None => Happened::Stop,
            },
        }
    }

    /// Runs `work` while there is no session: commands fail at once.
    pub(crate) async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Stop> {
        tokio::pin!(work);
        loop {
            self.fail_commands();
            tokio::select! {
                done = &mut work => return Ok(done),
                happened = self.progress() => if let Happened::Stop = happened { return Err(Stop) },
            }
        }
    }

    /// The last word, if there is room for it: nobody waits for a floor that may be gone.
    pub(crate) fn tell_if_room(&mut self, input: CtiInput) {
        for input in self.inputs.drain(..).chain([input]) {
            if self.to_floor.try_send(input).is_err() {
                return;
            }
        }
    }
}

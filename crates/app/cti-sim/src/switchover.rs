//! The change of the active side (GED-188, version 24: active and standby servers).
//!
//! A graceful change asks the clients that can stand by; when all agree, the other side becomes active, its clients are
//! told and given the calls in progress again, and the side that was active lets its clients go. One refusal, or no
//! answer within 5 s, calls it off.

use crate::hall::Hall;
use crate::sides::Side;
use ged188::message::{
    ActiveMaintenanceEventMsg, ActiveMaintenanceReqMsg, FailureEvent, StandbyActiveEventMsg,
};
use ged188::{Message, Status};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long a client may think about it, and how long it may stay after the change.
const PATIENCE: Duration = Duration::from_secs(5);

/// A change that is under way.
#[derive(Debug)]
pub(crate) struct Switchover {
    /// Who has yet to agree; empty once the change is made.
    waiting: BTreeSet<u64>,
    /// The side that lets its clients go, once the change is made.
    leaving: Option<Side>,
    deadline: Instant,
}

impl Switchover {
    /// When patience ends.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }
}

/// InvokeID of the question; there is one at a time.
const INVOKE_ID: u32 = 1;

impl Hall {
    /// Asks the clients of the active side, or (`now`) does not ask.
    ///
    /// # Errors
    /// When there is no other side to change to.
    pub(crate) fn switch(&mut self, at: Instant, abruptly: bool) -> Result<String, String> {
        let to = self.active.other();
        if self.config.listen_b.is_none() {
            return Err("there is no side b; start the simulator with --listen-b".into());
        } else if !self.sides.state(to).up {
            return Err(format!("side {to} is down"));
        } else if self.switchover.is_some() {
            return Err("a change is under way".into());
        }
        if abruptly {
            self.become_active(at, to);
            for client in self.sessions.of(to.other()) {
                self.let_go(client);
            }
            self.switchover = None;
            return Ok(format!("side {to} is active"));
        }
        let waiting: BTreeSet<u64> =
            self.sessions.iter().filter(|(_, s)| s.active && s.stands_by()).map(|(id, _)| id).collect();
        for client in &waiting {
            let invoke_id = INVOKE_ID;
            self.sessions
                .say(*client, ActiveMaintenanceReqMsg { invoke_id, ..ActiveMaintenanceReqMsg::default() });
        }
        let asked = waiting.len();
        self.switchover = Some(Switchover { waiting, leaving: None, deadline: at + PATIENCE });
        self.all_agree(at);
        Ok(match asked {
            0 => format!("side {to} is active"),
            asked => format!("{asked} clients are asked; side {to} becomes active when all agree"),
        })
    }

    /// Takes what a client says about a change; whether it was about that.
    pub(crate) fn switchover_answered(&mut self, client: u64, message: &Message) -> bool {
        let now = Instant::now();
        match message {
            Message::ActiveMaintenanceRespMsg(answer) => {
                let waits = self.switchover.as_mut().is_some_and(|s| s.waiting.remove(&client));
                if waits && answer.maintenance_mode_accepted {
                    self.all_agree(now);
                } else if waits {
                    self.call_off();
                }
                true
            }
            Message::StoppingRequestsToThisSideInd(_) => {
                let leaving = self.switchover.as_ref().and_then(|switchover| switchover.leaving);
                if self.sessions.get(client).is_some_and(|s| Some(s.newcomer.side) == leaving) {
                    self.let_go(client);
                }
                true
            }
            _ => false,
        }
    }

    /// A client that is gone need not agree.
    pub(crate) fn switchover_left(&mut self, client: u64) {
        if self.switchover.as_mut().is_some_and(|switchover| switchover.waiting.remove(&client)) {
            self.all_agree(Instant::now());
        }
    }

    pub(crate) fn switchover_times_out(&mut self, now: Instant) {
        let Some(switchover) = self.switchover.as_ref().filter(|switchover| switchover.deadline <= now)
        else {
            return;
        };
        match switchover.leaving {
            None => self.call_off(),
            Some(side) => {
                for client in self.sessions.of(side) {
                    // Whoever has come back to stand by stays.
                    if self.sessions.get(client).is_some_and(|session| session.active) {
                        self.let_go(client);
                    }
                }
                self.switchover = None;
            }
        }
    }

    fn all_agree(&mut self, now: Instant) {
        let agreed = self.switchover.as_ref().is_some_and(|s| s.leaving.is_none() && s.waiting.is_empty());
        if !agreed {
            return;
        }
        let from = self.active;
        for client in self.sessions.of(from) {
            if self.sessions.get(client).is_some_and(|session| session.stands_by()) {
                self.maintenance(client, true);
            } else {
                self.sessions.say(client, FailureEvent::new(Status::CTI_SERVER_OFFLINE));
                self.sessions.remove(client);
            }
        }
        self.become_active(now, from.other());
        self.switchover =
            Some(Switchover { waiting: BTreeSet::new(), leaving: Some(from), deadline: now + PATIENCE });
    }

    fn call_off(&mut self) {
        tracing::info!("a client does not agree; the change of sides is called off");
        self.switchover = None;
        for client in self.sessions.of(self.active) {
            if self.sessions.get(client).is_some_and(|session| session.stands_by()) {
                self.maintenance(client, false);
            }
        }
    }

    fn maintenance(&mut self, client: u64, on: bool) {
        let event =
            ActiveMaintenanceEventMsg { maintenance_mode_status: on, ..ActiveMaintenanceEventMsg::default() };
        self.sessions.say(client, event);
    }

    fn become_active(&mut self, _now: Instant, side: Side) {
        tracing::info!(%side, "becomes the active side");
        self.active = side;
        let standing_by = self.sessions.of(side);
        for session in self.sessions.iter_mut().filter(|session| session.newcomer.side == side) {
            session.active = true;
        }
        let calls = self.exchange.in_progress(None, true);
        for client in standing_by {
            self.sessions.say(client, StandbyActiveEventMsg::default());
            let everyone =
                self.sessions.get(client).is_some_and(|s| s.wants == crate::sessions::Wants::Everyone);
            for fact in calls.iter().filter(|_| everyone) {
                self.tell_one(client, fact);
            }
        }
    }

    fn let_go(&mut self, client: u64) {
        if let Some(session) = self.sessions.get(client) {
            session.newcomer.kick.notify_one();
        }
        self.sessions.remove(client);
    }
}

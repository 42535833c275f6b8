//! The task behind a link: connect, run a session, wait, again.

use crate::companion::Slot;
use crate::connection::{Connection, End, connect};
use crate::floor_side::{FloorSide, Stop};
use crate::refusal::Refusal;
use crate::side::Side;
use crate::{Config, Metrics, Role, limits};
use floor::{CtiCommand, CtiInput};
use ged188::client::Reason;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// How much longer than CLOSE_CONF's time-out a closing link is waited for.
const CLOSE_GRACE: Duration = Duration::from_millis(500);

/// A running link.
#[derive(Debug)]
pub struct Link {
    /// Orders for the CTI server. The mailbox holds [`limits::COMMANDS_MAX`].
    pub commands: mpsc::Sender<CtiCommand>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    close_timeout: Duration,
}

/// Spawns the link on the current runtime. `to_floor` may be small: the link waits for room.
pub fn start(config: Config, metrics: Metrics, to_floor: mpsc::Sender<CtiInput>) -> Link {
    let (commands, commands_to_run) = mpsc::channel(limits::COMMANDS_MAX);
    let (stop, stopped) = watch::channel(false);
    let close_timeout = config.close_timeout;
    let runner = Runner {
        sides: config.sides.iter().map(|address| Side::new(address, config.version)).collect(),
        floor: FloorSide::new(to_floor, commands_to_run, stopped),
        companion: Slot::default(),
        metrics,
        config: Arc::new(config),
        attempts: 0,
    };
    Link { commands, stop, task: tokio::spawn(runner.run()), close_timeout }
}

impl Link {
    /// Sends CLOSE_REQ, waits for the confirmation up to [`Config::close_timeout`], and ends the task.
    pub async fn close(self) {
        let Self { stop, mut task, close_timeout, .. } = self;
        let _ = stop.send(true);
        if timeout(close_timeout + CLOSE_GRACE, &mut task).await.is_err() {
            task.abort();
        }
    }
}

struct Runner {
    config: Arc<Config>,
    metrics: Metrics,
    sides: Vec<Side>,
    floor: FloorSide,
    companion: Slot,
    attempts: u64,
}

/// What became of an attempt.
enum Attempt {
    /// There was no session, or it did not last.
    Failed,
    /// There was one that lasted, last with this side.
    Lasted(usize),
}

impl Runner {
    async fn run(mut self) {
        let Err(Stop) = self.run_until_stopped().await;
        tracing::info!("CTI link stopped");
    }

    async fn run_until_stopped(&mut self) -> Result<Infallible, Stop> {
        if self.sides.is_empty() {
            tracing::error!("no CTI server is configured: `sides` is empty");
        }
        let (mut first, mut rounds) = (0, 0);
        loop {
            if let Attempt::Lasted(side) = self.round(first).await? {
                (first, rounds) = (side, 0);
                continue;
            }
            let wait = self.config.reconnect.wait(rounds, rand::random());
            let barred = self.sides.iter().map(|side| side.barred_until(Instant::now())).min().flatten();
            let wait = barred.map_or(wait, |until| until.saturating_duration_since(Instant::now()).max(wait));
            rounds = rounds.saturating_add(1);
            let waited = self.pause(wait).await?;
            if let Attempt::Lasted(side) = waited {
                (first, rounds) = (side, 0);
            }
        }
    }

    /// One attempt at each side, from this one on.
    async fn round(&mut self, first: usize) -> Result<Attempt, Stop> {
        let count = self.sides.len();
        for side in (0..count).map(|offset| (first + offset) % count) {
            // The standby session is already there; it tells us when its side becomes active.
            if self.sides[side].barred_until(Instant::now()).is_some()
                || self.companion.holds(self.sides[side].address())
            {
                continue;
            }
            if let Attempt::Lasted(side) = self.attempt(side).await? {
                return Ok(Attempt::Lasted(side));
            }
        }
        Ok(Attempt::Failed)
    }

    /// Waits, unless the standby side becomes active meanwhile.
    async fn pause(&mut self, wait: Duration) -> Result<Attempt, Stop> {
        tracing::info!(wait_ms = wait.as_millis() as u64, "CTI link waits before it tries again");
        match self.unless_handover(sleep(wait)).await? {
            Ok(()) => Ok(Attempt::Failed),
            Err(active) => self.serve(*active).await,
        }
    }

    /// Does something while there is no session; `Err` with the standby session if that becomes active first.
    async fn unless_handover<T>(
        &mut self,
        work: impl Future<Output = T>,
    ) -> Result<Result<T, Box<Connection>>, Stop> {
        let Self { floor, companion, .. } = self;
        let first = async {
            tokio::select! {
                active = companion.handover() => Err(active),
                done = work => Ok(done),
            }
        };
        floor.meanwhile(first).await
    }

    /// One attempt at one side, at lower and lower versions if it wants one, and its session.
    async fn attempt(&mut self, side: usize) -> Result<Attempt, Stop> {
        loop {
            self.attempts += 1;
            if self.attempts > 1 {
                self.metrics.reconnect();
            }
            let (server, version) = (self.sides[side].address().clone(), self.sides[side].version());
            let (config, metrics) = (self.config.clone(), self.metrics.clone());
            let opening = async {
                let mut connection = connect(&config, &metrics, &server, version).await?;
                let opened = connection.until_role_changes().await;
                std::io::Result::Ok((connection, opened))
            };
            let (connection, opened) = match self.unless_handover(opening).await? {
                Ok(Ok(opened)) => opened,
                Ok(Err(error)) => {
                    tracing::warn!(server = &*server, %error, "cannot connect to the CTI server");
                    return Ok(Attempt::Failed);
                }
                Err(active) => return self.serve(*active).await,
            };
            match opened {
                Ok(Role::Standby) => {
                    self.companion.adopt(connection);
                    return Ok(Attempt::Failed);
                }
                Ok(_) => return self.serve(connection).await,
                Err(reason) if self.refused(side, &reason) => {}
                Err(_) => return Ok(Attempt::Failed),
            }
        }
    }

    /// The session did not open. Whether another version is worth an attempt at once.
    fn refused(&mut self, side: usize, reason: &Reason) -> bool {
        let side = &mut self.sides[side];
        let server = &**side.address();
        let refusal = Refusal::of(reason);
        let version = side.version();
        if let Some(next) = refusal.and_then(|refusal| refusal.next_version(version, self.config.version_min))
        {
            tracing::info!(server, %reason, version, next, "CTI session refused; a lower version is tried");
            side.set_version(next);
            return true;
        }
        let look_at = match refusal {
            Some(Refusal::Version(_)) => "cti.version, cti.version_min and cti.dialect",
            Some(Refusal::Permanent(look_at)) => look_at,
            Some(Refusal::Passing) | None => {
                tracing::error!(server, %reason, "CTI session did not open");
                return false;
            }
        };
        let retry_secs = self.config.refused_retry.map(|wait| wait.as_secs());
        tracing::error!(
            server,
            %reason,
            look_at,
            retry_secs,
            "the CTI server refuses the session for good; this side is left alone"
        );
        let reason = format!("{server}: {reason}; look at {look_at}");
        side.set_version(self.config.version);
        side.bar(Instant::now(), self.config.refused_retry);
        self.floor.tell(CtiInput::LinkDown { reason });
        false
    }

    /// Serves the floor over an active session, and over those that take its place.
    async fn serve(&mut self, mut connection: Connection) -> Result<Attempt, Stop> {
        loop {
            let server = connection.server().clone();
            let side = self.sides.iter().position(|side| *side.address() == server).unwrap_or_default();
            let since = connection.since().unwrap_or_else(Instant::now);
            let version = connection.session().version();
            self.sides[side].set_version(version);
            self.keep_company(side, version);
            self.metrics.set_up(true);
            self.floor.tell(connection.session().link_up());
            let end = connection.serve(&mut self.floor, &mut self.companion).await;
            let lasted = since.elapsed();
            let open_secs = lasted.as_secs();
            self.metrics.set_up(false);
            match end {
                End::Replaced(next) => {
                    let left = std::mem::replace(&mut connection, *next);
                    tokio::spawn(left.leave(self.config.close_timeout));
                }
                End::Stopped(reason) => {
                    tracing::info!(server = &*server, %reason, open_secs, "CTI link closed");
                    self.floor.tell_if_room(CtiInput::LinkDown { reason: reason.to_string() });
                    return Err(Stop);
                }
                End::Ended(reason) => {
                    tracing::error!(server = &*server, %reason, open_secs, "CTI link lost");
                    self.floor.tell(CtiInput::LinkDown { reason: reason.to_string() });
                    let settled = lasted >= self.config.reconnect.settled;
                    return Ok(if settled { Attempt::Lasted(side) } else { Attempt::Failed });
                }
            }
        }
    }

    /// Looks for a standby session with another side than the active one.
    fn keep_company(&mut self, active: usize, version: u32) {
        if !self.config.knows_standby(version) {
            return;
        }
        let other = (active + 1) % self.sides.len();
        let server = self.sides[other].address().clone();
        self.companion.seek(&self.config, &self.metrics, &server, version);
    }
}

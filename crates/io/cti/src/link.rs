//! The task behind a link: connect, run a session, wait, again.

use crate::connection::{Connection, Outcome};
use crate::floor_side::{FloorSide, Stop};
use crate::hygiene::Hygiene;
use crate::{Config, Metrics, limits};
use floor::{CtiCommand, CtiInput};
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

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
        floor: FloorSide::new(to_floor, commands_to_run, stopped),
        hygiene: Hygiene::new(metrics.clone()),
        metrics,
        config,
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
    config: Config,
    metrics: Metrics,
    floor: FloorSide,
    hygiene: Hygiene,
}

impl Runner {
    async fn run(mut self) {
        let Err(Stop) = self.run_until_stopped().await;
        tracing::info!("CTI link stopped");
    }

    async fn run_until_stopped(&mut self) -> Result<std::convert::Infallible, Stop> {
        if self.config.sides.is_empty() {
            tracing::error!("no CTI server is configured: `sides` is empty");
        }
        let mut rounds_failed = 0;
        let mut first = true;
        loop {
            for side in self.config.sides.clone() {
                loop {
                    if !std::mem::take(&mut first) {
                        self.metrics.reconnect();
                    }
                    let lasted = self.attempt(&side).await?;
                    // A session that lasted is no part of the trouble before it: stay with its side, wait little.
                    let wait = self.config.reconnect.wait(rounds_failed, 1.0);
                    if lasted.is_none_or(|lasted| lasted <= wait) {
                        break;
                    }
                    rounds_failed = 0;
                    self.pause(0, &side).await?;
                }
            }
            self.pause(rounds_failed, "any side").await?;
            rounds_failed = rounds_failed.saturating_add(1);
        }
    }

    async fn pause(&mut self, rounds_failed: u32, side: &str) -> Result<(), Stop> {
        let wait = self.config.reconnect.wait(rounds_failed, rand::random());
        tracing::info!(
            wait_ms = wait.as_millis() as u64,
            next = side,
            "CTI link waits before it tries again"
        );
        self.floor.meanwhile(tokio::time::sleep(wait)).await
    }

    /// One connection to one side. Tells how long its session was open, if it was.
    async fn attempt(&mut self, side: &str) -> Result<Option<Duration>, Stop> {
        let connecting = connect(side, self.config.connect_timeout);
        let stream = match self.floor.meanwhile(connecting).await? {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(server = side, %error, "cannot connect to the CTI server");
                return Ok(None);
            }
        };
        let connection = Connection::new(&self.config, &self.metrics, side);
        let Outcome { reason, open_since, stopped } =
            connection.run(stream, &mut self.floor, &mut self.hygiene).await;
        let lasted = open_since.map(|since| since.elapsed());
        self.log_end(side, &reason, lasted, stopped);
        if open_since.is_some() {
            self.metrics.set_up(false);
            let down = CtiInput::LinkDown { reason };
            if stopped { self.floor.tell_if_room(down) } else { self.floor.tell(down) }
        }
        if stopped { Err(Stop) } else { Ok(lasted) }
    }

    fn log_end(&self, server: &str, reason: &str, lasted: Option<Duration>, stopped: bool) {
        let open_secs = lasted.map(|lasted| lasted.as_secs());
        match lasted {
            _ if stopped => tracing::info!(server, reason, open_secs, "CTI link closed"),
            Some(_) => tracing::error!(server, reason, open_secs, "CTI link lost"),
            None => tracing::error!(server, reason, "CTI session did not open"),
        }
    }
}

async fn connect(side: &str, within: Duration) -> io::Result<TcpStream> {
    let started = Instant::now();
    let stream = timeout(within, TcpStream::connect(side)).await.map_err(|_| {
        let waited = format!("no connection within {} s", started.elapsed().as_secs_f32());
        io::Error::new(io::ErrorKind::TimedOut, waited)
    })??;
    // GED-188, "Connection Management": messages are small and each is awaited.
    stream.set_nodelay(true)?;
    Ok(stream)
}

//! The session with the standby side: kept so that a switch of sides costs no reconnect.

use crate::connection::{Connection, connect};
use crate::{Config, Metrics, Role};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The place of the standby session.
#[derive(Default)]
pub(crate) struct Slot {
    companion: Option<Companion>,
}

/// A task that keeps a standby session.
struct Companion {
    server: Arc<str>,
    ready: Arc<AtomicBool>,
    active: oneshot::Receiver<Box<Connection>>,
    task: JoinHandle<()>,
}

impl Drop for Companion {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Slot {
    /// Begins to look for a standby session with this side, unless that goes on already.
    pub(crate) fn seek(&mut self, config: &Arc<Config>, metrics: &Metrics, server: &Arc<str>, version: u32) {
        if self.companion.as_ref().is_some_and(|companion| companion.server == *server) {
            return;
        }
        let (config, metrics, side) = (config.clone(), metrics.clone(), server.clone());
        self.put(server, |ready| async move { seek(config, metrics, side, version, ready).await });
    }

    /// Keeps a session that turned out to be a standby's.
    pub(crate) fn adopt(&mut self, connection: Connection) {
        let server = connection.server().clone();
        self.put(&server, |ready| keep(connection, ready));
    }

    fn put<F>(&mut self, server: &Arc<str>, work: impl FnOnce(Arc<AtomicBool>) -> F)
    where
        F: Future<Output = Option<Connection>> + Send + 'static,
    {
        let ready = Arc::new(AtomicBool::new(false));
        let (hand_over, active) = oneshot::channel();
        let work = work(ready.clone());
        let task = tokio::spawn(async move {
            if let Some(connection) = work.await {
                let _ = hand_over.send(Box::new(connection));
            }
        });
        self.companion = Some(Companion { server: server.clone(), ready, active, task });
    }

    /// Whether the standby side has an open session of ours.
    pub(crate) fn is_ready(&self) -> bool {
        self.companion.as_ref().is_some_and(|companion| companion.ready.load(Ordering::Relaxed))
    }

    /// Whether this side is the one with the open session.
    pub(crate) fn holds(&self, server: &str) -> bool {
        self.is_ready() && self.companion.as_ref().is_some_and(|companion| &*companion.server == server)
    }

    /// Waits for the standby side to become the active one. Dropping the wait loses nothing.
    pub(crate) async fn handover(&mut self) -> Box<Connection> {
        loop {
            let Some(companion) = &mut self.companion else { return std::future::pending().await };
            let active = (&mut companion.active).await;
            self.companion = None;
            if let Ok(connection) = active {
                return connection;
            }
        }
    }
}

/// Tries the side until it gives a session. A side that turns out to be active too, or that refuses for another reason
/// than being down, is none to wait for.
async fn seek(
    config: Arc<Config>,
    metrics: Metrics,
    server: Arc<str>,
    version: u32,
    ready: Arc<AtomicBool>,
) -> Option<Connection> {
    let mut rounds = 1;
    loop {
        if let Ok(mut connection) = connect(&config, &metrics, &server, version).await
            && let Ok(role) = connection.until_role_changes().await
        {
            if role == Role::Active {
                tracing::debug!(server = &*server, "the other side is no standby; no session is kept there");
                return None;
            }
            if let Some(active) = keep(connection, ready.clone()).await {
                return Some(active);
            }
            rounds = 0;
        }
        tokio::time::sleep(config.reconnect.wait(rounds, rand::random())).await;
        rounds = rounds.saturating_add(1);
    }
}

/// Keeps a standby session until it is active; `None` when it ended.
async fn keep(mut connection: Connection, ready: Arc<AtomicBool>) -> Option<Connection> {
    ready.store(true, Ordering::Relaxed);
    let active = connection.until_role_changes().await;
    ready.store(false, Ordering::Relaxed);
    match active {
        Ok(_) => Some(connection),
        Err(reason) => {
            tracing::warn!(server = &**connection.server(), %reason, "the session with the standby side is lost");
            None
        }
    }
}

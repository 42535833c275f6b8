//! Listening, on one side or two.

use crate::client::Client;
use crate::control::Control;
use crate::hall::{Hall, ToHall};
use crate::sides::{Side, Sides};
use crate::{Config, limits};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// How long clients may take to read that the server ends.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long to wait when no connection can be accepted (no file descriptors, for example), or a side that was down
/// cannot listen again yet.
const RETRY: Duration = Duration::from_millis(100);

/// A simulator that listens.
#[derive(Debug)]
pub struct Simulator {
    config: Arc<Config>,
    sides: Arc<Sides>,
    listener: TcpListener,
    listener_b: Option<TcpListener>,
    local_addr: SocketAddr,
    local_addr_b: Option<SocketAddr>,
    to_hall: mpsc::Sender<ToHall>,
    mailbox: mpsc::Receiver<ToHall>,
}

/// How long TLS may take to begin.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What every side needs to serve its clients.
#[derive(Clone, Debug)]
struct Reception {
    config: Arc<Config>,
    sides: Arc<Sides>,
    to_hall: mpsc::Sender<ToHall>,
    last_id: Arc<AtomicU64>,
}

impl Simulator {
    /// Listens where the configuration says.
    ///
    /// # Errors
    /// When an address is not free, or no address.
    pub async fn bind(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind(&config.listen).await?;
        let local_addr = listener.local_addr()?;
        let listener_b = match &config.listen_b {
            Some(address) => Some(TcpListener::bind(address).await?),
            None => None,
        };
        let local_addr_b = listener_b.as_ref().map(TcpListener::local_addr).transpose()?;
        let (to_hall, mailbox) = mpsc::channel(limits::MAILBOX_MAX);
        let sides = Arc::new(Sides::new());
        let config = Arc::new(config);
        Ok(Self { config, sides, listener, listener_b, local_addr, local_addr_b, to_hall, mailbox })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Where side B listens, if there is one.
    pub fn local_addr_b(&self) -> Option<SocketAddr> {
        self.local_addr_b
    }

    /// Gives orders to it once it runs.
    pub fn control(&self) -> Control {
        Control::new(self.to_hall.clone())
    }

    /// Serves until `shutdown` is done; then every client is told that the server goes off-line.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tracing::info!(address = %self.local_addr, agents = self.config.agents.len(), "the CTI simulator listens");
        let (stop, stopped) = oneshot::channel();
        let stopping = watch::Sender::new(false);
        let hall = Hall::new(self.config.clone(), self.sides.clone());
        let hall = tokio::spawn(hall.run(self.mailbox, stopped));
        let last_id = Arc::default();
        let reception = Reception { config: self.config, sides: self.sides, to_hall: self.to_hall, last_id };
        let mut served = JoinSet::new();
        served.spawn(reception.clone().serve(Side::A, self.listener, self.local_addr, stopping.subscribe()));
        if let (Some(listener), Some(address)) = (self.listener_b, self.local_addr_b) {
            served.spawn(reception.serve(Side::B, listener, address, stopping.subscribe()));
        }
        shutdown.await;
        stopping.send_replace(true);
        let _ = stop.send(());
        let _ = hall.await;
        while served.join_next().await.is_some() {}
    }
}

impl Reception {
    /// Takes clients of a side while the side is up, until it is to stop; then lets them read what was said last.
    async fn serve(
        self,
        side: Side,
        listener: TcpListener,
        address: SocketAddr,
        mut stopping: watch::Receiver<bool>,
    ) {
        let mut state = self.sides.watch(side);
        let mut clients = JoinSet::new();
        let mut listener = Some(listener);
        while !*stopping.borrow() {
            let up = state.borrow_and_update().up;
            if !up {
                listener = None;
            } else if listener.is_none() {
                listener = TcpListener::bind(address).await.ok();
            }
            tokio::select! {
                _ = stopping.changed() => break,
                _ = state.changed() => {}
                Some(_) = clients.join_next() => {}
                accepted = accept(listener.as_ref()), if listener.is_some() => match accepted {
                    Ok((stream, peer)) => self.take(side, stream, peer, &mut clients),
                    Err(error) => {
                        tracing::warn!(%error, "no CTI client can be accepted");
                        sleep(RETRY).await;
                    }
                },
                () = sleep(RETRY), if up && listener.is_none() => {}
            }
        }
        drop(listener);
        let farewell = async { while clients.join_next().await.is_some() {} };
        if timeout(FAREWELL, farewell).await.is_err() {
            clients.abort_all();
        }
    }

    fn take(&self, side: Side, stream: TcpStream, peer: SocketAddr, clients: &mut JoinSet<()>) {
        if clients.len() >= limits::CLIENTS_MAX {
            let max = limits::CLIENTS_MAX;
            tracing::warn!(%peer, max, "there are as many CTI clients as may be; refused");
            return;
        }
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let (state, config) = (self.sides.watch(side), self.config.clone());
        let client = Client::new(id, peer, side, state, config, self.to_hall.clone());
        let Some(tls) = self.config.tls.clone() else {
            clients.spawn(client.run(stream));
            return;
        };
        clients.spawn(async move {
            match timeout(HANDSHAKE, TlsAcceptor::from(tls).accept(stream)).await {
                Ok(Ok(stream)) => client.run(stream).await,
                Ok(Err(error)) => tracing::warn!(%peer, %error, "a CTI client and TLS do not come together"),
                Err(_) => tracing::warn!(%peer, "a CTI client does not begin TLS"),
            }
        });
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

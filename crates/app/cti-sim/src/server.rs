//! Listening.

use crate::client::Client;
use crate::hall::Hall;
use crate::{Config, limits};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long clients may take to read that the server ends.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long to wait when no connection can be accepted (no file descriptors, for example).
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// A simulator that listens.
#[derive(Debug)]
pub struct Simulator {
    config: Arc<Config>,
    listener: TcpListener,
    local_addr: SocketAddr,
}

impl Simulator {
    /// Listens where the configuration says.
    ///
    /// # Errors
    /// When the address is not free, or no address.
    pub async fn bind(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind(&config.listen).await?;
        let local_addr = listener.local_addr()?;
        Ok(Self { config: Arc::new(config), listener, local_addr })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Serves until `shutdown` is done; then every client is told that the server goes off-line.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tracing::info!(address = %self.local_addr, agents = self.config.agents.len(), "the CTI simulator listens");
        let (to_hall, mailbox) = mpsc::channel(limits::MAILBOX_MAX);
        let (stop, stopped) = oneshot::channel();
        let hall = tokio::spawn(Hall::new(self.config.clone()).run(mailbox, stopped));
        let mut clients = JoinSet::new();
        tokio::pin!(shutdown);
        let mut id = 0;
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = clients.join_next() => {}
                accepted = self.listener.accept() => match accepted {
                    Ok((_, peer)) if clients.len() >= limits::CLIENTS_MAX => {
                        let max = limits::CLIENTS_MAX;
                        tracing::warn!(%peer, max, "there are as many CTI clients as may be; refused");
                    }
                    Ok((stream, peer)) => {
                        id += 1;
                        let client = Client::new(id, peer, self.config.clone(), to_hall.clone());
                        clients.spawn(client.run(stream));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "no CTI client can be accepted");
                        sleep(ACCEPT_RETRY).await;
                    }
                },
            }
        }
        drop(self.listener);
        let _ = stop.send(());
        let _ = hall.await;
        let farewell = async { while clients.join_next().await.is_some() {} };
        if timeout(FAREWELL, farewell).await.is_err() {
            clients.abort_all();
        }
    }
}

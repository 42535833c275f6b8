//! The accept loop.

use crate::by_address::origin;
use crate::given_up::{Metrics, Trouble, distrust};
use crate::limits::{ACCEPT_PAUSE, BACKLOG, Bounds, KEEPALIVE_IDLE};
use crate::place::Places;
use crate::socket::Socket;
use rustls::ServerConfig;
use socket2::{SockRef, TcpKeepalive};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The operator asked for an address that cannot be had.
#[derive(Debug, Error)]
#[error("cannot listen on {address} ({setting}): {source}")]
pub struct BindError {
    setting: &'static str,
    address: String,
    source: io::Error,
}

/// Who connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The address it comes from.
    pub address: SocketAddr,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// What a sign-in can be bound to, see [`Socket::tls_exporter`].
    pub tls_exporter: Option<[u8; 32]>,
}

/// A bound address, ready to accept.
pub struct Listener {
    setting: &'static str,
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    bounds: Bounds,
    metrics: Metrics,
}

impl Listener {
    /// Binds `address` (`host:port`, port 0 for any). `setting` is the configuration key, for messages. With
    /// `tls`, connections begin with a handshake.
    pub async fn bind(
        setting: &'static str,
        address: &str,
        tls: Option<Arc<ServerConfig>>,
    ) -> Result<Self, BindError> {
        let error = |source| BindError { setting, address: address.to_owned(), source };
        let listener = listen(address).await.map_err(error)?;
        Ok(Self { setting, listener, tls, bounds: Bounds::default(), metrics: Metrics::default() })
    }

    /// Other bounds than the usual.
    #[must_use]
    pub fn bounds(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Counts there.
    #[must_use]
    pub fn metrics(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// The address, with the port that was given for 0.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Accepts until dropped; each connection is `handle`d in a task of its own.
    pub async fn run<F, Fut>(self, handle: F)
    where
        F: Fn(Socket, Peer) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send,
    {
        let places = Places::new(self.bounds, self.metrics.clone());
        let (mut refused, mut is_failing) = (None, false);
        loop {
            let Some(permit) = places.room().await else { return };
            let (stream, address) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    self.not_accepted(&error, std::mem::replace(&mut is_failing, true));
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            is_failing = false;
            let place = match places.take(permit, address.ip()) {
                Ok(place) => place,
                Err(connections) => {
                    // told once in a row, or the log is the next thing to be flooded
                    let origin = origin(address.ip());
                    if refused.replace(origin) != Some(origin) {
                        let listener = self.setting;
                        tracing::warn!(listener, peer = %address.ip(), connections, "too many connections from one address: more are refused");
                    }
                    continue;
                }
            };
            prepare(&stream, self.bounds.unacknowledged);
            let (handle, tls, setting) = (handle.clone(), self.tls.clone(), self.setting);
            let (socket, metrics) = (Socket::new(stream, place), self.metrics.clone());
            tokio::spawn(async move {
                let encrypted = tls.is_some();
                // boxed, because what a handshake needs is not needed for the rest of the connection's life
                if let Some(socket) = Box::pin(begin(socket, tls, setting, address, metrics)).await {
                    let tls_exporter = socket.tls_exporter();
                    handle(socket, Peer { address, encrypted, tls_exporter }).await;
                }
            });
        }
    }

    /// The log is told once in a row: what is short stays short for a while.
    fn not_accepted(&self, error: &io::Error, is_known: bool) {
        let listener = self.setting;
        if !is_known {
            tracing::warn!(listener, %error, "a connection could not be accepted");
        }
        self.metrics.tell(Trouble::NotAccepted { listener, error: error.to_string() });
    }
}

/// The first address of that name that can be had.
async fn listen(address: &str) -> io::Result<TcpListener> {
    let mut outcome = Err(io::ErrorKind::AddrNotAvailable.into());
    for address in tokio::net::lookup_host(address).await? {
        outcome = listen_on(address);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // the connections of an earlier run may not be quite over
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Small answers must not wait for more (Nagle), and a peer that vanished or does not read must be noticed.
fn prepare(stream: &TcpStream, unacknowledged: Duration) {
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_IDLE);
    let set = stream
        .set_nodelay(true)
        .and_then(|()| socket.set_tcp_keepalive(&keepalive))
        .and_then(|()| give_up_after(&socket, unacknowledged));
    if let Err(error) = set {
        tracing::debug!(%error, "socket options were refused");
    }
}

#[cfg(target_os = "linux")]
fn give_up_after(socket: &SockRef<'_>, time: Duration) -> io::Result<()> {
    socket.set_tcp_user_timeout(Some(time))
}

#[cfg(not(target_os = "linux"))]
fn give_up_after(_: &SockRef<'_>, _: Duration) -> io::Result<()> {
    Ok(())
}

async fn begin(
    socket: Socket,
    tls: Option<Arc<ServerConfig>>,
    listener: &'static str,
    peer: SocketAddr,
    metrics: Metrics,
) -> Option<Socket> {
    let Some(config) = tls else { return Some(socket) };
    match socket.encrypt(config).await {
        Ok(socket) => Some(socket),
        Err(error) => {
            if let Some(alert) = distrust(&error) {
                metrics.tell(Trouble::Distrust { listener, address: peer, alert });
            }
            tracing::info!(listener, %peer, %error, "the peer's TLS handshake failed");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_accepted_connection_is_asked_whether_it_lives_and_is_cut_when_it_takes_nothing() {
        let listener = listen("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        prepare(&stream, Duration::from_secs(60));
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap() && stream.nodelay().unwrap());
        #[cfg(target_os = "linux")]
        {
            assert_eq!(socket.tcp_keepalive_time().unwrap(), KEEPALIVE_IDLE);
            assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(60)));
        }
    }
}

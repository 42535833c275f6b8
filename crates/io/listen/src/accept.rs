//! The accept loop.

use crate::limits::{ACCEPT_PAUSE, CONNECTIONS_MAX, HANDSHAKE, KEEPALIVE_IDLE};
use crate::socket::Socket;
use rustls::ServerConfig;
use socket2::{SockRef, TcpKeepalive};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

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
}

/// A bound address, ready to accept.
pub struct Listener {
    setting: &'static str,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
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
        let listener = TcpListener::bind(address).await.map_err(error)?;
        Ok(Self { setting, listener, tls: tls.map(TlsAcceptor::from) })
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
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let (stream, address) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(listener = self.setting, %error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            prepare(&stream);
            let (handle, tls, setting) = (handle.clone(), self.tls.clone(), self.setting);
            tokio::spawn(async move {
                let _place = place;
                let encrypted = tls.is_some();
                if let Some(socket) = begin(stream, tls, setting, address).await {
                    handle(socket, Peer { address, encrypted }).await;
                }
            });
        }
    }
}

/// Small answers must not wait for more (Nagle), and a peer that vanished must be noticed.
fn prepare(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_IDLE);
    if let Err(error) = stream.set_nodelay(true).and_then(|()| socket.set_tcp_keepalive(&keepalive)) {
        tracing::debug!(%error, "socket options were refused");
    }
}

async fn begin(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    listener: &'static str,
    peer: SocketAddr,
) -> Option<Socket> {
    let Some(acceptor) = tls else { return Some(Socket::Plain(stream)) };
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some(Socket::Tls(Box::new(stream))),
        Ok(Err(error)) => {
            tracing::info!(listener, %peer, %error, "the peer's TLS handshake failed");
            None
        }
        Err(_) => {
            tracing::info!(listener, %peer, "the peer did not finish its TLS handshake in time");
            None
        }
    }
}

//! A connection, encrypted or not.

use crate::binding;
use crate::given_up::Reason;
use crate::limits::Bounds;
use crate::place::{Ending, Place};
use rustls::{ServerConfig, ServerConnection};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A TCP connection, with or without TLS on it. It counts as one connection of its listener until it is dropped,
/// whatever protocol it has changed to meanwhile.
pub struct Socket {
    stream: Stream,
    place: Place,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Socket {
    pub(crate) fn new(stream: TcpStream, place: Place) -> Self {
        Self { stream: Stream::Plain(stream), place }
    }

    /// Whether TLS is on.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// The state of TLS: what was negotiated, and keying material for channel bindings.
    pub fn tls(&self) -> Option<&ServerConnection> {
        match &self.stream {
            Stream::Plain(_) => None,
            Stream::Tls(stream) => Some(stream.get_ref().1),
        }
    }

    /// `tls-exporter` (RFC 9266): what a sign-in can be bound to. `None` without TLS 1.3.
    pub fn tls_exporter(&self) -> Option<[u8; 32]> {
        self.tls().and_then(binding::tls_exporter)
    }

    /// Begins TLS on a connection in the clear. A handshake that fails is counted.
    ///
    /// # Errors
    /// The handshake failed, took longer than [`Bounds::handshake`], or TLS is on already.
    pub async fn encrypt(self, config: Arc<ServerConfig>) -> io::Result<Self> {
        let Stream::Plain(stream) = self.stream else {
            return Err(io::Error::other("TLS is on already"));
        };
        let handshake = TlsAcceptor::from(config).accept(stream);
        let outcome = tokio::time::timeout(self.place.bounds().handshake, handshake).await;
        let stream = outcome
            .map_err(io::Error::from)
            .flatten()
            .inspect_err(|_| self.place.count(Reason::Handshake))?;
        Ok(Self { stream: Stream::Tls(Box::new(stream)), place: self.place })
    }

    /// The bounds of its listener.
    pub(crate) fn bounds(&self) -> &Bounds {
        self.place.bounds()
    }

    /// Whom to tell that the connection is given up.
    pub(crate) fn ending(&self) -> Ending {
        self.place.ending()
    }

    /// Looks at the first bytes of a connection in the clear without taking them.
    pub(crate) async fn peek(&self, bytes: &mut [u8]) -> io::Result<usize> {
        match &self.stream {
            Stream::Plain(stream) => stream.peek(bytes).await,
            Stream::Tls(_) => Ok(0),
        }
    }
}

macro_rules! either {
    ($self:ident, $socket:ident => $call:expr) => {
        match &mut $self.get_mut().stream {
            Stream::Plain($socket) => $call,
            Stream::Tls($socket) => $call,
        }
    };
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => Pin::new(socket).poll_read(cx, buf))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        either!(self, socket => Pin::new(socket).poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, socket => Pin::new(socket).poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(socket) => socket.is_write_vectored(),
            Stream::Tls(socket) => socket.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => Pin::new(socket).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => Pin::new(socket).poll_shutdown(cx))
    }
}

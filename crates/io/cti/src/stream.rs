//! A connection to a CTI server, plain or TLS.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Bytes to and from the server.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// What went over the connection.
pub(crate) enum Moved {
    /// So many bytes came; 0 is the end.
    Read(usize),
    /// So many bytes went.
    Wrote(usize),
}

impl Stream {
    /// Waits until bytes came into the buffer, if there is one, or bytes went. Dropping the wait loses nothing.
    pub(crate) async fn moved(&mut self, into: Option<&mut Box<[u8]>>, from: &[u8]) -> io::Result<Moved> {
        let mut buffer = into.map(|into| ReadBuf::new(into));
        poll_fn(|context| {
            if let Some(buffer) = &mut buffer
                && let Poll::Ready(read) = Pin::new(&mut *self).poll_read(context, buffer)
            {
                return Poll::Ready(read.map(|()| Moved::Read(buffer.filled().len())));
            }
            if !from.is_empty()
                && let Poll::Ready(wrote) = Pin::new(&mut *self).poll_write(context, from)
            {
                return Poll::Ready(wrote.map(Moved::Wrote));
            }
            // TLS may hold bytes back that it has taken.
            match Pin::new(&mut *self).poll_flush(context) {
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                _ => Poll::Pending,
            }
        })
        .await
    }

    /// The connection will be reset, not closed, when it is dropped (GED-188, "Connection Management"). If it cannot
    /// be, it is gone.
    pub(crate) fn reset_on_drop(&self) {
        let tcp = match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        };
        let _ = tcp.set_zero_linger();
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_read(context, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_write(context, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_flush(context),
            Self::Tls(tls) => Pin::new(tls).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_shutdown(context),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(context),
        }
    }
}

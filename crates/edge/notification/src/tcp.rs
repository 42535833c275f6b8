//! XMPP over TCP (RFC 6120): bytes and STARTTLS; the loop is [`crate::connection`]'s.

use crate::connection::{self, Carrier, faulty, lost};
use crate::outlet::Ending;
use crate::service::Context;
use bosh::Stanza;
use bytes::{Buf, Bytes, BytesMut};
use listen::{Peer, ServerConfig, Socket};
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xmpp::{Features, Frame, Framer, StreamError, ns};

const READ_BYTES: usize = 4 * 1024;

struct Tcp {
    peer: Peer,
    /// None only while TLS begins, or when it failed to.
    socket: Option<Socket>,
    tls: Option<Arc<ServerConfig>>,
    framer: Framer,
    limits: xml::Limits,
    /// What has arrived and is not framed yet.
    input: BytesMut,
}

pub(crate) async fn serve(context: Arc<Context>, socket: Socket, peer: Peer, tls: Option<Arc<ServerConfig>>) {
    let features = match &tls {
        Some(_) if socket.is_encrypted() => Features::Sasl,
        Some(_) if context.config.allow_plain_tcp => Features::TlsOptional,
        Some(_) => Features::TlsRequired,
        None => Features::Sasl,
    };
    let input = BytesMut::with_capacity(READ_BYTES);
    let limits = context.config.limits.xml;
    let framer = Framer::with_limits(limits);
    let tcp = Tcp { peer, socket: Some(socket), tls, framer, limits, input };
    connection::serve(context, tcp, peer, None, features).await;
}

impl Carrier for Tcp {
    const NAME: &'static str = "tcp";

    async fn next(&mut self) -> Result<Frame, Ending> {
        loop {
            let mut rest = &self.input[..];
            let frame = self.framer.read(&mut rest);
            let taken = self.input.len() - rest.len();
            self.input.advance(taken);
            if let Some(frame) = frame.map_err(faulty)? {
                return Ok(frame);
            }
            let Some(socket) = &mut self.socket else { return Err(lost()) };
            self.input.reserve(READ_BYTES);
            match socket.read_buf(&mut self.input).await {
                Ok(1..) => {}
                Ok(0) | Err(_) => return Err(lost()),
            }
        }
    }

    async fn write(&mut self, frames: Vec<Stanza>) -> io::Result<()> {
        let Some(socket) = &mut self.socket else { return Err(io::ErrorKind::NotConnected.into()) };
        let mut buffer = BytesMut::with_capacity(frames.iter().map(Stanza::len).sum());
        for frame in frames {
            buffer.extend_from_slice(&frame.head);
            buffer.extend_from_slice(&frame.tail);
        }
        socket.write_all(&buffer).await?;
        socket.flush().await
    }

    fn header(&self, domain: &str, id: &str) -> Bytes {
        format!(
            "<?xml version=\"1.0\"?><stream:stream xmlns=\"{}\" xmlns:stream=\"{}\" id=\"{id}\" from=\"{domain}\" version=\"1.0\" xml:lang=\"en\">",
            ns::CLIENT,
            ns::STREAM,
        )
        .into()
    }

    fn restart(&mut self) {
        self.framer = Framer::with_limits(self.limits);
    }

    async fn encrypt(&mut self) -> Result<Option<[u8; 32]>, Ending> {
        // whatever came in the clear behind <starttls/> must not count as encrypted
        self.input.clear();
        let (Some(socket), Some(tls)) = (self.socket.take(), &self.tls) else { return Err(lost()) };
        match socket.encrypt(tls.clone()).await {
            Ok(socket) => {
                let exporter = socket.tls_exporter();
                self.socket = Some(socket);
                self.framer = Framer::with_limits(self.limits);
                Ok(exporter)
            }
            Err(error) => {
                tracing::info!(peer = %self.peer.address, %error, "the peer's TLS handshake failed");
                Err(lost())
            }
        }
    }

    fn footer(&self) -> Bytes {
        Bytes::from_static(b"</stream:stream>")
    }

    async fn hang_up(&mut self, _: Option<StreamError>) {
        let Some(socket) = &mut self.socket else { return };
        socket.shutdown().await.ok();
        // a reset would overtake the error: let the client read it and close
        let mut rest = [0; 1024];
        while matches!(socket.read(&mut rest).await, Ok(1..)) {}
    }
}

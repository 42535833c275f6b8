//! XMPP over TCP (RFC 6120): one task a connection.

use crate::limits::{SIGN_IN, TCP_MAILBOX, WRITE};
use crate::outlet::{Ending, Outlet, ToSession};
use crate::service::Context;
use crate::session::{Session, Transport};
use bosh::Reason;
use bytes::{Bytes, BytesMut};
use listen::{Peer, ServerConfig, Socket};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;
use xmpp::{Features, Frame, Framer, StreamError, ns};

const TRANSPORT: &str = "tcp";
const READ_BYTES: usize = 4 * 1024;

/// What the session wants done; the connection does it after each mutation.
#[derive(Default)]
struct Wishes {
    out: Vec<Bytes>,
    start_tls: bool,
    restart: bool,
    end: Option<Ending>,
}

impl Transport for Wishes {
    fn send(&mut self, stanza: bosh::Stanza) {
        if self.end.is_none() {
            self.out.extend([stanza.head, stanza.tail]);
        }
    }

    fn start_tls(&mut self) {
        self.start_tls = true;
    }

    fn restart(&mut self) {
        self.restart = true;
    }

    fn end(&mut self, ending: Ending) {
        self.end.get_or_insert(ending);
    }
}

struct Connection {
    context: Arc<Context>,
    peer: Peer,
    socket: Option<Socket>,
    tls: Option<Arc<ServerConfig>>,
    framer: Framer,
    session: Session,
    /// Whether our own header is out, so that the stream can be closed properly.
    header_sent: bool,
    wishes: Wishes,
}

pub(crate) async fn serve(context: Arc<Context>, socket: Socket, peer: Peer, tls: Option<Arc<ServerConfig>>) {
    let (mailbox, messages) = mpsc::channel(TCP_MAILBOX);
    let (end, ended) = watch::channel(None);
    let features = match (&socket, &tls) {
        (Socket::Plain(_), Some(_)) if !context.config.allow_plain_tcp => Features::TlsRequired,
        (Socket::Plain(_), Some(_)) => Features::TlsOptional,
        _ => Features::Sasl,
    };
    let session = Session::new(context.clone(), features, Outlet::Task { mailbox, end }, context.key());
    context.metrics.opened(TRANSPORT);
    let connection = Connection {
        context,
        peer,
        socket: Some(socket),
        tls,
        framer: Framer::new(),
        session,
        header_sent: false,
        wishes: Wishes::default(),
    };
    connection.run(messages, ended).await;
}

impl Connection {
    async fn run(mut self, messages: mpsc::Receiver<ToSession>, mut ended: watch::Receiver<Option<Ending>>) {
        let mut from_outside = ended.clone();
        let ending = tokio::select! {
            // heard even while a slow reader keeps a write waiting
            Ok(ending) = from_outside.wait_for(Option::is_some) => ending.unwrap_or(Ending::SHUTDOWN),
            ending = self.exchange(messages) => ending,
        };
        ended.mark_unchanged();
        self.session.handle_ended();
        let user = self.session.jid().map_or_else(|| "nobody".to_owned(), ToString::to_string);
        let (peer, reason, error) = (self.peer.address, ending.reason, ending.error);
        let condition = error.map_or("", StreamError::condition);
        if reason == Reason::StreamError {
            let fault = error.map(|error| error.to_string()).unwrap_or_default();
            tracing::warn!(%user, %peer, condition, fault, "xmpp: the client's stream was ended");
            self.context.metrics.fault(condition);
        } else {
            tracing::info!(%user, %peer, %reason, condition, "a TCP session ended");
        }
        self.context.metrics.closed(TRANSPORT, reason);
        self.say_goodbye(error).await;
    }

    /// Reads and writes until the session ends.
    async fn exchange(&mut self, mut messages: mpsc::Receiver<ToSession>) -> Ending {
        let mut input = BytesMut::with_capacity(READ_BYTES);
        let sign_in_until = Instant::now() + SIGN_IN;
        loop {
            let Some(socket) = &mut self.socket else { return lost() };
            tokio::select! {
                biased;
                Some(message) = messages.recv() => self.session.handle_message(message, &mut self.wishes),
                read = socket.read_buf(&mut input) => match read {
                    Ok(0) | Err(_) => return lost(),
                    Ok(_) => {
                        if let Err(ending) = self.take(&mut input).await {
                            return ending;
                        }
                    }
                },
                () = tokio::time::sleep_until(sign_in_until), if self.session.jid().is_none() => {
                    let error = Some(StreamError::ConnectionTimeout);
                    return Ending { reason: Reason::Inactivity, error };
                }
            }
            if let Err(ending) = self.do_wishes().await {
                return ending;
            }
        }
    }

    /// Frames what has arrived; each frame is one mutation.
    async fn take(&mut self, input: &mut BytesMut) -> Result<(), Ending> {
        let arrived = input.split();
        let mut rest = &arrived[..];
        while let Some(frame) = self.framer.read(&mut rest).map_err(faulty)? {
            match frame {
                Frame::Header(header) => {
                    let has_version =
                        header.version.as_deref().is_some_and(|version| version.starts_with("1."));
                    self.send_header();
                    if !has_version {
                        return Err(faulty(StreamError::UnsupportedVersion));
                    }
                    self.session.handle_open(&mut self.wishes);
                }
                Frame::Stanza(bytes) => self.session.handle_element(bytes, &mut self.wishes),
                Frame::Close => self.session.handle_close(&mut self.wishes),
            }
            let encrypts = self.wishes.start_tls;
            self.do_wishes().await?;
            if encrypts {
                // whatever came in the clear behind <starttls/> must not count as encrypted
                return Ok(());
            }
        }
        Ok(())
    }

    fn send_header(&mut self) {
        self.header_sent = true;
        let id: u64 = rand::random();
        let header = format!(
            "<?xml version=\"1.0\"?><stream:stream xmlns=\"{}\" xmlns:stream=\"{}\" id=\"{id:016x}\" from=\"{}\" version=\"1.0\" xml:lang=\"en\">",
            ns::CLIENT,
            ns::STREAM,
            self.context.config.domain
        );
        self.wishes.out.push(header.into());
    }

    async fn do_wishes(&mut self) -> Result<(), Ending> {
        let wishes = std::mem::take(&mut self.wishes);
        self.write(&wishes.out).await?;
        if let Some(ending) = wishes.end {
            return Err(ending);
        }
        if wishes.restart {
            self.framer = Framer::new();
        }
        if wishes.start_tls {
            self.encrypt().await?;
        }
        Ok(())
    }

    async fn write(&mut self, parts: &[Bytes]) -> Result<(), Ending> {
        let Some(socket) = &mut self.socket else { return Err(lost()) };
        let parts = parts.iter().filter(|part| !part.is_empty());
        let written = timeout(WRITE, async {
            let mut buffer = BytesMut::new();
            for part in parts {
                buffer.extend_from_slice(part);
            }
            socket.write_all(&buffer).await?;
            socket.flush().await
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(lost()),
        }
    }

    async fn encrypt(&mut self) -> Result<(), Ending> {
        let (Some(Socket::Plain(stream)), Some(tls)) = (self.socket.take(), &self.tls) else {
            return Err(lost());
        };
        let handshake = timeout(listen::limits::HANDSHAKE, TlsAcceptor::from(tls.clone()).accept(stream));
        let accepted: io::Result<_> = handshake.await.unwrap_or_else(|elapsed| Err(elapsed.into()));
        match accepted {
            Ok(stream) => {
                self.socket = Some(Socket::Tls(Box::new(stream)));
                self.framer = Framer::new();
                self.header_sent = false;
                self.session.handle_encrypted();
                Ok(())
            }
            Err(error) => {
                tracing::info!(peer = %self.peer.address, %error, "the peer's TLS handshake failed");
                Err(lost())
            }
        }
    }

    /// The error if there is one, then the end of the stream (RFC 6120 §4.4, §4.9.1).
    async fn say_goodbye(&mut self, error: Option<StreamError>) {
        if self.socket.is_none() {
            return;
        }
        if !self.header_sent {
            self.send_header();
        }
        let mut parts = std::mem::take(&mut self.wishes.out);
        parts.extend(error.map(StreamError::to_bytes));
        parts.push(Bytes::from_static(b"</stream:stream>"));
        let goodbye = async {
            self.write(&parts).await.ok();
            if let Some(socket) = &mut self.socket {
                socket.shutdown().await.ok();
                // a reset would overtake the error: let the client read it and close
                let mut rest = [0; 1024];
                while matches!(socket.read(&mut rest).await, Ok(1..)) {}
            }
        };
        timeout(Duration::from_secs(2), goodbye).await.ok();
    }
}

fn lost() -> Ending {
    Ending { reason: Reason::TransportLost, error: None }
}

fn faulty(error: StreamError) -> Ending {
    Ending { reason: Reason::StreamError, error: Some(error) }
}

//! A connection with a task of its own: the loop that TCP and WebSocket share.
//!
//! The loop waits for the client, for the rest of the service and for deadlines; each of these is one mutation of
//! the session, after which it does what the session wishes. How frames look on the wire is the [`Carrier`]'s
//! business.

use crate::limits::{CONNECTION_MAILBOX, DELIVERIES_PER_WRITE_MAX, SIGN_IN, WRITE};
use crate::outlet::{Ending, Outlet, ToSession};
use crate::service::Context;
use crate::session::{Session, Transport};
use crate::story::{Client, Mark};
use crate::visit::{Polls, Visit};
use accounts::ChannelBindings;
use bosh::{Reason, Stanza};
use bytes::Bytes;
use listen::Peer;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use xmpp::{Features, Frame, StreamError};

/// How the frames of a stream are carried.
pub(crate) trait Carrier: Send {
    /// Its name in logs and metrics.
    const NAME: &'static str;

    /// The client's next frame, or why there is none. May be dropped while it waits: nothing is lost.
    fn next(&mut self) -> impl Future<Output = Result<Frame, Ending>> + Send;

    /// Writes frames, each whole, and flushes.
    fn write(&mut self, frames: Vec<Stanza>) -> impl Future<Output = io::Result<()>> + Send;

    /// Our own stream header, with an id.
    fn header(&self, domain: &str, id: &str) -> Bytes;

    /// The stream begins anew on the same connection.
    fn restart(&mut self) {}

    /// TLS on this connection, after what was written so far. The answer is its `tls-exporter`.
    fn encrypt(&mut self) -> impl Future<Output = Result<Option<[u8; 32]>, Ending>> + Send {
        async { Err(lost()) }
    }

    /// The end of our side of the stream.
    fn footer(&self) -> Bytes;

    /// Closes what lies below the stream, after the last frame.
    fn hang_up(&mut self, error: Option<StreamError>) -> impl Future<Output = ()> + Send;
}

/// What the session wants done; the connection does it after each mutation.
#[derive(Default)]
struct Wishes {
    out: Vec<Stanza>,
    start_tls: bool,
    restart: bool,
    end: Option<Ending>,
}

impl Transport for Wishes {
    fn send(&mut self, stanza: Stanza) {
        if self.end.is_none() {
            self.out.push(stanza);
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

struct Connection<C> {
    context: Arc<Context>,
    peer: Peer,
    carrier: C,
    session: Session,
    /// Whether our own header is out, so that the stream can be closed properly.
    header_sent: bool,
    wishes: Wishes,
}

/// Serves one client until its session is over. `agent` is what it calls itself.
pub(crate) async fn serve<C: Carrier>(
    context: Arc<Context>,
    carrier: C,
    peer: Peer,
    agent: Option<Arc<str>>,
    features: Features,
) {
    let (mailbox, messages) = mpsc::channel(CONNECTION_MAILBOX);
    let (end, ended) = watch::channel(None);
    let client = Client { transport: C::NAME, address: peer.address, agent };
    let visit = Visit::new(Instant::now().into_std(), Mark::random(), client);
    let mut session =
        Session::new(context.clone(), features, Outlet::Task { mailbox, end }, context.key(), visit);
    session.set_bindings(bindings(&context, peer.tls_exporter));
    context.metrics.opened(C::NAME);
    let wishes = Wishes::default();
    let connection = Connection { context, peer, carrier, session, header_sent: false, wishes };
    connection.run(messages, ended).await;
}

impl<C: Carrier> Connection<C> {
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
        let (transport, condition) = (C::NAME, error.map_or("", StreamError::condition));
        if reason == Reason::StreamError {
            let fault = error.map(|error| error.to_string()).unwrap_or_default();
            tracing::warn!(%user, %peer, transport, condition, fault, "xmpp: the client's stream was ended");
            self.context.metrics.fault(condition);
        } else {
            tracing::info!(%user, %peer, transport, %reason, condition, "a session ended");
        }
        self.context.metrics.closed(C::NAME, reason);
        self.session.note_ended(reason, error, Polls::default());
        self.say_goodbye(error).await;
    }

    /// Reads and writes until the session ends.
    async fn exchange(&mut self, mut messages: mpsc::Receiver<ToSession>) -> Ending {
        let sign_in_until = Instant::now() + SIGN_IN;
        loop {
            tokio::select! {
                biased;
                Some(message) = messages.recv() => {
                    self.session.handle_message(message, &mut self.wishes);
                    // what has come meanwhile leaves in the same write
                    while self.wishes.are_only_frames() && let Ok(message) = messages.try_recv() {
                        self.session.handle_message(message, &mut self.wishes);
                    }
                }
                frame = self.carrier.next() => match frame {
                    Ok(frame) => {
                        self.session.visit.note_heard();
                        if let Err(ending) = self.take(frame) {
                            return ending;
                        }
                    }
                    Err(ending) => return ending,
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

    /// One frame is one mutation.
    fn take(&mut self, frame: Frame) -> Result<(), Ending> {
        match frame {
            Frame::Header(header) => {
                let has_version = header.version.as_deref().is_some_and(|version| version.starts_with("1."));
                self.send_header();
                if !has_version {
                    return Err(faulty(StreamError::UnsupportedVersion));
                }
                self.session.handle_open(&mut self.wishes);
            }
            Frame::Stanza(bytes) => self.session.handle_element(bytes, &mut self.wishes),
            Frame::Close => self.session.handle_close(&mut self.wishes),
        }
        Ok(())
    }

    fn send_header(&mut self) {
        self.header_sent = true;
        let id: u64 = rand::random();
        let header = self.carrier.header(&self.context.config.domain, &format!("{id:016x}"));
        self.wishes.out.push(header.into());
    }

    async fn do_wishes(&mut self) -> Result<(), Ending> {
        let wishes = std::mem::take(&mut self.wishes);
        if !wishes.out.is_empty() {
            self.write(wishes.out).await?;
        }
        if let Some(ending) = wishes.end {
            return Err(ending);
        }
        if wishes.restart {
            self.carrier.restart();
        }
        if wishes.start_tls {
            let exporter = self.carrier.encrypt().await?;
            self.header_sent = false;
            self.session.set_bindings(bindings(&self.context, exporter));
            self.session.handle_encrypted();
        }
        Ok(())
    }

    async fn write(&mut self, frames: Vec<Stanza>) -> Result<(), Ending> {
        match timeout(WRITE, self.carrier.write(frames)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(lost()),
        }
    }

    /// The error if there is one, then the end of the stream (RFC 6120 §4.4, §4.9.1).
    async fn say_goodbye(mut self, error: Option<StreamError>) {
        if !self.header_sent {
            self.send_header();
        }
        let mut frames = std::mem::take(&mut self.wishes.out);
        frames.extend(error.map(|error| error.to_bytes().into()));
        frames.push(self.carrier.footer().into());
        let goodbye = async {
            self.write(frames).await.ok();
            self.carrier.hang_up(error).await;
        };
        timeout(Duration::from_secs(2), goodbye).await.ok();
    }
}

impl Wishes {
    /// Nothing but frames was wished for so far, and not too many of them for one write.
    fn are_only_frames(&self) -> bool {
        let in_order = self.end.is_none() && !self.start_tls && !self.restart;
        in_order && self.out.len() < DELIVERIES_PER_WRITE_MAX
    }
}

/// What a sign-in can be bound to. Nothing before TLS 1.3: there, clients of -PLUS count on `tls-unique` (RFC 5802
/// §6), which we cannot have.
fn bindings(context: &Context, tls_exporter: Option<[u8; 32]>) -> ChannelBindings {
    let tls_server_end_point = context.config.tls_server_end_point.clone().filter(|_| tls_exporter.is_some());
    ChannelBindings { tls_exporter, tls_server_end_point }
}

/// The connection is gone.
pub(crate) fn lost() -> Ending {
    Ending { reason: Reason::TransportLost, error: None }
}

/// The client broke a rule of its stream.
pub(crate) fn faulty(error: StreamError) -> Ending {
    Ending { reason: Reason::StreamError, error: Some(error) }
}

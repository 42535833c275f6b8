//! A connection with a task of its own: the loop that TCP and WebSocket share.
//!
//! The loop waits for the client, for the rest of the service and for deadlines; each of these is one mutation of
//! the session, after which it does what the session wishes. How frames look on the wire is the [`Carrier`]'s
//! business.

use crate::detached::{Claim, Detached, Handover, Line, finish};
use crate::domains;
use crate::limits::DELIVERIES_PER_WRITE_MAX;
use crate::outlet::{self, Ending, Outlet};
use crate::service::Context;
use crate::session::{Session, Transport};
use crate::story::{Client, Mark};
use crate::visit::Visit;
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
    /// The session is another one now, with these channels.
    line: Option<Line>,
    end: Option<Ending>,
}

/// What comes after an exchange of frames.
enum Next {
    /// The session is over, or its connection is.
    Ended(Ending),
    /// Another connection of the client wants the session.
    Claimed(Claim),
    /// This connection has an earlier session of the client now.
    TookOver(Line),
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

    fn take_over(&mut self, line: Line) {
        self.line = Some(line);
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
    let (mailbox, messages) = outlet::mailbox(&context.config.limits);
    let (end, ended) = watch::channel(None);
    let (claims_in, claims) = mpsc::channel(1);
    let outlet = Outlet::Task { mailbox, end, claims: claims_in };
    let client = Client { transport: C::NAME, address: peer.address, agent };
    let visit =
        Visit::new(Instant::now().into_std(), Mark::random(), client, context.config.limits.recorded_max);
    let mut session = Session::new(context.clone(), features, outlet, context.key(), visit);
    if peer.encrypted {
        session.set_bindings(bindings(&context, peer.tls_exporter));
    }
    context.metrics.opened(C::NAME);
    let wishes = Wishes::default();
    let connection = Connection { context, peer, carrier, session, header_sent: false, wishes };
    connection.run(Line { messages, ended, claims }).await;
}

impl<C: Carrier> Connection<C> {
    async fn run(mut self, mut line: Line) {
        let next = loop {
            let Line { messages, ended, claims } = &mut line;
            let next = tokio::select! {
                biased;
                // these two are heard even while a slow reader keeps a write waiting
                Ok(ending) = ended.wait_for(Option::is_some) => Next::Ended(ending.unwrap_or(Ending::SHUTDOWN)),
                Some(claim) = claims.recv() => Next::Claimed(claim),
                next = self.exchange(messages) => next,
            };
            match next {
                Next::TookOver(taken) => line = taken,
                Next::Ended(ending) => break (ending, None),
                // the client is on its new connection already (XEP-0198 §5)
                Next::Claimed(claim) => break (Ending::CONFLICT, Some(claim)),
            }
        };
        let Self { context, peer, carrier, session, header_sent, wishes } = self;
        let (ending, claim) = next;
        let lost = ending.reason == Reason::TransportLost && session.waits().is_some();
        // what was not written to a connection that is given up goes to the next one
        let out = if claim.is_some() { Vec::new() } else { wishes.out };
        let goodbye = Goodbye { context: context.clone(), carrier, header_sent, out };
        if claim.is_none() && !lost {
            finish(&context, &session, C::NAME, peer.address, ending);
            return goodbye.say(ending.error).await;
        }
        let until = Instant::now() + session.waits().unwrap_or_default();
        let detached = Detached { context, session, line, transport: C::NAME, peer: peer.address, until };
        match claim {
            Some(claim) => {
                detached.context.metrics.moved(C::NAME);
                // if the new connection is gone already, the session waits for another
                let _ = claim.0.send(Handover::new(detached));
                goodbye.say(ending.error).await;
            }
            None => {
                // what is left of the connection must not keep a dead peer's memory while the session waits
                drop(goodbye);
                let user = detached.session.jid().map_or("", |jid| jid.as_str());
                tracing::info!(user, peer = %peer.address, transport = C::NAME, "a connection was lost: its session waits for the client");
                Box::new(detached).wait().await;
            }
        }
    }

    /// Reads and writes until the session ends.
    async fn exchange(&mut self, messages: &mut outlet::Receiver) -> Next {
        let sign_in_until = Instant::now() + self.context.config.limits.sign_in;
        loop {
            if let Err(ending) = self.do_wishes().await {
                return Next::Ended(ending);
            }
            let signed_in = self.session.jid().is_some();
            let deadline =
                if signed_in { self.session.poll_timeout() } else { Some(sign_in_until.into_std()) };
            let timer = tokio::time::sleep_until(deadline.map_or(sign_in_until, Instant::from_std));
            tokio::select! {
                biased;
                Some(message) = messages.recv() => {
                    let waiting = (messages.len(), self.context.config.limits.pending_stanzas_max);
                    self.session.note_waiting(waiting);
                    self.session.handle_message(message, &mut self.wishes);
                    // what has come meanwhile leaves in the same write
                    while self.wishes.are_only_frames() && let Some(message) = messages.try_recv() {
                        self.session.handle_message(message, &mut self.wishes);
                    }
                }
                frame = self.carrier.next() => match frame {
                    Ok(frame) => {
                        self.session.visit.note_heard(if let Frame::Stanza(bytes) = &frame { bytes.len() } else { 0 });
                        if let Err(ending) = self.take(frame) {
                            return Next::Ended(ending);
                        }
                    }
                    Err(ending) => return Next::Ended(ending),
                },
                () = timer, if deadline.is_some() => {
                    if !signed_in {
                        let error = Some(StreamError::ConnectionTimeout);
                        return Next::Ended(Ending { reason: Reason::SignInTimeout, error });
                    }
                    self.session.handle_timeout(&mut self.wishes);
                }
            }
            if let Some(line) = self.wishes.line.take() {
                // before anything is written: from here on the session's own channels are listened to
                return Next::TookOver(line);
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
                domains::check(&self.context.config, header.to.as_deref())
                    .map_err(|misdirected| faulty(misdirected.error()))?;
                self.session.handle_open(header.lang, &mut self.wishes);
            }
            Frame::Stanza(bytes) => self.session.handle_element(bytes, &mut self.wishes),
            Frame::Close => self.session.handle_close(&mut self.wishes),
        }
        Ok(())
    }

    fn send_header(&mut self) {
        self.header_sent = true;
        self.wishes.out.push(header(&self.carrier, &self.context));
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
        match timeout(self.context.config.limits.write, self.carrier.write(frames)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(lost()),
        }
    }
}

/// Our own stream header.
fn header(carrier: &impl Carrier, context: &Context) -> Stanza {
    let id: u64 = rand::random();
    carrier.header(&context.config.domain, &format!("{id:016x}")).into()
}

/// The end of a connection, with what was still to be written.
struct Goodbye<C> {
    context: Arc<Context>,
    carrier: C,
    header_sent: bool,
    out: Vec<Stanza>,
}

impl<C: Carrier> Goodbye<C> {
    /// The error if there is one, then the end of the stream (RFC 6120 §4.4, §4.9.1).
    async fn say(mut self, error: Option<StreamError>) {
        let mut frames = self.out;
        if !self.header_sent {
            frames.insert(0, header(&self.carrier, &self.context));
        }
        frames.extend(error.map(|error| error.to_bytes().into()));
        frames.push(self.carrier.footer().into());
        let goodbye = async {
            self.carrier.write(frames).await.ok();
            self.carrier.hang_up(error).await;
        };
        timeout(Duration::from_secs(2), goodbye).await.ok();
    }
}

impl Wishes {
    /// Nothing but frames was wished for so far, and not too many of them for one write.
    fn are_only_frames(&self) -> bool {
        let in_order = self.end.is_none() && !self.start_tls && !self.restart && self.line.is_none();
        in_order && self.out.len() < DELIVERIES_PER_WRITE_MAX
    }
}

/// What a sign-in over TLS can be bound to. Before TLS 1.3 it is the certificate alone: `tls-unique` (RFC 5802 §6) is
/// not to be had.
fn bindings(context: &Context, tls_exporter: Option<[u8; 32]>) -> ChannelBindings {
    ChannelBindings { tls_exporter, tls_server_end_point: context.config.tls_server_end_point.clone() }
}

/// The connection is gone.
pub(crate) fn lost() -> Ending {
    Ending { reason: Reason::TransportLost, error: None }
}

/// The client broke a rule of its stream.
pub(crate) fn faulty(error: StreamError) -> Ending {
    Ending { reason: Reason::StreamError, error: Some(error) }
}

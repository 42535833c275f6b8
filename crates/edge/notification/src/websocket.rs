//! XMPP over WebSocket (RFC 7395): the upgrade and the frames; the loop is [`crate::connection`]'s.

use crate::connection::{self, Carrier, faulty, lost};
use crate::http_bind::Segments;
use crate::limits::WEBSOCKET_BUFFER_BYTES;
use crate::origin;
use crate::outlet::Ending;
use crate::service::Context;
use crate::story;
use bosh::{Reason, Stanza};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use listen::{Peer, Socket};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use xmpp::{Features, Frame, StreamError, websocket};

const PAGE: &str = "This is the notification service of Aplomb. XMPP clients connect here with WebSocket \
(RFC 7395, sub-protocol xmpp).\n";

/// Takes WebSocket connections, whatever listener they come from.
#[derive(Clone)]
pub struct WebSocket {
    context: Arc<Context>,
}

impl WebSocket {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Whether a path is the WebSocket's, with and without trailing slash.
    pub fn owns(path: &str) -> bool {
        matches!(path, "/ws" | "/ws/")
    }

    /// Answers a request to change to WebSocket (RFC 6455 §4.2); the client is served in a task of its own.
    pub fn handle<B>(&self, mut request: Request<B>, peer: Peer) -> Response<Segments> {
        let key = match self.agree(&request) {
            Ok(key) => key,
            Err(refusal) => {
                let (fault, response) = *refusal;
                tracing::warn!(peer = %peer.address, fault, "websocket: the client's request was refused");
                self.context.metrics.fault("websocket-handshake");
                return response;
            }
        };
        let accept = derive_accept_key(&key);
        let upgrade = hyper::upgrade::on(&mut request);
        let agent = story::agent(request.headers());
        let context = self.context.clone();
        tokio::spawn(async move {
            // an error means that the client went away before the change
            let Ok(upgraded) = upgrade.await else { return };
            let Some((socket, read)) = listen::http::upgraded(upgraded) else { return };
            serve(context, socket, read, peer, agent).await;
        });
        let mut response = Response::new(Segments::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(websocket::SUB_PROTOCOL));
        if let Ok(accept) = HeaderValue::try_from(accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        response
    }

    /// The client's key, or what is wrong and the answer that says so.
    fn agree<B>(&self, request: &Request<B>) -> Result<Vec<u8>, Box<(&'static str, Response<Segments>)>> {
        let headers = request.headers();
        let refuse = |status, fault, extra: Option<(HeaderName, &'static str)>| {
            Err(Box::new((fault, refusal(status, fault, extra))))
        };
        if request.method() != Method::GET {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "not a GET", Some((header::ALLOW, "GET")));
        }
        if !has_token(headers, header::CONNECTION, "upgrade")
            || !has_token(headers, header::UPGRADE, "websocket")
        {
            return refuse(
                StatusCode::UPGRADE_REQUIRED,
                "not a WebSocket request",
                Some((header::UPGRADE, "websocket")),
            );
        }
        if !origin::may_open_websocket(&self.context.config.cors_origins, headers) {
            return refuse(StatusCode::FORBIDDEN, "the page is from an origin that is not allowed", None);
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            let version = Some((header::SEC_WEBSOCKET_VERSION, "13"));
            return refuse(StatusCode::UPGRADE_REQUIRED, "another version of WebSocket than 13", version);
        }
        if !has_token(headers, header::SEC_WEBSOCKET_PROTOCOL, websocket::SUB_PROTOCOL) {
            return refuse(StatusCode::BAD_REQUEST, "the sub-protocol xmpp is not among those offered", None);
        }
        match headers.get(header::SEC_WEBSOCKET_KEY) {
            // base64 of 16 bytes
            Some(key) if key.len() == 24 => Ok(key.as_bytes().to_vec()),
            _ => refuse(StatusCode::BAD_REQUEST, "no usable Sec-WebSocket-Key", None),
        }
    }
}

fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case(token))
}

fn refusal(status: StatusCode, fault: &str, extra: Option<(HeaderName, &'static str)>) -> Response<Segments> {
    let mut response = Response::new(Segments::from(vec![format!("{PAGE}Refused: {fault}.\n").into()]));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if let Some((name, value)) = extra {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn serve(context: Arc<Context>, socket: Socket, read: Bytes, peer: Peer, agent: Option<Arc<str>>) {
    let limits = context.config.limits;
    let config = WebSocketConfig::default()
        .read_buffer_size(WEBSOCKET_BUFFER_BYTES)
        .write_buffer_size(limits.xml.document_bytes_max)
        .max_message_size(Some(limits.xml.document_bytes_max))
        .max_frame_size(Some(limits.xml.document_bytes_max));
    let stream = WebSocketStream::from_partially_read(socket, read.into(), Role::Server, Some(config)).await;
    let silence = context.config.websocket_ping;
    let channel = Channel {
        stream,
        pulse: Pulse { silence, heard: Instant::now(), asked: false, alarm: Box::pin(sleep(silence)) },
        see_other_uri: context.config.websocket_see_other_uri.clone(),
        close_code: CloseCode::Normal,
        write: limits.write,
        limits: limits.xml,
    };
    connection::serve(context, channel, peer, agent, Features::Sasl).await;
}

/// The frames of one connection.
struct Channel {
    stream: WebSocketStream<Socket>,
    pulse: Pulse,
    /// Where clients are sent instead (RFC 7395 §3.6.1).
    see_other_uri: Option<String>,
    close_code: CloseCode,
    limits: xml::Limits,
    /// Time for one write.
    write: Duration,
}

/// Whether the client lives: a ping after a time of silence, and the end when that is not answered either.
struct Pulse {
    silence: Duration,
    heard: Instant,
    asked: bool,
    alarm: Pin<Box<Sleep>>,
}

impl Pulse {
    fn beat(&mut self) {
        self.heard = Instant::now();
        self.asked = false;
    }
}

impl Channel {
    /// The alarm rang: asks, or finds that the client was asked already.
    async fn check_pulse(&mut self) -> Result<(), Ending> {
        let quiet_until = self.pulse.heard + self.pulse.silence;
        if !self.pulse.asked && Instant::now() < quiet_until {
            self.pulse.alarm.as_mut().reset(quiet_until);
            return Ok(());
        }
        if std::mem::replace(&mut self.pulse.asked, true) {
            return Err(lost());
        }
        self.pulse.alarm.as_mut().reset(Instant::now() + self.pulse.silence);
        let ping = self.stream.send(Message::Ping(Bytes::new()));
        match timeout(self.write, ping).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(lost()),
        }
    }

    fn take(&mut self, message: Message) -> Result<Option<Frame>, Ending> {
        match message {
            Message::Text(text) => {
                let frame = websocket::read(text.into(), &self.limits).map_err(faulty)?;
                if self.see_other_uri.is_some() && matches!(frame, Frame::Header(_)) {
                    return Err(Ending { reason: Reason::SeeOtherUri, error: None });
                }
                Ok(Some(frame))
            }
            Message::Binary(_) => {
                // RFC 7395 §3.2: data is text
                self.close_code = CloseCode::Unsupported;
                Err(faulty(StreamError::BadFormat))
            }
            // the pong leaves with the next read
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
            // RFC 7395 §3.6: without <close/> before, this is no proper end
            Message::Close(_) => Err(lost()),
        }
    }

    /// What the client did wrong below the stream.
    fn fault(&mut self, error: &Error) -> Ending {
        match error {
            Error::Capacity(CapacityError::MessageTooLong { .. }) => {
                self.close_code = CloseCode::Size;
                faulty(StreamError::PolicyViolation("stanza too long"))
            }
            Error::Utf8(_) => {
                self.close_code = CloseCode::Invalid;
                faulty(StreamError::NotWellFormed)
            }
            // the connection broke: nobody's fault, and the session may be resumed
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => lost(),
            Error::Protocol(error) => {
                tracing::debug!(%error, "a client broke RFC 6455");
                self.close_code = CloseCode::Protocol;
                faulty(StreamError::BadFormat)
            }
            _ => lost(),
        }
    }
}

impl Carrier for Channel {
    const NAME: &'static str = "websocket";

    async fn next(&mut self) -> Result<Frame, Ending> {
        loop {
            tokio::select! {
                message = self.stream.next() => {
                    let message = match message {
                        Some(Ok(message)) => message,
                        Some(Err(error)) => return Err(self.fault(&error)),
                        None => return Err(lost()),
                    };
                    self.pulse.beat();
                    if let Some(frame) = self.take(message)? {
                        return Ok(frame);
                    }
                }
                () = &mut self.pulse.alarm => self.check_pulse().await?,
            }
        }
    }

    async fn write(&mut self, frames: Vec<Stanza>) -> io::Result<()> {
        for frame in frames {
            let whole = if frame.tail.is_empty() {
                websocket::stand_alone(&frame.head).unwrap_or(frame.head)
            } else {
                [frame.head, frame.tail].concat().into()
            };
            let text = Utf8Bytes::try_from(whole).map_err(io::Error::other)?;
            self.stream.feed(Message::Text(text)).await.map_err(io::Error::other)?;
        }
        self.stream.flush().await.map_err(io::Error::other)
    }

    fn header(&self, domain: &str, id: &str) -> Bytes {
        websocket::open(domain, id)
    }

    fn footer(&self) -> Bytes {
        websocket::close(self.see_other_uri.as_deref())
    }

    async fn hang_up(&mut self, error: Option<StreamError>) {
        let code = match error {
            Some(StreamError::SystemShutdown) => CloseCode::Away,
            _ => self.close_code,
        };
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        if self.stream.close(Some(frame)).await.is_ok() {
            // the client's own close, or its end
            while matches!(self.stream.next().await, Some(Ok(_))) {}
        }
        let socket = self.stream.get_mut();
        socket.shutdown().await.ok();
        // a reset would overtake the error: let the client read it and close
        let mut rest = [0; 1024];
        while matches!(socket.read(&mut rest).await, Ok(1..)) {}
    }
}

//! http-bind: the HTTP side of BOSH (XEP-0124 §3). No router of a web framework here: most connections are parked
//! polls, and what a parked request keeps alive is paid for thousands of times.

use crate::coding;
use crate::limits::Limits;
use crate::origin;
use crate::service::Context;
use crate::shard::ToShard;
use crate::sid::Sid;
use crate::story;
use bosh::{Answer, Body, BodyError, Condition, RequestId, Version};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};
use listen::{Behind, Peer};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::error::Error;
use std::future::ready;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context as TaskContext, Poll};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><title>http-bind</title><p>This is the notification service \
of Aplomb. XMPP clients connect here with BOSH (<a href=\"https://xmpp.org/extensions/xep-0124.html\">XEP-0124</a>, \
<a href=\"https://xmpp.org/extensions/xep-0206.html\">XEP-0206</a>): they POST to this address.</p>";

/// Handles http-bind requests, whatever listener they come from.
#[derive(Clone)]
pub struct HttpBind {
    context: Arc<Context>,
    shards: Arc<[mpsc::Sender<ToShard>]>,
    next_shard: Arc<AtomicUsize>,
}

impl HttpBind {
    pub(crate) fn new(context: Arc<Context>, shards: Arc<[mpsc::Sender<ToShard>]>) -> Self {
        Self { context, shards, next_shard: Arc::new(AtomicUsize::new(0)) }
    }

    /// Whether a path is http-bind's, with and without trailing slash.
    pub fn owns(path: &str) -> bool {
        matches!(path, "/http-bind" | "/http-bind/")
    }

    /// Answers one request; a poll is answered when its session has something to say. When the returned future is
    /// dropped the session is told that the connection is gone.
    pub async fn handle<B>(&self, request: Request<B>, peer: Peer, behind: Behind) -> Response<Segments>
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let origin = origin::allowed(&self.context.config.cors_origins, request.headers());
        let gzip = coding::accepts_gzip(request.headers());
        let mut response = match *request.method() {
            Method::POST => {
                // a box of its own for reading the request: it is gone while the answer is waited for
                let answer = Box::pin(self.post(request, peer, behind)).await;
                response(answer.await)
            }
            Method::OPTIONS => preflight(origin.is_some()),
            Method::GET if is_script(&request) => Box::pin(self.script(request, peer, behind)).await,
            Method::GET | Method::HEAD => page(),
            _ => not_allowed(),
        };
        if gzip {
            // a box: what compression needs is not to be paid for by parked polls
            response = Box::pin(coding::gzip(response, self.context.config.gzip_bytes_min)).await;
        }
        if let Some(origin) = origin {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
        }
        response
    }

    async fn post<B>(&self, request: Request<B>, peer: Peer, behind: Behind) -> Waiting<'_>
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        // only the bytes are kept: a parked poll must not hold its headers
        let (mut head, body) = request.into_parts();
        let headers = std::mem::take(&mut head.headers);
        drop(head);
        let coding = headers.get(header::CONTENT_ENCODING);
        let limits = &self.context.config.limits;
        let bytes_max = limits.xml.document_bytes_max;
        let read = read(body, limits).await;
        let bytes = match read.and_then(|bytes| coding::read(bytes, coding, bytes_max)) {
            Ok(bytes) => bytes,
            Err(fault) => return at_once(self.refuse(peer, &fault, Condition::PolicyViolation)),
        };
        self.take(bytes, &headers, peer, behind)
    }

    /// The alternative script syntax (XEP-0252): the request is the query of a GET, the answer is a script.
    async fn script<B>(&self, request: Request<B>, peer: Peer, behind: Behind) -> Response<Segments> {
        if !self.context.config.script_syntax {
            return not_found();
        }
        let (mut head, _) = request.into_parts();
        let headers = std::mem::take(&mut head.headers);
        let bytes = head.uri.query().and_then(bosh::read_script_request);
        drop(head);
        let answer = match bytes {
            Some(bytes) => self.take(bytes, &headers, peer, behind).await,
            None => self.refuse(peer, "an escape in the query cannot be read", Condition::BadRequest),
        };
        let mut response = response(answer.into_script());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        response
    }

    /// Answers the body of a request.
    fn take(&self, bytes: Bytes, headers: &HeaderMap, peer: Peer, behind: Behind) -> Waiting<'_> {
        let body = match Body::parse(&bytes, &self.context.config.limits.xml) {
            Ok(body) => Box::new(body),
            Err(error) => {
                if let BodyError::Xml(xml::ReadError::ForbiddenCharacter { element, .. }) = &error {
                    self.context.metrics.forbidden_character(xmpp::field(element.as_deref()));
                }
                return at_once(self.refuse(peer, &error.to_string(), error.condition()));
            }
        };
        let agent = if body.sid.is_none() { story::agent(headers) } else { None };
        if let (None, false, Some(uri)) = (&body.sid, peer.encrypted, &self.context.config.see_other_uri) {
            tracing::debug!(peer = %peer.address, "http-bind: a client in the clear was sent to the address with TLS");
            return at_once(Answer::see_other_uri(uri, body.version));
        }
        Box::pin(self.ask((body, bytes.len()), agent, peer, behind))
    }

    /// A request that belongs to no session.
    fn refuse(&self, peer: Peer, fault: &str, condition: Condition) -> Answer {
        tracing::warn!(peer = %peer.address, fault, condition = condition.as_str(), "http-bind: the client's request was refused");
        self.context.metrics.fault(condition.as_str());
        match condition {
            Condition::BadRequest => Answer::bad_request(),
            other => Answer::refusal(other, Some(Version::CURRENT)),
        }
    }

    /// `length`: of the body as it came.
    async fn ask(
        &self,
        (body, length): (Box<Body>, usize),
        agent: Option<Arc<str>>,
        peer: Peer,
        behind: Behind,
    ) -> Answer {
        let (reply, answer) = oneshot::channel();
        let request = RequestId(self.context.key());
        let Some(text) = &body.sid else {
            let shard = &self.shards[self.next_shard.fetch_add(1, Ordering::Relaxed) % self.shards.len()];
            let message = ToShard::Create { body, peer, agent, request, reply };
            return exchange(shard, message, answer).await;
        };
        let Some((sid, shard)) =
            Sid::decode(text).and_then(|sid| Some((sid, self.shards.get(sid.shard as usize)?)))
        else {
            // the server may have had more shards before it was started again
            return self.context.dead_session(text, body.rid, peer.address);
        };
        let mut gone = Gone { shard, sid, request, answered: false };
        let mut answer = pin!(exchange(
            shard,
            ToShard::Request { sid, body, bytes: length, address: peer.address, request, reply },
            answer
        ));
        let answer = tokio::select! {
            biased;
            answer = &mut answer => answer,
            () = behind.wait() => {
                // without room the request is answered when its time is up
                let _ = shard.try_send(ToShard::Behind { sid, request });
                answer.await
            }
        };
        gone.answered = true;
        answer
    }
}

/// All that is kept of a request while its answer is waited for.
type Waiting<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

fn at_once(answer: Answer) -> Waiting<'static> {
    Box::pin(ready(answer))
}

/// The message is not part of the returned future, unless it has to wait for room: a parked request would keep a
/// place for it, several times over.
fn exchange(
    shard: &mpsc::Sender<ToShard>,
    message: ToShard,
    answer: oneshot::Receiver<Answer>,
) -> impl Future<Output = Answer> {
    let (late, mut is_open) = match shard.try_send(message) {
        Ok(()) => (None, true),
        Err(TrySendError::Full(message)) => (Some(Box::pin(shard.send(message))), true),
        Err(TrySendError::Closed(_)) => (None, false),
    };
    async move {
        if let Some(late) = late {
            is_open = late.await.is_ok();
        }
        if !is_open {
            return Answer::refusal(Condition::SystemShutdown, Some(Version::CURRENT));
        }
        // the sender is dropped unanswered when the session ended with its answer already given
        answer.await.unwrap_or_else(|_| Answer::unknown_session())
    }
}

/// Tells the session when the connection of a request goes away before the answer.
struct Gone<'a> {
    shard: &'a mpsc::Sender<ToShard>,
    sid: Sid,
    request: RequestId,
    answered: bool,
}

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        if !self.answered {
            // if there is no room the answer is lost on the way, and kept for the client's repeat
            let _ = self.shard.try_send(ToShard::Closed { sid: self.sid, request: self.request });
        }
    }
}

async fn read<B>(body: B, limits: &Limits) -> Result<Bytes, Cow<'static, str>>
where
    B: hyper::body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let bytes_max = limits.xml.document_bytes_max;
    let limited = Limited::new(body, bytes_max);
    match tokio::time::timeout(limits.request_body, Box::pin(limited).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(coding::too_long(bytes_max).into()),
        Ok(Err(_)) => Err("the body did not arrive whole".into()),
        Err(_) => Err("the body did not arrive in time".into()),
    }
}

/// The HTTP response that carries an answer.
pub fn response(answer: Answer) -> Response<Segments> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Segments::from(answer.segments));
    *response.status_mut() = status;
    let own_type = answer.content_type.as_deref().and_then(|own| HeaderValue::from_str(own).ok());
    let content_type = own_type.unwrap_or(HeaderValue::from_static(bosh::CONTENT_TYPE));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A form of any page can post a request and so show the answer as a page of ours, with what an attacker sent to
    // a session of his own in it. In a sandbox it has no origin, and runs no scripts.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Whether a GET brings a request in its query.
fn is_script<B>(request: &Request<B>) -> bool {
    request.uri().query().is_some_and(bosh::is_script_request)
}

fn not_found() -> Response<Segments> {
    let mut response = Response::new(Segments::default());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn page() -> Response<Segments> {
    let mut response = Response::new(Segments::from(vec![Bytes::from_static(PAGE.as_bytes())]));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    response
}

fn preflight(allowed: bool) -> Response<Segments> {
    let mut response = Response::new(Segments::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS, POST"));
    if allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, OPTIONS, POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Content-Type"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    response
}

fn not_allowed() -> Response<Segments> {
    let mut response = Response::new(Segments::default());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS, POST"));
    response
}

/// An HTTP body in parts, none of which is copied.
#[derive(Clone, Debug, Default)]
pub struct Segments {
    parts: VecDeque<Bytes>,
    bytes: u64,
}

impl Segments {
    /// The length of all parts.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl IntoIterator for Segments {
    type Item = Bytes;
    type IntoIter = std::collections::vec_deque::IntoIter<Bytes>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.into_iter()
    }
}

impl From<Vec<Bytes>> for Segments {
    fn from(parts: Vec<Bytes>) -> Self {
        let parts: VecDeque<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let bytes = parts.iter().map(|part| part.len() as u64).sum();
        Self { parts, bytes }
    }
}

impl hyper::body::Body for Segments {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = self.parts.pop_front();
        self.bytes -= part.as_ref().map_or(0, |part| part.len() as u64);
        Poll::Ready(part.map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes)
    }
}

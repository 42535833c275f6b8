//! HTTP on one connection, with small buffers: most connections are parked polls.

use crate::given_up::Reason;
use crate::limits::{
    HTTP_BUFFER_BYTES_MAX, HTTP2_ALIVE, HTTP2_ANSWERED, HTTP2_CONNECTION_WINDOW_BYTES,
    HTTP2_HEADERS_BYTES_MAX, HTTP2_STREAM_WINDOW_BYTES,
};
use crate::pipeline::{Behind, Watched};
use crate::socket::Socket;
use futures_util::FutureExt;
use http::{Request, Response};
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::time::timeout;

/// What clients of a web listener may negotiate by ALPN, best first.
pub const PROTOCOLS: [&str; 2] = ["h2", "http/1.1"];

/// Serves one connection until either side closes it: HTTP/2 if the client negotiated it, or on a connection in the
/// clear began with it (RFC 9113 §3.3); else HTTP/1.1.
pub async fn serve<F, Fut, B>(socket: Socket, answer: F)
where
    F: Fn(Request<Incoming>, Behind) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let is_http2 = match socket.tls() {
        Some(tls) => tls.alpn_protocol() == Some(b"h2"),
        None => begins_with_http2(&socket).await,
    };
    let served = if is_http2 {
        // boxed, so that connections with HTTP/1.1 do not keep room for it
        Box::pin(serve_http2(socket, answer)).await
    } else {
        let patience = socket.bounds().request_head;
        let ending = socket.ending();
        let (watched, order) = Watched::new(socket);
        let service = service_fn(|request| {
            // not an async block, which would keep room for the answer's future twice
            answer(request, order.next()).map(Ok::<_, Infallible>)
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience)
            .max_buf_size(HTTP_BUFFER_BYTES_MAX)
            .serve_connection(TokioIo::new(watched), service)
            .with_upgrades()
            .await;
        let is_overdue = served.as_ref().is_err_and(hyper::Error::is_timeout);
        if let Some(reason) = order.overdue().filter(|_| is_overdue) {
            ending.given_up(reason);
        }
        served
    };
    if let Err(error) = served {
        // a client that goes away or sends nonsense; hyper has answered what can be answered
        tracing::debug!(%error, "an HTTP connection ended early");
    }
}

async fn serve_http2<F, Fut, B>(socket: Socket, answer: F) -> hyper::Result<()>
where
    F: Fn(Request<Incoming>, Behind) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (patience, streams_max) = (socket.bounds().request_head, socket.bounds().http2_streams_max);
    let ending = socket.ending();
    let begun = Arc::new(AtomicBool::new(false));
    let was_asked = begun.clone();
    let service = service_fn(move |request| {
        begun.store(true, Ordering::Relaxed);
        answer(request, Behind::NEVER).map(Ok::<_, Infallible>)
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(streams_max)
        .max_header_list_size(HTTP2_HEADERS_BYTES_MAX)
        .initial_stream_window_size(HTTP2_STREAM_WINDOW_BYTES)
        .initial_connection_window_size(HTTP2_CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(HTTP_BUFFER_BYTES_MAX)
        .keep_alive_interval(HTTP2_ALIVE)
        .keep_alive_timeout(HTTP2_ANSWERED)
        .serve_connection(TokioIo::new(socket), service);
    let mut connection = pin!(connection);
    match timeout(patience, connection.as_mut()).await {
        Ok(served) => served,
        Err(_) if was_asked.load(Ordering::Relaxed) => connection.await,
        // nothing was asked for: the same patience as with HTTP/1.1
        Err(_) => {
            ending.given_up(Reason::Silent);
            Ok(())
        }
    }
}

/// Whether the client knows beforehand that we speak HTTP/2. No method of HTTP/1.1 begins so.
async fn begins_with_http2(socket: &Socket) -> bool {
    let mut first = [0; 3];
    matches!(timeout(socket.bounds().request_head, socket.peek(&mut first)).await, Ok(Ok(3)) if first == *b"PRI")
}

/// The connection of a client that changed its protocol (RFC 9110 §7.8), and what it has sent already.
pub fn upgraded(upgraded: Upgraded) -> Option<(Socket, Bytes)> {
    let parts = upgraded.downcast::<TokioIo<Watched>>().ok()?;
    Some((parts.io.into_inner().into_socket(), parts.read_buf))
}

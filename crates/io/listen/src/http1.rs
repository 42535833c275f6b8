//! HTTP/1.1 on one connection, with small buffers: most connections are parked polls.

use crate::limits::{HTTP_BUFFER_BYTES_MAX, REQUEST_HEAD};
use crate::socket::Socket;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::error::Error;

/// Serves one connection until either side closes it.
pub async fn serve<S, B>(socket: Socket, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_HEAD)
        .max_buf_size(HTTP_BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(socket), service)
        .await;
    if let Err(error) = served {
        // a client that goes away or sends nonsense; hyper has answered what can be answered
        tracing::debug!(%error, "an HTTP connection ended early");
    }
}

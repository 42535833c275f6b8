//! What answers on each HTTP listener.

use ::http::{Request, Response, StatusCode, header};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use listen::{Behind, Listener, Peer, Socket};
use notification::{HostMeta, HttpBind, Tunnel, WebSocket};
use std::sync::Arc;
use tower::ServiceExt;

/// http-bind and WebSocket, and something else for every other path.
pub(crate) struct Site {
    pub(crate) http_bind: HttpBind,
    pub(crate) websocket: WebSocket,
    pub(crate) host_meta: HostMeta,
    pub(crate) tunnel: Tunnel,
    pub(crate) rest: Rest,
}

/// Everything that is neither http-bind nor WebSocket.
#[derive(Clone)]
pub(crate) enum Rest {
    /// The web service and the desktop.
    Serve(Router),
    /// Sent on to HTTPS on this port.
    Redirect {
        /// Of the web service.
        port: u16,
    },
    /// Nothing.
    Nothing,
}

impl Site {
    pub(crate) async fn run(self, listener: Listener) {
        // one for all: a parked poll keeps its own pointer, not its own site
        let site = Arc::new(self);
        let handle = move |socket: Socket, peer: Peer| {
            let site = site.clone();
            listen::http::serve(socket, move |request, behind| site.clone().answer(request, peer, behind))
        };
        listener.run(handle).await;
    }

    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        peer: Peer,
        behind: Behind,
    ) -> Response<Body> {
        match &self.rest {
            // a redirected port must not take passwords
            Rest::Redirect { port } => redirect(&request, *port),
            _ if HttpBind::owns(request.uri().path()) => {
                self.http_bind.handle(request, peer, behind).await.map(Body::new)
            }
            _ if WebSocket::owns(request.uri().path()) => self.websocket.handle(request, peer).map(Body::new),
            _ if HostMeta::owns(request.uri().path()) => {
                self.host_meta.handle(request.method(), request.uri().path()).map(Body::new)
            }
            _ if Tunnel::owns(request.uri().path()) => self.tunnel.handle(&request).map(Body::new),
            Rest::Serve(router) => {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer.address));
                request.extensions_mut().insert(rest::Encrypted(peer.encrypted));
                // a box: a parked poll must not keep room for it
                let Ok(response) = Box::pin(router.clone().oneshot(request)).await;
                response
            }
            Rest::Nothing => (StatusCode::NOT_FOUND, "Nothing here. XMPP clients use /http-bind/ or /ws/\n")
                .into_response(),
        }
    }
}

fn redirect(request: &Request<Incoming>, port: u16) -> Response<Body> {
    // HTTP/2 has it in the address
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = authority.or_else(|| request.headers().get(header::HOST)?.to_str().ok()).unwrap_or("");
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match header::HeaderValue::try_from(format!("https://{host}:{port}{path}")) {
        Ok(location) if !host.is_empty() => {
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

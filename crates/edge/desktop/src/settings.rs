//! What the operator wants of every desktop, as the page asks for it before it signs in.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde::Serialize;

/// What carries events to a desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// RFC 7395, at `/ws/`.
    WebSocket,
    /// XEP-0124, at `/http-bind/`.
    Bosh,
}

/// Settings of all desktops.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// In the order of preference; those not named are not used.
    pub connection: Vec<Transport>,
    /// After the server's end its desktops come back spread over so many seconds.
    pub reconnect_spread_secs: u32,
    /// How long after a loss the forced sign-out comes at the earliest.
    pub sign_out_secs: SignOutSecs,
    /// Whether agents may sign in at a telephone outside (mobile agents).
    pub mobile_agents: bool,
    /// Whether there are extensions that several telephones share, of which whoever signs in chooses one.
    pub shared_extensions: bool,
}

/// By what the session was lost: over BOSH the silence has to be noticed first.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SignOutSecs {
    /// After the loss of a WebSocket.
    pub websocket: u64,
    /// After the last poll's answer.
    pub bosh: u64,
}

impl Settings {
    /// The answer to who asks for them. No secret is in it: pages ask before anybody has signed in.
    pub(crate) fn answer(&self) -> Response {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let mut response = Response::new(Body::from(json));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

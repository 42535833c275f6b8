//! How the client has addressed us: for the URLs that it is told.

use crate::{Encrypted, Services};
use axum::extract::FromRequestParts;
use http::header::HOST;
use http::request::Parts;
use std::convert::Infallible;
use std::sync::Arc;

/// `https://desk.example:8445`, or nothing where the request does not say whom it is for.
pub(crate) struct Origin(String);

impl Origin {
    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromRequestParts<Arc<Services>> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Services>) -> Result<Self, Infallible> {
        // HTTP/2 has it in the address
        let named = parts.uri.authority().map(|authority| authority.as_str());
        let host = named.or_else(|| parts.headers.get(HOST)?.to_str().ok()).unwrap_or_default();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        if host.is_empty() || !host.chars().all(fits) {
            return Ok(Self(String::new()));
        }
        let encrypted = parts.extensions.get::<Encrypted>().is_some_and(|encrypted| encrypted.0);
        Ok(Self(format!("{}://{host}", if encrypted { "https" } else { "http" })))
    }
}

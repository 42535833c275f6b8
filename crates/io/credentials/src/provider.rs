//! The identity provider over the network: its keys (RFC 7517), and where they are (OpenID Connect Discovery 1.0 §4).

use crate::limits::{KEY_SET_BYTES_MAX, PROVIDER_ANSWERS_WITHIN, PROVIDER_REDIRECTS_MAX};
use rustls::crypto::aws_lc_rs;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use tokio::sync::oneshot;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Where the keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysAt {
    /// At this address.
    Address(String),
    /// Where this issuer says in its discovery document.
    Issuer(String),
}

impl KeysAt {
    fn address(&self) -> &str {
        let (Self::Address(address) | Self::Issuer(address)) = self;
        address
    }
}

/// Asks the identity provider. Clones share connections.
#[derive(Clone)]
pub struct Provider {
    agent: Agent,
    keys: KeysAt,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// The setting is wrong; the operator is at fault.
    #[error("{0:?} is no address: it begins neither with https:// nor with http://")]
    NotAnAddress(String),
    /// The authorities to trust cannot be read; the operator is at fault.
    #[error("{0}: no PEM file with a certificate")]
    NoAuthority(String),
    /// The provider does not answer, or not with what was asked for.
    #[error("{address}: {why}")]
    Unreachable {
        /// What was asked.
        address: String,
        /// What came instead.
        why: String,
    },
    /// The discovery document does not say.
    #[error("{0}: the document has no text jwks_uri")]
    NotNamed(String),
    /// Ours to mend.
    #[error("nobody could be sent to ask")]
    NotAsked,
}

impl Provider {
    /// One whose certificate is of one of the authorities in this file (PEM), or of a public one.
    pub fn new(keys: KeysAt, authorities: Option<&Path>) -> Result<Self, NoKeys> {
        let is_encrypted = keys.address().starts_with("https://");
        if !is_encrypted && !keys.address().starts_with("http://") {
            return Err(NoKeys::NotAnAddress(keys.address().to_owned()));
        }
        let roots = authorities.map_or(Ok(RootCerts::WebPki), trusted)?;
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            // a provider that is asked over TLS does not send us elsewhere without
            .https_only(is_encrypted)
            .max_redirects(PROVIDER_REDIRECTS_MAX)
            .timeout_global(Some(PROVIDER_ANSWERS_WITHIN))
            .tls_config(tls)
            .build();
        Ok(Self { agent: config.into(), keys })
    }

    /// Whether whoever is in between could answer instead.
    pub fn is_in_the_clear(&self) -> bool {
        !self.keys.address().starts_with("https://")
    }

    /// The text of the provider's key set.
    pub async fn key_set(&self) -> Result<String, NoKeys> {
        let (answer, answered) = oneshot::channel();
        let provider = self.clone();
        // a thread of its own: the server's end does not wait for a provider that says nothing
        let asked = thread::Builder::new().name("identity-provider".into()).spawn(move || {
            // nobody waits any more: then nobody wants to know
            let _ = answer.send(provider.ask());
        });
        asked.map_err(|_| NoKeys::NotAsked)?;
        answered.await.unwrap_or(Err(NoKeys::NotAsked))
    }

    fn ask(&self) -> Result<String, NoKeys> {
        match &self.keys {
            KeysAt::Address(address) => self.text(address),
            KeysAt::Issuer(issuer) => {
                let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
                let document: Value = serde_json::from_str(&self.text(&address)?).unwrap_or_default();
                let named = document.get("jwks_uri").and_then(Value::as_str);
                self.text(named.ok_or(NoKeys::NotNamed(address))?)
            }
        }
    }

    fn text(&self, address: &str) -> Result<String, NoKeys> {
        let unreachable =
            |error: ureq::Error| NoKeys::Unreachable { address: address.to_owned(), why: error.to_string() };
        let mut response =
            self.agent.get(address).header("Accept", "application/json").call().map_err(unreachable)?;
        response.body_mut().with_config().limit(KEY_SET_BYTES_MAX).read_to_string().map_err(unreachable)
    }
}

fn trusted(file: &Path) -> Result<RootCerts, NoKeys> {
    let none = || NoKeys::NoAuthority(file.display().to_string());
    let pem = std::fs::read(file).map_err(|_| none())?;
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|_| none())? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() { Err(none()) } else { Ok(RootCerts::new_with_certs(&certificates)) }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.keys.address())
    }
}

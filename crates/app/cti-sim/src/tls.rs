//! TLS to clients.

use anyhow::Context;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;

/// TLS with the certificate chain and the key in these PEM files.
///
/// # Errors
/// When one cannot be read, or they do not fit.
pub fn tls(certificate: &Path, key: &Path) -> anyhow::Result<Arc<ServerConfig>> {
    let of = |path: &Path| format!("cannot use {}", path.display());
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(certificate).with_context(|| of(certificate))?.collect();
    let chain = chain.with_context(|| of(certificate))?;
    let private = PrivateKeyDer::from_pem_file(key).with_context(|| of(key))?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .with_context(|| format!("{} and {} do not fit", certificate.display(), key.display()))?;
    Ok(Arc::new(config))
}

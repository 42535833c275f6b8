//! Certificates: the operator's own, or one for development.

use crate::binding;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::{fs, io};
use thiserror::Error;
use time::{Duration, OffsetDateTime};

/// A certificate that cannot be used. The operator is at fault.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds something else than PEM of the right kind.
    #[error("{path}: {source}")]
    Pem {
        /// Which.
        path: PathBuf,
        /// Why.
        source: rustls_pki_types::pem::Error,
    },
    /// The certificate and the key do not fit, or are of a kind that TLS cannot use.
    #[error("unusable certificate or key: {0}")]
    Unusable(#[from] rustls::Error),
    /// The development certificate could not be made.
    #[error("cannot make a development certificate: {0}")]
    Development(#[from] rcgen::Error),
}

/// The same certificate for these application protocols, best first (ALPN, RFC 7301): a client that asks for others
/// only is refused, one that asks for none is served.
pub fn for_protocols(config: &ServerConfig, protocols: &[&str]) -> Arc<ServerConfig> {
    let mut config = config.clone();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    Arc::new(config)
}

/// A certificate, ready for use.
#[derive(Clone)]
pub struct Identity {
    /// TLS with it.
    pub tls: Arc<ServerConfig>,
    /// `tls-server-end-point` (RFC 5929 §4): what a sign-in can be bound to. `None` for certificates whose signature
    /// uses no hash function.
    pub end_point: Option<Arc<[u8]>>,
    /// The beginning of the certificate's SHA-256, in hexadecimal.
    pub fingerprint: String,
    /// Its end (RFC 5280 §4.1.2.5), if it can be read.
    pub ends: Option<SystemTime>,
}

/// TLS with the operator's certificate chain and key, both PEM.
pub fn from_files(chain: &Path, key: &Path) -> Result<Identity, CertificateError> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(|source| CertificateError::Pem { path: chain.into(), source })?;
    let key = PrivateKeyDer::from_pem_file(key)
        .map_err(|source| CertificateError::Pem { path: key.into(), source })?;
    server_config(certificates, key)
}

/// TLS with a certificate made for these names, signed by a CA of our own. The CA lives in `directory` (`ca.pem`
/// to be trusted, `ca-key.pem` for its owner's eyes only) and stays; the certificate is made anew at each start.
pub fn development(directory: &Path, names: &[String]) -> Result<Identity, CertificateError> {
    fs::create_dir_all(directory)
        .map_err(|source| CertificateError::File { path: directory.into(), source })?;
    let issuer = authority(directory)?;
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    let name = names.first().map_or("aplomb", String::as_str);
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let now = OffsetDateTime::now_utc();
    (params.not_before, params.not_after) = (now - Duration::days(1), now + Duration::days(397));
    let certificate = params.signed_by(&key, &issuer)?;
    let key =
        PrivateKeyDer::try_from(key.serialize_der()).map_err(|why| rustls::Error::General(why.into()))?;
    server_config(vec![certificate.der().clone()], key)
}

/// The CA is its key and its name: what signs later certificates is made again from the kept key.
fn authority(directory: &Path) -> Result<Issuer<'static, KeyPair>, CertificateError> {
    let (certificate_path, key_path) = (directory.join("ca.pem"), directory.join("ca-key.pem"));
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Aplomb development CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    if certificate_path.exists() && key_path.exists() {
        let pem = fs::read_to_string(&key_path);
        let pem = pem.map_err(|source| CertificateError::File { path: key_path, source })?;
        return Ok(Issuer::new(params, KeyPair::from_pem(&pem)?));
    }
    let key = KeyPair::generate()?;
    let now = OffsetDateTime::now_utc();
    (params.not_before, params.not_after) = (now - Duration::days(1), now + Duration::days(3_650));
    let certificate = params.self_signed(&key)?;
    write(&key_path, &key.serialize_pem(), 0o600)?;
    write(&certificate_path, &certificate.pem(), 0o644)?;
    Ok(Issuer::new(params, key))
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), CertificateError> {
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| CertificateError::File { path: path.into(), source })
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Identity, CertificateError> {
    let end_point = chain.first().and_then(binding::tls_server_end_point);
    let fingerprint = chain.first().map(binding::fingerprint).unwrap_or_default();
    let ends = chain.first().and_then(binding::ends);
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Identity { tls: Arc::new(config), end_point, fingerprint, ends })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_development_authority_is_made_once_and_its_key_is_private() {
        let directory = tempfile::tempdir().unwrap();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        development(directory.path(), &names).unwrap();
        let first = fs::read(directory.path().join("ca.pem")).unwrap();
        development(directory.path(), &names).unwrap();
        assert_eq!(fs::read(directory.path().join("ca.pem")).unwrap(), first);
        let key = fs::metadata(directory.path().join("ca-key.pem")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_certificate_tells_its_end_and_has_a_fingerprint_of_its_own() {
        let directory = tempfile::tempdir().unwrap();
        let names = ["localhost".to_owned()];
        let [one, other] = [(); 2].map(|()| development(directory.path(), &names).unwrap());
        let left = one.ends.unwrap().duration_since(SystemTime::now()).unwrap();
        assert_eq!(left.as_secs() / 86_400, 396);
        assert_eq!(one.fingerprint.len(), 16);
        assert_ne!(one.fingerprint, other.fingerprint);
    }

    #[test]
    fn a_file_that_is_no_certificate_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cert.pem");
        fs::write(&path, "nothing").unwrap();
        let error = from_files(&path, &path).err().unwrap().to_string();
        assert!(error.contains("cert.pem"), "{error}");
    }
}

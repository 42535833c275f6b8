//! What a sign-in can be bound to (RFC 5056): a proof over it is worth nothing on another TLS connection.
//!
//! There is no `tls-unique` (RFC 5929 §3): TLS 1.3 has none, and for TLS 1.2 rustls does not give the finished
//! messages away.

use rustls::{ProtocolVersion, ServerConnection};
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::signature_algorithm::SignatureAlgorithm;
use x509_parser::x509::AlgorithmIdentifier;

/// `tls-exporter` (RFC 9266). Only with TLS 1.3: with 1.2 it needs the extended master secret, and rustls does not
/// say whether that was negotiated.
pub(crate) fn tls_exporter(connection: &ServerConnection) -> Option<[u8; 32]> {
    if connection.protocol_version() != Some(ProtocolVersion::TLSv1_3) {
        return None;
    }
    connection.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok()
}

/// `tls-server-end-point` (RFC 5929 §4.1): the certificate's hash, by the hash function of its signature, or by
/// SHA-256 where that is MD5 or SHA-1. `None` for signatures that use no hash function of their own (Ed25519).
pub(crate) fn tls_server_end_point(certificate: &CertificateDer<'_>) -> Option<Arc<[u8]>> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(match signature_hash(&parsed.signature_algorithm)? {
        Hash::Sha256 => Sha256::digest(certificate).as_slice().into(),
        Hash::Sha384 => Sha384::digest(certificate).as_slice().into(),
        Hash::Sha512 => Sha512::digest(certificate).as_slice().into(),
    })
}

/// The beginning of the certificate's SHA-256, in hexadecimal.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    Sha256::digest(certificate).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The end of its validity (RFC 5280 §4.1.2.5).
pub(crate) fn ends(certificate: &CertificateDer<'_>) -> Option<SystemTime> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let secs = u64::try_from(parsed.validity().not_after.timestamp()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(secs))
}

#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

fn signature_hash(algorithm: &AlgorithmIdentifier<'_>) -> Option<Hash> {
    if let Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) = SignatureAlgorithm::try_from(algorithm) {
        return match parameters.hash_algorithm_oid().to_id_string().as_str() {
            // SHA-1
            "1.3.14.3.2.26" | "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
            "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
            "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
            _ => None,
        };
    }
    match algorithm.algorithm.to_id_string().as_str() {
        // MD5 and SHA-1 with RSA, SHA-1 with ECDSA; then SHA-256
        "1.2.840.113549.1.1.4" | "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => Some(Hash::Sha256),
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Some(Hash::Sha256),
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Some(Hash::Sha384),
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => Some(Hash::Sha512),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm as Signature};

    fn certificate(algorithm: &'static Signature) -> CertificateDer<'static> {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.self_signed(&key).unwrap().der().clone()
    }

    #[test]
    fn the_hash_is_that_of_the_certificates_signature() {
        let bytes = |algorithm| tls_server_end_point(&certificate(algorithm)).map(|hash| hash.len());
        assert_eq!(bytes(&rcgen::PKCS_ECDSA_P256_SHA256), Some(32));
        assert_eq!(bytes(&rcgen::PKCS_ECDSA_P384_SHA384), Some(48));
        assert_eq!(bytes(&rcgen::PKCS_ECDSA_P521_SHA512), Some(64));
        assert_eq!(bytes(&rcgen::PKCS_ED25519), None, "it signs without a hash function of its own");
        let certificate = certificate(&rcgen::PKCS_ECDSA_P256_SHA256);
        assert_eq!(*tls_server_end_point(&certificate).unwrap(), *Sha256::digest(&certificate));
        assert_eq!(tls_server_end_point(&CertificateDer::from(vec![1, 2, 3])), None);
    }
}

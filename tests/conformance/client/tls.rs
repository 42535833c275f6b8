//! TLS that takes any certificate: these cases are about XMPP, not about trust.

use crate::subject::DOMAIN;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};
use std::net::TcpStream;
use std::sync::Arc;

/// A socket under TLS.
pub(crate) type Secured = StreamOwned<ClientConnection, TcpStream>;

/// Starts TLS on a connected socket.
pub(crate) fn secure(socket: TcpStream) -> Secured {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(AnyCertificate(Arc::clone(&provider)));
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from(DOMAIN).unwrap()).unwrap();
    StreamOwned::new(connection, socket)
}

/// What a sign-in can be bound to on this connection: `tls-exporter` (RFC 9266).
pub(crate) fn exporter(secured: &mut Secured) -> Vec<u8> {
    while secured.conn.is_handshaking() {
        secured.conn.complete_io(&mut secured.sock).unwrap();
    }
    let material = secured.conn.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", None);
    material.unwrap().to_vec()
}

/// The same: `tls-server-end-point` (RFC 5929 §4). The certificates of all subjects are signed with SHA-256.
pub(crate) fn server_end_point(secured: &mut Secured) -> Vec<u8> {
    while secured.conn.is_handshaking() {
        secured.conn.complete_io(&mut secured.sock).unwrap();
    }
    Sha256::digest(&secured.conn.peer_certificates().unwrap()[0]).to_vec()
}

#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

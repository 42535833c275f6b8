//! TLS to the simulator.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use aplomb_cti_sim::Config;
use desk::{Client, Running, open_req};
use ged188::Message;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

#[tokio::test]
async fn a_session_over_tls_and_none_without() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = aplomb_cti_sim::tls(&certificate, &key).unwrap();
    assert!(aplomb_cti_sim::tls(&key, &certificate).is_err(), "the wrong way round");
    let running = Running::with(Config { tls: Some(tls), ..desk::config() }).await;

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let trusting = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(running.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(trusting)).connect(name, stream).await.unwrap();
    let mut client = Client::over(stream, 24);
    client.send(open_req(24)).await;
    assert!(matches!(client.next().await, Some(Message::OpenConf(_))));

    let plain = TcpStream::connect(running.address).await.unwrap();
    let mut plain = Client::over(plain, 24);
    plain.send(open_req(24)).await;
    assert!(plain.ends().await, "what is no TLS ends the connection");
}

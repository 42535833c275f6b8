//! Sides, versions, refusals, standby, TLS: how a session comes about.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use aplomb_cti::{Flavour, TlsSettings, Width};
use floor::CtiInput;
use ged188::message::{AgentStateEvent, FailureConf, HeartbeatConf, OpenConf, Unknown};
use ged188::{Dialect, Message, Status};
use peer::{Floor, Peer, Session, V24, config, confirm, ready, within};
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::sync::Arc;
use std::time::Duration;

const STANDBY: u16 = 2;

async fn refuse(mut session: Session, status: u32) -> u32 {
    let version = session.version_asked().await;
    session.send(FailureConf::new(1, Status(status))).await;
    session.expect_end().await;
    version
}

fn unknown(kind: u32, body: &[u8]) -> Message {
    Message::Unknown(Unknown { kind, body: body.to_vec().into() })
}

#[tokio::test]
async fn a_server_of_an_old_version_is_found_by_going_down() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.version = 22;
    let mut floor = Floor::start(settings);
    for expected in [22, 21, 20, 19] {
        assert_eq!(refuse(peer.accept().await, 1).await, expected);
    }
    let mut session = peer.accept().await.speaking(Dialect::cce(18));
    let open = session.expect_open().await;
    assert_eq!((open.version, open.client_id.as_deref()), (18, Some("Finesse")));
    session.send(confirm(&open)).await;
    assert!(matches!(floor.input().await, CtiInput::LinkUp { version: 18, .. }));
    drop(session);
    floor.expect_down().await;
    // what was agreed on is asked for first the next time
    assert_eq!(peer.accept().await.version_asked().await, 18);
}

#[tokio::test]
async fn a_server_that_refuses_every_version_is_left_alone() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    (settings.version, settings.version_min) = (11, 9);
    let mut floor = Floor::start(settings);
    for expected in [11, 10, 9] {
        assert_eq!(refuse(peer.accept().await, 1).await, expected);
    }
    let reason = floor.expect_down().await;
    assert!(reason.contains("E_CTI_INVALID_VERSION") && reason.contains("cti.version"), "{reason}");
    assert!(!peer.is_called_within(Duration::from_millis(300)).await);
}

/// Answers OPEN_REQ in the manner of a version; returns the version that it asks for.
async fn answer_as(mut session: Session, version: u32) -> u32 {
    let asked = session.version_asked().await;
    let conf =
        OpenConf { invoke_id: 1, num_peripherals: Some(1), peripheral_id: Some(5000), ..Default::default() };
    let mut session = session.speaking(Dialect::cce(version));
    session.send(conf).await;
    session.expect_end().await;
    asked
}

#[tokio::test]
async fn a_server_that_answers_in_another_version_is_asked_for_that_one_at_once() {
    let peer = Peer::new().await;
    let mut floor = Floor::start(config(&[&peer.address()]));
    assert_eq!(answer_as(peer.accept().await, 18).await, 24);
    let mut session = peer.accept().await.speaking(Dialect::cce(18));
    let open = session.expect_open().await;
    assert_eq!(open.version, 18);
    session.send(confirm(&open)).await;
    assert!(matches!(floor.input().await, CtiInput::LinkUp { version: 18, .. }));
}

#[tokio::test]
async fn a_server_that_never_answers_in_the_version_it_is_asked_for_is_left_alone() {
    for (answer, asked) in [(24, vec![18]), (8, vec![20, 19])] {
        let peer = Peer::new().await;
        let mut settings = config(&[&peer.address()]);
        (settings.version, settings.version_min) = (asked[0], *asked.last().unwrap());
        let mut floor = Floor::start(settings);
        for version in asked {
            let mut session = peer.accept().await;
            if answer == 24 {
                assert_eq!(answer_as(session, 24).await, version);
            } else {
                assert_eq!(session.version_asked().await, version);
                session.send_bytes(&[0, 0, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0]).await;
                session.expect_end().await;
            }
        }
        let reason = floor.expect_down().await;
        assert!(reason.contains("look at cti.version"), "{reason}");
        assert!(!peer.is_called_within(Duration::from_millis(300)).await);
    }
}

#[tokio::test]
async fn a_refusal_for_good_is_said_once_and_not_asked_for_again() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.refused_retry = None;
    let mut floor = Floor::start(settings);
    refuse(peer.accept().await, 36).await;
    let reason = floor.expect_down().await;
    assert!(reason.contains("E_CTI_INVALID_PASSWORD") && reason.contains("cti.client_password"), "{reason}");
    assert!(!peer.is_called_within(Duration::from_millis(300)).await);
}

#[tokio::test]
async fn a_side_that_refused_for_good_is_asked_again_after_its_time() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.refused_retry = Some(Duration::from_millis(200));
    let mut floor = Floor::start(settings);
    refuse(peer.accept().await, 7).await;
    floor.expect_down().await;
    let _session = peer.accept_and_open().await;
    floor.expect_up().await;
}

#[tokio::test]
async fn a_standby_of_an_old_pair_sends_us_to_the_other_side() {
    let (side_a, side_b) = (Peer::new().await, Peer::new().await);
    let mut floor = Floor::start(config(&[&side_a.address(), &side_b.address()]));
    refuse(side_a.accept().await, 15).await;
    let _session = side_b.accept_and_open().await;
    assert_eq!(floor.expect_up().await, side_b.address());
}

/// Opens as a standby: heartbeats are all it takes.
async fn standby(peer: &Peer) -> Session {
    let mut session = peer.accept().await;
    let open = session.expect_open().await;
    assert!(open.services.0 & 0x0200_0000 != 0, "we say that we know standby servers");
    session.send(OpenConf { session_type: STANDBY, ..confirm(&open) }).await;
    session
}

#[tokio::test]
async fn a_standby_session_is_kept_and_takes_over_when_its_side_becomes_active() {
    let (side_a, side_b) = (Peer::new().await, Peer::new().await);
    let mut floor = Floor::start(config(&[&side_a.address(), &side_b.address()]));
    let mut active = side_a.accept_and_open().await;
    assert_eq!(floor.expect_up().await, side_a.address());
    let mut next = standby(&side_b).await;

    // maintenance is agreed to as soon as the standby session is there
    let mut agreed = false;
    while !agreed {
        active.send(unknown(278, &[0, 0, 0, 9])).await;
        let Message::ActiveMaintenanceRespMsg(answer) = active.request().await else { panic!("no answer") };
        assert_eq!(answer.invoke_id, 9);
        agreed = answer.maintenance_mode_accepted;
    }
    next.send(unknown(277, &[])).await;
    assert!(matches!(active.request().await, Message::StoppingRequestsToThisSideInd(_)));
    assert_eq!(floor.expect_up().await, side_b.address());
    floor.order(ready(1)).await;
    assert!(matches!(next.request().await, Message::SetAgentStateReq(_)));
}

#[tokio::test]
async fn a_side_that_turns_out_to_be_the_standby_is_kept_while_the_other_serves() {
    let (side_a, side_b) = (Peer::new().await, Peer::new().await);
    let mut settings = config(&[&side_a.address(), &side_b.address()]);
    settings.heartbeat = Duration::from_millis(300);
    let mut floor = Floor::start(settings);
    let mut waiting = standby(&side_a).await;
    let active = side_b.accept_and_open().await;
    assert_eq!(floor.expect_up().await, side_b.address());
    let Some(Message::HeartbeatReq(beat)) = waiting.next().await else { panic!("no heartbeat") };
    waiting.send(HeartbeatConf::new(beat.invoke_id)).await;

    // without warning: the active side is gone, and then the standby becomes active
    drop((active, side_b));
    floor.expect_down().await;
    waiting.send(unknown(277, &[])).await;
    assert_eq!(floor.expect_up().await, side_a.address());
}

#[tokio::test]
async fn uccx_is_spoken_with_long_tags_and_short_lengths() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    (settings.version, settings.flavour) = (18, Flavour::Uccx);
    let mut floor = Floor::start(settings);
    let mut session = peer.accept().await.speaking(Dialect::uccx(18));
    let open = session.expect_open().await;
    assert_eq!(open.client_id.as_deref(), Some("Finesse"));
    session.send(confirm(&open)).await;
    floor.expect_up().await;
}

#[tokio::test]
async fn the_widths_of_tags_and_lengths_are_two_settings() {
    use Width::{One, Two};
    for (tag, length) in [(One, One), (One, Two), (Two, One), (Two, Two)] {
        let peer = Peer::new().await;
        let mut settings = config(&[&peer.address()]);
        settings.widths = (Some(tag), Some(length));
        let mut floor = Floor::start(settings);
        let dialect = Dialect { tag_width: tag, length_width: length, ..V24 };
        let mut session = peer.accept().await.speaking(dialect);
        let open = session.expect_open().await;
        assert_eq!((open.version, open.client_id.as_deref()), (24, Some("Finesse")));
        session.send(OpenConf { num_peripherals: Some(1), ..confirm(&open) }).await;
        floor.expect_up().await;
        let agent_id = Some("1001004".to_owned());
        session.send(AgentStateEvent { mrd_id: 1, agent_id, ..AgentStateEvent::default() }).await;
        let CtiInput::AgentState(report) = floor.input().await else { panic!("{tag:?}, {length:?}") };
        assert_eq!(report.agent.as_str(), "1001004", "{tag:?}, {length:?}");
    }
}

#[tokio::test]
async fn the_idle_timeout_is_four_heartbeats_unless_it_is_set() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.heartbeat = Duration::from_secs(30);
    let _floor = Floor::start(settings.clone());
    assert_eq!(peer.accept().await.expect_open().await.idle_timeout_secs, 120);
    settings.idle_timeout = Some(Duration::from_secs(300));
    let _floor = Floor::start(settings);
    assert_eq!(peer.accept().await.expect_open().await.idle_timeout_secs, 300);
}

#[tokio::test]
async fn heartbeats_go_on_while_the_floor_takes_nothing() {
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);
    settings.heartbeat = Duration::from_millis(100);
    // a busy machine reads late what confirms them
    settings.heartbeat_misses_max = 100;
    let mut floor = Floor::with_mailbox(settings, 1);
    let session = peer.accept_and_open().await;
    floor.expect_up().await;
    let (mut beats, mut events) = session.split();
    // far more than the link holds: it stops reading, and nobody takes a thing
    let flood = tokio::spawn(async move {
        events.send_events(aplomb_cti::limits::INPUTS_MAX + 20_000).await;
        events
    });
    for _ in 0..8 {
        beats.expect_heartbeat().await;
    }
    for _ in 0..aplomb_cti::limits::INPUTS_MAX + 20_000 {
        assert!(matches!(floor.input().await, CtiInput::AgentState(_)), "nothing is lost, the link lives");
    }
    within("the flood", flood).await.unwrap();
}

/// A CA and what it signed.
struct Authority {
    _directory: tempfile::TempDir,
    ca: std::path::PathBuf,
    tls: Arc<rustls::ServerConfig>,
}

fn authority() -> Authority {
    let directory = tempfile::tempdir().unwrap();
    let identity = listen::development(directory.path(), &["127.0.0.1".to_owned()]).unwrap();
    Authority { ca: directory.path().join("ca.pem"), _directory: directory, tls: identity.tls }
}

#[tokio::test]
async fn tls_is_spoken_with_a_server_whose_authority_is_believed() {
    let peer = Peer::new().await;
    let authority = authority();
    let mut settings = config(&[&peer.address()]);
    let tls = TlsSettings { ca: Some(authority.ca.clone()), ..TlsSettings::default() };
    settings.tls = Some(tls.load().unwrap());
    let mut floor = Floor::start(settings);
    let acceptor = tokio_rustls::TlsAcceptor::from(authority.tls.clone());
    let stream = within("TLS", acceptor.accept(peer.accept_tcp().await)).await.unwrap();
    let mut session = Session::new(stream).speaking(V24);
    let open = session.expect_open().await;
    session.send(confirm(&open)).await;
    floor.expect_up().await;
    floor.order(ready(1)).await;
    assert!(matches!(session.request().await, Message::SetAgentStateReq(_)));
}

/// A server that lets in only who shows a certificate of this authority (or this certificate).
fn that_asks_who_we_are(server: &Authority, clients: &std::path::Path) -> tokio_rustls::TlsAcceptor {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(clients).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone()).build().unwrap();
    let builder = rustls::ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_client_cert_verifier(verifier);
    let config = builder.with_cert_resolver(server.tls.cert_resolver.clone());
    tokio_rustls::TlsAcceptor::from(Arc::new(config))
}

/// A certificate that stands for itself, and its key, as files.
fn our_identity(
    directory: &std::path::Path,
) -> (std::path::PathBuf, std::path::PathBuf, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["desk.example".to_owned()]).unwrap();
    let (chain, key) = (directory.join("desk.pem"), directory.join("desk.key"));
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (chain, key, made.cert.der().clone())
}

#[tokio::test]
async fn a_server_that_asks_who_we_are_is_shown_our_certificate() {
    let directory = tempfile::tempdir().unwrap();
    let (chain, key, ours) = our_identity(directory.path());
    let server = authority();
    let acceptor = that_asks_who_we_are(&server, &chain);
    let peer = Peer::new().await;
    let mut settings = config(&[&peer.address()]);

    let stranger = TlsSettings { ca: Some(server.ca.clone()), ..TlsSettings::default() };
    settings.tls = Some(stranger.load().unwrap());
    let floor = Floor::start(settings.clone());
    let refused = within("TLS", acceptor.accept(peer.accept_tcp().await)).await;
    assert!(refused.is_err(), "somebody without a certificate was let in");
    drop(floor);

    let known = TlsSettings { identity: Some((chain, key)), ..stranger };
    settings.tls = Some(known.load().unwrap());
    let mut floor = Floor::start(settings);
    let stream = loop {
        // attempts of the link before may still be in the queue
        if let Ok(stream) = within("TLS", acceptor.accept(peer.accept_tcp().await)).await {
            break stream;
        }
    };
    assert_eq!(stream.get_ref().1.peer_certificates(), Some(&[ours][..]));
    let mut session = Session::new(stream).speaking(V24);
    let open = session.expect_open().await;
    session.send(confirm(&open)).await;
    floor.expect_up().await;
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused_unless_that_is_switched_off() {
    let peer = Peer::new().await;
    let (theirs, ours) = (authority(), authority());
    let acceptor = tokio_rustls::TlsAcceptor::from(theirs.tls.clone());
    let mut settings = config(&[&peer.address()]);
    let tls = TlsSettings { ca: Some(ours.ca.clone()), ..TlsSettings::default() };
    settings.tls = Some(tls.load().unwrap());
    let floor = Floor::start(settings.clone());
    let refused = within("the alert", acceptor.accept(peer.accept_tcp().await)).await;
    assert!(refused.is_err(), "the link must not talk to it");
    drop(floor);

    settings.tls = Some(TlsSettings { insecure: true, ..TlsSettings::default() }.load().unwrap());
    let _floor = Floor::start(settings);
    loop {
        // attempts of the link before may still be in the queue
        if let Ok(stream) = within("TLS", acceptor.accept(peer.accept_tcp().await)).await {
            Session::new(stream).expect_open().await;
            break;
        }
    }
}

#[test]
fn tls_without_an_authority_is_a_mistake_of_the_settings() {
    let error = TlsSettings::default().load().unwrap_err().to_string();
    assert!(error.contains("authority"), "{error}");
    let missing = TlsSettings { ca: Some("/nonexistent/ca.pem".into()), ..TlsSettings::default() };
    assert!(missing.load().unwrap_err().to_string().contains("/nonexistent/ca.pem"));
}

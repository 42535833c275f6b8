//! Sign-in bound to a real TLS connection, by rsasl over rustls: TCP with STARTTLS and TLS, BOSH.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_tests::tcp::HEADER;
use aplomb_tests::{Bosh, PASSWORD, Rest, Server, http};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsasl::callback::{Context, Request, SessionCallback, SessionData};
use rsasl::mechanisms::scram::{SCRAM_SHA1_PLUS, SCRAM_SHA256_PLUS};
use rsasl::prelude::{Mechanism, Mechname, Registry, SASLClient, SASLConfig, Session, SessionError};
use rsasl::property::{AuthId, ChannelBindings, OverrideCBType, Password};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion, version};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

static PLUS: [Mechanism; 2] = [SCRAM_SHA1_PLUS, SCRAM_SHA256_PLUS];
const STARTTLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/// A connection with TLS, whose certificate was verified.
struct Tls(StreamOwned<ClientConnection, TcpStream>);

impl Tls {
    fn new(server: &Server, tcp: TcpStream, version: &'static SupportedProtocolVersion) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(server.ca_file()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        tcp.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut stream = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), tcp);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        Self(stream)
    }

    /// A listener with TLS from the first byte.
    fn connect(server: &Server, listener: &str, version: &'static SupportedProtocolVersion) -> Self {
        Self::new(server, http::connect(&server.address(listener)), version)
    }

    /// A listener with STARTTLS.
    fn start(server: &Server) -> Self {
        let mut tcp = http::connect(&server.address("xmpp_tcp"));
        tcp.write_all(HEADER.as_bytes()).unwrap();
        read_to(&mut tcp, "</stream:features>");
        tcp.write_all(STARTTLS.as_bytes()).unwrap();
        assert!(read_to(&mut tcp, ">").contains("proceed"));
        Self::new(server, tcp, &version::TLS13)
    }

    /// Sends, and reads up to `end`.
    fn say(&mut self, text: &str, end: &str) -> String {
        self.0.write_all(text.as_bytes()).unwrap();
        read_to(&mut self.0, end)
    }

    /// Sends, and reads up to `end` to the letter.
    fn say_until(&mut self, text: &str, end: &str) -> String {
        self.0.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        while !answer.ends_with(end) {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            answer.push(char::from(byte[0]));
        }
        answer
    }

    /// The same in a frame of WebSocket, masked with zeros (RFC 6455 §5.2).
    fn say_in_frame(&mut self, text: &str, end: &str) -> String {
        let mut frame = vec![0x81, 0x80 | 126];
        frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.0.write_all(&frame).unwrap();
        read_to(&mut self.0, end)
    }

    /// What a sign-in is bound to.
    fn binding(&self, type_: &'static str) -> (&'static str, Vec<u8>) {
        let data = match type_ {
            "tls-exporter" => {
                let label = b"EXPORTER-Channel-Binding";
                self.0.conn.export_keying_material(vec![0; 32], label, Some(b"")).unwrap()
            }
            _ => Sha256::digest(&self.0.conn.peer_certificates().unwrap()[0]).to_vec(),
        };
        (type_, data)
    }
}

fn read_to(from: &mut impl Read, end: &str) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    while !text.trim_end().ends_with(end) {
        let count = from.read(&mut buffer).unwrap();
        assert!(count > 0, "closed before {end}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    text
}

/// An agent, and what the sign-in is bound to.
struct Agent {
    binding: (&'static str, Vec<u8>),
}

impl SessionCallback for Agent {
    fn callback(
        &self,
        _: &SessionData,
        _: &Context<'_>,
        request: &mut Request<'_>,
    ) -> Result<(), SessionError> {
        request.satisfy::<AuthId>("agent1")?.satisfy::<Password>(PASSWORD.as_bytes())?;
        request.satisfy::<OverrideCBType>(self.binding.0)?.satisfy::<ChannelBindings>(&self.binding.1)?;
        Ok(())
    }

    fn enable_channel_binding(&self) -> bool {
        true
    }
}

/// Signs in with what carries elements to the server and brings its answer; the last answer.
fn sign_in(
    mechanism: &'static Mechanism,
    binding: (&'static str, Vec<u8>),
    mut exchange: impl FnMut(&str) -> String,
) -> String {
    let registry = Registry::with_mechanisms(std::slice::from_ref(mechanism));
    let config = SASLConfig::builder().with_registry(registry).with_callback(Agent { binding }).unwrap();
    let name = mechanism.mechanism.as_str();
    let offered = Mechname::parse(name.as_bytes()).unwrap();
    let mut client = SASLClient::new(config).start_suggested(&[offered]).unwrap();
    let first = step(&mut client, None);
    let auth = format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{name}'>{first}</auth>");
    let challenge = exchange(&auth);
    let Some(challenge) = text_of(&challenge, "challenge") else { return challenge };
    let last = step(&mut client, Some(&challenge));
    let answer = exchange(&format!("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{last}</response>"));
    if let Some(signature) = text_of(&answer, "success") {
        step(&mut client, Some(&signature));
    }
    answer
}

fn step(client: &mut Session, input: Option<&[u8]>) -> String {
    let mut output = Vec::new();
    client.step(input, &mut output).unwrap();
    STANDARD.encode(output)
}

/// The base64 text of an element.
fn text_of(answer: &str, name: &str) -> Option<Vec<u8>> {
    let start = answer.split_once(&format!("<{name} "))?.1.split_once('>')?.1;
    STANDARD.decode(start.split_once('<')?.0).ok()
}

fn over_tcp(tls: &mut Tls, mechanism: &'static Mechanism, binding: (&'static str, Vec<u8>)) -> String {
    let features = tls.say(HEADER, "</stream:features>");
    assert!(features.contains(mechanism.mechanism.as_str()), "{features}");
    sign_in(mechanism, binding, |element| tls.say(element, ">"))
}

#[test]
fn plus_signs_in_over_starttls_and_tls_by_exporter_and_by_certificate() {
    let server = Server::start();
    for mechanism in &PLUS {
        for type_ in ["tls-exporter", "tls-server-end-point"] {
            let connections = [Tls::start(&server), Tls::connect(&server, "xmpp_tls", &version::TLS13)];
            for mut tls in connections {
                let binding = tls.binding(type_);
                let answer = over_tcp(&mut tls, mechanism, binding);
                assert!(answer.contains("<success"), "{type_}: {answer}");
                assert!(tls.say(HEADER, "</stream:features>").contains("<bind"), "{type_}");
            }
        }
    }
}

/// What somebody in the middle could do: the agent is bound to their connection, not to ours.
#[test]
fn what_is_bound_to_another_connection_is_refused_and_told_to_the_operator() {
    let server = Server::start();
    let elsewhere = Tls::connect(&server, "xmpp_tls", &version::TLS13).binding("tls-exporter");
    let mut tls = Tls::connect(&server, "xmpp_tls", &version::TLS13);
    let answer = over_tcp(&mut tls, &PLUS[1], elsewhere);
    assert!(answer.contains("<not-authorized>"), "{answer}");
    server.log_line(&["WARN", "tampered", "SCRAM-SHA-256-PLUS"]);
    let downgraded = STANDARD.encode("y,,n=agent1,r=abcdefgh");
    let auth = format!(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{downgraded}</auth>"
    );
    let answer = tls.say(&auth, "</failure>");
    assert!(answer.contains("<not-authorized>") && answer.contains("-PLUS was offered"), "{answer}");
}

/// Before TLS 1.3 there is no exporter that can be relied on, and tls-unique is not to be had.
#[test]
fn with_tls_1_2_plus_is_bound_to_the_certificate_and_to_nothing_else() {
    let server = Server::start();
    for mechanism in &PLUS {
        let mut tls = Tls::connect(&server, "xmpp_tls", &version::TLS12);
        let binding = tls.binding("tls-server-end-point");
        let answer = over_tcp(&mut tls, mechanism, binding);
        assert!(answer.contains("<success"), "{answer}");

        let mut tls = Tls::connect(&server, "xmpp_tls", &version::TLS12);
        let answer = over_tcp(&mut tls, mechanism, ("tls-server-end-point", vec![7; 32]));
        assert!(answer.contains("<not-authorized>") && answer.contains("another TLS connection"), "{answer}");
        // who counts on what is not offered is told so, and may go on with the same mechanism without -PLUS
        let answer =
            sign_in(mechanism, ("tls-unique", vec![7; 12]), |element| tls.say(element, "</failure>"));
        assert!(answer.contains("an unknown type of channel binding"), "{answer}");
    }
    let mut tls = Tls::connect(&server, "xmpp_tls", &version::TLS12);
    let features = tls.say(HEADER, "</stream:features>");
    assert!(features.contains("<channel-binding type=\"tls-server-end-point\""), "XEP-0440: {features}");
    assert!(!features.contains("tls-exporter") && !features.contains("tls-unique"), "{features}");
}

#[test]
fn the_strongest_mechanism_is_offered_first_and_digest_md5_never() {
    let server = Server::start();
    let mut tls = Tls::connect(&server, "xmpp_tls", &version::TLS13);
    let features = tls.say(HEADER, "</stream:features>");
    let offered: Vec<_> =
        features.split("<mechanism>").skip(1).map(|rest| rest.split_once('<').unwrap().0).collect();
    let expected = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"];
    assert_eq!(offered, expected);
    let exporter = features.find("tls-exporter").unwrap();
    assert!(features.find("tls-server-end-point").unwrap() > exporter, "XEP-0440: {features}");
}

/// Each request on a connection of its own, as BOSH allows: what they have in common is the certificate.
#[test]
fn plus_over_bosh_is_bound_to_the_certificate() {
    let server = Server::start();
    for version in [&version::TLS12, &version::TLS13] {
        let certificate = Tls::connect(&server, "bosh", version).binding("tls-server-end-point");
        let answer = sign_in_over_bosh(&server, version, certificate);
        assert!(answer.contains("<success"), "{answer}");
        let answer = sign_in_over_bosh(&server, version, ("tls-server-end-point", vec![7; 32]));
        assert!(answer.contains("<not-authorized>"), "{answer}");
    }
}

fn sign_in_over_bosh(
    server: &Server,
    version: &'static SupportedProtocolVersion,
    binding: (&'static str, Vec<u8>),
) -> String {
    let (mut rid, mut sid) = (1_000, String::new());
    let mut exchange = |payload: &str| {
        let mut tls = Tls::connect(server, "bosh", version);
        let attributes = match sid.is_empty() {
            true => "to='localhost' ver='1.6' wait='5' hold='1' xml:lang='en'".to_owned(),
            false => format!("sid='{sid}'"),
        };
        let body = format!(
            "<body xmlns='http://jabber.org/protocol/httpbind' rid='{rid}' {attributes}>{payload}</body>"
        );
        rid += 1;
        let head = format!("POST /http-bind/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}", body.len());
        let answer = tls.say(&format!("{head}\r\nConnection: close\r\n\r\n{body}"), "</body>");
        if let Some((_, rest)) = answer.split_once(" sid=") {
            sid = rest[1..].split(['"', '\'']).next().unwrap().to_owned();
        }
        answer
    };
    let features = exchange("");
    assert!(
        features.contains("SCRAM-SHA-256-PLUS") && features.contains("tls-server-end-point"),
        "{features}"
    );
    assert!(!features.contains("tls-exporter"), "{features}");
    sign_in(&PLUS[1], binding, &mut exchange)
}

#[test]
fn plus_signs_in_over_websocket() {
    let server = Server::start();
    let types = ["tls-exporter", "tls-server-end-point"];
    for (version, types) in [(&version::TLS13, &types[..]), (&version::TLS12, &types[1..])] {
        for type_ in types {
            let answer = sign_in_over_websocket(&server, version, type_, true);
            assert!(answer.contains("<success"), "{type_}: {answer}");
            let answer = sign_in_over_websocket(&server, version, type_, false);
            assert!(answer.contains("<not-authorized>"), "{type_}: {answer}");
        }
    }
}

/// Bound to this connection, or to another one.
fn sign_in_over_websocket(
    server: &Server,
    version: &'static SupportedProtocolVersion,
    type_: &'static str,
    is_this: bool,
) -> String {
    let mut tls = Tls::connect(server, "ws", version);
    let upgrade = "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
                   Sec-WebSocket-Protocol: xmpp\r\n\r\n";
    let upgraded = tls.say_until(upgrade, "\r\n\r\n");
    assert!(upgraded.starts_with("HTTP/1.1 101"), "{upgraded}");
    let open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
    let features = tls.say_in_frame(open, "features>");
    assert!(features.contains("SCRAM-SHA-256-PLUS") && features.contains(type_), "{features}");
    let (_, here) = tls.binding(type_);
    let binding = if is_this { here } else { vec![7; here.len()] };
    sign_in(&PLUS[1], (type_, binding), |element| tls.say_in_frame(element, ">"))
}

#[test]
fn without_tls_there_is_scram_and_nothing_to_bind_to() {
    let server = Server::start();
    let features = Bosh::new(&server).body("to='localhost' wait='2' hold='1' ver='1.6'", "").body;
    assert!(features.contains("<mechanism>SCRAM-SHA-256</mechanism>"), "{features}");
    assert!(!features.contains("-PLUS") && !features.contains("sasl-cb"), "{features}");
}

#[test]
fn a_locked_user_is_told_so() {
    let server = Server::start();
    for _ in 0..5 {
        let answer = Bosh::open(&server).auth("agent2", "wrong");
        assert!(answer.body.contains("<not-authorized>"), "{}", answer.body);
    }
    let answer = Bosh::open(&server).auth("1001002", PASSWORD);
    assert!(answer.body.contains("<account-disabled>"), "{}", answer.body);
    assert!(answer.body.contains("try again later"), "{}", answer.body);
}

#[test]
fn wrong_passwords_of_the_web_service_and_of_xmpp_count_together_and_lock_both() {
    let server = Server::with(&["accounts.wrong_passwords_max=3"]);
    let by_rest =
        |agent: &str, password| Rest::with_password(&server, agent, password).get(&format!("User/{agent}"));
    let by_xmpp = |agent: &str, password: &str| Bosh::open(&server).auth(agent, password).body;
    // the last wrong one comes by the way that is named first
    for (agent, last_by_rest) in [("1001002", true), ("1001003", false)] {
        for by_the_web_service in [!last_by_rest, !last_by_rest, last_by_rest] {
            if by_the_web_service {
                assert_eq!(by_rest(agent, "wrong").status, 401);
            } else {
                assert!(by_xmpp(agent, "wrong").contains("<not-authorized>"));
            }
        }
        let answer = by_xmpp(agent, PASSWORD);
        assert!(answer.contains("<account-disabled>"), "{answer}");
        assert_eq!(by_rest(agent, PASSWORD).status, 401, "{agent}");
    }
    assert!(by_xmpp("1001004", PASSWORD).contains("<success"), "nobody else is locked");
}

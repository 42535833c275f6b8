//! A notification service in this process, and clients by hand on real sockets.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of the site")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

pub mod websocket;

use accounts::{Account, Accounts, Password, PasswordHash, Roles, hash};
use aplomb_notification::{Config, ForbiddenCharacters, Memory, Metrics, Presence, Service};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use credentials::Checker;
use listen::Listener;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;
use xmpp::{Frame, Framer};

pub const PASSWORD: &str = "open sesame";
/// Longer than anything should take, shorter than anybody's patience.
const PATIENCE: Duration = Duration::from_secs(60);

const HEADER: &str = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' \
                      xmlns:stream='http://etherx.jabber.org/streams'>";

pub struct Site {
    pub service: Service,
    pub address: SocketAddr,
    pub presence: Mutex<mpsc::Receiver<Presence>>,
    registry: Registry,
}

/// Everyone may subscribe to everything; each user has a node of its own. User `4` may publish.
struct Everyone;

impl pubsub::Policy for Everyone {
    fn default_nodes(&self, user: &str) -> Vec<String> {
        vec![node(user)]
    }

    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        true
    }

    fn may_publish(&self, user: &str) -> bool {
        user == "4"
    }

    fn visible_nodes(&self, user: &str) -> Vec<String> {
        vec![node(user)]
    }
}

/// The node of a user.
pub fn node(user: &str) -> String {
    format!("/finesse/api/User/{user}")
}

fn account(id: &str) -> Account {
    // one hash for all: each costs an argon2 run
    static HASH: OnceLock<PasswordHash> = OnceLock::new();
    let password = HASH.get_or_init(|| hash(&Password::new(PASSWORD), b"a salt for tests").unwrap()).clone();
    let roles = Roles { agent: true, ..Roles::default() };
    Account { id: id.into(), login_name: format!("agent{id}"), roles, password, scram: Vec::new() }
}

impl Site {
    pub async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    /// Users `1` to `4`.
    pub async fn start_with(config: Config) -> Self {
        Self::remembering(config, Memory::default()).await
    }

    /// With what an earlier run has left, and who keeps what this one leaves.
    pub async fn remembering(config: Config, memory: Memory) -> Self {
        let config = Config {
            domain: "localhost".into(),
            pubsub_domain: "pubsub.localhost".into(),
            service_user: "finesse".into(),
            shards: 1,
            ..config
        };
        let checker = Checker::new(Accounts::new(["1", "2", "3", "4"].map(account), [7; 32]));
        let mut registry = Registry::default();
        let forbidden = ForbiddenCharacters::default();
        registry.register("aplomb_forbidden_characters", "As the server registers it", forbidden.clone());
        let metrics = Metrics::register(&mut registry, forbidden);
        let nodes = ["1", "2", "3", "4"].map(node);
        let (service, presence) = Service::start(config, checker, Box::new(Everyone), nodes, memory, metrics);
        let listener = Listener::bind("test", "127.0.0.1:0", None).await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = service.clone();
        tokio::spawn(listener.run(move |socket, peer| {
            let service = serving.clone();
            async move { service.serve_tcp(socket, peer, None).await }
        }));
        Self { service, address, presence: presence.into(), registry }
    }

    /// A client that has signed in and bound, and has not sent its presence.
    pub async fn bound(&self, user: &str, resource: &str) -> Client {
        let mut client = self.signed_in(user).await;
        client.bind(resource).await;
        client
    }

    /// A client that is there; what came after its presence is read.
    pub async fn available(&self, user: &str, resource: &str) -> Client {
        let mut client = self.bound(user, resource).await;
        client.send("<presence/>").await;
        client.settled().await;
        client
    }

    /// A client that waits for the features behind its sign-in; they are read.
    pub async fn signed_in(&self, user: &str) -> Client {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut client =
            Client { stream, framer: Framer::new(), input: Vec::new(), jid: String::new(), ids: 0 };
        client.send(HEADER).await;
        client.next().await;
        let auth = BASE64_STANDARD.encode(format!("\0{user}\0{PASSWORD}"));
        client
            .send(&format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{auth}</auth>"))
            .await;
        assert!(client.next().await.starts_with("<success"), "{user} is let in");
        (client.framer, client.input) = (Framer::new(), Vec::new());
        client.send(HEADER).await;
        client.jid = client.next().await;
        client
    }

    /// The next change of a user's presence as the floor sees it.
    pub async fn next_presence(&self) -> Presence {
        timeout(PATIENCE, self.presence.lock().await.recv()).await.expect("presence changes").unwrap()
    }

    /// Whether nothing has become of anybody's presence since the last look.
    pub fn presence_is_quiet(&self) -> bool {
        self.presence.try_lock().unwrap().try_recv().is_err()
    }

    /// One line of the metrics.
    pub fn metric(&self, line: &str) -> u64 {
        let mut text = String::new();
        encode(&mut text, &self.registry).unwrap();
        let found = text.lines().find_map(|candidate| candidate.strip_prefix(line)?.trim().parse().ok());
        found.unwrap_or(0)
    }

    pub async fn publish(&self, user: &str, payload: &str) {
        self.service.publish(node(user), payload.to_owned().into()).await;
    }
}

pub struct Client {
    stream: TcpStream,
    framer: Framer,
    input: Vec<u8>,
    /// Until a resource is bound: the features behind the sign-in.
    pub jid: String,
    ids: u32,
}

impl Client {
    pub async fn bind(&mut self, resource: &str) {
        let bind =
            format!("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind>");
        self.send(&format!("<iq type='set' id='bind'>{bind}</iq>")).await;
        let answer = self.next().await;
        let jid = answer.split_once("<jid>").and_then(|(_, rest)| rest.split_once("</jid>"));
        self.jid = jid.unwrap_or_else(|| panic!("{answer}")).0.to_owned();
    }

    /// Its own end of the connection.
    pub fn address(&self) -> SocketAddr {
        self.stream.local_addr().unwrap()
    }

    pub async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next element.
    pub async fn next(&mut self) -> String {
        self.next_or_end().await.expect("an element, not the end of the stream")
    }

    /// The next element; `None` at the end of the stream or of the connection.
    pub async fn next_or_end(&mut self) -> Option<String> {
        loop {
            let mut rest = &self.input[..];
            let frame = self.framer.read(&mut rest).unwrap();
            self.input = rest.to_vec();
            match frame {
                Some(Frame::Header(_)) => continue,
                Some(Frame::Stanza(bytes)) => return Some(plain(&bytes)),
                Some(Frame::Close) => return None,
                None => {}
            }
            let mut buffer = [0; 4096];
            let read =
                timeout(PATIENCE, self.stream.read(&mut buffer)).await.expect("the server says something");
            match read {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.input.extend_from_slice(&buffer[..count]),
            }
        }
    }

    /// Sends an IQ and reads its answer, which must be the next element.
    pub async fn ask(&mut self, type_: &str, to: &str, payload: &str) -> String {
        self.ids += 1;
        let to = if to.is_empty() { String::new() } else { format!(" to='{to}'") };
        self.send(&format!("<iq type='{type_}' id='q{}'{to}>{payload}</iq>", self.ids)).await;
        let answer = self.next().await;
        assert!(answer.contains(&format!("id=\"q{}\"", self.ids)), "{answer}");
        answer
    }

    /// Everything that came until now: a question to the publish-subscribe service is answered behind it.
    pub async fn settled(&mut self) -> Vec<String> {
        self.ids += 1;
        let id = format!("settled{}", self.ids);
        let query = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
        self.send(&format!("<iq type='get' id='{id}' to='pubsub.localhost'>{query}</iq>")).await;
        let mut seen = Vec::new();
        loop {
            let element = self.next().await;
            if element.contains(&format!("id=\"{id}\"")) {
                return seen;
            }
            seen.push(element);
        }
    }

    /// Reads past everything up to this text, without looking at what it is.
    pub async fn skip_to(&mut self, text: &str) {
        let (mut window, mut buffer) = (std::mem::take(&mut self.input), vec![0; 256 * 1024]);
        while !window.windows(text.len()).any(|part| part == text.as_bytes()) {
            window.drain(..window.len().saturating_sub(text.len()));
            let read = timeout(PATIENCE, self.stream.read(&mut buffer)).await.expect("more to read").unwrap();
            assert!(read > 0, "the stream ended before {text}");
            window.extend_from_slice(&buffer[..read]);
        }
    }

    /// Drops the connection without a word.
    pub fn cut(self) {
        drop(self);
    }
}

/// Without the declarations that the framer adds for elements that stand alone.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.replace(" xmlns:stream=\"http://etherx.jabber.org/streams\"", "")
        .replace(" xmlns=\"jabber:client\"", "")
}

//! A CTI server that does what a test tells it, message by message.

pub(crate) mod log;

use aplomb_cti::{Config, ForbiddenCharacters, Link, Metrics, Reconnect};
use bytes::BytesMut;
use floor::{CtiCommand, CtiInput, Place, SetAgentState, State, Token};
use ged188::message::{OpenConf, OpenReq};
use ged188::{Deframer, Dialect, Message, Services, limits};
use prometheus_client::registry::Registry;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

pub(crate) const V24: Dialect = Dialect::cce(24);

/// Longer than anything here takes; a wait past it is a failed test.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    match timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => panic!("{what} did not happen"),
    }
}

/// The listening side.
pub(crate) struct Peer {
    listener: TcpListener,
}

impl Peer {
    pub(crate) async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(crate) fn address(&self) -> String {
        self.listener.local_addr().unwrap().to_string()
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> Session {
        Session::new(self.accept_tcp().await)
    }

    pub(crate) async fn accept_tcp(&self) -> TcpStream {
        within("a connection", self.listener.accept()).await.unwrap().0
    }

    /// Whether somebody connects within this time.
    pub(crate) async fn is_called_within(&self, time: Duration) -> bool {
        timeout(time, self.listener.accept()).await.is_ok()
    }

    /// The next connection, its session opened.
    pub(crate) async fn accept_and_open(&self) -> Session {
        let mut session = self.accept().await;
        let open = session.expect_open().await;
        session.send(confirm(&open)).await;
        session
    }
}

pub(crate) fn confirm(open: &OpenReq) -> OpenConf {
    OpenConf { invoke_id: open.invoke_id, services: Services(u32::MAX), ..OpenConf::default() }
}

/// One connection.
pub(crate) struct Session {
    stream: Box<dyn Duplex>,
    deframer: Deframer,
    dialect: Dialect,
}

/// Plain or TLS.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

impl Session {
    pub(crate) fn new(stream: impl Duplex + 'static) -> Self {
        let deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        Self { stream: Box::new(stream), deframer, dialect: V24 }
    }

    /// Speaks another version or dialect from now on.
    pub(crate) fn speaking(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// The next message; `None` when the link has hung up.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(frame) = self.deframer.next_frame().unwrap() {
                return Some(Message::decode(&frame, self.dialect).unwrap());
            }
            let mut bytes = BytesMut::with_capacity(4_096);
            match within("a message", self.stream.read_buf(&mut bytes)).await {
                Ok(1..) => self.deframer.push(&bytes),
                Ok(0) | Err(_) => return None,
            }
        }
    }

    /// The next message that is no heartbeat; heartbeats are confirmed.
    pub(crate) async fn request(&mut self) -> Message {
        loop {
            match self.next().await.expect("the link is up") {
                Message::HeartbeatReq(beat) => {
                    self.send(ged188::message::HeartbeatConf::new(beat.invoke_id)).await;
                }
                message => return message,
            }
        }
    }

    pub(crate) async fn expect_open(&mut self) -> OpenReq {
        match self.next().await {
            Some(Message::OpenReq(open)) => *open,
            other => panic!("OPEN_REQ expected, not {other:?}"),
        }
    }

    /// The version that OPEN_REQ asks for, whatever the rest of it is.
    pub(crate) async fn version_asked(&mut self) -> u32 {
        loop {
            if let Some(frame) = self.deframer.next_frame().unwrap() {
                assert_eq!(frame.kind, 3);
                return OpenReq::version_of(&frame.body).unwrap();
            }
            let mut bytes = BytesMut::with_capacity(4_096);
            assert!(within("OPEN_REQ", self.stream.read_buf(&mut bytes)).await.unwrap() > 0);
            self.deframer.push(&bytes);
        }
    }

    /// Reads until the link hangs up.
    pub(crate) async fn expect_end(mut self) {
        while self.next().await.is_some() {}
    }

    pub(crate) async fn send(&mut self, message: impl Into<Message>) {
        self.send_bytes(&message.into().encode(self.dialect).unwrap()).await;
    }

    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        within("room to write", self.stream.write_all(bytes)).await.unwrap();
    }
}

/// The half of a session that reads.
pub(crate) struct Reading {
    stream: ReadHalf<Box<dyn Duplex>>,
    deframer: Deframer,
    beats: mpsc::UnboundedSender<u32>,
}

/// The half of a session that writes.
pub(crate) struct Writing {
    stream: WriteHalf<Box<dyn Duplex>>,
    beats: mpsc::UnboundedReceiver<u32>,
}

impl Session {
    pub(crate) fn split(self) -> (Reading, Writing) {
        let (reading, writing) = tokio::io::split(self.stream);
        let (beats, to_confirm) = mpsc::unbounded_channel();
        let reading = Reading { stream: reading, deframer: self.deframer, beats };
        (reading, Writing { stream: writing, beats: to_confirm })
    }
}

impl Reading {
    pub(crate) async fn expect_heartbeat(&mut self) {
        loop {
            if let Some(frame) = self.deframer.next_frame().unwrap() {
                let Message::HeartbeatReq(beat) = Message::decode(&frame, V24).unwrap() else {
                    panic!("not a heartbeat")
                };
                let _ = self.beats.send(beat.invoke_id);
                return;
            }
            let mut bytes = BytesMut::with_capacity(4_096);
            let read = within("a heartbeat", self.stream.read_buf(&mut bytes)).await.unwrap();
            assert!(read > 0, "the link hung up");
            self.deframer.push(&bytes);
        }
    }
}

impl Writing {
    /// A message, after the heartbeats that want their confirmation.
    pub(crate) async fn send(&mut self, message: impl Into<Message>) {
        while let Ok(beat) = self.beats.try_recv() {
            let conf = Message::from(ged188::message::HeartbeatConf::new(beat)).encode(V24).unwrap();
            self.stream.write_all(&conf).await.unwrap();
        }
        self.stream.write_all(&message.into().encode(V24).unwrap()).await.unwrap();
    }

    /// So many agent-state events, as fast as they are taken, heartbeats confirmed in between.
    pub(crate) async fn send_events(&mut self, count: usize) {
        let event = ged188::message::AgentStateEvent {
            agent_state: ged188::AgentState::NOT_READY,
            mrd_id: 1,
            agent_id: Some("1001004".into()),
            ..Default::default()
        };
        let bytes = Message::from(event).encode(V24).unwrap();
        for _ in 0..count {
            while let Ok(beat) = self.beats.try_recv() {
                let conf = Message::from(ged188::message::HeartbeatConf::new(beat)).encode(V24).unwrap();
                self.stream.write_all(&conf).await.unwrap();
            }
            self.stream.write_all(&bytes).await.unwrap();
        }
    }
}

/// The floor's end of a link.
pub(crate) struct Floor {
    pub(crate) link: Link,
    pub(crate) inputs: mpsc::Receiver<CtiInput>,
    registry: Registry,
}

/// Reconnects at once; the other times are for the tests that are about them to shorten.
pub(crate) fn config(sides: &[&str]) -> Config {
    Config {
        sides: sides.iter().map(|side| (*side).to_owned()).collect(),
        close_timeout: Duration::from_millis(200),
        reconnect: Reconnect {
            spread: Duration::from_millis(5),
            waits: vec![Duration::from_millis(10), Duration::from_millis(40)],
            settled: Duration::from_millis(100),
        },
        ..Config::default()
    }
}

impl Floor {
    pub(crate) fn start(config: Config) -> Self {
        Self::with_mailbox(config, 64)
    }

    pub(crate) fn with_mailbox(config: Config, size: usize) -> Self {
        let mut registry = Registry::default();
        let (to_floor, inputs) = mpsc::channel(size);
        let counter = ForbiddenCharacters::default();
        registry.register("aplomb_forbidden_characters", "As the server registers it", counter.clone());
        let link = aplomb_cti::start(config, Metrics::register(&mut registry, counter), to_floor);
        Self { link, inputs, registry }
    }

    /// The next input that is no heartbeat.
    pub(crate) async fn input(&mut self) -> CtiInput {
        loop {
            match within("an input", self.inputs.recv()).await.expect("the link runs") {
                CtiInput::HeartbeatConfirmed | CtiInput::HeartbeatMissed => {}
                input => return input,
            }
        }
    }

    pub(crate) async fn expect_up(&mut self) -> String {
        match self.input().await {
            CtiInput::LinkUp { server, .. } => server,
            other => panic!("LinkUp expected, not {other:?}"),
        }
    }

    pub(crate) async fn expect_down(&mut self) -> String {
        match self.input().await {
            CtiInput::LinkDown { reason } => reason,
            other => panic!("LinkDown expected, not {other:?}"),
        }
    }

    pub(crate) async fn order(&self, command: CtiCommand) {
        within("room for an order", self.link.commands.send(command)).await.unwrap();
    }

    /// The value of a metric, by its line's beginning.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let mut shown = String::new();
        prometheus_client::encoding::text::encode(&mut shown, &self.registry).unwrap();
        let line =
            shown.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{shown}"));
        line.trim().parse().unwrap()
    }
}

pub(crate) fn ready(token: u64) -> CtiCommand {
    CtiCommand::SetAgentState(SetAgentState {
        token: Token(token),
        agent: "1001004".into(),
        extension: "2004".into(),
        place: Place::default(),
        state: State::Ready,
        reason: 0,
        forced: false,
        password: None,
    })
}

pub(crate) fn query(token: u64) -> CtiCommand {
    CtiCommand::QueryAgentState { token: Token(token), agent: "1001004".into() }
}

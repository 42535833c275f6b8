//! A CTI client of a few lines: raw TCP and the codec, and a simulator to speak with.
#![allow(
    clippy::unwrap_used,
    dead_code,
    unreachable_pub,
    reason = "each test uses some of it, and may panic"
)]

use aplomb_cti_sim::{Config, Control, SimAgent, SimQueue, SimTeam, Simulator};
use bytes::BytesMut;
use ged188::message::{FailureStatus, OpenReq, QueryAgentStateReq};
use ged188::{AgentState, ControlFailure, Deframer, Dialect, Message, Secret, Services, Status, limits};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Longer than anything here takes; a wait past it is a failed test.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub fn agent(id: u32, extension: u32) -> SimAgent {
    SimAgent { id: id.to_string(), extension: extension.to_string() }
}

/// Agents 1001001 to 1001004 at 2001 to 2004 in Support (6001), a supervisor 1900001 at 1901.
pub fn config() -> Config {
    let mut agents: Vec<SimAgent> = (1..=4).map(|n| agent(1_001_000 + n, 2_000 + n)).collect();
    let ids: Vec<String> = agents.iter().map(|agent| agent.id.clone()).collect();
    agents.push(agent(1_900_001, 1_901));
    let support = SimQueue {
        number: 1,
        id: 5_001,
        name: "Support".into(),
        route_point: "6001".into(),
        agents: ids.clone(),
    };
    let team = SimTeam { id: 5_000, name: "Team 1".into(), agents: ids, supervisors: vec!["1900001".into()] };
    Config { agents, queues: vec![support], teams: vec![team], ..Config::empty() }
}

/// A running simulator; it ends when this is dropped.
pub struct Running {
    pub address: SocketAddr,
    pub address_b: Option<SocketAddr>,
    pub control: Control,
    _stop: oneshot::Sender<()>,
}

impl Running {
    pub async fn with(config: Config) -> Self {
        let simulator = Simulator::bind(config).await.unwrap();
        let (address, address_b) = (simulator.local_addr(), simulator.local_addr_b());
        let control = simulator.control();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(simulator.run(async {
            let _ = stopped.await;
        }));
        Self { address, address_b, control, _stop: stop }
    }

    pub async fn start() -> Self {
        Self::with(config()).await
    }

    /// Plays a script that must succeed.
    pub async fn play(&self, script: &str) -> String {
        self.control.play(script).await.unwrap_or_else(|why| panic!("{why}"))
    }
}

pub fn open_req(version: u32) -> OpenReq {
    OpenReq {
        invoke_id: 1,
        version,
        idle_timeout_secs: 120,
        peripheral_id: 5000,
        services: Services(0x16),
        call_events: 0xFFFF_FFFF,
        agent_states: 0x3FFF,
        client_id: Some("probe".into()),
        client_password: Some(Secret::default()),
        client_signature: Some("Probe".into()),
        ..OpenReq::default()
    }
}

/// What a session runs over.
pub trait Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send {}

impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send> Stream for T {}

/// One session.
pub struct Client {
    stream: Box<dyn Stream>,
    deframer: Deframer,
    pub dialect: Dialect,
    invoke_id: u32,
    /// What came while something else was waited for.
    seen: Vec<Message>,
}

impl Client {
    pub async fn connect(address: SocketAddr, version: u32) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap(), version)
    }

    pub fn over(stream: impl Stream + 'static, version: u32) -> Self {
        let deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        let stream = Box::new(stream);
        Self { stream, deframer, dialect: Dialect::cce(version), invoke_id: 100, seen: Vec::new() }
    }

    /// A session, after OPEN_CONF.
    pub async fn open(address: SocketAddr, open: OpenReq) -> Self {
        let mut client = Self::connect(address, open.version).await;
        client.send(open).await;
        assert!(matches!(client.next().await, Some(Message::OpenConf(_))));
        client
    }

    /// A session with everybody's events.
    pub async fn all(address: SocketAddr) -> Self {
        let mut client = Self::open(address, open_req(24)).await;
        assert!(matches!(client.next().await, Some(Message::SystemEvent(_))));
        client
    }

    pub async fn send(&mut self, message: impl Into<Message>) {
        let bytes = message.into().encode(self.dialect).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// The next message; `None` when the connection ends.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(frame) = self.deframer.next_frame().unwrap() {
                return Some(Message::decode(&frame, self.dialect).unwrap());
            }
            let mut bytes = BytesMut::with_capacity(4_096);
            match timeout(PATIENCE, self.stream.read_buf(&mut bytes)).await.expect("a message") {
                Ok(1..) => self.deframer.push(&bytes),
                Ok(0) | Err(_) => return None,
            }
        }
    }

    /// Whether the connection ends, whatever is said before.
    pub async fn ends(&mut self) -> bool {
        let mut bytes = Vec::new();
        timeout(PATIENCE, self.stream.read_to_end(&mut bytes)).await.is_ok()
    }

    /// Whether bytes of an unfinished message are left when the connection has ended.
    pub fn is_inside_message(&self) -> bool {
        self.deframer.is_inside_message()
    }

    /// Sends a request and waits for what carries its InvokeID; events before it are kept.
    pub async fn ask<T: Into<Message>>(
        &mut self,
        request: impl FnOnce(u32) -> T,
    ) -> Result<Message, Refused> {
        self.invoke_id += 1;
        let invoke_id = self.invoke_id;
        self.send(request(invoke_id)).await;
        loop {
            let message = self.next().await.expect("an answer");
            match message {
                Message::ControlFailureConf(conf) if conf.invoke_id == invoke_id => {
                    return Err(Refused::Control(conf.failure));
                }
                Message::FailureConf(conf) if conf.invoke_id == invoke_id => {
                    return match conf.status {
                        FailureStatus::Status(status) => Err(Refused::Status(status)),
                        other => panic!("{other:?}"),
                    };
                }
                event if is_event(&event) => self.seen.push(event),
                conf => return Ok(conf),
            }
        }
    }

    /// Everything that was told before now, a line each: a query marks the end.
    pub async fn told(&mut self) -> Vec<String> {
        let query = |invoke_id| QueryAgentStateReq {
            invoke_id,
            peripheral_id: 5000,
            agent_id: Some("1001001".into()),
            ..QueryAgentStateReq::default()
        };
        self.ask(query).await.unwrap();
        std::mem::take(&mut self.seen).iter().map(line).collect()
    }

    /// The events themselves.
    pub async fn events(&mut self) -> Vec<Message> {
        let query = |invoke_id| QueryAgentStateReq {
            invoke_id,
            peripheral_id: 5000,
            agent_id: Some("1001001".into()),
            ..QueryAgentStateReq::default()
        };
        self.ask(query).await.unwrap();
        std::mem::take(&mut self.seen)
    }
}

/// Why something was refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    Control(ControlFailure),
    Status(Status),
}

fn is_event(message: &Message) -> bool {
    ged188::message::describe(message.kind()).contains("EVENT")
}

fn text(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("-")
}

/// The message type, whose connection or agent, and what matters most.
pub fn line(message: &Message) -> String {
    match message {
        Message::AgentStateEvent(e) => {
            let next = e.next_agent_state.map(|AgentState(next)| format!(" then {next}")).unwrap_or_default();
            format!("AGENT {} {}{next}", text(&e.agent_id), e.agent_state.0)
        }
        Message::AgentPreCallEvent(e) => format!("PRE_CALL {}", text(&e.agent_instrument)),
        Message::BeginCallEvent(e) => {
            format!("BEGIN {} type {}", text(&e.connection_device_id), e.call_type.0)
        }
        Message::EndCallEvent(e) => format!("END {}", text(&e.connection_device_id)),
        Message::CallDataUpdateEvent(e) => {
            format!("DATA {} type {}", text(&e.connection_device_id), e.call_type.0)
        }
        Message::CallServiceInitiatedEvent(e) => {
            format!("INITIATED {} state {}", text(&e.calling_device_id), e.local_connection_state.0)
        }
        Message::CallOriginatedEvent(e) => {
            format!("ORIGINATED {} to {}", text(&e.calling_device_id), text(&e.called_device_id))
        }
        Message::CallReachedNetworkEvent(e) => format!("REACHED_NETWORK {}", text(&e.called_device_id)),
        Message::CallDeliveredEvent(e) => {
            format!("DELIVERED {} state {}", text(&e.alerting_device_id), e.local_connection_state.0)
        }
        Message::CallEstablishedEvent(e) => {
            format!("ESTABLISHED {} state {}", text(&e.answering_device_id), e.local_connection_state.0)
        }
        Message::CallHeldEvent(e) => {
            format!("HELD {} state {}", text(&e.holding_device_id), e.local_connection_state.0)
        }
        Message::CallRetrievedEvent(e) => format!("RETRIEVED {}", text(&e.retrieving_device_id)),
        Message::CallConnectionClearedEvent(e) => {
            format!("CONNECTION_CLEARED {} cause {}", text(&e.releasing_device_id), e.event_cause.0)
        }
        Message::CallClearedEvent(_) => "CLEARED".into(),
        Message::CallFailedEvent(e) => {
            format!("FAILED {} cause {}", text(&e.failing_device_id), e.event_cause.0)
        }
        Message::CallQueuedEvent(e) => format!("QUEUED {} {}", text(&e.queue_device_id), e.num_queued),
        Message::CallDequeuedEvent(e) => format!("DEQUEUED {}", e.num_queued),
        Message::CallDivertedEvent(e) => {
            format!("DIVERTED {} to {}", text(&e.diverting_device_id), text(&e.called_device_id))
        }
        Message::CallConferencedEvent(e) => format!(
            "CONFERENCED {} added, {} parties, cause {}",
            text(&e.added_party_device_id),
            e.parties.len(),
            e.event_cause.0
        ),
        Message::CallTransferredEvent(e) => format!(
            "TRANSFERRED {} to {}, {} parties",
            text(&e.transferring_device_id),
            text(&e.transferred_device_id),
            e.parties.len()
        ),
        other => ged188::message::describe(other.kind()),
    }
}

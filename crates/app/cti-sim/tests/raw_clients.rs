//! The simulator as a CTI client sees it: raw TCP and the codec.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_cti_sim::{Colleagues, Config, SimAgent, Simulator};
use bytes::BytesMut;
use ged188::message::{
    AgentStateEvent, CloseReq, HeartbeatReq, OpenConf, OpenReq, QueryAgentStateReq, SetAgentStateReq, Unknown,
};
use ged188::{
    AgentState, ControlFailure, Deframer, Dialect, Message, Secret, Services, Status, SystemEventId, limits,
};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Longer than anything here takes; a wait past it is a failed test.
const PATIENCE: Duration = Duration::from_secs(10);

fn agent(number: u32) -> SimAgent {
    SimAgent { id: (1_001_000 + number).to_string(), extension: (2_000 + number).to_string() }
}

fn config() -> Config {
    Config { agents: (1..=4).map(agent).collect(), extra_devices: vec!["7001".into()], ..Config::empty() }
}

/// Runs until the sender is dropped.
async fn start(config: Config) -> (SocketAddr, oneshot::Sender<()>) {
    let simulator = Simulator::bind(config).await.unwrap();
    let address = simulator.local_addr();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(simulator.run(async {
        let _ = stopped.await;
    }));
    (address, stop)
}

fn open_req(version: u32) -> OpenReq {
    OpenReq {
        invoke_id: 1,
        version,
        idle_timeout_secs: 120,
        peripheral_id: 5000,
        services: Services(0x96),
        agent_states: 0x3FFF,
        client_id: Some("probe".into()),
        client_password: Some(Secret::default()),
        client_signature: Some("Probe".into()),
        ..OpenReq::default()
    }
}

struct Client {
    stream: TcpStream,
    deframer: Deframer,
    dialect: Dialect,
    invoke_id: u32,
}

impl Client {
    async fn connect(address: SocketAddr, version: u32) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        Self { stream, deframer, dialect: Dialect::cce(version), invoke_id: 100 }
    }

    /// A session with everyone's events.
    async fn open(address: SocketAddr) -> Self {
        let mut client = Self::connect(address, 24).await;
        client.opened(open_req(24)).await;
        assert!(
            matches!(client.next().await, Some(Message::SystemEvent(event)) if event.event == SystemEventId::PERIPHERAL_ONLINE)
        );
        client
    }

    async fn opened(&mut self, open: OpenReq) -> OpenConf {
        self.send(open).await;
        match self.next().await {
            Some(Message::OpenConf(conf)) => *conf,
            other => panic!("OPEN_CONF expected, not {other:?}"),
        }
    }

    async fn send(&mut self, message: impl Into<Message>) {
        let bytes = message.into().encode(self.dialect).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    async fn next(&mut self) -> Option<Message> {
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

    async fn refusal(&mut self) -> Status {
        match self.next().await {
            Some(Message::FailureConf(conf)) => match conf.status {
                ged188::message::FailureStatus::Status(status) => status,
                other => panic!("{other:?}"),
            },
            other => panic!("FAILURE_CONF expected, not {other:?}"),
        }
    }

    async fn event(&mut self) -> AgentStateEvent {
        match self.next().await {
            Some(Message::AgentStateEvent(event)) => *event,
            other => panic!("AGENT_STATE_EVENT expected, not {other:?}"),
        }
    }

    async fn ask(&mut self, request: SetAgentStateReq) -> Result<(), ControlFailure> {
        self.invoke_id += 1;
        let invoke_id = self.invoke_id;
        self.send(SetAgentStateReq { invoke_id, peripheral_id: 5000, ..request }).await;
        match self.next().await {
            Some(Message::SetAgentStateConf(conf)) if conf.invoke_id == invoke_id => Ok(()),
            Some(Message::ControlFailureConf(conf)) if conf.invoke_id == invoke_id => Err(conf.failure),
            other => panic!("an answer to {invoke_id} expected, not {other:?}"),
        }
    }

    async fn sign_in(&mut self, number: u32, device: &str) -> Result<(), ControlFailure> {
        self.ask(SetAgentStateReq {
            agent_instrument: Some(device.into()),
            ..order(number, AgentState::LOGIN)
        })
        .await
    }
}

fn order(number: u32, agent_state: AgentState) -> SetAgentStateReq {
    SetAgentStateReq { agent_state, agent_id: Some(agent(number).id), ..SetAgentStateReq::default() }
}

#[tokio::test]
async fn versions_9_to_25_open_in_their_own_encoding_and_others_are_refused() {
    let (address, _running) = start(config()).await;
    for version in [9, 13, 14, 18, 19, 20, 23, 24, 25] {
        let mut client = Client::connect(address, version).await;
        let conf = client.opened(open_req(version)).await;
        assert_eq!((conf.services, conf.peripheral_online), (Services(0x96), true), "version {version}");
        assert!(matches!(client.next().await, Some(Message::SystemEvent(_))), "version {version}");
    }
    for version in [0, 8, 26, u32::MAX] {
        let mut client = Client::connect(address, version).await;
        client.send(open_req(version)).await;
        assert_eq!(client.refusal().await, Status::INVALID_VERSION, "version {version}");
        assert_eq!(client.next().await, None, "the connection ends");
    }
}

#[tokio::test]
async fn an_open_req_with_a_mistake_is_refused_and_the_connection_ends() {
    let (address, _running) = start(config()).await;
    for (mistake, status) in [
        (OpenReq { idle_timeout_secs: 19, ..open_req(24) }, Status::INVALID_TIMEOUT),
        (OpenReq { reserved: [1, 0, 0], ..open_req(24) }, Status::INVALID_RESERVED_FIELD),
        (OpenReq { client_password: None, ..open_req(24) }, Status::REQUIRED_DATA_MISSING),
    ] {
        let mut client = Client::connect(address, 24).await;
        client.send(mistake).await;
        assert_eq!(client.refusal().await, status);
        assert_eq!(client.next().await, None, "the connection ends");
    }
}

#[tokio::test]
async fn heartbeats_and_closing_are_confirmed() {
    let (address, _running) = start(config()).await;
    let mut client = Client::open(address).await;
    client.send(HeartbeatReq::new(42)).await;
    assert!(matches!(client.next().await, Some(Message::HeartbeatConf(conf)) if conf.invoke_id == 42));
    client.send(CloseReq::new(43, Status::NO_ERROR)).await;
    assert!(matches!(client.next().await, Some(Message::CloseConf(conf)) if conf.invoke_id == 43));
    assert_eq!(client.next().await, None, "the connection ends");
}

#[tokio::test]
async fn a_change_by_one_client_is_confirmed_first_and_told_to_all() {
    let (address, _running) = start(config()).await;
    let mut desk = Client::open(address).await;
    let mut other = Client::open(address).await;
    desk.sign_in(1, "2001").await.unwrap();
    for client in [&mut desk, &mut other] {
        for state in [AgentState::LOGIN, AgentState::NOT_READY] {
            let event = client.event().await;
            assert_eq!(event.agent_state, state);
            assert_eq!(event.agent_id.as_deref(), Some("1001001"));
            assert_eq!(event.agent_extension.as_deref(), Some("2001"));
            assert_eq!((event.peripheral_id, event.skill_group_number), (5000, u32::MAX));
            assert_eq!(event.client_signature.as_deref(), Some("Probe"));
        }
    }
    other.ask(order(1, AgentState::AVAILABLE)).await.unwrap();
    assert_eq!(other.event().await.agent_state, AgentState::AVAILABLE);
    assert_eq!(desk.event().await.agent_state, AgentState::AVAILABLE);
    desk.ask(SetAgentStateReq { event_reason_code: 3, ..order(1, AgentState::NOT_READY) }).await.unwrap();
    let event = desk.event().await;
    assert_eq!((event.agent_state, event.event_reason_code), (AgentState::NOT_READY, 3));
}

#[tokio::test]
async fn refusals_have_the_codes_that_the_web_service_knows() {
    let (address, _running) = start(config()).await;
    let mut client = Client::open(address).await;
    assert_eq!(client.ask(order(1, AgentState::AVAILABLE)).await, Err(ControlFailure(22)));
    assert_eq!(client.sign_in(99, "2001").await, Err(ControlFailure(256)));
    assert_eq!(client.sign_in(1, "9999").await, Err(ControlFailure(260)));
    client.sign_in(1, "7001").await.unwrap();
    let _ = (client.event().await, client.event().await);
    assert_eq!(client.sign_in(2, "7001").await, Err(ControlFailure(33)));
    assert_eq!(client.sign_in(1, "2001").await, Err(ControlFailure(259)));
    client.sign_in(1, "7001").await.unwrap();
    assert_eq!(
        client.event().await.agent_state,
        AgentState::NOT_READY,
        "again on the same device: unchanged"
    );
}

#[tokio::test]
async fn a_forced_logout_is_told_with_its_reason() {
    let (address, _running) = start(config()).await;
    let mut client = Client::open(address).await;
    client.sign_in(1, "2001").await.unwrap();
    client.ask_quietly(order(1, AgentState::AVAILABLE)).await;
    assert_eq!(client.ask(order(1, AgentState::LOGOUT)).await, Err(ControlFailure(22)));
    let forced = SetAgentStateReq { forced_flag: 1, event_reason_code: 255, ..order(1, AgentState::LOGOUT) };
    client.ask(forced).await.unwrap();
    let event = client.event().await;
    assert_eq!((event.agent_state, event.event_reason_code), (AgentState::LOGOUT, 255));
}

impl Client {
    /// Asks, and reads events up to the one with the asked state.
    async fn ask_quietly(&mut self, request: SetAgentStateReq) {
        let wanted = request.agent_state;
        self.send(SetAgentStateReq { invoke_id: 9, peripheral_id: 5000, ..request }).await;
        loop {
            match self.next().await.expect("the session is open") {
                Message::AgentStateEvent(event) if event.agent_state == wanted => return,
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn states_can_be_asked_for() {
    let (address, _running) = start(config()).await;
    let mut client = Client::open(address).await;
    let query = |number: u32| QueryAgentStateReq {
        invoke_id: number,
        peripheral_id: 5000,
        mrd_id: 1,
        agent_id: Some(agent(number).id),
        ..QueryAgentStateReq::default()
    };
    client.send(query(1)).await;
    let Some(Message::QueryAgentStateConf(conf)) = client.next().await else { panic!("no answer") };
    assert_eq!((conf.invoke_id, conf.agent_state, conf.agent_extension), (1, AgentState::LOGOUT, None));
    client.sign_in(1, "2001").await.unwrap();
    let _ = (client.event().await, client.event().await);
    client.send(query(1)).await;
    let Some(Message::QueryAgentStateConf(conf)) = client.next().await else { panic!("no answer") };
    assert_eq!((conf.agent_state, conf.agent_extension.as_deref()), (AgentState::NOT_READY, Some("2001")));
    client.send(query(99)).await;
    assert!(matches!(client.next().await, Some(Message::ControlFailureConf(conf)) if conf.failure.0 == 256));
    client.send(QueryAgentStateReq { peripheral_id: 1, ..query(1) }).await;
    assert_eq!(client.refusal().await, Status::INVALID_PERIPHERAL_ID);
}

#[tokio::test]
async fn a_session_about_one_agent_sees_that_agent_only() {
    let (address, _running) = start(config()).await;
    let mut all = Client::open(address).await;
    let about = |agent_id: &str| OpenReq {
        services: Services::CLIENT_EVENTS,
        agent_id: Some(agent_id.into()),
        ..open_req(24)
    };
    let mut one = Client::connect(address, 24).await;
    let conf = one.opened(about("1001002")).await;
    assert_eq!((conf.agent_state, conf.agent_id.as_deref()), (AgentState::LOGOUT, Some("1001002")));
    all.sign_in(1, "2001").await.unwrap();
    let _ = (all.event().await, all.event().await);
    all.sign_in(2, "2002").await.unwrap();
    assert_eq!(one.event().await.agent_id.as_deref(), Some("1001002"));
    one.ask_refused(order(2, AgentState::AVAILABLE), Status::FUNCTION_NOT_AVAILABLE).await;

    let mut unknown = Client::connect(address, 24).await;
    unknown.send(about("4711")).await;
    assert_eq!(unknown.refusal().await, Status::INVALID_AGENT_DATA);
    assert_eq!(unknown.next().await, None, "the connection ends");
}

impl Client {
    async fn ask_refused(&mut self, request: SetAgentStateReq, expected: Status) {
        self.send(SetAgentStateReq { invoke_id: 8, peripheral_id: 5000, ..request }).await;
        loop {
            match self.next().await {
                Some(Message::AgentStateEvent(_)) => {}
                Some(Message::FailureConf(conf)) => {
                    assert_eq!(conf.status, ged188::message::FailureStatus::Status(expected));
                    return;
                }
                other => panic!("FAILURE_CONF expected, not {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_does_not_belong_is_refused_and_the_session_stays() {
    let (address, _running) = start(config()).await;
    let mut early = Client::connect(address, 24).await;
    early.send(HeartbeatReq::new(1)).await;
    assert_eq!(early.refusal().await, Status::SESSION_NOT_OPEN);
    early.opened(open_req(24)).await;

    let mut client = Client::open(address).await;
    client.send(open_req(24)).await;
    assert_eq!(client.refusal().await, Status::SESSION_ALREADY_OPEN);
    client.send(Message::Unknown(Unknown { kind: 4_000, body: b"\0\0\0\x07".as_slice().into() })).await;
    assert_eq!(client.refusal().await, Status::INVALID_MSG_TYPE_FOR_VERSION);
    client.stream.write_all(b"\0\0\0\x02\0\0\0\x26\0\0").await.unwrap();
    assert_eq!(client.refusal().await, Status::BAD_MESSAGE_FORMAT);
    client.send(HeartbeatReq::new(2)).await;
    assert!(matches!(client.next().await, Some(Message::HeartbeatConf(_))));
}

#[tokio::test]
async fn bytes_that_are_no_cti_end_the_connection() {
    let (address, _running) = start(config()).await;
    let mut client = Client::connect(address, 24).await;
    client.stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(matches!(client.next().await, Some(Message::FailureEvent(_))));
    assert_eq!(client.next().await, None, "the connection ends");
}

#[tokio::test]
async fn a_connection_that_never_opens_is_closed() {
    let (address, _running) = start(Config { open_timeout: Duration::from_millis(50), ..config() }).await;
    let mut client = Client::connect(address, 24).await;
    assert!(
        matches!(client.next().await, Some(Message::FailureEvent(event)) if event.status == Status::TIMEOUT)
    );
    assert_eq!(client.next().await, None, "the connection ends");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_silent_for_its_idle_timeout_is_closed() {
    let (address, _running) = start(config()).await;
    let mut client = Client::connect(address, 24).await;
    client.send(OpenReq { idle_timeout_secs: 20, ..open_req(24) }).await;
    let began = tokio::time::Instant::now();
    let mut bytes = Vec::new();
    client.stream.read_to_end(&mut bytes).await.unwrap();
    let waited = began.elapsed();
    assert!((19..=22).contains(&waited.as_secs()), "{waited:?}");
    let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
    deframer.push(&bytes);
    let kinds: Vec<u32> =
        std::iter::from_fn(|| deframer.next_frame().unwrap()).map(|frame| frame.kind).collect();
    assert_eq!(kinds, [4, 31, 2]);
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_and_the_others_go_on() {
    let (address, _running) = start(config()).await;
    let deaf = Client::open(address).await;
    let beat = Message::from(HeartbeatReq::new(1)).encode(deaf.dialect).unwrap();
    let mut busy = Client::open(address).await;
    busy.sign_in(1, "2001").await.unwrap();
    let _ = (busy.event().await, busy.event().await);
    // Each change is some 110 bytes for the deaf client: in the end its sockets' buffers and its queue are full.
    for _ in 0..400 {
        for _ in 0..500 {
            let request = order(1, AgentState::NOT_READY);
            busy.send(SetAgentStateReq { invoke_id: 1, peripheral_id: 5000, ..request }).await;
        }
        for _ in 0..1_000 {
            busy.next().await.expect("who reads is served");
        }
        let wrote = deaf.stream.try_write(&beat);
        if wrote.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock) {
            return;
        }
    }
    panic!("the deaf client is still connected");
}

#[tokio::test]
async fn colleagues_move_by_themselves_until_a_client_takes_one_over() {
    let colleagues = Colleagues {
        interval_min: Duration::from_millis(5),
        interval_max: Duration::from_millis(20),
        ..Colleagues::new(vec![agent(3).id, agent(4).id], 1)
    };
    let (address, _running) = start(Config { colleagues: Some(colleagues), ..config() }).await;
    let mut client = Client::open(address).await;
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 4 {
        let event = client.event().await;
        assert_eq!(event.event_reason_code > 0, event.agent_state == AgentState::NOT_READY);
        seen.insert((event.agent_id, event.agent_state));
    }
    // Signing a colleague in where it is signed in takes it over.
    let sign_in = SetAgentStateReq {
        agent_instrument: Some(agent(3).extension),
        invoke_id: 5,
        peripheral_id: 5000,
        ..order(3, AgentState::LOGIN)
    };
    client.send(sign_in).await;
    while !matches!(client.next().await, Some(Message::SetAgentStateConf(_))) {}
    assert_eq!(client.event().await.agent_id, Some(agent(3).id), "the answer to the sign-in");
    for _ in 0..10 {
        assert_eq!(client.event().await.agent_id, Some(agent(4).id));
    }
}

#[tokio::test]
async fn a_simulator_that_ends_says_so() {
    let (address, running) = start(config()).await;
    let mut client = Client::open(address).await;
    drop(running);
    assert!(
        matches!(client.next().await, Some(Message::FailureEvent(event)) if event.status == Status::CTI_SERVER_OFFLINE)
    );
    assert_eq!(client.next().await, None, "the connection ends");
}

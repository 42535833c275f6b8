//! The phone system's side: a CTI server that confirms, answers, and says what it is told to say.

use crate::limits::PATIENCE;
use crate::server::FIRST_AGENT;
use anyhow::{Context, Result, bail, ensure};
use bytes::BytesMut;
use ged188::message::{AgentStateEvent, HeartbeatConf, OpenConf, QueryAgentStateConf, QueryAgentStateReq};
use ged188::{AgentState, Deframer, Dialect, Message, Services, limits};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

const V24: Dialect = Dialect::cce(24);
/// PeripheralType of Unified CCE's agents.
const PERIPHERAL_TYPE: u16 = 17;
/// MRDID of Cisco_Voice.
const VOICE: u32 = 1;
/// The peripheral that the server is configured for.
const PERIPHERAL: u32 = 5_000;
const FIRST_EXTENSION: u32 = 2_001;

/// A bound address.
#[derive(Debug)]
pub struct CtiServer {
    listener: TcpListener,
}

/// The session with the one client.
#[derive(Clone)]
pub struct Session {
    writer: Arc<Mutex<OwnedWriteHalf>>,
    told: Arc<Told>,
}

/// Agents whose state the client has asked for.
#[derive(Default)]
struct Told {
    count: AtomicU32,
    more: Notify,
}

impl CtiServer {
    /// Binds a free port of 127.0.0.1.
    pub async fn bind() -> Result<Self> {
        Ok(Self { listener: TcpListener::bind("127.0.0.1:0").await? })
    }

    /// For `cti.sides`.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Takes the next client and answers it from then on in a task of its own.
    pub async fn accept(&self) -> Result<Session> {
        let accepted = timeout(PATIENCE, self.listener.accept()).await;
        let (stream, _): (TcpStream, _) = accepted.context("no CTI client came")??;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        let session = Session { writer: Arc::new(Mutex::new(writer)), told: Arc::default() };
        let answering = session.clone();
        // it ends with the connection; a broken one shows in events that do not arrive
        tokio::spawn(async move { answering.answer_all(reader).await });
        Ok(session)
    }
}

impl Session {
    /// Waits until the client has asked for this many agents.
    pub async fn has_told(&self, agents: u32) -> Result<()> {
        let all_told = async {
            loop {
                let more = self.told.more.notified();
                if self.told.count.load(Ordering::Acquire) >= agents {
                    return;
                }
                more.await;
            }
        };
        timeout(PATIENCE, all_told).await.with_context(|| {
            format!("the server has asked for {} agents of {agents}", self.told.count.load(Ordering::Acquire))
        })
    }

    /// Says that an agent's state changed; returns the moment before the frame was written.
    pub async fn tell(&self, agent: u32, state: AgentState) -> Result<Instant> {
        let device = extension(agent);
        let event = AgentStateEvent {
            peripheral_id: PERIPHERAL,
            peripheral_type: PERIPHERAL_TYPE,
            skill_group_state: state,
            agent_state: state,
            mrd_id: VOICE,
            agent_mode: 1,
            max_task_limit: 1,
            icm_agent_id: agent,
            agent_availability_status: u32::from(state == AgentState::AVAILABLE),
            agent_id: Some(agent.to_string()),
            agent_extension: Some(device.clone()),
            agent_instrument: Some(device),
            ..AgentStateEvent::default()
        };
        let frame = Message::from(event).encode(V24)?;
        let mut writer = self.writer.lock().await;
        let before = Instant::now();
        writer.write_all(&frame).await?;
        Ok(before)
    }

    async fn answer_all(&self, mut reader: OwnedReadHalf) -> Result<()> {
        let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        let mut received = BytesMut::with_capacity(16 * 1024);
        loop {
            received.clear();
            ensure!(reader.read_buf(&mut received).await? > 0, "the client is gone");
            deframer.push(&received);
            while let Some(frame) = deframer.next_frame()? {
                self.answer(Message::decode(&frame, V24)?).await?;
            }
        }
    }

    async fn answer(&self, message: Message) -> Result<()> {
        let answer = match message {
            Message::OpenReq(open) => Message::from(OpenConf {
                invoke_id: open.invoke_id,
                services: Services(u32::MAX),
                peripheral_online: true,
                peripheral_type: PERIPHERAL_TYPE,
                ..OpenConf::default()
            }),
            Message::HeartbeatReq(beat) => HeartbeatConf::new(beat.invoke_id).into(),
            Message::QueryAgentStateReq(query) => not_ready(*query).into(),
            other => bail!("a message that is not played here: {other:?}"),
        };
        let is_state = matches!(answer, Message::QueryAgentStateConf(_));
        self.writer.lock().await.write_all(&answer.encode(V24)?).await?;
        if is_state {
            self.told.count.fetch_add(1, Ordering::Release);
            self.told.more.notify_waiters();
        }
        Ok(())
    }
}

/// Everyone is signed in and not ready.
fn not_ready(query: QueryAgentStateReq) -> QueryAgentStateConf {
    let device = query.agent_id.as_deref().and_then(|id| id.parse().ok()).map(extension);
    QueryAgentStateConf {
        invoke_id: query.invoke_id,
        agent_state: AgentState::NOT_READY,
        mrd_id: VOICE,
        agent_mode: 1,
        max_task_limit: 1,
        agent_id: query.agent_id,
        agent_extension: device.clone(),
        agent_instrument: device,
        ..QueryAgentStateConf::default()
    }
}

fn extension(agent: u32) -> String {
    (FIRST_EXTENSION + agent.saturating_sub(FIRST_AGENT)).to_string()
}

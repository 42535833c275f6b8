//! A CTI server of a thread of its own, with agents and calls that stand: it answers what a link asks after it came
//! up, then floods it with events or hangs up. It speaks GED-188 24.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use ged188::message::{
    AgentStateEvent, CallDevice, DeviceCall, HeartbeatConf, OpenConf, QueryAgentStateConf, SnapshotCallConf,
    SnapshotDeviceConf,
};
use ged188::{AgentState, CallType, Deframer, Dialect, LocalConnectionState, Message, Services, limits};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

const V24: Dialect = Dialect::cce(24);
/// The first agent's id; the others follow.
pub const FIRST_AGENT: u32 = 1_001_001;
/// The first agent's extension; the others follow.
pub const FIRST_EXTENSION: u32 = 20_001;
/// The first call's id; the n-th agent is in the n-th call.
const FIRST_CALL: u32 = 700_001;

/// What stands at the phone system.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// Agents, all signed in.
    pub agents: u32,
    /// How many of them are in a call with a caller.
    pub calls: u32,
}

/// A bound address.
#[derive(Debug)]
pub struct Listener(TcpListener);

impl Listener {
    /// Binds a free port of 127.0.0.1.
    pub fn bind() -> Result<Self> {
        Ok(Self(TcpListener::bind("127.0.0.1:0")?))
    }

    /// Where.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    /// The next link's connection.
    pub fn accept(&self) -> Result<Connection> {
        let (stream, _) = self.0.accept()?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, deframer: Deframer::new(limits::MESSAGE_BYTES_MAX) })
    }
}

/// A link's connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    deframer: Deframer,
}

impl Connection {
    /// Answers until everything is told: every agent, every device, every call.
    pub fn tell_all(&mut self, switch: Switch) -> Result<()> {
        let mut left = switch.agents * 2 + switch.calls;
        while left > 0 {
            let message = self.next()?;
            let answer = switch.answer(&message)?;
            left -= u32::from(!matches!(answer, Message::OpenConf(_) | Message::HeartbeatConf(_)));
            self.stream.write_all(&answer.encode(V24)?)?;
        }
        Ok(())
    }

    /// Writes all of it, as fast as the link reads.
    pub fn flood(&mut self, events: &Bytes) -> Result<()> {
        Ok(self.stream.write_all(events)?)
    }

    fn next(&mut self) -> Result<Message> {
        let mut bytes = [0; 16 * 1024];
        loop {
            if let Some(frame) = self.deframer.next_frame()? {
                return Ok(Message::decode(&frame, V24)?);
            }
            match self.stream.read(&mut bytes)? {
                0 => bail!("the link has hung up"),
                read => self.deframer.push(&bytes[..read]),
            }
        }
    }
}

/// Each agent in turn becomes ready, then not ready, and so on.
pub fn events(agents: u32, count: u32) -> Result<Bytes> {
    let mut bytes = Vec::new();
    for number in 0..count {
        let state =
            if (number / agents).is_multiple_of(2) { AgentState::AVAILABLE } else { AgentState::NOT_READY };
        bytes.extend(Message::from(agent_event(number % agents, state)).encode(V24)?);
    }
    Ok(bytes.into())
}

fn agent_event(number: u32, state: AgentState) -> AgentStateEvent {
    let device = Some((FIRST_EXTENSION + number).to_string());
    AgentStateEvent {
        peripheral_id: 5000,
        peripheral_type: 17,
        skill_group_state: state,
        agent_state: state,
        mrd_id: 1,
        agent_mode: 1,
        max_task_limit: 1,
        icm_agent_id: 1 + number,
        agent_id: Some((FIRST_AGENT + number).to_string()),
        agent_extension: device.clone(),
        agent_instrument: device,
        ..AgentStateEvent::default()
    }
}

impl Switch {
    fn answer(self, message: &Message) -> Result<Message> {
        Ok(match message {
            Message::OpenReq(open) => OpenConf {
                invoke_id: open.invoke_id,
                services: Services(u32::MAX),
                peripheral_online: true,
                peripheral_type: 17,
                ..OpenConf::default()
            }
            .into(),
            Message::HeartbeatReq(beat) => HeartbeatConf::new(beat.invoke_id).into(),
            Message::QueryAgentStateReq(query) => {
                let agent: u32 = query.agent_id.as_deref().context("no agent is named")?.parse()?;
                let number = agent - FIRST_AGENT;
                let talks = number < self.calls;
                let device = Some((FIRST_EXTENSION + number).to_string());
                QueryAgentStateConf {
                    invoke_id: query.invoke_id,
                    agent_state: if talks { AgentState::TALKING } else { AgentState::NOT_READY },
                    mrd_id: 1,
                    agent_mode: 1,
                    agent_id: query.agent_id.clone(),
                    agent_extension: device.clone(),
                    agent_instrument: device,
                    ..QueryAgentStateConf::default()
                }
                .into()
            }
            Message::SnapshotDeviceReq(request) => {
                let device = request.agent_instrument.clone().context("no device is named")?;
                let number = device.parse::<u32>()? - FIRST_EXTENSION;
                let call = DeviceCall {
                    call_id: Some(FIRST_CALL + number),
                    device_id: Some(device),
                    state: Some(LocalConnectionState::CONNECT),
                    ..DeviceCall::default()
                };
                let calls = if number < self.calls { vec![call] } else { Vec::new() };
                SnapshotDeviceConf { invoke_id: request.invoke_id, calls, ..SnapshotDeviceConf::default() }
                    .into()
            }
            Message::SnapshotCallReq(request) => call(request.invoke_id, request.connection_call_id).into(),
            other => bail!("a message that is not played here: {other:?}"),
        })
    }
}

/// A caller and an agent, and ten variables.
fn call(invoke_id: u32, call_id: u32) -> SnapshotCallConf {
    let number = call_id - FIRST_CALL;
    let party = |device: String| CallDevice {
        call_id: Some(call_id),
        connection_device_id: Some(device.clone()),
        device_id: Some(device),
        state: Some(LocalConnectionState::CONNECT),
        ..CallDevice::default()
    };
    let caller = format!("555{number:05}");
    let devices = vec![party((FIRST_EXTENSION + number).to_string()), party(caller.clone())];
    let mut conf = SnapshotCallConf {
        invoke_id,
        call_type: CallType::PREROUTE_ACD_IN,
        ani: Some(caller),
        dialed_number: Some("7001".into()),
        devices,
        ..SnapshotCallConf::default()
    };
    (1..=10).for_each(|number| conf.call_variables.set(number, format!("value {number}")));
    conf
}

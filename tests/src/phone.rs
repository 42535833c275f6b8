//! A phone system that says what a test wants: a CTI server of a few lines, its bytes written by hand (GED-188,
//! version 24).

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const FAILURE_CONF: u32 = 1;
const OPEN_REQ: u32 = 3;
const OPEN_CONF: u32 = 4;
const HEARTBEAT_REQ: u32 = 5;
const HEARTBEAT_CONF: u32 = 6;
const AGENT_STATE_EVENT: u32 = 30;
const QUERY_AGENT_STATE_REQ: u32 = 36;

const STATUS_AGENT_NOT_LOGGED_ON: u32 = 9;
const FUNCTION_NOT_AVAILABLE: u32 = 12;
const NOT_READY: u16 = 2;

/// Listens for the server's CTI link.
#[derive(Debug)]
pub struct Phone(TcpListener);

/// One link, its session open.
#[derive(Debug)]
pub struct Link(TcpStream);

impl Phone {
    /// On a free port.
    pub fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// The settings of a server that uses this phone system and no other. Nobody answers the heartbeats of a link that stands,
    /// so there are none before a test is over.
    pub fn settings(&self) -> [String; 3] {
        let sides = format!("cti.sides={}", self.0.local_addr().unwrap());
        ["simulator.listen=off".into(), "cti.heartbeat_secs=600".into(), sides]
    }

    /// Waits for a link, opens its session, and says of every agent asked for that nobody is there.
    pub fn link(&self, agents: usize) -> Link {
        let (stream, _) = self.0.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut link = Link(stream);
        let mut asked = 0;
        while asked < agents {
            let (kind, body) = link.receive();
            match kind {
                OPEN_REQ => link.send(OPEN_CONF, &open_conf(&body)),
                HEARTBEAT_REQ => link.send(HEARTBEAT_CONF, &body[..4]),
                QUERY_AGENT_STATE_REQ => {
                    asked += 1;
                    link.send(
                        FAILURE_CONF,
                        &[&body[..4], &STATUS_AGENT_NOT_LOGGED_ON.to_be_bytes()[..]].concat(),
                    );
                }
                // statistics and the like: each request begins with its invoke id
                _ => {
                    link.send(FAILURE_CONF, &[&body[..4], &FUNCTION_NOT_AVAILABLE.to_be_bytes()[..]].concat())
                }
            }
        }
        link
    }
}

impl Default for Phone {
    fn default() -> Self {
        Self::new()
    }
}

impl Link {
    /// AGENT_STATE_EVENT: the agent is not ready, on that extension. Texts are sent as they are.
    pub fn not_ready(&mut self, agent: &[u8], extension: &[u8]) {
        let mut body = Vec::new();
        // MonitorID, PeripheralID, SessionID, PeripheralType, SkillGroupState, StateDuration
        body.extend([0, 0, 0, 0, 0, 0, 0x13, 0x88, 0, 0, 0, 0, 0, 17, 0, 2, 0, 0, 0, 0]);
        // SkillGroupNumber, SkillGroupID: none; SkillGroupPriority
        body.extend([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0]);
        body.extend(NOT_READY.to_be_bytes());
        // EventReasonCode, MRDID 1, NumTasks, AgentMode, MaxTaskLimit, ICMAgentID, AgentAvailabilityStatus
        body.extend([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
        // NumFltSkillGroups, DepartmentID
        body.extend([0; 6]);
        for (tag, text) in [(5_u16, agent), (4, extension)] {
            body.extend(tag.to_be_bytes());
            body.extend((text.len() as u16 + 1).to_be_bytes());
            body.extend(text);
            body.push(0);
        }
        self.send(AGENT_STATE_EVENT, &body);
    }

    /// A header that announces a body of that length, and nothing after it.
    pub fn announce(&mut self, body_bytes: u32) {
        let header = [body_bytes.to_be_bytes(), AGENT_STATE_EVENT.to_be_bytes()].concat();
        self.0.write_all(&header).unwrap();
    }

    fn send(&mut self, kind: u32, body: &[u8]) {
        let header = [(body.len() as u32).to_be_bytes(), kind.to_be_bytes()].concat();
        self.0.write_all(&[&header, body].concat()).unwrap();
    }

    fn receive(&mut self) -> (u32, Vec<u8>) {
        let mut header = [0; 8];
        self.0.read_exact(&mut header).unwrap();
        let number =
            |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let mut body = vec![0; number(0) as usize];
        self.0.read_exact(&mut body).unwrap();
        (number(4), body)
    }
}

/// OPEN_CONF: all services that were asked for, the peripheral online.
fn open_conf(request: &[u8]) -> Vec<u8> {
    let (invoke_id, services) = (&request[..4], &request[16..20]);
    let mut body = [invoke_id, services].concat();
    // MonitorID, PGStatus, ICMCentralControllerTime
    body.extend([0; 12]);
    // PeripheralOnline, PeripheralType, AgentState, DepartmentID, SessionType
    body.extend([0, 1, 0, 17, 0, 9, 0, 0, 0, 0, 0, 1]);
    body
}

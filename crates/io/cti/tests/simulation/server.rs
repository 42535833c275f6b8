//! One side of the CTI server pair: reads what the client sends, answers in any order, and writes bytes.

use crate::words;
use crate::world::{AGENTS, Dice, Wish, World};
use aplomb_floor::{CtiInput, State};
use ged188::message::*;
use ged188::{AgentState, ControlFailure, Deframer, Dialect, Frame, Message, Services, limits};

pub(crate) struct Server {
    pub(crate) dialect: Dialect,
    standby: bool,
    /// Says nothing any more, whatever it is asked.
    pub(crate) mute: bool,
    received: Deframer,
    waiting: Vec<Message>,
    /// What the client has not read yet.
    pub(crate) unread: Vec<u8>,
}

impl Server {
    pub(crate) fn new(dialect: Dialect, standby: bool) -> Self {
        let received = Deframer::new(limits::MESSAGE_BYTES_MAX);
        Self { dialect, standby, mute: false, received, waiting: Vec::new(), unread: Vec::new() }
    }

    pub(crate) fn say(&mut self, message: impl Into<Message>) {
        self.unread.extend_from_slice(&message.into().encode(self.dialect).unwrap());
    }

    /// A frame of any type and body.
    pub(crate) fn say_frame(&mut self, kind: u32, body: &[u8]) {
        self.unread.extend_from_slice(&(body.len() as u32).to_be_bytes());
        self.unread.extend_from_slice(&kind.to_be_bytes());
        self.unread.extend_from_slice(body);
    }

    /// Reads what the client wrote. Session and heartbeats are answered at once, all else when its turn comes.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        self.received.push(bytes);
        while let Some(Frame { kind, body }) = self.received.next_frame().unwrap() {
            let message = Message::decode(&Frame { kind, body }, self.dialect).unwrap();
            match message {
                _ if self.mute => {}
                Message::OpenReq(open) => {
                    assert_eq!(open.version, self.dialect.version);
                    let session_type = if self.standby { 2 } else { 1 };
                    let services = Services(u32::MAX);
                    let invoke_id = open.invoke_id;
                    self.say(OpenConf { invoke_id, services, session_type, ..OpenConf::default() });
                }
                Message::HeartbeatReq(beat) => self.say(HeartbeatConf::new(beat.invoke_id)),
                Message::StoppingRequestsToThisSideInd(_) => self.mute = true,
                other => self.waiting.push(other),
            }
        }
    }

    /// Answers one of the requests that wait, whichever; `false` when none does. What comes of it may be said before its
    /// confirmation or after.
    pub(crate) fn answer_one(&mut self, world: &mut World, dice: &mut Dice) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        let message = self.waiting.swap_remove(dice.below(self.waiting.len()));
        match self.answer(&message, world, dice) {
            // A peripheral that forgets an order.
            None => {}
            Some((confirmation, said)) => {
                let first = dice.one_in(3);
                if !first {
                    self.say(confirmation.clone());
                }
                said.iter().for_each(|input| self.say(words::event(input)));
                if first {
                    self.say(confirmation);
                }
            }
        }
        true
    }

    fn answer(
        &self,
        message: &Message,
        world: &mut World,
        dice: &mut Dice,
    ) -> Option<(Message, Vec<CtiInput>)> {
        let invoke_id = invoke_id(message, self.dialect);
        let question = match message {
            Message::QueryAgentStateReq(asked) => Some(agent(invoke_id, asked, world).into()),
            Message::SnapshotDeviceReq(asked) => {
                let device = asked.agent_instrument.clone().unwrap();
                let calls = world.calls_at(&device);
                Some(words::device_snapshot(invoke_id, &device, calls).into())
            }
            Message::SnapshotCallReq(asked) => Some(match world.snapshot(asked.connection_call_id) {
                Some(snapshot) => words::call_snapshot(invoke_id, &snapshot).into(),
                None => refusal(invoke_id, ControlFailure(11)),
            }),
            _ => None,
        };
        if let Some(answer) = question {
            return Some((answer, Vec::new()));
        }
        match dice.below(8) {
            0 => return None,
            1 => return Some((refusal(invoke_id, ControlFailure(34)), Vec::new())),
            _ => {}
        }
        let at = |instrument: &Option<String>| instrument.clone().unwrap_or_default();
        Some(match message {
            Message::SetAgentStateReq(asked) => {
                let ready = asked.agent_state == AgentState::AVAILABLE;
                let agent = asked.agent_id.as_deref().or(asked.agent_id_long.as_deref());
                let said = world.set_ready(agent.unwrap(), ready, asked.event_reason_code);
                (SetAgentStateConf::new(invoke_id).into(), said)
            }
            Message::AnswerCallReq(asked) => {
                let said = world.obey(Wish::Answer, asked.connection_call_id, &at(&asked.agent_instrument));
                (AnswerCallConf { invoke_id, ..Default::default() }.into(), said)
            }
            Message::HoldCallReq(asked) => {
                let said = world.obey(Wish::Hold, asked.connection_call_id, &at(&asked.agent_instrument));
                (HoldCallConf { invoke_id, ..Default::default() }.into(), said)
            }
            Message::RetrieveCallReq(asked) => {
                let call = asked.held_connection_call_id;
                let said = world.obey(Wish::Retrieve, call, &at(&asked.agent_instrument));
                (RetrieveCallConf { invoke_id, ..Default::default() }.into(), said)
            }
            Message::ClearConnectionReq(asked) => {
                let said = world.obey(Wish::Leave, asked.connection_call_id, &at(&asked.agent_instrument));
                (ClearConnectionConf { invoke_id, ..Default::default() }.into(), said)
            }
            other => panic!("nobody orders {}", other.name()),
        })
    }
}

/// InvokeID is the first field of every request.
fn invoke_id(message: &Message, dialect: Dialect) -> u32 {
    let bytes = message.encode(dialect).unwrap();
    u32::from_be_bytes(bytes[8..12].try_into().unwrap())
}

fn refusal(invoke_id: u32, failure: ControlFailure) -> Message {
    ControlFailureConf { invoke_id, failure, ..ControlFailureConf::default() }.into()
}

fn agent(invoke_id: u32, asked: &QueryAgentStateReq, world: &World) -> QueryAgentStateConf {
    let asked = asked.agent_id.as_deref().or(asked.agent_id_long.as_deref()).unwrap();
    let known = AGENTS.iter().find(|(id, _)| *id == asked);
    let state = known.map_or(State::Logout, |(id, _)| world.state(id));
    QueryAgentStateConf {
        invoke_id,
        agent_state: words::agent_state(state),
        agent_id: Some(asked.to_owned()),
        agent_extension: known.map(|(_, extension)| (*extension).to_owned()),
        ..QueryAgentStateConf::default()
    }
}

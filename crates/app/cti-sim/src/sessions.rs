//! The open sessions: who wants to hear what, and the way to each.

use crate::exchange::{CallFact, Told};
use crate::limits;
use crate::sides::Side;
use bytes::Bytes;
use ged188::message::{AgentStateEvent, OpenReq};
use ged188::{AgentState, Dialect, Message, Services};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};

/// A client whose OPEN_REQ was found in order.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) peer: SocketAddr,
    pub(crate) side: Side,
    pub(crate) dialect: Dialect,
    pub(crate) granted: Services,
    pub(crate) open: OpenReq,
    pub(crate) outbox: mpsc::Sender<Bytes>,
    /// Ends the connection at once.
    pub(crate) kick: Arc<Notify>,
}

/// Whose events a client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Everyone,
    Agent(String),
    Nobody,
}

/// An open session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) newcomer: Box<Newcomer>,
    pub(crate) wants: Wants,
    /// Whether it hears events and may ask; on a standby side it may not.
    pub(crate) active: bool,
}

impl Session {
    /// Whether the client can stand by (version 24 on).
    pub(crate) fn stands_by(&self) -> bool {
        self.newcomer.granted.contains(Services::ACTIVE_STANDBY)
    }

    fn wants_agent(&self, told: &Told) -> bool {
        let bit = agent_state_bit(told.state);
        let wanted = match &self.wants {
            Wants::Everyone => true,
            Wants::Agent(id) => *id == told.agent_id,
            Wants::Nobody => false,
        };
        self.active && wanted && self.newcomer.open.agent_states & bit != 0
    }

    fn wants_call(&self, fact: &CallFact, device: Option<&str>, bit: u32) -> bool {
        let wanted = match &self.wants {
            Wants::Everyone => true,
            Wants::Agent(_) => device.is_some_and(|device| fact.devices.iter().any(|known| known == device)),
            Wants::Nobody => false,
        };
        self.active && wanted && self.newcomer.open.call_events & bit != 0
    }
}

/// Bit of AgentStateMask.
fn agent_state_bit(state: AgentState) -> u32 {
    match state.0 {
        state @ 0..=7 => 1 << state,
        8 => 0x100,
        10 => 0x200,
        state @ 11..=14 => 1 << (state - 1),
        _ => 0,
    }
}

/// Bit of CallMsgMask, by MessageType.
fn call_event_bit(kind: u32) -> u32 {
    match kind {
        9 => 0x1,
        21 => 0x2,
        10 => 0x4,
        11 => 0x8,
        12 => 0x10,
        13 => 0x20,
        14 => 0x40,
        15 => 0x80,
        17 => 0x100,
        18 => 0x200,
        19 => 0x400,
        20 => 0x800,
        23 => 0x2000,
        24 => 0x4000,
        25 => 0x8000,
        16 => 0x1_0000,
        34 => 0x2_0000,
        86 => 0x4_0000,
        105 => 0x8_0000,
        _ => 0,
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    sessions: BTreeMap<u64, Session>,
}

impl Sessions {
    pub(crate) fn insert(&mut self, id: u64, session: Session) {
        self.sessions.insert(id, session);
    }

    pub(crate) fn remove(&mut self, id: u64) {
        self.sessions.remove(&id);
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Session> {
        self.sessions.get(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Session)> {
        self.sessions.iter().map(|(id, session)| (*id, session))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Session> {
        self.sessions.values_mut()
    }

    /// Ids of the sessions of a side.
    pub(crate) fn of(&self, side: Side) -> Vec<u64> {
        let of_side = self.iter().filter(|(_, session)| session.newcomer.side == side);
        of_side.map(|(id, _)| id).collect()
    }

    /// Ids of all sessions.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.sessions.keys().copied().collect()
    }

    /// Says something to one client.
    pub(crate) fn say(&mut self, id: u64, message: impl Into<Message>) {
        let Some(session) = self.sessions.get(&id) else { return };
        if let Some(bytes) = encode(&message.into(), session.newcomer.dialect) {
            self.push(id, bytes);
        }
    }

    /// Tells an agent's state to everybody who wants it.
    pub(crate) fn tell_agent(&mut self, told: &Told, event: &Message) {
        let wanting = self.wanting(|session| session.wants_agent(told));
        self.tell(&wanting, event);
    }

    /// Tells of a call to everybody who wants it. `device_of` says where an agent is signed in.
    pub(crate) fn tell_call(
        &mut self,
        fact: &CallFact,
        event: &Message,
        device_of: impl Fn(&str) -> Option<String>,
    ) {
        let bit = call_event_bit(event.kind());
        let wanting = self.wanting(|session| {
            let device = match &session.wants {
                Wants::Agent(id) => device_of(id),
                Wants::Everyone | Wants::Nobody => None,
            };
            session.wants_call(fact, device.as_deref(), bit)
        });
        self.tell(&wanting, event);
    }

    fn wanting(&self, wants: impl Fn(&Session) -> bool) -> Vec<(u64, Dialect)> {
        let wanting = self.sessions.iter().filter(|(_, session)| wants(session));
        wanting.map(|(id, session)| (*id, session.newcomer.dialect)).collect()
    }

    /// Encoded once for each dialect.
    fn tell(&mut self, wanting: &[(u64, Dialect)], event: &Message) {
        let mut encoded: Vec<(Dialect, Bytes)> = Vec::new();
        for (id, dialect) in wanting {
            let known = encoded.iter().find(|(known, _)| known == dialect).map(|(_, bytes)| bytes.clone());
            let Some(bytes) = known.or_else(|| encode(event, *dialect)) else { continue };
            encoded.push((*dialect, bytes.clone()));
            self.push(*id, bytes);
        }
    }

    /// Sends bytes as they are. A client that does not read is dropped.
    pub(crate) fn push(&mut self, id: u64, bytes: Bytes) {
        let Some(session) = self.sessions.get(&id) else { return };
        match session.newcomer.outbox.try_send(bytes) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                let waiting = limits::OUTBOX_MAX;
                tracing::warn!(peer = %session.newcomer.peer, waiting, "a CTI client does not read; dropped");
                session.newcomer.kick.notify_one();
                self.sessions.remove(&id);
            }
            Err(TrySendError::Closed(_)) => {
                self.sessions.remove(&id);
            }
        }
    }
}

/// The version that AGENT_STATE_EVENT names the active terminal from on.
const TERMINALS_SINCE: u32 = 24;

/// A message as bytes; `None`, with a line in the log, when it does not fit.
pub(crate) fn encode(message: &Message, dialect: Dialect) -> Option<Bytes> {
    let mut older = None;
    if let Message::AgentStateEvent(event) = message
        && event.active_terminal.is_some()
        && dialect.version < TERMINALS_SINCE
    {
        older = Some(AgentStateEvent { active_terminal: None, ..(**event).clone() }.into());
    }
    older
        .as_ref()
        .unwrap_or(message)
        .encode(dialect)
        .inspect_err(|error| tracing::error!(%error, "a message does not fit the client's version"))
        .ok()
}

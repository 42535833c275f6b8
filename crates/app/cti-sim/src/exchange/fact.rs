//! What happened, in the order in which it happened: what the hall tells its clients.

use super::Endpoint;
use super::agent::Told;
use super::call::{Call, CallType, LineState};
use super::data::CallData;

/// Something happened.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// An agent's state.
    Agent(Told),
    /// A call.
    Call(Box<CallFact>),
}

/// Something happened to a call.
#[derive(Clone, Debug)]
pub(crate) struct CallFact {
    /// ConnectionCallID.
    pub(crate) id: u32,
    /// Whose connection the event is about.
    pub(crate) connection: Endpoint,
    /// LocalConnectionState.
    pub(crate) state: LineState,
    /// EventCause.
    pub(crate) cause: u16,
    /// What kind of call it is now.
    pub(crate) call_type: CallType,
    /// Who calls.
    pub(crate) calling: Endpoint,
    /// Who was called.
    pub(crate) called: Endpoint,
    /// Who passed it on last.
    pub(crate) redirected: Option<Endpoint>,
    /// Numbers and variables.
    pub(crate) data: CallData,
    /// SkillGroupNumber of the queue.
    pub(crate) queue: Option<u32>,
    /// Telephones of the house in the call, for clients who want only their own.
    pub(crate) devices: Vec<String>,
    /// What.
    pub(crate) what: What,
}

/// What happened to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// AGENT_PRE_CALL_EVENT: it is on its way to this agent.
    Announced { agent_id: String, icm_agent_id: u32 },
    /// BEGIN_CALL_EVENT.
    Begun,
    /// CALL_SERVICE_INITIATED_EVENT.
    Initiated,
    /// CALL_ORIGINATED_EVENT.
    Originated,
    /// CALL_REACHED_NETWORK_EVENT.
    ReachedNetwork,
    /// CALL_QUEUED_EVENT, with how many wait now.
    Queued { waiting: u16 },
    /// CALL_DEQUEUED_EVENT, with how many wait now.
    Dequeued { waiting: u16 },
    /// CALL_DELIVERED_EVENT.
    Delivered { alerting: Endpoint },
    /// CALL_ESTABLISHED_EVENT.
    Established { answering: Endpoint },
    /// CALL_HELD_EVENT.
    Held,
    /// CALL_RETRIEVED_EVENT.
    Retrieved,
    /// CALL_DIVERTED_EVENT.
    Diverted { to: Endpoint },
    /// CALL_FAILED_EVENT.
    Failed,
    /// CALL_CONFERENCED_EVENT.
    Conferenced { secondary: Option<u32>, controller: Endpoint, added: Endpoint, parties: Vec<Endpoint> },
    /// CALL_TRANSFERRED_EVENT.
    Transferred { secondary: Option<u32>, from: Endpoint, to: Endpoint, parties: Vec<Endpoint> },
    /// CALL_DATA_UPDATE_EVENT.
    Updated,
    /// CALL_CONNECTION_CLEARED_EVENT.
    ConnectionCleared,
    /// CALL_CLEARED_EVENT.
    Cleared,
    /// END_CALL_EVENT.
    Ended,
}

/// EventCause of GED-188, the ones that are simulated.
pub(crate) mod cause {
    pub(crate) const NONE: u16 = 0xFFFF;
    pub(crate) const BUSY: u16 = 3;
    pub(crate) const NOT_ANSWERED: u16 = 10;
    pub(crate) const UNOBTAINABLE: u16 = 13;
    pub(crate) const CONFERENCE: u16 = 17;
    pub(crate) const NEW_CALL: u16 = 22;
    pub(crate) const REDIRECTED: u16 = 28;
    pub(crate) const TRANSFER: u16 = 32;
    pub(crate) const SUPERVISOR_CLEAR: u16 = 45;
    pub(crate) const MONITOR: u16 = 46;
    pub(crate) const BARGE_IN: u16 = 48;
    pub(crate) const INTERCEPT: u16 = 49;
    pub(crate) const PARTY_UPDATE: u16 = 50;
    pub(crate) const CONSULT: u16 = 51;
}

impl CallFact {
    /// A fact about one party's connection.
    pub(crate) fn new(call: &Call, connection: &Endpoint, cause: u16, what: What) -> Self {
        let agents = call.parties.iter().map(|party| &party.endpoint).chain([connection]);
        let mut devices: Vec<String> =
            agents.filter(|endpoint| endpoint.is_agent()).map(|endpoint| endpoint.number.clone()).collect();
        devices.dedup();
        Self {
            id: call.id,
            state: call.state_of(&connection.number),
            connection: connection.clone(),
            cause,
            call_type: call.call_type,
            calling: call.calling.clone(),
            called: call.called.clone(),
            redirected: call.redirected.clone(),
            data: call.data.clone(),
            queue: call.queue,
            devices,
            what,
        }
    }
}

//! What the CTI link reports about calls.

use super::{Address, CallData, CallId, CallType, Connection, Device};
use crate::AgentId;

/// One call event of GED-188 §9.2. Strings hold no character that XML forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallEvent {
    /// The connection the event is about: the common head of most call events. For CONFERENCED and TRANSFERRED the
    /// primary call, for BEGIN_CALL the call itself.
    pub connection: Connection,
    /// EventCause.
    pub cause: Cause,
    /// What happened.
    pub what: CallHappened,
}

/// What happened to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallHappened {
    /// BEGIN_CALL_EVENT: first message of every call.
    Begun {
        /// What kind of call.
        call_type: CallType,
        /// Its data, whole.
        data: Box<CallData>,
    },
    /// CALL_SERVICE_INITIATED_EVENT: a telephone was picked up to call, or was told to by MAKE_CALL.
    ServiceInitiated {
        /// Who calls.
        calling: Device,
    },
    /// CALL_ORIGINATED_EVENT: the number was dialled.
    Originated {
        /// Who calls.
        calling: Device,
        /// Who was dialled.
        called: Device,
    },
    /// CALL_REACHED_NETWORK_EVENT: the call left the house; nothing more may come of the far end.
    ReachedNetwork {
        /// Who was dialled.
        called: Device,
    },
    /// CALL_DELIVERED_EVENT.
    Delivered {
        /// Where it rings. Empty for a seized trunk (see `state`).
        alerting: Device,
        /// Who calls.
        calling: Device,
        /// Who was dialled.
        called: Device,
        /// LocalConnectionState: [`ConnectionState::Alerting`] when it rings at the alerting device,
        /// [`ConnectionState::Initiate`] when a trunk was seized.
        state: ConnectionState,
        /// The skill group it was routed by.
        queue: Option<QueueRef>,
        /// Its data, as far as told.
        data: Box<CallData>,
    },
    /// CALL_ESTABLISHED_EVENT: somebody answered.
    Established {
        /// Who answered.
        answering: Device,
        /// Who calls.
        calling: Device,
        /// Who was dialled.
        called: Device,
        /// The skill group it was routed by.
        queue: Option<QueueRef>,
    },
    /// CALL_HELD_EVENT.
    Held {
        /// Who holds.
        holding: Device,
    },
    /// CALL_RETRIEVED_EVENT.
    Retrieved {
        /// Who is back.
        retrieving: Device,
    },
    /// CALL_CONNECTION_CLEARED_EVENT: one party left.
    ConnectionCleared {
        /// Who left.
        releasing: Device,
    },
    /// CALL_CLEARED_EVENT: the last party left. END_CALL follows, after wrap-up where there is one.
    Cleared,
    /// END_CALL_EVENT: last message of every call.
    Ended,
    /// CALL_FAILED_EVENT: the call cannot be completed.
    Failed {
        /// Whose part failed.
        failing: Device,
        /// Who was dialled.
        called: Device,
    },
    /// CALL_CONFERENCED_EVENT: the secondary call became part of the primary one.
    Conferenced {
        /// The call that is no more.
        secondary: Connection,
        /// Who joined them.
        controller: Device,
        /// Who came into the primary call.
        added: Device,
        /// ConnectedParty…: everybody who is now in the primary call.
        parties: Vec<Connection>,
    },
    /// CALL_TRANSFERRED_EVENT: the primary call was given to somebody else; the secondary call, if there was one, is no more.
    Transferred {
        /// The call that is no more; of a single-step transfer, none.
        secondary: Option<Connection>,
        /// Who gave it away and is out of it.
        transferring: Device,
        /// Who got it.
        transferred: Device,
        /// ConnectedParty…: everybody who is now in the primary call.
        parties: Vec<Connection>,
    },
    /// CALL_DIVERTED_EVENT: it no longer rings at a device (ring no answer, deflection).
    Diverted {
        /// Where it rang.
        diverting: Device,
        /// Where it goes.
        called: Device,
    },
    /// CALL_QUEUED_EVENT.
    Queued {
        /// Who calls.
        calling: Device,
        /// Who was dialled.
        called: Device,
        /// The skill groups it waits for.
        queues: Vec<QueueRef>,
    },
    /// CALL_DEQUEUED_EVENT.
    Dequeued {
        /// The skill groups it waits for no more; none means all.
        queues: Vec<QueueRef>,
    },
    /// CALL_DATA_UPDATE_EVENT.
    DataUpdated {
        /// NewConnection…: the call's connection from now on. The same as before in most cases.
        new: Connection,
        /// What kind of call it is now; [`CallType::Unknown`] when not told.
        call_type: CallType,
        /// What is different.
        data: Box<CallData>,
    },
    /// AGENT_PRE_CALL_EVENT: a routed call is on its way to an agent. There is no call yet: the connection's call id
    /// means nothing.
    PreCall {
        /// The agent's instrument.
        instrument: Address,
        /// The skill group it was routed by.
        queue: Option<QueueRef>,
        /// What the router knows.
        data: Box<CallData>,
    },
}

/// LocalConnectionState.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectionState {
    /// LCS_NONE, LCS_NULL, or a number we do not know.
    #[default]
    None,
    /// LCS_INITIATE: off hook, or a trunk is seized.
    Initiate,
    /// LCS_ALERTING.
    Alerting,
    /// LCS_CONNECT.
    Connect,
    /// LCS_HOLD.
    Hold,
    /// LCS_QUEUED.
    Queued,
    /// LCS_FAIL.
    Fail,
}

/// EventCause, as far as it makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// CEC_NONE.
    #[default]
    None,
    /// CEC_BUSY, CECX_BUSY, CECX_FORCED_BUSY, CEC_TRUNKS_BUSY.
    Busy,
    /// CEC_CALL_NOT_ANSWERED, CEC_CALL_FORWARD_NO_ANSWER, CECX_RING_NO_ANSWER, CECX_DROP_NO_ANSWER.
    NotAnswered,
    /// CEC_DEST_NOT_OBTAINABLE, CEC_INCOMPATIBLE_DESTINATION, CEC_REORDER_TONE.
    BadDestination,
    /// CEC_RESOURCES_NOT_AVAILABLE, CEC_NETWORK_CONGESTION, CEC_NETWORK_NOT_OBTAINABLE.
    NoResources,
    /// CEC_SILENT_MONITOR, CEC_SUPERVISOR_MONITOR, CEC_ACTIVE_MONITOR.
    Monitor,
    /// CEC_SUPERVISOR_BARGE_IN.
    BargeIn,
    /// CEC_SUPERVISOR_CLEAR: a supervisor ended the supervision or the call.
    SupervisorClear,
    /// CEC_TRANSFER and the announced and blind transfers.
    Transfer,
    /// CEC_KEY_CONFERENCE, CECX_CONFERENCED.
    Conference,
    /// CEC_CONSULT.
    Consult,
    /// CEC_CALL_PARTY_UPDATE_IND: nothing happened but a device has another name from now on.
    PartyUpdate,
    /// Another number.
    Other(u16),
}

/// A skill group that a call was routed by or waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueRef {
    /// SkillGroupNumber: the queue's id for clients.
    pub number: u32,
    /// SkillGroupID, when told.
    pub id: Option<u32>,
}

/// What a query says about the calls at a device: SNAPSHOT_DEVICE_CONF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCall {
    /// The device's connection to the call.
    pub connection: Connection,
    /// CallState.
    pub state: ConnectionState,
    /// SilentMonitorStatus, when told: whether this is a monitor's call or a monitored one.
    pub monitored: MonitorStatus,
}

/// SilentMonitorStatus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MonitorStatus {
    /// SILENT_MONITOR_NONE, or not told.
    #[default]
    None,
    /// SILENT_MONITOR_INITIATOR: the device listens.
    Initiator,
    /// SILENT_MONITOR_TARGET: the device is listened to.
    Target,
}

/// What a query says about one call: SNAPSHOT_CALL_CONF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSnapshot {
    /// The call that was asked for.
    pub call: CallId,
    /// What kind of call.
    pub call_type: CallType,
    /// Its data, whole.
    pub data: Box<CallData>,
    /// CallConnection…, CallDevice…: everybody in it.
    pub parties: Vec<SnapshotParty>,
}

/// One party in a [`CallSnapshot`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotParty {
    /// CallConnection….
    pub connection: Connection,
    /// CallDeviceType, CallDeviceID.
    pub device: Device,
    /// CallDeviceConnectionState.
    pub state: ConnectionState,
}

/// Who wants something of a call: the agent and the instrument it is done with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The agent.
    pub agent: AgentId,
    /// AgentInstrument: the extension.
    pub instrument: Address,
}

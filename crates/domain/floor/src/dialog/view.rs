//! A dialog as clients see it (Finesse guide, Dialog; states §3.2 and fields §2.3 of the web service).

use super::{Address, CallId, CallType, EccVariable, QueueRef, RouterCallKey};
use jiff::Timestamp;

/// A call at one moment. What clients may see of it is the same for everybody in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// The call, and the dialog's id.
    pub id: CallId,
    /// The call that became part of this one by a transfer or a conference.
    pub secondary: Option<CallId>,
    /// The call this one was made to consult about.
    pub associated: Option<CallId>,
    /// Who called. Empty until told.
    pub from: Address,
    /// Who was dialled at first. Empty until told.
    pub to: Address,
    /// The state of the whole.
    pub state: DialogState,
    /// What is attached.
    pub media: MediaProperties,
    /// Everybody in it, and the last who left.
    pub participants: Vec<Participant>,
    /// When the customer of an outbound call is to be called again.
    pub callback: Option<ScheduledCallback>,
}

/// What is attached to a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaProperties {
    /// What kind of call.
    pub call_type: CallType,
    /// The number the caller reached the house by.
    pub dnis: Address,
    /// The number that was dialled.
    pub dialed_number: Address,
    /// What the dialer or the agent found at the far end of an outbound call.
    pub outbound_classification: String,
    /// The skill group it was routed by.
    pub queue: Option<QueueRef>,
    /// Its name; empty when the operator gave none.
    pub queue_name: String,
    /// The router's name of the call.
    pub router_call_key: Option<RouterCallKey>,
    /// CallReferenceID.
    pub call_guid: Option<String>,
    /// The wrap-up reason.
    pub wrap_up: String,
    /// Call variables 1…10 that were told, by number; their `Debug` shows no values.
    pub variables: Vec<CallVariable>,
    /// ECC variables and elements of arrays, in the order they were first told.
    pub ecc: Vec<EccVariable>,
}

/// Stands between several wrap-up reasons of one call: CallWrapupData is one text of 39 bytes.
pub const WRAP_UP_SEPARATOR: char = ',';

impl MediaProperties {
    /// The wrap-up reasons one by one.
    pub fn wrap_up_items(&self) -> impl Iterator<Item = &str> {
        self.wrap_up.split(WRAP_UP_SEPARATOR).map(str::trim).filter(|item| !item.is_empty())
    }
}

/// One of the ten call variables.
#[derive(Clone, PartialEq, Eq)]
pub struct CallVariable {
    /// 1…10.
    pub number: u8,
    /// Its value.
    pub value: String,
}

impl std::fmt::Debug for CallVariable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "callVariable{}", self.number)
    }
}

/// When and where the customer of an outbound call is to be called again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScheduledCallback {
    /// `YYYY-MM-DDTHH:MM` in the customer's zone; empty when not set.
    pub time: String,
    /// The number; empty when not set.
    pub number: Address,
}

/// The state of a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogState {
    /// Off hook.
    Initiating,
    /// Dialled.
    Initiated,
    /// It rings.
    Alerting,
    /// Somebody speaks, or holds.
    Active,
    /// It cannot be completed.
    Failed,
    /// Everybody left.
    Dropped,
    /// A preview was accepted; the customer is being dialled.
    Accepted,
}

impl DialogState {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initiating => "INITIATING",
            Self::Initiated => "INITIATED",
            Self::Alerting => "ALERTING",
            Self::Active => "ACTIVE",
            Self::Failed => "FAILED",
            Self::Dropped => "DROPPED",
            Self::Accepted => "ACCEPTED",
        }
    }
}

/// Somebody in a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// mediaAddress: the extension, or the number outside.
    pub address: Address,
    /// Whether an agent is signed in there.
    pub is_agent: bool,
    /// The state.
    pub state: ParticipantState,
    /// Why it failed.
    pub cause: Option<StateCause>,
    /// What the participant may do now, in the guide's order. Empty for those who are no agents.
    pub actions: Vec<DialogAction>,
    /// Since when in the call.
    pub started_at: Option<Timestamp>,
    /// Since when in this state.
    pub changed_at: Option<Timestamp>,
}

/// The state of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantState {
    /// Off hook.
    Initiating,
    /// Has dialled; waits.
    Initiated,
    /// It rings here.
    Alerting,
    /// Speaks.
    Active,
    /// Holds the call.
    Held,
    /// Has left and wraps up.
    WrapUp,
    /// The call failed here.
    Failed,
    /// Has left.
    Dropped,
    /// Has accepted a preview.
    Accepted,
}

impl ParticipantState {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initiating => "INITIATING",
            Self::Initiated => "INITIATED",
            Self::Alerting => "ALERTING",
            Self::Active => "ACTIVE",
            Self::Held => "HELD",
            Self::WrapUp => "WRAP_UP",
            Self::Failed => "FAILED",
            Self::Dropped => "DROPPED",
            Self::Accepted => "ACCEPTED",
        }
    }

    /// Whether the participant is still in the call.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::WrapUp | Self::Dropped)
    }

    /// Whether there is a voice path, open or on hold.
    pub(crate) fn is_connected(self) -> bool {
        matches!(self, Self::Active | Self::Held)
    }
}

/// stateCause: why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateCause {
    /// The far end is busy.
    Busy,
    /// There is no such far end.
    BadDestination,
    /// No line, no trunk, no codec.
    NoResource,
    /// Any other cause.
    Other,
}

impl StateCause {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "BUSY",
            Self::BadDestination => "BAD_DESTINATION",
            Self::NoResource => "DEVICE_RESOURCE_NOT_AVAILABLE",
            Self::Other => "OTHER",
        }
    }
}

/// What a participant may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DialogAction {
    /// ANSWER
    Answer,
    /// HOLD
    Hold,
    /// RETRIEVE
    Retrieve,
    /// DROP
    Drop,
    /// UPDATE_CALL_DATA
    UpdateCallData,
    /// CONSULT_CALL
    ConsultCall,
    /// TRANSFER
    Transfer,
    /// CONFERENCE
    Conference,
    /// TRANSFER_SST
    TransferSst,
    /// SEND_DTMF
    SendDtmf,
    /// ACCEPT: dial the customer of a preview.
    Accept,
    /// REJECT: not this customer now.
    Reject,
    /// CLOSE: never this customer.
    Close,
    /// RECLASSIFY: say what was found at the far end.
    Reclassify,
    /// UPDATE_SCHEDULED_CALLBACK
    UpdateScheduledCallback,
    /// CANCEL_SCHEDULED_CALLBACK
    CancelScheduledCallback,
}

impl DialogAction {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "ANSWER",
            Self::Hold => "HOLD",
            Self::Retrieve => "RETRIEVE",
            Self::Drop => "DROP",
            Self::UpdateCallData => "UPDATE_CALL_DATA",
            Self::ConsultCall => "CONSULT_CALL",
            Self::Transfer => "TRANSFER",
            Self::Conference => "CONFERENCE",
            Self::TransferSst => "TRANSFER_SST",
            Self::SendDtmf => "SEND_DTMF",
            Self::Accept => "ACCEPT",
            Self::Reject => "REJECT",
            Self::Close => "CLOSE",
            Self::Reclassify => "RECLASSIFY",
            Self::UpdateScheduledCallback => "UPDATE_SCHEDULED_CALLBACK",
            Self::CancelScheduledCallback => "CANCEL_SCHEDULED_CALLBACK",
        }
    }
}

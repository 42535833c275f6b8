//! What people ask of dialogs, and why the floor may refuse at once.

use super::{Address, CallData, CallId, ScheduledCallback};
use crate::AgentId;
use thiserror::Error;

/// Somebody asks for something about a call. What passes the floor's checks goes to the CTI server; its refusal comes
/// later, as [`crate::Change::DialogRequestFailed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogRequest {
    /// Who asks, and is or will be in the call.
    pub agent: AgentId,
    /// What.
    pub action: DialogWish,
    /// The client's name for the request, repeated in the change or failure that answers it.
    pub request_id: Option<String>,
}

/// What is asked. Those with a `call` are about a dialog, the others about the agent's dialogs; requests about the
/// same thing wait for each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogWish {
    /// MAKE_CALL
    MakeCall {
        /// fromAddress: the agent's own extension.
        from: Address,
        /// toAddress.
        to: Address,
        /// Variables that the call begins with.
        data: Box<CallData>,
    },
    /// SILENT_MONITOR, by a supervisor.
    SilentMonitor {
        /// fromAddress: the supervisor's own extension.
        from: Address,
        /// toAddress: the agent's extension.
        to: Address,
    },
    /// BARGE_CALL, by a supervisor who monitors.
    BargeCall {
        /// fromAddress: the supervisor's own extension.
        from: Address,
        /// toAddress: the agent's extension.
        to: Address,
        /// associatedDialogUri: the agent's dialog.
        call: CallId,
    },
    /// An action on a dialog by who is in it.
    Act {
        /// The dialog.
        call: CallId,
        /// targetMediaAddress, when given: the agent's own extension.
        target: Option<Address>,
        /// What to do.
        act: Act,
    },
    /// PARTICIPANT_DROP
    DropParticipant {
        /// The dialog.
        call: CallId,
        /// targetMediaAddress: the party to drop.
        target: Address,
    },
}

/// What a participant does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// ANSWER
    Answer,
    /// HOLD
    Hold,
    /// RETRIEVE
    Retrieve,
    /// DROP
    Drop,
    /// CONSULT_CALL
    Consult {
        /// toAddress.
        to: Address,
    },
    /// TRANSFER of a held call to whom the agent consults.
    Transfer,
    /// CONFERENCE of a held call with whom the agent consults.
    Conference,
    /// TRANSFER_SST
    TransferSst {
        /// toAddress.
        to: Address,
    },
    /// SEND_DTMF
    SendDtmf {
        /// dtmfString.
        keys: Address,
    },
    /// UPDATE_CALL_DATA
    UpdateCallData {
        /// Only what is `Some` is changed.
        data: Box<CallData>,
    },
    /// START_RECORDING of an active call (UCCX).
    StartRecording,
    /// ACCEPT a preview.
    Accept,
    /// REJECT a preview.
    Reject,
    /// CLOSE a preview.
    Close,
    /// RECLASSIFY
    Reclassify {
        /// outboundClassification, for example `BUSY`.
        classification: String,
    },
    /// UPDATE_SCHEDULED_CALLBACK: what is not empty is changed.
    ScheduleCallback(ScheduledCallback),
    /// CANCEL_SCHEDULED_CALLBACK
    CancelCallback,
}

/// Why a request about a call was refused before it reached the CTI server. The asker is at fault, except where said.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DialogRefusal {
    /// No such agent.
    #[error("no agent {0} on this floor")]
    UnknownAgent(AgentId),
    /// No such dialog, or none that the asker is in.
    #[error("no dialog {0} of this agent")]
    UnknownDialog(CallId),
    /// The address is not the asker's extension.
    #[error("{0} is not the agent's own extension")]
    NotOwnAddress(&'static str),
    /// Nobody with this address is in the call, or signed in.
    #[error("nobody is at {0}")]
    NobodyThere(&'static str),
    /// The asker is no supervisor.
    #[error("{0} is no supervisor")]
    NoSupervisor(AgentId),
    /// The asker is a supervisor, but of other teams.
    #[error("{supervisor} does not supervise the team of {agent}")]
    NotSupervised {
        /// Who asked.
        supervisor: AgentId,
        /// For whom.
        agent: AgentId,
    },
    /// Who may drop a participant is the operator's choice, and the asker is not among them.
    #[error("{0} may not drop participants")]
    MayNotDrop(AgentId),
    /// Only who made a conference adds to it.
    #[error("{0} did not make this conference")]
    NotController(AgentId),
    /// The conference has no room.
    #[error("a conference has room for {max}")]
    ConferenceFull {
        /// The limit.
        max: usize,
    },
    /// The call or the asker is not in a state for it.
    #[error("not possible in this state")]
    InvalidState,
    /// A call to oneself.
    #[error("a call from and to the same address")]
    InvalidDestination,
    /// A value that cannot be taken: too long, not of the alphabet, the wrong shape.
    #[error("{name}: {why}")]
    InvalidInput {
        /// The element.
        name: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// Too many requests about the same thing wait. The asker is too quick or the CTI server too slow.
    #[error("{max} requests for this dialog are under way")]
    QueueFull {
        /// The limit.
        max: usize,
    },
    /// The other kind of contact centre has it.
    #[error("{0} does not exist in this deployment")]
    NotInDeployment(&'static str),
    /// No link to the CTI server, or the floor is still catching up with it. Ours or the operator's fault.
    #[error("the floor is out of service")]
    OutOfService,
}

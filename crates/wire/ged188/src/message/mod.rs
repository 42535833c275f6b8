//! Messages: declared family by family as tables of fields (see `declare`), in the order of the printed layouts.
//!
//! A message's known floating fields are members; what its type does not know, and every repetition of what comes
//! once, stays in `other` in its order and is written back at the end.

mod agent_state;
mod agent_statistics;
mod call_change;
mod call_data;
mod call_life;
mod call_party;
mod call_progress;
mod call_queue;
mod client_service;
mod config;
mod config_agents;
mod config_routing;
mod control_call;
mod control_join;
mod control_new;
mod declare;
mod failure;
mod monitor;
mod open;
mod pre_call;
mod recording;
mod session;
mod set_agent_state;
mod set_data;
mod skill_group;
mod skill_group_statistics;
mod snapshot;
mod standby;
mod supervise;
mod system_event;
mod team;

pub use crate::slot::Packed;
pub use agent_state::*;
pub use agent_statistics::*;
pub use call_change::*;
pub use call_data::*;
pub use call_life::*;
pub use call_party::*;
pub use call_progress::*;
pub use call_queue::*;
pub use client_service::*;
pub use config::*;
pub use config_agents::*;
pub use config_routing::*;
pub use control_call::*;
pub use control_join::*;
pub use control_new::*;
pub use failure::*;
pub use monitor::*;
pub use open::*;
pub use pre_call::*;
pub use recording::*;
pub use session::*;
pub use set_agent_state::*;
pub use set_data::*;
pub use skill_group::*;
pub use skill_group_statistics::*;
pub use snapshot::*;
pub use standby::*;
pub use supervise::*;
pub use system_event::*;
pub use team::*;

use crate::cursor::Writer;
use crate::layout::Layout;
use crate::{DecodeError, Dialect, EncodeError, Fields, Frame, limits};
use bytes::Bytes;
use std::fmt;

/// What each message file fills in.
trait Body: Sized {
    /// Its printed layout.
    const LAYOUT: &'static Layout;
    /// Reads a body.
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError>;
    /// Writes a body.
    fn encode(&self, out: &mut Writer);
}

/// A number or id of a service, skill group, call or peripheral that is none (NULL_SERVICE, NULL_SKILL_GROUP,
/// NULL_CALL_ID, NULL_PERIPHERAL_ID).
pub const NULL_ID: u32 = u32::MAX;

/// A LineHandle that is none.
pub const NO_LINE: u16 = u16::MAX;

macro_rules! message_enum {
    ({ $($kind:literal $variant:ident;)* } twins { $($twin_kind:literal $twin:ident;)* }) => {
        /// A message of a type that this crate knows, or the bytes of one that it does not.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Message {
            $(#[doc = concat!("Type ", $kind, ".")] $variant(Box<$variant>),)*
            $(#[doc = concat!("Also type ", $twin_kind, "; the body tells.")] $twin(Box<$twin>),)*
            /// Any other type.
            Unknown(Unknown),
        }

        impl Message {
            fn decode_body(frame: &Frame, dialect: Dialect) -> Result<Self, DecodeError> {
                match frame.kind {
                    $($twin_kind if $twin::is_in(&frame.body, dialect) => {
                        $twin::decode(&frame.body, dialect).map(Self::from)
                    })*
                    $($kind => $variant::decode(&frame.body, dialect).map(Self::from),)*
                    kind => Ok(Self::Unknown(Unknown { kind, body: frame.body.clone() })),
                }
            }

            /// MessageType.
            pub fn kind(&self) -> u32 {
                match self {
                    $(Self::$variant(_) => $kind,)*
                    $(Self::$twin(_) => $twin_kind,)*
                    Self::Unknown(unknown) => unknown.kind,
                }
            }

            /// The floating fields that the message's type does not know.
            pub fn unknown_fields(&self) -> &Fields {
                const NONE: &Fields = &Fields::NONE;
                match self {
                    $(Self::$variant(message) => &message.other,)*
                    $(Self::$twin(message) => &message.other,)*
                    Self::Unknown(_) => NONE,
                }
            }

            fn encode_body(&self, out: &mut Writer) {
                match self {
                    $(Self::$variant(message) => message.encode(out),)*
                    $(Self::$twin(message) => message.encode(out),)*
                    Self::Unknown(unknown) => out.raw(&unknown.body),
                }
            }
        }

        $(impl From<$variant> for Message {
            fn from(message: $variant) -> Self {
                Self::$variant(Box::new(message))
            }
        })*

        $(impl From<$twin> for Message {
            fn from(message: $twin) -> Self {
                Self::$twin(Box::new(message))
            }
        })*

        /// The layouts of all messages that this crate knows, by type, and at the end those of a type that has two.
        pub static LAYOUTS: &[&Layout] = &[$($variant::LAYOUT,)* $($twin::LAYOUT,)*];

        /// The second layout of a type, if the body is of it.
        fn twin_of(frame: &Frame, dialect: Dialect) -> Option<&'static Layout> {
            match frame.kind {
                $($twin_kind if $twin::is_in(&frame.body, dialect) => Some($twin::LAYOUT),)*
                _ => None,
            }
        }

        /// The layout of a message type.
        pub fn layout(kind: u32) -> Option<&'static Layout> {
            match kind {
                $($kind => Some($variant::LAYOUT),)*
                _ => None,
            }
        }
    };
}

message_enum! {
  {
    1 FailureConf;
    2 FailureEvent;
    3 OpenReq;
    4 OpenConf;
    5 HeartbeatReq;
    6 HeartbeatConf;
    7 CloseReq;
    8 CloseConf;
    9 CallDeliveredEvent;
    10 CallEstablishedEvent;
    11 CallHeldEvent;
    12 CallRetrievedEvent;
    13 CallClearedEvent;
    14 CallConnectionClearedEvent;
    15 CallOriginatedEvent;
    16 CallFailedEvent;
    17 CallConferencedEvent;
    18 CallTransferredEvent;
    19 CallDivertedEvent;
    20 CallServiceInitiatedEvent;
    21 CallQueuedEvent;
    22 CallTranslationRouteEvent;
    23 BeginCallEvent;
    24 EndCallEvent;
    25 CallDataUpdateEvent;
    26 SetCallDataReq;
    27 SetCallDataConf;
    28 ReleaseCallReq;
    29 ReleaseCallConf;
    30 AgentStateEvent;
    31 SystemEvent;
    32 ClientEventReportReq;
    33 ClientEventReportConf;
    34 CallReachedNetworkEvent;
    35 ControlFailureConf;
    36 QueryAgentStateReq;
    37 QueryAgentStateConf;
    38 SetAgentStateReq;
    39 SetAgentStateConf;
    40 AlternateCallReq;
    41 AlternateCallConf;
    42 AnswerCallReq;
    43 AnswerCallConf;
    44 ClearCallReq;
    45 ClearCallConf;
    46 ClearConnectionReq;
    47 ClearConnectionConf;
    48 ConferenceCallReq;
    49 ConferenceCallConf;
    50 ConsultationCallReq;
    51 ConsultationCallConf;
    52 DeflectCallReq;
    53 DeflectCallConf;
    54 HoldCallReq;
    55 HoldCallConf;
    56 MakeCallReq;
    57 MakeCallConf;
    58 MakePredictiveCallReq;
    59 MakePredictiveCallConf;
    60 ReconnectCallReq;
    61 ReconnectCallConf;
    62 RetrieveCallReq;
    63 RetrieveCallConf;
    64 TransferCallReq;
    65 TransferCallConf;
    78 QueryDeviceInfoReq;
    79 QueryDeviceInfoConf;
    82 SnapshotCallReq;
    83 SnapshotCallConf;
    84 SnapshotDeviceReq;
    85 SnapshotDeviceConf;
    86 CallDequeuedEvent;
    91 SendDtmfSignalReq;
    92 SendDtmfSignalConf;
    93 MonitorStartReq;
    94 MonitorStartConf;
    95 MonitorStopReq;
    96 MonitorStopConf;
    97 ChangeMonitorMaskReq;
    98 ChangeMonitorMaskConf;
    99 ClientSessionOpenedEvent;
    100 ClientSessionClosedEvent;
    101 SessionMonitorStartReq;
    102 SessionMonitorStartConf;
    103 SessionMonitorStopReq;
    104 SessionMonitorStopConf;
    105 AgentPreCallEvent;
    106 AgentPreCallAbortEvent;
    107 UserMessageReq;
    108 UserMessageConf;
    109 UserMessageEvent;
    110 RegisterVariablesReq;
    111 RegisterVariablesConf;
    112 QueryAgentStatisticsReq;
    113 QueryAgentStatisticsConf;
    114 QuerySkillGroupStatisticsReq;
    115 QuerySkillGroupStatisticsConf;
    116 RtpStartedEvent;
    117 RtpStoppedEvent;
    118 SupervisorAssistReq;
    119 SupervisorAssistConf;
    121 EmergencyCallReq;
    122 EmergencyCallConf;
    123 EmergencyCallEvent;
    124 SuperviseCallReq;
    125 SuperviseCallConf;
    128 AgentTeamConfigEvent;
    129 SetAppDataReq;
    130 SetAppDataConf;
    131 AgentDeskSettingsReq;
    132 AgentDeskSettingsConf;
    133 ListAgentTeamReq;
    134 ListAgentTeamConf;
    135 MonitorAgentTeamStartReq;
    136 MonitorAgentTeamStartConf;
    137 MonitorAgentTeamStopReq;
    138 MonitorAgentTeamStopConf;
    139 BadCallReq;
    140 BadCallConf;
    141 SetDeviceAttributesReq;
    142 SetDeviceAttributesConf;
    143 RegisterServiceReq;
    144 RegisterServiceConf;
    145 UnregisterServiceReq;
    146 UnregisterServiceConf;
    147 StartRecordingReq;
    148 StartRecordingConf;
    149 StopRecordingReq;
    150 StopRecordingConf;
    223 QueryQueueStatisticsReq;
    225 QuerySummaryStatisticsReq;
    230 ConfigRequestKeyEvent;
    231 ConfigKeyEvent;
    232 ConfigRequestEvent;
    233 ConfigBeginEvent;
    234 ConfigEndEvent;
    235 ConfigServiceEvent;
    236 ConfigSkillGroupEvent;
    237 ConfigAgentEvent;
    238 ConfigDeviceEvent;
    239 QueryAgentQueueStatisticsReq;
    240 CallAttributeChangeEvent;
    242 TeamConfigReq;
    243 TeamConfigEvent;
    244 TeamConfigConf;
    245 ConfigCallTypeEvent;
    248 CallAgentGreetingEvent;
    249 AgentGreetingControlReq;
    250 AgentGreetingControlConf;
    254 ConfigMrdEvent;
    260 ConfigPeripheralEvent;
    261 ConfigAgentDeskSettingsEvent;
    267 StartNetworkRecordingReq;
    268 StartNetworkRecordingConf;
    269 StopNetworkRecordingReq;
    270 StopNetworkRecordingConf;
    271 NetworkRecordingStartedEvent;
    272 NetworkRecordingEndedEvent;
    273 NetworkRecordingFailedEvent;
    274 NetworkRecordingTargetInfoEvent;
    276 ConfigTerminalEvent;
    277 StandbyActiveEventMsg;
    278 ActiveMaintenanceReqMsg;
    279 ActiveMaintenanceRespMsg;
    280 ActiveMaintenanceEventMsg;
    281 StoppingRequestsToThisSideInd;
    282 ConfigAgentServiceEvent;
    283 SetAgentServiceDataReq;
    284 SetAgentServiceDataConf;
  } twins {
    240 QueryAgentQueueStatisticsConf;
  }
}

/// The layout of a message, where its body decides over it.
pub(crate) fn layout_of(frame: &Frame, dialect: Dialect) -> Option<&'static Layout> {
    let own = (frame.kind == FailureConf::LAYOUT.kind).then(|| failure::control_form(&frame.body)).flatten();
    own.or_else(|| twin_of(frame, dialect)).or_else(|| layout(frame.kind))
}

/// The printed name of a message type; empty when this crate does not know its layout.
pub fn name(kind: u32) -> &'static str {
    layout(kind).map_or("", |layout| layout.name)
}

impl Message {
    /// Reads a frame. An unknown type is no error.
    pub fn decode(frame: &Frame, dialect: Dialect) -> Result<Self, DecodeError> {
        Self::decode_body(frame, dialect).map_err(|error| error.within(frame.kind))
    }

    /// The printed name of the message; empty when this crate does not know its type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::QueryAgentQueueStatisticsConf(_) => QueryAgentQueueStatisticsConf::LAYOUT.name,
            other => name(other.kind()),
        }
    }

    /// The whole message as it travels, header included.
    pub fn encode(&self, dialect: Dialect) -> Result<Bytes, EncodeError> {
        let mut out = Writer::new(self.kind(), dialect);
        self.encode_body(&mut out);
        out.finish(limits::MESSAGE_BYTES_MAX)
    }
}

/// A message of a type that this crate does not know.
#[derive(Clone, PartialEq, Eq)]
pub struct Unknown {
    /// MessageType.
    pub kind: u32,
    /// Its body.
    pub body: Bytes,
}

impl fmt::Debug for Unknown {
    /// The body may hold a password, so only its size is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unknown {{ kind: {}, body: {} bytes }}", self.kind, self.body.len())
    }
}

/// A message type for people: its name, or its number.
pub fn describe(kind: u32) -> String {
    match name(kind) {
        "" => format!("message type {kind}"),
        name => format!("{name} ({kind})"),
    }
}

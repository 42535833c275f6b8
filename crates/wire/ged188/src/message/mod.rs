//! Messages: one file per exchange, each with the same skeleton: the struct, then `decode` and `encode` in the
//! order of the printed layout.
//!
//! A message's known floating fields are members; what its type does not know, and every repetition, stays in
//! `other` in its order and is written back at the end.

mod agent_state_event;
mod close;
mod control_failure;
mod failure;
mod heartbeat;
mod open;
mod query_agent_state;
mod set_agent_state;
mod skill_group;
mod system_event;

pub use agent_state_event::AgentStateEvent;
pub use close::{CloseConf, CloseReq};
pub use control_failure::ControlFailureConf;
pub use failure::{FailureConf, FailureEvent, FailureStatus};
pub use heartbeat::{HeartbeatConf, HeartbeatReq};
pub use open::{OpenConf, OpenReq};
pub use query_agent_state::{QueryAgentStateConf, QueryAgentStateReq};
pub use set_agent_state::{SetAgentStateConf, SetAgentStateReq};
pub use skill_group::SkillGroup;
pub use system_event::SystemEvent;

use crate::cursor::Writer;
use crate::{DecodeError, Dialect, EncodeError, Fields, Frame, limits};
use bytes::Bytes;
use std::fmt;

/// What each message file fills in.
trait Body: Sized {
    /// Reads a body.
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError>;
    /// Writes a body.
    fn encode(&self, out: &mut Writer);
}

macro_rules! messages {
    ($($kind:literal $variant:ident $name:literal;)*) => {
        /// A message of a type that this crate knows, or the bytes of one that it does not.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Message {
            $(#[doc = $name] $variant($variant),)*
            /// Any other type.
            Unknown(Unknown),
        }

        impl Message {
            /// Reads a frame. An unknown type is no error.
            pub fn decode(frame: &Frame, dialect: Dialect) -> Result<Self, DecodeError> {
                match frame.kind {
                    $($kind => $variant::decode(&frame.body, dialect).map(Self::$variant),)*
                    kind => Ok(Self::Unknown(Unknown { kind, body: frame.body.clone() })),
                }
            }

            /// MessageType.
            pub fn kind(&self) -> u32 {
                match self {
                    $(Self::$variant(_) => $kind,)*
                    Self::Unknown(unknown) => unknown.kind,
                }
            }

            /// The floating fields that the message's type does not know.
            pub fn unknown_fields(&self) -> &Fields {
                const NONE: &Fields = &Fields::NONE;
                match self {
                    $(Self::$variant(message) => &message.other,)*
                    Self::Unknown(_) => NONE,
                }
            }

            fn encode_body(&self, out: &mut Writer) {
                match self {
                    $(Self::$variant(message) => message.encode(out),)*
                    Self::Unknown(unknown) => out.raw(&unknown.body),
                }
            }
        }

        $(impl From<$variant> for Message {
            fn from(message: $variant) -> Self {
                Self::$variant(message)
            }
        })*

        /// The printed name of a message type; empty when this crate does not know it.
        pub const fn name(kind: u32) -> &'static str {
            match kind {
                $($kind => $name,)*
                _ => "",
            }
        }
    };
}

messages! {
    1 FailureConf "FAILURE_CONF";
    2 FailureEvent "FAILURE_EVENT";
    3 OpenReq "OPEN_REQ";
    4 OpenConf "OPEN_CONF";
    5 HeartbeatReq "HEARTBEAT_REQ";
    6 HeartbeatConf "HEARTBEAT_CONF";
    7 CloseReq "CLOSE_REQ";
    8 CloseConf "CLOSE_CONF";
    30 AgentStateEvent "AGENT_STATE_EVENT";
    31 SystemEvent "SYSTEM_EVENT";
    35 ControlFailureConf "CONTROL_FAILURE_CONF";
    36 QueryAgentStateReq "QUERY_AGENT_STATE_REQ";
    37 QueryAgentStateConf "QUERY_AGENT_STATE_CONF";
    38 SetAgentStateReq "SET_AGENT_STATE_REQ";
    39 SetAgentStateConf "SET_AGENT_STATE_CONF";
}

impl Message {
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

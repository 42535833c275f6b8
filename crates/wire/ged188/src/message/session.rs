//! The life of a session: heartbeats, its end, failures.

use super::declare::messages;
use crate::{ControlFailure, Status};

messages! {
    /// What is wrong with the session; the server then hangs up.
    2 "FAILURE_EVENT" FailureEvent "D25, D24, D23, SH-S; high" {
        fixed {
            status: Status = "Status";
        }
    }

    /// Sent by the client only, when it had nothing else to say.
    5 "HEARTBEAT_REQ" HeartbeatReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
    }

    /// The answer that the server owes at once.
    6 "HEARTBEAT_CONF" HeartbeatConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
    }

    /// The client wants to end the session.
    7 "CLOSE_REQ" CloseReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// [`Status::NO_ERROR`] for a normal close.
            status: Status = "Status";
        }
    }

    /// The answer; the client then closes the connection.
    8 "CLOSE_CONF" CloseConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
    }

    /// The answer to a refused client-control request.
    35 "CONTROL_FAILURE_CONF" ControlFailureConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            failure: ControlFailure = "FailureCode";
            /// The switch's own number, 0 if none.
            peripheral_error: u32 = "PeripheralErrorCode";
        }
    }
}

macro_rules! with_invoke_id_alone {
    ($($type:ident)*) => {$(
        impl $type {
            /// The message without floating fields.
            pub fn new(invoke_id: u32) -> Self {
                Self { invoke_id, ..Self::default() }
            }
        }
    )*};
}

with_invoke_id_alone! { HeartbeatReq HeartbeatConf CloseConf }

impl CloseReq {
    /// The message without floating fields.
    pub fn new(invoke_id: u32, status: Status) -> Self {
        Self { invoke_id, status, ..Self::default() }
    }
}

impl FailureEvent {
    /// The event without floating fields.
    pub fn new(status: Status) -> Self {
        Self { status, ..Self::default() }
    }
}

impl ControlFailureConf {
    /// Without a number of the switch.
    pub fn new(invoke_id: u32, failure: ControlFailure) -> Self {
        Self { invoke_id, failure, ..Self::default() }
    }
}

//! Control of a call that stands.

use super::declare::{confirmations, messages};
use crate::{ConnectionIdType, DeviceType};

messages! {
    /// Hold the active call and take back the other one.
    40 "ALTERNATE_CALL_REQ" AlternateCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            other_connection_call_id: u32 = "OtherConnectionCallID";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
            other_connection_device_id_type: ConnectionIdType = "OtherConnectionDeviceIDType";
        }
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            other_connection_device_id: Option<String> = 52 "OtherConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Answer a ringing call.
    42 "ANSWER_CALL_REQ" AnswerCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// [`NULL_ID`](super::NULL_ID) when the peripheral does not tell alerting calls apart.
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Release all parties of a call.
    44 "CLEAR_CALL_REQ" ClearCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Release one party of a call.
    46 "CLEAR_CONNECTION_REQ" ClearConnectionReq "D25, D24, D23, SH-S (differs); medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            /// See [`crate::Dialect::requester_in_fixed_part`].
            requesting_device_id_type: ConnectionIdType = "RequestingDeviceIDType" since 14;
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            requesting_device_id: Option<String> = 219 "RequestingDeviceID" 64;
            requesting_device_id_type_floating: Option<ConnectionIdType> = 220 "RequestingDeviceIDType";
        }
    }

    /// Send a ringing call to another device.
    52 "DEFLECT_CALL_REQ" DeflectCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            called_device_type: DeviceType = "CalledDeviceType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Hold a call.
    54 "HOLD_CALL_REQ" HoldCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            /// Whether the switch keeps room for the call.
            reservation: bool = "Reservation";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Drop the active call and take back the held one.
    60 "RECONNECT_CALL_REQ" ReconnectCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            /// The call to return to.
            held_connection_call_id: u32 = "HeldConnectionCallID";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
            held_connection_device_id_type: ConnectionIdType = "HeldConnectionDeviceIDType";
        }
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            held_connection_device_id: Option<String> = 53 "HeldConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Take a held call back.
    62 "RETRIEVE_CALL_REQ" RetrieveCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// The call to retrieve.
            held_connection_call_id: u32 = "HeldConnectionCallID";
            held_connection_device_id_type: ConnectionIdType = "HeldConnectionDeviceIDType";
        }
        floating {
            held_connection_device_id: Option<String> = 53 "HeldConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Send tones into a call.
    91 "SEND_DTMF_SIGNAL_REQ" SendDtmfSignalReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            tone_duration: u16 = "ToneDuration";
            pause_duration: u32 = "PauseDuration";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            dtmf_string: Option<String> = 67 "DTMFString" 32;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }
}

confirmations! {
    41 "ALTERNATE_CALL_CONF" AlternateCallConf "D25, D24, D23, SH-S; high";
    43 "ANSWER_CALL_CONF" AnswerCallConf "D25, D24, D23, SH-S; high";
    45 "CLEAR_CALL_CONF" ClearCallConf "D25, D24, D23, SH-S; high";
    47 "CLEAR_CONNECTION_CONF" ClearConnectionConf "D25, D24, D23, SH-S; high";
    53 "DEFLECT_CALL_CONF" DeflectCallConf "D25, D24, D23, SH-S; high";
    55 "HOLD_CALL_CONF" HoldCallConf "D25, D24, D23, SH-S; high";
    61 "RECONNECT_CALL_CONF" ReconnectCallConf "D25, D24, D23, SH-S; high";
    63 "RETRIEVE_CALL_CONF" RetrieveCallConf "D25, D24, D23, SH-S; high";
    92 "SEND_DTMF_SIGNAL_CONF" SendDtmfSignalConf "D25, D24, D23, SH-S; high";
}

//! What happens to a call that stands, or that leaves a device.

use super::declare::messages;
use crate::{ConnectionIdType, DeviceType, EventCause, LocalConnectionState};

messages! {
    /// A call was put on hold.
    11 "CALL_HELD_EVENT" CallHeldEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            holding_device_type: DeviceType = "HoldingDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            holding_device_id: Option<String> = 31 "HoldingDeviceID" 64;
        }
    }

    /// A held call was taken back.
    12 "CALL_RETRIEVED_EVENT" CallRetrievedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            retrieving_device_type: DeviceType = "RetrievingDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            retrieving_device_id: Option<String> = 32 "RetrievingDeviceID" 64;
        }
    }

    /// The last party has left a call.
    13 "CALL_CLEARED_EVENT" CallClearedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// One party has left a call.
    14 "CALL_CONNECTION_CLEARED_EVENT" CallConnectionClearedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            releasing_device_type: DeviceType = "ReleasingDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            releasing_device_id: Option<String> = 33 "ReleasingDeviceID" 64;
        }
    }

    /// A call has left a device for another one.
    19 "CALL_DIVERTED_EVENT" CallDivertedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            diverting_device_type: DeviceType = "DivertingDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            diverting_device_id: Option<String> = 44 "DivertingDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
        }
    }

    /// A call belongs to another call type or service.
    240 "CALL_ATTRIBUTE_CHANGE_EVENT" CallAttributeChangeEvent "D25 (untyped table), SH-S; medium" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            call_type_id: u32 = "CallTypeID";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// A greeting is played to a caller.
    248 "CALL_AGENT_GREETING_EVENT" CallAgentGreetingEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// 0 started, 1 ended well, 2 failed.
            event_code: u16 = "EventCode";
            /// Why a greeting failed.
            peripheral_error_code: u32 = "PeripheralErrorCode";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_id: Option<String> = 5 "AgentID" 12;
        }
    }
}

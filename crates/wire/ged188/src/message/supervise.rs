//! Supervisors and the calls of their agents.

use super::declare::messages;
use crate::{ConnectionIdType, LineType, SupervisoryAction};

messages! {
    /// Ask a supervisor for help.
    118 "SUPERVISOR_ASSIST_REQ" SupervisorAssistReq "D23–D25, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// The call to the supervisor.
    119 "SUPERVISOR_ASSIST_CONF" SupervisorAssistConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// Report an emergency in a call.
    121 "EMERGENCY_CALL_REQ" EmergencyCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// The call to the supervisor.
    122 "EMERGENCY_CALL_CONF" EmergencyCallConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// An agent has reported an emergency.
    123 "EMERGENCY_CALL_EVENT" EmergencyCallEvent "D25, D24, D23, SH-S; high" {
        fixed {
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            session_id: u32 = "SessionID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            client_id: Option<String> = 1 "ClientID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Listen to, enter or take over an agent's call.
    124 "SUPERVISE_CALL_REQ" SuperviseCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            agent_connection_call_id: u32 = "AgentConnectionCallID";
            supervisor_connection_call_id: u32 = "SupervisorConnectionCallID";
            agent_connection_device_id_type: ConnectionIdType = "AgentConnectionDeviceIDType";
            supervisor_connection_device_id_type: ConnectionIdType = "SupervisorConnectionDeviceIDType";
            supervisory_action: SupervisoryAction = "SupervisoryAction";
        }
        floating {
            agent_connection_device_id: Option<String> = 90 "AgentConnectionDeviceID" 64;
            supervisor_connection_device_id: Option<String> = 91 "SupervisorConnectionDeviceID" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            supervisor_instrument: Option<String> = 85 "SupervisorInstrument" 64;
        }
    }

    /// The supervisor's part in the call.
    125 "SUPERVISE_CALL_CONF" SuperviseCallConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }
}

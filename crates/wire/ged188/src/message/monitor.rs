//! Watching calls, devices and other clients' sessions.

use super::declare::{confirmations, messages};
use crate::{ConnectionIdType, DeviceType, Services, Status};

messages! {
    /// Watch a call or a device, not both.
    93 "MONITOR_START_REQ" MonitorStartReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            call_msg_mask: u32 = "CallMsgMask";
            agent_state_mask: u32 = "AgentStateMask";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            monitored_device_type: DeviceType = "MonitoredDeviceType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            monitored_device_id: Option<String> = 76 "MonitoredDeviceID" 64;
        }
    }

    /// The watch has begun.
    94 "MONITOR_START_CONF" MonitorStartConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
        }
    }

    /// End a watch.
    95 "MONITOR_STOP_REQ" MonitorStopReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
        }
    }

    /// Change which events a watch reports.
    97 "CHANGE_MONITOR_MASK_REQ" ChangeMonitorMaskReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
            call_msg_mask: u32 = "CallMsgMask";
            agent_state_mask: u32 = "AgentStateMask";
        }
    }

    /// Another client has opened a session.
    99 "CLIENT_SESSION_OPENED_EVENT" ClientSessionOpenedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            session_id: u32 = "SessionID";
            peripheral_id: u32 = "PeripheralID";
            services_granted: Services = "ServicesGranted";
            call_msg_mask: u32 = "CallMsgMask";
            agent_state_mask: u32 = "AgentStateMask";
            client_port: u32 = "ClientPort";
        }
        floating {
            client_address: Option<String> = 81 "ClientAddress" 64;
            client_id: Option<String> = 1 "ClientID" 64;
            client_signature: Option<String> = 3 "ClientSignature" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Another client's session has ended.
    100 "CLIENT_SESSION_CLOSED_EVENT" ClientSessionClosedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            session_id: u32 = "SessionID";
            peripheral_id: u32 = "PeripheralID";
            status: Status = "Status";
            client_port: u32 = "ClientPort";
        }
        floating {
            client_address: Option<String> = 81 "ClientAddress" 64;
            client_id: Option<String> = 1 "ClientID" 64;
            client_signature: Option<String> = 3 "ClientSignature" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// Watch another client's session.
    101 "SESSION_MONITOR_START_REQ" SessionMonitorStartReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            session_id: u32 = "SessionID";
        }
    }

    /// The watch has begun.
    102 "SESSION_MONITOR_START_CONF" SessionMonitorStartConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
        }
    }

    /// End it.
    103 "SESSION_MONITOR_STOP_REQ" SessionMonitorStopReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
        }
    }
}

confirmations! {
    /// It has ended.
    96 "MONITOR_STOP_CONF" MonitorStopConf "D25, D24, D23, SH-S; high";
    98 "CHANGE_MONITOR_MASK_CONF" ChangeMonitorMaskConf "D25, D24, D23, SH-S; high";
    /// It has ended.
    104 "SESSION_MONITOR_STOP_CONF" SessionMonitorStopConf "D25, D24, D23, SH-S; high";
}

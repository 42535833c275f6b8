//! The state of the system, and of clients.

use super::declare::{confirmations, messages};
use crate::{DeviceType, SystemEventId};

messages! {
    /// The state of peripherals, gateways and the server.
    31 "SYSTEM_EVENT" SystemEvent "D25, D24, D23, SH-S; high" {
        fixed {
            /// A bit mask; 0 when all is well.
            pg_status: u32 = "PGStatus";
            /// Seconds since 1970.
            central_controller_time_secs: u32 = "ICMCentralControllerTime";
            event: SystemEventId = "SystemEventID";
            /// SystemEventArg1 to 3; the first is the peripheral for peripheral and instrument events.
            arguments: [u32; 3] = "SystemEventArg";
            /// [`DeviceType::NONE`] when the event is not about a device.
            device_type: DeviceType = "EventDeviceType" since 10;
        }
        floating {
            text: Option<String> = 7 "Text" 255;
            device_id: Option<String> = 206 "EventDeviceID" 64;
        }
    }

    /// A client tells the server of its own state.
    32 "CLIENT_EVENT_REPORT_REQ" ClientEventReportReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// 0 normal, 1 warning, 2 error.
            state: u16 = "State";
        }
        floating {
            object_name: Option<String> = 66 "ObjectName" 128;
            text: Option<String> = 7 "Text" 255;
        }
    }
}

confirmations! {
    /// Noted.
    33 "CLIENT_EVENT_REPORT_CONF" ClientEventReportConf "D25, D24, D23, SH-S; high";
}

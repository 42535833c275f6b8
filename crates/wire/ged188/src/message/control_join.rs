//! Control that joins calls.

use super::ConnectedParty;
use super::declare::{new_calls, placements};
use crate::ConnectionIdType;

placements! {
    /// Join a held and an active call, or add a party in one step. The held call comes first here.
    48 "CONFERENCE_CALL_REQ" ConferenceCallReq "D25, D24, D23, SH-S; high" {
        calls {
            /// [`NULL_ID`](super::NULL_ID) when there is no held call: a transfer or conference in one step.
            held_connection_call_id: u32 = "HeldConnectionCallID";
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            held_connection_device_id_type: ConnectionIdType = "HeldConnectionDeviceIDType";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
        }
        manner {}
        end {}
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            held_connection_device_id: Option<String> = 53 "HeldConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
        }
        last {}
    }

    /// Transfer the held call to the active one, or in one step to a number. The active call comes first here.
    64 "TRANSFER_CALL_REQ" TransferCallReq "D25, D24, D23, SH-S; high" {
        calls {
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            /// [`NULL_ID`](super::NULL_ID) when there is no held call: a transfer or conference in one step.
            held_connection_call_id: u32 = "HeldConnectionCallID";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
            held_connection_device_id_type: ConnectionIdType = "HeldConnectionDeviceIDType";
        }
        manner {}
        end {}
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            held_connection_device_id: Option<String> = 53 "HeldConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
        }
        last {}
    }
}

new_calls! {
    /// The calls were joined.
    49 "CONFERENCE_CALL_CONF" ConferenceCallConf "D25, D24, D23, SH-S; high" { parties: ConnectedParty; }

    /// The call was transferred.
    65 "TRANSFER_CALL_CONF" TransferCallConf "D25, D24, D23, SH-S; high" { parties: ConnectedParty; }
}

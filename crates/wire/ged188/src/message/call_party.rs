//! Calls that are joined.

use super::declare::{groups, messages};
use crate::{ConnectionIdType, DeviceType, EventCause, LineType, LocalConnectionState};

messages! {
    /// Calls were joined to a conference, or a party was added.
    17 "CALL_CONFERENCED_EVENT" CallConferencedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            primary_device_id_type: ConnectionIdType = "PrimaryDeviceIDType";
            primary_call_id: u32 = "PrimaryCallID";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority" + "NumParties" of parties;
            secondary_device_id_type: ConnectionIdType = "SecondaryDeviceIDType";
            secondary_call_id: u32 = "SecondaryCallID";
            controller_device_type: DeviceType = "ControllerDeviceType";
            added_party_device_type: DeviceType = "AddedPartyDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            primary_device_id: Option<String> = 35 "PrimaryDeviceID" 64;
            secondary_device_id: Option<String> = 36 "SecondaryDeviceID" 64;
            controller_device_id: Option<String> = 37 "ControllerDeviceID" 64;
            added_party_device_id: Option<String> = 38 "AddedPartyDeviceID" 64;
        }
        lists {
            parties: ConnectedParty;
        }
    }

    /// A call was transferred.
    18 "CALL_TRANSFERRED_EVENT" CallTransferredEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            primary_device_id_type: ConnectionIdType = "PrimaryDeviceIDType";
            primary_call_id: u32 = "PrimaryCallID";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority" + "NumParties" of parties;
            secondary_device_id_type: ConnectionIdType = "SecondaryDeviceIDType";
            secondary_call_id: u32 = "SecondaryCallID";
            transferring_device_type: DeviceType = "TransferringDeviceType";
            transferred_device_type: DeviceType = "TransferredDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            primary_device_id: Option<String> = 35 "PrimaryDeviceID" 64;
            secondary_device_id: Option<String> = 36 "SecondaryDeviceID" 64;
            transferring_device_id: Option<String> = 42 "TransferringDeviceID" 64;
            transferred_device_id: Option<String> = 43 "TransferredDeviceID" 64;
        }
        lists {
            parties: ConnectedParty;
        }
    }
}

groups! {
    /// A party of a conference or a transferred call.
    ConnectedParty {
        call_id: Option<u32> = 39 "ConnectedPartyCallID";
        device_id_type: Option<ConnectionIdType> = 40 "ConnectedPartyDeviceIDType";
        device_id: Option<String> = 41 "ConnectedPartyDeviceID" 64;
    }
}

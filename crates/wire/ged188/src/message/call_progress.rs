//! A call on its way to being answered.

use super::declare::messages;
use super::{CallVariables, NamedArray, NamedVariable};
use crate::{ConnectionIdType, DeviceType, EventCause, LineType, LocalConnectionState};
use bytes::Bytes;

messages! {
    /// A call rings at a device, or has seized a trunk.
    9 "CALL_DELIVERED_EVENT" CallDeliveredEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// The ringing line when the call alerts at an agent, else [`NO_LINE`](super::NO_LINE).
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            alerting_device_type: DeviceType = "AlertingDeviceType";
            calling_device_type: DeviceType = "CallingDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            last_redirect_device_type: DeviceType = "LastRedirectDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            alerting_device_id: Option<String> = 26 "AlertingDeviceID" 64;
            calling_device_id: Option<String> = 27 "CallingDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
            last_redirect_device_id: Option<String> = 29 "LastRedirectDeviceID" 64;
            trunk_number: Option<u32> = 121 "TrunkNumber";
            trunk_group_number: Option<u32> = 122 "TrunkGroupNumber";
            secondary_connection_call_id: Option<u32> = 202 "SecondaryConnectionCallID";
            ani: Option<String> = 8 "ANI" 40;
            ani_ii: Option<String> = 215 "ANI_II" 2;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            dnis: Option<String> = 10 "DNIS" 32;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
        }
    }

    /// A call was answered.
    10 "CALL_ESTABLISHED_EVENT" CallEstablishedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            answering_device_type: DeviceType = "AnsweringDeviceType";
            calling_device_type: DeviceType = "CallingDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            last_redirect_device_type: DeviceType = "LastRedirectDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            answering_device_id: Option<String> = 30 "AnsweringDeviceID" 64;
            calling_device_id: Option<String> = 27 "CallingDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
            last_redirect_device_id: Option<String> = 29 "LastRedirectDeviceID" 64;
            trunk_number: Option<u32> = 121 "TrunkNumber";
            trunk_group_number: Option<u32> = 122 "TrunkGroupNumber";
        }
    }

    /// The switch tries to reach the called party.
    15 "CALL_ORIGINATED_EVENT" CallOriginatedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            calling_device_type: DeviceType = "CallingDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            calling_device_id: Option<String> = 27 "CallingDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
        }
    }

    /// A call cannot be completed.
    16 "CALL_FAILED_EVENT" CallFailedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            failing_device_type: DeviceType = "FailingDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            failing_device_id: Option<String> = 34 "FailingDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
        }
    }

    /// A device has gone off hook, or a call is being prepared at it.
    20 "CALL_SERVICE_INITIATED_EVENT" CallServiceInitiatedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            calling_device_type: DeviceType = "CallingDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            calling_device_id: Option<String> = 27 "CallingDeviceID" 64;
            call_reference_id: Option<Bytes> = 223 "CallReferenceID" 32;
            coc_connection_call_id: Option<u32> = 229 "COCConnectionCallID";
            coc_call_connection_device_id_type: Option<ConnectionIdType> = 230 "COCCallConnectionDeviceIDType";
            coc_call_connection_device_id: Option<String> = 231 "COCCallConnectionDeviceID" 64;
        }
    }

    /// An outbound call has left for the network.
    34 "CALL_REACHED_NETWORK_EVENT" CallReachedNetworkEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
            trunk_used_device_type: DeviceType = "TrunkUsedDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            trunk_used_device_id: Option<String> = 48 "TrunkUsedDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
            trunk_number: Option<u32> = 121 "TrunkNumber";
            trunk_group_number: Option<u32> = 122 "TrunkGroupNumber";
        }
    }
}

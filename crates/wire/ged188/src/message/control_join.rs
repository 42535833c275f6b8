//! Control that joins calls.

use super::declare::messages;
use super::{CallVariables, ConnectedParty, NamedArray, NamedVariable};
use crate::{ConnectionIdType, LineType};
use bytes::Bytes;

messages! {
    /// Join a held and an active call, or add a party in one step. The held call comes first here.
    48 "CONFERENCE_CALL_REQ" ConferenceCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// [`NULL_ID`](super::NULL_ID) when there is no held call: a transfer or conference in one step.
            held_connection_call_id: u32 = "HeldConnectionCallID";
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            held_connection_device_id_type: ConnectionIdType = "HeldConnectionDeviceIDType";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
            call_placement_type: u16 = "CallPlacementType";
            call_manner_type: u16 = "CallMannerType";
            alert_rings: u16 = "AlertRings";
            call_option: u16 = "CallOption";
            facility_type: u16 = "FacilityType";
            answering_machine: u16 = "AnsweringMachine";
            priority: bool = "Priority";
            post_route: bool = "PostRoute"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
        }
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            held_connection_device_id: Option<String> = 53 "HeldConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            facility_code: Option<String> = 51 "FacilityCode" 40;
            authorization_code: Option<String> = 77 "AuthorizationCode" 40;
            account_code: Option<String> = 78 "AccountCode" 40;
        }
    }

    /// The calls were joined.
    49 "CONFERENCE_CALL_CONF" ConferenceCallConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            new_connection_call_id: u32 = "NewConnectionCallID";
            new_connection_device_id_type: ConnectionIdType = "NewConnectionDeviceIDType"
                + "NumParties" of parties;
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
        }
        floating {
            new_connection_device_id: Option<String> = 47 "NewConnectionDeviceID" 64;
        }
        lists {
            parties: ConnectedParty;
        }
    }

    /// Transfer the held call to the active one, or in one step to a number. The active call comes first here.
    64 "TRANSFER_CALL_REQ" TransferCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            /// [`NULL_ID`](super::NULL_ID) when there is no held call: a transfer or conference in one step.
            held_connection_call_id: u32 = "HeldConnectionCallID";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
            held_connection_device_id_type: ConnectionIdType = "HeldConnectionDeviceIDType";
            call_placement_type: u16 = "CallPlacementType";
            call_manner_type: u16 = "CallMannerType";
            alert_rings: u16 = "AlertRings";
            call_option: u16 = "CallOption";
            facility_type: u16 = "FacilityType";
            answering_machine: u16 = "AnsweringMachine";
            priority: bool = "Priority";
            post_route: bool = "PostRoute"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
        }
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            held_connection_device_id: Option<String> = 53 "HeldConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            facility_code: Option<String> = 51 "FacilityCode" 40;
            authorization_code: Option<String> = 77 "AuthorizationCode" 40;
            account_code: Option<String> = 78 "AccountCode" 40;
        }
    }

    /// The call was transferred.
    65 "TRANSFER_CALL_CONF" TransferCallConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            new_connection_call_id: u32 = "NewConnectionCallID";
            new_connection_device_id_type: ConnectionIdType = "NewConnectionDeviceIDType"
                + "NumParties" of parties;
            /// [`NO_LINE`](super::NO_LINE) when no line of the agent is meant.
            line_handle: u16 = "LineHandle" or 0xFFFF;
            line_type: LineType = "LineType";
        }
        floating {
            new_connection_device_id: Option<String> = 47 "NewConnectionDeviceID" 64;
        }
        lists {
            parties: ConnectedParty;
        }
    }
}

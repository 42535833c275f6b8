//! Control that makes new calls.

use super::declare::{messages, new_calls, placements};
use super::{CallVariables, NamedArray, NamedVariable};
use crate::{ConnectionIdType, ConsultType};
use bytes::Bytes;

placements! {
    /// Hold the active call and make a new one to consult.
    50 "CONSULTATION_CALL_REQ" ConsultationCallReq "D25, D24, D23, SH-S; high" {
        calls {
            active_connection_call_id: u32 = "ActiveConnectionCallID";
            active_connection_device_id_type: ConnectionIdType = "ActiveConnectionDeviceIDType";
        }
        manner {
            consult_type: ConsultType = "ConsultType";
        }
        end {}
        floating {
            active_connection_device_id: Option<String> = 50 "ActiveConnectionDeviceID" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
        last {}
    }

    /// Make a call.
    56 "MAKE_CALL_REQ" MakeCallReq "D25, D24, D23, SH-S; high" {
        calls {}
        manner {}
        end {
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF since 14;
        }
        floating {
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
        }
        last {
            call_control_table: Option<String> = 84 "CCT" 4;
        }
    }
}

messages! {
    /// Make a call for an agent who is not yet chosen.
    58 "MAKE_PREDICTIVE_CALL_REQ" MakePredictiveCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            call_placement_type: u16 = "CallPlacementType";
            call_manner_type: u16 = "CallMannerType";
            alert_rings: u16 = "AlertRings";
            call_option: u16 = "CallOption";
            facility_type: u16 = "FacilityType";
            answering_machine: u16 = "AnsweringMachine";
            priority: bool = "Priority";
            allocation_state: u16 = "AllocationState";
            destination_country: u16 = "DestinationCountry";
            answer_detect_mode: u16 = "AnswerDetectMode";
            answer_detect_time: u16 = "AnswerDetectTime";
            answer_detect_control1: u32 = "AnswerDetectControl1";
            answer_detect_control2: u32 = "AnswerDetectControl2"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
        }
        floating {
            originating_device_id: Option<String> = 79 "OriginatingDeviceID" 64;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            facility_code: Option<String> = 51 "FacilityCode" 40;
            authorization_code: Option<String> = 77 "AuthorizationCode" 40;
            account_code: Option<String> = 78 "AccountCode" 40;
            originating_line_id: Option<String> = 80 "OriginatingLineID" 40;
            call_control_table: Option<String> = 84 "CCT" 4;
        }
    }
}

new_calls! {
    /// The new call.
    51 "CONSULTATION_CALL_CONF" ConsultationCallConf "D25, D24, D23, SH-S; high" {}

    /// The new call.
    57 "MAKE_CALL_CONF" MakeCallConf "D25, D24, D23, SH-S; high" {}

    /// The new call.
    59 "MAKE_PREDICTIVE_CALL_CONF" MakePredictiveCallConf "D25, D24, D23, SH-S; high" {}
}

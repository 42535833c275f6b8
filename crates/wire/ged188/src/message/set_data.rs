//! Clients that change data of calls, devices and applications.

use super::declare::{confirmations, messages};
use super::{CallVariables, NamedArray, NamedVariable};
use crate::{CallType, ConnectionIdType, DeviceType, Disposition};
use bytes::Bytes;

messages! {
    /// Change the data of a call. What is not here stays as it is.
    26 "SET_CALL_DATA_REQ" SetCallDataReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
            /// [`CallType::NULL`] leaves it unchanged.
            call_type: CallType = "CallType";
            called_party_disposition: Disposition = "CalledPartyDisposition";
            campaign_id: u32 = "CampaignID";
            query_rule_id: u32 = "QueryRuleID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            ani: Option<String> = 8 "ANI" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            customer_phone_number: Option<String> = 95 "CustomerPhoneNumber" 20;
            customer_account_number: Option<String> = 96 "CustomerAccountNumber" 32;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            router_call_key_sequence_number: Option<u32> = 110 "RouterCallKeySequenceNumber";
            /// `D` for the dialer.
            call_originated_from: Option<u8> = 232 "CallOriginatedFrom";
        }
    }

    /// This client needs the call no longer.
    28 "RELEASE_CALL_REQ" ReleaseCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// Name the call and ECC variables that this client wants to see.
    110 "REGISTER_VARIABLES_REQ" RegisterVariablesReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// Bit 0 for CallVariable1 up to bit 9.
            call_variable_mask: u16 = "CallVariableMask"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
        }
        floating {
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
        }
    }

    /// Change an application's data.
    129 "SET_APP_DATA_REQ" SetAppDataReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
        floating {
            application_path_id: Option<u32> = 97 "ApplicationPathID";
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_type_id: Option<u32> = 210 "FltCallTypeID";
            pre_call_invoke_id: Option<u32> = 221 "PreCallInvokeID";
        }
    }

    /// Report a call of bad quality.
    139 "BAD_CALL_REQ" BadCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_id: Option<String> = 5 "AgentID" 12;
        }
    }

    /// Set what new calls at a device belong to.
    141 "SET_DEVICE_ATTRIBUTES_REQ" SetDeviceAttributesReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            call_type: CallType = "CallType";
            calling_device_type: DeviceType = "CallingDeviceType";
        }
        floating {
            calling_device_id: Option<String> = 27 "CallingDeviceID" 64;
        }
    }
}

confirmations! {
    /// The data were taken.
    27 "SET_CALL_DATA_CONF" SetCallDataConf "D25, D24, D23, SH-S; high";
    /// Noted.
    29 "RELEASE_CALL_CONF" ReleaseCallConf "D25, D24, D23, SH-S; high";
    /// Noted.
    111 "REGISTER_VARIABLES_CONF" RegisterVariablesConf "SH-S; D25 (misprinted as 118); high";
    130 "SET_APP_DATA_CONF" SetAppDataConf "D25, D24, D23, SH-S; high";
    /// Noted.
    140 "BAD_CALL_CONF" BadCallConf "D25, D24, D23, SH-S; high";
    142 "SET_DEVICE_ATTRIBUTES_CONF" SetDeviceAttributesConf "D25, D24, D23, SH-S; high";
}

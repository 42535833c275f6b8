//! The first and the last message about a call, and changes of its data.

use super::declare::{groups, messages};
use super::{CallVariables, NamedArray, NamedVariable};
use crate::{CallType, ConnectionIdType, Disposition};
use bytes::Bytes;

messages! {
    /// The first message about a call.
    23 "BEGIN_CALL_EVENT" BeginCallEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType"
                + "NumCTIClients" of clients
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
            call_type: CallType = "CallType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            called_party_disposition: Disposition = "CalledPartyDisposition";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            ani: Option<String> = 8 "ANI" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            dnis: Option<String> = 10 "DNIS" 32;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            router_call_key_sequence_number: Option<u32> = 110 "RouterCallKeySequenceNumber";
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            call_reference_id: Option<Bytes> = 223 "CallReferenceID" 32;
        }
        lists {
            clients: CtiClient;
        }
    }

    /// The last message about a call.
    24 "END_CALL_EVENT" EndCallEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// Data of a call have changed; only what changed is here.
    25 "CALL_DATA_UPDATE_EVENT" CallDataUpdateEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType"
                + "NumCTIClients" of clients
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
            call_type: CallType = "CallType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            new_connection_device_id_type: ConnectionIdType = "NewConnectionDeviceIDType";
            new_connection_call_id: u32 = "NewConnectionCallID";
            called_party_disposition: Disposition = "CalledPartyDisposition";
            campaign_id: u32 = "CampaignID";
            query_rule_id: u32 = "QueryRuleID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            new_connection_device_id: Option<String> = 47 "NewConnectionDeviceID" 64;
            ani: Option<String> = 8 "ANI" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            dnis: Option<String> = 10 "DNIS" 32;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            router_call_key_sequence_number: Option<u32> = 110 "RouterCallKeySequenceNumber";
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            /// From version 22 on always the whole set.
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            customer_phone_number: Option<String> = 95 "CustomerPhoneNumber" 20;
            customer_account_number: Option<String> = 96 "CustomerAccountNumber" 32;
            call_reference_id: Option<Bytes> = 223 "CallReferenceID" 32;
        }
        lists {
            clients: CtiClient;
        }
    }

    /// A call has arrived by a translation route.
    22 "CALL_TRANSLATION_ROUTE_EVENT" CallTranslationRouteEvent "D25, D24, D23, SH-S; high" {
        counts {
            "NumNamedVariables" of named_variables;
            "NumNamedArrays" of named_arrays;
        }
        floating {
            ani: Option<String> = 8 "ANI" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            dnis: Option<String> = 10 "DNIS" 32;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            router_call_key_sequence_number: Option<u32> = 110 "RouterCallKeySequenceNumber";
            call_variables: CallVariables = 13 "CallVariable1" 41;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
        }
    }
}

groups! {
    /// A client that knows the call.
    CtiClient {
        signature: Option<String> = 23 "CTIClientSignature" 64;
        /// Seconds since 1970.
        timestamp_secs: Option<u32> = 24 "CTIClientTimestamp";
    }
}

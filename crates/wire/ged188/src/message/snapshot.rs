//! Devices and calls as they are now.

use super::declare::{groups, messages};
use super::{CallVariables, CtiClient, NamedArray, NamedVariable, Packed};
use crate::{CallType, ConnectionIdType, DeviceType, Disposition, LineType, LocalConnectionState};
use bytes::Bytes;

messages! {
    /// Ask what a device can do.
    78 "QUERY_DEVICE_INFO_REQ" QueryDeviceInfoReq "D25, D24, D23, SH-S (differs); medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            reserved: u16 = "Reserved";
        }
        floating {
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// What a device can do.
    79 "QUERY_DEVICE_INFO_CONF" QueryDeviceInfoConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_type: u16 = "PeripheralType";
            type_of_device: u16 = "TypeOfDevice";
            class_of_device: u16 = "ClassOfDevice" + "NumLines" of lines;
            reserved: u16 = "Reserved";
            max_active_calls: u16 = "MaxActiveCalls";
            max_held_calls: u16 = "MaxHeldCalls";
            max_devices_in_conference: u16 = "MaxDevicesInConference";
            make_call_setup: u32 = "MakeCallSetup";
            transfer_conference_setup: u32 = "TransferConferenceSetup";
            call_events_supported: u32 = "CallEventsSupported";
            call_control_supported: u32 = "CallControlSupported";
            other_features_supported: u32 = "OtherFeaturesSupported";
        }
        lists {
            lines: Line;
        }
    }

    /// Ask for a call.
    82 "SNAPSHOT_CALL_REQ" SnapshotCallReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
    }

    /// A call: its data, its clients, its parties.
    83 "SNAPSHOT_CALL_CONF" SnapshotCallConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            call_type: CallType = "CallType"
                + "NumCTIClients" of clients
                + "NumCallDevices" of devices
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
            called_party_disposition: Disposition = "CalledPartyDisposition";
        }
        floating {
            ani: Option<String> = 8 "ANI" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            dnis: Option<String> = 10 "DNIS" 32;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            call_variables: CallVariables = 13 "CallVariable1" 41;
            call_wrapup_data: Option<String> = 46 "CallWrapupData" 40;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            call_reference_id: Option<Bytes> = 223 "CallReferenceID" 32;
            coc_connection_call_id: Option<u32> = 229 "COCConnectionCallID";
            coc_call_connection_device_id_type: Option<ConnectionIdType> = 230 "COCCallConnectionDeviceIDType";
            coc_call_connection_device_id: Option<String> = 231 "COCCallConnectionDeviceID" 64;
            protocol_reference_guid: Option<String> = 294 "ProtocolReferenceGUID" 40;
            ccai_config_id: Option<String> = 311 "CcaiConfigId" 40;
            num_of_enabled_services: Option<u16> = 310 "NumOfEnabledServices";
            enabled_services: Packed<u16> = 309 "FltEnabledServices";
        }
        lists {
            clients: CtiClient;
            devices: CallDevice;
        }
    }

    /// Ask for the calls at a device.
    84 "SNAPSHOT_DEVICE_REQ" SnapshotDeviceReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            snapshot_device_type: DeviceType = "SnapshotDeviceType";
        }
        floating {
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// The calls at a device.
    85 "SNAPSHOT_DEVICE_CONF" SnapshotDeviceConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID" + "NumCalls" of calls;
        }
        lists {
            calls: DeviceCall;
        }
    }
}

groups! {
    /// A line of a device.
    Line {
        handle: Option<u16> = 70 "LineHandle";
        line_type: Option<LineType> = 71 "LineType";
    }

    /// A party of a call: its connection and its device.
    CallDevice {
        call_id: Option<u32> = 56 "CallConnectionCallID";
        connection_device_id_type: Option<ConnectionIdType> = 57 "CallConnectionDeviceIDType";
        connection_device_id: Option<String> = 58 "CallConnectionDeviceID" 64;
        device_type: Option<DeviceType> = 59 "CallDeviceType";
        device_id: Option<String> = 60 "CallDeviceID" 64;
        state: Option<LocalConnectionState> = 61 "CallDeviceConnectionState";
    }

    /// A call at a device.
    DeviceCall {
        call_id: Option<u32> = 56 "CallConnectionCallID";
        device_id_type: Option<ConnectionIdType> = 57 "CallConnectionDeviceIDType";
        device_id: Option<String> = 58 "CallConnectionDeviceID" 64;
        state: Option<LocalConnectionState> = 75 "CallState";
        /// 0 none, 1 initiator, 2 target of silent monitoring.
        silent_monitor_status: Option<u16> = 218 "SilentMonitorStatus";
    }
}

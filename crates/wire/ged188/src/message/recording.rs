//! Media streams and their recording. The network recording messages have the numbers of the table of
//! numbers; the pages of their layouts print each one higher.

use super::declare::{confirmations, messages};
use crate::{ConnectionIdType, DeviceType};

messages! {
    /// Media begin to flow.
    116 "RTP_STARTED_EVENT" RtpStartedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            client_port: u32 = "ClientPort";
            /// 0 input, 1 output, 2 both.
            direction: u16 = "Direction";
            /// 0 audio, 1 video, 2 data.
            rtp_type: u16 = "RTPType";
            bit_rate: u32 = "BitRate";
            echo_cancellation: u16 = "EchoCancellation";
            packet_size: u32 = "PacketSize";
            payload_type: u16 = "PayloadType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            sending_address: Option<String> = 125 "SendingAddress" 64;
            sending_port: Option<u32> = 126 "SendingPort";
        }
    }

    /// Media have stopped.
    117 "RTP_STOPPED_EVENT" RtpStoppedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            client_port: u32 = "ClientPort";
            /// 0 input, 1 output, 2 both.
            direction: u16 = "Direction";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            sending_address: Option<String> = 125 "SendingAddress" 64;
            sending_port: Option<u32> = 126 "SendingPort";
        }
    }

    /// Record a call.
    147 "START_RECORDING_REQ" StartRecordingReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            client_port: u32 = "ClientPort";
            bit_rate: u32 = "BitRate";
            packet_size: u32 = "PacketSize";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            direction: u16 = "Direction";
            /// 0 audio, 1 video, 2 data.
            rtp_type: u16 = "RTPType";
            echo_cancellation: u16 = "EchoCancellation";
            payload_type: u16 = "PayloadType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            client_id: Option<String> = 1 "ClientID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// The recording has begun.
    148 "START_RECORDING_CONF" StartRecordingConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            session_id: u32 = "SessionID";
            server_data: u32 = "ServerData";
        }
        floating {
            client_id: Option<String> = 1 "ClientID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
        }
    }

    /// End a recording.
    149 "STOP_RECORDING_REQ" StopRecordingReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            client_port: u32 = "ClientPort";
            session_id: u32 = "SessionID";
            server_data: u32 = "ServerData";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            direction: u16 = "Direction";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            client_id: Option<String> = 1 "ClientID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// The recording has ended.
    150 "STOP_RECORDING_CONF" StopRecordingConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
        floating {
            client_id: Option<String> = 1 "ClientID" 64;
            client_address: Option<String> = 81 "ClientAddress" 64;
        }
    }

    /// Record a call in the network.
    267 "START_NETWORK_RECORDING_REQ" StartNetworkRecordingReq "D23–D25; number of the table; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            /// 0 local, 1 remote, 2 both, 3 none.
            play_tone_direction: Option<u16> = 289 "PlayToneDirection";
            invocation_type: Option<u16> = 290 "InvocationType";
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// End a recording in the network.
    269 "STOP_NETWORK_RECORDING_REQ" StopNetworkRecordingReq "D23–D25; number of the table; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
        }
        floating {
            invocation_type: Option<u16> = 290 "InvocationType";
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// A recording in the network has begun.
    271 "NETWORK_RECORDING_STARTED_EVENT" NetworkRecordingStartedEvent "D23–D25; number of the table; medium" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            recording_device_type: DeviceType = "RecordingDeviceType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            recording_device_id: Option<String> = 300 "RecordingDeviceID" 64;
        }
    }

    /// A recording in the network has ended.
    272 "NETWORK_RECORDING_ENDED_EVENT" NetworkRecordingEndedEvent "D23–D25; number of the table; medium" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            recording_device_type: DeviceType = "RecordingDeviceType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            recording_device_id: Option<String> = 300 "RecordingDeviceID" 64;
        }
    }

    /// A recording in the network has failed.
    273 "NETWORK_RECORDING_FAILED_EVENT" NetworkRecordingFailedEvent "D23–D25; number of the table; medium" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            recording_device_type: DeviceType = "RecordingDeviceType";
            record_failure_cause: u16 = "RecordFailureCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            recording_device_id: Option<String> = 300 "RecordingDeviceID" 64;
        }
    }

    /// Where a recording in the network goes.
    274 "NETWORK_RECORDING_TARGET_INFO_EVENT" NetworkRecordingTargetInfoEvent "D23–D25; number of the table; medium" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            connection_call_id: u32 = "ConnectionCallID";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            recording_device_type: DeviceType = "RecordingDeviceType";
            /// 0 none, 1 automatic, 2 silent by an application, 3 by the user on the device, 4 by the user in an application.
            recording_type: u16 = "RecordingType";
            /// 0 none, 1 phone, 2 gateway.
            media_forking_device_type: u16 = "MediaForkingDeviceType";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            recording_device_id: Option<String> = 300 "RecordingDeviceID" 64;
            recorder_address: Option<String> = 291 "RecorderAddress" 64;
            terminal_name: Option<String> = 292 "TerminalName" 64;
            media_forking_device_name: Option<String> = 293 "MediaForkingDeviceName" 64;
            protocol_reference_guid: Option<String> = 294 "ProtocolReferenceGUID" 64;
            media_forking_cluster_id: Option<String> = 295 "MediaForkingClusterID" 64;
            recorder_uri: Option<String> = 296 "RecorderURI" 64;
            recorder_error_msg: Option<String> = 297 "RecorderErrorMsg" 64;
            recorder_type: Option<u16> = 298 "RecorderType";
            recorder_status: Option<u16> = 299 "RecorderStatus";
        }
    }
}

confirmations! {
    /// The order was taken.
    268 "START_NETWORK_RECORDING_CONF" StartNetworkRecordingConf "D23–D25; number of the table; medium";
    /// The order was taken.
    270 "STOP_NETWORK_RECORDING_CONF" StopNetworkRecordingConf "D23–D25; number of the table; medium";
}

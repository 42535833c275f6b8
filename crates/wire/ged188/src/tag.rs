//! Numbers, names and types of the floating fields. They are the same in every version; the table of tags of the
//! guide for version 25 gives them, with the types of the layouts. A tag whose type is not public is shown as bytes.

use crate::layout::Kind;

macro_rules! tags {
    ($($constant:ident = $value:literal, $name:literal, $kind:ident;)*) => {
        $(#[doc = concat!("`", $name, "`.")] pub const $constant: u16 = $value;)*

        /// The name of a field; empty when this crate does not know it.
        pub const fn name(tag: u16) -> &'static str {
            match tag {
                $($value => $name,)*
                _ => "",
            }
        }

        /// The type of a field in the messages that print it; [`Kind::Bytes`] when it is not known.
        pub const fn kind(tag: u16) -> Kind {
            match tag {
                $($value => Kind::$kind,)*
                _ => Kind::Bytes,
            }
        }
    };
}

tags! {
    CLIENT_ID = 1, "ClientID", Text;
    CLIENT_PASSWORD = 2, "ClientPassword", Secret;
    CLIENT_SIGNATURE = 3, "ClientSignature", Text;
    AGENT_EXTENSION = 4, "AgentExtension", Text;
    AGENT_ID = 5, "AgentID", Text;
    AGENT_INSTRUMENT = 6, "AgentInstrument", Text;
    TEXT = 7, "Text", Text;
    ANI = 8, "ANI", Text;
    USER_TO_USER_INFO = 9, "UserToUserInfo", Bytes;
    DNIS = 10, "DNIS", Text;
    DIALED_NUMBER = 11, "DialedNumber", Text;
    CALLER_ENTERED_DIGITS = 12, "CallerEnteredDigits", Text;
    CALL_VAR_1 = 13, "CallVariable1", Text;
    CALL_VAR_2 = 14, "CallVariable2", Text;
    CALL_VAR_3 = 15, "CallVariable3", Text;
    CALL_VAR_4 = 16, "CallVariable4", Text;
    CALL_VAR_5 = 17, "CallVariable5", Text;
    CALL_VAR_6 = 18, "CallVariable6", Text;
    CALL_VAR_7 = 19, "CallVariable7", Text;
    CALL_VAR_8 = 20, "CallVariable8", Text;
    CALL_VAR_9 = 21, "CallVariable9", Text;
    CALL_VAR_10 = 22, "CallVariable10", Text;
    CTI_CLIENT_SIGNATURE = 23, "CTIClientSignature", Text;
    CTI_CLIENT_TIMESTAMP = 24, "CTIClientTimestamp", U32;
    CONNECTION_DEVID = 25, "ConnectionDeviceID", Text;
    ALERTING_DEVID = 26, "AlertingDeviceID", Text;
    CALLING_DEVID = 27, "CallingDeviceID", Text;
    CALLED_DEVID = 28, "CalledDeviceID", Text;
    LAST_REDIRECT_DEVID = 29, "LastRedirectDeviceID", Text;
    ANSWERING_DEVID = 30, "AnsweringDeviceID", Text;
    HOLDING_DEVID = 31, "HoldingDeviceID", Text;
    RETRIEVING_DEVID = 32, "RetrievingDeviceID", Text;
    RELEASING_DEVID = 33, "ReleasingDeviceID", Text;
    FAILING_DEVID = 34, "FailingDeviceID", Text;
    PRIMARY_DEVID = 35, "PrimaryDeviceID", Text;
    SECONDARY_DEVID = 36, "SecondaryDeviceID", Text;
    CONTROLLER_DEVID = 37, "ControllerDeviceID", Text;
    ADDED_PARTY_DEVID = 38, "AddedPartyDeviceID", Text;
    PARTY_CALLID = 39, "ConnectedPartyCallID", U32;
    PARTY_DEVID_TYPE = 40, "ConnectedPartyDeviceIDType", U16;
    PARTY_DEVID = 41, "ConnectedPartyDeviceID", Text;
    TRANSFERRING_DEVID = 42, "TransferringDeviceID", Text;
    TRANSFERRED_DEVID = 43, "TransferredDeviceID", Text;
    DIVERTING_DEVID = 44, "DivertingDeviceID", Text;
    QUEUE_DEVID = 45, "QueueDeviceID", Text;
    CALL_WRAPUP_DATA = 46, "CallWrapupData", Text;
    NEW_CONNECTION_DEVID = 47, "NewConnectionDeviceID", Text;
    TRUNK_USED_DEVID = 48, "TrunkUsedDeviceID", Text;
    AGENT_PASSWORD = 49, "AgentPassword", Secret;
    ACTIVE_CONN_DEVID = 50, "ActiveConnectionDeviceID", Text;
    FACILITY_CODE = 51, "FacilityCode", Text;
    OTHER_CONN_DEVID = 52, "OtherConnectionDeviceID", Text;
    HELD_CONN_DEVID = 53, "HeldConnectionDeviceID", Text;
    CALL_CONN_CALLID = 56, "CallConnectionCallID", U32;
    CALL_CONN_DEVID_TYPE = 57, "CallConnectionDeviceIDType", U16;
    CALL_CONN_DEVID = 58, "CallConnectionDeviceID", Text;
    CALL_DEVID_TYPE = 59, "CallDeviceType", U16;
    CALL_DEVID = 60, "CallDeviceID", Text;
    CALL_DEV_CONN_STATE = 61, "CallDeviceConnectionState", U16;
    SKILL_GROUP_NUMBER = 62, "SkillGroupNumber", U32;
    SKILL_GROUP_ID = 63, "SkillGroupID", U32;
    SKILL_GROUP_PRIORITY = 64, "SkillGroupPriority", U16;
    SKILL_GROUP_STATE = 65, "SkillGroupState", U16;
    OBJECT_NAME = 66, "ObjectName", Text;
    DTMF_STRING = 67, "DTMFString", Text;
    POSITION_ID = 68, "PositionID", Text;
    SUPERVISOR_ID = 69, "SupervisorID", Text;
    LINE_HANDLE = 70, "LineHandle", U16;
    LINE_TYPE = 71, "LineType", U16;
    ROUTER_CALL_KEY_DAY = 72, "RouterCallKeyDay", U32;
    ROUTER_CALL_KEY_CALLID = 73, "RouterCallKeyCallID", U32;
    CALL_STATE = 75, "CallState", U16;
    MONITORED_DEVID = 76, "MonitoredDeviceID", Text;
    AUTHORIZATION_CODE = 77, "AuthorizationCode", Text;
    ACCOUNT_CODE = 78, "AccountCode", Text;
    ORIGINATING_DEVID = 79, "OriginatingDeviceID", Text;
    ORIGINATING_LINE_ID = 80, "OriginatingLineID", Text;
    CLIENT_ADDRESS = 81, "ClientAddress", Text;
    NAMED_VARIABLE = 82, "NamedVariable", NamedVariable;
    NAMED_ARRAY = 83, "NamedArray", NamedArray;
    CALL_CONTROL_TABLE = 84, "CCT", Text;
    SUPERVISOR_INSTRUMENT = 85, "SupervisorInstrument", Text;
    ATC_AGENT_ID = 86, "AtcAgentID", Text;
    AGENT_FLAGS = 87, "AgentFlags", U16;
    ATC_AGENT_STATE = 88, "AtcAgentState", U16;
    ATC_STATE_DURATION = 89, "AtcStateDuration", U32;
    AGENT_CONNECTION_DEVID = 90, "AgentConnectionDeviceID", Text;
    SUPERVISOR_CONNECTION_DEVID = 91, "SupervisorConnectionDeviceID", Text;
    LIST_TEAM_ID = 92, "TeamID", U32;
    DEFAULT_DEVICE_PORT_ADDRESS = 93, "DefaultDevicePortAddress", Text;
    SERVICE_NAME = 94, "ServiceName", Text;
    CUSTOMER_PHONE_NUMBER = 95, "CustomerPhoneNumber", Text;
    CUSTOMER_ACCOUNT_NUMBER = 96, "CustomerAccountNumber", Text;
    APP_PATH_ID = 97, "ApplicationPathID", U32;
    SCRIPT_SELECTOR = 99, "ScriptSelector", Bytes;
    APPLICATION_STRING1 = 100, "ApplicationString1", Bytes;
    APPLICATION_STRING2 = 101, "ApplicationString2", Bytes;
    ROUTER_CALL_KEY_SEQUENCE_NUM = 110, "RouterCallKeySequenceNumber", U32;
    TRUNK_NUMBER = 121, "TrunkNumber", U32;
    TRUNK_GROUP_NUMBER = 122, "TrunkGroupNumber", U32;
    NEXT_AGENT_STATE = 123, "NextAgentState", U16;
    DEQUEUE_TYPE = 124, "DeQueueType", Bytes;
    SENDING_ADDRESS = 125, "SendingAddress", Text;
    SENDING_PORT = 126, "SendingPort", U32;
    MAX_QUEUED = 129, "MaxQueued", U32;
    QUEUE_ID = 130, "QueueId", Bytes;
    CUSTOMER_ID = 131, "CustomerID", U32;
    SERVICE_SKILL_TARGET_ID = 132, "ServiceSkillTargetID", U32;
    PERIPHERAL_NAME = 133, "PeripheralName", Text;
    DESCRIPTION = 134, "Description", Text;
    SERVICE_MEMBER_ID = 135, "ServiceMemberId", Bytes;
    SERVICE_MEMBER_PRIORITY = 136, "ServiceMemberPriority", Bytes;
    FIRST_NAME = 137, "FirstName", Text;
    LAST_NAME = 138, "LastName", Text;
    SKILL_GROUP = 139, "SkillGroup", Bytes;
    AGENT_SKILL_TARGET_ID = 141, "AgentSkillTargetID", U32;
    SERVICE = 142, "Service", Bytes;
    DURATION = 150, "Duration", U32;
    EXTENSION = 173, "Extension", Text;
    SERVICE_LEVEL_THRESHOLD = 174, "ServiceLevelThreshold", U32;
    SERVICE_LEVEL_TYPE = 175, "ServiceLevelType", U32;
    CONFIG_PARAM = 176, "ConfigParam", Text;
    SERVICE_CONFIG_KEY = 177, "ServiceConfigKey", Bytes;
    SKILL_GROUP_CONFIG_KEY = 178, "SkillGroupConfigKey", Bytes;
    AGENT_CONFIG_KEY = 179, "AgentConfigKey", Bytes;
    DEVICE_CONFIG_KEY = 180, "DeviceConfigKey", Bytes;
    RECORD_TYPE = 183, "RecordType", U16;
    PERIPHERAL_NUMBER = 184, "PeripheralNumber", U32;
    AUTO_WORK = 185, "AutoWork", Bool;
    NUM_SERVICE_MEMBERS = 186, "NumServiceMembers", U16;
    SERVICE_MEMBER = 187, "ServiceMember", U32s;
    SERVICE_PRIORITY = 188, "ServicePriority", U16s;
    AGENT_TYPE = 189, "AgentType", U16;
    LOGIN_ID = 190, "LoginID", Text;
    NUM_SKILLS = 191, "NumSkills", U16;
    SKILL_GROUP_SKILL_TARGET_ID = 192, "SkillGroupSkillTargetID", U32;
    SERVICE_ID = 193, "FltServiceID", U32;
    AGENT_ID_LONG = 194, "AgentIDLong", Text;
    DEVICE_TYPE = 195, "DeviceType", U16;
    ENABLE = 198, "Enable", Bytes;
    DEVICEID = 199, "Deviceid", Bytes;
    TIMEOUT = 200, "Timeout", Bytes;
    CURRENT_ROUTE = 201, "CurrentRoute", Bytes;
    SECONDARY_CONNECTION_CALL_ID = 202, "SecondaryConnectionCallID", U32;
    PRIORITY_QUEUE_NUMBER = 203, "PriorityQueueNumber", Bytes;
    TEAM_NAME = 204, "TeamName", Text;
    MEMBER_TYPE = 205, "MemberType", U16;
    EVENT_DEVICE_ID = 206, "EventDeviceID", Text;
    LOGIN_NAME = 207, "LoginName", Text;
    PERIPHERAL_ID = 208, "FltPeripheralID", U32;
    CALL_TYPE_KEY_CONFIG = 209, "CallTypeConfigKey", Bytes;
    CALL_TYPE_ID = 210, "CallTypeID", U32;
    CUSTOMER_DEFINITION_ID = 211, "CustomerDefinitionID", U32;
    ENTERPRISE_NAME = 212, "EnterpriseName", Text;
    OLD_PERIPHERAL_NUMBER = 213, "OldPeripheralNumber", U32;
    CUR_LOGIN_ID = 214, "OldLoginID", Text;
    ANI_II = 215, "ANI_II", Text;
    MR_DOMAIN_ID = 216, "MRDomainID", U32;
    CTIOS_CIL_CLIENT_ID = 217, "CTIOSCILClientID", Text;
    SILENT_MONITOR_STATUS = 218, "SilentMonitorStatus", U16;
    REQUESTING_DEVICE_ID = 219, "RequestingDeviceID", Text;
    REQUESTING_DEVICE_ID_TYPE = 220, "RequestingDeviceIDType", U16;
    PRE_CALL_INVOKE_ID = 221, "PreCallInvokeID", U32;
    ENTERPRISE_QUEUE_TIME = 222, "EnterpriseQueueTime", Bytes;
    CALL_REFERENCE_ID = 223, "CallReferenceID", Bytes;
    MULTILINE_AGENT_CONTROL = 224, "MultilineAgentControl", U16;
    NETWORK_CONTROLLED = 225, "NetworkControlled", Bytes;
    NUM_PERIPHERALS = 228, "NumPeripherals", U16;
    COC_CONNECTION_CALL_ID = 229, "COCConnectionCallID", U32;
    COC_CONNECTION_DEVICE_ID_TYPE = 230, "COCCallConnectionDeviceIDType", U16;
    COC_CONNECTION_DEVICE_ID = 231, "COCCallConnectionDeviceID", Text;
    CALL_ORIGINATED_FROM = 232, "CallOriginatedFrom", U8;
    SET_APPDATA_CALLID = 233, "SetAppdataCallid", Bytes;
    CLIENT_SHARE_KEY = 234, "ClientShareKey", Bytes;
    AGENT_TEAM_NAME = 243, "AgentTeamName", Text;
    DIRECTION = 244, "Direction", U32;
    OPTIONS = 245, "Options", Bytes;
    FLT_MRD_ID = 246, "FltMrdId", Bytes;
    MEDIA_CLASS_ID = 247, "MediaClassId", Bytes;
    TASK_LIFE = 248, "TaskLife", Bytes;
    TASK_START_TIMEOUT = 249, "TaskStartTimeout", Bytes;
    MAX_TASK_DURATION = 250, "FltMaxTaskDuration", U32;
    INTERRUPTIBLE = 251, "FltInterruptible", Bool;
    MAX_CALLS_IN_QUEUE = 252, "MaxCallsInQueue", Bytes;
    MAX_CALLS_IN_QUEUE_PER_CALL_TYPE = 253, "MaxCallsInQueuePerCallType", Bytes;
    MAX_TIME_IN_QUEUE = 254, "MaxTimeInQueue", Bytes;
    INTERNAL_AGENT_STATE = 255, "InternalAgentState", U16;
    SSO_ENABLED = 257, "SSOEnabled", U16;
    FLT_TASK_ID = 258, "FltTaskId", Bytes;
    FLT_ICM_DISP = 259, "FltIcmDisp", Bytes;
    FLT_APP_DISP = 260, "FltAppDisp", Bytes;
    NUM_MRDS = 261, "NumMRDs", U16;
    FLT_AGENT_MRD_ID = 262, "FltAgentMRDID", U32s;
    FLT_AGENT_MRD_STATE = 263, "FltAgentMRDState", U16s;
    FLT_PRECISION_QUEUE_ID = 264, "FltPrecisionQueueID", U32;
    FLT_PRECISION_QUEUE_NAME = 265, "FltPrecisionQueueName", Text;
    MAX_BEYOND_TASK_LIMIT = 266, "MaxBeyondTaskLimit", U32;
    AGENT_DESK_SETTINGS_ID = 267, "AgentDeskSettingsID", U32;
    XFER_IN_WHILE_LOGGED_OUT = 268, "XferInWhileLoggedOut", Bytes;
    PERIPHERAL_CONFIG_KEY = 269, "PeripheralConfigKey", Bytes;
    AGENT_DESK_SETTINGS_CONFIG_KEY = 270, "AgentDeskSettingsConfigKey", Bytes;
    CONFIG_PERIPHERAL_ID = 271, "ConfigPeripheralID", U32;
    DEFAULT_AGENT_DESK_SETTINGS_ID = 272, "DefaultAgentDeskSettingsID", U32;
    FLT_DESK_SETTINGS_MASK = 273, "FltDeskSettingsMask", U32;
    FLT_WRAP_UP_DATA_INCOMING_MODE = 274, "FltWrapUpDataIncomingMode", U32;
    FLT_WRAP_UP_DATA_OUTGOING_MODE = 275, "FltWrapUpDataOutgoingMode", U32;
    FLT_LOGOUT_NON_ACTIVITY_TIME = 276, "FltLogoutNonActivityTime", U32;
    FLT_QUALITY_RECORDING_RATE = 277, "FltQualityRecordingRate", U32;
    FLT_RING_NO_ANSWER_TIME = 278, "FltRingNoAnswerTime", U32;
    FLT_SILENT_MONITOR_WARNING_MESSAGE = 279, "FltSilentMonitorWarningMessage", U32;
    FLT_SILENT_MONITOR_AUDIBLE_INDICATION = 280, "FltSilentMonitorAudibleIndication", U32;
    FLT_SUPERVISOR_ASSIST_CALL_METHOD = 281, "FltSupervisorAssistCallMethod", U32;
    FLT_EMERGENCY_CALL_METHOD = 282, "FltEmergencyCallMethod", U32;
    FLT_AUTO_RECORD_ON_EMERGENCY = 283, "FltAutoRecordOnEmergency", U32;
    FLT_RECORDING_MODE = 284, "FltRecordingMode", U32;
    FLT_WORK_MODE_TIMER = 285, "FltWorkModeTimer", U32;
    FLT_RING_NO_ANSWER_DN_ID = 286, "FltRingNoAnswerDnId", U32;
    FLT_DEFAULT_DEVICE_PORT_ADDRESS = 287, "FltDefaultDevicePortAddress", Text;
    DESKTOP_CONNECTED_FLAG = 288, "DesktopConnectedFlag", Bytes;
    PLAY_TONE_DIRECTION = 289, "PlayToneDirection", U16;
    INVOCATION_TYPE = 290, "InvocationType", U16;
    RECORDER_ADDRESS = 291, "RecorderAddress", Text;
    TERMINAL_NAME = 292, "TerminalName", Text;
    MEDIA_FORKING_DEVICE_NAME = 293, "MediaForkingDeviceName", Text;
    PROTOCOL_REFERENCE_GUID = 294, "ProtocolReferenceGUID", Text;
    MEDIA_FORKING_CLUSTER_ID = 295, "MediaForkingClusterID", Text;
    RECORDER_URI = 296, "RecorderURI", Text;
    RECORDER_ERROR_MSG = 297, "RecorderErrorMsg", Text;
    RECORDER_TYPE = 298, "RecorderType", U16;
    RECORDER_STATUS = 299, "RecorderStatus", U16;
    RECORDING_DEVICE_ID = 300, "RecordingDeviceID", Text;
    TERMINAL_TYPE = 302, "TerminalType", U16;
    ACTIVE_TERMINAL = 303, "ActiveTerminal", Text;
    TERMINAL_TYPE_NAME = 304, "TerminalTypeName", Text;
    NUM_INSTRUMENTS = 305, "NumInstruments", U16;
    ACD_SHARED_LINE_USAGE = 306, "ACDSharedLineUsage", U32;
    PLAY_ZIP_TONE = 307, "PlayZipTone", U32;
    ENABLED_SERVICES = 309, "FltEnabledServices", U16s;
    NUM_OF_ENABLED_SERVICES = 310, "NumOfEnabledServices", U16;
    CCAI_CONFIG_ID = 311, "CcaiConfigId", Text;
    MEDIA_TYPE = 312, "MediaType", U16;
    MEDIA_PROVIDER = 313, "MediaProvider", U16;
}

/// Whether a field may hold a phone number, a password, or what a caller has said or typed.
pub const fn is_personal(tag: u16) -> bool {
    matches!(tag, 2 | 8..=22 | 25..=38 | 41..=50 | 52 | 53 | 58 | 60 | 67 | 76 | 79 | 80 | 82 | 83 | 90 | 91 | 95 | 96 | 206 | 219 | 231)
}

/// Stands between a mobile agent's device and telephone number in AgentInstrument.
pub const MOBILE_SEPARATOR: char = ';';

/// Whether a field with this text holds something personal: as [`is_personal`] says, or a mobile agent's number.
pub fn is_personal_text(tag: u16, text: &str) -> bool {
    is_personal(tag) || tag == AGENT_INSTRUMENT && text.contains(MOBILE_SEPARATOR)
}

/// A field for people: its number and, when known, its name.
pub fn describe(tag: u16) -> String {
    match name(tag) {
        "" => format!("[{tag}]"),
        name => format!("[{tag}] {name}"),
    }
}

//! Texts, services and settings among clients.

use super::Packed;
use super::declare::{confirmations, messages};
use crate::Status;

messages! {
    /// Send a text to other clients.
    107 "USER_MESSAGE_REQ" UserMessageReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// 0 a client, 1 the supervisor, 2 the team, 3 everyone.
            distribution: u16 = "Distribution";
        }
        floating {
            client_id: Option<String> = 1 "ClientID" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            text: Option<String> = 7 "Text" 255;
        }
    }

    /// A text from another client.
    109 "USER_MESSAGE_EVENT" UserMessageEvent "D25, D24, D23, SH-S; high" {
        fixed {
            /// Seconds since 1970.
            central_controller_time_secs: u32 = "ICMCentralControllerTime";
            /// 0 a client, 1 the supervisor, 2 the team, 3 everyone.
            distribution: u16 = "Distribution";
        }
        floating {
            client_id: Option<String> = 1 "ClientID" 64;
            text: Option<String> = 7 "Text" 255;
        }
    }

    /// Ask for the desk settings.
    131 "AGENT_DESK_SETTINGS_REQ" AgentDeskSettingsReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
        }
        floating {
            agent_id: Option<String> = 5 "AgentID" 12;
        }
    }

    /// The desk settings.
    132 "AGENT_DESK_SETTINGS_CONF" AgentDeskSettingsConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            desk_settings_mask: u32 = "DeskSettingsMask";
            wrapup_data_incoming_mode: u32 = "WrapupDataIncomingMode";
            wrapup_data_outgoing_mode: u32 = "WrapupDataOutgoingMode";
            logout_non_activity_time: u32 = "LogoutNonActivityTime";
            quality_recording_rate: u32 = "QualityRecordingRate";
            ring_no_answer_time: u32 = "RingNoAnswerTime";
            silent_monitor_warning_message: u32 = "SilentMonitorWarningMessage";
            silent_monitor_audible_indication: u32 = "SilentMonitorAudibleIndication";
            supervisor_assist_call_method: u32 = "SupervisorAssistCallMethod";
            emergency_call_method: u32 = "EmergencyCallMethod";
            auto_record_on_emergency: u32 = "AutoRecordOnEmergency";
            recording_mode: u32 = "RecordingMode";
            work_mode_timer: u32 = "WorkModeTimer";
            ring_no_answer_dn: u32 = "RingNoAnswerDN";
        }
        floating {
            default_device_port_address: Option<String> = 93 "DefaultDevicePortAddress" 32;
            play_zip_tone: Option<u32> = 307 "PlayZipTone";
            acd_shared_line_usage: Option<u32> = 306 "ACDSharedLineUsage";
        }
    }

    /// Offer a service to other clients.
    143 "REGISTER_SERVICE_REQ" RegisterServiceReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// 0 exclusive, 1 round robin, 2 parallel.
            server_mode: u16 = "ServerMode";
        }
        floating {
            service_name: Option<String> = 94 "ServiceName" 64;
        }
    }

    /// The service is registered.
    144 "REGISTER_SERVICE_CONF" RegisterServiceConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            registered_service_id: u32 = "RegisteredServiceID";
        }
    }

    /// Withdraw a service.
    145 "UNREGISTER_SERVICE_REQ" UnregisterServiceReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            registered_service_id: u32 = "RegisteredServiceID";
        }
    }

    /// Control an agent's greeting.
    249 "AGENT_GREETING_CONTROL_REQ" AgentGreetingControlReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// 0 stop this greeting, 1 off for this sign-in, 2 on for this sign-in.
            agent_action: u16 = "AgentAction";
        }
        floating {
            agent_id: Option<String> = 5 "AgentID" 12;
        }
    }

    /// Report what services an agent used in a call.
    283 "SET_AGENT_SERVICE_DATA_REQ" SetAgentServiceDataReq "D24, D25; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            router_call_key_day: u32 = "RouterCallKeyDay";
            router_call_key_call_id: u32 = "RouterCallKeyCallID";
            router_call_key_sequence_number: u32 = "RouterCallKeySequenceNumber";
            agent_skill_target_id: u32 = "AgentSkillTargetID";
        }
        floating {
            num_of_enabled_services: Option<u16> = 310 "NumOfEnabledServices";
            enabled_services: Packed<u16> = 309 "FltEnabledServices";
            num_positive_answers_suggestions: Option<u16> = 312 "NumPositiveAnswersSuggestions";
            num_negative_answers_suggestions: Option<u16> = 313 "NumNegativeAnswersSuggestions";
        }
    }

    /// Noted.
    284 "SET_AGENT_SERVICE_DATA_CONF" SetAgentServiceDataConf "D24, D25; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            status: Status = "Status";
        }
    }
}

confirmations! {
    /// It was sent.
    108 "USER_MESSAGE_CONF" UserMessageConf "D25, D24, D23, SH-S; high";
    /// It is withdrawn.
    146 "UNREGISTER_SERVICE_CONF" UnregisterServiceConf "D25, D24, D23, SH-S; high";
    250 "AGENT_GREETING_CONTROL_CONF" AgentGreetingControlConf "D25, D24, D23, SH-S; high";
}

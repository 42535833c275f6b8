//! Records of the configuration about agents.

use super::Packed;
use super::declare::{groups, messages};

messages! {
    /// Agents of the configuration.
    237 "CONFIG_AGENT_EVENT" ConfigAgentEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: AgentRecord;
        }
    }

    /// Desk settings of the configuration.
    261 "CONFIG_AGENT_DESK_SETTINGS_EVENT" ConfigAgentDeskSettingsEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: DeskSettingsRecord;
        }
    }

    /// Terminals of the configuration. The tag of its Instrument fields is not public.
    276 "CONFIG_TERMINAL_EVENT" ConfigTerminalEvent "D25, D24; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: TerminalRecord;
        }
    }

    /// Services that are enabled for agents.
    282 "CONFIG_AGENT_SERVICE_EVENT" ConfigAgentServiceEvent "D25, D24; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: AgentServiceRecord;
        }
    }
}

groups! {
    /// An agent.
    AgentRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        peripheral_id: Option<u32> = 208 "FltPeripheralID";
        active_terminal: Option<String> = 303 "ActiveTerminal" 64;
        agent_type: Option<u16> = 189 "AgentType";
        agent_desk_settings_id: Option<u32> = 267 "AgentDeskSettingsID";
        login_id: Option<String> = 190 "LoginID" 64;
        old_login_id: Option<String> = 214 "OldLoginID" 64;
        login_name: Option<String> = 207 "LoginName" 255;
        last_name: Option<String> = 138 "LastName" 32;
        first_name: Option<String> = 137 "FirstName" 32;
        extension: Option<String> = 173 "Extension" 16;
        description: Option<String> = 134 "Description" 128;
        agent_skill_target_id: Option<u32> = 141 "AgentSkillTargetID";
        num_skills: Option<u16> = 191 "NumSkills";
        sso_enabled: Option<u16> = 257 "SSOEnabled";
        num_mrds: Option<u16> = 261 "NumMRDs";
        skill_group_numbers: Packed<u32> = 62 "FltSkillGroupNumber";
        skill_group_priorities: Packed<u16> = 64 "FltSkillGroupPriority";
        agent_mrd_ids: Packed<u32> = 262 "FltAgentMRDID";
        agent_mrd_states: Packed<u16> = 263 "FltAgentMRDState";
    }

    /// Desk settings.
    DeskSettingsRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        agent_desk_settings_id: Option<u32> = 267 "AgentDeskSettingsID";
        desk_settings_mask: Option<u32> = 273 "FltDeskSettingsMask";
        wrap_up_data_incoming_mode: Option<u32> = 274 "FltWrapUpDataIncomingMode";
        wrap_up_data_outgoing_mode: Option<u32> = 275 "FltWrapUpDataOutgoingMode";
        logout_non_activity_time: Option<u32> = 276 "FltLogoutNonActivityTime";
        quality_recording_rate: Option<u32> = 277 "FltQualityRecordingRate";
        ring_no_answer_time: Option<u32> = 278 "FltRingNoAnswerTime";
        silent_monitor_warning_message: Option<u32> = 279 "FltSilentMonitorWarningMessage";
        silent_monitor_audible_indication: Option<u32> = 280 "FltSilentMonitorAudibleIndication";
        supervisor_assist_call_method: Option<u32> = 281 "FltSupervisorAssistCallMethod";
        emergency_call_method: Option<u32> = 282 "FltEmergencyCallMethod";
        auto_record_on_emergency: Option<u32> = 283 "FltAutoRecordOnEmergency";
        recording_mode: Option<u32> = 284 "FltRecordingMode";
        work_mode_timer: Option<u32> = 285 "FltWorkModeTimer";
        ring_no_answer_dn_id: Option<u32> = 286 "FltRingNoAnswerDnId";
        default_device_port_address: Option<String> = 287 "FltDefaultDevicePortAddress" 4;
        play_zip_tone: Option<u32> = 307 "PlayZipTone";
        acd_shared_line_usage: Option<u32> = 306 "ACDSharedLineUsage";
    }

    /// A terminal.
    TerminalRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        terminal_type: Option<u16> = 302 "TerminalType";
        terminal_device_name: Option<String> = 303 "TerminalDeviceName" 64;
        terminal_type_name: Option<String> = 304 "TerminalTypeName" 100;
        num_instruments: Option<u16> = 305 "NumInstruments";
    }

    /// The services that are enabled for an agent.
    AgentServiceRecord {
        agent_skill_target_id: Option<u32> = 141 "AgentSkillTargetID";
        num_of_enabled_services: Option<u16> = 310 "NumOfEnabledServices";
        enabled_services: Packed<u16> = 309 "FltEnabledServices";
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
    }
}

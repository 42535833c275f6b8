//! Calls that are announced to an agent.

use super::declare::messages;
use super::{CallVariables, NamedArray, NamedVariable, Packed};
use bytes::Bytes;

messages! {
    /// A call is on its way to an agent.
    105 "AGENT_PRE_CALL_EVENT" AgentPreCallEvent "D23–D25; SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID"
                + "NumNamedVariables" of named_variables
                + "NumNamedArrays" of named_arrays;
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            mrd_id: u32 = "MRDID";
            agent_skill_target_id: u32 = "AgentSkillTargetID" since 20;
        }
        floating {
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            router_call_key_sequence_number: Option<u32> = 110 "RouterCallKeySequenceNumber";
            ani: Option<String> = 8 "ANI" 40;
            user_to_user_info: Option<Bytes> = 9 "UserToUserInfo" 131;
            dialed_number: Option<String> = 11 "DialedNumber" 40;
            caller_entered_digits: Option<String> = 12 "CallerEnteredDigits" 40;
            call_type_id: Option<u32> = 210 "FltCallTypeID";
            pre_call_invoke_id: Option<u32> = 221 "PreCallInvokeID";
            call_variables: CallVariables = 13 "CallVariable1" 41;
            named_variables: Vec<NamedVariable> = 82 "NamedVariable" 251;
            named_arrays: Vec<NamedArray> = 83 "NamedArray" 252;
            agent_id: Option<String> = 5 "AgentID" 12;
            protocol_reference_guid: Option<String> = 294 "ProtocolReferenceGUID" 40;
            num_of_enabled_services: Option<u16> = 310 "NumOfEnabledServices";
            enabled_services: Packed<u16> = 309 "FltEnabledServices";
            ccai_config_id: Option<String> = 311 "CcaiConfigId" 40;
        }
    }

    /// The call does not come after all.
    106 "AGENT_PRE_CALL_ABORT_EVENT" AgentPreCallAbortEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            mrd_id: u32 = "MRDID";
        }
        floating {
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            router_call_key_day: Option<u32> = 72 "RouterCallKeyDay";
            router_call_key_call_id: Option<u32> = 73 "RouterCallKeyCallID";
            router_call_key_sequence_number: Option<u32> = 110 "RouterCallKeySequenceNumber";
        }
    }
}

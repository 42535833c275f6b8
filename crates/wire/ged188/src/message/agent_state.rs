//! What agents do.

use super::SkillGroup;
use super::declare::messages;
use crate::AgentState;

messages! {
    /// An agent is in a new state.
    30 "AGENT_STATE_EVENT" AgentStateEvent "D14–D25, CTM (reads this exact order at PV24), SH-S (agrees without DepartmentID), TAC212077; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            session_id: u32 = "SessionID";
            peripheral_type: u16 = "PeripheralType";
            skill_group_state: AgentState = "SkillGroupState";
            /// Seconds in the state.
            state_duration_secs: u32 = "StateDuration";
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            skill_group_priority: u16 = "SkillGroupPriority";
            agent_state: AgentState = "AgentState";
            event_reason_code: u16 = "EventReasonCode";
            mrd_id: u32 = "MRDID";
            num_tasks: u32 = "NumTasks";
            /// 1 routable, 0 not; one old guide prints the reverse.
            agent_mode: u16 = "AgentMode";
            max_task_limit: u32 = "MaxTaskLimit";
            icm_agent_id: u32 = "ICMAgentID";
            /// 0 not available, 1 to the router, 2 to the application.
            agent_availability_status: u32 = "AgentAvailabilityStatus"
                + "NumFltSkillGroups" of skill_groups since 10;
            department_id: u32 = "DepartmentID" since 20;
        }
        floating {
            /// Signature of the client that has asked for the new state.
            client_signature: Option<String> = 3 "CTIClientSignature" 64;
            agent_id: Option<String> = 5 "AgentID" 12;
            /// UCCX names agents here, and leaves field 5 out.
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            active_terminal: Option<String> = 303 "ActiveTerminal" 64;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            duration_secs: Option<u32> = 150 "Duration";
            next_agent_state: Option<AgentState> = 123 "NextAgentState";
            /// Of the call: 0 none, 1 in, 2 out, 3 other in, 4 other out, 5 outbound reserve, 6 preview, 7 predictive.
            direction: Option<u32> = 244 "Direction";
            max_beyond_task_limit: Option<u32> = 266 "MaxBeyondTaskLimit";
        }
        lists {
            skill_groups: SkillGroup;
        }
    }

    /// Ask for an agent's state. One of the three floating names, or `icm_agent_id`, says which agent.
    36 "QUERY_AGENT_STATE_REQ" QueryAgentStateReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            mrd_id: u32 = "MRDID";
            icm_agent_id: u32 = "ICMAgentID";
        }
        floating {
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            /// UCCX names agents here, and leaves field 5 out.
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// An agent's state.
    37 "QUERY_AGENT_STATE_CONF" QueryAgentStateConf "D14–D25, CTM, CCX; SH-S agrees without DepartmentID; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            agent_state: AgentState = "AgentState" + "NumSkillGroups" of skill_groups;
            mrd_id: u32 = "MRDID";
            num_tasks: u32 = "NumTasks";
            /// 1 routable, 0 not; one old guide prints the reverse.
            agent_mode: u16 = "AgentMode";
            max_task_limit: u32 = "MaxTaskLimit";
            icm_agent_id: u32 = "ICMAgentID";
            /// 0 not available, 1 to the router, 2 to the application.
            agent_availability_status: u32 = "AgentAvailabilityStatus";
            department_id: u32 = "DepartmentID" since 20;
        }
        floating {
            agent_id: Option<String> = 5 "AgentID" 12;
            /// UCCX names agents here, and leaves field 5 out.
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            /// Sent by UCCX.
            internal_agent_state: Option<AgentState> = 255 "InternalAgentState";
            max_beyond_task_limit: Option<u32> = 266 "MaxBeyondTaskLimit";
        }
        lists {
            skill_groups: SkillGroup;
        }
    }
}

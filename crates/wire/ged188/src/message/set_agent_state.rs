//! Orders about what agents do.

use super::SkillGroup;
use super::declare::{confirmations, messages};
use crate::{AgentState, Secret};

messages! {
    /// Sign in, out, or change state.
    38 "SET_AGENT_STATE_REQ" SetAgentStateReq "D14–D25, CCX, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// The wanted state; [`AgentState::LOGIN`] to sign in.
            agent_state: AgentState = "AgentState";
            /// 3 or 4 for a mobile agent, else 0.
            agent_work_mode: u16 = "AgentWorkMode" + "NumSkillGroups" of skill_groups;
            event_reason_code: u16 = "EventReasonCode";
            /// 0 no, 1 force, 2 authenticate only.
            forced_flag: u8 = "ForcedFlag" since 10;
            /// 1 for outbound support.
            agent_service_req: u32 = "AgentServiceReq" since 10;
        }
        floating {
            /// The device; `instrument;phone` for a mobile agent.
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            active_terminal: Option<String> = 303 "ActiveTerminal" 64;
            /// Needed to sign in and out.
            agent_id: Option<String> = 5 "AgentID" 12;
            /// UCCX names agents here, and leaves field 5 out.
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
            agent_password: Option<Secret> = 49 "AgentPassword" 64;
            position_id: Option<String> = 68 "PositionID" 12;
            supervisor_id: Option<String> = 69 "SupervisorID" 12;
            sso_enabled: Option<u16> = 257 "SSOEnabled";
        }
        lists {
            skill_groups: SkillGroup;
        }
    }
}

confirmations! {
    /// The order was taken; the state follows in an event.
    39 "SET_AGENT_STATE_CONF" SetAgentStateConf "D25, D24, D23, SH-S; high";
}

impl SetAgentStateConf {
    /// The message without floating fields.
    pub fn new(invoke_id: u32) -> Self {
        Self { invoke_id, ..Self::default() }
    }
}

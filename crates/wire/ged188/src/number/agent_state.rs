//! What an agent does.

use super::numbers;

numbers! {
    /// AgentState, SkillGroupState and NextAgentState. 11 to 14 belong to media other than voice. The default is not
    /// 0: that is LOGIN, an order.
    pub struct AgentState(pub u16) default 9 {
        LOGIN = 0, "AGENT_STATE_LOGIN";
        LOGOUT = 1, "AGENT_STATE_LOGOUT";
        NOT_READY = 2, "AGENT_STATE_NOT_READY";
        AVAILABLE = 3, "AGENT_STATE_AVAILABLE";
        TALKING = 4, "AGENT_STATE_TALKING";
        WORK_NOT_READY = 5, "AGENT_STATE_WORK_NOT_READY";
        WORK_READY = 6, "AGENT_STATE_WORK_READY";
        BUSY_OTHER = 7, "AGENT_STATE_BUSY_OTHER";
        RESERVED = 8, "AGENT_STATE_RESERVED";
        UNKNOWN = 9, "AGENT_STATE_UNKNOWN";
        HOLD = 10, "AGENT_STATE_HOLD";
        ACTIVE = 11, "AGENT_STATE_ACTIVE";
        PAUSED = 12, "AGENT_STATE_PAUSED";
        INTERRUPTED = 13, "AGENT_STATE_INTERRUPTED";
        NOT_ACTIVE = 14, "AGENT_STATE_NOT_ACTIVE";
    }
}

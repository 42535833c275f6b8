//! Teams of agents.

use super::declare::{confirmations, groups, messages};
use crate::{AgentState, Status};

messages! {
    /// The agents of a team, or changes.
    128 "AGENT_TEAM_CONFIG_EVENT" AgentTeamConfigEvent "D23–D25; SH-S agrees without DepartmentID; CTM reads this order at PV24; high" {
        fixed {
            peripheral_id: u32 = "PeripheralID";
            team_id: u32 = "TeamID" + "NumberOfAgents" of agents;
            /// 0 restore, 1 add, 2 remove.
            config_operation: u16 = "ConfigOperation";
            department_id: u32 = "DepartmentID" since 20;
        }
        floating {
            agent_team_name: Option<String> = 243 "AgentTeamName" 32;
        }
        lists {
            agents: TeamMember;
        }
    }

    /// Ask for a supervisor's teams.
    133 "LIST_AGENT_TEAM_REQ" ListAgentTeamReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            supervisor_id: u32 = "SupervisorID";
        }
    }

    /// A supervisor's teams.
    134 "LIST_AGENT_TEAM_CONF" ListAgentTeamConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID" + "NumberOfAgentTeams" of team_ids;
            segment_number: u16 = "SegmentNumber";
            /// 1 when further segments follow.
            more: u16 = "More";
        }
        floating {
            team_ids: Vec<u32> = 92 "TeamID";
        }
    }

    /// Watch a team.
    135 "MONITOR_AGENT_TEAM_START_REQ" MonitorAgentTeamStartReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            team_id: u32 = "TeamID";
        }
    }

    /// The watch has begun.
    136 "MONITOR_AGENT_TEAM_START_CONF" MonitorAgentTeamStartConf "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
        }
    }

    /// End the watch of a team.
    137 "MONITOR_AGENT_TEAM_STOP_REQ" MonitorAgentTeamStopReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            monitor_id: u32 = "MonitorID";
        }
    }
}

confirmations! {
    /// It has ended.
    138 "MONITOR_AGENT_TEAM_STOP_CONF" MonitorAgentTeamStopConf "D25, D24, D23, SH-S; high";
}

messages! {
    /// Ask for the teams and their agents (UCCX).
    242 "TEAM_CONFIG_REQ" TeamConfigReq "CCX; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// 1 as they are now, 2 changes too.
            config_param: u16 = "ConfigParam";
            reserved1: u32 = "Reserved1";
            reserved2: u32 = "Reserved2";
        }
    }

    /// A team and its agents, or changes of it (UCCX).
    243 "TEAM_CONFIG_EVENT" TeamConfigEvent "CCX; medium" {
        fixed {
            team_id: u32 = "TeamID" + "NumRecords" of members;
            /// 1 add, 2 remove, 3 change.
            operation: u16 = "Operation";
            reserved1: u32 = "Reserved1";
            reserved2: u32 = "Reserved2";
        }
        floating {
            team_name: Option<String> = 204 "TeamName";
        }
        lists {
            members: TeamRecord;
        }
    }

    /// All teams were told (UCCX).
    244 "TEAM_CONFIG_CONF" TeamConfigConf "CCX; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            status: Status = "Status";
        }
        floating {
            text: Option<String> = 7 "Text";
        }
    }
}

groups! {
    /// An agent of a team, as UCCX names it.
    TeamRecord {
        agent_id: Option<String> = 194 "AgentIDLong" 129;
        /// 0 regular, 1 primary supervisor, 2 temporary agent, 4 supervisor.
        flags: Option<u16> = 87 "AgentFlags";
        record_type: Option<u16> = 183 "RecordType";
        member_type: Option<u16> = 205 "MemberType";
    }

    /// An agent of a team.
    TeamMember {
        agent_id: Option<String> = 86 "AtcAgentID" 12;
        /// 0 regular, 1 primary supervisor, 2 temporary agent, 4 supervisor.
        flags: Option<u16> = 87 "AgentFlags";
        state: Option<AgentState> = 88 "AtcAgentState";
        state_duration_secs: Option<u32> = 89 "AtcStateDuration";
    }
}

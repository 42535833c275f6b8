//! AGENT_STATE_EVENT (30): an agent's state changed, overall or for one skill group.

use super::{Body, SkillGroup, skill_group};
use crate::cursor::{Reader, Writer};
use crate::{AgentState, DecodeError, Dialect, Fields, field, tag};
use bytes::Bytes;

/// AGENT_STATE_EVENT. When a skill group is named, `skill_group_state` is the state for that group;
/// `agent_state` is the overall state in every case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentStateEvent {
    /// MonitorID.
    pub monitor_id: u32,
    /// PeripheralID.
    pub peripheral_id: u32,
    /// SessionID.
    pub session_id: u32,
    /// PeripheralType.
    pub peripheral_type: u16,
    /// SkillGroupState.
    pub skill_group_state: AgentState,
    /// StateDuration, seconds since the state began.
    pub state_duration_secs: u32,
    /// SkillGroupNumber, or [`SkillGroup::NONE`].
    pub skill_group_number: u32,
    /// SkillGroupID, or [`SkillGroup::NONE`].
    pub skill_group_id: u32,
    /// SkillGroupPriority.
    pub skill_group_priority: u16,
    /// AgentState: the overall state.
    pub agent_state: AgentState,
    /// EventReasonCode; meaningful for NOT_READY and LOGOUT.
    pub event_reason_code: u16,
    /// MRDID: the medium; 1 is Cisco_Voice.
    pub mrd_id: u32,
    /// NumTasks.
    pub num_tasks: u32,
    /// AgentMode: 1 routable, 0 not.
    pub agent_mode: u16,
    /// MaxTaskLimit.
    pub max_task_limit: u32,
    /// ICMAgentID: the agent's number in the configuration.
    pub icm_agent_id: u32,
    /// AgentAvailabilityStatus: 0 not available, 1 for ICM, 2 for the application.
    pub agent_availability_status: u32,
    /// DepartmentID, from version 20 on.
    pub department_id: u32,
    /// CTIClientSignature: the client whose request caused the change.
    pub client_signature: Option<String>,
    /// AgentID.
    pub agent_id: Option<String>,
    /// AgentExtension.
    pub agent_extension: Option<String>,
    /// ActiveTerminal.
    pub active_terminal: Option<String>,
    /// AgentInstrument.
    pub agent_instrument: Option<String>,
    /// Duration: seconds that the state is expected to last.
    pub duration_secs: Option<u32>,
    /// NextAgentState: the pending state.
    pub next_agent_state: Option<AgentState>,
    /// Direction of the call: 1 in, 2 out, …
    pub direction: Option<u32>,
    /// The skill groups, when there are more than the one of the fixed part.
    pub skill_groups: Vec<SkillGroup>,
    /// MaxBeyondTaskLimit.
    pub max_beyond_task_limit: Option<u32>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl Default for AgentStateEvent {
    /// An event about no skill group and an unknown state.
    fn default() -> Self {
        Self {
            monitor_id: 0,
            peripheral_id: 0,
            session_id: 0,
            peripheral_type: 0,
            skill_group_state: AgentState::UNKNOWN,
            state_duration_secs: 0,
            skill_group_number: SkillGroup::NONE,
            skill_group_id: SkillGroup::NONE,
            skill_group_priority: 0,
            agent_state: AgentState::UNKNOWN,
            event_reason_code: 0,
            mrd_id: 0,
            num_tasks: 0,
            agent_mode: 0,
            max_task_limit: 0,
            icm_agent_id: 0,
            agent_availability_status: 0,
            department_id: 0,
            client_signature: None,
            agent_id: None,
            agent_extension: None,
            active_terminal: None,
            agent_instrument: None,
            duration_secs: None,
            next_agent_state: None,
            direction: None,
            skill_groups: Vec::new(),
            max_beyond_task_limit: None,
            other: Fields::NONE,
        }
    }
}

impl Body for AgentStateEvent {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let expected = dialect.agent_state_event_fixed_bytes();
        let fixed_bytes = field::fixed_bytes(body, dialect, expected, &[62, 58]);
        let mut fixed = Reader::new(body);
        let mut message = Self {
            monitor_id: fixed.u32("MonitorID")?,
            peripheral_id: fixed.u32("PeripheralID")?,
            session_id: fixed.u32("SessionID")?,
            peripheral_type: fixed.u16("PeripheralType")?,
            skill_group_state: AgentState(fixed.u16("SkillGroupState")?),
            state_duration_secs: fixed.u32("StateDuration")?,
            skill_group_number: fixed.u32("SkillGroupNumber")?,
            skill_group_id: fixed.u32("SkillGroupID")?,
            skill_group_priority: fixed.u16("SkillGroupPriority")?,
            agent_state: AgentState(fixed.u16("AgentState")?),
            event_reason_code: fixed.u16("EventReasonCode")?,
            mrd_id: fixed.u32("MRDID")?,
            num_tasks: fixed.u32("NumTasks")?,
            agent_mode: fixed.u16("AgentMode")?,
            max_task_limit: fixed.u32("MaxTaskLimit")?,
            icm_agent_id: fixed.u32("ICMAgentID")?,
            agent_availability_status: fixed.u32("AgentAvailabilityStatus")?,
            ..Self::default()
        };
        if fixed_bytes >= 58 {
            // The list's own length decides; a wrong count would otherwise lose a state change.
            fixed.u16("NumFltSkillGroups")?;
        }
        if fixed_bytes >= 62 {
            message.department_id = fixed.u32("DepartmentID")?;
        }
        message.take_fields(fixed.fields(dialect)?)?;
        Ok(message)
    }

    fn encode(&self, out: &mut Writer) {
        let fixed_bytes = out.dialect().agent_state_event_fixed_bytes();
        out.u32(self.monitor_id);
        out.u32(self.peripheral_id);
        out.u32(self.session_id);
        out.u16(self.peripheral_type);
        out.u16(self.skill_group_state.0);
        out.u32(self.state_duration_secs);
        out.u32(self.skill_group_number);
        out.u32(self.skill_group_id);
        out.u16(self.skill_group_priority);
        out.u16(self.agent_state.0);
        out.u16(self.event_reason_code);
        out.u32(self.mrd_id);
        out.u32(self.num_tasks);
        out.u16(self.agent_mode);
        out.u32(self.max_task_limit);
        out.u32(self.icm_agent_id);
        out.u32(self.agent_availability_status);
        if fixed_bytes >= 58 {
            out.u16(skill_group::count(&self.skill_groups));
        }
        if fixed_bytes >= 62 {
            out.u32(self.department_id);
        }
        self.put_fields(out);
    }
}

impl AgentStateEvent {
    fn take_fields(&mut self, mut fields: Fields) -> Result<(), DecodeError> {
        self.client_signature = fields.take_text(tag::CLIENT_SIGNATURE);
        self.agent_id = fields.take_text(tag::AGENT_ID);
        self.agent_extension = fields.take_text(tag::AGENT_EXTENSION);
        self.active_terminal = fields.take_text(tag::ACTIVE_TERMINAL);
        self.agent_instrument = fields.take_text(tag::AGENT_INSTRUMENT);
        self.duration_secs = fields.take_u32(tag::DURATION)?;
        self.next_agent_state = fields.take_u16(tag::NEXT_AGENT_STATE)?.map(AgentState);
        self.direction = fields.take_u32(tag::DIRECTION)?;
        self.skill_groups = skill_group::take(&mut fields)?;
        self.max_beyond_task_limit = fields.take_u32(tag::MAX_BEYOND_TASK_LIMIT)?;
        self.other = fields;
        Ok(())
    }

    fn put_fields(&self, out: &mut Writer) {
        out.text_if_any(tag::CLIENT_SIGNATURE, self.client_signature.as_deref());
        out.text_if_any(tag::AGENT_ID, self.agent_id.as_deref());
        out.text_if_any(tag::AGENT_EXTENSION, self.agent_extension.as_deref());
        out.text_if_any(tag::ACTIVE_TERMINAL, self.active_terminal.as_deref());
        out.text_if_any(tag::AGENT_INSTRUMENT, self.agent_instrument.as_deref());
        out.u32_field_if_any(tag::DURATION, self.duration_secs);
        out.u16_field_if_any(tag::NEXT_AGENT_STATE, self.next_agent_state.map(|state| state.0));
        out.u32_field_if_any(tag::DIRECTION, self.direction);
        skill_group::put(out, &self.skill_groups);
        out.u32_field_if_any(tag::MAX_BEYOND_TASK_LIMIT, self.max_beyond_task_limit);
        out.others(&self.other);
    }
}

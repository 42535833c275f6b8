//! QUERY_AGENT_STATE_REQ (36) and QUERY_AGENT_STATE_CONF (37).

use super::{Body, SkillGroup, skill_group};
use crate::cursor::{Reader, Writer};
use crate::{AgentState, DecodeError, Dialect, Fields, field, tag};
use bytes::Bytes;

/// QUERY_AGENT_STATE_REQ. At least one of the three names, or `icm_agent_id`, says which agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryAgentStateReq {
    /// Returns in the confirmation.
    pub invoke_id: u32,
    /// PeripheralID.
    pub peripheral_id: u32,
    /// MRDID: the medium; 1 is Cisco_Voice.
    pub mrd_id: u32,
    /// ICMAgentID, 0 if the agent is named otherwise.
    pub icm_agent_id: u32,
    /// AgentExtension.
    pub agent_extension: Option<String>,
    /// AgentID.
    pub agent_id: Option<String>,
    /// AgentInstrument.
    pub agent_instrument: Option<String>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl Body for QueryAgentStateReq {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        let invoke_id = fixed.u32("InvokeID")?;
        let peripheral_id = fixed.u32("PeripheralID")?;
        let mrd_id = fixed.u32("MRDID")?;
        let icm_agent_id = fixed.u32("ICMAgentID")?;
        let mut fields = fixed.fields(dialect)?;
        Ok(Self {
            invoke_id,
            peripheral_id,
            mrd_id,
            icm_agent_id,
            agent_extension: fields.take_text(tag::AGENT_EXTENSION),
            agent_id: fields.take_text(tag::AGENT_ID),
            agent_instrument: fields.take_text(tag::AGENT_INSTRUMENT),
            other: fields,
        })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.u32(self.peripheral_id);
        out.u32(self.mrd_id);
        out.u32(self.icm_agent_id);
        out.text_if_any(tag::AGENT_EXTENSION, self.agent_extension.as_deref());
        out.text_if_any(tag::AGENT_ID, self.agent_id.as_deref());
        out.text_if_any(tag::AGENT_INSTRUMENT, self.agent_instrument.as_deref());
        out.others(&self.other);
    }
}

/// QUERY_AGENT_STATE_CONF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryAgentStateConf {
    /// The answered request.
    pub invoke_id: u32,
    /// The agent's overall state.
    pub agent_state: AgentState,
    /// MRDID: the medium.
    pub mrd_id: u32,
    /// NumTasks.
    pub num_tasks: u32,
    /// AgentMode: 1 routable, 0 not.
    pub agent_mode: u16,
    /// MaxTaskLimit.
    pub max_task_limit: u32,
    /// ICMAgentID.
    pub icm_agent_id: u32,
    /// AgentAvailabilityStatus.
    pub agent_availability_status: u32,
    /// DepartmentID, from version 20 on.
    pub department_id: u32,
    /// AgentID.
    pub agent_id: Option<String>,
    /// AgentExtension.
    pub agent_extension: Option<String>,
    /// AgentInstrument.
    pub agent_instrument: Option<String>,
    /// The agent's skill groups.
    pub skill_groups: Vec<SkillGroup>,
    /// InternalAgentState (UCCX).
    pub internal_agent_state: Option<AgentState>,
    /// MaxBeyondTaskLimit.
    pub max_beyond_task_limit: Option<u32>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl Body for QueryAgentStateConf {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let expected = dialect.query_agent_state_conf_fixed_bytes();
        let fixed_bytes = field::fixed_bytes(body, dialect, expected, &[34, 30]);
        let mut fixed = Reader::new(body);
        let invoke_id = fixed.u32("InvokeID")?;
        let agent_state = AgentState(fixed.u16("AgentState")?);
        // The list's own length decides, as in AGENT_STATE_EVENT.
        fixed.u16("NumSkillGroups")?;
        let mut message = Self {
            invoke_id,
            agent_state,
            mrd_id: fixed.u32("MRDID")?,
            num_tasks: fixed.u32("NumTasks")?,
            agent_mode: fixed.u16("AgentMode")?,
            max_task_limit: fixed.u32("MaxTaskLimit")?,
            icm_agent_id: fixed.u32("ICMAgentID")?,
            agent_availability_status: fixed.u32("AgentAvailabilityStatus")?,
            ..Self::default()
        };
        if fixed_bytes >= 34 {
            message.department_id = fixed.u32("DepartmentID")?;
        }
        let mut fields = fixed.fields(dialect)?;
        message.agent_id = fields.take_text(tag::AGENT_ID);
        message.agent_extension = fields.take_text(tag::AGENT_EXTENSION);
        message.agent_instrument = fields.take_text(tag::AGENT_INSTRUMENT);
        message.skill_groups = skill_group::take(&mut fields)?;
        message.internal_agent_state = fields.take_u16(tag::INTERNAL_AGENT_STATE)?.map(AgentState);
        message.max_beyond_task_limit = fields.take_u32(tag::MAX_BEYOND_TASK_LIMIT)?;
        message.other = fields;
        Ok(message)
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.u16(self.agent_state.0);
        out.u16(skill_group::count(&self.skill_groups));
        out.u32(self.mrd_id);
        out.u32(self.num_tasks);
        out.u16(self.agent_mode);
        out.u32(self.max_task_limit);
        out.u32(self.icm_agent_id);
        out.u32(self.agent_availability_status);
        if out.dialect().query_agent_state_conf_fixed_bytes() >= 34 {
            out.u32(self.department_id);
        }
        out.text_if_any(tag::AGENT_ID, self.agent_id.as_deref());
        out.text_if_any(tag::AGENT_EXTENSION, self.agent_extension.as_deref());
        out.text_if_any(tag::AGENT_INSTRUMENT, self.agent_instrument.as_deref());
        skill_group::put(out, &self.skill_groups);
        out.u16_field_if_any(tag::INTERNAL_AGENT_STATE, self.internal_agent_state.map(|state| state.0));
        out.u32_field_if_any(tag::MAX_BEYOND_TASK_LIMIT, self.max_beyond_task_limit);
        out.others(&self.other);
    }
}

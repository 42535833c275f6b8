//! SET_AGENT_STATE_REQ (38) and SET_AGENT_STATE_CONF (39).

use super::{Body, SkillGroup, skill_group};
use crate::cursor::{Reader, Writer};
use crate::{AgentState, DecodeError, Dialect, Fields, Secret, tag};
use bytes::Bytes;

/// SET_AGENT_STATE_REQ: sign in, out, or change state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetAgentStateReq {
    /// Returns in the confirmation.
    pub invoke_id: u32,
    /// PeripheralID.
    pub peripheral_id: u32,
    /// The wanted state; [`AgentState::LOGIN`] to sign in.
    pub agent_state: AgentState,
    /// AgentWorkMode; 3 or 4 for a mobile agent, else 0.
    pub agent_work_mode: u16,
    /// EventReasonCode, 0 if none.
    pub event_reason_code: u16,
    /// ForcedFlag, from version 10 on: 0 no, 1 force, 2 authenticate only.
    pub forced_flag: u8,
    /// AgentServiceReq, from version 10 on: 1 for outbound support.
    pub agent_service_req: u32,
    /// AgentInstrument: the device; "instrument;phone" for a mobile agent.
    pub agent_instrument: Option<String>,
    /// ActiveTerminal.
    pub active_terminal: Option<String>,
    /// AgentID; needed to sign in and out.
    pub agent_id: Option<String>,
    /// AgentPassword, for signing in.
    pub agent_password: Option<Secret>,
    /// PositionID.
    pub position_id: Option<String>,
    /// SupervisorID.
    pub supervisor_id: Option<String>,
    /// SSOEnabled.
    pub sso_enabled: Option<u16>,
    /// The skill groups that the order is for; none for all. Only number and priority travel.
    pub skill_groups: Vec<SkillGroup>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl Body for SetAgentStateReq {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        let invoke_id = fixed.u32("InvokeID")?;
        let peripheral_id = fixed.u32("PeripheralID")?;
        let agent_state = AgentState(fixed.u16("AgentState")?);
        let agent_work_mode = fixed.u16("AgentWorkMode")?;
        // The list's own length decides, as in AGENT_STATE_EVENT.
        fixed.u16("NumSkillGroups")?;
        let event_reason_code = fixed.u16("EventReasonCode")?;
        let (forced_flag, agent_service_req) = if dialect.has_forced_flag() {
            (fixed.u8("ForcedFlag")?, fixed.u32("AgentServiceReq")?)
        } else {
            (0, 0)
        };
        let mut fields = fixed.fields(dialect)?;
        Ok(Self {
            invoke_id,
            peripheral_id,
            agent_state,
            agent_work_mode,
            event_reason_code,
            forced_flag,
            agent_service_req,
            agent_instrument: fields.take_text(tag::AGENT_INSTRUMENT),
            active_terminal: fields.take_text(tag::ACTIVE_TERMINAL),
            agent_id: fields.take_text(tag::AGENT_ID),
            agent_password: fields.take(tag::AGENT_PASSWORD).map(Secret::from_field),
            position_id: fields.take_text(tag::POSITION_ID),
            supervisor_id: fields.take_text(tag::SUPERVISOR_ID),
            sso_enabled: fields.take_u16(tag::SSO_ENABLED)?,
            skill_groups: skill_group::take(&mut fields)?,
            other: fields,
        })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.u32(self.peripheral_id);
        out.u16(self.agent_state.0);
        out.u16(self.agent_work_mode);
        out.u16(skill_group::count(&self.skill_groups));
        out.u16(self.event_reason_code);
        if out.dialect().has_forced_flag() {
            out.u8(self.forced_flag);
            out.u32(self.agent_service_req);
        }
        out.text_if_any(tag::AGENT_INSTRUMENT, self.agent_instrument.as_deref());
        out.text_if_any(tag::ACTIVE_TERMINAL, self.active_terminal.as_deref());
        out.text_if_any(tag::AGENT_ID, self.agent_id.as_deref());
        out.secret_if_any(tag::AGENT_PASSWORD, self.agent_password.as_ref());
        out.text_if_any(tag::POSITION_ID, self.position_id.as_deref());
        out.text_if_any(tag::SUPERVISOR_ID, self.supervisor_id.as_deref());
        out.u16_field_if_any(tag::SSO_ENABLED, self.sso_enabled);
        for group in &self.skill_groups {
            out.u32_field_if_any(tag::SKILL_GROUP_NUMBER, Some(group.number));
            out.u16_field_if_any(tag::SKILL_GROUP_PRIORITY, Some(group.priority));
        }
        out.others(&self.other);
    }
}

/// SET_AGENT_STATE_CONF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetAgentStateConf {
    /// The confirmed request.
    pub invoke_id: u32,
    /// Unknown floating fields.
    pub other: Fields,
}

impl SetAgentStateConf {
    /// The message without floating fields.
    pub fn new(invoke_id: u32) -> Self {
        Self { invoke_id, other: Fields::NONE }
    }
}

impl Body for SetAgentStateConf {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        Ok(Self { invoke_id: fixed.u32("InvokeID")?, other: fixed.fields(dialect)? })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.others(&self.other);
    }
}

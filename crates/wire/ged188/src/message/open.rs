//! OPEN_REQ (3), the first message of a session, and OPEN_CONF (4).

use super::Body;
use crate::cursor::{Reader, Writer};
use crate::{AgentState, DecodeError, Dialect, Fields, Secret, Services, field, tag};
use bytes::Bytes;

/// OPEN_REQ. `Default` is a request for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenReq {
    /// Returns in the confirmation.
    pub invoke_id: u32,
    /// The wanted protocol version. The floating fields of this message are already written in it.
    pub version: u32,
    /// Seconds of silence after which the server resets the connection; [`OpenReq::NO_IDLE_TIMEOUT`] for never.
    pub idle_timeout_secs: u32,
    /// The peripheral, or [`OpenReq::NULL_PERIPHERAL_ID`].
    pub peripheral_id: u32,
    /// ServicesRequested.
    pub services: Services,
    /// CallMsgMask: which call events.
    pub call_events: u32,
    /// AgentStateMask: which agent states.
    pub agent_states: u32,
    /// ConfigMsgMask: which configuration events.
    pub config_events: u32,
    /// Reserved1 to Reserved3; must be 0.
    pub reserved: [u32; 3],
    /// ClientID; required.
    pub client_id: Option<String>,
    /// ClientPassword; required, even when it is empty.
    pub client_password: Option<Secret>,
    /// ClientSignature: comes back in the events that this client's requests cause.
    pub client_signature: Option<String>,
    /// AgentExtension, for a session about one agent.
    pub agent_extension: Option<String>,
    /// AgentID, for a session about one agent.
    pub agent_id: Option<String>,
    /// AgentInstrument, for a session about one agent.
    pub agent_instrument: Option<String>,
    /// ApplicationPathID, for multi-channel applications.
    pub application_path_id: Option<u32>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl OpenReq {
    /// IdleTimeout of a session that never idles out.
    pub const NO_IDLE_TIMEOUT: u32 = u32::MAX;
    /// PeripheralID of a session that is not about one peripheral.
    pub const NULL_PERIPHERAL_ID: u32 = u32::MAX;

    /// VersionNumber alone: a server must know it before it can read the rest.
    pub fn version_of(body: &Bytes) -> Result<u32, DecodeError> {
        let mut fixed = Reader::new(body);
        fixed.u32("InvokeID")?;
        fixed.u32("VersionNumber")
    }
}

impl Body for OpenReq {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        let mut message = Self {
            invoke_id: fixed.u32("InvokeID")?,
            version: fixed.u32("VersionNumber")?,
            idle_timeout_secs: fixed.u32("IdleTimeout")?,
            peripheral_id: fixed.u32("PeripheralID")?,
            services: Services(fixed.u32("ServicesRequested")?),
            call_events: fixed.u32("CallMsgMask")?,
            agent_states: fixed.u32("AgentStateMask")?,
            config_events: fixed.u32("ConfigMsgMask")?,
            reserved: [fixed.u32("Reserved1")?, fixed.u32("Reserved2")?, fixed.u32("Reserved3")?],
            ..Self::default()
        };
        let mut fields = fixed.fields(dialect)?;
        message.client_id = fields.take_text(tag::CLIENT_ID);
        message.client_password = fields.take(tag::CLIENT_PASSWORD).map(Secret::from_field);
        message.client_signature = fields.take_text(tag::CLIENT_SIGNATURE);
        message.agent_extension = fields.take_text(tag::AGENT_EXTENSION);
        message.agent_id = fields.take_text(tag::AGENT_ID);
        message.agent_instrument = fields.take_text(tag::AGENT_INSTRUMENT);
        message.application_path_id = fields.take_u32(tag::APPLICATION_PATH_ID)?;
        message.other = fields;
        Ok(message)
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.u32(self.version);
        out.u32(self.idle_timeout_secs);
        out.u32(self.peripheral_id);
        out.u32(self.services.0);
        out.u32(self.call_events);
        out.u32(self.agent_states);
        out.u32(self.config_events);
        self.reserved.iter().for_each(|reserved| out.u32(*reserved));
        out.text_if_any(tag::CLIENT_ID, self.client_id.as_deref());
        out.secret_if_any(tag::CLIENT_PASSWORD, self.client_password.as_ref());
        out.text_if_any(tag::CLIENT_SIGNATURE, self.client_signature.as_deref());
        out.text_if_any(tag::AGENT_EXTENSION, self.agent_extension.as_deref());
        out.text_if_any(tag::AGENT_ID, self.agent_id.as_deref());
        out.text_if_any(tag::AGENT_INSTRUMENT, self.agent_instrument.as_deref());
        out.u32_field_if_any(tag::APPLICATION_PATH_ID, self.application_path_id);
        out.others(&self.other);
    }
}

/// OPEN_CONF. It carries no version: the session runs at the one that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenConf {
    /// The confirmed request.
    pub invoke_id: u32,
    /// ServicesGranted, possibly fewer than requested.
    pub services: Services,
    /// MonitorID, for monitor sessions.
    pub monitor_id: u32,
    /// PGStatus, a bit mask; 0 when all is well.
    pub pg_status: u32,
    /// ICMCentralControllerTime, seconds since 1970.
    pub central_controller_time_secs: u32,
    /// PeripheralOnline.
    pub peripheral_online: bool,
    /// PeripheralType.
    pub peripheral_type: u16,
    /// AgentState, for a session about one agent.
    pub agent_state: AgentState,
    /// DepartmentID, from version 19 on.
    pub department_id: u32,
    /// SessionType, from version 24 on: 0 unknown, 1 active, 2 standby.
    pub session_type: u16,
    /// AgentExtension, for a session about one agent.
    pub agent_extension: Option<String>,
    /// AgentID, for a session about one agent.
    pub agent_id: Option<String>,
    /// AgentInstrument, for a session about one agent.
    pub agent_instrument: Option<String>,
    /// NumPeripherals, with a FltPeripheralID and a MultilineAgentControl each.
    pub num_peripherals: Option<u16>,
    /// The first FltPeripheralID.
    pub peripheral_id: Option<u32>,
    /// The first MultilineAgentControl: 0 single line, 1 multi-line.
    pub multiline_agent_control: Option<u16>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl Body for OpenConf {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let fixed_bytes = field::fixed_bytes(body, dialect, dialect.open_conf_fixed_bytes(), &[32, 30, 26]);
        let mut fixed = Reader::new(body);
        let mut message = Self {
            invoke_id: fixed.u32("InvokeID")?,
            services: Services(fixed.u32("ServicesGranted")?),
            monitor_id: fixed.u32("MonitorID")?,
            pg_status: fixed.u32("PGStatus")?,
            central_controller_time_secs: fixed.u32("ICMCentralControllerTime")?,
            peripheral_online: fixed.u16("PeripheralOnline")? != 0,
            peripheral_type: fixed.u16("PeripheralType")?,
            agent_state: AgentState(fixed.u16("AgentState")?),
            ..Self::default()
        };
        if fixed_bytes >= 30 {
            message.department_id = fixed.u32("DepartmentID")?;
        }
        if fixed_bytes >= 32 {
            message.session_type = fixed.u16("SessionType")?;
        }
        let mut fields = fixed.fields(dialect)?;
        message.agent_extension = fields.take_text(tag::AGENT_EXTENSION);
        message.agent_id = fields.take_text(tag::AGENT_ID);
        message.agent_instrument = fields.take_text(tag::AGENT_INSTRUMENT);
        message.num_peripherals = fields.take_u16(tag::NUM_PERIPHERALS)?;
        message.peripheral_id = fields.take_u32(tag::PERIPHERAL_ID)?;
        message.multiline_agent_control = fields.take_u16(tag::MULTILINE_AGENT_CONTROL)?;
        message.other = fields;
        Ok(message)
    }

    fn encode(&self, out: &mut Writer) {
        let fixed_bytes = out.dialect().open_conf_fixed_bytes();
        out.u32(self.invoke_id);
        out.u32(self.services.0);
        out.u32(self.monitor_id);
        out.u32(self.pg_status);
        out.u32(self.central_controller_time_secs);
        out.u16(self.peripheral_online.into());
        out.u16(self.peripheral_type);
        out.u16(self.agent_state.0);
        if fixed_bytes >= 30 {
            out.u32(self.department_id);
        }
        if fixed_bytes >= 32 {
            out.u16(self.session_type);
        }
        out.text_if_any(tag::AGENT_EXTENSION, self.agent_extension.as_deref());
        out.text_if_any(tag::AGENT_ID, self.agent_id.as_deref());
        out.text_if_any(tag::AGENT_INSTRUMENT, self.agent_instrument.as_deref());
        out.u16_field_if_any(tag::NUM_PERIPHERALS, self.num_peripherals);
        out.u32_field_if_any(tag::PERIPHERAL_ID, self.peripheral_id);
        out.u16_field_if_any(tag::MULTILINE_AGENT_CONTROL, self.multiline_agent_control);
        out.others(&self.other);
    }
}

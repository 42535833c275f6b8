//! SYSTEM_EVENT (31): the state of peripherals, gateways and the server.

use super::Body;
use crate::cursor::{Reader, Writer};
use crate::{DecodeError, Dialect, Fields, SystemEventId, tag};
use bytes::Bytes;

/// SYSTEM_EVENT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemEvent {
    /// PGStatus, a bit mask; 0 when all is well.
    pub pg_status: u32,
    /// ICMCentralControllerTime, seconds since 1970.
    pub central_controller_time_secs: u32,
    /// What happened.
    pub event: SystemEventId,
    /// SystemEventArg1 to SystemEventArg3; the first is the peripheral for peripheral and instrument events.
    pub arguments: [u32; 3],
    /// EventDeviceType; [`SystemEvent::NO_DEVICE`] for none.
    pub device_type: u16,
    /// Text, for SYS_TEXT_FYI.
    pub text: Option<String>,
    /// EventDeviceID, for instrument events.
    pub device_id: Option<String>,
    /// Unknown floating fields.
    pub other: Fields,
}

impl SystemEvent {
    /// EventDeviceType of an event that is not about a device.
    pub const NO_DEVICE: u16 = u16::MAX;
}

impl Body for SystemEvent {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        let pg_status = fixed.u32("PGStatus")?;
        let central_controller_time_secs = fixed.u32("ICMCentralControllerTime")?;
        let event = SystemEventId(fixed.u32("SystemEventID")?);
        let arguments =
            [fixed.u32("SystemEventArg1")?, fixed.u32("SystemEventArg2")?, fixed.u32("SystemEventArg3")?];
        let device_type =
            if dialect.has_event_device() { fixed.u16("EventDeviceType")? } else { Self::NO_DEVICE };
        let mut fields = fixed.fields(dialect)?;
        Ok(Self {
            pg_status,
            central_controller_time_secs,
            event,
            arguments,
            device_type,
            text: fields.take_text(tag::TEXT),
            device_id: fields.take_text(tag::EVENT_DEVICE_ID),
            other: fields,
        })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.pg_status);
        out.u32(self.central_controller_time_secs);
        out.u32(self.event.0);
        self.arguments.iter().for_each(|argument| out.u32(*argument));
        if out.dialect().has_event_device() {
            out.u16(self.device_type);
        }
        out.text_if_any(tag::TEXT, self.text.as_deref());
        out.text_if_any(tag::EVENT_DEVICE_ID, self.device_id.as_deref());
        out.others(&self.other);
    }
}

//! CONTROL_FAILURE_CONF (35): the answer to a refused client-control request.

use super::Body;
use crate::cursor::{Reader, Writer};
use crate::{ControlFailure, DecodeError, Dialect, Fields};
use bytes::Bytes;

/// CONTROL_FAILURE_CONF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlFailureConf {
    /// The refused request.
    pub invoke_id: u32,
    /// Why.
    pub failure: ControlFailure,
    /// The switch's own number, 0 if none.
    pub peripheral_error: u32,
    /// Unknown floating fields.
    pub other: Fields,
}

impl ControlFailureConf {
    /// Without a number of the switch.
    pub fn new(invoke_id: u32, failure: ControlFailure) -> Self {
        Self { invoke_id, failure, peripheral_error: 0, other: Fields::NONE }
    }
}

impl Body for ControlFailureConf {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        Ok(Self {
            invoke_id: fixed.u32("InvokeID")?,
            failure: ControlFailure(fixed.u16("FailureCode")?),
            peripheral_error: fixed.u32("PeripheralErrorCode")?,
            other: fixed.fields(dialect)?,
        })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.u16(self.failure.0);
        out.u32(self.peripheral_error);
        out.others(&self.other);
    }
}

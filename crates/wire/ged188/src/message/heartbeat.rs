//! HEARTBEAT_REQ (5), sent by the client only, and HEARTBEAT_CONF (6), which the server owes at once.

use super::Body;
use crate::cursor::{Reader, Writer};
use crate::{DecodeError, Dialect, Fields};
use bytes::Bytes;

/// HEARTBEAT_REQ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeartbeatReq {
    /// Returns in the confirmation.
    pub invoke_id: u32,
    /// Unknown floating fields.
    pub other: Fields,
}

impl HeartbeatReq {
    /// The message without floating fields.
    pub fn new(invoke_id: u32) -> Self {
        Self { invoke_id, other: Fields::NONE }
    }
}

impl Body for HeartbeatReq {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        Ok(Self { invoke_id: fixed.u32("InvokeID")?, other: fixed.fields(dialect)? })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.others(&self.other);
    }
}

/// HEARTBEAT_CONF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeartbeatConf {
    /// The confirmed request.
    pub invoke_id: u32,
    /// Unknown floating fields.
    pub other: Fields,
}

impl HeartbeatConf {
    /// The message without floating fields.
    pub fn new(invoke_id: u32) -> Self {
        Self { invoke_id, other: Fields::NONE }
    }
}

impl Body for HeartbeatConf {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        Ok(Self { invoke_id: fixed.u32("InvokeID")?, other: fixed.fields(dialect)? })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.others(&self.other);
    }
}

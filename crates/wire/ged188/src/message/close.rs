//! CLOSE_REQ (7), sent by the client only, and CLOSE_CONF (8).

use super::Body;
use crate::cursor::{Reader, Writer};
use crate::{DecodeError, Dialect, Fields, Status};
use bytes::Bytes;

/// CLOSE_REQ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseReq {
    /// Returns in the confirmation.
    pub invoke_id: u32,
    /// [`Status::NO_ERROR`] for a normal close.
    pub status: Status,
    /// Unknown floating fields.
    pub other: Fields,
}

impl CloseReq {
    /// The message without floating fields.
    pub fn new(invoke_id: u32, status: Status) -> Self {
        Self { invoke_id, status, other: Fields::NONE }
    }
}

impl Body for CloseReq {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        Ok(Self {
            invoke_id: fixed.u32("InvokeID")?,
            status: Status(fixed.u32("Status")?),
            other: fixed.fields(dialect)?,
        })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.u32(self.status.0);
        out.others(&self.other);
    }
}

/// CLOSE_CONF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseConf {
    /// The confirmed request.
    pub invoke_id: u32,
    /// Unknown floating fields.
    pub other: Fields,
}

impl CloseConf {
    /// The message without floating fields.
    pub fn new(invoke_id: u32) -> Self {
        Self { invoke_id, other: Fields::NONE }
    }
}

impl Body for CloseConf {
    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        Ok(Self { invoke_id: fixed.u32("InvokeID")?, other: fixed.fields(dialect)? })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        out.others(&self.other);
    }
}

//! FAILURE_CONF (1), the answer to a refused request. It is the one message with two forms, so it is written out.

use super::Body;
use super::declare::fixed;
use crate::cursor::{Reader, Writer};
use crate::layout::Layout;
use crate::{ControlFailure, DecodeError, Dialect, Fields, Status};
use bytes::Bytes;
use std::fmt;

/// FAILURE_CONF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureConf {
    /// The refused request.
    pub invoke_id: u32,
    /// Why.
    pub status: FailureStatus,
    /// Unknown floating fields (UCCX appends a text).
    pub other: Fields,
}

/// The two printed forms of FAILURE_CONF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureStatus {
    /// Status UINT, a body of 8 bytes; what guides up to version 23 and every known implementation say.
    Status(Status),
    /// FailureCode USHORT and PeripheralErrorCode UINT, a body of 10 bytes; printed for versions 24 and 25.
    Control {
        /// FailureCode.
        failure: ControlFailure,
        /// PeripheralErrorCode.
        peripheral_error: u32,
    },
}

impl fmt::Display for FailureStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Control { failure, peripheral_error } => {
                write!(f, "failure {failure}, peripheral error {peripheral_error}")
            }
        }
    }
}

/// Only this length tells the second form apart: no floating field fits into two bytes behind the first.
const CONTROL_FORM_BYTES: usize = 10;

/// The layout of a body in the second form.
pub(super) fn control_form(body: &Bytes) -> Option<&'static Layout> {
    const FORM: &Layout = &Layout {
        sources: "D24 D25; low",
        fixed: &[
            fixed::<u32>("InvokeID", 0),
            fixed::<ControlFailure>("FailureCode", 0),
            fixed::<u32>("PeripheralErrorCode", 0),
        ],
        ..*FailureConf::LAYOUT
    };
    (body.len() == CONTROL_FORM_BYTES).then_some(FORM)
}

impl FailureConf {
    /// The usual form.
    pub fn new(invoke_id: u32, status: Status) -> Self {
        Self { invoke_id, status: FailureStatus::Status(status), other: Fields::NONE }
    }
}

impl Body for FailureConf {
    const LAYOUT: &'static Layout = &Layout {
        kind: 1,
        name: "FAILURE_CONF",
        sources: "D9 D15 D17 D23 CCX SH-S SH-H; high",
        fixed: &[fixed::<u32>("InvokeID", 0), fixed::<Status>("Status", 0)],
        floating: &[],
        lists: &[],
    };

    fn decode(body: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fixed = Reader::new(body);
        let invoke_id = fixed.u32("InvokeID")?;
        let status = if body.len() == CONTROL_FORM_BYTES {
            FailureStatus::Control {
                failure: ControlFailure(fixed.u16("FailureCode")?),
                peripheral_error: fixed.u32("PeripheralErrorCode")?,
            }
        } else {
            FailureStatus::Status(Status(fixed.u32("Status")?))
        };
        Ok(Self { invoke_id, status, other: fixed.fields(dialect)? })
    }

    fn encode(&self, out: &mut Writer) {
        out.u32(self.invoke_id);
        match self.status {
            FailureStatus::Status(status) => out.u32(status.0),
            FailureStatus::Control { failure, peripheral_error } => {
                out.u16(failure.0);
                out.u32(peripheral_error);
            }
        }
        out.others(&self.other);
    }
}

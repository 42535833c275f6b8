//! What a session gives its owner to do or to know.

use crate::message::{FailureStatus, OpenConf};
use crate::{ControlFailure, DecodeError, EncodeError, FrameError, Message, Status};
use bytes::Bytes;
use std::time::Duration;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// CONTROL_FAILURE_CONF.
    Control {
        /// Why.
        failure: ControlFailure,
        /// The switch's own number, 0 if none.
        peripheral_error: u32,
    },
    /// FAILURE_CONF.
    Status(Status),
    /// No answer in time.
    TimedOut,
    /// The session ended before the answer.
    Ended,
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// We closed it and the server confirmed (or it had not opened yet).
    #[error("closed by us")]
    Closed,
    /// We closed it and the server did not confirm in time.
    #[error("closed by us, CLOSE_CONF did not come in time")]
    CloseUnanswered,
    /// The server refused OPEN_REQ.
    #[error("the server refused OPEN_REQ with {0}")]
    Refused(FailureStatus),
    /// The server answered OPEN_REQ in the manner of another version.
    #[error("the server answered as version {answered} does, {asked} was asked for")]
    AnsweredAs {
        /// The last version that has such an OPEN_CONF.
        answered: u32,
        /// The version of OPEN_REQ.
        asked: u32,
    },
    /// The server answered OPEN_REQ with something that no version has.
    #[error("the answer to OPEN_REQ cannot be read: {0}")]
    OpenConf(DecodeError),
    /// The server did not answer OPEN_REQ.
    #[error("OPEN_CONF did not come within {} s", .0.as_secs_f32())]
    OpenTimedOut(Duration),
    /// Heartbeats stayed unconfirmed.
    #[error("{0} heartbeats unconfirmed")]
    HeartbeatsMissed(u32),
    /// The server answered a heartbeat with a failure: it is off-line.
    #[error("the server answered a heartbeat with {0}")]
    HeartbeatRefused(FailureStatus),
    /// FAILURE_EVENT.
    #[error("the server sent FAILURE_EVENT with status {0}")]
    FailureEvent(Status),
    /// The stream cannot be read any further.
    #[error(transparent)]
    Framing(#[from] FrameError),
    /// The connection is gone.
    #[error("the connection is gone{}", if *.inside_message { ", in the middle of a message" } else { "" })]
    ConnectionLost {
        /// Whether a message was cut off.
        inside_message: bool,
    },
    /// OPEN_REQ cannot be written: our configuration is wrong.
    #[error("OPEN_REQ cannot be written: {0}")]
    OpenReq(EncodeError),
}

impl Reason {
    /// Whether the connection should be reset rather than closed (GED-188: after a refusal, a missing answer,
    /// missed heartbeats).
    pub fn wants_reset(&self) -> bool {
        !matches!(self, Self::Closed | Self::FailureEvent(_) | Self::ConnectionLost { .. })
    }
}

/// What the owner has to do or to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output<T> {
    /// Write these bytes.
    Send(Bytes),
    /// The session is open.
    Opened(OpenConf),
    /// A message that answers nothing: an event, or a message of an unknown type.
    Received(Message),
    /// A request was confirmed, by this message.
    Confirmed {
        /// The request.
        tag: T,
        /// Its confirmation.
        message: Message,
    },
    /// A request failed.
    Failed {
        /// The request.
        tag: T,
        /// Why.
        failure: Failure,
    },
    /// The server confirmed a heartbeat.
    HeartbeatConfirmed,
    /// A heartbeat was due while an earlier one is unconfirmed.
    HeartbeatMissed {
        /// How many are unconfirmed.
        unanswered: u32,
    },
    /// A message of a known type with a broken body; skipped.
    Malformed {
        /// MessageType.
        kind: u32,
        /// What is wrong.
        why: DecodeError,
    },
    /// The answer to a request that timed out before; it changes nothing any more.
    Late {
        /// MessageType.
        kind: u32,
        /// The request's InvokeID.
        invoke_id: u32,
    },
    /// A message that has no place here, for example a confirmation that nobody asked for; skipped.
    Unexpected {
        /// MessageType.
        kind: u32,
    },
    /// The session is over; nothing follows.
    Ended(Reason),
}

/// What a session has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Messages received.
    pub frames_in: u64,
    /// Messages sent.
    pub frames_out: u64,
    /// Messages of an unknown type.
    pub unknown_types: u64,
    /// Floating fields that their message does not know.
    pub unknown_fields: u64,
    /// Messages of a known type with a broken body.
    pub malformed: u64,
    /// Answers that came after their request had timed out.
    pub late: u64,
    /// Messages without a place in the session.
    pub unexpected: u64,
    /// Heartbeats that were unconfirmed when the next was due.
    pub heartbeats_missed: u64,
}

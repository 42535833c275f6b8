//! What can be wrong with bytes: with the peer's (framing, decoding) and with ours (encoding).

use crate::{message, tag};

/// The peer's stream cannot be cut into messages any further; the connection is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A header announces more than the limit. Nothing of that size was allocated.
    #[error("the peer announces a message of {announced_bytes} bytes, the longest allowed is {max_bytes}")]
    TooLong {
        /// Announced length, the header included.
        announced_bytes: u64,
        /// The limit, the header included.
        max_bytes: usize,
    },
}

/// The peer's fault: a message whose body is not what its type says. The frame around it is intact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}, byte {at} of the body: {fault}", message::describe(*.kind))]
pub struct DecodeError {
    /// MessageType.
    pub kind: u32,
    /// Where in the body the field begins that is wrong; a printed layout counts the same way.
    pub at: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

impl DecodeError {
    /// A fault found by a reader that does not know which message it reads.
    pub(crate) fn new(at: usize, fault: Fault) -> Self {
        Self { kind: 0, at, fault }
    }

    /// The same in a message of a type.
    pub(crate) fn within(self, kind: u32) -> Self {
        Self { kind, ..self }
    }
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The fixed part ends too early.
    #[error("the body ends in {name}: {wanted_bytes} bytes expected, {left_bytes} left")]
    Truncated {
        /// The field that is cut.
        name: &'static str,
        /// Its size.
        wanted_bytes: usize,
        /// What is there of it.
        left_bytes: usize,
    },
    /// The head of a floating field ends too early.
    #[error("the body ends in the head of a floating field: {head_bytes} bytes expected, {left_bytes} left")]
    FieldHeadTruncated {
        /// Size of a head in this version.
        head_bytes: usize,
        /// What is there of it.
        left_bytes: usize,
    },
    /// A floating field announces more than the message holds.
    #[error("field {} announces {announced_bytes} bytes, {left_bytes} left", tag::describe(*.tag))]
    FieldOverrun {
        /// The field.
        tag: u16,
        /// Its announced length.
        announced_bytes: usize,
        /// What is left of the message.
        left_bytes: usize,
    },
    /// A numeric floating field of the wrong size.
    #[error("field {} has {bytes} bytes, {expected_bytes} expected", tag::describe(*.tag))]
    FieldWidth {
        /// The field.
        tag: u16,
        /// Its length.
        bytes: usize,
        /// The length of its type, or of one member of its array.
        expected_bytes: usize,
    },
    /// More floating fields than [`crate::limits::FIELDS_MAX`].
    #[error("more than {max} floating fields")]
    TooManyFields {
        /// The limit.
        max: usize,
    },
}

/// Our own fault: a value that the wire format cannot carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A floating field is longer than its length can say.
    #[error("field {} of {bytes} bytes, the version allows {max_bytes}", tag::describe(*.tag))]
    FieldTooLong {
        /// The field.
        tag: u16,
        /// Its length.
        bytes: usize,
        /// What the length's width can say.
        max_bytes: usize,
    },
    /// A tag above 255 in a version with tags of one byte.
    #[error("field {} does not exist in versions with tags of one byte", tag::describe(*.tag))]
    TagTooLarge {
        /// The field.
        tag: u16,
    },
    /// A text with a NUL inside: the peer would read only what is before it.
    #[error("field {} holds a NUL", tag::describe(*.tag))]
    NulInText {
        /// The field.
        tag: u16,
    },
    /// The message is longer than [`crate::limits::MESSAGE_BYTES_MAX`].
    #[error("a message of {bytes} bytes, the longest allowed is {max_bytes}")]
    MessageTooLong {
        /// Its length, the header included.
        bytes: usize,
        /// The limit.
        max_bytes: usize,
    },
}

//! What a protocol version changes on the wire.

/// How many bytes a floating field's tag or length takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// UCHAR.
    One,
    /// USHORT.
    Two,
}

impl Width {
    /// The size in bytes.
    pub const fn bytes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The largest number of this width.
    pub const fn max(self) -> usize {
        match self {
            Self::One => u8::MAX as usize,
            Self::Two => u16::MAX as usize,
        }
    }
}

/// The protocol version of a session and the shape of its floating fields. The two widths are separate since
/// UCCX is documented with long tags and short lengths from its version 18 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// OPEN_REQ.VersionNumber.
    pub version: u32,
    /// Width of a floating field's tag.
    pub tag_width: Width,
    /// Width of a floating field's length.
    pub length_width: Width,
    /// Whether the fixed part of CLEAR_CONNECTION_REQ, as it is written, ends in RequestingDeviceIDType. The guides
    /// print it so since version 14; two implementations of other hands do not know it. What is read is decided by
    /// length.
    pub requester_in_fixed_part: bool,
}

impl Dialect {
    /// Unified CCE: one byte each up to version 19, two bytes each from 20 on. OPEN_REQ itself is already
    /// written in the version it asks for.
    pub const fn cce(version: u32) -> Self {
        let width = if version >= 20 { Width::Two } else { Width::One };
        Self { version, tag_width: width, length_width: width, requester_in_fixed_part: true }
    }

    /// Unified CCX: one byte each up to its version 17; from 18 on its guide prints tags of two bytes and lengths of
    /// one. Nothing public shows such bytes.
    pub const fn uccx(version: u32) -> Self {
        let tag_width = if version >= 18 { Width::Two } else { Width::One };
        Self { tag_width, length_width: Width::One, ..Self::cce(version) }
    }

    /// Whether a message's fixed part has a field that came with a version (0 for one that was always there).
    pub(crate) const fn has(self, kind: u32, since: u32) -> bool {
        self.version >= since && (kind != CLEAR_CONNECTION_REQ || since == 0 || self.requester_in_fixed_part)
    }
}

/// The message that `requester_in_fixed_part` is about.
const CLEAR_CONNECTION_REQ: u32 = 46;

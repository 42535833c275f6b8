//! What a client asks of a session.

use crate::DecodeError;
use crate::cursor::{Reader, Writer};
use crate::layout::Kind;
use crate::value::Fixed;
use std::fmt;
use std::ops::BitOr;

/// ServicesRequested of OPEN_REQ and ServicesGranted of OPEN_CONF, a bit mask.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Services(pub u32);

impl Services {
    /// Events of one agent or device.
    pub const CLIENT_EVENTS: Self = Self(0x0000_0001);
    /// Changing call data.
    pub const CALL_DATA_UPDATE: Self = Self(0x0000_0002);
    /// Controlling agents and calls.
    pub const CLIENT_CONTROL: Self = Self(0x0000_0004);
    /// Call monitoring.
    pub const CONNECTION_MONITOR: Self = Self(0x0000_0008);
    /// Events of every agent and call.
    pub const ALL_EVENTS: Self = Self(0x0000_0010);
    /// Device monitoring.
    pub const PERIPHERAL_MONITOR: Self = Self(0x0000_0020);
    /// Monitoring of other sessions.
    pub const CLIENT_MONITOR: Self = Self(0x0000_0040);
    /// Supervisor messages.
    pub const SUPERVISOR: Self = Self(0x0000_0080);
    /// Being a server for other clients.
    pub const SERVER: Self = Self(0x0000_0100);
    /// The client knows standby servers (version 24 on).
    pub const ACTIVE_STANDBY: Self = Self(0x0200_0000);

    /// Whether every bit of `other` is set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits that both have.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Services {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0)
    }
}

impl Fixed for Services {
    const KIND: Kind = Kind::U32;

    fn read(from: &mut Reader<'_>, name: &'static str) -> Result<Self, DecodeError> {
        from.u32(name).map(Self)
    }

    fn write(&self, out: &mut Writer) {
        out.u32(self.0);
    }
}

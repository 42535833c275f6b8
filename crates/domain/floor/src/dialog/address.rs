//! Whom a call is between: devices and connections.

use std::fmt;
use std::sync::Arc;

/// A number or other address of a device: an extension, a customer's telephone number, a route point. It is
/// personal, so `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// The address as it is spelled; empty when nobody told.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nobody told.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

/// A device as an event names it (`…DeviceType` and `…DeviceID` of GED-188).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What kind of thing it is.
    pub kind: DeviceKind,
    /// Its number. Empty when the event names none.
    pub address: Address,
}

/// DeviceIDType, as far as it makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceKind {
    /// DEVID_NONE: the event names no device.
    #[default]
    None,
    /// DEVID_DEVICE_IDENTIFIER, DEVID_AGENT_DEVICE, DEVID_IP_PHONE_MAC_IDENTIFIER, DEVID_SHARED_DEVICE_IDENTIFIER: a
    /// telephone of the house.
    Station,
    /// DEVID_EXTERNAL, trunks and trunk groups: somebody outside.
    External,
    /// DEVID_ROUTE_POINT, DEVID_CTI_PORT: a machine that passes calls on.
    RoutePoint,
    /// DEVID_QUEUE.
    Queue,
    /// DEVID_NON_ACD_DEVICE_IDENTIFIER: a line that takes no routed calls.
    NonAcd,
    /// A number that we do not know.
    Other(u16),
}

/// A call: ConnectionCallID, unique while the call lives. It is also the dialog's id for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One end of a call: ConnectionCallID, ConnectionDeviceIDType and ConnectionDeviceID. Requests name it exactly as
/// the event did that told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The call.
    pub call: CallId,
    /// Whether the device id is made for this call (CONNECTION_ID_DYNAMIC) rather than the device's own
    /// (CONNECTION_ID_STATIC).
    pub dynamic: bool,
    /// ConnectionDeviceID. Often, but not always, the number of the device.
    pub device: Address,
}

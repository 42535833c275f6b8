//! Kinds of connection ids.

use super::numbers;

numbers! {
    /// How long a connection's device id means the same: the `…ConnectionDeviceIDType` fields.
    pub struct ConnectionIdType(pub u16) default 0 {
        STATIC = 0, "CONNECTION_ID_STATIC";
        DYNAMIC = 1, "CONNECTION_ID_DYNAMIC";
        NONE = 0xFFFF, "CONNECTION_ID_NONE";
    }
}

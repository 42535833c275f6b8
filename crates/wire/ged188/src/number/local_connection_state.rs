//! The state of a connection.

use super::numbers;

numbers! {
    /// State of a party in a call: LocalConnectionState, CallState and CallDeviceConnectionState.
    pub struct LocalConnectionState(pub u16) default 0xFFFF {
        NULL = 0, "LCS_NULL";
        INITIATE = 1, "LCS_INITIATE";
        ALERTING = 2, "LCS_ALERTING";
        CONNECT = 3, "LCS_CONNECT";
        HOLD = 4, "LCS_HOLD";
        QUEUED = 5, "LCS_QUEUED";
        FAIL = 6, "LCS_FAIL";
        NONE = 0xFFFF, "LCS_NONE";
    }
}

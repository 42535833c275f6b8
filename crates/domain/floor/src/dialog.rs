//! Dialogs: calls as clients see them.

mod address;
mod call_type;
mod data;
mod event;
mod order;

pub use address::{Address, CallId, Connection, Device, DeviceKind};
pub use call_type::CallType;
pub use data::{CallData, EccVariable, RouterCallKey};
pub use event::{
    CallEvent, CallHappened, CallSnapshot, Cause, ConnectionState, DeviceCall, MonitorStatus, Operator,
    QueueRef, SnapshotParty,
};
pub use order::{CallOrder, CallRequest, Supervision};

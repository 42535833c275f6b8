//! Dialogs: calls as clients see them.

mod actions;
mod address;
mod call;
mod call_type;
mod catch_up;
mod check;
mod data;
mod ended;
mod event;
mod follow;
mod merge;
mod order;
mod orders;
mod prepare;
mod request;
mod settle;
mod stray;
mod variables;
mod view;

pub use address::{Address, CallId, Connection, Device, DeviceKind};
pub use call_type::CallType;
pub(crate) use catch_up::Snapshots;
pub use data::{CallData, EccVariable, RouterCallKey};
pub use event::{
    CallEvent, CallHappened, CallSnapshot, Cause, ConnectionState, DeviceCall, MonitorStatus, Operator,
    QueueRef, SnapshotParty,
};
pub use order::{CallOrder, CallRequest, Supervision};
pub use request::{Act, DialogRefusal, DialogRequest, DialogWish};
pub(crate) use settle::Dialogs;
pub(crate) use stray::Stray;
pub use view::{
    CallVariable, Dialog, DialogAction, DialogState, MediaProperties, Participant, ParticipantState,
    ScheduledCallback, StateCause, WRAP_UP_SEPARATOR,
};

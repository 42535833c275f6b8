//! The contact-centre floor: who is signed in, in which state, since when and why.
//!
//! [`Floor`] is a core without I/O or clocks, with one owner. Four kinds of method:
//!
//! * getters;
//! * `handle_*(now, …)` for what comes in: the CTI link, presence, time;
//! * commands: [`Floor::request`], what a person asks for;
//! * `poll_output` and `poll_timeout` for what goes out. After each mutation the owner drains
//!   `poll_output` and takes the next deadline from `poll_timeout`.

mod agent;
mod change;
mod dialog;
mod error;
mod floor;
mod id;
mod input;
pub mod limits;
mod password;
mod place;
mod policy;
mod queue;
mod reason;
mod request;
mod roster;
mod state;
mod system;
mod team;

pub use agent::{Agent, Reason};
pub use change::{Change, DialogEvent, Note, Output, Told};
pub use dialog::{
    Act, Address, CallData, CallEvent, CallHappened, CallId, CallOrder, CallRequest, CallSnapshot, CallType,
    CallVariable, Cause, Connection, ConnectionState, Device, DeviceCall, DeviceKind, Dialog, DialogAction,
    DialogRefusal, DialogRequest, DialogState, DialogWish, EccVariable, MediaProperties, MonitorStatus,
    Operator, Participant, ParticipantState, QueueRef, RouterCallKey, ScheduledCallback, SnapshotParty,
    StateCause, Supervision, WRAP_UP_SEPARATOR,
};
pub use error::RequestError;
pub use floor::Floor;
pub use id::{AgentId, ReasonCodeId, TeamId, Token};
pub use input::{AgentStateReport, CtiCommand, CtiFailure, CtiInput, Now, SetAgentState};
pub use password::AgentPassword;
pub use place::{MobileAgent, MobileMode, Place, PlaceReport, Terminal};
pub use policy::{Deployment, DropParticipant, EccDefinition, Policy};
pub use queue::{Queue, QueueCounts, QueueId, QueueProfile, QueueReport, QueueStatistics};
pub use reason::{ReasonCategory, ReasonCode, Reasons, WrapUpReason, cce_system_reason_codes};
pub use request::{Action, Refusal, Request, SignIn};
pub use roster::{Profile, Roles, Roster, Settings, WrapUp};
pub use state::State;
pub use system::{Cti, Heartbeat, Status, System};
pub use team::Team;

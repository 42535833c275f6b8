//! Task routing: chats, mails and other work that is not calls (Finesse guide, Task Routing APIs).
//!
//! A *media routing domain* is a kind of work. Agents sign in to each by itself, beside their telephone, and tasks are
//! offered to those who are ready: first come, first served, to whoever has waited longest for one.
//!
//! [`TaskRouting`] is a core without I/O or clocks, with one owner. Four kinds of method:
//!
//! * getters;
//! * `handle_*(now, …)` for what comes in: calls, presence, time;
//! * commands: what agents ask for, and tasks that come and are withdrawn;
//! * `poll_output` and `poll_timeout` for what goes out. After each mutation the owner drains `poll_output` and takes
//!   the next deadline from `poll_timeout`.
//!
//! What must outlive the process comes out as [`Keep`], and [`TaskRouting::restore`] begins with it again.

mod core;
mod domain;
mod fault;
pub mod limits;
mod offer;
mod output;
mod presence;
mod record;
mod request;
mod restore;
mod seat;
mod task;
mod variables;
mod work;

pub use crate::core::{Policy, TaskRouting};
pub use domain::{Domain, DomainId};
pub use fault::{Fault, Refusal};
pub use output::{Change, Note, Output, TaskEvent};
pub use record::{HeldRecord, Keep, ReasonRecord, SeatRecord, TaskRecord};
pub use request::{MediaRequest, NewTask, TaskRequest, Wish};
pub use seat::{InterruptAction, LogoutAction, Media, MediaState, Seat, Terms};
pub use task::{Disposition, TaskAction, TaskDialog, TaskId, TaskState};
pub use variables::Variable;

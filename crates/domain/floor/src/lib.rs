//! The contact-centre floor: who is signed in, in which state, since when and why.
//!
//! [`Floor`] is a core without I/O or clocks, with one owner. Four kinds of method:
//!
//! * getters;
//! * `handle_*(now, …)` for what comes in: the CTI link, presence, time;
//! * commands: [`Floor::request`], what a person asks for;
//! * `poll_output` and `poll_timeout` for what goes out. After each mutation the owner drains
//!   `poll_output` and takes the next deadline from `poll_timeout`.

mod id;
mod input;
mod state;

pub use id::{AgentId, ReasonCodeId, TeamId, Token};
pub use input::{AgentStateReport, CtiCommand, CtiFailure, CtiInput, Now, SetAgentState};
pub use state::State;

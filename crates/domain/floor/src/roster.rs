//! Who works here: what the floor is told at the start and the CTI server does not say.

use crate::{AgentId, ReasonCode, Team, TeamId};

/// Everybody and everything that has a name.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Teams.
    pub teams: Vec<Team>,
    /// Agents and supervisors. Of two with the same id the later one counts.
    pub agents: Vec<Profile>,
    /// Reason codes that are known from the start; others come by [`crate::Floor::set_reasons`].
    pub reason_codes: Vec<ReasonCode>,
}

/// What is known about an agent whether signed in or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// loginId.
    pub id: AgentId,
    /// loginName: the other name an agent may sign in with and be asked for by. Case does not matter.
    pub login_name: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// The team the agent works in.
    pub team: TeamId,
    /// What the agent may do.
    pub roles: Roles,
    /// The teams the agent supervises; empty unless a supervisor.
    pub supervises: Vec<TeamId>,
    /// Wrap-up settings.
    pub settings: Settings,
    /// Seconds of wrap-up after a call, when configured.
    pub wrap_up_timer_secs: Option<u32>,
}

/// Roles on the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Takes calls.
    pub agent: bool,
    /// Watches over teams.
    pub supervisor: bool,
}

/// Settings of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// After an incoming call.
    pub wrap_up_on_incoming: WrapUp,
    /// After an outgoing call; releases before 11.5 do not know it.
    pub wrap_up_on_outgoing: Option<WrapUp>,
}

/// Whether an agent wraps up after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapUp {
    /// Always.
    Required,
    /// Always, and a wrap-up reason must be chosen.
    RequiredWithData,
    /// When the agent asks for it.
    Optional,
    /// Never.
    NotAllowed,
}

impl WrapUp {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::RequiredWithData => "REQUIRED_WITH_WRAP_UP_DATA",
            Self::Optional => "OPTIONAL",
            Self::NotAllowed => "NOT_ALLOWED",
        }
    }
}

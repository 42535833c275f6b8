//! What people may do with calls.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Calls {
    /// Who may drop another participant of a call.
    pub(crate) drop_participant: DropParticipant,
    /// How many may be in a conference; 0: only the phone system knows.
    pub(crate) conference_parties_max: usize,
    /// Whether agents wrap up after a call that came in.
    pub(crate) wrap_up_incoming: WrapUp,
    /// Whether agents wrap up after a call that went out.
    pub(crate) wrap_up_outgoing: WrapUp,
    /// How long the phone system lets them; 0: it is not known.
    pub(crate) wrap_up_timer_secs: u32,
    /// Whether agents may sign in as mobile agents, at a telephone outside.
    pub(crate) mobile_agents: bool,
}

/// As [`floor::WrapUp`].
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WrapUp {
    Required,
    RequiredWithData,
    #[default]
    Optional,
    NotAllowed,
}

impl From<WrapUp> for floor::WrapUp {
    fn from(wrap_up: WrapUp) -> Self {
        match wrap_up {
            WrapUp::Required => Self::Required,
            WrapUp::RequiredWithData => Self::RequiredWithData,
            WrapUp::Optional => Self::Optional,
            WrapUp::NotAllowed => Self::NotAllowed,
        }
    }
}

/// The names are those of the original's `enableDropParticipantFor`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DropParticipant {
    #[default]
    SupervisorOnly,
    ConferenceControllerAndSupervisor,
    All,
}

impl From<DropParticipant> for floor::DropParticipant {
    fn from(who: DropParticipant) -> Self {
        match who {
            DropParticipant::SupervisorOnly => Self::SupervisorOnly,
            DropParticipant::ConferenceControllerAndSupervisor => Self::ConferenceControllerAndSupervisor,
            DropParticipant::All => Self::All,
        }
    }
}

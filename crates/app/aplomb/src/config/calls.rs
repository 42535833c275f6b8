//! What people may do with calls.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Calls {
    /// Who may drop another participant of a call.
    pub(crate) drop_participant: DropParticipant,
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

//! Reason codes: why an agent is not ready or signed out.

use crate::{Agent, Floor, ReasonCodeId, State, TeamId};

/// A reason code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonCode {
    /// Its name for clients.
    pub id: ReasonCodeId,
    /// The state it explains.
    pub category: ReasonCategory,
    /// The number that the CTI server and the reports know.
    pub code: u16,
    /// Words for people, at most 40 characters.
    pub label: String,
    /// For every team; otherwise for [`ReasonCode::teams`].
    pub for_all: bool,
    /// The teams it is for, when not for all.
    pub teams: Vec<TeamId>,
    /// Given by the system, never chosen by a person.
    pub system_code: bool,
}

/// The state a reason code explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonCategory {
    /// Not ready.
    NotReady,
    /// Signed out.
    Logout,
}

impl ReasonCategory {
    /// The category of codes that explain the state, if any do.
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::NotReady => Some(Self::NotReady),
            State::Logout => Some(Self::Logout),
            _ => None,
        }
    }

    /// The name in REST bodies and query strings.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotReady => "NOT_READY",
            Self::Logout => "LOGOUT",
        }
    }

    /// The category with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::NotReady, Self::Logout].into_iter().find(|category| category.name() == name)
    }
}

/// LOGOUT: the desktop's presence was lost.
pub(crate) const CONNECTION_FAILURE: u16 = 255;

/// LOGOUT and NOT_READY: a supervisor did it.
pub(crate) const SUPERVISOR_INITIATED: u16 = 999;

/// The codes that CCE and the web service give by themselves (12.6 administration guide, Manage Reasons).
/// Code 50045 is left out: it informs CCE only and never appears in an event.
const CCE_SYSTEM: [(u16, ReasonCategory, &str); 24] = {
    use ReasonCategory::{Logout, NotReady};
    [
        (CONNECTION_FAILURE, Logout, "Logged Out - Connection Failure"),
        (SUPERVISOR_INITIATED, Logout, "Logged Out - Supervisor Initiated"),
        (20002, Logout, "Logged Out - Force Logout"),
        (50001, Logout, "Logged Out - System Disconnect"),
        (50002, Logout, "Logged Out - System Failure"),
        (50003, Logout, "Logged Out - Device Error"),
        (50004, Logout, "Logged Out - Inactivity Timeout"),
        (50020, Logout, "Logged Out - Queue Change"),
        (50030, Logout, "Logged Out - Device Conflict"),
        (50040, Logout, "Logged Out - Mobile Agent Call Fail"),
        (50042, Logout, "Logged Out - Mobile Agent Disconnect"),
        (SUPERVISOR_INITIATED, NotReady, "Not Ready - Supervisor Initiated"),
        (20001, NotReady, "Not Ready - Starting Force Logout"),
        (20003, NotReady, "Not Ready - Agent Logout Request"),
        (32762, NotReady, "Not Ready - Offhook"),
        (32767, NotReady, "Not Ready - Call Not Answered"),
        (50002, NotReady, "Not Ready - Connection Failure"),
        (50005, NotReady, "Not Ready - Non ACD Busy"),
        (50006, NotReady, "Not Ready - Offhook"),
        (50010, NotReady, "Not Ready - Call Overlap"),
        (50041, NotReady, "Not Ready - Mobile Call Not Answered"),
        (65533, NotReady, "Not Ready - Extension Modified"),
        (65534, NotReady, "Not Ready - System Reset"),
        (65535, NotReady, "Not Ready - System Reinitialized"),
    ]
};

/// The system's reason codes on CCE, for every team, with ids from `first` on.
pub fn cce_system_reason_codes(first: ReasonCodeId) -> Vec<ReasonCode> {
    (first.0..)
        .zip(CCE_SYSTEM)
        .map(|(id, (code, category, label))| ReasonCode {
            id: ReasonCodeId(id),
            category,
            code,
            label: label.to_owned(),
            for_all: true,
            teams: Vec::new(),
            system_code: true,
        })
        .collect()
}

impl Floor {
    /// The reason codes of a category that concern an agent, those of the system included, in the order of
    /// the roster.
    pub fn reason_codes<'a>(
        &'a self,
        agent: &'a Agent,
        category: ReasonCategory,
    ) -> impl Iterator<Item = &'a ReasonCode> {
        self.reasons
            .iter()
            .map(AsRef::as_ref)
            .filter(move |reason| reason.category == category && reason.concerns(agent.profile.team))
    }

    /// The reason code with this id, if it concerns the agent.
    pub fn reason_code(&self, agent: &Agent, id: ReasonCodeId) -> Option<&ReasonCode> {
        let reason = self.reasons.iter().find(|reason| reason.id == id)?;
        reason.concerns(agent.profile.team).then_some(reason)
    }
}

impl ReasonCode {
    fn concerns(&self, team: TeamId) -> bool {
        self.for_all || self.teams.contains(&team)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_codes_have_ids_of_their_own_and_labels_that_fit() {
        let codes = cce_system_reason_codes(ReasonCodeId(100));
        for (index, reason) in codes.iter().enumerate() {
            assert_eq!(reason.id.0 as usize, 100 + index);
            assert!(reason.label.chars().count() <= 40, "{}", reason.label);
            assert!(reason.system_code && reason.for_all);
        }
        let pairs: std::collections::BTreeSet<_> = codes.iter().map(|r| (r.category, r.code)).collect();
        assert_eq!(pairs.len(), codes.len(), "a code and its category name one reason");
    }

    #[test]
    fn a_category_is_read_by_its_exact_name() {
        assert_eq!(ReasonCategory::parse("LOGOUT"), Some(ReasonCategory::Logout));
        assert_eq!(ReasonCategory::parse("logout"), None);
        assert_eq!(ReasonCategory::parse("READY"), None);
    }
}

//! Reason codes: why an agent is not ready or signed out.

use crate::{Agent, Deployment, Floor, ReasonCodeId, State, TeamId, WRAP_UP_SEPARATOR};
use std::sync::Arc;

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

/// What a call was about, as agents may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrapUpReason {
    /// Words for people: what is sent and shown.
    pub label: String,
    /// For every team; otherwise for [`WrapUpReason::teams`].
    pub for_all: bool,
    /// The teams it is for, when not for all.
    pub teams: Vec<TeamId>,
}

/// Every reason that agents may give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Reason codes, the system's own included (see [`cce_system_reason_codes`]).
    pub codes: Vec<ReasonCode>,
    /// Wrap-up reasons.
    pub wrap_up: Vec<WrapUpReason>,
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
const SUPERVISOR_INITIATED: u16 = 999;

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

/// The codes that CCX gives by itself (CCX 12.5 administration guide).
const CCX_SYSTEM: [(u16, ReasonCategory, &str); 23] = {
    use ReasonCategory::{Logout, NotReady};
    [
        (22, Logout, "Logged Out - Supervisor Initiated"),
        (CONNECTION_FAILURE, Logout, "Logged Out - Connection Failure"),
        (32741, Logout, "Logged Out - Extension Conflict"),
        (32764, Logout, "Logged Out - System Standby"),
        (32765, Logout, "Logged Out - System Disconnect"),
        (32767, Logout, "Logged Out - Device Conflict"),
        (33, NotReady, "Not Ready - Supervisor Initiated"),
        (32742, NotReady, "Not Ready - Non ACD Offhook"),
        (32749, NotReady, "Not Ready - Call Cancel"),
        (32750, NotReady, "Not Ready - Extension Modified"),
        (32751, NotReady, "Not Ready - Skip Preview Call"),
        (32752, NotReady, "Not Ready - Cancel Reservation Preview Call"),
        (32753, NotReady, "Not Ready - Restricted Line"),
        (32754, NotReady, "Not Ready - Restricted Device"),
        (32755, NotReady, "Not Ready - Call Ended"),
        (32756, NotReady, "Not Ready - Phone Working"),
        (32757, NotReady, "Not Ready - CUCM Failover"),
        (32758, NotReady, "Not Ready - Wrap Up Timer Expiry"),
        (32759, NotReady, "Not Ready - Phone Failure"),
        (32760, NotReady, "Not Ready - Log On"),
        (32761, NotReady, "Not Ready - Non ACD Busy"),
        (32762, NotReady, "Not Ready - Offhook"),
        (32763, NotReady, "Not Ready - Call Not Answered"),
    ]
};

impl Deployment {
    /// The system's reason codes, for every team, with ids from `first` on.
    pub fn system_reason_codes(self, first: ReasonCodeId) -> Vec<ReasonCode> {
        match self {
            Self::Ucce => cce_system_reason_codes(first),
            Self::Uccx => listed(first, CCX_SYSTEM),
        }
    }

    /// The code that a supervisor's order has.
    pub(crate) fn supervisor_initiated(self, category: ReasonCategory) -> u16 {
        match (self, category) {
            (Self::Ucce, _) => SUPERVISOR_INITIATED,
            (Self::Uccx, ReasonCategory::Logout) => 22,
            (Self::Uccx, ReasonCategory::NotReady) => 33,
        }
    }
}

/// The system's reason codes on CCE, for every team, with ids from `first` on.
pub fn cce_system_reason_codes(first: ReasonCodeId) -> Vec<ReasonCode> {
    listed(first, CCE_SYSTEM)
}

fn listed<const N: usize>(first: ReasonCodeId, codes: [(u16, ReasonCategory, &str); N]) -> Vec<ReasonCode> {
    (first.0..)
        .zip(codes)
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
    /// Other reasons instead of those of before. An agent keeps the one that was given.
    pub fn set_reasons(&mut self, reasons: Reasons) {
        self.reasons = reasons.codes.into_iter().map(Arc::new).collect();
        self.wrap_up_reasons = reasons.wrap_up;
    }

    /// Whether an agent may say this of a call: a reason, or several with [`WRAP_UP_SEPARATOR`] between them. Where
    /// nobody has made wrap-up reasons for the agent's team, any text.
    pub(crate) fn may_wrap_up_with(&self, agent: &Agent, text: &str) -> bool {
        let team = agent.profile.team;
        let is_own = |reason: &&WrapUpReason| reason.for_all || reason.teams.contains(&team);
        let mut own = self.wrap_up_reasons.iter().filter(is_own).peekable();
        if text.is_empty() || own.peek().is_none() {
            return true;
        }
        let own: Vec<&str> = own.map(|reason| reason.label.as_str()).collect();
        own.contains(&text) || text.split(WRAP_UP_SEPARATOR).all(|item| own.contains(&item.trim()))
    }

    /// The reason codes of a category that concern an agent, those of the system included, in the order of
    /// the roster.
    pub fn reason_codes<'a>(
        &'a self,
        agent: &'a Agent,
        category: ReasonCategory,
    ) -> impl Iterator<Item = &'a ReasonCode> {
        let team = agent.profile.team;
        self.reason_codes_of(team).filter(move |reason| reason.category == category)
    }

    /// The reason codes that concern a team, those of the system included.
    pub fn reason_codes_of(&self, team: TeamId) -> impl Iterator<Item = &ReasonCode> {
        self.reasons.iter().map(AsRef::as_ref).filter(move |reason| reason.concerns(team))
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
        check(&Deployment::Ucce.system_reason_codes(ReasonCodeId(100)), 40);
        // One label of CCX is longer than what an operator may give.
        check(&Deployment::Uccx.system_reason_codes(ReasonCodeId(100)), 43);
    }

    fn check(codes: &[ReasonCode], label_chars_max: usize) {
        for (index, reason) in codes.iter().enumerate() {
            assert_eq!(reason.id.0 as usize, 100 + index);
            assert!(reason.label.chars().count() <= label_chars_max, "{}", reason.label);
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

//! Why an agent is not ready or leaves, and what a call was about.

use crate::limits::{
    CCX_CODE_MAX, GLOBAL_REASON_CODES_MAX, GLOBAL_WRAP_UP_REASONS_MAX, REASON_LABEL_BYTES_MAX,
    TEAM_REASON_CODES_MAX, TEAM_WRAP_UP_REASONS_MAX, WRAP_UP_LABEL_BYTES_MAX,
};
use crate::{Configuration, Deployment, Fault, Group, Object, Record, text};
use serde::{Deserialize, Serialize};

/// What a reason is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReasonCategory {
    /// Going not ready.
    #[default]
    NotReady,
    /// Signing out.
    Logout,
}

/// Why an agent is not ready, or leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonCode {
    /// What it is for.
    pub category: ReasonCategory,
    /// The number that reports show; one of its category has it.
    pub code: u16,
    /// What agents read; one of its category has it.
    pub label: String,
    /// For every team, not only those it is assigned to.
    pub for_all: bool,
}

impl Record for ReasonCode {
    const KIND: &'static str = "ReasonCode";
    const COUNT_MAX: u32 = 2 * (GLOBAL_REASON_CODES_MAX + TEAM_REASON_CODES_MAX) as u32;

    fn keys(&self) -> Vec<String> {
        let category = self.category;
        vec![
            format!("code {} in category {category:?}", self.code),
            format!("label {:?} in category {category:?}", self.label.to_lowercase()),
        ]
    }
}

impl Object for ReasonCode {
    fn group(&self) -> Option<Group> {
        let (name, count_max) = match (self.category, self.for_all) {
            (ReasonCategory::NotReady, true) => ("global Not Ready reason codes", GLOBAL_REASON_CODES_MAX),
            (ReasonCategory::NotReady, false) => ("team Not Ready reason codes", TEAM_REASON_CODES_MAX),
            (ReasonCategory::Logout, true) => ("global Sign Out reason codes", GLOBAL_REASON_CODES_MAX),
            (ReasonCategory::Logout, false) => ("team Sign Out reason codes", TEAM_REASON_CODES_MAX),
        };
        Some(Group { name, count_max })
    }

    fn check(&self, deployment: Deployment) -> Result<(), Fault> {
        let code_max = if deployment == Deployment::Ccx { CCX_CODE_MAX } else { u16::MAX };
        if !(1..=code_max).contains(&self.code) {
            return Err(Fault::invalid("code", format!("is not from 1 to {code_max}")));
        }
        text::needed("label", &self.label, REASON_LABEL_BYTES_MAX)
    }

    fn check_change(&self, id: u32, new: &Self, all: &Configuration) -> Result<(), Fault> {
        if new.category != self.category {
            return Err(Fault::invalid("category", "cannot be changed"));
        }
        match new.for_all && !self.for_all {
            true => all.check_unassigned::<Self>(id),
            false => Ok(()),
        }
    }

    fn shelf(all: &Configuration) -> &crate::Shelf<Self> {
        &all.reason_codes
    }

    fn shelf_mut(all: &mut Configuration) -> &mut crate::Shelf<Self> {
        &mut all.reason_codes
    }
}

/// Another label for one of the system's reason codes: their codes and categories stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemReasonLabel {
    /// The reason code's id.
    pub reason: u32,
    /// What agents read.
    pub label: String,
}

impl Record for SystemReasonLabel {
    const KIND: &'static str = "SystemReasonLabel";
    // more than there are system codes
    const COUNT_MAX: u32 = 200;

    fn keys(&self) -> Vec<String> {
        vec![format!("reason {}", self.reason)]
    }
}

impl Object for SystemReasonLabel {
    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("label", &self.label, REASON_LABEL_BYTES_MAX)
    }

    fn shelf(all: &Configuration) -> &crate::Shelf<Self> {
        &all.system_reason_labels
    }

    fn shelf_mut(all: &mut Configuration) -> &mut crate::Shelf<Self> {
        &mut all.system_reason_labels
    }
}

/// What a call was about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WrapUpReason {
    /// What agents read; no other has it.
    pub label: String,
    /// For every team, not only those it is assigned to.
    pub for_all: bool,
}

impl Record for WrapUpReason {
    const KIND: &'static str = "WrapUpReason";
    const COUNT_MAX: u32 = (GLOBAL_WRAP_UP_REASONS_MAX + TEAM_WRAP_UP_REASONS_MAX) as u32;

    fn keys(&self) -> Vec<String> {
        vec![format!("label {:?}", self.label.to_lowercase())]
    }
}

impl Object for WrapUpReason {
    fn group(&self) -> Option<Group> {
        Some(match self.for_all {
            true => Group { name: "global wrap-up reasons", count_max: GLOBAL_WRAP_UP_REASONS_MAX },
            false => Group { name: "team wrap-up reasons", count_max: TEAM_WRAP_UP_REASONS_MAX },
        })
    }

    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("label", &self.label, WRAP_UP_LABEL_BYTES_MAX)
    }

    fn check_change(&self, id: u32, new: &Self, all: &Configuration) -> Result<(), Fault> {
        match new.for_all && !self.for_all {
            true => all.check_unassigned::<Self>(id),
            false => Ok(()),
        }
    }

    fn shelf(all: &Configuration) -> &crate::Shelf<Self> {
        &all.wrap_up_reasons
    }

    fn shelf_mut(all: &mut Configuration) -> &mut crate::Shelf<Self> {
        &mut all.wrap_up_reasons
    }
}

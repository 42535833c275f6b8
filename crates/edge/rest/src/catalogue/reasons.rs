//! The reasons that the floor must know: it refuses those that an agent may not give.

use super::Catalogue;
use configuration::{Configuration, Deployment, ReasonCategory, ReasonCode, WrapUpReason};
use floor::{ReasonCodeId, Reasons, TeamId};

/// Ids of the system's reason codes begin here, above those that are ever made.
pub(crate) const FIRST_SYSTEM_REASON: u32 = 100_000;

impl Catalogue {
    /// Every reason there is, the system's own included.
    pub fn reasons(&self) -> Reasons {
        self.read(|all| Reasons { codes: codes(all), wrap_up: wrap_up(all) })
    }
}

/// Whether the system gives this code by itself.
pub(crate) fn is_system_reason(id: u32) -> bool {
    id >= FIRST_SYSTEM_REASON
}

/// Every reason code, the system's own last and under the labels that administrators gave them.
pub(crate) fn codes(all: &Configuration) -> Vec<floor::ReasonCode> {
    let own = all.all::<ReasonCode>().iter().map(|code| floor::ReasonCode {
        id: ReasonCodeId(code.id),
        category: category(code.value.category),
        code: code.value.code,
        label: code.value.label.clone(),
        for_all: code.value.for_all,
        teams: all.teams_with::<ReasonCode>(code.id).map(TeamId).collect(),
        system_code: false,
    });
    let deployment = match all.deployment() {
        Deployment::Cce => floor::Deployment::Ucce,
        Deployment::Ccx => floor::Deployment::Uccx,
    };
    let system = deployment.system_reason_codes(ReasonCodeId(FIRST_SYSTEM_REASON)).into_iter();
    let system = system.map(|code| match all.system_reason_label(code.id.0) {
        Some(label) => floor::ReasonCode { label: label.to_owned(), ..code },
        None => code,
    });
    own.chain(system).collect()
}

fn wrap_up(all: &Configuration) -> Vec<floor::WrapUpReason> {
    let reasons = all.all::<WrapUpReason>().iter();
    let reason = |reason: &std::sync::Arc<configuration::Stored<WrapUpReason>>| floor::WrapUpReason {
        label: reason.value.label.clone(),
        for_all: reason.value.for_all,
        teams: all.teams_with::<WrapUpReason>(reason.id).map(TeamId).collect(),
    };
    reasons.map(reason).collect()
}

/// The same word in the floor's vocabulary.
pub(crate) fn category(category: ReasonCategory) -> floor::ReasonCategory {
    match category {
        ReasonCategory::NotReady => floor::ReasonCategory::NotReady,
        ReasonCategory::Logout => floor::ReasonCategory::Logout,
    }
}

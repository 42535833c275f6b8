//! What teams have.

use crate::limits::{ASSIGNED_MAX, TEAM_WORKFLOWS_MAX};
use crate::{
    Configuration, DesktopLayout, LayoutType, MediaPropertiesLayout, Object, PhoneBook, PhoneBookType,
    ReasonCategory, ReasonCode, Stored, Workflow, WrapUpReason,
};
use std::sync::Arc;

/// A kind that teams have.
pub trait Assignable: Object {
    /// How many of it one team may have beside those for all.
    const ASSIGNED_MAX: usize = ASSIGNED_MAX;

    /// Whether every team has it.
    fn is_for_all(&self) -> bool;
}

impl Assignable for ReasonCode {
    fn is_for_all(&self) -> bool {
        self.for_all
    }
}

impl Assignable for WrapUpReason {
    fn is_for_all(&self) -> bool {
        self.for_all
    }
}

impl Assignable for PhoneBook {
    fn is_for_all(&self) -> bool {
        self.kind == PhoneBookType::Global
    }
}

impl Assignable for Workflow {
    const ASSIGNED_MAX: usize = TEAM_WORKFLOWS_MAX;

    fn is_for_all(&self) -> bool {
        false
    }
}

impl Configuration {
    /// What was assigned to a team, in the administrator's order.
    pub fn assigned<T: Assignable>(&self, team: u32) -> impl Iterator<Item = &Arc<Stored<T>>> {
        let ids = self.assignments.get(&(T::KIND, team)).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| T::shelf(self).get(*id))
    }

    /// The teams that an object is assigned to.
    pub fn teams_with<T: Assignable>(&self, id: u32) -> impl Iterator<Item = u32> {
        let of_kind = self.assignments.iter().filter(|((kind, _), _)| *kind == T::KIND);
        of_kind.filter(move |(_, ids)| ids.contains(&id)).map(|((_, team), _)| *team)
    }

    /// What the members of a team have: what is for all, then what was assigned to the team.
    pub fn of_team<T: Assignable>(&self, team: u32) -> impl Iterator<Item = &Arc<Stored<T>>> {
        let for_all = T::shelf(self).iter().filter(|object| object.value.is_for_all());
        for_all.chain(self.assigned(team))
    }

    /// What a team is left with when codes of one category are assigned anew: those and, as they are, the others.
    pub fn with_reason_codes(&self, team: u32, category: ReasonCategory, ids: Vec<u32>) -> Vec<u32> {
        let others = self.assigned::<ReasonCode>(team).filter(|code| code.value.category != category);
        others.map(|code| code.id).chain(ids).collect()
    }

    /// A team's own desktop layout, or with `None` the default one.
    pub fn desktop_layout(&self, team: Option<u32>) -> Option<&Arc<Stored<DesktopLayout>>> {
        self.desktop_layouts.iter().find(|layout| layout.value.team == team)
    }

    /// The layout of calls that name none.
    pub fn default_media_layout(&self) -> Option<&Arc<Stored<MediaPropertiesLayout>>> {
        self.media_layouts.iter().find(|layout| layout.value.kind == LayoutType::Default)
    }

    /// Another label of one of the system's reason codes.
    pub fn system_reason_label(&self, reason: u32) -> Option<&str> {
        let found = self.system_reason_labels.iter().find(|label| label.value.reason == reason);
        found.map(|label| label.value.label.as_str())
    }
}

//! All of it.

use crate::{
    Assignable, ChatConfig, ClusterConfig, Contact, Deployment, DesktopLayout, EnterpriseDatabaseConfig,
    Fault, MediaPropertiesLayout, Object, PhoneBook, ReasonCode, Record, Shelf, Stored, SystemConfig,
    SystemReasonLabel, Workflow, WorkflowAction, WrapUpReason,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All configuration objects and what is assigned to teams, as they are durable.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    pub(crate) deployment: Deployment,
    pub(crate) reason_codes: Shelf<ReasonCode>,
    pub(crate) system_reason_labels: Shelf<SystemReasonLabel>,
    pub(crate) wrap_up_reasons: Shelf<WrapUpReason>,
    pub(crate) phone_books: Shelf<PhoneBook>,
    pub(crate) contacts: Shelf<Contact>,
    pub(crate) workflows: Shelf<Workflow>,
    pub(crate) workflow_actions: Shelf<WorkflowAction>,
    pub(crate) media_layouts: Shelf<MediaPropertiesLayout>,
    pub(crate) desktop_layouts: Shelf<DesktopLayout>,
    pub(crate) chat: Shelf<ChatConfig>,
    pub(crate) system: Shelf<SystemConfig>,
    pub(crate) cluster: Shelf<ClusterConfig>,
    pub(crate) enterprise_database: Shelf<EnterpriseDatabaseConfig>,
    /// What teams have beside what is for all, by kind and team, in the administrator's order.
    pub(crate) assignments: BTreeMap<(&'static str, u32), Vec<u32>>,
}

impl Configuration {
    /// Nothing, under the rules of a deployment.
    pub fn new(deployment: Deployment) -> Self {
        Self { deployment, ..Self::default() }
    }

    /// Which phone system's rules hold.
    pub fn deployment(&self) -> Deployment {
        self.deployment
    }

    /// All objects of a kind.
    pub fn all<T: Object>(&self) -> &Shelf<T> {
        T::shelf(self)
    }

    /// An object, or that there is none.
    pub fn found<T: Object>(&self, id: u32) -> Result<&Arc<Stored<T>>, Fault> {
        T::shelf(self).get(id).ok_or(Fault::NotFound { kind: T::KIND, id })
    }

    /// The object of a kind of which there is one.
    pub fn the<T: Object>(&self) -> Option<&Arc<Stored<T>>> {
        T::shelf(self).iter().next()
    }

    /// Whether an object may be made.
    pub fn check_new<T: Object>(&self, value: &T) -> Result<(), Fault> {
        self.check_all_new(std::slice::from_ref(value), None)
    }

    /// Whether objects may be made together, instead of those that are part of `instead_in` if given.
    pub fn check_all_new<T: Object>(&self, values: &[T], instead_in: Option<u32>) -> Result<(), Fault> {
        for value in values {
            value.check(self.deployment)?;
            self.check_unique(None, value)?;
            value.check_references(self)?;
            self.check_group(value, None)?;
        }
        let shelf = T::shelf(self);
        let leaving = instead_in.map_or(0, |parent| shelf.parts_count(parent));
        exceeds(shelf.len() - leaving + values.len(), T::COUNT_MAX, T::KIND.to_owned())?;
        let Some(parent) = values.first().and_then(Record::parent) else { return Ok(()) };
        let together = values.len() + if leaving > 0 { 0 } else { shelf.parts_count(parent) };
        let what = format!("{} in one {}", T::KIND, T::PARENT.unwrap_or_default());
        exceeds(together, T::COUNT_IN_PARENT_MAX, what)
    }

    /// Whether an object may become this.
    pub fn check_change<T: Object>(&self, id: u32, value: &T) -> Result<(), Fault> {
        let before = self.found::<T>(id)?;
        value.check(self.deployment)?;
        self.check_unique(Some(id), value)?;
        value.check_references(self)?;
        before.value.check_change(id, value, self)?;
        match before.value.group() == value.group() {
            true => Ok(()),
            false => self.check_group(value, Some(id)),
        }
    }

    /// Whether an object may go.
    pub fn check_delete<T: Object>(&self, id: u32) -> Result<(), Fault> {
        self.found::<T>(id)?.value.check_delete(id, self)
    }

    /// Whether these may be assigned to a team.
    pub fn check_assign<T: Assignable>(&self, ids: &[u32]) -> Result<(), Fault> {
        exceeds(ids.len(), T::ASSIGNED_MAX as u32, format!("{} of one team", T::KIND))?;
        for (position, id) in ids.iter().enumerate() {
            let found = self.found::<T>(*id)?;
            if found.value.is_for_all() {
                return Err(Fault::invalid("uri", format!("names {} {id}, which every team has", T::KIND)));
            }
            if ids[..position].contains(id) {
                return Err(Fault::invalid("uri", format!("names {} {id} twice", T::KIND)));
            }
        }
        Ok(())
    }

    /// Whether no team has it.
    pub(crate) fn check_unassigned<T: Assignable>(&self, id: u32) -> Result<(), Fault> {
        let team = self.assignments.iter().find(|((kind, _), ids)| *kind == T::KIND && ids.contains(&id));
        match team {
            None => Ok(()),
            Some(((_, team), _)) => {
                Err(Fault::InUse { what: format!("{} {id}", T::KIND), by: format!("Team {team}") })
            }
        }
    }

    fn check_unique<T: Object>(&self, id: Option<u32>, value: &T) -> Result<(), Fault> {
        let taken = |key: &String| T::shelf(self).with_key(key).is_some_and(|other| Some(other) != id);
        match value.keys().into_iter().find(taken) {
            None => Ok(()),
            Some(key) => Err(Fault::Duplicate { kind: T::KIND, key }),
        }
    }

    fn check_group<T: Object>(&self, value: &T, besides: Option<u32>) -> Result<(), Fault> {
        let Some(group) = value.group() else { return Ok(()) };
        let others = T::shelf(self).iter().filter(|other| Some(other.id) != besides);
        let others = others.filter(|other| other.value.group().as_ref() == Some(&group)).count();
        exceeds(others + 1, group.count_max as u32, group.name.to_owned())
    }

    /// An object is durable.
    pub fn put<T: Object>(&mut self, stored: Stored<T>) {
        T::shelf_mut(self).put(stored);
    }

    /// An object is gone, with what is part of it and its assignments.
    pub fn remove<T: Object>(&mut self, id: u32) {
        T::shelf_mut(self).remove(id);
        if T::KIND == PhoneBook::KIND {
            self.contacts.remove_parts(id);
        }
        for ((kind, _), ids) in &mut self.assignments {
            if *kind == T::KIND {
                ids.retain(|other| *other != id);
            }
        }
    }

    /// What is part of an object is gone.
    pub fn remove_parts<T: Object>(&mut self, parent: u32) {
        T::shelf_mut(self).remove_parts(parent);
    }

    /// A team has these, in this order.
    pub fn assign<T: Assignable>(&mut self, team: u32, ids: Vec<u32>) {
        self.assignments.insert((T::KIND, team), ids);
    }
}

fn exceeds(count: usize, count_max: u32, what: String) -> Result<(), Fault> {
    match count <= count_max as usize {
        true => Ok(()),
        false => Err(Fault::Exceeded { what, count_max: count_max as usize }),
    }
}

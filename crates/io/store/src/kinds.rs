//! The kinds of configuration objects (Finesse guide, configuration APIs). What an older release has written lacks
//! newer fields: they are then as by default.

use crate::objects::Object;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds that are part of objects of this kind.
pub(crate) fn parts_of(kind: &str) -> &'static [&'static str] {
    if kind == PhoneBook::KIND { &[Contact::KIND] } else { &[] }
}

/// What a reason is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl Object for ReasonCode {
    const KIND: &'static str = "ReasonCode";
    // 100 for all and 100 of teams, in each category
    const COUNT_MAX: u32 = 400;

    fn keys(&self) -> Vec<String> {
        let category = self.category;
        vec![
            format!("code {} in category {category:?}", self.code),
            format!("label {:?} in category {category:?}", self.label.to_lowercase()),
        ]
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

impl Object for WrapUpReason {
    const KIND: &'static str = "WrapUpReason";
    const COUNT_MAX: u32 = 1_600;

    fn keys(&self) -> Vec<String> {
        vec![format!("label {:?}", self.label.to_lowercase())]
    }
}

/// Whose a phone book is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PhoneBookType {
    /// Everybody's.
    #[default]
    Global,
    /// Of the teams it is assigned to.
    Team,
}

/// A list of contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneBook {
    /// No other has it.
    pub name: String,
    /// Whose it is.
    pub kind: PhoneBookType,
}

impl Object for PhoneBook {
    const KIND: &'static str = "PhoneBook";
    const COUNT_MAX: u32 = 310;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

/// Somebody to call. Prints without the number.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The phone book's id.
    pub phone_book: u32,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where to call.
    pub phone_number: String,
    /// What for.
    pub description: String,
}

impl Object for Contact {
    const KIND: &'static str = "Contact";
    const COUNT_MAX: u32 = 50_000;
    const PARENT: Option<&'static str> = Some(PhoneBook::KIND);
    const COUNT_IN_PARENT_MAX: u32 = 6_000;

    fn parent(&self) -> Option<u32> {
        Some(self.phone_book)
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("phone_book", &self.phone_book).finish_non_exhaustive()
    }
}

/// A variable that triggers, conditions and actions look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// `SYSTEM` or `CUSTOM`.
    pub kind: String,
    /// Where a custom one is found in the dialog.
    pub node: String,
    /// For trying out an action.
    pub test_value: String,
}

/// A comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// What is compared.
    pub variable: Variable,
    /// How: `IS_EQUAL`, `CONTAINS`, ….
    pub comparator: String,
    /// With what.
    pub value: String,
}

/// What the desktop does by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Workflow {
    /// No other has it.
    pub name: String,
    /// For people.
    pub description: String,
    /// `Voice` or another medium.
    pub media: String,
    /// The kind of the trigger set: `SYSTEM` or `CUSTOM`.
    pub trigger_kind: String,
    /// When it is looked at: `CALL_ARRIVES`, `CALL_ANSWERED`, ….
    pub trigger_name: String,
    /// What makes up a custom trigger.
    pub triggers: Vec<Condition>,
    /// `ALL`, `ANY` or `NONE` of the conditions.
    pub apply_method: String,
    /// When it runs.
    pub conditions: Vec<Condition>,
    /// Ids of its actions, in order.
    pub actions: Vec<u32>,
}

impl Object for Workflow {
    const KIND: &'static str = "Workflow";
    const COUNT_MAX: u32 = 100;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

/// A parameter of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its value, with `${…}` for variables.
    pub value: String,
}

/// One thing that a workflow does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkflowAction {
    /// No other has it.
    pub name: String,
    /// `BROWSER_POP`, `HTTP_REQUEST`, ….
    pub kind: String,
    /// `FINESSE_DESKTOP` or `OTHER`.
    pub handled_by: String,
    /// Parameters.
    pub params: Vec<Param>,
    /// Variables.
    pub variables: Vec<Variable>,
}

impl Object for WorkflowAction {
    const KIND: &'static str = "WorkflowAction";
    const COUNT_MAX: u32 = 100;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

/// One line of call data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayoutEntry {
    /// What agents read.
    pub display_name: String,
    /// Which variable is shown.
    pub media_property: String,
}

/// Which call data the desktop shows, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MediaPropertiesLayout {
    /// No other has it.
    pub name: String,
    /// For people.
    pub description: String,
    /// `DEFAULT` or `CUSTOM`.
    pub kind: String,
    /// The line in the header.
    pub header: Option<LayoutEntry>,
    /// Two columns of lines.
    pub columns: Vec<Vec<LayoutEntry>>,
}

impl Object for MediaPropertiesLayout {
    const KIND: &'static str = "MediaPropertiesLayout";
    const COUNT_MAX: u32 = 201;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

/// A desktop layout: the default one, or a team's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DesktopLayout {
    /// Whose; `None` for everybody's.
    pub team: Option<u32>,
    /// The document.
    pub xml: String,
}

impl Object for DesktopLayout {
    const KIND: &'static str = "LayoutConfig";
    const COUNT_MAX: u32 = crate::limits::TEAMS_MAX + 1;

    fn keys(&self) -> Vec<String> {
        vec![self.team.map_or_else(|| "default".to_owned(), |team| format!("team {team}"))]
    }
}

//! What the desktop does by itself.

use crate::limits::{
    ACTION_NAME_BYTES_MAX, DESCRIPTION_BYTES_MAX, NAME_BYTES_MAX, PARAMS_MAX, VALUE_BYTES_MAX,
    WORKFLOW_NAME_BYTES_MAX, WORKFLOW_PARTS_MAX, WORKFLOWS_MAX,
};
use crate::{Configuration, Deployment, Fault, Object, Record, Shelf, text};
use serde::{Deserialize, Serialize};

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

impl Variable {
    fn check(&self) -> Result<(), Fault> {
        text::needed("name", &self.name, NAME_BYTES_MAX)?;
        text::one_of("type", &self.kind, &["SYSTEM", "CUSTOM"])?;
        text::at_most("node", &self.node, VALUE_BYTES_MAX)?;
        text::at_most("testValue", &self.test_value, VALUE_BYTES_MAX)
    }
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

impl Condition {
    /// How a value may be compared (Finesse guide, Workflow parameters; `IS_IN_LIST` is what triggers use).
    const COMPARATORS: [&'static str; 9] = [
        "CONTAINS",
        "ENDS_WITH",
        "BEGINS_WITH",
        "IS_EQUAL",
        "IS_NOT_EQUAL",
        "IS_EMPTY",
        "IS_NOT_EMPTY",
        "IS_IN_LIST",
        "IS_NOT_IN_LIST",
    ];

    fn check(&self) -> Result<(), Fault> {
        self.variable.check()?;
        text::one_of("comparator", &self.comparator, &Self::COMPARATORS)?;
        text::at_most("value", &self.value, VALUE_BYTES_MAX)
    }
}

/// What the desktop does by itself, and when.
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
    /// `ALL` or `ANY` of the conditions.
    pub apply_method: String,
    /// When it runs.
    pub conditions: Vec<Condition>,
    /// Ids of its actions, in order.
    pub actions: Vec<u32>,
}

impl Record for Workflow {
    const KIND: &'static str = "Workflow";
    const COUNT_MAX: u32 = WORKFLOWS_MAX as u32;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

impl Object for Workflow {
    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("name", &self.name, WORKFLOW_NAME_BYTES_MAX)?;
        text::at_most("description", &self.description, DESCRIPTION_BYTES_MAX)?;
        text::at_most("media", &self.media, NAME_BYTES_MAX)?;
        text::one_of("TriggerSet", &self.trigger_kind, &["SYSTEM", "CUSTOM"])?;
        text::needed("TriggerSet", &self.trigger_name, NAME_BYTES_MAX)?;
        text::count("triggers", self.triggers.len(), WORKFLOW_PARTS_MAX)?;
        self.triggers.iter().try_for_each(Condition::check)?;
        if !self.conditions.is_empty() || !self.apply_method.is_empty() {
            text::one_of("applyMethod", &self.apply_method, &["ALL", "ANY"])?;
        }
        text::count("conditions", self.conditions.len(), WORKFLOW_PARTS_MAX)?;
        self.conditions.iter().try_for_each(Condition::check)?;
        text::count("workflowActions", self.actions.len(), WORKFLOW_PARTS_MAX)
    }

    fn check_references(&self, all: &Configuration) -> Result<(), Fault> {
        self.actions.iter().try_for_each(|id| all.found::<WorkflowAction>(*id).map(drop))
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.workflows
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.workflows
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

impl Record for WorkflowAction {
    const KIND: &'static str = "WorkflowAction";
    const COUNT_MAX: u32 = WORKFLOWS_MAX as u32;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

impl Object for WorkflowAction {
    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("name", &self.name, ACTION_NAME_BYTES_MAX)?;
        // later releases have more types than these: any word is taken
        text::needed("type", &self.kind, NAME_BYTES_MAX)?;
        text::one_of("handledBy", &self.handled_by, &["FINESSE_DESKTOP", "OTHER"])?;
        text::count("params", self.params.len(), PARAMS_MAX)?;
        for param in &self.params {
            text::needed("name", &param.name, NAME_BYTES_MAX)?;
            if param.value.len() > VALUE_BYTES_MAX {
                return Err(Fault::invalid("value", format!("is longer than {VALUE_BYTES_MAX} bytes")));
            }
        }
        text::count("actionVariables", self.variables.len(), WORKFLOW_PARTS_MAX)?;
        self.variables.iter().try_for_each(Variable::check)
    }

    fn check_delete(&self, id: u32, all: &Configuration) -> Result<(), Fault> {
        let user = all.workflows.iter().find(|workflow| workflow.value.actions.contains(&id));
        match user {
            None => Ok(()),
            Some(user) => Err(Fault::InUse {
                what: format!("WorkflowAction {id}"),
                by: format!("Workflow {}", user.id),
            }),
        }
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.workflow_actions
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.workflow_actions
    }
}
